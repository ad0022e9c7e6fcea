# SPDX-License-Identifier: GPL-3.0-or-later
"""Which finished episodes are due and belong in the feed. The only module that reads the clock for this."""

import datetime as dt
import os
from collections.abc import Container, Iterable

from podcast.model import Episode
from podcast.produce import records
from podcast.workspace import Workspace


def is_due(episode: Episode, listed: Container[str]) -> bool:
    """Return True if an episode's date has come, or if it is in the feed already: a clock set back removes nothing.

    `listed` are the files of the existing feed. SOURCE_DATE_EPOCH (reproducible-builds.org) overrides the present time,
    in seconds.
    """
    given = os.environ.get("SOURCE_DATE_EPOCH", "")
    now = dt.datetime.fromtimestamp(int(given), dt.UTC) if given.isdecimal() else dt.datetime.now(dt.UTC)
    return episode.published <= now or records.page_name(episode.slug) in listed


def waiting(episode: Episode, listed: Container[str]) -> str:
    """Return why a finished episode is not in the feed; empty if it is."""
    if not episode.publish:
        return "publish: false in its script"
    return "" if is_due(episode, listed) else f"due on {episode.published.isoformat()}"


def renamed(place: Workspace, episodes: Iterable[Episode]) -> dict[str, str]:
    """Return old slug -> new slug of renamed scripts: those that are missing while another script has their guid."""
    of_guid: dict[str, list[str]] = {}
    for episode in episodes:
        if not episode.imported:  # imported episodes have no script
            of_guid.setdefault(episode.guid, []).append(episode.slug)
    found: dict[str, str] = {}
    for slugs in of_guid.values():
        here = [slug for slug in slugs if len(slugs) > 1 and place.script(slug).exists()]
        found |= {slug: here[0] for slug in slugs if here and slug not in here}
    return found
