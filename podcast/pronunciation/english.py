# SPDX-License-Identifier: GPL-3.0-or-later
"""English: the IPA of words that voices mispronounce, and of their possessives."""

import re

from podcast.pronunciation import exceptions
from podcast.pronunciation.notation import ANNOTATED, annotated

POSSESSIVE = re.compile(rf"{ANNOTATED.pattern}(?P<s>['’]s)\b")
ENDINGS = {**dict.fromkeys("szʃʒ", "ɪz"), **dict.fromkeys("ptkfθ", "s")}
"""Last sound of a word -> the sound of its possessive, where it is not /z/."""


def annotate(text: str) -> str:
    """Return a spoken text with the IPA of the words that voices would mispronounce."""
    return possessives(exceptions.annotate(text, "en"))


def possessives(text: str) -> str:
    """Return a text in which an annotated word includes its possessive `'s`: engines would spell the letter."""

    def write(match: re.Match[str]) -> str:
        ipa = match["ipa"]
        return annotated(match["word"] + match["s"], ipa + ENDINGS.get(ipa[-1], "z"))

    return POSSESSIVE.sub(write, text) if "](/" in text else text
