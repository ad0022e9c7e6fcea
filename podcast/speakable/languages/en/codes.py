# SPDX-License-Identifier: GPL-3.0-or-later
"""English numbers that are read digit by digit: telephone and social security numbers, IP addresses, `call 911`.

The words beside emergency numbers are in languages/en/speaking.toml.
"""

import re
from collections.abc import Callable

from podcast.speakable.engine import DIGIT, INNER_DOT, Rule, any_of, rule
from podcast.speakable.rules import spellout
from podcast.speakable.rules.measures import DIGITS
from podcast.speakable.tables import Tables

Number = Callable[[int], str]
_ADDRESS = re.compile(
    r"\b(?:ip|ipv4|address(?:es)?|server|host|ping|dns|subnet|router|gateway|localhost)\b", re.IGNORECASE
)
"""Words in a text whose four numbers with dots are an IP address rather than a version."""

_PHONED = re.compile(
    r"\b(?:call(?:ed|ing|s)?|text(?:ed|ing)?|dial(?:l?ed|l?ing)?|ring|rang|tel(?:ephone)?|phone|ph|fax|mobile|cell"
    r"|hotline)\b[^.!?;]{0,24}\Z",
    re.IGNORECASE,
)
"""Text before a telephone number without an area code."""


def code_rules(tables: Tables, cardinal: Number) -> tuple[Rule, ...]:
    """Return the rules."""
    return (*_identifiers(), *_phones(cardinal), *_emergencies(tables))


def named_code(tables: Tables) -> Rule:
    """Spell out a code after its name, `PIN 4821`; before the lexicon replaces the name."""
    names = any_of(name.replace("_", " ") for name in tables["code_names"].split())
    named = re.compile(rf"\b{names}s?(?: (?:is |was |no\.? |number )?|: ?|\Z)\Z", re.IGNORECASE)

    def code(match: re.Match[str]) -> str | None:
        if not named.search(match.string, max(0, match.start() - 30), match.start()):
            return None
        letters = " ".join(match["letters"].strip("-").upper())
        return f"{letters} {_digits(match['digits'])}".lstrip()

    return rule(
        r"(?<![\w.,:/-])#?(?P<letters>[A-Za-z]{0,3}-?)(?P<digits>[0-9]{3,12})(?!\w|[.,:/-][0-9]|%)",
        code,
        words=[name.replace("_", " ") for name in tables["code_names"].split()],
        starts="#?[A-Za-z]{0,3}-?[0-9]+",
    )


def lettered_number() -> Rule:
    """Spell out the mark of a number with letters, `order #B204`; before those of `#word`."""
    nouns = "(?:order|case|ticket|invoice|item|model|badge|unit|licen[cs]e|permit|lot)"
    return rule(rf"(?P<noun>(?i:\b{nouns}) )#(?=[A-Z]{{1,3}}-?[0-9]{{2}})", lambda m: f"{m['noun']}number ", needs="#")


def _digits(text: str) -> str:
    """Spell out each digit, with a pause between groups."""
    lead = "plus " if text.startswith("+") else ""
    return lead + ", ".join(spellout.digit_by_digit(group, "en") for group in re.findall("[0-9]+", text))


def _all_digits(match: re.Match[str]) -> str:
    return _digits(match.group())


def _phones(cardinal: Number) -> tuple[Rule, ...]:
    """Spell out telephone numbers: `(555) 310-2277`, `dial 555-0123`, `1-800-FLOWERS`, `07700 900123`."""

    def free(match: re.Match[str]) -> str:
        return f"one {cardinal(int(match['free']))} "

    def local(match: re.Match[str]) -> str | None:
        phoned = match.group()[4] == "0" or _PHONED.search(match.string, max(0, match.start() - 40), match.start())
        return _all_digits(match) if phoned else None

    area = r"(?:\([0-9]{3}\)[ -]?|[0-9]{3}[ ./-])"
    return (
        rule(
            rf"(?<![\w.])(?:\+?1[ .-]|\+1(?=\())?{area}[0-9]{{3}}[ .-][0-9]{{4}}(?:-[0-9]{{1,5}})?(?![\w-])",
            _all_digits,
            needs=DIGITS,
            starts="[+(]?[0-9]{1,3}(?:[)][ -]?|[ ./-])(?=[0-9(])|[+]1[(]",
        ),
        rule(
            r"(?<![\w.])(?:\+44 ?(?:\(0\) ?)?|0)[0-9]{2,4}(?:[ -][0-9]{3,4}){2}(?![\w-])",
            _all_digits,
            needs=DIGITS,
            starts="[+0]",
        ),
        rule(
            r"(?<![\w.])(?:\+44 ?(?:\(0\) ?)?7[0-9]{3}|07[0-9]{3}|0[12][0-9]{3})[ -][0-9]{5,6}(?![\w-])",
            _all_digits,
            needs=DIGITS,
            starts="[+0]",
        ),
        rule(r"\(0[0-9]{2,4}\) ?[0-9]{3,4}[ -][0-9]{3,4}(?![\w-])", _all_digits, needs="(", starts="[(]0"),
        rule(r"(?<![\w.])\+[0-9]{1,3}(?:[ .-][0-9]{1,4}){3,5}(?![\w-])", _all_digits, needs="+", starts="[+]"),
        rule(r"(?<![\w-])1-(?P<free>8[0-9]{2})-(?=[A-Z0-9-]{0,4}[A-Z]{2})", free, needs="-", starts="1-8"),
        rule(r"(?<![\w$£€.,/-])[2-9][0-9]{2}-[0-9]{4}(?![\w/-]|[.,][0-9])", local, needs="-", starts="[2-9][0-9]{2}-"),
    )


