# SPDX-License-Identifier: GPL-3.0-or-later
"""audio/.feed.json: what was written to feed/, and from what. So the program knows its own files there from others'."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

import msgspec

from podcast import workspace
from podcast.model import Art
from podcast.produce.records import FEED_RECORD
from podcast.workspace import Workspace


@dataclass(frozen=True, slots=True)
class File:
    """A file in feed/."""

    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Kept:
    """What was written of an episode."""

    made_from: str
    """Digest of its record and of the program."""
    names: Mapping[str, str]
    """The names of model.Published."""
    art: Art | None = None
    full: int = 0
    """Bytes in feed.xml; 0 if that did not matter."""
    short: int = 0
    """Likewise with a summary for notes."""

    @property
    def files(self) -> Iterator[str]:
        """Its files in feed/, but for the page."""
        yield from (name for what, name in self.names.items() if what != "page" and name and "://" not in name)
        if self.art:
            yield from (self.art.cover, self.art.thumbnail)


@dataclass(frozen=True)
class Manifest:
    """What was written to feed/, from what."""

    made_from: str = ""
    shared: str = ""
    """Digest of the part of it that all episodes share."""
    files: Mapping[str, File] = field(default_factory=dict)
    """By name in feed/."""
    episodes: Mapping[str, Kept] = field(default_factory=dict)
    """By slug."""
    pages: Mapping[str, str] = field(default_factory=dict)
    """Pages and documents of the feed -> digest of what they were made from."""
    retired: tuple[str, ...] = ()
    """Named by the feed before this one; removed with the next."""
    allowed: tuple[str, ...] = ()
    """Changes that listeners will notice and that the producer has allowed; see facts."""


def load(place: Workspace) -> Manifest:
    """Return what was written last; nothing if nothing ever was, or if that is not known any more."""
    try:
        return msgspec.json.decode((place.audio / FEED_RECORD).read_bytes(), type=Manifest)
    except (FileNotFoundError, msgspec.DecodeError):
        return Manifest()  # the feed is then written anew; only what older feeds named is not cleared away


def all_there(there: Mapping[str, int], files: Mapping[str, File]) -> bool:
    """Return True if each file is there with its size."""
    return all(there.get(name) == file.bytes for name, file in files.items())


def listed(place: Workspace) -> frozenset[str]:
    """Return the names of the files that the feed was last written with."""
    return frozenset(load(place).files)


def begin(place: Workspace, before: Manifest, fresh: Mapping[str, Kept]) -> None:
    """Forget what is about to be written again, so that a run that is cut off is not taken for one that was not."""
    if before.files:
        _write(place, replace(before, made_from="", episodes=fresh, pages={}))


def keep(place: Workspace, before: Manifest, after: Manifest) -> None:
    """Write what was written now, remove what the last but one feed had, and remember what only the last one has."""
    for name in before.retired:
        if name not in after.files and name not in before.files:
            (place.feed / name).unlink(missing_ok=True)
    retired = tuple(sorted(set(before.files) - set(after.files)))
    _write(place, replace(after, retired=retired))


def _write(place: Workspace, what: Manifest) -> None:
    ordered = replace(
        what,
        files=dict(sorted(what.files.items())),
        episodes=dict(sorted(what.episodes.items())),
        pages=dict(sorted(what.pages.items())),
    )
    workspace.write(place.audio / FEED_RECORD, msgspec.json.format(msgspec.json.encode(ordered), indent=1) + b"\n")
