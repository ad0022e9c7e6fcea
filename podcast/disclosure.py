# SPDX-License-Identifier: GPL-3.0-or-later
"""Translated sentences that the program adds to feed and pages (languages/*/disclosure.toml).

The main one discloses that the voice is synthetic: Apple requires it in the audio and in the metadata, and the podcast
namespace has a tag for it (`podcast:txt purpose="ai-content"`).
"""

from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from podcast import languages

FILE = "disclosure.toml"


class Disclosure(NamedTuple):
    """The sentences in one language; the fields are the keys of its file."""

    language: str
    narrated: str
    """The disclosure of the synthetic voice."""
    voice: str
    """Suffix for the name of a narrator, such as `synthetic voice`."""
    text: str
    """Label before the author of the article, with a colon."""
    source: str
    """Label before the URL of the article."""
    links: str
    """Label before the article's links."""
    feed: str
    """How to use the feed URL, for people who open the feed in a browser."""


@cache
def of(tag: str) -> Disclosure:
    """Return the sentences of a language that has a file. Raises ConfigError if one is missing."""
    return languages.filled(Disclosure, tag, FILE)


def words(language: str) -> Disclosure:
    """Return the sentences for a language; in English if it has none."""
    return of(languages.find(language, FILE, "en"))


def all_words() -> Iterator[Disclosure]:
    """Yield the sentences of every language that has them."""
    return map(of, languages.known(FILE))


def narrator(voice: str, language: str) -> str:
    """Return the name of a narrator, such as `kokoro ff_siwis (voix de synthèse)`, from a voice's reference."""
    return f"{voice.replace('/', ' ')} ({words(language).voice})"
