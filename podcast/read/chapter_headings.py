# SPDX-License-Identifier: GPL-3.0-or-later
"""Recognise the heading of a chapter, in every language that has words for it (languages/*/reading.toml)."""

from podcast import languages

_NAMED = r"(?:[.:]?|[.:\ –—]{1,3}(?=[^\W_a-z])[^.!?]{1,60}[.!?]?)"


def _words(key: str) -> str:
    return "|".join(languages.everywhere("reading.toml", "chapters", key)) or "(?!)"


def _lines(key: str) -> str:
    return "|".join(languages.patterns("reading.toml", "chapters", key)) or "(?!)"


CHAPTER = languages.compiled(
    rf"(?i:{_words('names')}) (?:[IVXLC]+|\d{{1,3}}|(?i:{_words('numbers')})){_NAMED}"
    rf"|(?:\d{{1,3}}|[IVXLC]+)\. (?i:{_words('after_number')}){_NAMED}"
    rf"|(?i:{_lines('titled')}){_NAMED}|(?i:{_lines('whole')})",
    "reading.toml",
    flags=0,
)
"""The heading of a chapter or part: `CHAPTER I.`, `Chapitre 2 : Le vent`, `第三章`."""
