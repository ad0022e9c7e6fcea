# SPDX-License-Identifier: GPL-3.0-or-later
"""Labels, dates and durations on the web pages, by language (languages/*/page.toml).

The system's locale is not used, so the same show gives the same pages on every machine. A language without page.toml
gets English labels; `PageWords.language` is the language of the labels.
"""

import datetime as dt
from functools import cache
from typing import NamedTuple

from podcast import languages

FILE = "page.toml"


class PageWords(NamedTuple):
    """The labels in one language; the fields are the keys of page.toml."""

    language: str
    skip: str
    """Skip link to the main part, for keyboard users."""
    episodes: str
    subscribe: str
    address: str
    """Label before the URL of the feed, with a colon."""
    apps: str
    """Label of the list of apps to subscribe with."""
    file: str
    """Label of the OPML file."""
    season: str
    episode: str
    trailer: str
    bonus: str
    start: str
    """Label before the first episode of a serial show, with a colon."""
    years: str
    """Label of the links to the episodes of each year."""
    support: str
    """Text of the funding link, if the show sets none."""
    text: str
    """Label before the author of the article, with a colon if the language uses one."""
    source: str
    """Label before the URL of the article, likewise."""
    listen: str
    """Label of the player; the title follows."""
    player: str
    speed: str
    back: str
    forward: str
    position: str
    """Label of the seek bar."""
    start_here: str
    """Label before a time."""
    failed: str
    share: str
    """Label of the button that copies a link to the current position."""
    shared: str
    """Confirmation that the link was copied."""
    chapters: str
    transcript: str
    notes: str
    links: str
    files: str
    keys: str
    """Description of the keyboard shortcuts."""
    previous: str
    next: str
    newer: str
    older: str
    point: str
    """Decimal separator."""
    date: str
    """Pattern with day, month and year."""
    months: str
    """Names of the months, separated by spaces."""
    first_day: str = "1"
    """The first day of a month, such as `1er`."""


@cache
def _of(tag: str) -> PageWords:
    return languages.filled(PageWords, tag, FILE)


def words(language: str) -> PageWords:
    """Return the labels of a language, or English ones. Raises ConfigError for a file with missing keys."""
    return _of(languages.find(language, FILE, "en"))


def date(day: dt.datetime, own: PageWords) -> str:
    """Format a date, in its own time zone: `1er mai 2026`."""
    number = own.first_day if day.day == 1 else str(day.day)
    return own.date.format(day=number, month=own.months.split()[day.month - 1], year=day.year).replace(" ", "\u00a0")


def length(ms: int) -> str:
    """Format a duration: `1 h 5 min`, `12 min` or `45 s`; all supported languages use these symbols."""
    seconds = max(1, round(ms / 1000))
    if seconds < 60:
        return f"{seconds}\u00a0s"
    hours, minutes = divmod(round(seconds / 60), 60)
    parts = [f"{hours}\u00a0h"] * bool(hours) + [f"{minutes}\u00a0min"] * bool(minutes)
    return "\u00a0".join(parts)
