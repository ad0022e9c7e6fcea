# SPDX-License-Identifier: GPL-3.0-or-later
"""British English: `lost 3-0` is three nil, `21C` are degrees, `No 10` is number ten.

The languages with these conventions, and the words of sport, are in languages/en/speaking.toml.
"""

import re
from collections.abc import Callable

from podcast.speakable.engine import DIGIT, END, Rule, any_of, rule
from podcast.speakable.rules import spellout
from podcast.speakable.tables import Tables

Number = Callable[[int], str]
_PLACES = re.compile(r"\b(?:seats?|rows?|gates?|flats?|rooms?|class|section|article|century)\b", re.IGNORECASE)
_NOUN = re.compile(r"(?<=[a-z] )[A-Z][a-z]+ $")
"""Text before the number of a thing, `in Ward 21C`."""
_COUNTED = re.compile(r"\b(?:ages?|aged|pages?|grades?|years?|between|from|score of|pp?\.) $", re.IGNORECASE)
"""Text before a range, which is no result."""
_MOST_GOALS = 20


def british_rules(tables: Tables, cardinal: Number) -> tuple[Rule, ...]:
    """Return the rules."""
    return (
        _scores(tables, cardinal),
        _heat(cardinal),
        _pence(cardinal),
        rule(rf"(?<=[0-9])pc{END}", " per cent", needs="p"),
        _at_the_start(),
        _times(cardinal),
        _emergency(),
    )


def _scores(tables: Tables, cardinal: Number) -> Rule:
    """Spell out the result of a match: `3-0` is never a range, `2-1` is a result beside a word of sport."""
    sport = re.compile(rf"\b{any_of(tables['british']['sport'].split())}\b", re.IGNORECASE)

    def score(match: re.Match[str]) -> str | None:
        goals = [int(match[side]) for side in "ab"]
        is_result = sport.search(match.string) or (goals[1] == 0 and "-" in match.group())
        counted = _COUNTED.search(match.string, 0, match.start())
        if max(goals) > _MOST_GOALS or not is_result or counted:
            return None
        return " ".join(cardinal(number) if number else "nil" for number in goals)

    return rule(
        r"(?<![\w.,:/$£€–-])(?P<a>[0-9]{1,2})[-–](?P<b>[0-9]|1[0-9])(?![\w%°/–-]|[.,:][0-9]"
        r"| (?:years?|days?|weeks?|months?|hours?|minutes?|miles?|km|kg|per|percent|million|billion)\b)",
        score,
        needs="-–",
        starts=DIGIT,
    )


def _heat(cardinal: Number) -> Rule:
    """Spell out degrees: `21C outside`, `-3C`."""

    def heat(match: re.Match[str]) -> str | None:
        if _PLACES.search(match.string) or _NOUN.search(match.string, 0, match.start()):
            return None
        number = int(match["heat"])
        said = f"{cardinal(number)} {'degree' if number == 1 else 'degrees'}"
        if match["low"]:
            said = f"{cardinal(int(match['low']))} to {said}"
        return f"minus {said}" if match["minus"] else said

    return rule(
        rf"(?<![\w.,/:$£€-])(?P<minus>[-−]?)(?:(?P<low>[0-9]{{1,2}})[-–])?(?P<heat>[0-9]{{1,2}})C{END}(?![-/])",
        heat,
        needs="C",
        starts="[-−0-9]",
    )


def _pence(cardinal: Number) -> Rule:
    """Spell out `50p`."""

    def pence(match: re.Match[str]) -> str:
        number = int(match["pence"])
        return f"{cardinal(number)} {'penny' if number == 1 else 'pence'}"

    return rule(rf"(?<![\w.,:/$£€-])(?P<pence>[0-9]{{1,3}})p{END}(?!\.m)", pence, needs="p", starts=DIGIT)


def _at_the_start() -> Rule:
    """Spell out `No 10 said …`."""
    return rule(rf"(?:\A|(?<=[.!?:] )|(?<=[\"“(]))No (?=[0-9]{{1,3}}{END}(?![.,][0-9]|%))", "Number ", words=["no"])


def _times(cardinal: Number) -> Rule:
    """Spell out a time of day with a dot, where no decimal is meant: `Doors open at 7.30.`, `until 5.15 on Sunday`."""

    def time(match: re.Match[str]) -> str:
        minutes = int(match["minutes"])
        if not minutes:
            return f"{cardinal(int(match['hours']))} o'clock"
        return f"{cardinal(int(match['hours']))} {'oh ' if minutes < 10 else ''}{cardinal(minutes)}"

    return rule(
        r"(?:(?<=\bat )|(?<=\buntil ))(?P<hours>1[0-2]|[1-9])\.(?P<minutes>[0-5][05])(?![\w%])"
        r"(?=[.!?]?$| (?:on (?:[A-Z][a-z]+day|the day)|in the (?:morning|afternoon|evening)"
        r"|at night|tonight|today|tomorrow|sharp|every|each|o'clock)\b)",
        time,
        words=["at", "until"],
        starts=DIGIT,
    )


def _emergency() -> Rule:
    """Spell out the numbers of the emergency services."""
    return rule(
        rf"(?<![\w.,:/$£€–-])(?P<number>999|111){END}(?![.,:/–-][0-9]|[%-]| [a-z]+s\b| (?:people|million)\b)",
        lambda match: spellout.digit_by_digit(match["number"], "en"),
        needs="91",
        starts="999|111",
    )
