# SPDX-License-Identifier: GPL-3.0-or-later
"""Show notes of an episode, as HTML.

    Episode -> blocks of HTML, each sanitised -> description()   at most 4000 bytes
                                              -> html()          in full, for content:encoded and the page
                                              -> short()         for old episodes of a large feed

Only the tags that podcast apps understand are used (Apple's list). Text of the article is escaped.
"""

import bisect
import unicodedata
from collections.abc import Iterable, Iterator
from html import escape
from xml.sax.saxutils import escape as xml_escape

from podcast import text
from podcast.config.settings import Show
from podcast.disclosure import Disclosure, words
from podcast.model import Episode

DESCRIPTION_BYTES = 4_000
"""Apple's limit, counted after XML escaping, where `<` takes four bytes."""

SHORT_BYTES = 400
"""Maximum bytes of the summary of an old episode in a large feed."""

CREDIT_BYTES = 1_500
"""A longer credit, such as one with a very long URL, is left out of the description."""

TAGS = {"p", "ol", "ul", "li", "a", "b", "i", "strong", "em", "br"}

TIMESTAMPS = 3
"""Spotify turns three or more timestamps into chapters."""


def description(show: Show, episode: Episode) -> str:
    """Return the notes as simple HTML of at most 4000 bytes.

    The credit and the sentence about the synthetic voice are always included; a long summary is cut between words;
    timestamps are included if all of them fit. An imported episode keeps its notes.
    """
    if kept := episode.imported:
        return text.markup(kept.description or kept.notes, images=True)
    own = words(episode.language or show.language)
    disclosed = _paragraph(own.narrated)
    credit = _credit(own, episode)
    if _size(credit) > CREDIT_BYTES:
        credit = ""
    room = DESCRIPTION_BYTES - _size(credit + disclosed)
    summary = "".join(_fitting(_paragraphs(episode.summary), room))
    stamps = _timestamps(episode)
    if _size(summary + stamps) > room:
        stamps = ""
    return summary + credit + stamps + disclosed


def short(show: Show, episode: Episode) -> str:
    """Return the notes of an old episode in a large feed: start of the summary, credit and disclosure."""
    own = words(episode.language or show.language)
    summary = "".join(_fitting(_paragraphs(episode.summary), SHORT_BYTES))
    if episode.imported:
        return summary
    return summary + _credit(own, episode) + _paragraph(own.narrated)


def html(show: Show, episode: Episode) -> str:
    """Return the full notes: summary, credit, timestamps, the article's links and the disclosure."""
    if kept := episode.imported:
        return text.markup(kept.notes or kept.description, images=True)
    own = words(episode.language or show.language)
    summary = "".join(_paragraph(paragraph) for paragraph in _paragraphs(episode.summary))
    return summary + _credit(own, episode) + _timestamps(episode) + _links(own, episode) + _paragraph(own.narrated)


def _credit(own: Disclosure, episode: Episode) -> str:
    """Return the author and the URL of the article."""
    lines = []
    if author := text.line(episode.author):
        lines.append(f"{own.text} {escape(author)}")
    if source := text.web(episode.source):
        lines.append(f"{own.source} {_anchor(source, episode.title)}")
    return _safe(f"<p>{'<br>'.join(lines)}</p>") if lines else ""


def _timestamps(episode: Episode) -> str:
    """Return the chapters as timestamps, one per line, as Spotify reads them."""
    if len(episode.chapters) < TIMESTAMPS:
        return ""
    lines = (f"({text.clock(chapter.start_ms)}) {escape(text.line(chapter.title))}" for chapter in episode.chapters)
    return _safe(f"<p>{'<br>'.join(lines)}</p>")


def _links(own: Disclosure, episode: Episode) -> str:
    """Return the links of the article as a list."""
    links = {text.web(link.url): link.text for link in reversed(episode.links)}
    items = [f"<li>{_anchor(url, links[url])}</li>" for url in reversed(links) if url]
    return _safe(f"<p>{own.links}</p><ul>{''.join(items)}</ul>") if items else ""


def _anchor(url: str, label: str) -> str:
    return f'<a href="{escape(url)}">{escape(text.line(label) or url)}</a>'


def _paragraphs(summary: str) -> Iterator[str]:
    """Yield the paragraphs of plain text, separated by blank lines, each on one line."""
    for paragraph in text.clean(summary).split("\n\n"):
        if folded := text.line(paragraph):
            yield folded


def _paragraph(words: str) -> str:
    return _safe(f"<p>{escape(words)}</p>")


def _fitting(paragraphs: Iterable[str], room: int) -> Iterator[str]:
    """Yield paragraphs as HTML while they fit into `room` bytes, then the start of the next one."""
    for paragraph in paragraphs:
        whole = _paragraph(paragraph)
        if _size(whole) > room:
            if start := _beginning(paragraph, room):
                yield _paragraph(start)
            return
        room -= _size(whole)
        yield whole


def _beginning(paragraph: str, room: int) -> str:
    """Return the start of a paragraph that fits, cut between words where possible; may be empty."""
    lengths = range(len(paragraph))
    end = bisect.bisect_right(lengths, room, key=lambda length: _size(_paragraph(paragraph[:length] + "…"))) - 1
    space = paragraph.rfind(" ", 0, end + 1)
    if space > end // 2:
        end = space
    while end > 0 and unicodedata.category(paragraph[end]) in {"Mn", "Mc", "Me", "Cf", "Sk"}:
        end -= 1  # not between a letter and its accent
    return paragraph[:end] + "…" if end > 0 else ""


def _size(html: str) -> int:
    """Return the size in bytes of the HTML as XML text."""
    return len(xml_escape(html).encode())


def _safe(html: str) -> str:
    """Sanitise HTML to the tags that apps understand and http(s) links."""
    import nh3

    return nh3.clean(html, tags=TAGS, attributes={"a": {"href"}}, url_schemes={"http", "https"}, link_rel=None)