def _emergencies(tables: Tables) -> tuple[Rule, ...]:
    """Spell out short telephone numbers, `dialed 911`, `the 988 lifeline`, and the last digits of a card."""
    words: dict[str, str] = tables["short_numbers"]
    numbers, emergency, before, after, late = (
        any_of(words[key].split()) for key in ("numbers", "emergency", "before", "after", "after_emergency")
    )
    nouns = [*words["after"].split(), *words["after_emergency"].split()]
    named = r"(?: (?:[A-Z][a-z]+|and|&)){0,4}[- ]"

    def called(match: re.Match[str]) -> str:
        said = re.sub("[0-9]+", _all_digits, match["digits"])
        return match.group()[: -len(match["digits"])] + said

    more = rf"(?:(?:,? or |,? and |/|, ){numbers}(?!\w|[.,-][0-9]))*"
    return (
        rule(
            rf"(?i:\b{before} (?:to )?)(?P<digits>[0-9]{{3,4}}{more}|(?<=ext )[0-9]{{5,6}})(?!\w|[.,-][0-9]| [0-9]"
            r"| (?:million|billion|thousand|hundred|people|times)\b)",
            called,
            words=words["before"].split(),
        ),
        rule(
            rf"(?<![\w.,:$£€-])(?:{numbers}(?={named}(?i:{after})s?\b)|{emergency}(?={named}(?i:{late})s?\b))",
            _all_digits,
            words=[*nouns, *(f"{noun}s" for noun in nouns)],
            starts=DIGIT,
        ),
        rule(
            r"(?i:\b(?:cards?|accounts?|numbers?|phone|mobile|policy) (?:\w+ ){0,2}ending (?:in|with) )"
            r"(?P<digits>[0-9]{3,4})(?![\w-]|[.,][0-9])",
            called,
            words=["ending"],
        ),
    )


def _identifiers() -> tuple[Rule, ...]:
    """Spell out `the world No 1`, social security numbers and IP addresses."""

    def vulnerability(match: re.Match[str]) -> str:
        century, rest = divmod(int(match["year"]), 100)
        return f" {spellout.cardinal(century, 'en')} {spellout.cardinal(rest, 'en')}, {_digits(match['n'])}"

    def address(match: re.Match[str]) -> str | None:
        if match.string[: match.start()].lower().endswith(("version ", "release ", "build ")):
            return None
        parts = match["parts"].split(".")
        long = any(len(part) == 3 for part in parts) or match["port"] or match["bits"]
        if any(int(part) > 255 for part in parts) or not (long or _ADDRESS.search(match.string)):
            return None
        said = " dot ".join(spellout.digit_by_digit(part, "en") for part in parts)
        if match["bits"]:
            return f"{said} slash {spellout.cardinal(int(match['bits']), 'en')}"
        return f"{said}, port {spellout.digit_by_digit(match['port'], 'en')}" if match["port"] else said

    return (
        rule(r"(?:(?<=[a-z] )|(?<=[A-Z]{2} ))No (?=[1-9][0-9]{0,2}(?!\w|[.,:/-][0-9]|%))", "number ", words=["no"]),
        rule(r"(?<=ISSN )[0-9]{4}-[0-9]{4}(?!\w)", _all_digits, words=["ISSN"]),
        rule(r"(?<=CVE)-(?P<year>20[0-9]{2})-(?P<n>[0-9]{4,7})(?![\w-])", vulnerability, words=["CVE"]),
        # Cards, ZIP+4, the tax numbers of companies and of people.
        rule(
            r"(?<![\w.,-])(?:[0-9]{4}(?:[ -][0-9]{4}){3}|[0-9]{5}-[0-9]{4}|[0-9]{2}-[0-9]{7}"
            r"|[0-9]{3}-[0-9]{2}-[0-9]{4})(?![\w-]|[.,][0-9])",
            _all_digits,
            needs=DIGITS,
            starts="[0-9]{2,5}[ -](?=[0-9]{2})",
        ),
        rule(
            r"(?<![\w.,:/-])(?P<parts>[0-9]{1,3}(?:\.[0-9]{1,3}){3})(?::(?P<port>[0-9]{2,5})|/(?P<bits>[0-9]{1,2}))?"
            r"(?![\w/-]|[.,:][0-9])",
            address,
            needs=[INNER_DOT],
            starts=r"[0-9]{1,3}\.(?=[0-9]{1,3}\.)",
        ),
    )
