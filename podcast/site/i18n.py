# SPDX-License-Identifier: GPL-3.0-or-later
"""Labels, dates and lengths on the web pages, by language (languages/*/page.toml).

The system's locale is never asked, so the same show gives the same pages on every machine. A language that has no
page.toml gets English words; `PageWords.language` says which it became.
"""

import datetime as dt
from functools import cache
from typing import NamedTuple

from podcast import languages

FILE = "page.toml"


class PageWords(NamedTuple):
    """The labels in one language: the keys of its file."""

    language: str
    skip: str
    """Link to the main part, for those who do not use a mouse."""
    episodes: str
    subscribe: str
    address: str
    """Stands before the address of the feed, with its colon."""
    apps: str
    """Names the list of apps that can be opened with the feed."""
    file: str
    """Names the file that every app can import."""
    season: str
    episode: str
    trailer: str
    bonus: str
    start: str
    """Before the first episode of a serial show, with its colon."""
    years: str
    """Names the links to the episodes of each year."""
    support: str
    """Link to where listeners can pay, if the show has no words of its own for it."""
    text: str
    """Before the author of the article, with its colon if it takes one."""
    source: str
    """Before the address of the article, likewise."""
    listen: str
    """Names the player: the title follows."""
    player: str
    speed: str
    back: str
    forward: str
    position: str
    """Names the bar to seek by."""
    start_here: str
    """Before a time."""
    failed: str
    share: str
    """Copies the link that leads to where one is."""
    shared: str
    """Said once that is done."""
    chapters: str
    transcript: str
    notes: str
    links: str
    files: str
    keys: str
    """What the keyboard does."""
    previous: str
    next: str
    newer: str
    older: str
    point: str
    """Between units and tenths."""
    date: str
    """Pattern with day, month and year."""
    months: str
    """Their twelve names, with spaces between."""
    first_day: str = "1"
    """The first day of a month, such as `1er`."""


@cache
def _of(tag: str) -> PageWords:
    return languages.filled(PageWords, tag, FILE)


def words(language: str) -> PageWords:
    """Return the words of a language; English if it has none. Raises ConfigError for a file that lacks some."""
    return _of(languages.find(language, FILE, "en"))


def date(day: dt.datetime, own: PageWords) -> str:
    """Return the date as people write it, in its own time zone: `1er mai 2026`."""
    number = own.first_day if day.day == 1 else str(day.day)
    return own.date.format(day=number, month=own.months.split()[day.month - 1], year=day.year).replace(" ", "\u00a0")


def length(ms: int) -> str:
    """Return a length such as `1 h 5 min`, `12 min` or `45 s`: the symbols are those of all our languages."""
    seconds = max(1, round(ms / 1000))
    if seconds < 60:
        return f"{seconds}\u00a0s"
    hours, minutes = divmod(round(seconds / 60), 60)
    parts = [f"{hours}\u00a0h"] * bool(hours) + [f"{minutes}\u00a0min"] * bool(minutes)
    return "\u00a0".join(parts)
