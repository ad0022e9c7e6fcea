# SPDX-License-Identifier: GPL-3.0-or-later
"""`podcast status`: the state of each episode, and why it is out of date. Reads files, loads no voice."""

import datetime as dt
import re
from dataclasses import asdict, dataclass
from typing import Literal
from urllib.parse import urlsplit

from podcast.config.settings import Show
from podcast.errors import PodcastError, ScriptError
from podcast.model import Episode, Script
from podcast.produce import records
from podcast.produce.release import manifest
from podcast.produce.release.schedule import is_due, renamed
from podcast.produce.render import fallbacks
from podcast.produce.render.staleness import ScriptCache, in_words
from podcast.workspace import Workspace

MEDIA = re.compile(r"media/(.+)-[0-9a-f]{10}\.mp3")
"""Matches names from records.sound_name; group 1 is the slug."""

State = Literal["up to date", "out of date", "not rendered", "due", "not published", "failed", "renamed"]


@dataclass(frozen=True, slots=True)
class StatusRow:
    """The state of an episode."""

    slug: str
    number: int | None
    season: int | None
    date: str
    """Date of publication, such as 2026-11-23; empty if the script cannot be read."""
    title: str
    state: State
    detail: str
    """Reason for the state, or a remark; may be empty."""
    in_feed: bool
    duration_ms: int | None = None
    integrated_lufs: float | None = None
    true_peak_dbtp: float | None = None

    @property
    def words(self) -> str:
        """The state with its detail, as text."""
        if self.state == "up to date" and self.detail:
            return f"{self.state} ({self.detail})"
        return f"{self.brief}: {self.detail}" if self.detail else self.brief

    @property
    def brief(self) -> str:
        """The state without its detail, as text."""
        return f"due on {self.date}" if self.state == "due" else self.state

    @property
    def count(self) -> str:
        """Number of the episode, with its season if it has one."""
        if self.number is None:
            return ""
        return f"S{self.season}E{self.number}" if self.season else str(self.number)

    def as_json(self) -> dict[str, object]:
        """Return the fields as JSON."""
        return asdict(self)


def states(place: Workspace, show: Show) -> list[StatusRow]:
    """Return a row for each script, and for each finished episode without a script, by date."""
    heads = list(records.summaries(place))
    done = {head.slug: head for head, _whole in heads}
    truncated = {head.slug for head, whole in heads if not whole}
    scripted = {path.stem for path in place.script_files()}
    listed = manifest.listed(place)
    has_audio = {match[1] for name in listed if (match := MEDIA.fullmatch(name))}
    builder = _StatusRows(ScriptCache(place, show), listed, has_audio, renamed(place, done.values()), truncated)
    rows = [
        builder.at_script(slug, done.get(slug)) if slug in scripted else builder.at_record(done[slug])
        for slug in sorted(done.keys() - truncated | scripted)
    ]
    return sorted(rows, key=lambda row: (row.date, row.number or 0, row.slug))


@dataclass(frozen=True)
class _StatusRows:
    """Builds the rows from what all of them share."""

    scripts: ScriptCache
    listed: frozenset[str]
    """Names of the files of the feed."""
    has_audio: set[str]
    """Episodes of which some audio is in the feed, even if not the present one."""
    renamed: dict[str, str]
    truncated: set[str]
    """Episodes whose MP3 is missing or truncated."""

    def at_script(self, slug: str, done: Episode | None) -> StatusRow:
        """Return the row of an episode that has a script."""
        try:
            now = self.scripts.ingredients(slug)
            if done is None:
                return self._row(slug, self.scripts.read(slug), "not rendered", "")
            if slug in self.truncated:
                return self._row(slug, done, "out of date", "the MP3 is missing or cut off")
            changed = self.scripts.changed(done, now)
        except PodcastError as error:
            return self._failed(slug, done, error)
        if changed:
            known = self.scripts.read(slug) if "script" in changed else done
            return self._row(slug, known, "out of date", in_words(changed), done)
        return self._current(done, "; ".join(self._remarks(done, self.scripts.ignored_changes(done, now))))

    def _failed(self, slug: str, done: Episode | None, error: PodcastError) -> StatusRow:
        known: Script | Episode | None = done
        if not isinstance(error, ScriptError) and known is None:
            known = self.scripts.read(slug)
        return self._row(slug, known, "failed", error.message, done)

    def _remarks(self, done: Episode, held: list[str]) -> list[str]:
        found = [f"published audio kept, though {in_words(held)}"] if held else []
        return found + ([f"fallback voice {fallbacks.describe(done.stand_ins)}"] if done.stand_ins else [])

    def at_record(self, done: Episode) -> StatusRow:
        """Return the row of an episode without a script: imported, renamed, or its script was deleted."""
        if done.imported:
            host = urlsplit(done.enclosure.url).hostname
            return self._current(done, f"imported; audio at {host}" if host else "imported")
        if new := self.renamed.get(done.slug):
            renew = "; run podcast feed" if done.slug in self.has_audio else ""
            return self._row(done.slug, done, "renamed", f"its script is now {new}{renew}")
        return self._current(done, "script deleted")

    def _current(self, done: Episode, remarks: str) -> StatusRow:
        """Return the row of an episode whose audio is up to date; the state depends on the feed."""
        if not done.publish:
            return self._row(done.slug, done, "not published", "publish: false in its script")
        if not is_due(done, self.listed):
            return self._row(done.slug, done, "due", "")
        if not self._is_in_feed(done):
            earlier = "the feed has its earlier audio; run podcast feed --allow-audio"
            why = earlier if done.slug in self.has_audio else "not in the feed yet; run podcast feed"
            return self._row(done.slug, done, "out of date", why)
        return self._row(done.slug, done, "up to date", remarks)

    def _is_in_feed(self, done: Episode) -> bool:
        if done.imported:
            return records.page_name(done.slug) in self.listed
        return records.sound_name(done) in self.listed

    def _row(
        self, slug: str, known: "Script | Episode | None", state: State, detail: str, done: Episode | None = None
    ) -> StatusRow:
        done = known if isinstance(known, Episode) else done
        title, date, number, season = _named(known)
        loudness = done.loudness if done else None
        return StatusRow(
            slug,
            number,
            season,
            date.date().isoformat() if date else "",
            title,
            state,
            detail,
            in_feed=done is not None and self._is_in_feed(done),
            duration_ms=(done.enclosure.duration_ms or None) if done else None,
            integrated_lufs=loudness.integrated_lufs if loudness else None,
            true_peak_dbtp=loudness.true_peak_dbtp if loudness else None,
        )


def _named(known: "Script | Episode | None") -> tuple[str, dt.datetime | None, int | None, int | None]:
    """Return title, date, number and season of a script or an episode."""
    if known is None:
        return "", None, None, None
    if isinstance(known, Script):
        return known.title, known.date, known.episode, known.season
    return known.title, known.published, known.number, known.season
