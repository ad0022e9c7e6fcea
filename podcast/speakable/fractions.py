# SPDX-License-Identifier: GPL-3.0-or-later
"""Fractions: `½ cup`, `2 1/2 kg`, `3/4`, `9/10`. Finds them with the noun that follows; the language says them.

The noun is taken along because most languages put it before the part: `2 ½ tasses` is `deux tasses et demie`.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from podcast.speakable.quantities import Grammar
from podcast.speakable.rules import DIGIT, END, Rule, any_of, last_dot, rule

GLYPHS = {
    "½": (1, 2),
    "⅓": (1, 3),
    "⅔": (2, 3),
    "¼": (1, 4),
    "¾": (3, 4),
    "⅕": (1, 5),
    "⅛": (1, 8),
    "⅜": (3, 8),
    "⅝": (5, 8),
    "⅞": (7, 8),
}


@dataclass(frozen=True, slots=True)
class Fraction:
    """A fraction with a name, and what it is a fraction of."""

    whole: str
    """Digits before it, or empty."""
    above: int
    below: int
    one: str
    """The noun after it, in the singular if it was a unit; empty if there is none."""
    many: str
    unit: bool


def fraction_rules(
    grammar: Grammar,
    say: Callable[[Fraction], str],
    *,
    named: frozenset[int],
    out_of: str,
    no_nouns: frozenset[str],
    over: str = "",
    full_marks: frozenset[int] = frozenset((5, 10)),
    of_words: frozenset[str] = frozenset(),
) -> tuple[Rule, ...]:
    """Return the rules for `½` and `1/2`.

    `named` are the numbers below the line that have a name of their own; other fractions are said with `out_of`:
    `nine out of ten`; where more is above than below, with `over`. `no_nouns` are words that may follow and are no
    nouns. `full_marks` are those that make `10/10` ten out of ten, where `50/50` is fifty fifty.
    Before `of_words` every number has a name: `7/10 of them`.
    """
    over_of = over or out_of

    def read(match: re.Match[str], above: int, below: int) -> str:
        unit, word = match["unit"], match["word"] or ""
        one, many = grammar.units[unit] if unit else ("", "") if word.lower() in no_nouns else (word, word)
        end = "." if unit and unit[-1] == "." and last_dot(match) else ""
        said = say(Fraction(match["whole"] or "", above, below, one, many, unit=bool(unit)))
        return said + end if unit or one or not word else f"{said} {word}"

    def slashed(match: re.Match[str]) -> str:
        names = range(2, 21) if match["word"] in of_words else named
        if match["b"].isdigit() and match["a"].isdigit() and int(match["a"]) < int(match["b"]) in names:
            return read(match, int(match["a"]), int(match["b"]))
        lead = f"{grammar.integer(match['whole'])} " if match["whole"] else ""
        tail = grammar.units[match["unit"]][1] if match["unit"] else match["word"] or ""
        a, b = match["a"], int(re.sub(r"\D", "", match["b"]))
        split = a.isdigit() and (int(a) + b == 100 or (int(a) == b and b not in full_marks))  # 50/50, 80/20
        slash = " " if split else f" {over_of if a.isdigit() and int(a) > b else out_of} "
        return f"{lead}{grammar.number(match['a'])}{slash}{grammar.integer(match['b'])} {tail}".rstrip()

    units = any_of(unit for unit in grammar.units if unit[0].isalpha())
    after = rf"(?: ?(?P<unit>{units}){END}| (?P<word>[^\W\d_]+)(?!')|)"
    groups = re.escape(grammar.groups)
    marks = "".join(re.escape(mark) for mark in grammar.decimal)
    return (
        rule(
            rf"(?:(?<![\w{marks}])(?P<whole>[0-9]{{1,6}})[ -]?)?(?P<glyph>{any_of(GLYPHS)}){after}",
            lambda match: read(match, *GLYPHS[match["glyph"]]),
            needs="".join(GLYPHS),
        ),
        rule(
            rf"(?<![\w./,:$£€-])(?:(?P<whole>[0-9]{{1,6}})[ -])?(?P<a>[0-9]{{1,3}}(?:[{marks}][0-9])?)"
            rf"/(?P<b>[1-9][0-9]{{0,3}}(?:[{groups}][0-9]{{3}})*)(?![\w/]|[.,][0-9]){after}",
            slashed,
            needs="/",
            starts=DIGIT,
        ),
    )
