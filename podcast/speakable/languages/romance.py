# SPDX-License-Identifier: GPL-3.0-or-later
"""Table-driven rules for numbers, dates, times, ordinals and fractions: Spanish, Italian, Portuguese, mostly German.

Their differences are in languages/<tag>/speaking.toml; German needs additional rules, which are in de.py.
"""

import re
from collections.abc import Callable

from podcast.speakable import tables
from podcast.speakable.engine import CAPITAL_START, DIGIT, EDGE, END, NUMERALS, Rule, any_of, last_dot, rule
from podcast.speakable.rules import spellout
from podcast.speakable.rules.abbreviations import CAPITAL, abbreviation_rules
from podcast.speakable.rules.agreement import Gender, gender
from podcast.speakable.rules.dates import clock, date_rules, is_day, month_spans, short_days, short_months
from podcast.speakable.rules.fractions import Fraction, FractionWording, fraction_rules
from podcast.speakable.rules.measures import DIGITS, Grammar, millions
from podcast.speakable.rules.phones import called, phones
from podcast.speakable.rules.special_numbers import special_numbers

_MAX_ORDINAL = 12
"""Maximum number before the sign of degrees that is read as an ordinal if no noun follows."""
_EVENING = 8
"""The hour at which the evening begins."""
_MILLION = 1_000_000


def grammar(language: str) -> Grammar:
    """Build the grammar of quantities."""
    table = tables.load(language)

    def fraction(digits: str) -> str:
        if table["digitwise"] or digits[0] == "0" or len(digits) > 2:
            return spellout.digit_by_digit(digits, language)
        return spellout.cardinal(int(digits), language, table["ruleset"])

    return tables.grammar(
        table,
        language=language,
        cardinal=lambda number: spellout.cardinal(number, language, table["ruleset"]),
        before=_counting(table, language),
        fraction=fraction,
        singular=lambda number: number == 1,
        of=lambda noun: f"{table['of']}{noun}",
        bare=lambda text: _year(text, language, table["ruleset_bare_year"]),
    )


def _counting(table: tables.Tables, language: str) -> Callable[[int, str], str]:
    """Return the function that spells out an integer before a noun."""
    genders = gender(table)
    rulesets = {"": table["ruleset"], "m": table["ruleset_masculine"], "f": table["ruleset_feminine"]}

    def article(noun: str) -> str:
        forms: dict[str, dict[str, str]] = table["one_before"]
        return next(form for form, starts in forms[genders(noun)].items() if re.match(starts, noun.lower()))

    def before(number: int, noun: str) -> str:
        kind = genders(noun)
        if number == 1 and kind and "one_before" in table:
            return article(noun)
        ruleset = rulesets[kind] if number == 1 or table["agrees"] else table["ruleset"]
        said = spellout.cardinal(number, language, ruleset)
        if kind == "f" and number < _MILLION:  # millions are masculine
            for masculine, feminine in table.get("feminine_thousands", ()):
                said = said.replace(masculine, feminine)
        return said

    return before


