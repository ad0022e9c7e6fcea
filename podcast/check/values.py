# SPDX-License-Identifier: GPL-3.0-or-later
"""Parsers and validators of values; each takes text and returns the value, or the rule that it breaks.

URLs (RFC 3986), dates (RFC 2822), durations, Normal Play Time (RFC 2326), language codes (ISO 639).
"""

import datetime as dt
import re
import uuid
from functools import cache
from importlib.resources import files
from urllib.parse import urlsplit

MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
DAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
_DATE = re.compile(
    r"(?:(?P<weekday>[A-Z][a-z]{2}), )?(?P<day>\d{1,2}) (?P<month>[A-Z][a-z]{2}) (?P<year>\d{4}) "
    r"(?P<h>\d{2}):(?P<m>\d{2})(?::(?P<s>\d{2}))? (?P<zone>[+-]\d{4}|GMT|UT|[ECMP][SD]T|Z)"
)
_ZONES = {"EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7}
_LANGUAGE = re.compile(r"([A-Za-z]{2,3})(-[A-Za-z0-9]{2,8})*")
_SECONDS = re.compile(r"\d{1,9}(?:\.\d{1,9})?")
_NPT = re.compile(r"(?:(?:(\d{1,4}):)?([0-5]?\d):)?([0-5]?\d(?:\.\d{1,9})?)|(\d{1,9}(?:\.\d{1,9})?)")


def broken(error: Exception) -> str:
    """Return why a JSON file could not be parsed, in plain words instead of Python's."""
    if isinstance(error, KeyError):
        return f"{error} is missing"
    return "it has an unexpected structure" if isinstance(error, TypeError | AttributeError) else str(error)


def address(text: str, *, https: bool = True) -> str:
    """Return the rule that a URL breaks, or an empty string."""
    try:
        parts = urlsplit(text)
        host = parts.hostname
        _ = parts.port
    except ValueError:
        return "address-form"
    if parts.scheme.lower() not in {"http", "https"} or not host or re.search(r"[\s<>\"\\^`{|}\x00-\x1f\x7f]", text):
        return "address-form"
    if not text.isascii():
        return "address-ascii"
    return "address-https" if https and parts.scheme.lower() != "https" else ""


def date(text: str) -> tuple[dt.datetime | None, str]:
    """Parse a date (RFC 2822); return it, or None, and the rule that it breaks, if any."""
    found = _DATE.fullmatch(re.sub(r"\s+", " ", text.strip()))
    if found is None or found["month"] not in MONTHS or (found["weekday"] or "Mon") not in DAYS:
        return None, "item-date-form"
    zone = found["zone"]
    sign = -1 if zone[0] == "-" else 1
    minutes = sign * (60 * int(zone[1:3]) + int(zone[3:])) if zone[0] in "+-" else 60 * _ZONES.get(zone, 0)
    try:
        when = dt.datetime(
            int(found["year"]),
            MONTHS.index(found["month"]) + 1,
            int(found["day"]),
            int(found["h"]),
            int(found["m"]),
            int(found["s"] or 0),
            tzinfo=dt.timezone(dt.timedelta(minutes=minutes)),
        )
    except ValueError:
        return None, "item-date-form"
    wrong = found["weekday"] and DAYS[when.weekday()] != found["weekday"]
    return when, "item-date-weekday" if wrong else ""


def duration(text: str) -> float | None:
    """Parse itunes:duration (`93`, `1:33`, `0:01:33`) into seconds; None if not valid. Apple accepts no fractions."""
    parts = text.split(":")
    if not 1 <= len(parts) <= 3 or not all(re.fullmatch(r"\d{1,9}", part) for part in parts):
        return None
    if any(int(part) > 59 for part in parts[1:]):
        return None
    seconds = 0
    for part in parts:
        seconds = 60 * seconds + int(part)
    return float(seconds)


def seconds(text: str) -> float | None:
    """Parse a decimal number of seconds, at least 0; None if not valid."""
    return float(text) if _SECONDS.fullmatch(text) else None


def play_time(text: str) -> float | None:
    """Parse Normal Play Time (RFC 2326, section 3.6) into seconds; None if not valid."""
    found = _NPT.fullmatch(text)
    if found is None:
        return None
    if found[4]:
        return float(found[4])
    return 3600 * int(found[1] or 0) + 60 * int(found[2] or 0) + float(found[3])


def language(text: str) -> bool:
    """Return True for a language code of ISO 639, with or without region and script."""
    found = _LANGUAGE.fullmatch(text)
    return bool(found) and found[1].lower() in _languages()  # type: ignore[index]


@cache
def _languages() -> frozenset[str]:
    from babel import Locale

    lines = files("podcast").joinpath("languages.txt").read_text("ascii").splitlines()
    return frozenset(word for line in lines for word in line.split()) | frozenset(Locale("en").languages)


def is_uuid(text: str) -> bool:
    """Return True for a UUID with dashes."""
    try:
        return str(uuid.UUID(text)) == text.lower()
    except ValueError:
        return False


def whole(text: str) -> bool:
    """Return True for a whole number of at least 1, without leading zeros."""
    return bool(re.fullmatch(r"[1-9]\d{0,8}", text))
