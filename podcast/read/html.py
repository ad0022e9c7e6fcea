# SPDX-License-Identifier: GPL-3.0-or-later
"""HTML -> Article.

trafilatura finds the article among menus, share bars and cookie notices. What it comes home with says where the article
is (`chosen`); what stands there our own walk says (`markup`), and who wrote it, and when, the page itself (`declared`).
"""

import datetime as dt
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
from podcast.read import declared
from podcast.read.byline import LONGEST as LINE
from podcast.read.byline import Byline, byline
from podcast.read.charset import decoded, meant
from podcast.read.chosen import chosen, once, told, within
from podcast.read.common import fold
from podcast.read.densest import densest
from podcast.read.ending import without_ending
from podcast.read.finish import SPOKEN, finish, without_furniture
from podcast.read.language import language_of
from podcast.read.letter import without_head
from podcast.read.markup import Traced, shallow, traced
from podcast.read.mediawiki import unwiki
from podcast.read.notices import is_control
from podcast.read.page import part, prepare
from podcast.read.source import Source
from podcast.read.sweep import sweep, unhide
from podcast.read.tidy import tidy, writable
from podcast.text import web

HEAD = 3
"""Blocks among which the title may stand again, and who wrote the article."""
MISSED = 0.6
"""Of the densest part of a page: with less than that, most of the article was missed."""
ONWARD = 400
"""Letters of a page that does no more than lead on."""

IN_HEAD = frozenset({"base", "link", "meta", "noscript", "script", "style", "template", "title"})

DATES = {"extensive_search": False, "original_date": True}
"""How a date is looked for: a number in the text that looks like a year is none."""


def read(source: Source) -> Sequence[Article]:
    """Return the one article of a page.

    Raises ReadError if no article is found in it.
    """
    from trafilatura.metadata import extract_metadata
    from trafilatura.utils import load_html

    text = replace(source, encoding=meant(source.encoding)).text() if source.encoding else decoded(source.data)
    page = load_html(shallow(re.sub(r"^\s*<\?xml[^>]*>", "", text)))
    if page is None:
        raise ReadError(f"{source.name}: no article found in the page", hint=_instead(page, source.url))
    _gather(writable(page))
    if onward := _onward(page, source.url):
        raise ReadError(f"{source.name}: the page only redirects to another", hint=f"give that URL instead: {onward}")
    unhide(page)
    part(page)
    known = deepcopy(page)
    tidy(known, page=True)
    left_out = [*unwiki(page), *prepare(page)]
    tidy(page, page=True)
    about = declared.quiet(known)
    found = extract_metadata(deepcopy(about), source.url or None, DATES)
    if (untitled := declared.untitled(about, found.date)) is not None:
        found.date = extract_metadata(untitled, source.url or None, DATES).date
    title = source.title or declared.title(known, fold(found.title or ""))
    sweep(page)
    links: list[Link] = []
    every = _found(page, known, source.url, title, links)
    blocks, remarks = without_furniture(every)
    remarks = [*left_out, *remarks]
    blocks = [block for block in blocks if block.kind != "paragraph" or not is_control(block.text)]
    if not any(block.kind in SPOKEN for block in blocks):
        raise ReadError(f"{source.name}: no article found in the page", hint=_instead(page, source.url))
    if blocks and blocks[0].kind == "heading" and (blocks[0].level == 1 or blocks[0].text == title):
        is_named = source.title or any(block.text == title for block in blocks[:HEAD])
        first = blocks.pop(0)
        title = title if is_named else first.text
    words = " ".join(block.text for block in blocks if block.kind in SPOKEN)
    language, remark = language_of(words, declared.language(known), given=source.language)
    blocks, sender, sent = without_head(blocks, language)
    named = declared.author(about, found.author or "") or sender
    blocks, author, published = _signed(blocks, title, named, language)
    blocks = once(blocks, title)
    blocks, ended = without_ending(blocks, named or author)
    remarks += ended
    # what stands in one line with the time it takes to read is left out, but says who wrote it
    near = every[: 2 * HEAD]
    lines = [line for one in near if one not in blocks and (line := byline(one.text, language, bare=True))]
    published = published or sent
    author = author or next((line.author for line in lines if line.author), "")
    published = published or next((line.published for line in lines if line.published), None)
    return (
        finish(
            replace(source, language=language),
            title,
            blocks,
            links=links,
            remarks=[*remarks, remark],
            author=named or author,
            published=declared.published(known, found.date) or published,
            url=web(found.url or "") or source.url,
            image=web(found.image or ""),
            summary=fold(found.description or ""),
        ),
    )


