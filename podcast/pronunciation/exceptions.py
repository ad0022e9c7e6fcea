# SPDX-License-Identifier: GPL-3.0-or-later
"""The words of a language that engines mispronounce anywhere, from its pronunciation.tsv and names.tsv.

Two columns, `word<TAB>/ipa/`; `#` begins a comment. A key with capitals stands only for itself, one in lower case for
any case. A key may be of several words, such as `week-end` or `Côte d'Azur`. Names and foreign words are in names.tsv.
"""

import re
from collections.abc import Callable, Mapping
from functools import cache

from podcast import languages
from podcast.errors import ConfigError
from podcast.pronunciation.ipa import given, stressed
from podcast.pronunciation.notation import ANNOTATED, annotated

FILES = ("names.tsv", "pronunciation.tsv")


def unchanged(_word: str, ipa: str) -> str:
    """Return an IPA as it is written in the files."""
    return ipa


def annotate(text: str, tag: str, adapt: Callable[[str, str], str] = unchanged) -> str:
    """Return a spoken text with the IPA of the words that engines would mispronounce; annotations are kept.

    `adapt` makes the IPA of a word that of a variant of the language.
    """
    known = exceptions(tag)
    if not known:
        return text

    def write(match: re.Match[str]) -> str:
        word = match["said"]
        ipa = word and (known.get(word) or known.get(word.lower()))
        return annotated(word, adapt(word, ipa)) if ipa else match[0]

    return _word(tag).sub(write, text)


@cache
def exceptions(tag: str) -> Mapping[str, str]:
    """Return word -> IPA with stress, empty if a language has none. Raises ConfigError if a value is not IPA."""
    return {word: ipa for name in FILES for word, ipa in _read(tag, name).items()}


def _read(tag: str, name: str) -> Mapping[str, str]:
    found, path = {}, languages.ROOT / tag / name
    for word, written in languages.pairs(tag, name).items():
        try:
            ipa = given(written)
        except ValueError as error:
            raise ConfigError(str(error), hint=languages.HINT, file=path, key=word) from error
        if not ipa:
            raise ConfigError(f"must be IPA between slashes, not {written!r}", hint=languages.HINT, file=path, key=word)
        found[word] = stressed(ipa, tag)
    return found


@cache
def pattern(tag: str) -> str:
    """Return a pattern for the words of a text: keys of several words, as long as possible, and single words."""
    several = sorted((key for key in exceptions(tag) if not key.isalpha()), key=len, reverse=True)
    return "".join(f"{re.escape(key)}(?![\\w-])|" for key in several) + r"[^\W\d_]+"


@cache
def _word(tag: str) -> re.Pattern[str]:
    return re.compile(f"{ANNOTATED.pattern}|(?P<said>{pattern(tag)})")
