# SPDX-License-Identifier: GPL-3.0-or-later
"""Guess the gender of a noun from its ending, for the agreement of numbers: `veintiuna casas`, `eine Katze`.

The endings, their exceptions and the words that are not nouns are in `[agreement]` of languages/<tag>/speaking.toml.
With `capitals`, where nouns are capitalised, other words are not nouns.
"""

from collections.abc import Callable

from podcast.speakable.tables import Tables

Gender = Callable[[str], str]
"""Word -> `f`, `m` (anything not feminine), or empty if it is not a noun."""


def gender(tables: Tables) -> Gender:
    """Return a function that guesses the gender of the word after a number."""
    table: dict[str, str] = tables["agreement"]
    endings = tuple(table["endings"].split())
    feminine, masculine = frozenset(table["feminine"].split()), frozenset(table["masculine"].split())
    others = frozenset(table["others"].split())
    against = tuple(table["against"].split())
    adjectives = ("e", "er", "es") if table.get("capitals") else ("",)

    def guess(noun: str) -> str:
        word = noun.partition(" ")[0]
        plain = word.lower()
        if not plain or plain in others or (word == plain and not plain.endswith(adjectives)):
            return ""
        ruled = plain.endswith(endings) and not plain.endswith(against) and plain not in masculine
        return "f" if ruled or plain in feminine else "m"

    return guess
