# SPDX-License-Identifier: GPL-3.0-or-later
"""The notation for a pronunciation in spoken text: `[Kerguen](/kɛʁɡɛn/)`, a word and its IPA.

It is the notation of Kokoro's own tools. Only `annotate` and a show's lexicon write it; engines that speak phonemes
read it, and `plain` removes it for everything else.
"""

import re
from collections.abc import Callable

ANNOTATED = re.compile(r"\[(?P<word>[^][]+)\]\(/(?P<ipa>[^/()]+)/\)")
"""A word, or words, and the IPA for them."""

IPA = re.compile(r"\s*/(?P<ipa>[^/()]+)/\s*")
"""An entry of a lexicon that gives IPA: `/kɛʁɡɛn/`."""


def annotated(word: str, ipa: str) -> str:
    """Return a word with its pronunciation."""
    return f"[{word}](/{ipa}/)"


def plain(text: str) -> str:
    """Return a text without pronunciations: only the words."""
    return replace(text, lambda word, _ipa: word)


def replace(text: str, write: Callable[[str, str], str]) -> str:
    """Replace every annotated word by `write(word, ipa)`."""
    return ANNOTATED.sub(lambda match: write(match["word"], match["ipa"]), text) if "](/" in text else text
