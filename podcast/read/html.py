# SPDX-License-Identifier: GPL-3.0-or-later
"""HTML -> Article.

trafilatura finds the article among menus, share bars and cookie notices and gives it as a small tree of head, p,
quote, list, code, table and graphic elements, with title, author, date, language and address as the page declares them.
"""

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from copy import deepcopy
from typing import Any
from urllib.parse import urljoin

from podcast.errors import ReadError
from podcast.model import Article, Block, Link
from podcast.read import declared
from podcast.read.byline import byline
from podcast.read.common import BROKEN, fold, is_named, lines_of, links_in
from podcast.read.densest import densest
from podcast.read.finish import SPOKEN, finish, without_furniture
from podcast.read.markup import blocks as blocks_of
from podcast.read.markup import shallow, tidy
from podcast.read.mediawiki import unwiki
from podcast.read.page import prepare
from podcast.read.source import Source
from podcast.text import web

HEAD = 3
"""Blocks among which the title may stand again, and who wrote the article."""
MISSED = 0.6
"""Of the densest part of a page: with less than that, most of the article was missed."""

STARTS = re.compile(r"\s*⁅(\d+)⁆\s*")
"""Before the first item of a list that does not begin with 1."""


def accepts(source: Source) -> bool:
    """Know HTML by name or media type, or by how it begins."""
    known = source.suffix in {".html", ".htm", ".xhtml"} or source.kind in {"text/html", "application/xhtml+xml"}
    return known or bool(
        re.match(
            r"(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body|article)\b",
            source.head,
            re.IGNORECASE,
        )
    )


def read(source: Source) -> Sequence[Article]:
    """Return the one article of a page.

    Raises ReadError if no article is found in it.
    """
    from trafilatura.utils import load_html

    page = load_html(shallow(source.text() if source.encoding else source.data))
    if page is None:
        raise ReadError(f"{source.name}: no article found in the page", hint=_instead(page, source.url))
    told = [*unwiki(page), *prepare(page)]
    tidy(page, page=True)
    links: list[Link] = []
    found, every = _found(page, source.url, links)
    blocks, remarks = without_furniture(every)
    remarks = [*told, *remarks]
    if not any(block.kind in SPOKEN for block in blocks):
        raise ReadError(f"{source.name}: no article found in the page", hint=_instead(page, source.url))
    title = source.title or declared.title(page, fold(found.title or ""))
    if blocks and blocks[0].kind == "heading" and (blocks[0].level == 1 or blocks[0].text == title):
        is_named = source.title or any(block.text == title for block in blocks[:HEAD])
        first = blocks.pop(0)
        title = title if is_named else first.text
    language = declared.language(page)
    blocks, author, published = _signed(blocks, title, source.language or language)
    return (
        finish(
            source,
            title,
            blocks,
            links=links,
            remarks=remarks,
            declared=language,
            author=declared.author(page, found.author or "") or author,
            published=declared.published(page, found.date) or published,
            url=web(found.url or "") or source.url,
            image=web(found.image or ""),
            summary=fold(found.description or ""),
        ),
    )


def _found(page: Any, url: str, links: list[Link]) -> tuple[Any, list[Block]]:
    """Return what is known of a page, and its article: as trafilatura finds it, unless it misses most of the text."""
    from trafilatura.metadata import extract_metadata

    whole = deepcopy(page)  # trafilatura takes its tree apart
    _keep_numbers(page)
    found = _extract(page, url)
    theirs: list[Link] = []
    blocks = list(_blocks(found.body, theirs)) if found is not None else []
    box = densest(whole)
    ours: list[Link] = []
    if box is not None:
        tidy(box)
        dense = list(blocks_of(box, ours, url))
        lumped = len(blocks) == 1 and len(dense) > 1  # the last resort of the finder: all words in a row
        if lumped or _length(blocks) < MISSED * _length(dense):
            links += ours
            return found or extract_metadata(whole, url or None), dense
    links += theirs
    stated = [Block("paragraph", text) for text in declared.body(whole)]
    lumped = len(blocks) == 1 and len(stated) > 1 and blocks[0].text == " ".join(block.text for block in stated)
    return found, stated if lumped or _length(blocks) < MISSED * _length(stated) else blocks


def _signed(blocks: Sequence[Block], title: str, language: str) -> tuple[list[Block], str, dt.datetime | None]:
    """Return the blocks without the title said again and without who wrote it and when, and these two."""
    author, published, kept = "", None, []
    for index, block in enumerate(blocks):
        text = block.text
        if title and text.casefold().startswith(title.casefold()):
            text = text[len(title) :].lstrip(" .:|–—-")
        said = byline(text, language, bare=True)
        if index < HEAD and block.kind in {"paragraph", "heading"} and (said or not text):
            author, published = author or (said.author if said else ""), published or (said.published if said else None)
        else:
            kept.append(block)
    return kept, author, published


