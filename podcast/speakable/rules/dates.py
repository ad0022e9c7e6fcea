# SPDX-License-Identifier: GPL-3.0-or-later
"""Find valid dates and times of day, which each language spells out.

`31/02/2025` or `27:80` is neither a date nor a time, so it is left to the rules for numbers.
"""

import re
from collections.abc import Callable

from podcast.speakable.engine import DIGIT, EDGE, END, Rule, any_of, last_dot, rule
from podcast.speakable.tables import Tables

DIGITS = "0123456789"
SayDate = Callable[[int, int, int | None], str]
"""Day, month, year (None if there is none) -> words."""
SayTime = Callable[[int, int, int | None], str]
"""Hours, minutes, seconds (None if there are none) -> words."""

_DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_NOT_AFTER = r"(?<![\w/.,:-])"
_NOT_BEFORE = r"(?![\w/-]|:[\w/]|[.,][0-9])"


def is_day(day: int, month: int) -> bool:
    """Return True if a month has such a day in some year."""
    return 1 <= month <= 12 and 1 <= day <= _DAYS[month - 1]


def date_rules(say: SayDate, *, month_first: bool = False) -> tuple[Rule, ...]:
    """Return the rules for `2025-02-21` and `21/02/2025` (or `02/21/2025`, with `month_first`)."""

    def iso(match: re.Match[str]) -> str | None:
        year, month, day = (int(match[name]) for name in "ymd")
        return say(day, month, year) if is_day(day, month) else None

    def slashed(match: re.Match[str]) -> str | None:
        if match["mark"] == "." and month_first and len(match["y"]) == 2:
            return None  # kernel 2.6.32
        first, second, year = int(match["a"]), int(match["b"]), int(match["y"])
        day, month = (second, first) if month_first else (first, second)
        if not is_day(day, month):
            day, month = month, day
        if len(match["y"]) == 2:
            year += 2000 if year < 70 else 1900
        return say(day, month, year) if is_day(day, month) else None

    return (
        rule(
            rf"{_NOT_AFTER}(?P<y>[12][0-9]{{3}})(?P<mark>[-/.])(?P<m>[0-9]{{2}}|(?<=[-/])[0-9])(?P=mark)(?P<d>[0-9]{{2}}|(?<=[-/])[0-9])(?=T[0-9]|[.,]?(?!\w))",
            iso,
            needs=DIGITS,
            starts="[12][0-9]{3}[-/.](?=[0-9])",
        ),
        rule(
            rf"{_NOT_AFTER}(?P<a>[0-9]{{1,2}})(?P<mark>[-/.])(?P<b>[0-9]{{1,2}})(?P=mark)(?P<y>[12][0-9]{{3}}|[0-9]{{2}}){_NOT_BEFORE}",
            slashed,
            needs=DIGITS,
            starts="[0-9]{1,2}[-/.](?=[0-9])",
        ),
    )


def clock(pattern: str, say: SayTime, *, to: str, needs: str = ":") -> Rule:
    """Return the rule for a time of day, or for two with a dash between them.

    `pattern` has the groups h, m and s (the last two may be empty), written as `(?P<hNAME>…)`.
    """

    def spoken(match: re.Match[str], name: str) -> str | None:
        hours, minutes, seconds = (int(match[part + name] or 0) for part in "hms")
        if hours > 24 or minutes > 59 or seconds > 59:
            return None
        return say(hours, minutes, seconds if match["s" + name] else None)

    def both(match: re.Match[str]) -> str | None:
        first = spoken(match, "1")
        if first is None or not match["h2"]:
            return first
        second = spoken(match, "2")
        return second and f"{first} {to} {second}"

    first, second = pattern.replace("NAME", "1"), pattern.replace("NAME", "2")
    return rule(rf"{_NOT_AFTER}{first}(?: ?[-–] ?{second})?(?:Z(?!\w))?{_NOT_BEFORE}", both, needs=needs, starts=DIGIT)


def short_days(tables: Tables) -> tuple[Rule, ...]:
    """Return the rules for abbreviated weekdays before a number, `sam. 21`, and for ranges: `Mon-Fri`."""
    days: dict[str, str] = tables["day_short"]
    names = any_of(days)
    months = "|".join([*tables["months"].split(), *tables["month_short"]])

    def both(match: re.Match[str]) -> str | None:
        first, second = match["a"].lower(), match["b"].lower()
        return None if first == second else f"{days[first]} {tables['words']['to']} {days[second]}"

    def alone(match: re.Match[str]) -> str:
        ends = last_dot(match) or re.match(" [A-ZÀ-Þ]", match.string[match.end() :])
        return f"{match['before']} {days[match['name'].lower()]}{'.' if ends else ''}"

    return (
        rule(rf"(?i){EDGE}(?P<a>{names})\.? ?[-–] ?(?P<b>{names})(?:\.(?= ?[:,0-9a-z])|{END})", both, words=days),
        rule(
            rf"(?i){EDGE}(?P<name>{names})\.(?=,? (?:(?:à |at )?[0-9]|(?:{months}){END}))",
            lambda match: days[match["name"].lower()],
            words=days,
        ),
        *(
            (
                rule(
                    rf"{EDGE}(?P<before>{any_of(lead)}) (?P<name>{any_of(map(str.capitalize, days))})\.",
                    alone,
                    words=days,
                ),
            )
            if (lead := tables.get("before_day", "").split())
            else ()
        ),
    )


def month_spans(tables: Tables) -> Rule:
    """Return the rule for the dash between two months, each with a number: `May 2022-June 2023`."""
    names = any_of(
        [*tables["months"].split(), *(f"{short}." for short in tables["month_short"]), *tables["month_short"]]
    )
    return rule(
        rf"(?i)(?<=[0-9])(?:-| - | ?[–—] ?)(?={names} (?:de )?[0-9])",
        f" {tables['words']['to']} ",
        needs="-–—",
        words=[*tables["months"].split(), *tables["month_short"]],
        starts="[ –—-]",
    )


def short_months(tables: Tables, *, first: str) -> tuple[Rule, ...]:
    """Return the rules for abbreviated months next to a number: `21 févr.`; `first` is spoken for the 1st."""
    months: list[str] = tables["months"].split()
    short: dict[str, int] = tables["month_short"]
    names = any_of(short)
    before = any_of(tables.get("before_month", "").split())

    def month(match: re.Match[str]) -> str:
        ends = last_dot(match) or re.match(r" [A-ZÀ-Þ][^\W\d_]", match.string[match.end() :])
        dot = "." if match.group()[-1] == "." and ends else ""
        return match["before"] + months[short[match["month"].lower()] - 1] + dot

    return (
        rule(
            rf"(?i)(?<![\w.,/:])(?:0?1|1er)(?= (?:de )?(?:{'|'.join(months)}){END})",
            first,
            words=months,
            starts="[01]",
        ),
        rule(
            rf"(?i)(?<![\w.,/:])(?:0?1|1er)(?P<before> (?:de )?)(?P<month>{names})(?:\.|{END})",
            lambda match: first + month(match),
            words=short,
            starts="[01]",
        ),
        rule(rf"(?i)(?<=[0-9])(?P<before>(?:er|º|\.)? (?:de )?)(?P<month>{names})(?:\.|{END})", month, words=short),
        rule(rf"(?i){EDGE}(?P<before>(?:{before})[ -])(?P<month>{names})\.", month, words=short),
        rule(rf"(?i){EDGE}(?P<before>)(?P<month>{names})\.?(?= (?:de )?[12][0-9]{{3}}{END})", month, words=short),
    )
