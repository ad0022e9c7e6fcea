# SPDX-License-Identifier: GPL-3.0-or-later
"""The episodes as they stand in documents of the feed: written when they are needed, each once a run, some at a time.

What an item weighs is kept in the manifest, so that a catalogue is divided without writing all of it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from podcast import feed
from podcast.config.settings import Show
from podcast.errors import WorkspaceError
from podcast.model import Art, Episode, Published
from podcast.produce import records
from podcast.produce.release.manifest import EpisodeFiles
from podcast.workspace import Workspace

AT_ONCE = 200
"""FeedItems that feedgen holds at once."""


class FeedItems:
    """The items of episodes, by index; 0 is the newest."""

    def __init__(
        self, place: Workspace, show: Show, art: Art, listed: Sequence[Published], kept: Mapping[str, EpisodeFiles]
    ) -> None:
        """`kept` knows what items weigh, by slug."""
        self.place, self.show, self.art, self.listed = place, show, art, listed
        self.known = {
            short: {
                index: weight
                for index, one in enumerate(listed)
                if (weight := _weight(kept.get(one.episode.slug), short=short))
            }
            for short in (False, True)
        }
        self.asked: dict[bool, set[int]] = {False: set(), True: set()}
        self.written: dict[tuple[int, bool], bytes] = {}

    def full_size(self, index: int) -> int:
        """Return the bytes of an item in full."""
        return self._size(index, short=False)

    def short_size(self, index: int) -> int:
        """Return the bytes of an item with a summary for notes."""
        return self._size(index, short=True)

    def of(self, indexes: range, *, full: int) -> Iterator[bytes]:
        """Yield items; those before index `full` are in full."""
        yield from self._items([index for index in indexes if index < full], short=False)
        yield from self._items([index for index in indexes if index >= full], short=True)

    def sized(self, kept: Mapping[str, EpisodeFiles]) -> dict[str, EpisodeFiles]:
        """Return what is kept of each episode with its weights, as far as they mattered; so a show keeps the same."""
        found = {}
        for index, it in enumerate(self.listed):
            full, short = (self.known[kind][index] if index in self.asked[kind] else 0 for kind in (False, True))
            found[it.episode.slug] = replace(kept[it.episode.slug], full=full, short=short)
        return found

    def _size(self, index: int, *, short: bool) -> int:
        self.asked[short].add(index)
        known = self.known[short]
        if index not in known:
            some = [one for one in range(index, min(index + AT_ONCE, len(self.listed))) if one not in known]
            for one, item in zip(some, self._items(some, short=short), strict=True):
                self.written[one, short] = item
                known[one] = feed.weight(item)
        return known[index]

    def _items(self, indexes: Sequence[int], *, short: bool) -> Iterator[bytes]:
        for start in range(0, len(indexes), AT_ONCE):
            some = indexes[start : start + AT_ONCE]
            missing = [index for index in some if (index, short) not in self.written]
            those = [self.listed[index] if short else self._whole(self.listed[index]) for index in missing]
            found = dict(zip(missing, feed.items(self.show, those, self.art, short=short), strict=True))
            yield from (found[index] if index in found else self.written[index, short] for index in some)

    def _whole(self, one: Published) -> Published:
        return replace(one, episode=whole(self.place, one.episode))


def whole(place: Workspace, head: Episode) -> Episode:
    """Return an episode with its cues.

    Raises WorkspaceError if its record is gone since it was listed.
    """
    if (episode := records.load(place, head.slug)) is None:
        raise WorkspaceError("file not found", file=place.record(head.slug), hint="run the command again")
    return episode


def _weight(one: EpisodeFiles | None, *, short: bool) -> int:
    return 0 if one is None else one.short if short else one.full
