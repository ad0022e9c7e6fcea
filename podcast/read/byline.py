# SPDX-License-Identifier: GPL-3.0-or-later
"""Lines at the head of a text that say who wrote it and when: `By Ann Field, 3/14/2009`, `Publié le 3 mai 2026`."""

import datetime as dt
import re
from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from podcast import languages
from podcast.langtag import primary
from podcast.model import Block

FILE = "reading.toml"


def _words(*keys: str) -> str:
    """Return a pattern for the words at keys of [byline] in all languages, longer ones first."""
    found = {word for key in keys for word in languages.everywhere(FILE, "byline", key)}
    return "|".join(sorted(found, key=lambda word: (-len(word), word))) or "(?!)"


def _compiled(pattern: str) -> re.Pattern[str]:
    return languages.compiled(pattern, FILE, flags=0)


def _not_after(words: Sequence[str]) -> str:
    return "".join(rf"(?<!(?i:{re.escape(word)}))" for word in words)


PARTICLE = "d[eui]s?|da|di|du|la|le|van|von|den|der|el|al|bin"
WORD = r"[^\W\d_a-z][\w.’'-]*"
NAMES = rf"{WORD}(?:[\ \u00a0](?:{PARTICLE}|{_words('joined')}|&|{WORD})){{0,7}}"
PUBLISHED = _words("published")
CHANGED = rf"(?i:(?:{_words('published', 'changed')})\b[^.]*\d)"
DID = languages.everywhere(FILE, "byline", "did")
"""What somebody did by whom a text is."""
_DID = rf"(?:(?i:{'|'.join(DID)}) )?"
BY = _compiled(
    rf"{_DID}(?:(?i:{_words('by', 'by_first')}|(?:{_words('author')})\s?:)\s+"
    rf"|(?i:{_words('author_unspaced')})\s?[:：]\s?)(?P<name>{NAMES})"
)
DATE = _compiled(rf"(?P<on>(?i:{PUBLISHED}))?\s*:?\s*(?i:{_words('on')})?\s*(?P<date>(?=.*\d)[^!?;]{{6,60}})")
_BY = "|".join(rf"(?i:{word[0]}){word[1:]}" for word in languages.everywhere(FILE, "byline", "by"))
PARTED = _compiled(
    rf"\s+[|·•∙–—-]\s+|[,.;:]?{_not_after(languages.everywhere(FILE, 'byline', 'before_changed'))}\s+(?={CHANGED})"
    rf"|[,.;:]?{_not_after([*DID, *(did.split()[0] for did in DID if ' ' in did)])}\s+"
    rf"(?={_DID}(?:{_BY})\s+{NAMES}(?:\W|$))"
)
"""Between the parts of a line that says one thing after the other, in any order: `Le Monde | 3.5.2019 | Par Soizic`."""
AGAIN = _compiled(rf"(?i)[\s|·•(,–—-]*(?:(?<![^\W\d])(?:{_words('changed', 'modified')})\b|[|·•]\s*\d{{1,3}}\s?min)")
"""Before the date of a later version, and before how long it takes to read."""
READING = _compiled(
    r"(?i)\d{1,2}\s?[h:]\s?\d\d(?:\s?[ap]m)?(?:\s[a-z]{2,4})?|.{0,30}\b\d{1,3}[ -]min(?:ute)?s?\b.{0,20}"
    rf"|(?:{_words('reading_time')}).*"
)
"""The time of day, and how long it takes to read, which stand beside them."""
HEAD = 4
"""Blocks among which they stand."""
LONGEST = 120
"""Letters; what is longer tells of the author."""


class Byline(NamedTuple):
    """What such a line says."""

    author: str
    published: dt.datetime | None


def byline(line: str, language: str = "", *, bare: bool = False) -> Byline | None:
    """Return what a line says of author and date if it says nothing else, or None. A date without a zone is UTC.

    A `bare` date, with no word that says what it is the date of, counts on pages; in a text it may begin a diary.
    """
    line = " | ".join(part for part in re.split(r"\s[|·•∙]\s", line) if not READING.fullmatch(part.strip()))
    line = line.strip().rstrip(":,;|–—")
    if not line or len(line) > LONGEST:
        return None
    parts = [part.strip() for part in PARTED.split(line) if part.strip()]
    return (_row(parts, language, bare=bare) if len(parts) > 1 else None) or _alone(line, language, bare=bare)


