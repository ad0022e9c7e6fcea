# SPDX-License-Identifier: GPL-3.0-or-later
"""RSS items of the episodes, rendered lazily in batches and cached for the run.

Their sizes are stored in the manifest, so that a long feed is split into documents without rendering all of them.
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
"""Items that feedgen renders at once."""


class FeedItems:
    """The RSS items of episodes, by index; 0 is the newest."""

    def __init__(
        self, place: Workspace, show: Show, art: Art, listed: Sequence[Published], kept: Mapping[str, EpisodeFiles]
    ) -> None:
        """Take known sizes from `kept`, by slug."""
        self.place, self.show, self.art, self.listed = place, show, art, listed
        self.known = {
            short: {
                index: size
                for index, one in enumerate(listed)
                if (size := _known_size(kept.get(one.episode.slug), short=short))
            }
            for short in (False, True)
        }
        self.asked: dict[bool, set[int]] = {False: set(), True: set()}
        self.written: dict[tuple[int, bool], bytes] = {}

    def full_size(self, index: int) -> int:
        """Return the size of an item with full notes, in bytes."""
        return self._size(index, short=False)

    def short_size(self, index: int) -> int:
        """Return the size of an item with a summary instead of notes, in bytes."""
        return self._size(index, short=True)

    def of(self, indexes: range, *, full: int) -> Iterator[bytes]:
        """Yield items as XML; those before index `full` have full notes."""
        yield from self._items([index for index in indexes if index < full], short=False)
        yield from self._items([index for index in indexes if index >= full], short=True)

    def sized(self, kept: Mapping[str, EpisodeFiles]) -> dict[str, EpisodeFiles]:
        """Return the files of each episode with those sizes that were needed; the others are 0, for reproducibility."""
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
        return replace(one, episode=with_cues(self.place, one.episode))


def with_cues(place: Workspace, head: Episode) -> Episode:
    """Return an episode with its cues.

    Raises WorkspaceError if its record has been deleted since it was listed.
    """
    if (episode := records.load(place, head.slug)) is None:
        raise WorkspaceError("file not found", file=place.record(head.slug), hint="run the command again")
    return episode


def _known_size(one: EpisodeFiles | None, *, short: bool) -> int:
    if one is None:
        return 0
    return one.short if short else one.full
