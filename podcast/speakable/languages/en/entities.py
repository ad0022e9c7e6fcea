# SPDX-License-Identifier: GPL-3.0-or-later
"""English names with numbers and codes: `Room 101`, `a 747`, `FY2024`, `Austin, TX`, `John 3:16`.

The nouns, states and books are in languages/en/speaking.toml.
"""

import re
from collections.abc import Callable

from podcast.speakable.engine import CAPITAL_START, DIGIT, EDGE, END, Rule, any_of, last_dot, rule
from podcast.speakable.rules import spellout
from podcast.speakable.tables import Tables, load

Number = Callable[[int], str]
_CITY = re.compile(r"[A-Z][\w.'-]*, $")
_TABLES = load("en")
_PARTIES: dict[str, str] = _TABLES["parties"]
_LIVES: dict[str, str] = _TABLES["lives"]
_AFTER_STATE = re.compile(r" (?:is|was|has|had|will|area|police|residents?|native|office|after|on|where|who)\b")
"""Text after a state whose code is a word: `Salem, OR is wet`."""
_PARTS = {"1": "first", "2": "second", "3": "third", "4": "fourth"}
_DETERMINED = re.compile(r"\b(?:the|a|our|its|their|this|last|strong|weak|record) $", re.IGNORECASE)
"""Text before a noun with a determiner, or an adjective."""
_WORDS = frozenset(_TABLES["state_codes"]["words"].split())
"""State codes that are also words: a state only before a punctuation mark."""
_TITLES = frozenset(_TABLES["state_codes"]["else"].split())
"""State codes with a more common meaning: a state only before a ZIP code or after a party."""


def name_rules(tables: Tables, cardinal: Number, year: Number) -> tuple[Rule, ...]:
    """Return the rules; `year` reads a number as a year."""
    return (
        *_rooms(tables, cardinal),
        *_models(cardinal),
        *_scripture(tables, cardinal),
        *_years(cardinal, year),
        rule(
            rf"{EDGE}(?P<name>[A-Z]{{2,12}}(?: [A-Z]\.)?(?: [A-Z]{{2,12}}){{0,2}}),? (?P<title>[JS]R)\.?{END}",
            lambda match: f"{match['name'].title()} {'Junior' if match['title'] == 'JR' else 'Senior'}",
            words=["JR", "SR"],
            starts=CAPITAL_START,
        ),
    )


def begins(tables: Tables, text: str) -> bool:
    """Return True if a text, after a space, begins with a word that often begins a sentence."""
    word = re.match(" ([A-Z][a-z']*)", text)
    return word is not None and word[1].lower() in tables["sentences"]["starters"].split()


def plural(words: str) -> str:
    """Return the plural of a spelt-out number: `eighties`, `forty-sevens`."""
    if words.endswith("y"):
        return f"{words[:-1]}ies"
    return f"{words}es" if words.endswith("x") else f"{words}s"


def in_two_steps(number: int, cardinal: Number) -> str:
    """Spell out a number in two steps: `one oh one`, `seven forty-seven`."""
    hundreds, rest = divmod(number, 100)
    if number < 100 or number % 1000 == 0:
        return cardinal(number)
    if rest == 0:
        return f"{cardinal(hundreds)} hundred"
    return f"{cardinal(hundreds)} {'oh ' if rest < 10 else ''}{cardinal(rest)}"


def era(cardinal: Number) -> Rule:
    """Spell out a year of three digits before its era, `340 A.D.`, before the era is spelt out."""
    return rule(
        r"(?<![\w.,:/$£€–-])(?P<year>[1-9][0-9]{2}) ?(?=(?:AD|BC|BCE|CE|A\.D|B\.C|C\.E)\b)",
        lambda match: f"{in_two_steps(int(match['year']), cardinal)} ",
        words=["AD", "BC", "BCE", "CE", "A.D", "B.C"],
        starts=DIGIT,
    )


def _rooms(tables: Tables, cardinal: Number) -> tuple[Rule, ...]:
    """Spell out rooms, flights and roads: `Room 101`, `I-405`."""

    def room(match: re.Match[str]) -> str:
        name = " ".join(match["name"]) if match["name"].isupper() else match["name"]
        return f"{name} {in_two_steps(int(match['number']), cardinal)}"

    rooms = tables["rooms"].split()
    return (
        rule(
            rf"{EDGE}(?P<name>{any_of(rooms)}) (?P<number>[1-9][0-9]{{2,3}}){END}(?![.,:/-][0-9])",
            room,
            words=rooms,
            starts=CAPITAL_START,
        ),
        rule(rf"{EDGE}(?P<name>I|US|SR)-(?P<number>[1-9][0-9]{{2}}){END}", room, needs="-", starts="[IUS]"),
    )


