# SPDX-License-Identifier: GPL-3.0-or-later
"""Table-driven rules for numbers, dates, times, ordinals and fractions: Spanish, Italian, Portuguese, mostly German.

Their differences are in languages/<tag>/speaking.toml; German needs additional rules, which are in de.py.
"""

import re

from podcast.speakable import tables
from podcast.speakable.engine import CAPITAL_START, DIGIT, EDGE, END, NUMERALS, Rule, any_of, rule
from podcast.speakable.rules import spellout
from podcast.speakable.rules.abbreviations import CAPITAL, abbreviation_rules
from podcast.speakable.rules.agreement import Gender, gender
from podcast.speakable.rules.dates import clock, date_rules, month_spans, short_days, short_months
from podcast.speakable.rules.fractions import Fraction, FractionWording, fraction_rules
from podcast.speakable.rules.measures import DIGITS, Grammar


def grammar(language: str) -> Grammar:
    """Build the grammar of quantities."""
    table = tables.load(language)
    genders = gender(table)
    rulesets = {"": table["ruleset"], "m": table["ruleset_masculine"], "f": table["ruleset_feminine"]}

    def fraction(digits: str) -> str:
        if table["digitwise"] or digits[0] == "0" or len(digits) > 2:
            return spellout.digit_by_digit(digits, language)
        return spellout.cardinal(int(digits), language, table["ruleset"])

    def before(number: int, noun: str) -> str:
        if number == 1 and "one_before" in table and genders(noun):
            forms: dict[str, dict[str, str]] = table["one_before"]
            return next(form for form, starts in forms[genders(noun)].items() if re.match(starts, noun.lower()))
        ruleset = rulesets[genders(noun)] if number == 1 or table["agrees"] else table["ruleset"]
        return spellout.cardinal(number, language, ruleset)

    return tables.grammar(
        table,
        language=language,
        cardinal=lambda number: spellout.cardinal(number, language, table["ruleset"]),
        before=before,
        fraction=fraction,
        singular=lambda number: number == 1,
        of=lambda noun: f"{table['of']}{noun}",
        bare=lambda text: _year(text, language, table["ruleset_bare_year"]),
    )


def rules(language: str) -> tuple[Rule, ...]:
    """Return the rules of the language in order, without those for the remaining numbers."""
    table = tables.load(language)
    return (
        *abbreviation_rules(table, etc=table["etc"]),
        *_romans(table, language),
        *_dates(table, language),
        *_times(table, language),
        *_ordinals(table, language),
        rule(r"(?<=[^\W\d_] )'(?=[0-9]{2}(?![\w']))", "", needs="'"),
        *_phones(language),
        *_fractions(table, grammar(language)),
    )


def _year(text: str, language: str, ruleset: str) -> str | None:
    """Spell out four digits as a year, if years differ from other numbers."""
    if not ruleset or not re.fullmatch("1[1-9][0-9]{2}", text):
        return None
    return spellout.cardinal(int(text), language, ruleset)


def _romans(table: tables.Tables, language: str) -> tuple[Rule, ...]:
    """Spell out Roman numerals: of kings and centuries as ordinals up to `roman_ordinals`, of chapters as numbers."""
    genders = gender(table)
    kings, ages = table["kings"].split(), table["centuries"]
    numbered = table["numbered"].split()

    def number(match: re.Match[str], noun: str, *, ordinal: bool) -> str:
        value = spellout.roman(match["roman"])
        if not ordinal or value > table["roman_ordinals"]:
            return spellout.cardinal(value, language, table["ruleset"])
        return spellout.cardinal(value, language, "ordinal-feminine" if genders(noun) == "f" else "ordinal-masculine")

    def named(match: re.Match[str]) -> str:
        name = match["name"]
        said = number(match, name, ordinal=name not in numbered or table["roman_ordinals"] > 10)
        return f"{ages.get(name, name)} {said}"

    def counted(match: re.Match[str]) -> str:
        return f"{number(match, match['noun'], ordinal=True)} {match['noun']}"

    def alone(match: re.Match[str]) -> str:
        return number(match, "", ordinal=table["roman_ordinals"] > 10)

    names = [*kings, *ages, *numbered]
    single = spellout.ROMAN_PATTERN
    return (
        rule(rf"{EDGE}(?P<name>{any_of(names)}) (?P<roman>{single}){END}(?!['.]\w)", named, words=names),
        rule(
            rf"{EDGE}(?P<name>[{CAPITAL}][^\W\d_]{{2,}}) (?P<roman>{spellout.ROMAN_TENS}){END}",
            named,
            needs=[NUMERALS],
            starts=CAPITAL_START,
        ),
        rule(
            rf"{EDGE}(?P<roman>{single}) (?P<noun>{any_of(table['after_roman'].split())}){END}",
            counted,
            needs="IVX",
            starts="[IVX]",
        ),
        rule(rf"{EDGE}(?P<roman>{spellout.ROMAN_TENS}){END}", alone, needs=[NUMERALS], headlines=False, starts="[IVX]"),
    )


