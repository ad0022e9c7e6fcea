# SPDX-License-Identifier: GPL-3.0-or-later
"""What a language knows about dots that do not end a sentence, and about words that begin one.

From `[sentences]` and the abbreviations of speaking.toml, or from sentences.toml for a language without tables.
"""

import re
import unicodedata
from collections.abc import Container
from dataclasses import dataclass
from functools import cache

from podcast import languages
from podcast.langtag import primary
from podcast.speakable import tables

_LETTERED = re.compile(r"(?<![^\W\d_])(?P<noun>[^\W\d_]{3,}) (?:[A-Z]|[0-9]{1,2})$")


@dataclass(frozen=True, slots=True)
class Dots:
    """The data of a language about dots that do not end a sentence."""

    never: frozenset[str] = frozenset()
    """Abbreviations, without the dot and in lower case."""
    may: frozenset[str] = frozenset()
    """Abbreviations after which a sentence ends if one of `starters` follows."""
    names: frozenset[str] = frozenset()
    """Abbreviations that precede a name, as written: `Dr`."""
    numbers: frozenset[str] = frozenset()
    """Abbreviations that precede a number: `p`."""
    lettered: frozenset[str] = frozenset()
    """Nouns after which a single letter is a name, not an initial, and a number no ordinal: `line C.`, `Seite 12.`."""
    starters: frozenset[str] = frozenset()
    """Words that often begin a sentence, and rarely a name."""
    small: frozenset[str] = frozenset()
    """Words that begin a sentence also in lower case, where people write without capitals."""
    leading: frozenset[str] = frozenset()
    """Words of a phrase of time at the beginning of a sentence: `At 5 a.m. Mr. Smith left.`."""
    timed: frozenset[str] = frozenset()
    """Abbreviations after a time, which end a sentence before a capital, except before one of `zones`."""
    eras: frozenset[str] = frozenset()
    """Abbreviations after a year or a name, which end a sentence before a capital, unless it has just begun."""
    subjects: frozenset[str] = frozenset()
    """Words before which a phrase of time ends, even at the beginning: `At 6 a.m. The birds sing.`"""
    zones: frozenset[str] = frozenset()
    """Words with a capital that belong to the time before them: `5 p.m. Eastern`."""
    marks: str = ""
    """Further marks that end a sentence, such as the Armenian colon."""
    ordinal_dots: bool = False
    """True where `3. Oktober` is an ordinal."""
    sparse: bool = False
    """True if the data are sparse, so that anything like an abbreviation counts as one."""


@cache
def dots(language: str) -> Dots:
    """Return the data of a language; empty if it has no tables."""
    if not tables.has(language):
        return _sparse_dots(primary(language))
    table = tables.load(language)
    own = table["sentences"]
    latin = tables.shared("sentences.toml")

    def ending(*names: str) -> frozenset[str]:
        return frozenset(key[:-1].rsplit(" ")[-1] for name in names for key in table[name] if key.endswith("."))

    return Dots(
        never=_words(own, "never") | _words(latin, "never"),
        may=_words(latin, "may")
        | frozenset(map(str.casefold, (*own["may"].split(), *ending("abbreviations"), *table["month_short"]))),
        names=ending("before_name"),
        numbers=ending("before_number") | _words(own, "number") | _words(latin, "number"),
        lettered=_words(own, "lettered"),
        starters=_words(own, "starters"),
        small=_words(own, "small"),
        leading=_words(own, "leading"),
        timed=_words(own, "timed"),
        eras=_words(own, "eras"),
        subjects=_words(own, "subjects"),
        zones=_words(own, "zones"),
        ordinal_dots=bool(table.get("dot_ordinals")),
    )


def _words(own: tables.Tables, key: str) -> frozenset[str]:
    return frozenset(own.get(key, "").split())


def _sparse_dots(tag: str) -> Dots:
    """Return the data of a language without speaking.toml, from its sentences.toml.

    `never`     abbreviations in lower case, without the last dot
    `number`    abbreviations that are also words: no sentence ends before a number, as Dutch `vol. 3`, `Het is vol.`
    `may`       abbreviations that may end a sentence, such as that of a year: before one of `starters` with a capital
    `small`     words that begin a sentence also in lower case
    `marks`     further marks that end a sentence, without a space between them
    `like`      the language that has these lists instead

    Abbreviations that sentencex knows can be omitted.
    """
    own = languages.table(tag, "sentences.toml")
    few = languages.table(own.get("like", tag), "sentences.toml")
    latin = tables.shared("sentences.toml")
    return Dots(
        never=frozenset(map(without_marks, few.get("never", "").split())) | _words(latin, "never"),
        may=_words(few, "may") | _words(latin, "may"),
        starters=_words(few, "starters"),
        small=_words(few, "small"),
        numbers=_words(few, "number") | _words(latin, "number") | _calendar(tag),
        marks=few.get("marks", ""),
        sparse=True,
    )


def _calendar(language: str) -> frozenset[str]:
    """Return the abbreviated months and weekdays, in lower case and without the dot."""
    from babel import Locale, UnknownLocaleError

    try:
        locale = Locale.parse(language)
    except (ValueError, UnknownLocaleError):
        return frozenset()
    return frozenset(
        short.casefold().rstrip(".")
        for names in (locale.months["format"], locale.days["format"])
        for key, short in names["abbreviated"].items()
        if short != names["wide"][key]
    )


def names_letter(text: str, nouns: Container[str]) -> bool:
    """Return True if a text ends with a letter or number that is a name, `line C`: a dot after it is a full stop."""
    named = _LETTERED.search(text)
    return named is not None and named["noun"] in nouns


def without_marks(word: str) -> str:
    """Return letters without combining vowels and accents, as in Hindi."""
    return word if max(word, default="") < "\u0300" else "".join(c for c in word if unicodedata.category(c)[0] != "M")
