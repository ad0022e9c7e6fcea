# SPDX-License-Identifier: GPL-3.0-or-later
"""audio/.feed.json: what was written to feed/, and from what. So the program knows its own files there from others'."""

import os
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import PureWindowsPath

import msgspec

from podcast import workspace
from podcast.model import Art
from podcast.produce import records
from podcast.produce.checksummed import decode_checksummed, encode_checksummed
from podcast.produce.records import FEED_RECORD
from podcast.workspace import Workspace


@dataclass(frozen=True, slots=True)
class FeedFile:
    """A file in feed/."""

    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class EpisodeFiles:
    """What was written of an episode."""

    made_from: str
    """Digest of its record and of the program."""
    names: Mapping[str, str]
    """The names of model.Published."""
    alternates: tuple[str, ...] = ()
    """The names of its sound in other formats."""
    art: Art | None = None
    pictures: tuple[str, ...] = ()
    """Those of its chapters."""
    full: int = 0
    """Bytes in feed.xml; 0 if that did not matter."""
    short: int = 0
    """Likewise with a summary for notes."""

    @property
    def files(self) -> Iterator[str]:
        """Its files in feed/, but for the page."""
        yield from (name for what, name in self.names.items() if what != "page" and name and "://" not in name)
        yield from self.alternates
        yield from self.pictures
        if self.art:
            yield from (self.art.cover, self.art.thumbnail)


@dataclass(frozen=True)
class Manifest:
    """What was written to feed/, from what."""

    made_from: str = ""
    shared: str = ""
    """Digest of the part of it that all episodes share."""
    files: Mapping[str, FeedFile] = field(default_factory=dict)
    """By name in feed/."""
    episodes: Mapping[str, EpisodeFiles] = field(default_factory=dict)
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
        found = decode_checksummed((place.audio / FEED_RECORD).read_bytes(), Manifest)
    except (FileNotFoundError, msgspec.DecodeError):
        return Manifest()  # the feed is then written anew; only what older feeds named is not cleared away
    return found if all(map(_is_inside, (*found.files, *found.retired))) else Manifest()


def _is_inside(name: str) -> bool:
    """Return True if a name is that of a file in feed/: a manifest that came with a show is not trusted further."""
    path = PureWindowsPath(name)  # it is not for other systems to write outside of feed/ on that one
    return not path.anchor and ".." not in path.parts and "\0" not in name


def there(place: Workspace, files: Mapping[str, FeedFile]) -> dict[str, int]:
    """Return the size of each file in feed/; without those of `files` that were changed since they were written.

    Only what is newer than the manifest is looked into. If nothing in it has changed, the manifest becomes as new, so
    that the next run need not look again.
    """
    found = workspace.stats(place.feed)
    record = place.audio / FEED_RECORD
    written_ns = record.stat().st_mtime_ns if record.exists() else 0
    newer = [name for name in files if name in found and found[name][1] > written_ns]
    damaged = {name for name in newer if records.digest_of(place.feed / name) != files[name].sha256}
    if newer and not damaged:
        latest = max(found[name][1] for name in newer)
        with suppress(OSError):  # a disk that can only be read
            os.utime(record, ns=(latest, latest))
    return {name: size for name, (size, _) in found.items() if name not in damaged}


def all_there(there: Mapping[str, int], files: Mapping[str, FeedFile]) -> bool:
    """Return True if each file is there with its size."""
    return all(there.get(name) == file.bytes for name, file in files.items())


def listed(place: Workspace) -> frozenset[str]:
    """Return the names of the files that the feed was last written with."""
    return frozenset(load(place).files)


def begin(place: Workspace, before: Manifest, fresh: Mapping[str, EpisodeFiles]) -> None:
    """Forget what is about to be written again, so that a run that is cut off is not taken for one that was not."""
    if before.files:
        _write(place, replace(before, made_from="", episodes=fresh, pages={}))


def keep(place: Workspace, before: Manifest, after: Manifest) -> None:
    """Write what was written now, remove what the last but one feed had, and remember what only the last one has."""
    retired = set(before.files) - set(after.files)
    for name in before.retired:
        if name not in after.files and name not in before.files:
            try:
                workspace.remove(place.feed / name)
            except PermissionError:  # it is being played, on Windows: it goes with the next change of the feed
                retired.add(name)
    _write(place, replace(after, retired=tuple(sorted(retired))))


def _write(place: Workspace, what: Manifest) -> None:
    ordered = replace(
        what,
        files=dict(sorted(what.files.items())),
        episodes=dict(sorted(what.episodes.items())),
        pages=dict(sorted(what.pages.items())),
    )
    workspace.write(place.audio / FEED_RECORD, encode_checksummed(ordered))
