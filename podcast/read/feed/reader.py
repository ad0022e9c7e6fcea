# SPDX-License-Identifier: GPL-3.0-or-later
"""Read an RSS or Atom feed: an Article for each new entry, the oldest first.

An entry contains its article, or only an excerpt. The page of an entry is fetched if its text is short or ends in "…"
or "Read more"; an entry without a title is a short note, and complete. For an entry that cannot be read, the error is
returned in place of an article, so that the others are still read.
"""

import calendar
import datetime as dt
import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from html import unescape
from typing import Any

from podcast.errors import ReadError
from podcast.model import Article, Block, Link
from podcast.read.article import SPOKEN, finish
from podcast.read.boilerplate import is_notice
from podcast.read.dom.blocks import blocks_of_markup
from podcast.read.normalize import EPOCH, fold
from podcast.read.source import Source

EXCERPT_END = re.compile(
    r"""(?ix) (?: \[?(?:…|\.\.\.|&hellip;)\]? | \(\s*(?:suite|more)[^)]*\)
      | (?:read|see|view)\ (?:more|the\ (?:full|rest|whole)\b.{0,40}|on\b.{0,40}) | continue\ reading\b.{0,120}
      | (?:lire|voir)\ (?:la\ suite|plus|l.article)\b.{0,60} | en\ savoir\ plus | seguir\ leyendo | leer\ más
      | continua\ a\ leggere | weiterlesen | mehr\ lesen | ler\ mais | leggi\ tutto ) \W*$"""
)
"""The end of an excerpt."""

ESCAPED = re.compile(r"\s*&lt;(?P<tag>p|div|h[1-6]|section|article|figure|blockquote)\b.*&lt;/(?P=tag)&gt;", re.DOTALL)
"""Markup that was escaped twice."""

MIN_DESCRIPTION = 1_500
"""Characters; a description (mostly used for summaries) of this length is the whole article."""
EARLIEST = dt.datetime.min.replace(tzinfo=dt.UTC)
"""Date for sorting entries without one."""
NO_PAGE = Article("", (), "")
"""Placeholder for the page of an entry that contains its article."""
CHECK = "open the URL in a feed reader to check the feed"
MIN_CONTENT = 400
"""Characters; a content element (content:encoded, atom:content) of this length is the whole article."""

CONTENT_RATIO = 2
"""Content this many times as long as the entry's summary is the whole article, however short."""


def read(source: Source) -> Sequence[Article | ReadError]:
    """Return the articles of the new entries, the oldest first.

    Raises ReadError if the feed has no entries.
    """
    feed = _parse(source)
    entries = sorted(feed.entries, key=lambda entry: _date(entry) or EARLIEST, reverse=True)
    wanted = entries[: source.latest] if source.latest else entries
    _make_ids_unique(wanted)
    new = [entry for entry in wanted if not {_part(entry), str(entry.get("link", ""))} & set(source.known)]
    language = source.language or str(feed.feed.get("language", ""))
    return [_entry(source, entry, language, fold(_plain_text(feed.feed.get("author", "")))) for entry in reversed(new)]


def _parse(source: Source) -> Any:
    """Return feedparser's result, with at least one entry."""
    import feedparser

    headers = {"content-location": source.url} if source.url else None
    try:
        feed: Any = feedparser.parse(source.data, response_headers=headers)
    except Exception as error:  # bugs in feedparser, of any type
        raise ReadError(f"is not a readable feed ({error})", file=source.name, hint=CHECK) from error
    if not feed.entries:
        wrong = feed.get("bozo_exception")
        reason = f" ({wrong})" if wrong else ""
        raise ReadError(f"no entries in this feed{reason}", file=source.name, hint=CHECK)
    return feed


def _make_ids_unique(entries: Sequence[Any]) -> None:
    """Replace the ids of entries with the same id by their URLs."""
    seen: dict[str, set[str]] = {}
    for entry in entries:
        seen.setdefault(str(entry.get("id") or ""), set()).add(str(entry.get("link") or ""))
    for entry in entries:
        if len(seen[str(entry.get("id") or "")]) > 1 and entry.get("link"):
            entry["id"] = entry["link"]


