# SPDX-License-Identifier: GPL-3.0-or-later
"""Spanish, Italian, Portuguese and German: numbers, dates, times, ordinals and abbreviations, all from their tables.

What differs between them is in tables/<language>.toml; a language that needs more gets a module of its own, as French and
English have.
"""

import re

from podcast.speakable import numerals, tables
from podcast.speakable.abbreviations import abbreviation_rules
from podcast.speakable.dates import clock, date_rules, short_days, short_months
from podcast.speakable.quantities import DIGITS, Grammar
from podcast.speakable.rules import EDGE, END, Rule, any_of, rule


def grammar(language: str) -> Grammar:
    """Return how the language reads quantities."""
    table = tables.load(language.split("-")[0])

    def cardinal(number: int, feminine: bool = False) -> str:  # noqa: FBT001, FBT002 the shape that Grammar asks for
        return numerals.cardinal(number, language, table["ruleset_feminine" if feminine else "ruleset"])

    def fraction(digits: str) -> str:
        if table["digitwise"] or digits[0] == "0" or len(digits) > 2:
            return numerals.digit_by_digit(digits, language)
        return cardinal(int(digits))

    return tables.grammar(
        table,
        language=language,
        cardinal=cardinal,
        fraction=fraction,
        singular=lambda number: number == 1,
        of=lambda noun: f"{table['of']}{noun}",
    )


def rules(language: str) -> tuple[Rule, ...]:
    """Return the rules of the language in the order in which they are applied, before the numbers left over."""
    table = tables.load(language.split("-")[0])
    months: list[str] = table["months"].split()

    def ordinal(match: re.Match[str]) -> str | None:
        if numerals.is_code(match["digits"]):
            return None
        ruleset = table["ordinals"].get(match["ending"]) or table["ordinals"][""]
        return numerals.cardinal(int(match["digits"]), language, ruleset)

    def day(number: int) -> str:
        return table["first"] if number == 1 and table["first"] else numerals.cardinal(number, language, table["ruleset_day"])

    def date(day_: int, month: int, year: int | None) -> str:
        said = table["date"].format(day=day(day_), month=months[month - 1])
        return said + (f" {table['of_year']}{numerals.cardinal(year, language, table['ruleset_year'])}".replace("  ", " ") if year else "")

    def time(hours: int, minutes: int, seconds: int | None) -> str:
        said = table["time"].format(h=numerals.cardinal(hours, language, table["ruleset_hours"]))
        said += f" {table['and_minutes']}{numerals.cardinal(minutes, language)}" if minutes else ""
        return said + (f" {table['and_seconds']}{numerals.cardinal(seconds, language)}" if seconds else "")

    endings = any_of(ending for ending in table["ordinals"] if ending)
    before_month = rf"(?= (?:{'|'.join(months)}){END})"
    return (
        *abbreviation_rules(table, etc=table["etc"]),
        short_days(table),
        *short_months(table, first=table["first"] or day(1)),
        *date_rules(date),
        clock(rf"(?P<hNAME>[0-9]{{1,2}})(?::|{table['hour_mark']})(?P<mNAME>[0-5][0-9])(?::(?P<sNAME>[0-5][0-9]))?(?: ?{table['hour_word']})?", time, to=table["words"]["to"], needs=":h."),
        rule(rf"(?<![\w.,])(?P<digits>[0-9]+)(?P<ending>{endings}){END}", ordinal, needs=DIGITS),
        *((rule(rf"(?<![\w.,])(?P<digits>[0-9]{{1,2}})(?P<ending>\.){before_month}", ordinal, needs="."),) if table["dot_ordinals"] else ()),
        rule(
            rf"{EDGE}(?P<name>[{table['capitals']}][^\W\d_]{{2,}} )(?P<roman>(?=[IVX]{{2}}){numerals.ROMAN_PATTERN}){END}",
            lambda match: match["name"] + numerals.cardinal(numerals.roman(match["roman"]), language),
            needs="IVX",
        ),
    )
