# SPDX-License-Identifier: GPL-3.0-or-later
"""audio/.feed.json: the manifest of feed/: which files this program wrote there, and what they were made from."""

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
    """The files of an episode in feed/."""

    made_from: str
    """Digest of its record and of the program."""
    names: Mapping[str, str]
    """Field of model.Published -> name of the file."""
    alternates: tuple[str, ...] = ()
    """Names of its audio files in other formats."""
    art: Art | None = None
    pictures: tuple[str, ...] = ()
    """Names of its chapter images."""
    full: int = 0
    """Bytes of its item with full notes; 0 if that was not needed."""
    short: int = 0
    """Bytes of its item with a summary instead of notes; 0 if that was not needed."""

    @property
    def files(self) -> Iterator[str]:
        """Its files in feed/, except the page."""
        yield from (name for what, name in self.names.items() if what != "page" and name and "://" not in name)
        yield from self.alternates
        yield from self.pictures
        if self.art:
            yield from (self.art.cover, self.art.thumbnail)


@dataclass(frozen=True)
class Manifest:
    """The files in feed/, and what they were made from."""

    made_from: str = ""
    shared: str = ""
    """Digest of the part of `made_from` that all episodes share."""
    files: Mapping[str, FeedFile] = field(default_factory=dict)
    """Name in feed/ -> file."""
    episodes: Mapping[str, EpisodeFiles] = field(default_factory=dict)
    """Slug -> its files."""
    pages: Mapping[str, str] = field(default_factory=dict)
    """Name of a page or feed document -> digest of what it was made from."""
    retired: tuple[str, ...] = ()
    """Files that only the previous feed names; removed with the next change of the feed."""
    allowed: tuple[str, ...] = ()
    """Keys of the allowed changes that listeners will notice; see published_state.Change."""


def load(place: Workspace) -> Manifest:
    """Return the manifest of the last build; empty if there is none or it is damaged."""
    try:
        found = decode_checksummed((place.audio / FEED_RECORD).read_bytes(), Manifest)
    except (FileNotFoundError, msgspec.DecodeError):
        return Manifest()  # all files are then written again; only files of older feeds are not removed
    return found if all(map(_is_inside, (*found.files, *found.retired))) else Manifest()


def _is_inside(name: str) -> bool:
    """Return True if a name stays inside feed/: a manifest that came with somebody's show is not trusted."""
    path = PureWindowsPath(name)  # the strictest rules, on all systems
    return not path.anchor and ".." not in path.parts and "\0" not in name


def there(place: Workspace, files: Mapping[str, FeedFile]) -> dict[str, int]:
    """Return the size of each file in feed/, without those of `files` that were changed since they were written.

    Only files newer than the manifest are hashed. If none has changed, the manifest gets their time stamp, so that the
    next run need not hash them again.
    """
    found = workspace.stats(place.feed)
    record = place.audio / FEED_RECORD
    written_ns = record.stat().st_mtime_ns if record.exists() else 0
    newer = [name for name in files if name in found and found[name][1] > written_ns]
    damaged = {name for name in newer if records.digest_of(place.feed / name) != files[name].sha256}
    if newer and not damaged:
        latest = max(found[name][1] for name in newer)
        with suppress(OSError):  # a read-only disk
            os.utime(record, ns=(latest, latest))
    return {name: size for name, (size, _) in found.items() if name not in damaged}


def all_there(there: Mapping[str, int], files: Mapping[str, FeedFile]) -> bool:
    """Return True if each file is present with its size."""
    return all(there.get(name) == file.bytes for name, file in files.items())


def listed(place: Workspace) -> frozenset[str]:
    """Return the names of the files of the last build."""
    return frozenset(load(place).files)


def begin(place: Workspace, before: Manifest, fresh: Mapping[str, EpisodeFiles]) -> None:
    """Drop what is about to be rebuilt from the manifest, so that an interrupted build does not count as complete."""
    if before.files:
        _write(place, replace(before, made_from="", episodes=fresh, pages={}))


def keep(place: Workspace, before: Manifest, after: Manifest) -> None:
    """Write the manifest of a build; remove retired files, and retire those that only the previous feed used."""
    retired = set(before.files) - set(after.files)
    for name in before.retired:
        if name not in after.files and name not in before.files:
            try:
                workspace.remove(place.feed / name)
            except PermissionError:  # on Windows, while it is being played: the next change of the feed removes it
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
