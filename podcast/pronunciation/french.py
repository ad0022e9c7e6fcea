# SPDX-License-Identifier: GPL-3.0-or-later
"""French: the IPA of words that espeak-ng mispronounces, of homographs, and of words before a liaison that it misses.

    exceptions   pronunciation.tsv: words that are wrong anywhere            "déficit"    -> [déficit](/defisˈit/)
    homographs   homographs.toml: words by the words around them             "de l'est"   -> de [l'est](/lˈɛst/)

A word is annotated with its elided article (`l'`, `qu'`), as espeak-ng would read an article before phonemes as a
letter. A consonant that is spoken only before a vowel ends in `‿` (`/sˈɑ̃t‿/`), and `ʔ` at the beginning prevents a
liaison, as in `les huit`.
"""

import re
from collections.abc import Mapping
from functools import cache

from podcast import languages
from podcast.pronunciation.exceptions import exceptions, pattern
from podcast.pronunciation.homographs import chosen, context_of, homographs
from podcast.pronunciation.notation import ANNOTATED, annotated

# espeak-ng reads qu'heureux as English. Without its h, it is read as French.
_QU_H = re.compile(r"(?<![\w\[])(qu['’])h(?=[aeiouyâéèêîôœ])", re.IGNORECASE)


def annotate(text: str) -> str:
    """Return a spoken text with the IPA of the words that espeak-ng would mispronounce."""
    fixed, ambiguous = exceptions("fr"), homographs("fr")

    def write(match: re.Match[str]) -> str:
        word = match["said"]
        if not word:
            return match[0]
        lower = word.lower()
        ipa = fixed.get(word) or fixed.get(lower, "")
        if readings := ambiguous.get(word) or ambiguous.get(lower):
            ipa = chosen(readings, context_of(text), match.start("said"), match.end()) or ipa
        if not ipa:
            return match[0]
        return annotated(match[0], _elided(match["elided"] or "", ipa))

    return _QU_H.sub(r"\1", _word().sub(write, text))


@cache
def _word() -> re.Pattern[str]:
    """Return the pattern of a word with its elided article, or of an annotation, which is kept."""
    elided = "(?P<elided>(?:[cdjlmnst]|(?:jus|lors|puis|quoi|pres)?qu)['’])?"
    return re.compile(rf"{ANNOTATED.pattern}|{elided}(?P<said>{pattern('fr')})", re.IGNORECASE)


def _elided(article: str, ipa: str) -> str:
    """Return the IPA of a word with its elided article."""
    sounds: Mapping[str, str] = languages.table("fr", "ipa.toml")["elided"]
    return sounds[article.lower().replace("’", "'")] + ipa.removeprefix("ʔ") if article else ipa
