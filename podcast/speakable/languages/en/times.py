# SPDX-License-Identifier: GPL-3.0-or-later
"""English times of day and durations: `5 p.m.`, `9:30–11 a.m.`, `11:30EST`, `a time of 2:03:41`."""

import re
from collections.abc import Callable

from podcast.speakable.engine import DIGIT, END, Rule, any_of, last_dot, rule
from podcast.speakable.languages.en.entities import begins
from podcast.speakable.rules import spellout
from podcast.speakable.rules.dates import clock
from podcast.speakable.tables import Tables

Number = Callable[[int], str]
_CLOCK = re.compile(
    r"(?:\A|\b(?:[Aa]t|[Bb]y|[Ss]ince|until|before|after|from|to)|[12][0-9]{3},?|[0-9]{2}[-/][0-9]{2}) \Z|\A\[\Z"
)
"""Text before a time of day with seconds, rather than a duration."""
FREE = r"(?<![\w.,:/$£€-])"


def time_rules(tables: Tables, cardinal: Number) -> tuple[Rule, ...]:
    """Return the rules."""
    say = _sayer(cardinal)
    return (
        *_after_date(say),
        *_half_days(tables, cardinal, say),
        _durations(tables, cardinal),
        _zoned(tables, say),
        rule(r"T(?=[0-9]{2}:[0-9]{2})", " at ", needs="T"),
        clock(r"(?P<hNAME>[0-9]{1,2}):(?P<mNAME>[0-5][0-9])(?::(?P<sNAME>[0-5][0-9]))?", say, to="to"),
    )


def _sayer(cardinal: Number) -> Callable[[int, int, int | None], str]:
    """Return the function that spells out a time of day."""

    def say(hours: int, minutes: int, seconds: int | None) -> str:
        said = cardinal(hours)
        if minutes:
            said += f" {'oh ' if minutes < 10 else ''}{cardinal(minutes)}"
        elif not seconds:
            said += " o'clock" if 1 <= hours <= 12 else " hundred"
        return said + (f" and {cardinal(seconds)} seconds" if seconds else "")

    return say


def _after_date(say: Callable[[int, int, int | None], str]) -> tuple[Rule, ...]:
    """Spell out the time after a date in digits, `2020-07-11 20:56`, with a pause between them."""
    after = r"(?:(?<=[-/.][0-9]{4})|(?<=[0-9]-[0-9]{2})) "
    clocked = r"(?P<h>[0-2]?[0-9]):(?P<m>[0-5][0-9])(?::(?P<s>[0-5][0-9]))?"
    half = r" ?[AaPp]\.?[Mm]\b"
    return (
        rule(rf"{after}(?={clocked}{half})", ", ", needs=":", starts=" [0-9]"),
        rule(
            rf"{after}{clocked}(?![\w:]|[.,][0-9])",
            lambda m: f", {say(int(m['h']), int(m['m']), int(m['s']) if m['s'] else None)}",
            needs=":",
            starts=" [0-9]",
        ),
    )


def _half_days(tables: Tables, cardinal: Number, say: Callable[[int, int, int | None], str]) -> tuple[Rule, ...]:
    """Spell out `5 p.m.` and `9:30–11 a.m.`."""

    def at(match: re.Match[str], name: str) -> str:
        hours, minutes = int(match["h" + name]), int(match["m" + name] or 0)
        spoken = say(hours, minutes, None) if minutes else cardinal(hours)
        if not match["half" + name]:
            return spoken
        ends = match.group().endswith(".") and (last_dot(match) or begins(tables, match.string[match.end() :]))
        return f"{spoken} {match['half' + name][0].upper()}M" + ("." if name == "2" and ends else "")

    def half_days(match: re.Match[str]) -> str:
        return f"{at(match, '1')} to {at(match, '2')}"

    hour = r"(?P<hNAME>1[0-2]|0?[1-9])(?:[:.](?P<mNAME>[0-5][0-9]))?"
    half = r" ?(?P<halfNAME>[aApP](?:\.[mM]\.?|[mM]))(?![^\W_])"
    second = (hour + half).replace("NAME", "2")
    return (
        rule(
            rf"{FREE}{hour.replace('NAME', '1')}(?:{half.replace('NAME', '1')})?(?: ?[-–] ?| to ){second}",
            half_days,
            needs="mM",
            starts=DIGIT,
        ),
        rule(FREE + second, lambda match: at(match, "2"), needs="mM", starts=DIGIT),
    )


def _durations(tables: Tables, cardinal: Number) -> Rule:
    """Spell out hours, minutes and seconds, except in the position of a time of day: `1:30:00`."""
    zones = any_of(tables["time_zones"].split())

    def duration(match: re.Match[str]) -> str | None:
        hours, minutes, seconds = (int(match[part]) for part in "hms")
        clocked = (
            len(match["h"]) == 2 and hours < 24 and not (hours == 0 and match.string[: match.start()][-2:-1].isalpha())
        )
        if clocked and _CLOCK.search(match.string, 0, match.start()):
            return None
        tenths = f" point {spellout.digit_by_digit(match['rest'], 'en')}" if match["rest"] else ""
        *first, last = [
            f"{cardinal(n)}{more} {unit}{'' if n == 1 and not more else 's'}"
            for n, unit, more in ((hours, "hour", ""), (minutes, "minute", ""), (seconds, "second", tenths))
            if n or more
        ] or ["zero seconds"]
        return f"{', '.join(first)} and {last}" if first else last

    return rule(
        rf"{FREE}(?P<h>[0-9]{{1,3}}):(?P<m>[0-5][0-9]):(?P<s>[0-5][0-9])(?:\.(?P<rest>[0-9]{{1,3}}))?"
        rf"(?![\w:/-]|[.,][0-9]| ?(?:[AaPp]\.?[Mm]|{zones})\b| ?[-–] ?[0-9])",
        duration,
        needs=":",
        starts=DIGIT,
    )


def _zoned(tables: Tables, say: Callable[[int, int, int | None], str]) -> Rule:
    """Spell out a time with its zone right after it: `11:30EST`."""
    zones = any_of(tables["time_zones"].split())
    return rule(
        rf"{FREE}(?P<h>[0-2]?[0-9]):(?P<m>[0-5][0-9])(?P<zone>{zones}){END}",
        lambda match: f"{say(int(match['h']), int(match['m']), None)} {' '.join(match['zone'])}",
        needs=":",
        starts=DIGIT,
    )
