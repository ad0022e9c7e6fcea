# SPDX-License-Identifier: GPL-3.0-or-later
"""Catalog of the existing scripts, to find the script of an article by its digest, source or URL.

Built once a run from the front matter alone; of a script with errors, what can be parsed counts.
"""

import datetime as dt
import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from podcast import front_matter, script
from podcast.model import Article, Script
from podcast.produce import records
from podcast.read import is_address
from podcast.script.draft import article_digest
from podcast.workspace import Workspace

RESERVED = {"con", "prn", "aux", "nul", *(f"{port}{number}" for port in ("com", "lpt") for number in range(1, 10))}
"""File names that Windows reserves, with any suffix."""
README = "readme"
"""A README in scripts/ is not a script (Workspace.script_files), in any case on case-insensitive file systems."""


class ScriptCatalog:
    """Index of the scripts and imported episodes in a show folder."""

    def __init__(self, place: Workspace) -> None:
        self.slugs: set[str] = set()
        self.dates: set[str] = set()
        self.numbers: dict[int, int] = {}
        """Season (0 for none) -> highest episode number in it."""
        self.newest = ("", 0)
        """Date and season of the newest episode."""
        self.by_digest: dict[str, str] = {}
        self.by_origin: dict[tuple[str, str], list[str]] = {}
        self.by_address: dict[str, str] = {}
        for path in place.script_files():
            self._note(path.stem, _front(path.read_text(encoding="utf-8", errors="replace")))
        full = 0
        for head, _whole in records.summaries(place, lenient=True):
            if head.imported:
                self.slugs.add(head.slug)
                self.dates.add(head.published.isoformat())
                full += head.kind == "full"
                number = max(head.number or 0, 0 if head.season else full)  # many shows have no numbers in the feed
                self._count(head.published.isoformat(), head.season or 0, number)

    def note(self, written: Script) -> None:
        """Add a script that was just written."""
        self._note(written.slug, _front_of(written))

    def _note(self, slug: str, front: Mapping[str, Any]) -> None:
        self.slugs.add(slug)
        self.dates.add(str(front.get("date", "")))
        self._count(str(front.get("date", "")), _number(front.get("season")), _number(front.get("episode")))
        origin = front.get("origin")
        if isinstance(origin, dict):
            self.by_digest.setdefault(str(origin.get("article", "")), slug)
            file = unicodedata.normalize("NFC", str(origin.get("file", "")))  # macOS decomposes accented letters
            slugs = self.by_origin.setdefault((file, str(origin.get("part", ""))), [])
            slugs += [] if slug in slugs else [slug]
        if front.get("source"):
            self.by_address.setdefault(str(front["source"]), slug)

    def _count(self, date: str, season: int, number: int) -> None:
        self.numbers[season] = max(self.numbers.get(season, 0), number)
        self.newest = max(self.newest, (date, season))

    @property
    def next(self) -> tuple[int | None, int]:
        """Season and number of the next episode: the season of the newest one, and the next number in it."""
        _, season = self.newest
        return season or None, self.numbers.get(season, 0) + 1

    def same(self, article: Article) -> str:
        """Return the slug of the script of exactly this article; empty if there is none."""
        return self.by_digest.get(article_digest(article), "")

    def earlier(self, article: Article, file: str) -> str:
        """Return the slug of an earlier version of an article from the source `file`; empty if there is none.

        A URL always refers to the same article. Files with the same name may be in several folders, so their titles
        have to match as well.
        """
        slugs = self.by_origin.get((file, article.part), []) if file else []
        if not is_address(file):
            wanted = script.slugify(article.title)
            slugs = [slug for slug in slugs if re.fullmatch(rf"{re.escape(wanted)}(-\d+)?", slug)]
        if slugs:
            return slugs[0]
        return self.by_address.get(article.url, "") if article.url else ""

    def parts(self, file: str) -> set[str]:
        """Return the known entries of a feed, and the source URLs of all scripts."""
        return {part for name, part in self.by_origin if name == file} | self.by_address.keys()

    def is_feed(self, file: str) -> bool:
        """Return True if entries have come from a source, not a single article."""
        return any(name == file and part for name, part in self.by_origin)

    def of(self, file: str) -> list[str]:
        """Return the slugs of all articles from a source."""
        return sorted({slug for (name, _), slugs in self.by_origin.items() if name == file for slug in slugs})

    def free(self, slug: str) -> str:
        """Return the slug, with a number added if it is taken or not a valid file name on some system.

        Most file systems of Windows and macOS are case-insensitive.
        """
        taken = {one.casefold() for one in self.slugs} | RESERVED | {README}
        count = 2
        name = slug
        while name in taken:
            name, count = f"{slug}-{count}", count + 1
        return name

    def distinct(self, date: dt.datetime) -> dt.datetime:
        """Return the date, some seconds later if other episodes have it: apps sort by date."""
        while date.isoformat() in self.dates:
            date += dt.timedelta(seconds=1)
        return date


def _front_of(written: Script) -> Mapping[str, Any]:
    """Return the front-matter fields of a script that the catalog uses."""
    origin = written.origin
    return {
        "date": written.date.isoformat(),
        "season": written.season or "",
        "episode": written.episode or "",
        "source": written.source,
        "origin": {"file": origin.file, "article": origin.article, "part": origin.part} if origin else "",
    }


def _number(value: object) -> int:
    text = str(value)
    return int(text) if text.isascii() and text.isdigit() else 0


def _front(text: str) -> Mapping[str, Any]:
    parts = front_matter.split(text.removeprefix("\ufeff"))
    try:
        values = front_matter.load(parts.front, fast=True).value if parts else None
    except front_matter.FrontMatterError:
        return {}  # the error is reported when the script is parsed
    return values if isinstance(values, dict) else {}
