# SPDX-License-Identifier: GPL-3.0-or-later
"""The few sentences that the program itself puts into feed and pages, by language (languages/*/disclosure.toml).

Above all the sentence that says that the voice is synthetic: Apple asks for it in the audio and in the metadata, and
the podcast namespace has a tag for it (`podcast:txt purpose="ai-content"`).
"""

from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from podcast import languages

FILE = "disclosure.toml"


class Disclosure(NamedTuple):
    """The sentences in one language: the keys of its file."""

    language: str
    narrated: str
    """The disclosure, a sentence."""
    voice: str
    """Stands behind the name of a narrator."""
    text: str
    """Before the author of the article, with its colon."""
    source: str
    """Before the URL of the article."""
    links: str
    """Before the article's references."""
    feed: str
    """What to do with the URL of the feed, for people who open it in a browser."""


@cache
def of(tag: str) -> Disclosure:
    """Return the sentences in a language that has them. Raises ConfigError if one is missing."""
    return languages.filled(Disclosure, tag, FILE)


def words(language: str) -> Disclosure:
    """Return the sentences for a language; English if it has none."""
    return of(languages.find(language, FILE, "en"))


def all_words() -> Iterator[Disclosure]:
    """Yield the sentences in every language that has them."""
    return map(of, languages.known(FILE))


def narrator(voice: str, language: str) -> str:
    """Return the name of a narrator, such as `kokoro ff_siwis (voix de synthèse)`, from a voice's reference."""
    return f"{voice.replace('/', ' ')} ({words(language).voice})"
