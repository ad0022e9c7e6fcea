# SPDX-License-Identifier: GPL-3.0-or-later
"""HTML -> Article.

trafilatura finds the article among menus, share bars and cookie notices. The text that it extracts locates the
article's element, whose blocks are read from the page itself (`select`), as are author, title and date (`metadata`).
"""

import re
from collections.abc import Sequence
from copy import deepcopy
from dataclasses import replace
from itertools import dropwhile
from typing import Any
from urllib.parse import urljoin

from lxml import etree

from podcast.errors import ReadError
from podcast.model import Article, Block, Link
from podcast.read.article import SPOKEN, finish, without_boilerplate
from podcast.read.boilerplate import is_control
from podcast.read.byline import LONGEST as LONGEST_BYLINE
from podcast.read.byline import Byline, byline
from podcast.read.detect_language import language_of
from podcast.read.dom.blocks import LocatedBlock, located_blocks, shallow
from podcast.read.dom.strip import tidy, writable
from podcast.read.html import metadata
from podcast.read.html.backmatter import without_ending
from podcast.read.html.charset import decode_page, real_encoding
from podcast.read.html.clutter import remove_clutter, unhide
from podcast.read.html.density import densest
from podcast.read.html.mediawiki import strip_mediawiki
from podcast.read.html.metadata.author import DATED, author
from podcast.read.html.metadata.json_ld import article_body
from podcast.read.html.metadata.title import title as title_of
from podcast.read.html.preprocess import prepare, separate_kicker
from podcast.read.html.select import extracted, inside, select, without_repeats
from podcast.read.normalize import fold
from podcast.read.plain.email import without_mail_header
from podcast.read.source import Source
from podcast.text import web

HEAD = 3
"""Leading blocks that are searched for a repeated title or a byline; twice as many for a byline with `by`."""
MISSED = 0.6
"""An extraction with less than this share of the densest part of a page missed most of the article."""
REDIRECT = 400
"""Characters of text on a page that only redirects."""

IN_HEAD = frozenset({"base", "link", "meta", "noscript", "script", "style", "template", "title"})

DATES = {"extensive_search": False, "original_date": True}
"""Options for dates: a number in the text that looks like a year is not one."""


def read(source: Source) -> Sequence[Article]:
    """Return the one article of a page.

    Raises ReadError if no article is found in it.
    """
    page = _parse(source)
    _refuse_redirect(page, source)
    known, left_out = _prepare(page)
    about = metadata.without_misleading(known)
    found = _metadata(about, source.url)
    title = source.title or title_of(known, fold(found.title or ""))

    remove_clutter(page)
    every, links = _article_blocks(page, known, source.url, title)
    blocks, remarks = without_boilerplate(every)
    blocks = _without_controls(blocks)
    if not any(block.kind in SPOKEN for block in blocks):
        raise _no_article(page, source)
    blocks, title = _take_title(blocks, title, is_given=bool(source.title))
    language, remark = language_of(_spoken(blocks), metadata.language(known), given=source.language)

    blocks, sender, sent = without_mail_header(blocks, language)
    named = author(about, found.author or "") or sender
    blocks, line = _take_byline(blocks, title, named, language)
    blocks = without_repeats(blocks, title)
    blocks, ended = without_ending(blocks, named or line.author)
    line = _merged([line, Byline("", sent), *_dropped_bylines(every, blocks, language)])
    return (
        finish(
            replace(source, language=language),
            title,
            blocks,
            links=links,
            remarks=[*left_out, *remarks, *ended, remark],
            author=named or line.author,
            published=metadata.published(known, found.date) or line.published,
            url=web(found.url or "") or source.url,
            image=web(found.image or ""),
            summary=fold(found.description or ""),
        ),
    )


def _parse(source: Source) -> Any:
    """Return the root of the page.

    Raises ReadError if there is nothing to parse.
    """
    from trafilatura.utils import load_html

    text = (
        replace(source, encoding=real_encoding(source.encoding)).text() if source.encoding else decode_page(source.data)
    )
    page = load_html(shallow(re.sub(r"^\s*<\?xml[^>]*>", "", text)))
    if page is None:
        raise _no_article(page, source)
    _repair_structure(writable(page))
    return page


def _prepare(page: Any) -> tuple[Any, list[str]]:
    """Prepare a page in place; return a copy that keeps its metadata, and remarks on what is left out."""
    unhide(page)
    separate_kicker(page)
    known = deepcopy(page)
    tidy(known, page=True)
    left_out = [*strip_mediawiki(page), *prepare(page)]
    tidy(page, page=True)
    return known, left_out


def _metadata(about: Any, url: str) -> Any:
    """Return title, author, date and so on as trafilatura finds them; a year in the title is not the date."""
    from trafilatura.metadata import extract_metadata

    found = extract_metadata(deepcopy(about), url or None, DATES)
    untitled = metadata.without_dated_title(about, found.date)
    if untitled is not None:
        found.date = extract_metadata(untitled, url or None, DATES).date
    return found


def _article_blocks(page: Any, known: Any, url: str, title: str) -> tuple[list[Block], list[Link]]:
    """Return the blocks of the article and its links: as extracted, or as in JSON-LD if that has more."""
    picked = _select_blocks(page, known, url, title)
    stated = [Block("paragraph", text) for text in article_body(known)]
    if _size(stated) * MISSED > _length(picked):
        return stated, []
    return [one.block for one in picked], [link for one in picked for link in one.links]


