# SPDX-License-Identifier: GPL-3.0-or-later
"""Abbreviations, from the tables of a language: those that stand alone, before a name, before a number.

The same tables tell the splitter of sentences after which dots none ends.
"""

import re

from podcast.speakable.rules import EDGE, END, Rule, any_of, phrases, rule
from podcast.speakable.tables import Tables

CAPITAL = "A-ZÀÁÂÄÇÈÉÊËÌÍÎÑÒÓÔÖÙÚÛÜŒ"


def abbreviation_rules(tables: Tables, *, etc: str) -> tuple[Rule, ...]:
    """Return the rules for all abbreviations of a language and for the initials of names."""
    names: dict[str, str] = tables["before_name"]
    numbers: dict[str, str] = tables["before_number"]
    return (
        rule(rf"{EDGE}[Ee]tc(?P<dot>\.{{1,3}}|…)?{END}", lambda match: etc + ("." if _ends(match) else "")),
        phrases(tables["abbreviations"]),
        rule(rf"{EDGE}(?P<word>{any_of(names)}){END}[ -]?(?=[{CAPITAL}])", lambda match: names[match["word"]] + " "),
        rule(rf"{EDGE}(?P<word>{any_of(key for key in numbers if key[0].isalpha())}) ?(?=[0-9IVX])", lambda match: numbers[match["word"]] + " "),
        rule(rf"(?P<word>{any_of(key for key in numbers if not key[0].isalpha())}) ?(?=[0-9IVX])", lambda match: numbers[match["word"]] + " "),
        # Initials: a dot after each would end a sentence for an engine.
        rule(rf"{EDGE}(?P<letter>[{CAPITAL}])\.(?=[ -]?(?:[{CAPITAL}]\.|[{CAPITAL}][^\W\d_]))", lambda match: match["letter"] + " ", needs="."),
    )


def _ends(match: re.Match[str]) -> bool:
    """Tell whether the dot of an abbreviation ends the sentence too."""
    rest = match.string[match.end() :].lstrip(' »"”)')
    return bool(match["dot"]) and (not rest or (rest[0].isupper() and match.string[match.end()] == " "))