def rules(language: str) -> tuple[Rule, ...]:
    """Return the rules of the language in order, without those for the remaining numbers."""
    table = tables.load(language)
    speech = grammar(language)
    return (
        *special_numbers(table, speech),
        *called(table, language),
        *_half_days(table, language),
        *abbreviation_rules(table, etc=table["etc"]),
        *_romans(table, language),
        *_dates(table, language),
        *_times(table, language),
        *_ordinals(table, language),
        rule(r"(?<=[^\W\d_] )'(?=[0-9]{2}(?![\w']))", "", needs="'"),
        *phones(table, language),
        *_fractions(table, speech),
        *((millions(speech, frozenset(table["agreement"]["others"].split())),) if table["of"] else ()),
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
        value = spellout.roman(match["roman"].upper())
        if not ordinal or value > table["roman_ordinals"]:
            return spellout.cardinal(value, language, table["ruleset"])
        return spellout.cardinal(value, language, "ordinal-feminine" if genders(noun) == "f" else "ordinal-masculine")

    def named(match: re.Match[str]) -> str:
        name = match["name"]
        said = number(match, name, ordinal=name not in numbered or table["roman_ordinals"] > 10)
        return f"{ages.get(name, name)} {said}"

    def counted(match: re.Match[str]) -> str:
        return f"{number(match, match['noun'], ordinal=True)} {ages.get(match['noun'], match['noun'])}"

    def alone(match: re.Match[str]) -> str:
        noun = re.match(r" ([^\W\d_]+)", match.string[match.end() :])
        return number(match, noun[1] if noun else "", ordinal=table["roman_ordinals"] > 10)

    def ruler(match: re.Match[str]) -> str:
        return f"{match['lead']} {match['name']} {number(match, match['lead'], ordinal=True)}"

    names = [*kings, *ages, *numbered]
    titles = table.get("rulers", "").split()
    single = spellout.ROMAN_PATTERN
    lower = rf"(?P<roman>{single.lower()})"  # as in books: siglo xix
    return (
        *((rule(rf"{EDGE}(?P<name>{any_of(ages)}) {lower}{END}(?!['.]\w)", named, words=ages),) if ages else ()),
        rule(rf"{EDGE}(?P<name>{any_of(names)})(?: |(?<=\.))(?P<roman>{single}){END}(?!['.]\w)", named, words=names),
        rule(
            rf"{EDGE}(?P<roman>{single}) (?P<noun>{any_of(table['after_roman'].split())}){END}",
            counted,
            needs="IVX",
            starts="[IVX]",
        ),
        rule(
            rf"{EDGE}(?P<name>[{CAPITAL}][^\W\d_]{{2,}}) (?P<roman>{spellout.ROMAN_TENS}){END}",
            named,
            needs=[NUMERALS],
            starts=CAPITAL_START,
        ),
        rule(
            rf"{EDGE}(?P<lead>{any_of(titles)}) (?P<name>[{CAPITAL}][^\W\d_]{{2,}}) (?P<roman>{single}){END}(?!['.]\w)",
            ruler,
            words=titles,
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

    def without_year(match: re.Match[str]) -> str | None:
        day, month = int(match["day"] or match["late_day"]), int(match["month"] or match["late_month"])
        return f"{match['lead'] or ''}{date(day, month, None)}" if is_day(day, month) else None

    def joined(match: re.Match[str]) -> str | None:
        day, month = int(match["day"]), months.index(match["month"].lower()) + 1
        year = int(match["year"]) if match["year"] else None
        return date(day, month, year) if is_day(day, month) else None

    spoken = any_of([*months, *map(str.capitalize, months)])
    of_year = rf"(?:,? (?:del? )?(?P<year>[12][0-9]{{3}})(?!\w|[.,][0-9]))?{END}"
    unjoined = rf"(?<![\w.,/:-])(?<![0-9] )(?P<day>[0-3]?[0-9]) (?P<month>{spoken}){of_year}"
    short = short_months(table, first=first_day())
    leads = table.get("date_leads", "").split()
    before = rf"(?:{EDGE}(?P<lead>(?i:{any_of(leads)}),? \(?)|(?<![0-9] \()(?<=\()(?P<parenthesis>(?=[0-9/]+\))))"
    later = rf"(?![\w/]|[.,:][0-9]| (?:{any_of(table['of_words'].split())}){END})"
    bare = rule(
        rf"(?:{before}(?P<day>[0-3]?[0-9])/(?P<month>[01]?[0-9])"
        rf"|(?<![\w.,/:-])(?P<late_day>1[3-9]|2[0-9]|3[01])/(?P<late_month>1[12])){later}",
        without_year,
        needs="/",
    )
    return (
        month_spans(table),
        *short_days(table),
        *((rule(unjoined, joined, words=months, starts=DIGIT),) if " de " in table["date"] else ()),
        *short,
        *date_rules(date),
        *((bare,) if leads else ()),
    )


def _times(table: tables.Tables, language: str) -> tuple[Rule, ...]:
    units = table["angles"]
    count = grammar(language).before

    def time(hours: int, minutes: int, seconds: int | None) -> str:
        several = table["time"] if minutes and not seconds else table["time_sharp"]
        form = table["time_one"] if hours == 1 else several
        said: str = form.format(h=spellout.cardinal(hours, language, table["ruleset_hours"]))
        if seconds:
            parts = ((minutes, "minute", table["and_minutes"]), (seconds, "second", table["and_seconds"]))
            return said + "".join(
                f" {joint}{count(number, units[name])} {units[name if number == 1 else name + 's']}"
                for number, name, joint in parts
                if number
            )
        joint = table.get("and_few_minutes", table["and_minutes"]) if minutes < 10 else table["and_minutes"]
        return said + (f" {joint}{spellout.cardinal(minutes, language, table['ruleset'])}" if minutes else "")

    mark, after = table["hour_mark"], table["hour_word"]
    minutes = r"(?P<mNAME>[0-5][0-9])(?::(?P<sNAME>[0-5][0-9]))?"
    pattern = rf"(?P<hNAME>[0-9]{{1,2}})(?::|{mark}){minutes}(?: ?{after})?"
    sharp = rf"(?P<hNAME>[0-9]{{1,2}})(?P<mNAME>(?!))?(?P<sNAME>(?!))?(?:{table['hour_sharp']})"
    to = table["words"]["to"]
    always = f"{spellout.cardinal(24, language)} {spellout.cardinal(7, language)}"
    return (
        rule(r"(?<![\w./])24/7(?![\w/])", always, needs="/"),
        clock(pattern, time, to=to, needs=":hH.,"),
        clock(sharp, time, to=to, needs=DIGITS),
    )


def _half_days(table: tables.Tables, language: str) -> tuple[Rule, ...]:
    """Spell out times with a.m. or p.m.: `9:30 p.m.` is `nueve y treinta de la noche`."""
    if "half_days" not in table:
        return ()
    names: dict[str, str] = table["half_days"]

    def time(match: re.Match[str]) -> str | None:
        hours, minutes = int(match["hours"]), int(match["minutes"] or 0)
        if not 1 <= hours <= 12:
            return None
        part = _part_of_day(hours, is_morning=match["half"] in "aA")
        said = spellout.cardinal(hours, language, table["ruleset_hours"])
        said += f" {names['and']}{spellout.cardinal(minutes, language, table['ruleset'])}" if minutes else ""
        return f"{said} {names[part]}{'.' if match.group()[-1] == '.' and last_dot(match) else ''}"

    time_of_day = r"(?P<hours>[01]?[0-9])(?:[:.](?P<minutes>[0-5][0-9]))? ?(?P<half>[aApP])\.? ?[mM](?![^\W_])\.?"
    return (rule(rf"(?<![\w.,:/]){time_of_day}", time, needs="aApP", starts=DIGIT),)


def _part_of_day(hours: int, *, is_morning: bool) -> str:
    """Return the key of the words for a.m. or p.m."""
    if hours == 12:
        return "midnight" if is_morning else "noon"
    if is_morning:
        return "morning"
    return "evening" if hours >= _EVENING else "afternoon"


def _ordinals(table: tables.Tables, language: str) -> tuple[Rule, ...]:
    def ordinal(match: re.Match[str]) -> str | None:
        digits = re.sub(r"\D", "", match["digits"])
        if spellout.is_code(digits) or not _is_ordinal(match, int(digits), table):
            return None
        ruleset = table["ordinals"].get(match["ending"]) or table["ordinals"][""]
        return spellout.cardinal(int(digits), language, ruleset)

    endings = any_of(ending for ending in table["ordinals"] if ending)
    return (
        rule(
            rf"(?<![\w.,−-])(?P<digits>[0-9]+(?:[. ][0-9]{{3}})*)(?P<ending>{endings}){END}",
            ordinal,
            needs=DIGITS,
            starts=DIGIT,
        ),
    )


def _is_ordinal(match: re.Match[str], number: int, table: tables.Tables) -> bool:
    """Return True if the sign of degrees is meant as that of an ordinal: `1° maggio`, but not `a 20°`, `20° C`."""
    rest = match.string[match.end() :]
    if match["ending"] != "°":
        return match["ending"] != "º" or re.match(r" ?C(?![^\W_])", rest) is None
    words = match.string[max(0, match.start() - 20) : match.start()].lower().split()
    if re.match(r" ?[CFK](?![^\W_])|[-–/]| ?[0-9]", rest) or set(words[-1:]) & set(table["degrees"].split()):
        return False
    noun = re.match(r" ([^\W\d_]+)", rest)
    return number <= _MAX_ORDINAL or (noun is not None and noun[1].lower() not in table["agreement"]["others"].split())


def _fractions(table: tables.Tables, speech: Grammar) -> tuple[Rule, ...]:
    parts: dict[str, list[str]] = table["fractions"]
    pattern: list[str] = table.get("fraction", [])
    genders: Gender = gender(table)

    def part_names(below: int) -> list[str]:
        if str(below) in parts:
            return parts[str(below)]
        ordinal = spellout.cardinal(below, speech.language, table.get("fraction_ruleset", ""))
        return [
            form.format(n=speech.cardinal(below), Ordinal=ordinal.capitalize(), stem=ordinal[:-1]) for form in pattern
        ]

    def say(part: Fraction) -> str:
        kind = genders(part.one) or "m"
        half: str = table["half"][kind]
        of: str = table["part"]["one" if part.unit else "many"]
        above = table["half"]["one"] if part.above == 1 else speech.cardinal(part.above)
        said = f"{above} {part_names(part.below)[part.above > 1]}"
        if part.whole:
            tail = table["half"][f"and_{kind}"] if part.below == 2 else said
            form: str = table["part"]["mixed" if part.many else "mixed_alone"]
            tail = tail.replace(" ", "").lower() if form.startswith("{n}{part}") else tail
            noun = part.one if part.whole == "1" else part.many
            return form.format(n=speech.integer(part.whole, noun), noun=noun, part=tail)
        if part.below == 2 and part.one:
            return f"{half} {part.one}"
        return of.format(part=said, noun=part.one).strip()

    return fraction_rules(
        FractionWording(
            speech,
            say,
            named=frozenset(range(2, 100) if pattern else map(int, parts)) | {100, 1000},
            out_of=table["out_of"],
            marks=frozenset(range(10, 1000)),
            of_words=frozenset(table["of_words"].split()),
            articles=frozenset(table["fraction_articles"].split()),
            no_nouns=frozenset(table["agreement"]["others"].split()),
        )
    )
