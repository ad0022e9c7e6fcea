# SPDX-License-Identifier: GPL-3.0-or-later
"""What a target holds before anything is sent, and whether that is what this show folder left there.

    .podcast.json and feed.xml at the target, audio/.targets.json here -> the Listing of what is ours there

A target is refused if another show or something else is published in it, if its feed was changed by something else,
or if its feed has episodes that this folder does not know: publishing would take them away from listeners.
"""

import logging
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import ParamSpec, TypeVar

import msgspec
import stamina

from podcast import workspace
from podcast.errors import PublishError, TargetChanged
from podcast.produce.checksummed import decode_checksummed, encode_checksummed
from podcast.publish import Target, listing
from podcast.publish.headers import is_hashed, served
from podcast.publish.listing import Entry, Listing
from podcast.text import counted
from podcast.workspace import Workspace

P = ParamSpec("P")
T = TypeVar("T")

logging.getLogger("stamina").addHandler(logging.NullHandler())  # else it writes a line a retry to stderr

FEED = "feed.xml"
RECORD = ".targets.json"
"""In audio/: what we last left at each target. scripts/.published.json, which is committed, is what apps know."""
EARLIER = ".published.json"
"""The name of that file until version 1.0."""
ATTEMPTS = 3


@dataclass(frozen=True)
class TargetRecord:
    """What was left at a target, as this show folder remembers it."""

    listings: tuple[str, ...] = ()
    """sha256 of the listings that may be there: the last one, or two while one replaces the other."""
    told: str = ""
    """sha256 of the feed of which the hub was told."""


class TargetMemory:
    """audio/.targets.json for one target: to notice when somebody else has been there since."""

    def __init__(self, place: Workspace, where: str) -> None:
        self.path, self.where = place.audio / RECORD, where
        self.earlier = place.audio / EARLIER
        read = self.path if self.path.exists() else self.earlier
        try:
            self.all = decode_checksummed(read.read_bytes(), dict[str, TargetRecord])
        except (FileNotFoundError, msgspec.DecodeError):
            self.all = {}  # the target is then judged by what it says itself

    @property
    def left(self) -> TargetRecord:
        """What was left there."""
        return self.all.get(self.where, TargetRecord())

    def keep(self, left: TargetRecord) -> None:
        """Remember what is left there."""
        self.all[self.where] = left
        workspace.write(self.path, encode_checksummed(dict(sorted(self.all.items()))))
        self.earlier.unlink(missing_ok=True)


class RemoteShow:
    """What this show has at a target, as the target says."""

    def __init__(self, target: Target, guid: str, memory: TargetMemory) -> None:
        self.target, self.guid, self.memory = target, guid, memory
        self.there: Mapping[str, int] = patiently(target.list)
        self.data = patiently(target.read, listing.NAME) if listing.NAME in self.there else None
        self.feed = patiently(target.read, FEED) if FEED in self.there else None

    def listing(self, wanted: Collection[str], episodes: Collection[str]) -> Listing:
        """Return the listing that is there; that of an empty place if there is none.

        Raises TargetChanged if what is there is not ours, or not as we left it.
        """
        where, hint = self.target.where, "choose another folder, or overwrite it: podcast publish --force"
        found = self._adopted(wanted) if self.data is None else listing.decode(self.data, where)
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
        """Return the listing, whoever was there; what is not known to be ours is only overwritten, never removed.

        What a name does not tell is not trusted: somebody else may have written other bytes of the same length.
        """
        try:
            found = listing.decode(self.data or b"", self.target.where)
        except TargetChanged:
            return self._adopted(wanted)
        if found.show != self.guid:
            return self._adopted(wanted)
        return found.claim({name: one for name, one in found.files.items() if name in wanted and not is_hashed(name)})

    def put(self, what: Listing) -> None:
        """Write a listing, unless it is there; whichever of the two a cut leaves there is known."""
        data, memory = what.encode(), self.memory
        if self.data != data:
            memory.keep(TargetRecord((*memory.left.listings[-1:], digest(data)), memory.left.told))
            patiently(self.target.put, listing.NAME, data, served(listing.NAME))
            self.data = data
        if memory.left.listings != (digest(data),):
            memory.keep(TargetRecord((digest(data),), memory.left.told))

    def _adopted(self, wanted: Collection[str]) -> Listing:
        """Return what is ours where no listing is.

        A feed of this show was put there by hand, from a folder like this one: then all of it is.
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


def patiently(call: Callable[P, T], *arguments: P.args, **named: P.kwargs) -> T:
    """Call, and call again if it failed for a reason that may pass."""
    for attempt in stamina.retry_context(on=_may_pass, attempts=ATTEMPTS, timeout=None, wait_initial=0.5, wait_max=8.0):
        with attempt:
            return call(*arguments, **named)
    raise AssertionError  # the last attempt either returned or raised


def _may_pass(error: Exception) -> bool:
    return isinstance(error, PublishError) and error.transient


def digest(data: bytes) -> str:
    """Return sha256 in hex."""
    return sha256(data).hexdigest()