def _found(page: Any, known: Any, url: str, title: str, links: list[Link]) -> list[Block]:
    """Return the article of a page: where trafilatura finds it, unless that misses most of the text."""
    whole = deepcopy(page)  # trafilatura takes its tree apart
    found = _extract(page, url)
    tidy(whole)
    every = traced(whole, urljoin(url, next(iter(known.xpath("//base/@href")), "")))
    picked = [] if found is None else chosen(every, told(every, found.body), title)
    box = densest(whole)
    is_dense = within(every, box)
    dense = chosen(every, is_dense, title)
    most = _length([one for one, is_one in zip(every, is_dense, strict=True) if is_one])
    # the last resort of the finder gives all words in a row
    lumped = found is not None and len(found.body) == 1 and len(dense) > 1
    if _length(picked) < MISSED * most or (lumped and MISSED * _length(picked) < most):
        picked = dense
    stated = [Block("paragraph", text) for text in declared.body(known)]
    if _size(stated) * MISSED > _length(picked):
        return stated
    for one in picked:
        links += one.links
    return [one.block for one in picked]


def _signed(
    blocks: Sequence[Block], title: str, named: str, language: str
) -> tuple[list[Block], str, dt.datetime | None]:
    """Return the blocks without the title said again and without who wrote it and when, and these two."""
    author, published, kept = "", None, []
    for index, block in enumerate(blocks[: 2 * HEAD]):
        text = block.text
        if title and text.casefold().startswith(title.casefold()):
            text = text[len(title) :].lstrip(" .:|–—-")
        said = byline(text, language, bare=index < HEAD)
        if named and text.startswith(named) and len(text) < LINE and declared.DATED.search(text):
            said = said or Byline(named, None)  # and what she does for a living
        if block.kind in {"paragraph", "heading", "item"} and (said or (index < HEAD and text in {"", named})):
            author, published = author or (said.author if said else ""), published or (said.published if said else None)
        else:
            kept.append(block)
    kept += blocks[2 * HEAD :]
    if kept and kept[-1].text == (named or author):
        kept.pop()
    return kept, author, published


def _length(found: Sequence[Traced]) -> int:
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


def _gather(page: Any) -> None:
    """Have what stands after the end of a page, beside its root, be in it, and its body where HTML 5 has it begin.

    That is at the first element which is none of a head; libxml2 knows this of the elements of HTML 4 alone.
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


def _onward(page: Any, url: str) -> str:
    """Return where a page without a text of its own sends its readers; empty for any other."""
    for order in page.xpath("//meta[translate(@http-equiv,'REFSH','refsh')='refresh']/@content"):
        to = re.match(r"(?i)\s*[\d.]*\s*[;,]\s*url\s*=\s*['\"]?([^'\"]+)", order)
        if to and len("".join(page.xpath("//body//text()[not(ancestor::script|ancestor::style)]"))) < ONWARD:
            return str(urljoin(url, to[1].strip()))
    return ""


def _instead(page: Any, url: str) -> str:
    """Return what to do with a page that has no article; the front page of a site may name its feed."""
    feeds = (
        []
        if page is None
        else page.xpath("//link[@rel='alternate'][contains(@type,'rss') or contains(@type,'atom')]/@href")
    )
    if feeds:
        return f"to narrate the articles of its feed, give the URL of the feed: {urljoin(url, str(feeds[0]))}"
    return "save the page in a browser and give that file, or copy the text of the article into a .txt or .md file"
