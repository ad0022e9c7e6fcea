# SPDX-License-Identifier: GPL-3.0-or-later
"""Homographs: words whose pronunciation depends on the words around them, from the homographs.toml of a language.

word, text before, text after -> the first row of patterns that fits -> IPA
"""

import re
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from typing import NamedTuple

from podcast import languages
from podcast.errors import ConfigError

FILE = "homographs.toml"
REACH = 80
"""Characters before and after a word that decide on it."""
EDGE = "|"
"""Stands for the beginning and the end of the text in the context of a word."""

CLASS = re.compile(r"\{(?P<name>[a-z_]+)\}")


class Reading(NamedTuple):
    """The pronunciation of a homograph if the text before and after it matches."""

    before: re.Pattern[str]
    after: re.Pattern[str]
    ipa: str
    """Empty for the engine's own pronunciation."""


@lru_cache(maxsize=16)  # the words of a text have the same
def context_of(text: str) -> str:
    """Return a text as patterns expect it: lower case, straight apostrophes, a mark at both ends."""
    return f"{EDGE}{text.lower().replace('’', chr(39))}{EDGE}"


def chosen(readings: Sequence[Reading], context: str, start: int, end: int) -> str:
    """Return the IPA of the first reading that fits, empty if there is none.

    `start` and `end` are the offsets of the word in the text that `context_of` was given.
    """
    before, after = context[max(0, start + 1 - REACH) : start + 1], context[end + 1 : end + 1 + REACH]
    return next((one.ipa for one in readings if one.before.search(before) and one.after.match(after)), "")


@cache
def homographs(tag: str) -> Mapping[str, Sequence[Reading]]:
    """Return word -> its readings, from homographs.toml. Raises ConfigError for a row that is not valid."""
    data, path = languages.table(tag, FILE), languages.ROOT / tag / FILE
    found: dict[str, list[Reading]] = {}
    for words, rows in data.get("words", {}).items():
        for row in rows:
            if len(row) != 3 or not all(isinstance(part, str) for part in row):
                raise ConfigError(
                    f"{row!r} must be [before, after, IPA]", hint=languages.HINT, file=path, key=f"words.{words}"
                )
        readings = [Reading(_pattern(f"(?:{b})\\Z", tag), _pattern(a, tag), ipa) for b, a, ipa in rows]
        for word in words.split():
            found.setdefault(word, []).extend(readings)
    return found


def _pattern(written: str, tag: str) -> re.Pattern[str]:
    """Compile a pattern in which `{name}` stands for a class, which may contain other classes."""
    classes: Mapping[str, str] = languages.table(tag, FILE).get("classes", {})
    while unknown := CLASS.search(written):
        name = unknown["name"]
        if name not in classes:
            path = languages.ROOT / tag / FILE
            raise ConfigError(f"unknown class {{{name}}}", hint=languages.HINT, file=path, key="words")
        written = written.replace(unknown[0], f"(?:{classes[name]})")
    return languages.compiled(written, FILE, 0)
