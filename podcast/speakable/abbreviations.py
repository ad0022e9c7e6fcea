# SPDX-License-Identifier: GPL-3.0-or-later
"""Abbreviations, from the tables of a language: those that stand alone, before a name, before a number.

The same tables tell the splitter of sentences after which dots none ends.
"""

import re

from podcast.speakable.rules import CAPITALS, EDGE, END, Rule, any_of, last_dot, phrases, rule
from podcast.speakable.tables import Tables

CAPITAL = "A-ZÀÁÂÄÇÈÉÊËÌÍÎÑÒÓÔÖÙÚÛÜŒ"


def abbreviation_rules(tables: Tables, *, etc: str) -> tuple[Rule, ...]:
    """Return the rules for all abbreviations of a language and for the initials of names."""
    names: dict[str, str] = tables["before_name"]
    numbers: dict[str, str] = tables["before_number"]
    return (
        rule(rf"{EDGE}[Ee]tc(?P<dot>\.{{1,3}}|…)?{END}", lambda match: etc + ("." if _ends(match) else ""), words=["etc"]),
        phrases(tables["abbreviations"]),
        rule(rf"{EDGE}(?P<word>{any_of(names)}){END}[ -]?(?=[{CAPITAL}])", lambda match: names[match["word"]] + " ", words=names),
        rule(rf"{EDGE}(?P<word>{any_of(key for key in numbers if key[0].isalpha())}) ?(?=[0-9]|[VX]{END}|[IVX]{{2,}}{END})", lambda match: numbers[match["word"]] + " ", words=[key for key in numbers if key[0].isalpha()]),
        rule(rf"(?P<word>{any_of(key for key in numbers if not key[0].isalpha())}) ?(?=[0-9]|[VX]{END}|[IVX]{{2,}}{END})", lambda match: numbers[match["word"]] + " ", needs={key[0] for key in numbers if not key[0].isalpha()}),
        # Initials: a dot after each would end a sentence for an engine.
        rule(rf"{EDGE}(?P<letter>[{CAPITAL}])\.(?=[ -]?(?:[{CAPITAL}]\.|[{CAPITAL}][^\W\d_]))", lambda match: match["letter"] + " ", needs=[CAPITALS]),
    )


def _ends(match: re.Match[str]) -> bool:
    """Tell whether the dot of `etc.` ends the sentence too."""
    following = match.string[match.end() : match.end() + 2]
    return bool(match["dot"]) and (last_dot(match) or (following[:1] == " " and following[1:].isupper()))
