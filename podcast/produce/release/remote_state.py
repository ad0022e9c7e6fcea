# SPDX-License-Identifier: GPL-3.0-or-later
"""The state of a target before an upload, and whether it is the state that this show folder left there.

    .podcast.json and feed.xml at the target, audio/.targets.json here -> the Listing of this show's files there

A target is refused if it contains another show or anything else, if its feed was changed by another program, or if its
feed has episodes that this folder does not know: publishing would remove them for listeners.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import ParamSpec, TypeVar

import msgspec

from podcast import workspace
from podcast.errors import PublishError, TargetChanged
from podcast.http_client import retrying
from podcast.produce.checksummed import decode_checksummed, encode_checksummed
from podcast.publish import Target, listing
from podcast.publish.headers import is_hashed, served
from podcast.publish.listing import Entry, Listing
from podcast.text import counted
from podcast.workspace import Workspace

P = ParamSpec("P")
T = TypeVar("T")

FEED = "feed.xml"
RECORD = ".targets.json"
"""In audio/: the last upload to each target. What apps know is in scripts/.published.json, which is committed."""
EARLIER = ".published.json"
"""Name of that file before version 1.0."""
ATTEMPTS = 3


@dataclass(frozen=True)
class TargetRecord:
    """The last upload to a target, as recorded in this show folder."""

    listings: tuple[str, ...] = ()
    """SHA-256 of the listings that may be there: the last one, or two while one replaces the other."""
    told: str = ""
    """SHA-256 of the feed that the hub was last notified of."""


class TargetMemory:
    """The entry of one target in audio/.targets.json, to detect changes by somebody else."""

    def __init__(self, place: Workspace, where: str) -> None:
        self.path, self.where = place.audio / RECORD, where
        self.earlier = place.audio / EARLIER
        read = self.path if self.path.exists() else self.earlier
        try:
            self.all = decode_checksummed(read.read_bytes(), dict[str, TargetRecord])
        except (FileNotFoundError, msgspec.DecodeError):
            self.all = {}  # then only the listing at the target counts

    @property
    def left(self) -> TargetRecord:
        """The record of this target; empty if there is none."""
        return self.all.get(self.where, TargetRecord())

    def keep(self, left: TargetRecord) -> None:
        """Write the record of this target."""
        self.all[self.where] = left
        workspace.write(self.path, encode_checksummed(dict(sorted(self.all.items()))))
        self.earlier.unlink(missing_ok=True)


class RemoteShow:
    """The files of this show at a target, according to the target itself."""

    def __init__(self, target: Target, guid: str, memory: TargetMemory) -> None:
        self.target, self.guid, self.memory = target, guid, memory
        self.there: Mapping[str, int] = with_retries(target.list)
        self.data = with_retries(target.read, listing.NAME) if listing.NAME in self.there else None
        self.feed = with_retries(target.read, FEED) if FEED in self.there else None

    def listing(self, wanted: Collection[str], episodes: Collection[str]) -> Listing:
        """Return the listing at the target; an empty one if there is none.

        Raises TargetChanged if the target holds another show or files, or was changed since the last upload.
        """
        where, hint = self.target.where, "choose another folder, or overwrite it: podcast publish --force"
        found = self._unlisted(wanted) if self.data is None else listing.decode(self.data, where)
        if found.show != self.guid:
            raise TargetChanged(f"another show is published there (podcast:guid {found.show})", file=where, hint=hint)
        if self.data is None and self.feed is not None and not found.files:
            raise TargetChanged("feed.xml there belongs to another program", file=where, hint=hint)
        self._check_feed(found)
        self._check_episodes(found, episodes)
        strange = sorted(n for n in wanted if n in self.there and n not in found.files and not is_hashed(n))
        if strange:
            raise TargetChanged(
                f"files that this show has not uploaded: {', '.join(strange[:5])}", file=where, hint=hint
            )
        return found

    def forced(self, wanted: Collection[str]) -> Listing:
        """Return a listing even for a changed target: files that are not known to be this show's are never removed.

        Files without a digest in their names are uploaded again: another program may have replaced them.
        """
        try:
            found = listing.decode(self.data or b"", self.target.where)
        except TargetChanged:
            return self._unlisted(wanted)
        if found.show != self.guid:
            return self._unlisted(wanted)
        return found.claim({name: one for name, one in found.files.items() if name in wanted and not is_hashed(name)})

    def put(self, what: Listing) -> None:
        """Write a listing, unless it is there already. Both digests are recorded first, in case of an interruption."""
        data, memory = what.encode(), self.memory
        if self.data != data:
            memory.keep(TargetRecord((*memory.left.listings[-1:], digest(data)), memory.left.told))
            with_retries(self.target.put, listing.NAME, data, served(listing.NAME))
            self.data = data
        if memory.left.listings != (digest(data),):
            memory.keep(TargetRecord((digest(data),), memory.left.told))

    def _unlisted(self, wanted: Collection[str]) -> Listing:
        """Return the listing of a target that has none.

        If its feed has this show's guid, it was uploaded by hand: then all wanted files there belong to the show.
        """
        mine = self.feed is not None and self.guid.encode() in self.feed
        return Listing(self.guid).claim({n: Entry(self.there[n]) for n in wanted if mine and n in self.there})

    def _check_feed(self, found: Listing) -> None:
        entry = found.files.get(FEED)
        if self.feed is not None and entry and entry.sha256 and digest(self.feed) != entry.sha256:
            raise TargetChanged(
                "feed.xml was changed there by another program",
                file=self.target.where,
                hint="check what changed it; to overwrite it: podcast publish --force",
            )

    def _check_episodes(self, found: Listing, episodes: Collection[str]) -> None:
        gone = set(found.episodes) - set(episodes)
        left_by_us = self.data is not None and digest(self.data) in self.memory.left.listings
        if gone and not left_by_us:
            raise TargetChanged(
                f"{self.target.where}: the feed there has {counted(len(gone), 'episode')} not found in this "
                "folder: it was published from another one",
                hint="publish from that folder, or copy its scripts/ and audio/ here; to remove the episodes: "
                "podcast publish --force",
            )


def with_retries(call: Callable[P, T], *arguments: P.args, **named: P.kwargs) -> T:
    """Call a function; retry on transient errors."""
    return retrying(
        lambda: call(*arguments, **named), on=_is_transient, attempts=ATTEMPTS, wait_initial_s=0.5, wait_max_s=8.0
    )


def _is_transient(error: Exception) -> bool:
    return isinstance(error, PublishError) and error.transient


def digest(data: bytes) -> str:
    """Return the SHA-256 in hex."""
    return sha256(data).hexdigest()
