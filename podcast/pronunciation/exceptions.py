# SPDX-License-Identifier: GPL-3.0-or-later
"""The words of a language that engines mispronounce anywhere, from its pronunciation.tsv.

Two columns, `word<TAB>/ipa/`; `#` begins a comment. A key with capitals stands only for itself, one in lower case for
any case.
"""

from collections.abc import Mapping
from functools import cache

from podcast import languages
from podcast.errors import ConfigError
from podcast.pronunciation.ipa import given, stressed

FILE = "pronunciation.tsv"


@cache
def exceptions(tag: str) -> Mapping[str, str]:
    """Return word -> IPA with stress, empty if a language has none. Raises ConfigError if a value is not IPA."""
    found, path = {}, languages.ROOT / tag / FILE
    for word, written in languages.pairs(tag, FILE).items():
        try:
            ipa = given(written)
        except ValueError as error:
            raise ConfigError(str(error), hint=languages.HINT, file=path, key=word) from error
        if not ipa:
            raise ConfigError(f"must be IPA between slashes, not {written!r}", hint=languages.HINT, file=path, key=word)
        found[word] = stressed(ipa, tag)
    return found
