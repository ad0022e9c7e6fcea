# SPDX-License-Identifier: GPL-3.0-or-later
"""Pronunciation: spoken text -> spoken text in which the words that a voice would say wrong have their IPA.

    speakable   display text -> spoken text    "M. Roux"       -> "monsieur Roux"
    annotate    spoken text -> annotated text  "Ses trois fils" -> "Ses trois [fils](/fis/)"

A word is annotated if engines would mispronounce it: exceptions of the language (podcast/languages/<tag>/), and
homographs by the words around them. A text that needs nothing is returned unchanged, so its clip stays valid. Only for
engines that speak phonemes: see `Engine.phonemes` in voices.
"""

from collections.abc import Callable, Mapping

from podcast.langtag import primary
from podcast.pronunciation import french

ANNOTATORS: Mapping[str, Callable[[str], str]] = {"fr": french.annotate}
"""Language -> its function, text -> annotated text."""


def annotate(text: str, language: str) -> str:
    """Return a spoken text with the IPA of the words that engines would mispronounce in a language (BCP 47)."""
    annotator = ANNOTATORS.get(primary(language))
    return annotator(text) if annotator else text
