# SPDX-License-Identifier: GPL-3.0-or-later
"""`podcast status`: each episode, each stage, what is stale and why. Reads files, loads no voice."""

import re
from dataclasses import asdict, dataclass
from urllib.parse import urlsplit

from podcast.errors import PodcastError
from podcast.model import Episode
from podcast.produce import manifest, records, standins
from podcast.produce.due import renamed, waiting
from podcast.produce.recipe import Scripts
from podcast.settings import Show
from podcast.text import clock
from podcast.workspace import Workspace

SOUND = re.compile(r"media/(.+)-[0-9a-f]{10}\.mp3")
"""See records.sound_name."""


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
    sounding = {match[1] for name in listed if (match := SOUND.fullmatch(name))}
    known = Scripts(place, show)
    heads = list(records.heads(place))
    done = {head.slug: head for head, _whole in heads}
    cut = {head.slug for head, whole in heads if not whole}
    scripted = {path.stem for path in place.script_files()}
    old = renamed(place, done.values())

    def row(slug: str) -> Row:
        said, audio = _stages(slug, done.get(slug), known if slug in scripted else None)
        if slug in cut and slug in scripted and audio != "not yet":
            audio = "stale: the MP3 is missing or cut"
        feed = "not yet"
        if slug in done and (made := done[slug]).imported:
            said, feed = "imported", "listed" if records.page_name(slug) in listed else "not yet"
            audio = f"at {host}" if (host := urlsplit(made.enclosure.url).hostname) else "finished"
        elif slug in old:
            said, feed = f"renamed: {old[slug]}", "stale: podcast feed renews it" if slug in sounding else "left out"
        elif slug in done and slug in sounding:
            feed = "listed" if records.sound_name(done[slug]) in listed else "stale: podcast feed renews it"
        elif slug in done:
            feed = waiting(done[slug], listed) or feed
        return _row(slug, done.get(slug), said, audio, feed)

    return [row(slug) for slug in sorted(done.keys() - cut | scripted)]


def _row(slug: str, done: Episode | None, said: str, audio: str, feed: str) -> Row:
    return Row(
        slug,
        (done.enclosure.duration_ms or None) if done else None,
        done.loudness.integrated_lufs if done and done.loudness else None,
        done.loudness.true_peak_dbtp if done and done.loudness else None,
        said,
        audio,
        feed,
    )


def _stages(slug: str, done: Episode | None, known: Scripts | None) -> tuple[str, str]:
    if known is None:
        return "gone", "finished"
    try:
        now = known.ingredients(slug)
    except PodcastError as error:
        return f"mistake: {error.message}", "stale" if done else "not yet"
    if done is None:
        return "ready", "not yet"
    changed = known.changed(done, now)
    state = f"stale: {', '.join(changed)} changed" if changed else "up to date"
    if not changed and (held := known.held(done, now)):
        state += f", as published: {', '.join(held)} changed since"
    return "ready", f"{state}, spoken by {standins.told(done.stand_ins)}" if done.stand_ins else state
