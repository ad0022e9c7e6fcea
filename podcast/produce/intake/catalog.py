# SPDX-License-Identifier: GPL-3.0-or-later
"""The scripts that are there, by what recognises their articles: digest, source, address.

Read once a run from the front matters alone; a script with a mistake in it is known by what can be read of it.
"""

import datetime as dt
import re
import unicodedata
from collections.abc import Mapping
from typing import Any

import yaml

from podcast import script
from podcast.model import Article, Script
from podcast.produce import records
from podcast.read import is_address
from podcast.script.draft import article_digest
from podcast.workspace import Workspace

FRONT = re.compile(r"\A\ufeff?---[ \t]*\r?\n(.*?)^---[ \t]*\r?$", re.DOTALL | re.MULTILINE)
LOADER: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
"""Makes only texts, lists and mappings; the one in C is ten times quicker."""


RESERVED = {"con", "prn", "aux", "nul", *(f"{port}{number}" for port in ("com", "lpt") for number in range(1, 10))}
"""Names that no file may have on Windows, however it ends."""
README = "readme"
"""A README in scripts/ is no script (Workspace.script_files), and the same file where case does not count."""


class ScriptCatalog:
    """What is known of the scripts in a show folder."""

    def __init__(self, place: Workspace) -> None:
        self.slugs: set[str] = set()
        self.dates: set[str] = set()
        self.numbers: dict[int, int] = {}
        """Season, 0 for none -> the highest number of an episode in it."""
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
                number = max(head.number or 0, 0 if head.season else full)  # many shows count without saying so
                self._count(head.published.isoformat(), head.season or 0, number)

    def note(self, written: Script) -> None:
        """Take in a script that was just written."""
        self._note(written.slug, _front_of(written))

    def _note(self, slug: str, front: Mapping[str, Any]) -> None:
        self.slugs.add(slug)
        self.dates.add(str(front.get("date", "")))
        self._count(str(front.get("date", "")), _number(front.get("season")), _number(front.get("episode")))
        origin = front.get("origin")
        if isinstance(origin, dict):
            self.by_digest.setdefault(str(origin.get("article", "")), slug)
            file = unicodedata.normalize("NFC", str(origin.get("file", "")))  # macOS divides letters and their accents
            slugs = self.by_origin.setdefault((file, str(origin.get("part", ""))), [])
            slugs += [] if slug in slugs else [slug]
        if front.get("source"):
            self.by_address.setdefault(str(front["source"]), slug)

    def _count(self, date: str, season: int, number: int) -> None:
        self.numbers[season] = max(self.numbers.get(season, 0), number)
        self.newest = max(self.newest, (date, season))

    @property
    def next(self) -> tuple[int | None, int]:
        """Season and number of the next episode: those of the newest one, counted on."""
        _, season = self.newest
        return season or None, self.numbers.get(season, 0) + 1

    def same(self, article: Article) -> str:
        """Return the slug of the very article, or nothing."""
        return self.by_digest.get(article_digest(article), "")

    def earlier(self, article: Article, file: str) -> str:
        """Return the slug of an earlier version of an article from the source `file`, or nothing.

        An address names one article for life. Files of one name may lie in many folders, so there the title has
        to be the same as well.
        """
        slugs = self.by_origin.get((file, article.part), []) if file else []
        if not is_address(file):
            wanted = script.slugify(article.title)
            slugs = [slug for slug in slugs if re.fullmatch(rf"{re.escape(wanted)}(-\d+)?", slug)]
        return slugs[0] if slugs else self.by_address.get(article.url, "") if article.url else ""

    def parts(self, file: str) -> set[str]:
        """Return what is known of a feed: the parts that came from it, and every address that is a script's source."""
        return {part for name, part in self.by_origin if name == file} | self.by_address.keys()

    def is_feed(self, file: str) -> bool:
        """Return True if parts have come from a source, not one article."""
        return any(name == file and part for name, part in self.by_origin)

    def of(self, file: str) -> list[str]:
        """Return the slugs of all articles of a source."""
        return sorted({slug for (name, _), slugs in self.by_origin.items() if name == file for slug in slugs})

    def free(self, slug: str) -> str:
        """Return the slug, numbered if another article has it, or if some system would not have a file of that name.

        Most disks of Windows and macOS take names that differ only in case for one.
        """
        taken = {one.casefold() for one in self.slugs} | RESERVED | {README}
        count = 2
        name = slug
        while name in taken:
            name, count = f"{slug}-{count}", count + 1
        return name

    def distinct(self, date: dt.datetime) -> dt.datetime:
        """Return the date, some seconds later if other episodes have it: apps need an order."""
        while date.isoformat() in self.dates:
            date += dt.timedelta(seconds=1)
        return date


def _front_of(written: Script) -> Mapping[str, Any]:
    """Return what the front matter of a script says of where it came from and when."""
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
    found = FRONT.match(text)
    try:
        values = yaml.load(found[1], Loader=LOADER) if found else None  # noqa: S506 - see LOADER
    except yaml.YAMLError:
        return {}  # its mistake is named when the script is read to be made
    return values if isinstance(values, dict) else {}
