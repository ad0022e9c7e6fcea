# SPDX-License-Identifier: GPL-3.0-or-later
"""Pronunciation: spoken text -> spoken text in which the words that a voice would say wrong have their IPA.

    speakable   display text -> spoken text    "M. Roux"       -> "monsieur Roux"
    annotate    spoken text -> annotated text  "Ses trois fils" -> "Ses trois [fils](/fis/)"

A word is annotated if engines would mispronounce it: exceptions of the language (podcast/languages/<tag>/), and
homographs by the words around them. A text that needs nothing is returned unchanged, so its clip stays valid. Only for
engines that speak phonemes, which have a method `phonemes`: see Engine in voices.
"""

import re

from podcast import languages
from podcast.langtag import primary
from podcast.pronunciation import ipa
from podcast.pronunciation.notation import ANNOTATED, annotated, plain, replace

__all__ = ["annotate", "plain", "respell", "respellings", "written"]

ARTICLE = re.compile(r"(?<![^\W_])(?:\w|[Qq]u)['’]\Z")
"""An elided article before a word: `l'`, `qu'`."""


def annotate(text: str, language: str) -> str:
    """Return a spoken text with the IPA of the words that engines would mispronounce in a language (BCP 47).

    Annotations that the text has already are kept; an elided article before one becomes part of it: engines would read
    the letter in `d'[Kerguen](/…/)`.
    """
    from podcast.pronunciation import english, exceptions, french  # only narration needs their tables

    tag = primary(language)
    if "](/" in text:
        text = _joined(english.possessives(text) if tag == "en" else text, language)
    match tag:
        case "en":
            return english.annotate(text, language)
        case "fr":
            return french.annotate(text)
        case _:
            return exceptions.annotate(text, tag)


def _joined(text: str, language: str) -> str:
    """Return a text in which annotations have a stress, and include the elided article before them."""
    elided = languages.table(languages.find(language, "ipa.toml", "en"), "ipa.toml").get("elided", {})
    found: list[str] = []
    done = 0
    for match in ANNOTATED.finditer(text):
        before, sounds = text[done : match.start()], ipa.stressed(match["ipa"], language)
        article, word = ARTICLE.search(before), match["word"]
        spoken = elided.get(article[0].lower().replace("’", "'")) if article else None
        if article and spoken:
            before, word, sounds = before[: article.start()], article[0] + word, spoken + sounds.removeprefix("ʔ")
        found += before, annotated(word, sounds)
        done = match.end()
    return "".join(found) + text[done:]


def written(word: str, said: str) -> str:
    """Return an entry of a lexicon as spoken text: IPA, such as `/kɛʁɡɛn/`, becomes an annotation of the word.

    Raises ValueError for what is not IPA between the slashes.
    """
    pronunciation = ipa.given(said)
    return said if pronunciation is None else annotated(word.replace("[", "(").replace("]", ")"), pronunciation)


def respell(text: str, language: str) -> str:
    """Return a text in which annotated words are respelt by the rules of a language."""
    return replace(text, lambda _word, sounds: ipa.respelt(sounds, language))


def respellings(text: str, language: str) -> tuple[tuple[str, str], ...]:
    """Return the annotated words of a text, each with the spelling that `respell` gives it."""
    return tuple((match["word"], ipa.respelt(match["ipa"], language)) for match in ANNOTATED.finditer(text))
