# SPDX-License-Identifier: GPL-3.0-or-later
"""Cuts a text into sentences, losing nothing.

sentencex proposes where to cut, in some 300 languages; a pattern of our own proposes what it misses. For the languages
with tables each proposal is judged by what stands before and after it: after `M.` or `p.` nothing ends, after `etc.` a
sentence ends only if a word follows that begins one, and before a lower-case letter it goes on (`Yahoo! a annoncé`).
A line break always cuts. White space stays with the sentence before it.
"""

import re
from dataclasses import dataclass
from functools import cache
from itertools import accumulate, pairwise

from podcast.speakable import tables

OPENERS = "\"'«“‘„‹([{¿¡—–-*_  \u00a0\u202f"
CLOSERS = "\"'»”’›)]}*_ \u00a0\u202f"
_END = re.compile(r"(?<![.!?…‽])(?<![.!?…‽][ \u00a0\u202f])[.!?…‽](?:[ \u00a0\u202f]?[.!?…‽])*+(?:[ \u00a0\u202f]?[»›]|[\"'”’)\]}*_])*+(\s+)|[。！？]+[」』”）]*\s*|[।॥؟]+\s*")
_TIGHT = re.compile(r"(?<=[^\W\d_]{2})[.!?](?=[^\W\d_]{2})")
_BREAKS = re.compile(r"[\n\r\u2028\u2029]\s*")
_LIST_NUMBER = re.compile(r"\s*[(\[]?(?:\d{1,3}|[a-zA-Z]|[ivxIVX]{1,4})[.)\]]+\s*")
_WORD_BEFORE_DOT = re.compile(r"(?:[^\W\d_][.-]*)*[^\W\d_]$|[\d]+$")
_NEXT_WORD = re.compile(r"[^\W\d_]+'?")
_EXCLAIMING_NAMES = frozenset(("yahoo", "jeopardy", "joomla", "wham", "panic"))
_SURROGATE = re.compile("[\ud800-\udfff]")
_SIGHT = 60
"""Characters that are looked at before and after a place: more than the longest abbreviation."""


@dataclass(frozen=True, slots=True)
class Dots:
    """What a language knows about dots that end no sentence."""

    never: frozenset[str]
    """Abbreviations, without their dot and in lower case."""
    may: frozenset[str]
    """Abbreviations after which a sentence ends if one of `starters` follows."""
    names: frozenset[str]
    """Abbreviations that stand before a name, as written: `Dr`."""
    numbers: frozenset[str]
    """Abbreviations that stand before a number: `p`."""
    starters: frozenset[str]
    """Words that often begin a sentence and seldom a name."""
    ordinal_dots: bool
    """True where `3. Oktober` is an ordinal."""


@cache
def dots(language: str) -> Dots | None:
    """Return what a language with tables knows, or None."""
    base = language.split("-")[0].lower()
    if base not in tables.LANGUAGES:
        return None
    table = tables.load(base)
    own = table["sentences"]

    def ending(*names: str) -> frozenset[str]:
        return frozenset(key[:-1].rsplit(" ")[-1] for name in names for key in table[name] if key.endswith("."))

    return Dots(
        never=frozenset(own["never"].split()),
        may=frozenset(map(str.casefold, (*own["may"].split(), *ending("abbreviations"), *table["month_short"]))),
        names=ending("before_name"),
        numbers=ending("before_number"),
        starters=frozenset(own["starters"].split()),
        ordinal_dots=bool(table.get("dot_ordinals")),
    )


def sentences(text: str, language: str) -> tuple[str, ...]:
    """Return the sentences of a text; joined, they are the text."""
    known = dots(language)
    out: list[str] = []
    for paragraph in _paragraphs(text):
        start = 0
        for place in _proposed(paragraph, language):
            if known is None or _ends(paragraph, start, place, known):
                out.append(paragraph[start:place])
                start = place
        out.append(paragraph[start:])
    return tuple(_without_blanks(out))


def _paragraphs(text: str) -> list[str]:
    """Cut at line breaks; these stay at the end."""
    places = [0, *(match.end() for match in _BREAKS.finditer(text)), len(text)]
    return [text[a:b] for a, b in pairwise(places) if a < b]


def _proposed(paragraph: str, language: str) -> list[int]:
    """Return places where a sentence may end, after the white space."""
    from sentencex import segment

    places = {match.end() for match in _END.finditer(paragraph)}
    places |= {match.end() for match in _TIGHT.finditer(paragraph)}
    base = language.split("-")[0].lower()
    places.update(accumulate(map(len, segment(base, _SURROGATE.sub("\ufffd", paragraph)))))
    return sorted(place for place in places if 0 < place < len(paragraph))


def _ends(paragraph: str, start: int, place: int, known: Dots) -> bool:
    """Tell whether a sentence that began at `start` ends at `place`."""
    before = paragraph[max(start, place - _SIGHT) : place]
    after = paragraph[place : place + _SIGHT]
    core = before.rstrip(CLOSERS)
    following = after.lstrip(OPENERS)
    if not core or not following or core[-1] not in ".!?…‽":
        return core[-1:] in set("。！？।॥؟")
    if after[0] in "»”)]}" or (following[0].islower() and not re.match(r"[a-z]{1,2}[A-Z]", following)):
        return False
    starts = _starts(following, known)
    if not before[-1].isspace():
        return starts and following[0].isupper() and place - start > 3
    if place - start < 8 and _LIST_NUMBER.fullmatch(paragraph, start, place):
        return False
    word = _WORD_BEFORE_DOT.search(core.rstrip(".!?…‽"))
    if core[-1] in "!?" or core.endswith(("..", "…")):
        named = word is not None and word[0].casefold() in _EXCLAIMING_NAMES
        return starts or not (named or core[-2:-1] == "(" or core[-3:-1] in {"(!", "(?"})
    return word is None or _dot_ends(word[0], following, known, starts=starts)


def _starts(following: str, known: Dots) -> bool:
    word = _NEXT_WORD.match(following.replace("’", "'"))
    return word is not None and word[0].casefold() in known.starters or (
        word is not None and word[0].rstrip("'").casefold() in known.starters
    )


def _dot_ends(word: str, following: str, known: Dots, *, starts: bool) -> bool:
    """Tell whether the dot after `word` ends a sentence."""
    plain = word.casefold()
    if word[0].isdigit():
        return starts or not (known.ordinal_dots and len(word) < 3)
    if plain in known.never or word in known.names:
        return False
    if word in known.numbers or plain in known.numbers:
        return not (following[0].isdigit() or re.match(r"[IVX]+\b", following))
    if plain in known.may or "." in word:
        return starts
    if len(word) == 1 and word.isupper():
        return starts or word == "I"
    return True


def _without_blanks(parts: list[str]) -> list[str]:
    """Join what has no letter or digit to the sentence before it, or to the first one."""
    out: list[str] = []
    lead = ""
    for part in parts:
        if any(map(str.isalnum, part)):
            out.append(lead + part)
            lead = ""
        elif out:
            out[-1] += part
        else:
            lead += part
    return [*out, lead] if lead else out