def _part(entry: Any) -> str:
    return str(entry.get("id") or entry.get("link") or entry.get("title", ""))


def _entry(source: Source, entry: Any, language: str, author: str) -> Article | ReadError:
    try:
        return _article(source, entry, language, author)
    except ReadError as error:
        error.part = _part(entry)
        return error


def _article(source: Source, entry: Any, language: str, author: str) -> Article:
    """Return the article of an entry: its own text, or that of its page if the entry has only an excerpt."""
    address = str(entry.get("link", ""))
    title = source.title or fold(_plain_text(entry.get("title", "")))
    links: list[Link] = []
    blocks = _longest_text(entry, links, address, source.name)
    page = NO_PAGE if _is_whole(entry, blocks) else _page(source, address, title or address or source.name)
    blocks = tuple(filter(_is_content, blocks))
    if _length(page.blocks) > _length(blocks):
        blocks, links = page.blocks, list(page.links)
    elif not any(block.kind in SPOKEN for block in blocks):
        raise ReadError(
            f"“{title}” has no text to narrate", file=source.name, hint="open the entry: it may be an image or a video"
        )
    return finish(
        source,
        title,
        blocks,
        links=links,
        remarks=(),
        declared=language or page.language,
        author=fold(_plain_text(entry.get("author", ""))) or page.author or author,
        published=_date(entry) or page.published,
        url=page.url or address,
        summary=_summary(entry),
        image=page.image,
        part=_part(entry),
    )


def _length(blocks: Sequence[Block]) -> int:
    return sum(len(block.text) for block in blocks)


def _longest_text(entry: Any, links: list[Link], address: str, name: str) -> tuple[Block, ...]:
    """Return the blocks of the longest text of an entry."""
    texts = [str(content.get("value", "")) for content in entry.get("content", [])] + [str(entry.get("summary", ""))]
    longest = max(texts, key=lambda text: len(_plain_text(text)))
    if ESCAPED.match(longest):  # escaped twice
        longest = unescape(longest)
    return blocks_of_markup(longest, links, address, name) if longest.strip() else ()


def _is_whole(entry: Any, blocks: Sequence[Block]) -> bool:
    """Return True if the text of an entry is its whole article, not an excerpt."""
    text = "\n".join(block.text for block in blocks)
    if EXCERPT_END.search(text.strip()):
        return False
    if not entry.get("link") or not entry.get("title"):
        return True
    summary = _plain_text(entry.get("summary", ""))
    own = bool(entry.get("content")) and bool(summary) and len(text) >= CONTENT_RATIO * len(summary)
    return own or len(text) >= (MIN_CONTENT if entry.get("content") else MIN_DESCRIPTION)


def _is_content(block: Block) -> bool:
    """Return False for notices, and for a paragraph that is only a link to the rest."""
    return not is_notice(block.text) and EXCERPT_END.fullmatch(block.text.strip()) is None


def _page(source: Source, address: str, title: str) -> Article:
    if source.fetch is None or not address.startswith(("http://", "https://")):
        raise ReadError(
            f"the feed has only the beginning of “{title}”",
            file=source.name,
            hint=f"save its page in a browser and give that file: {address}",
        )
    from podcast.read.html import reader as html

    page = replace(source.fetch(address), language=source.language)
    return html.read(page)[0]


def _date(entry: Any) -> dt.datetime | None:
    moment = entry.get("published_parsed") or entry.get("updated_parsed")
    return EPOCH + dt.timedelta(seconds=calendar.timegm(moment)) if moment else None


def _summary(entry: Any) -> str:
    """Return the summary of an entry, if it has content too."""
    text = fold(_plain_text(entry.get("summary", ""))) if entry.get("content") else ""
    return "" if EXCERPT_END.search(text) or len(text) > 1_000 else text


def _plain_text(markup: object) -> str:
    """Return a title or name, which may be HTML, as plain text."""
    text = str(markup or "")
    return " ".join(_texts(text)) if "<" in text or "&" in text else text


def _texts(markup: str) -> Iterable[str]:
    return (block.text for block in blocks_of_markup(markup, []))
