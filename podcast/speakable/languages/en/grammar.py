# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules for English: numbers, dates, times, ordinals and fractions, and the order of all rules.

Tables (units, currencies, abbreviations, first names of kings) are in languages/en/speaking.toml, words that engines
mispronounce in languages/en/lexicon.tsv. Numbers are read the American way, without `and`: `two hundred one`; the
languages of [british] say `two hundred and one`. Four separate digits from 1100 to 2099 are read as a year: `nineteen
eighty-four`.
"""

import re
from collections.abc import Callable

from podcast.speakable import tables
from podcast.speakable.engine import CAPITAL_START, DIGIT, EDGE, END, NUMERALS, Rule, any_of, last_dot, rule
from podcast.speakable.languages.en.amounts import amount_rules
from podcast.speakable.languages.en.british import british_rules
from podcast.speakable.languages.en.codes import code_rules, lettered_number, named_code
from podcast.speakable.languages.en.entities import era, name_rules, plural, state_rules
from podcast.speakable.languages.en.symbols import mark_rules
from podcast.speakable.languages.en.times import time_rules
from podcast.speakable.rules import spellout
from podcast.speakable.rules.abbreviations import abbreviation_rules, numbered_codes
from podcast.speakable.rules.dates import date_rules, is_day, month_spans, short_days, short_months
from podcast.speakable.rules.fractions import Fraction, FractionWording, fraction_rules
from podcast.speakable.rules.measures import DIGITS, Grammar

TABLES = tables.load("en")
MONTHS: list[str] = TABLES["months"].split()
_MONTH_NUMBERS: dict[str, int] = {name.lower(): number for number, name in enumerate(MONTHS, start=1)}


_DETERMINER = re.compile(
    r"(?:(?:^|[\s(\"])(?:[Aa]n?|[Tt]he|[Tt]h(?:is|at)|[Ee](?:ach|very)|[Aa]nother|[Nn]ew|[Ff]irst|[Ii]ts|[Hh](?:is|er)|[Tt]heir|[Oo]ur"
    r"|[Mm]y|[Yy]our)"
    r"|\w(?<!\b[Ii]t)(?<!\b[Hh]e)(?<!\b[Ss]he)(?<!\b[Tt]hat)(?<!\b[Hh]ere)(?<!\b[Tt]here)'s) $"
)
_NO_NOUN = "|".join(TABLES["attributive"]["never"].split())
_NO_WORD = rf"(?:{_NO_NOUN}|[a-z]+ed)\b"
_NOUN = re.compile(rf" (?!{_NO_WORD})(?:[a-z]|[A-Z][\w'-]++(?! {_NO_WORD}))|-[a-z]")
_SOLD = re.compile(rf"[ -](?:{any_of(TABLES['attributive']['always'].split())})s?{END}|-(?:an?|per)-")

_LASTING = re.compile(r"\b(?:took|takes?|[Ww]ait(?:s|ed)?|every|within|lasts?|lasted|timeout) $")
_WAITING = re.compile(r" (?:timeout|delay|interval|window|pause|clip|video|countdown|timer|cooldown)s?\b")


def cardinal(number: int) -> str:
    """Spell out an integer."""
    return spellout.cardinal(number, "en")


def ordinal(number: int) -> str:
    """Spell out an ordinal."""
    return spellout.cardinal(number, "en", "ordinal")


def with_and(number: int) -> str:
    """Spell out an integer the British way: `two hundred and one`."""
    return spellout.cardinal(number, "en", "cardinal-verbose").replace(",", "")


def is_british(language: str) -> bool:
    """Return True if a language, with its region, has the conventions of Britain."""
    return language.lower() in TABLES["british"]["languages"].lower().split()


def year(digits: str) -> str | None:
    """Spell out four digits as a year, or return None if they would not be read as one."""
    if len(digits) != 4 or not digits.isdigit() or not 1100 <= int(digits) <= 2099 or 2000 <= int(digits) <= 2009:
        return None
    century, rest = divmod(int(digits), 100)
    if rest == 0:
        return f"{cardinal(century)} hundred"
    return f"{cardinal(century)} {'oh ' if rest < 10 else ''}{cardinal(rest)}"


def grammar(language: str) -> Grammar:
    """Build the grammar of quantities for English."""
    count = with_and if is_british(language) else cardinal
    return tables.grammar(
        TABLES,
        language=language,
        cardinal=count,
        before=lambda number, _: count(number),
        fraction=lambda digits: spellout.digit_by_digit(digits, "en"),
        singular=lambda number: number == 1,
        of=lambda noun: noun,
        bare=year,
        attributive=_attributive,
    )


def _attributive(before: str, after: str) -> bool:
    """Return True if an amount precedes its noun: `the $64,000 question`, but not `the $3 that I owe`."""
    return bool(_SOLD.match(after) or (_DETERMINER.search(before) and _NOUN.match(after)))


def early() -> tuple[Rule, ...]:
    """Return the rules that run before those for URLs and for `N.Y.`."""
    return (*state_rules(TABLES), named_code(TABLES), lettered_number(), era(cardinal))


def rules(language: str) -> tuple[Rule, ...]:
    """Return the rules of English in order, without those for the remaining numbers."""
    speech = grammar(language)
    count, british = speech.cardinal, is_british(language)

    def in_full(number: int) -> str:
        """Spell out the year of a date."""
        return year(str(number)) or count(number)

    return (
        *name_rules(TABLES, count, in_full),
        *amount_rules(speech, TABLES),
        *(british_rules(TABLES, count) if british else ()),
        *mark_rules(TABLES, count, ordinal),
        *numbered_codes(speech, TABLES, letters=""),
        month_spans(TABLES),
        *short_days(TABLES),
        *_months(in_full, british=british),
        _month_range(),
        *time_rules(TABLES, cardinal),
        *abbreviation_rules(TABLES, etc="et cetera"),
        *short_months(TABLES, first="first"),
        *_dates(in_full, british=british),
        *_ordinals(british=british),
        *_decades(),
        *_romans(),
        *code_rules(TABLES, count),
        *_fractions(speech),
    )


def _months(in_full: Callable[[int], str], *, british: bool) -> tuple[Rule, ...]:
    """Spell out days with the name of a month, and the year: `Feb. 21, 2025`, `21 February`, `Sept. 12–14`."""
    names = [*MONTHS, *TABLES["month_short"]]
    month = rf"(?P<month>{_month_names()})"
    day = r"(?P<day>[0-3]?[0-9])(?:st|nd|rd|th|ST|ND|RD|TH)?"
    to = r"[-–](?P<last>[0-3]?[0-9])(?:st|nd|rd|th)?"
    years = r"(?:,? (?P<year>[12][0-9]{3})(?![\w/-]|[:.,][0-9]))?"
    the = r"(?<![\w.,/:–-])(?P<the>[Tt]he )?"
    short = r"\.(?:(?<=\b[A-Za-z]{3}\.)|(?<=\b[Ss]ept\.)|(?<=\bSEPT\.))(?<!\b[Mm]ay\.)"  # 15 March. 1 in 5 …
    dot = rf"(?:{short}(?= [12'a-z]|[,;]))?"
    free = r"(?![\w/–-]|:[\w/]|[.,][0-9])"
    start = "[a-zA-Z]+"
    return (
        rule(
            rf"{EDGE}{month}(?:{short})? {day}{to}{free}{years}",
            _day("{month} {day} to {last}", in_full),
            words=names,
            starts=start,
        ),
        rule(
            rf"{the}{day}{to}(?: of)? {month}{END}{dot}{years}",
            _day("{the}{day} to the {last} of {month}", in_full),
            words=names,
            starts="[tT0-9]",
        ),
        rule(
            rf"{EDGE}{month}(?:{short})? {day}{free}{years}",
            _day("{month} the {day}" if british else "{month} {day}", in_full),
            words=names,
            starts=start,
        ),
        rule(
            rf"{EDGE}{month}-{day}-(?P<year>[12][0-9]{{3}})(?![\w:/–-])",
            _day("{month} {day}", in_full),
            words=names,
            starts=CAPITAL_START,
        ),
        rule(
            rf"{the}{day}(?:(?: of)? |-(?=[A-Z][a-z]+-)){month}{END}{dot}"
            rf"(?:-(?P<dashed>[12][0-9]{{3}}|[0-9]{{2}}){END}|{years})",
            _day("{the}{day} of {month}", in_full),
            words=names,
            starts="[tT0-9]",
        ),
    )


def _month_range() -> Rule:
    """Spell out the dash between two months: `Jan-Mar 2026`."""
    names = any_of([*MONTHS, *map(str.capitalize, TABLES["month_short"])])
    short: dict[str, int] = TABLES["month_short"]

    def full(name: str) -> str:
        return MONTHS[short[name.lower()] - 1] if name.lower() in short else name

    def both(match: re.Match[str]) -> str:
        ends = last_dot(match) or re.match(" [A-Z]", match.string[match.end() :])
        end = "." if match.group()[-1] == "." and ends else ""
        joint = " and" if match["dash"] == "/" else " to"
        return f"{full(match['first'])}{joint} {full(match['last'])}{end}"

    return rule(
        rf"{EDGE}(?P<first>{names})\.?(?P<dash>-|–|/| – | - )(?P<last>{names})(?:\.|{END})(?!-)",
        both,
        words=[*MONTHS, *short],
        starts=CAPITAL_START,
    )


def _month_names() -> str:
    """Return a pattern for months, in capitals or lower case too; `may` and `march` only where a year follows."""
    short = TABLES["month_short"]
    capitalised = [*MONTHS, *map(str.capitalize, short), *map(str.upper, [*MONTHS, *short])]
    lower = [name for name in [*map(str.lower, MONTHS), *short] if name not in {"may", "march", "mar", "sun"}]
    dated = r"(?=(?<= )(?:may|march),? [0-3]?[0-9](?:st|nd|rd|th)?,? [12][0-9]{3}\b|(?<=[0-9] )may [12][0-9]{3}\b)"
    return rf"(?:{any_of([*capitalised, *lower])}|{dated}(?:may|march))"


def _day(form: str, in_full: Callable[[int], str]) -> Callable[[re.Match[str]], str | None]:
    """Return a function that formats a day of a month, or two."""
    short: dict[str, int] = TABLES["month_short"]

    def read(match: re.Match[str]) -> str | None:
        found = match.groupdict("")
        name, day, last = found["month"].lower(), int(found["day"]), int(found.get("last") or 0)
        month = short.get(name) or _MONTH_NUMBERS[name]
        if not is_day(day, month) or (last and not (day < last and is_day(last, month))):
            return None
        the, of = found.get("the") or "the ", found["year"] or found.get("dashed") or ""
        said = form.format(the=the, month=MONTHS[month - 1], day=ordinal(day), last=ordinal(last))
        if len(of) == 2:
            of = f"{20 if int(of) < 70 else 19}{of}"
        return said + (f", {in_full(int(of))}" if of else "")

    return read


def _dates(in_full: Callable[[int], str], *, british: bool) -> tuple[Rule, ...]:
    month_first = not british

    def say(day: int, month: int, year_: int | None) -> str:
        name = MONTHS[month - 1]
        said = f"the {ordinal(day)} of {name}" if british else f"{name} {ordinal(day)}"
        return said + (f", {in_full(year_)}" if year_ else "")

    def without_year(match: re.Match[str]) -> str | None:
        if int(match["a"]) < int(match["b"]) <= 10:
            return None  # on 3/4 of them
        month, day = (int(match[part]) for part in ("ab" if month_first else "ba"))
        return say(day, month, None) if is_day(day, month) else None

    return (
        rule(r"(?<![\w./])9/11(?![\w/])", "nine eleven", needs="/"),
        rule(r"(?<![\w./])24/7(?![\w/])", "twenty-four seven", needs="/"),
        *date_rules(say, month_first=month_first),
        rule(
            r"(?:(?<=[Oo]n )|(?<=until )|(?<=[Ss]ince )|(?<=due ))"
            r"(?P<a>[0-9]{1,2})/(?P<b>[0-9]{1,2})(?![\w/]|[.,][0-9]|[ -](?:of|the|inch|in)\b)",
            without_year,
            needs="/",
            starts=DIGIT,
        ),
    )


def _ordinals(*, british: bool) -> tuple[Rule, ...]:
    name = "ordinal-verbose" if british else "ordinal"

    def say(match: re.Match[str]) -> str | None:
        digits = match["digits"].replace(",", "")
        stone = match["ending"].lower() == "st" and (digits[-1] != "1" or digits[-2:] == "11")
        if stone or spellout.is_code(digits):
            return None
        return spellout.cardinal(int(digits), "en", name).replace(",", "")

    return (
        rule(
            rf"(?<![\w.])(?P<digits>[0-9]{{1,3}}(?:,[0-9]{{3}})+|[0-9]+)(?P<ending>st|nd|rd|th|ST|ND|RD|TH){END}",
            say,
            needs=DIGITS,
            starts="[0-9][0-9,]*(?=[snrtSNRT])",
        ),
    )


def _decades() -> tuple[Rule, ...]:
    def say(match: re.Match[str]) -> str | None:
        century, tens = match["century"] or "", int(match["tens"])
        lasting = _LASTING.search(match.string, max(0, match.start() - 10), match.start())
        if not century and (lasting or _WAITING.match(match.string, match.end())):
            return None  # seconds
        if tens:
            many = plural(cardinal(tens))
            return f"{cardinal(int(century))} {many}" if century else many
        return "two thousands" if century == "20" else f"{cardinal(int(century or 0))} hundreds"

    return (
        rule(
            rf"(?<![\w.,])'?(?P<century>1[1-9]|2[0-9])?(?P<tens>(?(century)[0-9]|[2-9])0)'?s{END}",
            say,
            needs=DIGITS,
            starts="'?[0-9]{2,4}(?='?s)",
        ),
    )


def _romans() -> tuple[Rule, ...]:
    kings = frozenset([*TABLES["kings"].split(), *TABLES["kings"].upper().split()])

    def after(match: re.Match[str]) -> str:
        number = spellout.roman(match["roman"].upper())
        said = f"the {ordinal(number)}" if match["name"] in kings else cardinal(number)
        return f"{match['name']}{match['gap']}{said}"

    numbered = TABLES["numbered"].split()
    numbered += sorted({word.upper() for word in numbered})
    no_pronoun = r"(?!['.][^\W\d_]| (?:am|was|had|have|would|will)\b)"
    # `Elizabeth I` is a queen only where the pronoun is impossible.
    one = (
        r"I(?=[,.;:!?)]|$|'s\b| (?:of|and|was|who|died|reigned|ruled|became|built|granted|succeeded)\b"
        r"| (?:on|in) [1-9])"
    )
    return (
        rule(
            rf"{EDGE}(?P<roman>{spellout.ROMAN_TENS}|[VX])(?:th{END}|(?=[ -]centur))",
            lambda match: ordinal(spellout.roman(match["roman"])),
            needs="IVX",
            starts="[IVX]",
        ),
        rule(
            rf"{EDGE}(?P<name>{any_of(kings)})(?P<gap> )(?P<roman>{spellout.ROMAN_TENS}|[VX]|{one}){END}",
            after,
            needs="IVX",
            starts=CAPITAL_START,
        ),
        # A son: `Robert Griffin III`.
        rule(
            rf"{EDGE}(?P<name>{any_of(kings)} (?:[A-Z]\. |[A-Z][a-z]+ )?[A-Z][a-z]+),? (?P<roman>I{{2,3}}|IV){END}",
            lambda match: f"{match['name']} the {ordinal(spellout.roman(match['roman']))}",
            needs=[NUMERALS],
            starts=CAPITAL_START,
        ),
        rule(
            rf"{EDGE}(?P<name>{any_of(numbered)})(?P<gap> )(?P<roman>{spellout.ROMAN_PATTERN}|[ivx]{{2,4}}){END}"
            rf"(?:(?<! I)|{no_pronoun})",
            after,
            words=numbered,
        ),
        rule(
            rf"{EDGE}(?P<name>)(?P<gap>)(?P<roman>{spellout.ROMAN_TENS}){END}",
            after,
            needs=[NUMERALS],
            starts="[IVX]",
        ),
    )


def _fractions(speech: Grammar) -> tuple[Rule, ...]:
    def say(part: Fraction) -> str:
        name = {2: "half", 4: "quarter"}.get(part.below) or ordinal(part.below)
        name = name if part.above == 1 else f"{name}s"
        if part.whole:
            above = "a" if part.above == 1 else cardinal(part.above)
            return f"{speech.integer(part.whole)} and {above} {name} {part.many}".rstrip()
        of = " of a" if part.unit and part.below != 2 else ""
        return f"{cardinal(part.above)} {name}{of} {part.one}".rstrip()

    def with_ending(match: re.Match[str]) -> str | None:
        above, below = int(match["a"]), int(match["b"])
        return say(Fraction("", above, below, "", "", unit=False)) if 1 < below <= 100 > above else None

    return (  # 7/10ths
        rule(
            rf"(?<![\w./,:$£€-])(?P<a>[0-9]{{1,2}})/(?P<b>[0-9]{{1,3}})(?:st|nd|rd|th|ST|ND|RD|TH)s?{END}",
            with_ending,
            needs="/",
            starts=DIGIT,
        ),
        *fraction_rules(
            FractionWording(
                speech,
                say,
                named=frozenset((2, 3, 4, 5, 8, 16)),
                out_of="out of",
                over="over",
                of_words=frozenset(("of",)),
                no_nouns=frozenset(TABLES["never"].lower().split()),
            )
        ),
    )
