# SPDX-License-Identifier: GPL-3.0-or-later
"""Lines at the head of a text that say who wrote it and when: `By Ann Field, 3/14/2009`, `Publié le 3 mai 2026`."""

import datetime as dt
import re
from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from podcast.model import Block

PARTICLE = "d[eui]s?|da|di|du|la|le|van|von|den|der|el|al|bin"
WORD = r"[^\W\d_a-z][\w.’'-]*"
NAMES = rf"{WORD}(?:[\ \u00a0](?:{PARTICLE}|and|et|und|y|e|&|avec|with|{WORD})){{0,7}}"
PUBLISHED = "publi[ée]e?|published|posted|mise? en ligne|ver[öo]ffentlicht|publicado|pubblicato"
CHANGED = (
    rf"(?i:(?:{PUBLISHED}|mise? à jour|modifi[ée]e?|(?:last )?updated|aktualisiert|actualizado|aggiornato"
    r"|atualizado)\b[^.]*\d)"
)
DID = (
    "propos recueillis|recueillis|recueilli|analysis|analyse|texte|récit|recit|reportage|enquête|enquete|article"
    "|written|posted|words|story|text"
)
"""What somebody did by whom a text is."""
BY = re.compile(
    rf"""(?x)
    (?i:(?:{DID.replace(" ", "[ ]")})\ )?
    (?:(?i:(?:by|par|von|por|di|de(?=\ \S+\ [^\W\d]))|(?:auteure?|author|autor|autore|texte|text|words|автор
        |autorka|tekst|författare|yazar|yazan|szerző|συντάκτης|tác\ giả|penulis|लेखक|الكاتب)\s?:|(?:بقلم|מאת):?)\s+
        |(?:作者|著者|文|글)\s?[:：]\s?)
    (?P<name>{NAMES})"""
)
DATE = re.compile(rf"(?P<on>(?i:{PUBLISHED}))?\s*:?\s*(?i:le|on|am|el|il|em)?\s*(?P<date>(?=.*\d)[^!?;]{{6,60}})")
PARTED = re.compile(
    rf"\s+[|·•∙–—-]\s+|[,.;:]?(?<!(?i:last))(?<!(?i:zuletzt))\s+(?={CHANGED})"
    rf"|[,.;:]?(?<!(?i:propos)){''.join(f'(?<!(?i:{did}))' for did in DID.split('|'))}\s+"
    rf"(?=(?:(?i:{DID})\ )?(?:[Pp]ar|[Bb]y|[Vv]on|[Pp]or)\s+{NAMES}(?:\W|$))"
)
"""Between the parts of a line that says one thing after the other, in any order: `Le Monde | 3.5.2019 | Par Soizic`."""
AGAIN = re.compile(
    r"(?i)[\s|·•(,–—-]*(?:(?<![^\W\d])(?:mise?\ à\ jour|modifi[ée]e?|(?:last\ )?(?:updated|modified)|aktualisiert"
    r"|actualizado|atualizado|aggiornato)\b"
    r"|[|·•]\s*\d{1,3}\s?min)"
)
"""Before the date of a later version, and before how long it takes to read."""
READING = re.compile(
    r"(?i)\d{1,2}\s?[h:]\s?\d\d(?:\s?[ap]m)?(?:\s[a-z]{2,4})?|.{0,30}\b\d{1,3}[ -]min(?:ute)?s?\b.{0,20}"
    r"|temps de lecture.*|reading time.*|lesezeit.*"
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
    author, house, day, marked = "", "", None, bare
    for part in parts:
        said = _alone(part, language, bare=True)
        if said:
            author, day = author or said.author, day or said.published
            marked |= bool(said.author or re.match(rf"(?i){PUBLISHED}", part))
        elif not (READING.fullmatch(part) or (AGAIN.match(part) and re.search(r"\d", part))):
            if house or not re.fullmatch(NAMES, part):
                return None
            house = part
    return Byline(author or house, day) if marked and (day or (author and not house)) else None


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
        people = {author, *author.split(", ")}
        name = next((name for name in people if name and block.text.startswith(name)), "")
        line = block.text.removeprefix(name).strip(" ,;|–—-")
        said = byline(line, bare=named or bool(name)) if line and block.kind in {"paragraph", "heading"} else None
        if (name and (said or not line)) or (said and not name):
            author, day, named = (
                author or (said.author if said else ""),
                day or (said.published if said else None),
                True,
            )
        else:
            kept.append(block)
    return [*kept, *blocks[HEAD:]], author, day or published


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
    tried += [{"languages": [language.partition("-")[0].lower()]}] if language else []
    for given in (*tried, {}):
        try:
            found = dateparser.parse(text, settings=settings, **given)
        except ValueError:  # a language or a place of it that is not known there
            continue
        return found if isinstance(found, dt.datetime) else None
    return None
