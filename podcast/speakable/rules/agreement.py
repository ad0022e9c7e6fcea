# SPDX-License-Identifier: GPL-3.0-or-later
"""The gender of a noun, guessed from its ending, so that numbers agree with it: `veintiuna casas`, `eine Katze`.

The endings, the nouns that do not follow them and the words that are no nouns are in `[agreement]` of
languages/<tag>/speaking.toml. With `capitals`, where nouns have them, a word without is an adjective or no word for us.
"""

from collections.abc import Callable

from podcast.speakable.tables import Tables

Gender = Callable[[str], str]
"""Word -> `f`, `m` (whatever is not feminine), or empty if it is no noun."""


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
