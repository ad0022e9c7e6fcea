# SPDX-License-Identifier: GPL-3.0-or-later
"""Spanish, Italian, Portuguese and German: numbers, dates, times, ordinals and abbreviations, all from tables.

What differs between them is in tables/<language>.toml; a language that needs more gets a module of its own, as French
and English have.
"""

import re

from podcast.speakable import numerals, tables
from podcast.speakable.abbreviations import CAPITAL, abbreviation_rules
from podcast.speakable.dates import clock, date_rules, short_days, short_months
from podcast.speakable.quantities import DIGITS, Grammar
from podcast.speakable.rules import EDGE, END, Rule, any_of, rule


def grammar(language: str) -> Grammar:
    """Return how the language reads quantities."""
    table = tables.load(tables.base(language))

    def fraction(digits: str) -> str:
        if table["digitwise"] or digits[0] == "0" or len(digits) > 2:
            return numerals.digit_by_digit(digits, language)
        return numerals.cardinal(int(digits), language, table["ruleset"])

    return tables.grammar(
        table,
        language=language,
        cardinal=lambda number: numerals.cardinal(number, language, table["ruleset"]),
        une=lambda number: numerals.cardinal(number, language, table["ruleset_feminine"]),
        fraction=fraction,
        singular=lambda number: number == 1,
        of=lambda noun: f"{table['of']}{noun}",
    )


def rules(language: str) -> tuple[Rule, ...]:
    """Return the rules of the language in the order in which they are applied, before the numbers left over."""
    table = tables.load(tables.base(language))
    return (
        *abbreviation_rules(table, etc=table["etc"]),
        *_dates(table, language),
        *_times(table, language),
        *_ordinals(table, language),
    )


def _dates(table: tables.Tables, language: str) -> tuple[Rule, ...]:
    months: list[str] = table["months"].split()

    def first_day() -> str:
        return table["first"] or numerals.cardinal(1, language, table["ruleset_day"])

    def date(day: int, month: int, year: int | None) -> str:
        number = first_day() if day == 1 else numerals.cardinal(day, language, table["ruleset_day"])
        said: str = table["date"].format(day=number, month=months[month - 1])
        if not year:
            return said
        return f"{said} {table['of_year']}{numerals.cardinal(year, language, table['ruleset_year'])}"

    return (short_days(table), *short_months(table, first=first_day()), *date_rules(date))


def _times(table: tables.Tables, language: str) -> tuple[Rule, ...]:
    def time(hours: int, minutes: int, seconds: int | None) -> str:
        said: str = table["time"].format(h=numerals.cardinal(hours, language, table["ruleset_hours"]))
        said += f" {table['and_minutes']}{numerals.cardinal(minutes, language)}" if minutes else ""
        return said + (f" {table['and_seconds']}{numerals.cardinal(seconds, language)}" if seconds else "")

    mark, after = table["hour_mark"], table["hour_word"]
    pattern = rf"(?P<hNAME>[0-9]{{1,2}})(?::|{mark})(?P<mNAME>[0-5][0-9])(?::(?P<sNAME>[0-5][0-9]))?(?: ?{after})?"
    return (clock(pattern, time, to=table["words"]["to"], needs=":h."),)


def _ordinals(table: tables.Tables, language: str) -> tuple[Rule, ...]:
    def ordinal(match: re.Match[str]) -> str | None:
        if numerals.is_code(match["digits"]):
            return None
        ruleset = table["ordinals"].get(match["ending"]) or table["ordinals"][""]
        return numerals.cardinal(int(match["digits"]), language, ruleset)

    def roman(match: re.Match[str]) -> str:
        return match["name"] + numerals.cardinal(numerals.roman(match["roman"]), language)

    endings = any_of(ending for ending in table["ordinals"] if ending)
    month = rf"(?= (?:{'|'.join(table['months'].split())}){END})"
    dotted = rule(rf"(?<![\w.,])(?P<digits>[0-9]{{1,2}})(?P<ending>\.){month}", ordinal, needs=".")
    return (
        rule(rf"(?<![\w.,])(?P<digits>[0-9]+)(?P<ending>{endings}){END}", ordinal, needs=DIGITS),
        *([dotted] if table["dot_ordinals"] else ()),
        rule(rf"{EDGE}(?P<name>[{CAPITAL}][^\W\d_]{{2,}} )(?P<roman>{numerals.ROMAN_TENS}){END}", roman, needs="IVX"),
    )
