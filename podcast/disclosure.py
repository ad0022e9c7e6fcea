# SPDX-License-Identifier: GPL-3.0-or-later
"""The few words that the program itself puts into feed and pages, by language.

Above all the sentence that says that a machine speaks: Apple asks for it in the sound and in the metadata, and
the podcast namespace has a tag for it (`podcast:txt purpose="ai-content"`).
"""

import tomllib
from pathlib import Path
from typing import NamedTuple

from podcast.tongue import kin


class Disclosure(NamedTuple):
    """What is said in one language."""

    language: str
    narrated: str
    """The disclosure, a sentence."""
    voice: str
    """Stands behind the name of a narrator."""
    text: str
    """Before the author of the article, with its colon."""
    source: str
    """Before the address of the article."""
    links: str
    """Before the article's references."""
    feed: str
    """What to do with the address of the feed, for people who meet it in a browser."""


WORDS = {
    language: Disclosure(language, **row)
    for language, row in tomllib.loads(Path(__file__).with_name("disclosure.toml").read_text(encoding="utf-8")).items()
}
"""By the first part of a BCP 47 tag, and the script where it matters."""


def words(language: str) -> Disclosure:
    """Return the words of a language, English for one that has none here."""
    return next((WORDS[name] for name in kin(language) if name in WORDS), WORDS["en"])


def narrator(voice: str, language: str) -> str:
    """Return the name of a narrator, such as `kokoro ff_siwis (voix de synthèse)`, from a voice's reference."""
    return f"{voice.replace('/', ' ')} ({words(language).voice})"
