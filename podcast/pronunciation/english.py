# SPDX-License-Identifier: GPL-3.0-or-later
"""English: the IPA of words that voices mispronounce, from pronunciation.tsv and names.tsv, and of their possessives."""

import re
from functools import cache

from podcast.pronunciation.exceptions import exceptions, words
from podcast.pronunciation.notation import ANNOTATED, annotated

POSSESSIVE = re.compile(rf"{ANNOTATED.pattern}(?P<s>['’]s)\b")
SIBILANT, VOICELESS = tuple("szʃʒ"), tuple("ptkfθ")
"""Last sounds of a word, which decide how its possessive sounds."""


def annotate(text: str) -> str:
    """Return a spoken text with the IPA of the words that voices would mispronounce."""
    fixed = exceptions("en")

    def write(match: re.Match[str]) -> str:
        word = match["said"]
        ipa = word and (fixed.get(word) or fixed.get(word.lower()))
        return annotated(word, ipa) if ipa else match[0]

    return possessives(_word().sub(write, text))


def possessives(text: str) -> str:
    """Return a text in which an annotated word includes its possessive `'s`: engines would spell the letter."""

    def write(match: re.Match[str]) -> str:
        ipa = match["ipa"]
        ending = "ɪz" if ipa.endswith(SIBILANT) else "s" if ipa.endswith(VOICELESS) else "z"
        return annotated(match["word"] + match["s"], ipa + ending)

    return POSSESSIVE.sub(write, text) if "](/" in text else text


@cache
def _word() -> re.Pattern[str]:
    """Return the pattern of a word, or of an annotation, which is kept."""
    return re.compile(f"{ANNOTATED.pattern}|(?P<said>{words('en')})")
