# SPDX-License-Identifier: GPL-3.0-or-later
"""Which finished episodes belong in the feed now. The one place where the clock counts."""

import datetime as dt
import os
from collections.abc import Container, Iterable

from podcast.model import Episode
from podcast.produce import records
from podcast.workspace import Workspace


def is_due(episode: Episode, listed: Container[str]) -> bool:
    """Return True if an episode's date has come, or if it was published already: a clock set back takes nothing away.

    `listed` are the files of the feed that is there. SOURCE_DATE_EPOCH (reproducible-builds.org) sets another time, in
    seconds.
    """
    given = os.environ.get("SOURCE_DATE_EPOCH", "")
    now = dt.datetime.fromtimestamp(int(given), dt.UTC) if given.isdecimal() else dt.datetime.now(dt.UTC)
    return episode.published <= now or records.page_name(episode.slug) in listed


def waiting(episode: Episode, listed: Container[str]) -> str:
    """Return why a finished episode is kept out of the feed; nothing if it is not."""
    if not episode.publish:
        return "publish: false in its script"
    return "" if is_due(episode, listed) else f"due on {episode.published.isoformat()}"


def renamed(place: Workspace, episodes: Iterable[Episode]) -> dict[str, str]:
    """Return the episodes whose script is gone while another has its guid: it was renamed. Old slug -> new slug."""
    of_guid: dict[str, list[str]] = {}
    for episode in episodes:
        if not episode.imported:  # those have no script
            of_guid.setdefault(episode.guid, []).append(episode.slug)
    found: dict[str, str] = {}
    for slugs in of_guid.values():
        here = [slug for slug in slugs if len(slugs) > 1 and place.script(slug).exists()]
        found |= {slug: here[0] for slug in slugs if here and slug not in here}
    return found
