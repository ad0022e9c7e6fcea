# SPDX-License-Identifier: GPL-3.0-or-later
"""`podcast status`: each episode, each stage, what is stale and why. Reads files, loads no voice."""

from dataclasses import asdict, dataclass

from podcast.errors import PodcastError
from podcast.model import Episode
from podcast.produce import episode, manifest, records, scripts
from podcast.settings import Show
from podcast.text import clock
from podcast.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Row:
    """How far an episode is."""

    slug: str
    duration_ms: int | None
    integrated_lufs: float | None
    true_peak_dbtp: float | None
    script: str
    audio: str
    feed: str

    def cells(self) -> tuple[str, ...]:
        """Return the row as a person reads it."""
        length = "" if self.duration_ms is None else clock(self.duration_ms)
        loud = "" if self.integrated_lufs is None else f"{self.integrated_lufs:.1f} LUFS {self.true_peak_dbtp:.1f} dBTP"
        return self.slug, length, loud, self.script, self.audio, self.feed

    def as_json(self) -> dict[str, object]:
        """Return the row for programs."""
        return asdict(self)


def states(place: Workspace, show: Show) -> list[Row]:
    """Return a row for each script, and for each finished episode whose script is gone."""
    listed = manifest.listed(place)
    slugs = sorted({path.stem for path in place.script_files()} | {done.slug for done in records.finished(place)})
    return [_row(place, show, slug, listed) for slug in slugs]


def _row(place: Workspace, show: Show, slug: str, listed: frozenset[str]) -> Row:
    done = records.load(place, slug)
    said, audio = _stages(place, show, slug, done)
    feed = "not yet"
    if done and any(name.startswith(f"media/{slug}-") for name in listed):
        feed = "listed" if records.sound_name(done) in listed else "stale: podcast feed renews it"
    return Row(
        slug,
        done.enclosure.duration_ms if done else None,
        done.loudness.integrated_lufs if done else None,
        done.loudness.true_peak_dbtp if done else None,
        said,
        audio,
        feed,
    )


def _stages(place: Workspace, show: Show, slug: str, done: Episode | None) -> tuple[str, str]:
    if not place.script(slug).exists():
        return "gone", "finished"
    try:
        script = scripts.load(place, slug)
        now = episode.ingredients(place, show, script)
    except PodcastError as error:
        return f"mistake: {error.message}", "stale" if done else "not yet"
    if done is None:
        return "ready", "not yet"
    changed = [name for name, digest in now.items() if done.made_from.get(name) != digest]
    if not records.is_whole(place, done):
        return "ready", "stale: the MP3 is missing or cut"
    return "ready", f"stale: {', '.join(changed)} changed" if changed else "up to date"