def _row(parts: Sequence[str], language: str, *, bare: bool) -> Byline | None:
    """Return what a line says of which each part is a name, a day or a time; a house may be named among them."""
    author, house, day, is_marked = "", "", None, bare
    for part in parts:
        if said := _alone(part, language, bare=True):
            author, day = author or said.author, day or said.published
            is_marked |= bool(said.author or re.match(rf"(?i){PUBLISHED}", part))
        elif not _is_time(part):
            if house or not re.fullmatch(NAMES, part):
                return None
            house = part
    return _credited(author, house, day) if is_marked else None


def _is_time(part: str) -> bool:
    """Return True for a part that is a time, how long it takes to read, or the date of a later version."""
    return bool(READING.fullmatch(part) or (AGAIN.match(part) and re.search(r"\d", part)))


def _credited(author: str, house: str, day: dt.datetime | None) -> Byline | None:
    """Return what names and a day say together; two names without a day are no byline."""
    return Byline(author or house, day) if day or (author and not house) else None


def _alone(line: str, language: str, *, bare: bool) -> Byline | None:
    """Return what a line, or a part of one, says of an author and of a day after the name."""
    line = line.rstrip(".") if re.search(r"\d|[^\W\d_]{3}\.$", line) else line
    by = BY.match(line)
    rest = line[by.end() :] if by else line
    rest = re.sub(r"^\s*\([^()]{1,40}\)", "", rest) if by else rest
    rest = re.sub(r"^[\s,;:|·•()–—-]+|[\s()]+$", "", AGAIN.split(rest)[0])
    author = by["name"] if by else ""
    if not rest:
        return Byline(author, None) if author else None
    on = DATE.fullmatch(rest)
    day = date(on["date"], language) if on and (by or on["on"] or bare) else None
    return Byline(author, day) if day else None


def signed(
    blocks: Sequence[Block], author: str, published: dt.datetime | None
) -> tuple[list[Block], str, dt.datetime | None]:
    """Return the blocks without those at their head that only say who wrote the text, and when; and both.

    `author` and `published` are what the document's properties say. The day that people read stands above that of the
    file; a day alone counts below the author's name.
    """
    kept: list[Block] = []
    day: dt.datetime | None = None
    named = False
    for block in blocks[:HEAD]:
        said = _said(block, author, named=named)
        if said is None:
            kept.append(block)
        else:
            author, day, named = author or said.author, day or said.published, True
    return [*kept, *blocks[HEAD:]], author, day or published


def _said(block: Block, author: str, *, named: bool) -> Byline | None:
    """Return what a block says of author and date, None if it is part of the text; `named`: one stands above it."""
    name = next((name for name in (author, *author.split(", ")) if name and block.text.startswith(name)), "")
    line = block.text.removeprefix(name).strip(" ,;|–—-")
    if name and not line:
        return Byline("", None)
    if not line or block.kind not in {"paragraph", "heading"}:
        return None
    return byline(line, bare=named or bool(name))


@cache
def date(text: str, language: str = "") -> dt.datetime | None:
    """Return a whole date as people of a language write it, or None; `3 hours ago` is none, as it ages."""
    import dateparser

    if len(text) > LONGEST or (len(re.findall(r"\d+", text)) < 2 and not re.search(r"\d{6}", text)):
        return None  # a day and a year are two numbers; to ask is dear
    text = re.sub(r"(\d)\s?h\s?(\d\d)", r"\1:\2", text)
    settings = {
        "TIMEZONE": "UTC",
        "RETURN_AS_TIMEZONE_AWARE": True,
        "STRICT_PARSING": True,
        "PARSERS": ["custom-formats", "absolute-time"],
    }
    tried: list[dict[str, list[str]]] = [{"locales": [language]}] if "-" in language else []
    tried += [{"languages": [primary(language)]}] if language else []
    for given in (*tried, {}):
        try:
            found = dateparser.parse(text, settings=settings, **given)
        except ValueError:  # a language or a place of it that is not known there
            continue
        return found if isinstance(found, dt.datetime) else None
    return None