def _models(cardinal: Number) -> tuple[Rule, ...]:
    """Spell out jets and other models, and races: `a 747-400`, `F-16s`, `the 911s`, `a 5K run`."""

    def jet(match: re.Match[str]) -> str:
        said = in_two_steps(int(match["number"]), cardinal)
        said = plural(said) if match["many"] else said
        said += f" {in_two_steps(int(match['variant']), cardinal)}" if match["variant"] else ""
        return f"{said} {match['range'][0]} R" if match["range"] else said

    def models(match: re.Match[str]) -> str:
        return f" {plural(in_two_steps(int(match['number'] or match['code']), cardinal))}"

    return (
        rule(
            rf"(?:(?<=Boeing )|{EDGE}(?=...(?:s{END}|-[1-9]| M(?:AX|ax)\b| Dreamliner| jets?\b| aircraft)))"
            rf"(?P<number>7[0-8]7)(?P<many>s?)(?:-(?P<variant>[1-9](?:00)?)(?P<range>[EL]R)?)?{END}",
            jet,
            needs="7",
            starts="7[0-8]7",
        ),
        rule(
            rf"(?:(?<=[A-Z])-(?=[0-9]{{1,3}}s)|(?<=[a-z])-(?=[1-9]s))(?P<number>[0-9]+)s{END}",
            models,
            needs="-",
            starts="-[0-9]",
        ),
        # Models, and HTTP status codes.
        rule(
            rf"(?<=he |ld |ew |wo |se )(?P<number>[1-9][0-9]{{2}})s{END}|(?<![\w.,])(?P<code>[45][0-3][0-9])s{END}",
            models,
            needs="s",
            starts="[1-9][0-9]{2}s",
        ),
        rule(
            r"(?<![\w$£€.,])(?P<number>5|10|15)[kK](?= (?:run|race|walk|course|swim)s?\b)",
            lambda match: f"{cardinal(int(match['number']))} K",
            needs="kK",
            starts=DIGIT,
        ),
    )


def state_rules(tables: Tables) -> tuple[Rule, ...]:
    """Spell out states of the USA after a city or a party, and ZIP codes."""
    states: dict[str, str] = tables["states"]
    codes = [key for key in states if len(key) == 2]
    short = any_of(key for key in states if key[-1] == ".")

    def party(match: re.Match[str]) -> str:
        end = "." if match["state"][-1] == "." and last_dot(match) else ""
        return f"{_PARTIES[match['party']]} of {states.get(match['state'], match['state'])}{end}"

    zip_code = r"[0-9]{5}(?:-[0-9]{4})?"
    return (
        rule(
            rf"{EDGE}(?P<party>[DRI])-(?P<state>{short}|{any_of([*codes, *states.values()])}{END})",
            party,
            needs="-",
            starts="[DRI]-",
        ),
        rule(
            rf"(?<=[a-z.], )(?P<state>{short}|{any_of(codes)}{END}(?! [A-Z]))(?P<zip>,? {zip_code}{END})?"
            r"(?! ?[0-9&/-]|'(?!s\b))",
            lambda match: _state(match, tables),
            needs=",",
            starts=CAPITAL_START,
        ),
        rule(
            rf"(?:(?<=ZIP )|(?<=zip )|(?<=[Zz]ip code )|(?<=ZIP code ))(?P<zip>{zip_code}){END}",
            lambda match: _zip_code(match["zip"]),
            words=["zip"],
        ),
    )


def _state(match: re.Match[str], tables: Tables) -> str | None:
    """Return the state after a city, `Austin, TX 78701`; None if its code is a word here."""
    code, text = match["state"], match.string
    is_word = (
        code in _WORDS and text[match.end() : match.end() + 1] == " " and not _AFTER_STATE.match(text, match.end())
    )
    if not match["zip"] and (code in _TITLES or is_word):
        return None
    if not _CITY.search(text, max(0, match.start() - 40), match.start()):
        return None
    end = "." if code[-1] == "." and (last_dot(match) or begins(tables, text[match.end() :])) else ""
    return str(tables["states"][code]) + (f" {_zip_code(match['zip'])}" if match["zip"] else "") + end


def _zip_code(text: str) -> str:
    """Spell out the digits of a ZIP code."""
    return ", ".join(spellout.digit_by_digit(part, "en") for part in text.strip(", ").split("-"))