def _dates(table: tables.Tables, language: str) -> tuple[Rule, ...]:
    months: list[str] = table["months"].split()

    def first_day() -> str:
        return table["first"] or spellout.cardinal(1, language, table["ruleset_day"])

    def date(day: int, month: int, year: int | None) -> str:
        number = first_day() if day == 1 else spellout.cardinal(day, language, table["ruleset_day"])
        said: str = table["date"].format(day=number, month=months[month - 1])
        if not year:
            return said
        return f"{said} {table['of_year']}{spellout.cardinal(year, language, table['ruleset_year'])}"

    short = short_months(table, first=first_day())
    return (month_spans(table), *short_days(table), *short, *date_rules(date))


def _times(table: tables.Tables, language: str) -> tuple[Rule, ...]:
    def time(hours: int, minutes: int, seconds: int | None) -> str:
        several = table["time"] if minutes else table["time_sharp"]
        form = table["time_one"] if hours == 1 else several
        said: str = form.format(h=spellout.cardinal(hours, language, table["ruleset_hours"]))
        said += f" {table['and_minutes']}{spellout.cardinal(minutes, language, table['ruleset'])}" if minutes else ""
        if seconds:
            said += (
                f" {table['and_seconds']}{spellout.cardinal(seconds, language, table['ruleset'])} {table['seconds']}"
            )
        return said

    mark, after = table["hour_mark"], table["hour_word"]
    minutes = r"(?P<mNAME>[0-5][0-9])(?::(?P<sNAME>[0-5][0-9]))?"
    pattern = rf"(?P<hNAME>[0-9]{{1,2}})(?::|{mark}){minutes}(?: ?{after})?"
    sharp = rf"(?P<hNAME>[0-9]{{1,2}})(?P<mNAME>(?!))?(?P<sNAME>(?!))?(?:{table['hour_sharp']})"
    to = table["words"]["to"]
    always = f"{spellout.cardinal(24, language)} {spellout.cardinal(7, language)}"
    return (
        rule(r"(?<![\w./])24/7(?![\w/])", always, needs="/"),
        clock(pattern, time, to=to, needs=":h."),
        clock(sharp, time, to=to, needs=DIGITS),
    )


def _ordinals(table: tables.Tables, language: str) -> tuple[Rule, ...]:
    def ordinal(match: re.Match[str]) -> str | None:
        if spellout.is_code(match["digits"]):
            return None
        ruleset = table["ordinals"].get(match["ending"]) or table["ordinals"][""]
        return spellout.cardinal(int(match["digits"]), language, ruleset)

    endings = any_of(ending for ending in table["ordinals"] if ending)
    return (rule(rf"(?<![\w.,])(?P<digits>[0-9]+)(?P<ending>{endings}){END}", ordinal, needs=DIGITS, starts=DIGIT),)


def _phones(language: str) -> tuple[Rule, ...]:
    def groups(match: re.Match[str]) -> str:
        found = re.findall(r"[0-9]+", match.group())
        lead = f"{tables.load(language)['words']['+']} " if match.group()[0] == "+" else ""
        return lead + ", ".join(spellout.digit_by_digit(group, language) for group in found)

    digits = r"(?:\([0-9]{1,5}\) ?)?[0-9]{1,5}(?:[ ./-][0-9]{2,9}){1,5}(?![\w-])"
    return (rule(rf"(?<![\w.])(?:\+[0-9]{{1,3}}[ .-]?|(?=0[0-9]{{1,4}}[ /-]|\()){digits}", groups, needs=DIGITS),)


def _fractions(table: tables.Tables, speech: Grammar) -> tuple[Rule, ...]:
    parts: dict[str, list[str]] = table["fractions"]
    genders: Gender = gender(table)

    def say(part: Fraction) -> str:
        kind = genders(part.one) or "m"
        half: str = table["half"][kind]
        of: str = table["part"]["one" if part.unit else "many"]
        above = table["half"]["one"] if part.above == 1 else speech.cardinal(part.above)
        said = f"{above} {parts[str(part.below)][part.above > 1]}"
        if part.whole:
            tail = table["half"][f"and_{kind}"] if part.below == 2 else said
            form: str = table["part"]["mixed" if part.many else "mixed_alone"]
            tail = tail.replace(" ", "").lower() if form.startswith("{n}{part}") else tail
            return form.format(n=speech.integer(part.whole, part.many), noun=part.many, part=tail)
        if part.below == 2 and part.one:
            return f"{half} {part.one}"
        return of.format(part=said, noun=part.one).strip()

    return fraction_rules(
        FractionWording(
            speech,
            say,
            named=frozenset((2, 3, 4)),
            out_of=table["out_of"],
            no_nouns=frozenset(table["agreement"]["others"].split()),
        )
    )
