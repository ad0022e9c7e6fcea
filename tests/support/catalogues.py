# SPDX-License-Identifier: GPL-3.0-or-later
"""Shows of many episodes for tests: copies of a finished one, each with a guid, number, date and words of its own."""

import datetime as dt
import os
import uuid
from dataclasses import replace
from pathlib import Path

import shows

from podcast import produce
from podcast.config.load import load
from podcast.model import Episode
from podcast.produce import records
from podcast.workspace import Workspace

FIRST = dt.datetime(2020, 1, 1, 6, tzinfo=dt.UTC)


def catalogue(root: Path, count: int, *, more: str = "") -> Workspace:
    """Make a show folder with so many finished episodes and no scripts; `more` are lines of show.toml."""
    place = shows.finished(root, more=more)
    pattern = records.load(place, "le-sel")
    assert pattern is not None
    for slug in ("le-vent", "le-sel"):
        for path in (place.script(slug), place.record(slug)):
            path.unlink()
    place.sound("le-sel").rename(place.audio / "pattern.mp3")
    for number in range(count):
        add(place, pattern, number)
    return place


def add(place: Workspace, pattern: Episode, index: int, **changes: object) -> Episode:
    """Add an episode to a show, or write it again with other words."""
    slug = f"maree-{index}"
    if not place.sound(slug).exists():
        os.link(place.audio / "pattern.mp3", place.sound(slug))
    guid = str(uuid.uuid5(uuid.NAMESPACE_OID, slug))
    about: dict[str, object] = {
        "slug": slug,
        "guid": guid,
        "title": f"Marée {index}",
        "published": FIRST + dt.timedelta(days=index),
        "number": index + 1,
        "summary": f"La marée {index} monte. " * 20,
        # a name of its own in the feed folder
        "enclosure": replace(pattern.enclosure, file=f"{slug}.mp3", sha256=guid.replace("-", "") * 2),
    }
    episode = replace(pattern, **{**about, **changes})
    records.keep(place, episode)
    return episode


def publish(place: Workspace) -> bool:
    """Bring feed/ up to date."""
    with place.lock():
        return produce.publish(place, load(place.show))