def _scripture(tables: Tables, cardinal: Number) -> tuple[Rule, ...]:
    """Spell out chapter and verse: `Psalm 23:4`, `1 Corinthians 13:4–8`."""
    short: dict[str, str] = tables["book_short"]
    books = [*tables["books"].split(), *short]

    def verse(match: re.Match[str]) -> str:
        lead = f"{('First', 'Second', 'Third')[int(match['which']) - 1]} " if match["which"] else ""
        said = f"{lead}{short.get(match['book'], match['book'])}"
        said += f" {cardinal(int(match['chapter']))} {cardinal(int(match['from']))}"
        return f"{said} to {cardinal(int(match['to']))}" if match["to"] else said

    return (
        rule(
            rf"{EDGE}(?:(?P<which>[123]) )?(?P<book>{any_of(books)}) (?P<chapter>[0-9]{{1,3}}):(?P<from>[0-9]{{1,3}})"
            rf"(?:[-–](?P<to>[0-9]{{1,3}}))?{END}(?!:)",
            verse,
            words=books,
        ),
    )


def _years(cardinal: Number, year: Number) -> tuple[Rule, ...]:
    """Spell out years other than four separate digits: `FY24`, `2023/24`, `(b. 1950)`."""

    def fiscal(match: re.Match[str]) -> str:
        return f"fiscal year {year(int(match['year']))}" + (f" to {cardinal(int(match['to']))}" if match["to"] else "")

    def season(match: re.Match[str]) -> str | None:
        first, second = int(match["first"]), int(match["second"][-2:])
        if (first + 1) % 100 != second:
            return None
        return f"{year(first)} to {'oh ' if second < 10 else ''}{cardinal(second)}"

    def future(match: re.Match[str]) -> str:
        to = " to " if match["dash"] else ""
        hundreds, rest = divmod(int(match["year"]), 100)
        if not rest:
            return f"{to}{cardinal(hundreds)} hundred"
        return to + f"{cardinal(hundreds)} {'oh ' if rest < 10 else ''}{cardinal(rest)}"

    def part(match: re.Match[str]) -> str:
        name = f"{_PARTS[match['which']]} {'half' if match['of'] == 'H' else 'quarter'}"
        lead = "" if _DETERMINED.search(match.string, 0, match.start()) else "the "
        return f"{lead}{name} of {year(int(match['year']) if len(match['year']) == 4 else 2000 + int(match['year']))}"

    century = r"(?:19|20)[0-9]{2}"
    before = (
        r"(?<=\b[Ii]n )|(?<=[Bb]y )|(?<=[Ss]ince )|(?<=[Uu]ntil )|(?<=\btill )|(?<=[Yy]ear )|(?<=efore )|(?<=fter )"
        r"|(?<=1[0-9]{3} to )|(?<=\bAD )|(?<=mid-)|(?<=hrough )|(?<=summer of )|(?<=winter of )"
        r"|(?<=the late )|(?<=the early )"
        r"|(?<=20[0-9]{2})(?P<dash>[-–])|(?<=20[0-9]{2} to )|(?<=20[0-9]{2} and )"
    )
    return (
        # Numbers beyond 2099 are years only where a year is meant: `by 2100`, `2050-2100`.
        rule(
            rf"(?:{before})(?P<year>2[1-9][0-9]{{2}})(?![\w%°$€£/–-]|[.,:][0-9]| (?!is\b|was\b|has\b|as\b)[a-z]+s\b"
            r"| (?:people|percent|men|women|children|square|cubic|sq|km|kg|m|ft|mph|more|or)\b)",
            future,
            needs="2",
            starts="(?<=20[0-9][0-9])[-–](?=2)|2[1-9]",
        ),
        rule(
            rf"(?:(?<=\b[Ii]n )|(?<=[Ss]ince )|(?<=until )|(?<=year )|(?<=AD ))10(?P<rest>[1-9][0-9]){END}"
            r"(?!,?[0-9]| [a-z]+s\b)",
            lambda match: f"ten {cardinal(int(match['rest']))}",
            needs="1",
            starts="10",
        ),
        rule(
            rf"(?<![\w.,/-])(?P<which>[1-4](?=Q)|[12](?=H))(?P<of>[QH]) ?'?(?P<year>[0-9]{{2}}|20[0-9]{{2}}){END}",
            part,
            needs="QH",
            starts="[1-4][QH]",
        ),
        rule(
            rf"{EDGE}FY ?'?(?P<year>20[0-9]{{2}}|[0-9]{{2}})(?:[-–/](?P<to>[1-9][0-9]))?{END}",
            fiscal,
            needs="F",
            starts="FY",
        ),
        rule(
            rf"(?<![\w/.,-])(?P<first>{century})/(?P<second>[0-9]{{2}}|{century})(?![\w/]|[.,][0-9])",
            season,
            needs="/",
            starts="19|20",
        ),
        rule(
            r"(?:(?<=\()|(?<=[,;] ))(?P<life>[bdr]|fl)\. (?=(?:ca?\. ?)?[12]?[0-9]{3}(?![0-9,]))",
            lambda match: f"{_LIVES[match['life']]} ",
            needs=".",
            starts=r"(?:[bdr]|fl)\. (?=[c0-9])",
        ),
    )