def _length(blocks: Sequence[Block]) -> int:
    return sum(len(block.text) for block in blocks if block.kind in SPOKEN)


def _extract(page: Any, url: str) -> Any:
    from trafilatura import bare_extraction

    return bare_extraction(
        page,
        url=url or None,
        include_comments=False,
        include_tables=True,
        include_links=True,
        include_images=True,
        favor_recall=True,
        with_metadata=True,
        # a number in the text that looks like a year is no date
        date_extraction_params={"extensive_search": False, "original_date": True},
    )


def _instead(page: Any, url: str) -> str:
    """Return what to do with a page that has no article; the front page of a site may name its feed."""
    feeds = (
        []
        if page is None
        else page.xpath("//link[@rel='alternate'][contains(@type,'rss') or contains(@type,'atom')]/@href")
    )
    if feeds:
        return f"the page names a feed, whose articles can be read: {urljoin(url, str(feeds[0]))}"
    return "save the article's text alone, or as Markdown; a page that is made by scripts: save it in a browser"


def _blocks(parent: Any, links: list[Link], kind: str = "") -> Iterator[Block]:
    for element in parent:
        yield from _element(element, links, kind)
        # a picture in a paragraph is named after it
        yield from (_image(inner) for inner in element.iter("graphic") if inner is not element)


def _element(element: Any, links: list[Link], kind: str) -> Iterator[Block]:
    match element.tag:
        case "head":
            rend = str(element.get("rend") or "")
            yield Block("heading", _words(element, links), int(rend[1]) if re.fullmatch(r"h[1-6]", rend) else 2)
        case "table":
            yield Block("table", " | ".join(_words(cell, links) for cell in element.iter("cell")))
        case "code":
            yield Block("code", "".join(element.itertext()))
        case "graphic":
            yield _image(element)
        case "list":
            yield from _items(element, links)
        case "quote" if element.find("p") is not None:
            yield from _quoted(element, links)
        case tag:
            for text in lines_of(_marked(element, links)):
                yield Block("quote" if "quote" in (tag, kind) else "paragraph", text)


def _keep_numbers(page: Any) -> None:
    """Write the number before the first item of a list that goes on from another: the finder drops attributes."""
    for first in page.iterfind(".//ol[@start]/li[1]"):
        start = first.getparent().get("start").strip()
        if start.isascii() and start.isdigit() and len(start) < 10:
            first.text = f"⁅{start}⁆ {first.text or ''}"


def _items(element: Any, links: list[Link]) -> Iterator[Block]:
    """Give the items of a list, those of a list in an item after it."""
    ordered = element.get("rend") == "ol"
    first = STARTS.match("".join(element.itertext())) if ordered else None
    for number, item in enumerate(element.iterchildren("item"), start=int(first[1]) if first else 1):
        inner = list(item.iter("list"))
        after = [text for nested in inner if (text := nested.tail or "").strip()]
        for nested in inner:
            if nested.getparent() is not None:
                nested.getparent().remove(nested)
        if text := STARTS.sub("", _words(item, links)):
            yield Block("item", text, number if ordered else 0)
        for nested in inner:
            yield from _items(nested, links)
        yield from (Block("item", fold(text)) for text in after)


def _quoted(element: Any, links: list[Link]) -> Iterator[Block]:
    """Give the paragraphs of a quotation, and the words beside them: often those say who is quoted."""
    beside: list[Any] = [element.text or ""]

    def said() -> Iterator[Block]:
        parts = (part if isinstance(part, str) else _words(part, links) for part in beside)
        words = re.sub(r"(?<=[).!?])(?=[^\W\d_])", " ", fold("".join(parts)))  # trafilatura drops a space there
        beside.clear()
        if words:
            yield Block("quote", words)

    for inner in element:
        if inner.tag in {"p", "quote", "list", "code", "table", "head"}:
            yield from said()
            yield from _element(inner, links, "quote")
        else:
            beside.append(inner)
        beside.append(inner.tail or "")
    yield from said()


def _image(element: Any) -> Block:
    """Return a picture by its name; one without a name has no words, and is left out with the furniture."""
    name = fold(element.get("alt") or element.get("title") or "")
    return Block("image", name if is_named(name) else "")


def _words(element: Any, links: list[Link]) -> str:
    return " ".join(lines_of(_marked(element, links)))


def _marked(element: Any, links: list[Link]) -> str:
    """Return the words of an element with its line breaks marked; the addresses of its links go to `links`."""
    for link in element.iter("ref"):
        target = link.get("target") or ""
        if target.startswith(("http://", "https://")):
            links.append(Link(target, fold("".join(link.itertext()))))
    for line in element.iter("lb"):
        line.text = BROKEN
    text = fold("".join(element.itertext()))
    links += links_in(text)
    return text
