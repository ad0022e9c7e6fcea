# SPDX-License-Identifier: GPL-3.0-or-later
"""Spell out numbers by the rules of the CLDR (unicode-rbnf), and helpers for all languages.

Numbers are passed as the digits in the text, because `007` and a twenty-digit serial number are not quantities: with a
leading zero, or more than 15 digits, they are read digit by digit.
"""

from functools import cache, lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from unicode_rbnf import RbnfEngine

COUNTED_LIKE = {"nb": "no", "bs": "hr"}
"""Languages whose own rules are missing or faulty: the Bosnian ones begin with the word for a digit."""
LONGEST = 15
"""Maximum digits of a number that is read as one; unicode-rbnf has no rules beyond it."""


@cache
def engine(language: str) -> "RbnfEngine | None":
    """Return the rules of a language, or of the language without its region and script, or None.

    Some have a file that spells nothing out (`es-419`, `nb`): their rules are in the file of a wider language.
    """
    from unicode_rbnf import RbnfEngine

    base, *rest = language.split("-")
    base = base.lower()
    parts = [COUNTED_LIKE[base]] if base in COUNTED_LIKE else [base, *rest]
    for length in range(len(parts), 0, -1):
        try:
            rules = RbnfEngine.for_language("_".join(parts[:length]))
        except ValueError:
            continue
        if any(name.startswith("spellout-") for name in rules.rulesets):
            return rules
    return None


@lru_cache(maxsize=4096)
def cardinal(number: int, language: str, ruleset: str = "") -> str:
    """Spell out an integer, from -10^15 to 10^15, by a ruleset of the CLDR (`cardinal-feminine`).

    If the language does not have the ruleset, the default one is used. Raises KeyError if the language has no rules, or
    none for so large a number.
    """
    from unicode_rbnf.engine import NoRuleForNumberError

    rules = engine(language)
    if rules is None:
        raise KeyError(language)
    names = [
        name for name in (f"spellout-{ruleset}", "spellout-numbering", "spellout-cardinal") if name in rules.rulesets
    ]
    try:
        return str(rules.format_number(number, ruleset_names=names[:1] or None).text)
    except NoRuleForNumberError:
        raise KeyError(number) from None


def digit_by_digit(digits: str, language: str) -> str:
    """Spell out each digit: `one two three`."""
    return " ".join(cardinal(int(digit), language) for digit in digits)


def is_code(digits: str) -> bool:
    """Return True if digits are a code rather than a quantity: a leading zero, or too many."""
    return len(digits) > LONGEST or (len(digits) > 1 and digits[0] == "0")


ROMAN = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100, "D": 500, "M": 1000}
ROMAN_PATTERN = r"(?=[IVXLC])(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})"
"""Roman numerals up to 99: for kings, centuries and chapters."""
ROMAN_TENS = r"(?=[IVX]{2})X{0,3}(?:IX|IV|V?I{0,3})"
"""Roman numerals of two letters and more that cannot be words, initials or the pronoun."""

ROMAN_YEARS = r"(?=[MDCLXVI]{4})M{1,2}(?:CM|CD|D?C{0,3})(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})"
"""Roman numerals of years, as in `MMXXIV`: too long to be anything else."""


def roman(numeral: str) -> int:
    """Return the value of a Roman numeral in capitals."""
    values = [ROMAN[letter] for letter in numeral]
    return sum(-a if a < b else a for a, b in zip(values, [*values[1:], 0], strict=True))
