# SPDX-License-Identifier: GPL-3.0-or-later
"""Parse bylines: `By Ann Field, 3/14/2009`, `Publié le 3 mai 2026`."""

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


def _lookbehinds(words: Sequence[str]) -> str:
    return "".join(rf"(?<!(?i:{re.escape(word)}))" for word in words)


PARTICLE = "d[eui]s?|da|di|du|la|le|van|von|den|der|el|al|bin"
WORD = r"[^\W\d_a-z][\w.’'-]*"
NAMES = rf"{WORD}(?:[\ \u00a0](?:{PARTICLE}|{_words('joined')}|&|{WORD})){{0,7}}"
PUBLISHED = _words("published")
CHANGED = rf"(?i:(?:{_words('published', 'changed')})\b[^.]*\d)"
DID = languages.everywhere(FILE, "byline", "did")
"""Words before `by`: `written`, `photographed`."""
_DID = rf"(?:(?i:{'|'.join(DID)}) )?"
BY = _compiled(
    rf"{_DID}(?:(?i:{_words('by', 'by_first')}|(?:{_words('author')})\s?:)\s+"
    rf"|(?i:{_words('author_unspaced')})\s?[:：]\s?)(?P<name>{NAMES})"
)
DATE = _compiled(rf"(?P<on>(?i:{PUBLISHED}))?\s*:?\s*(?i:{_words('on')})?\s*(?P<date>(?=.*\d)[^!?;]{{6,60}})")
_BY = "|".join(rf"(?i:{word[0]}){word[1:]}" for word in languages.everywhere(FILE, "byline", "by"))
SEPARATOR = _compiled(
    rf"\s+[|·•∙–—-]\s+|[,.;:]?{_lookbehinds(languages.everywhere(FILE, 'byline', 'before_changed'))}\s+(?={CHANGED})"
    rf"|[,.;:]?{_lookbehinds([*DID, *(did.split()[0] for did in DID if ' ' in did)])}\s+"
    rf"(?={_DID}(?:{_BY})\s+{NAMES}(?:\W|$))"
)
"""Separator of the parts of a byline, which may be in any order: `Le Monde | 3.5.2019 | Par Soizic`."""
UPDATE = _compiled(rf"(?i)[\s|·•(,–—-]*(?:(?<![^\W\d])(?:{_words('changed', 'modified')})\b|[|·•]\s*\d{{1,3}}\s?min)")
"""Before the date of an update, and before a reading time."""
TIME = _compiled(
    r"(?i)\d{1,2}\s?[h:]\s?\d\d(?:\s?[ap]m)?(?:\s[a-z]{2,4})?|.{0,30}\b\d{1,3}[ -]min(?:ute)?s?\b.{0,20}"
    rf"|(?:{_words('reading_time')}).*"
)
"""A time of day or a reading time, which bylines may contain."""
HEAD = 4
"""Blocks at the start of a text that are searched for bylines."""
LONGEST = 120
"""Characters of a byline; longer text is a biography."""


class Byline(NamedTuple):
    """The author and the date in a byline."""

    author: str
    published: dt.datetime | None


def byline(line: str, language: str = "", *, bare: bool = False) -> Byline | None:
    """Return the author and the date in a line that contains nothing else, or None. A date without a zone is UTC.

    A `bare` date, without `Published on` or the like, is accepted on web pages; in a text it may begin a diary.
    """
    line = " | ".join(part for part in re.split(r"\s[|·•∙]\s", line) if not TIME.fullmatch(part.strip()))
    line = line.strip().rstrip(":,;|–—")
    if not line or len(line) > LONGEST:
        return None
    parts = [part.strip() for part in SEPARATOR.split(line) if part.strip()]
    found = _parse_parts(parts, language, bare=bare) if len(parts) > 1 else None
    return found or _parse_part(line, language, bare=bare)


def _parse_parts(parts: Sequence[str], language: str, *, bare: bool) -> Byline | None:
    """Parse a line whose parts are names, dates, times, and at most one publication."""
    author, house, day, is_marked = "", "", None, bare
    for part in parts:
        if said := _parse_part(part, language, bare=True):
            author, day = author or said.author, day or said.published
            is_marked |= bool(said.author or re.match(rf"(?i){PUBLISHED}", part))
        elif not _is_time(part):
            if house or not re.fullmatch(NAMES, part):
                return None
            house = part
    return _combined(author, house, day) if is_marked else None


def _is_time(part: str) -> bool:
    """Return True for a time of day, a reading time, or the date of an update."""
    return bool(TIME.fullmatch(part) or (UPDATE.match(part) and re.search(r"\d", part)))


def _combined(author: str, house: str, day: dt.datetime | None) -> Byline | None:
    """Return the byline, unless it is two names without a date."""
    return Byline(author or house, day) if day or (author and not house) else None


def _parse_part(line: str, language: str, *, bare: bool) -> Byline | None:
    """Parse a line, or a part of one, with an author, a date, or a date after an author."""
    line = line.rstrip(".") if re.search(r"\d|[^\W\d_]{3}\.$", line) else line
    by = BY.match(line)
    rest = line[by.end() :] if by else line
    rest = re.sub(r"^\s*\([^()]{1,40}\)", "", rest) if by else rest
    rest = re.sub(r"^[\s,;:|·•()–—-]+|[\s()]+$", "", UPDATE.split(rest)[0])
    author = by["name"] if by else ""
    if not rest:
        return Byline(author, None) if author else None
    on = DATE.fullmatch(rest)
    day = date(on["date"], language) if on and (by or on["on"] or bare) else None
    return Byline(author, day) if day else None


def take_bylines(
    blocks: Sequence[Block], author: str, published: dt.datetime | None
) -> tuple[list[Block], str, dt.datetime | None]:
    """Return the blocks without the bylines at their start, the author, and the publication date.

    `author` and `published` are from the document's properties. A date in the text takes precedence over `published`;
    a date alone counts only below the author's name.
    """
    kept: list[Block] = []
    day: dt.datetime | None = None
    named = False
    for block in blocks[:HEAD]:
        said = _parse_block(block, author, named=named)
        if said is None:
            kept.append(block)
        else:
            author, day, named = author or said.author, day or said.published, True
    return [*kept, *blocks[HEAD:]], author, day or published


def _parse_block(block: Block, author: str, *, named: bool) -> Byline | None:
    """Parse a block as a byline, None if it is part of the text; `named`: there is a byline above it."""
    name = next((name for name in (author, *author.split(", ")) if name and block.text.startswith(name)), "")
    line = block.text.removeprefix(name).strip(" ,;|–—-")
    if name and not line:
        return Byline("", None)
    if not line or block.kind not in {"paragraph", "heading"}:
        return None
    return byline(line, bare=named or bool(name))


@cache
def date(text: str, language: str = "") -> dt.datetime | None:
    """Parse a complete date as written in a language; None if invalid, incomplete, or relative (`3 hours ago`)."""
    import dateparser

    if len(text) > LONGEST or (len(re.findall(r"\d+", text)) < 2 and not re.search(r"\d{6}", text)):
        return None  # a date has at least two numbers; dateparser is slow
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
        except ValueError:  # a language or region that dateparser does not know
            continue
        return found if isinstance(found, dt.datetime) else None
    return None
