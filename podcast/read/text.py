# SPDX-License-Identifier: GPL-3.0-or-later
"""Plain text -> Article.

Plain text says nothing of itself, so its shape has to: a short first line is the title (or the author, if a name or
`By …`), a line that is only an address goes to the links, a line of page furniture goes, and paragraphs are divided
by blank lines, or by line ends where the lines are paragraphs.
"""

import re
from collections.abc import Sequence

from podcast.errors import ReadError
from podcast.model import Article, Block, Link
from podcast.read.common import fold, is_notice, links_in
from podcast.read.finish import finish
from podcast.read.source import Source

REFERENCE = re.compile(r"^(?P<label>[^\n:]{0,60}?)\s*:?\s*<?(?P<url>https?://[^\s<>]+?)>?[.)]?$")
"""A line that is an address, with or without a label: `Article en référence: https://…`."""

BYLINE = re.compile(
    r"^(?:by|par|de|von|por|di|auteur\s*:|author\s*:|texte\s*:)\s+(?P<name>[^\n,;:]{2,60})$", re.IGNORECASE
)
NAME = re.compile(
    r"^[^\W\d_][\w.’'-]*(?:[ \u00a0](?:d[eui]s?|da|di|du|la|le|van|von|den|der|el|al|bin|[^\W\d_a-z][\w.’'-]*)){1,4}$"
)
"""Two to five words that begin with a capital (particles apart): may be a person."""

WRAP = 100
"""Lines up to this length may be the wrapped lines of one paragraph."""


def accepts(source: Source) -> bool:
    """Text is what nobody else wants: files of any other name are asked for their bytes."""
    return source.kind == "text/plain" or (not source.kind and source.suffix in {".txt", ".text", ""})


def read(source: Source) -> Sequence[Article]:
    """Return the one article of a text.

    Raises ReadError if nothing is left to read aloud.
    """
    paragraphs = _paragraphs(source.text())
    remarks: list[str] = []
    links: list[Link] = []
    author, title = "", ""
    kept: list[str] = []
    for index, text in enumerate(paragraphs):
        reference = REFERENCE.match(text)
        byline = BYLINE.match(text) if index < 3 else None
        if reference:
            links.append(Link(reference["url"], fold(reference["label"])))
        elif is_notice(text):
            remarks.append(f"left out as page furniture: “{text[:80]}”")
        elif byline and not author:
            author = byline["name"]
        elif not kept and not author and _is_author(text, paragraphs[index + 1 :]):
            author = text
        elif not kept and not title and _is_title(text, paragraphs[index + 1 :]):
            title = text
        else:
            kept.append(text)
            links += links_in(text)
    if not kept:
        raise ReadError(f"{source.name}: nothing in it to read aloud", hint="it holds only links or page furniture")
    blocks = [Block("paragraph", text) for text in kept]
    if source.title:
        blocks = [Block("heading", title, 2), *blocks] if title and title != source.title else blocks
        title = source.title
    return (finish(source, title, blocks, links=links, remarks=remarks, author=author),)


def _paragraphs(text: str) -> list[str]:
    """Return the paragraphs, unwrapped where lines were broken at a margin."""
    found = []
    for part in re.split(r"\n\s*\n", text):
        lines = [line for line in map(fold, part.split("\n")) if line]
        wrapped = len(lines) > 1 and max(map(len, lines)) <= WRAP and not any(REFERENCE.match(line) for line in lines)
        # a wrapped paragraph fills its lines: all but the last are of about one length, and narrower lines are a poem
        filled = [len(line) for line in lines[:-1]]
        if wrapped and min(filled) > 0.55 * max(filled) and max(filled) > 36:
            found.append(" ".join(lines))
        else:
            found.extend(lines)
    return found


def _is_author(text: str, rest: Sequence[str]) -> bool:
    """Take a name alone for the author if a reference line follows it; else it may be a title of two words."""
    return bool(NAME.match(text) and rest and REFERENCE.match(rest[0]))


def _is_title(text: str, rest: Sequence[str]) -> bool:
    return bool(
        len(text) <= 120
        and rest
        and not re.search(r"[.!…:;,。]$", text)
        and max(len(line) for line in rest) > len(text)
    )