def _select_blocks(page: Any, known: Any, url: str, title: str) -> list[LocatedBlock]:
    """Return the blocks where trafilatura finds the article, or the densest part if that misses most of it."""
    whole = deepcopy(page)  # trafilatura modifies its tree
    found = _extract(page, url)
    tidy(whole)
    every = located_blocks(whole, urljoin(url, next(iter(known.xpath("//base/@href")), "")))
    picked = [] if found is None else select(every, extracted(every, found.body), title)
    is_dense = inside(every, densest(whole))
    dense = select(every, is_dense, title)
    most = _length([one for one, is_one in zip(every, is_dense, strict=True) if is_one])
    # as its last resort, trafilatura returns all text in one paragraph
    is_lump = found is not None and len(found.body) == 1 and len(dense) > 1
    is_short = is_lump and MISSED * _length(picked) < most
    return dense if is_short or _length(picked) < MISSED * most else picked


def _without_controls(blocks: Sequence[Block]) -> list[Block]:
    """Return the blocks without the labels of buttons: `Print`."""
    return [block for block in blocks if block.kind != "paragraph" or not is_control(block.text)]


def _take_title(blocks: Sequence[Block], title: str, *, is_given: bool) -> tuple[list[Block], str]:
    """Return the blocks without the title as their first heading, and the title; without one, that heading is it."""
    first = blocks[0]
    if first.kind != "heading" or (first.level != 1 and first.text != title):
        return list(blocks), title
    is_named = is_given or any(block.text == title for block in blocks[:HEAD])
    return list(blocks[1:]), title if is_named else first.text


def _spoken(blocks: Sequence[Block]) -> str:
    return " ".join(block.text for block in blocks if block.kind in SPOKEN)


def _take_byline(blocks: Sequence[Block], title: str, named: str, language: str) -> tuple[list[Block], Byline]:
    """Return the blocks without a repeated title and without bylines, and the author and date in these."""
    kept, taken = [], []
    for index, block in enumerate(blocks[: 2 * HEAD]):
        if line := _as_byline(block, title, named, language, is_near=index < HEAD):
            taken.append(line)
        else:
            kept.append(block)
    kept += blocks[2 * HEAD :]
    found = _merged(taken)
    if kept and kept[-1].text == (named or found.author):
        kept.pop()
    return kept, found


def _as_byline(block: Block, title: str, named: str, language: str, *, is_near: bool) -> Byline | None:
    """Return the author and date of a block that is nothing else: `A Walk – by Ann Field, 3 May 2021`."""
    if block.kind not in {"paragraph", "heading", "item"}:
        return None
    text = block.text
    if title and text.casefold().startswith(title.casefold()):
        text = text[len(title) :].lstrip(" .:|–—-")
    if line := byline(text, language, bare=is_near):
        return line
    if named and text.startswith(named) and len(text) < LONGEST_BYLINE and DATED.search(text):
        return Byline(named, None)  # the author's job
    return Byline("", None) if is_near and text in {"", named} else None


def _dropped_bylines(every: Sequence[Block], blocks: Sequence[Block], language: str) -> list[Byline]:
    """Return bylines of the first blocks that were left out, such as `By Ann Field | 5 min read`."""
    dropped = (one for one in every[: 2 * HEAD] if one not in blocks)
    return [line for one in dropped if (line := byline(one.text, language, bare=True))]


def _merged(lines: Sequence[Byline]) -> Byline:
    """Return the first author and the first date that bylines name."""
    return Byline(
        next((line.author for line in lines if line.author), ""),
        next((line.published for line in lines if line.published), None),
    )


def _length(found: Sequence[LocatedBlock]) -> int:
    return _size([one.block for one in found])


def _size(blocks: Sequence[Block]) -> int:
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
    )


def _repair_structure(page: Any) -> None:
    """Move elements after the end of a page into it, and begin its body where HTML 5 does.

    That is at the first element that does not belong in the head; libxml2 has this rule only for elements of HTML 4.
    """
    for head in page.xpath("/html/head"):
        body = page.find("body")
        if body is None:
            body = etree.SubElement(page, "body")
        body[:0] = dropwhile(lambda one: not isinstance(one.tag, str) or one.tag in IN_HEAD, list(head))
    for after in list(page.itersiblings()):
        if isinstance(after.tag, str):
            page.append(after)
            after.tag = "div"


def _refuse_redirect(page: Any, source: Source) -> None:
    """Raise ReadError for a page with hardly any text whose meta refresh leads to another."""
    for order in page.xpath("//meta[translate(@http-equiv,'REFSH','refsh')='refresh']/@content"):
        to = re.match(r"(?i)\s*[\d.]*\s*[;,]\s*url\s*=\s*['\"]?([^'\"]+)", order)
        if to and len("".join(page.xpath("//body//text()[not(ancestor::script|ancestor::style)]"))) < REDIRECT:
            target = urljoin(source.url, to[1].strip())
            if target:
                raise ReadError(
                    "the page only redirects to another", file=source.name, hint=f"give that URL instead: {target}"
                )
            return


def _no_article(page: Any, source: Source) -> ReadError:
    """Return the error for a page without an article; the front page of a site may name its feed."""
    path = "//link[@rel='alternate'][contains(@type,'rss') or contains(@type,'atom')]/@href"
    hint = "save the page in a browser and give that file, or copy the text of the article into a .txt or .md file"
    for feed in page.xpath(path)[:1] if page is not None else ():
        hint = f"to narrate the articles of its feed, give the URL of the feed: {urljoin(source.url, str(feed))}"
    return ReadError("no article found in the page", file=source.name, hint=hint)
