# SPDX-License-Identifier: GPL-3.0-or-later
"""Find fractions, `½ cup`, `2 1/2 kg`, `3/4`, `9/10`, with the noun that follows; each language spells them out.

The noun is part of the match because most languages put it before the fraction: `2 ½ tasses` is `deux tasses et demie`.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from podcast.speakable.engine import END, Rule, any_of, last_dot, rule
from podcast.speakable.rules.measures import Grammar

_MAX_NAMED = 20
"""Maximum denominator with a name before `of_words`."""
_SCORE = re.compile(r"(?<![\w/.,])(?:[67]/[0-6]|5/[0-4]|4/[0-3]|3/[0-2]|2/[01])(?![\w/]|[.,][0-9])")
"""A number above a smaller one: then others with a slash are scores as well, `6/2, 1/6`."""
GLYPHS = {
    "½": (1, 2),
    "⅓": (1, 3),
    "⅔": (2, 3),
    "¼": (1, 4),
    "¾": (3, 4),
    "⅕": (1, 5),
    "⅖": (2, 5),
    "⅗": (3, 5),
    "⅘": (4, 5),
    "⅙": (1, 6),
    "⅛": (1, 8),
    "⅜": (3, 8),
    "⅝": (5, 8),
    "⅞": (7, 8),
}


@dataclass(frozen=True, slots=True)
class Fraction:
    """A fraction with a name, and its noun."""

    whole: str
    """Digits before it, or empty."""
    above: int
    below: int
    one: str
    """The noun after it, in the singular if it was a unit; empty if there is none."""
    many: str
    unit: bool


@dataclass(frozen=True, slots=True)
class FractionWording:
    """How a language spells out fractions."""

    grammar: Grammar
    say: Callable[[Fraction], str]
    named: frozenset[int]
    """Denominators with a name of their own."""
    out_of: str
    """Spoken between numerator and any other denominator: `nine out of ten`."""
    no_nouns: frozenset[str]
    """Words after a fraction that are not nouns."""
    over: str = ""
    """Spoken if the numerator is the larger one; empty if that is `out_of`."""
    full_marks: frozenset[int] = frozenset((5, 10))
    """Denominators for which `10/10` is ten out of ten, while `50/50` is fifty fifty."""
    of_words: frozenset[str] = frozenset()
    """Words before which every denominator has a name: `7/10 of them`."""
    marks: frozenset[int] = frozenset()
    """Denominators that are most often those of a mark, `8/10`: named only after 1 and before `of_words`."""
    articles: frozenset[str] = frozenset()
    """Articles, in lower case, which are not repeated: `un 1/5` is `un quinto`."""

    def read(self, match: re.Match[str], above: int, below: int) -> str:
        """Spell out a fraction that has a name, and the noun after it."""
        unit, word = match["unit"], match["word"] or ""
        no_noun = word.lower() in self.no_nouns
        noun = "" if no_noun else word
        one, many = self.grammar.units[unit] if unit else (noun, noun)
        end = "." if unit and unit[-1] == "." and last_dot(match) else ""
        said = self.say(Fraction(match["whole"] or "", above, below, one, many, unit=bool(unit)))
        article, _, rest = said.partition(" ")
        if self.articles and article in self.articles and _word_before(match) in self.articles:
            said = rest
        return said + end if unit or one or not word else f"{said} {word}"

    def _is_named(self, match: re.Match[str], above: int, below: int) -> bool:
        if match["word"] in self.of_words:
            return below <= _MAX_NAMED or (below in self.named and below % 10 == 0)
        if self.marks and _SCORE.search(match.string):
            return False
        return below in self.named and (above == 1 or bool(match["whole"]) or below not in self.marks)

    def slashed(self, match: re.Match[str]) -> str:
        """Spell out two numbers with a slash between them, by name or as one out of the other."""
        return (f"{self.grammar.words['-']} " if match["minus"] else "") + self._unsigned(match)

    def _unsigned(self, match: re.Match[str]) -> str:
        a, b = match["a"], int(re.sub(r"\D", "", match["b"]))
        if match["b"].isdigit() and a.isdigit() and int(a) < b and self._is_named(match, int(a), b):
            return self.read(match, int(a), b)
        lead = f"{self.grammar.integer(match['whole'])} " if match["whole"] else ""
        tail = self.grammar.units[match["unit"]][1] if match["unit"] else match["word"] or ""
        slash = self._between(match, a, b)
        return f"{lead}{self.grammar.number(a)}{slash}{self.grammar.integer(match['b'])} {tail}".rstrip()

    def _between(self, match: re.Match[str], a: str, b: int) -> str:
        """Return what is spoken for the slash, with spaces."""
        if self.marks and _SCORE.search(match.string):
            return f" {self.grammar.words['to']} "
        if not a.isdigit():
            return f" {self.out_of} "
        if int(a) + b == 100 or (int(a) == b and b not in self.full_marks):  # 50/50, 80/20
            return " "
        return f" {(self.over or self.out_of) if int(a) > b else self.out_of} "


def _word_before(match: re.Match[str]) -> str:
    """Return the word before a match, in lower case; empty if there is none."""
    words = match.string[max(0, match.start() - 12) : match.start()].lower().split()
    return words[-1] if words else ""


def fraction_rules(manner: FractionWording) -> tuple[Rule, ...]:
    """Return the rules for `½` and `1/2`."""
    grammar = manner.grammar
    units = any_of(unit for unit in grammar.units if unit[0].isalpha())
    after = rf"(?: ?(?P<unit>{units}){END}| (?P<word>[^\W\d_]+)(?!')|)"
    groups = re.escape(grammar.groups)
    marks = "".join(re.escape(mark) for mark in grammar.decimal)
    return (
        rule(
            rf"(?:(?<![\w{marks}])(?P<whole>[0-9]{{1,6}})[ -]?)?(?P<glyph>{any_of(GLYPHS)}){after}",
            lambda match: manner.read(match, *GLYPHS[match["glyph"]]),
            needs="".join(GLYPHS),
        ),
        rule(
            rf"(?:(?<![^\s(])(?P<minus>[-−])|(?<![\w./,:$£€-]))(?:(?P<whole>[0-9]{{1,6}})[ -])?"
            rf"(?P<a>[0-9]{{1,3}}(?:[{marks}][0-9])?)"
            rf"/(?P<b>[1-9][0-9]{{0,4}}(?:[{groups}][0-9]{{3}})*)(?!(?!{units}{END})\w|/|[.,][0-9]| ?°){after}",
            manner.slashed,
            needs="/",
            starts="[-−]?[0-9]+",
        ),
    )
