# SPDX-License-Identifier: GPL-3.0-or-later
"""French: the IPA of words that espeak-ng mispronounces, of homographs, and of words before a liaison that it misses.

    exceptions   pronunciation.tsv: words that are wrong anywhere            "déficit"    -> [déficit](/defisˈit/)
    homographs   homographs.toml: words by the words around them             "de l'est"   -> de [l'est](/lˈɛst/)

A word is annotated with its elided article (`l'`, `qu'`), as espeak-ng would read an article before phonemes as a
letter. A consonant that is spoken only before a vowel ends in `‿` (`/sˈɑ̃t‿/`), and `ʔ` at the beginning prevents a
liaison, as in `les huit`.
"""

import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import NamedTuple

from podcast import languages
from podcast.errors import ConfigError
from podcast.pronunciation.exceptions import exceptions
from podcast.pronunciation.notation import ANNOTATED, annotated

FILE = "homographs.toml"
REACH = 80
"""Characters before and after a word that decide on it."""
EDGE = "|"
"""Stands for the beginning and the end of the text in the context of a word."""

WORD = re.compile(
    rf"{ANNOTATED.pattern}|(?P<elided>(?:[cdjlmnst]|(?:jus|lors|puis|quoi|pres)?qu)['’])?(?P<said>[^\W\d_]+)",
    re.IGNORECASE,
)
"""A word with its elided article, or an annotation, which is kept."""


CLASS = re.compile(r"\{(?P<name>[a-z_]+)\}")


class Reading(NamedTuple):
    """The pronunciation of a homograph if the text before and after it matches."""

    before: re.Pattern[str]
    after: re.Pattern[str]
    ipa: str
    """Empty for the engine's own pronunciation."""


def annotate(text: str) -> str:
    """Return a spoken text with the IPA of the words that espeak-ng would mispronounce."""
    fixed, ambiguous = exceptions("fr"), homographs()
    context = ""

    def write(match: re.Match[str]) -> str:
        nonlocal context
        word = match["said"]
        if not word:
            return match[0]
        lower = word.lower()
        ipa = fixed.get(word) or fixed.get(lower, "")
        if readings := ambiguous.get(word) or ambiguous.get(lower):
            context = context or f"{EDGE}{text.lower().replace('’', chr(39))}{EDGE}"
            ipa = _chosen(readings, context, match.start("said") + 1, match.end() + 1) or ipa
        if not ipa:
            return match[0]
        return annotated(match[0], _elided(match["elided"] or "", ipa))

    return WORD.sub(write, text)


def _chosen(readings: Sequence[Reading], context: str, start: int, end: int) -> str:
    """Return the IPA of the first reading that fits, empty if there is none."""
    before, after = context[max(0, start - REACH) : start], context[end : end + REACH]
    return next((one.ipa for one in readings if one.before.search(before) and one.after.match(after)), "")


def _elided(article: str, ipa: str) -> str:
    """Return the IPA of a word with its elided article."""
    sounds: Mapping[str, str] = languages.table("fr", "ipa.toml")["elided"]
    return sounds[article.lower().replace("’", "'")] + ipa if article else ipa


@cache
def homographs() -> Mapping[str, Sequence[Reading]]:
    """Return word -> its readings, from homographs.toml. Raises ConfigError for a row that is not valid."""
    data, path = languages.table("fr", FILE), languages.ROOT / "fr" / FILE
    found: dict[str, list[Reading]] = {}
    for words, rows in data.get("words", {}).items():
        for row in rows:
            if len(row) != 3 or not all(isinstance(part, str) for part in row):
                raise ConfigError(
                    f"{row!r} must be [before, after, IPA]", hint=languages.HINT, file=path, key=f"words.{words}"
                )
        readings = [Reading(_pattern(f"(?:{b})\\Z"), _pattern(a), ipa) for b, a, ipa in rows]
        for word in words.split():
            found.setdefault(word, []).extend(readings)
    return found


def _pattern(written: str) -> re.Pattern[str]:
    """Compile a pattern in which `{name}` stands for a class, which may contain other classes."""
    classes: Mapping[str, str] = languages.table("fr", FILE).get("classes", {})
    while unknown := CLASS.search(written):
        name = unknown["name"]
        if name not in classes:
            path = languages.ROOT / "fr" / FILE
            raise ConfigError(f"unknown class {{{name}}}", hint=languages.HINT, file=path, key="words")
        written = written.replace(unknown[0], f"(?:{classes[name]})")
    return languages.compiled(written, FILE, 0)
