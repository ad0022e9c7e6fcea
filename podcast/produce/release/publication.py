# SPDX-License-Identifier: GPL-3.0-or-later
"""Build feed/ from the finished episodes that are due, unless it would change what apps already know.

records -> due -> published_state.refuse -> FeedBuild -> audio/.feed.json (manifest)
"""

from collections.abc import Callable, Collection
from dataclasses import replace

import msgspec

from podcast.config.settings import Music, Pauses, Publishing, Show
from podcast.errors import FeedError
from podcast.produce import program, published_state, records
from podcast.produce.cover import show_cover
from podcast.produce.published_state import Change
from podcast.produce.records import EpisodeSummary
from podcast.produce.release import manifest
from podcast.produce.release.feed_folder import FeedBuild
from podcast.produce.release.manifest import Manifest
from podcast.produce.release.schedule import is_due, renamed
from podcast.workspace import Workspace

NAMED = 3
"""Number of episodes with new audio that are named; the rest is counted."""


def publish(
    place: Workspace, show: Show, *, allowed: Collection[str] = (), tell: Callable[[str], None] = lambda _text: None
) -> bool:
    """Bring feed/ up to date with the show and its finished episodes. Return False if it was already.

    New audio in a feed that is uploaded by hand is reported with `tell`. Raises FeedError if there is no episode, if
    the show lacks a required tag, or if apps would list or download published episodes again and that is not
    `allowed`. Call with the lock held.
    """
    before = manifest.load(place)
    episodes = _due(place, before)
    shared = records.digest(
        msgspec.json.encode(_published_part(show)), show_cover(place, show), program.digest(program.FEED)
    )
    made_from = records.digest(shared, *(episode.record for episode in episodes))
    there = manifest.there(place, before.files)
    if before.made_from == made_from and manifest.all_there(there, before.files):
        return False
    build = FeedBuild(place, show, shared, before, there)
    build.refuse(episodes)  # first, as a copied script with the same guid would otherwise be reported as a changed date
    after = published_state.now(show, episodes)
    changes = published_state.changes(published_state.published(place), after)
    if reported := [one.slug for one in published_state.refuse(show, changes, allowed=allowed, known=before.allowed)]:
        more = f" and {len(reported) - NAMED} more" if len(reported) > NAMED else ""
        tell(f"note: the feed has new audio for {', '.join(reported[:NAMED])}{more}; {published_state.WHY['audio']}")
    done = build.run(episodes)
    pending = tuple(sorted(change.key for change in changes if change.what in published_state.PERMISSION))
    manifest.keep(place, before, replace(done, made_from=made_from, allowed=pending))
    if published_state.by_hand(show):
        published_state.keep(place, after)
    return True


def diff(place: Workspace, show: Show) -> list[Change]:
    """Return the changes that listeners will notice in the feed that `publish` would write. Nothing is written."""
    return published_state.changes(
        published_state.published(place), published_state.now(show, _due(place, manifest.load(place)))
    )


def _due(place: Workspace, before: Manifest) -> list[EpisodeSummary]:
    """Return the episodes that belong in the feed, the newest first.

    Raises FeedError if there is none.
    """
    every = records.finished(place)
    old = renamed(place, every)
    finished = [episode for episode in every if episode.slug not in old]
    episodes = [episode for episode in finished if episode.publish and is_due(episode, before.files)]
    if not episodes:
        waiting = ", ".join(f"{episode.slug} ({episode.published.isoformat()})" for episode in finished)
        hint = (
            f"wait until it is due, or remove publish: false from the script: {waiting}"
            if finished
            else "make one: podcast make ARTICLE"
        )
        raise FeedError("no episode to publish", hint=hint)
    return sorted(episodes, key=lambda episode: episode.published, reverse=True)


def _published_part(show: Show) -> Show:
    """Return the show without the settings that only affect audio or the upload."""
    given = show.publishing
    publishing = Publishing(
        hub=given.hub, podping=given.podping, feed_bytes=given.feed_bytes, page_bytes=given.page_bytes
    )
    without_audio = replace(show, voices={}, fallbacks={}, lexicon={}, settings={}, music=Music(), pauses=Pauses())
    return replace(without_audio, publishing=publishing, targets={})
