# SPDX-License-Identifier: GPL-3.0-or-later
"""audio/.feed.json: what was written to feed/, and from what. So the program knows its own files there from others'."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from podcast import workspace
from podcast.produce.records import FEED_RECORD
from podcast.workspace import Workspace


@dataclass(frozen=True)
class Manifest:
    """What was written to feed/, from what."""

    made_from: str = ""
    files: Mapping[str, int] = field(default_factory=dict)
    """Name in feed/ -> bytes."""
    retired: tuple[str, ...] = ()
    """Named by the feed before this one; removed with the next."""


def load(place: Workspace) -> Manifest:
    """Return what was written last; nothing if nothing ever was, or if that is not known any more."""
    try:
        return msgspec.json.decode((place.audio / FEED_RECORD).read_bytes(), type=Manifest)
    except (FileNotFoundError, msgspec.DecodeError):
        return Manifest()  # the feed is then written anew; only what older feeds named is not cleared away


def all_there(place: Workspace, files: Mapping[str, int]) -> bool:
    """Return True if each file is there with its size."""

    def size(path: Path) -> int:
        try:
            return path.stat().st_size
        except FileNotFoundError:
            return -1

    return all(size(place.feed / name) == wanted for name, wanted in files.items())


def listed(place: Workspace) -> frozenset[str]:
    """Return the names of the files that the feed was last written with."""
    return frozenset(load(place).files)


def keep(place: Workspace, before: Manifest, after: Manifest) -> None:
    """Write what was written now, remove what the last but one feed had, and remember what only the last one has."""
    for name in before.retired:
        if name not in after.files and name not in before.files:
            (place.feed / name).unlink(missing_ok=True)
    retired = tuple(sorted(set(before.files) - set(after.files)))
    kept = Manifest(after.made_from, dict(sorted(after.files.items())), retired)
    data = msgspec.json.format(msgspec.json.encode(kept), indent=1)
    workspace.write(place.audio / FEED_RECORD, data + b"\n")
