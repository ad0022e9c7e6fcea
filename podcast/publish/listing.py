# SPDX-License-Identifier: GPL-3.0-or-later
"""`.podcast.json` at the target: the files uploaded by this show, so that only changes are sent and no others touched.

It is written twice: before the upload, with an empty digest for each file to be sent (which marks it as belonging to
this show even if the upload fails), and at the end with the digests. The next run resumes an interrupted upload.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

import msgspec

from podcast.errors import TargetChanged

NAME = ".podcast.json"


@dataclass(frozen=True, slots=True)
class Entry:
    """A file of this show at the target."""

    bytes: int
    sha256: str = ""
    """In hex; empty until the upload is complete."""
    retired: str = ""
    """Date since which the feed no longer links to it, such as 2026-11-23; empty while it does."""


@dataclass(frozen=True, slots=True)
class Listing:
    """The files and episodes of a show at a target."""

    show: str
    """podcast:guid."""
    files: Mapping[str, Entry] = field(default_factory=dict)
    episodes: tuple[str, ...] = ()
    """Guids of the episodes in the published feed."""
    form: int = 1
    """Version of this file's format."""

    def encode(self) -> bytes:
        """Return the file as indented JSON; the same values give the same bytes."""
        ordered = replace(self, files=dict(sorted(self.files.items())))
        return msgspec.json.format(msgspec.json.encode(ordered), indent=1) + b"\n"

    def claim(self, coming: Mapping[str, Entry]) -> "Listing":
        """Return the listing with files about to be sent, whose digests are still empty."""
        return replace(self, files={**self.files, **{name: Entry(one.bytes) for name, one in coming.items()}})

    def settle(self, wanted: Mapping[str, Entry], episodes: Iterable[str], today: dt.date) -> "Listing":
        """Return the listing after the upload: the files of the feed, and the older ones with their retirement date."""
        old = {
            name: entry if entry.retired else replace(entry, retired=today.isoformat())
            for name, entry in self.files.items()
            if name not in wanted
        }
        return replace(self, files={**old, **wanted}, episodes=tuple(episodes))

    def expired(self, today: dt.date, grace_days: int) -> list[str]:
        """Return the files that have been retired for `grace_days`; a date in the future counts as today."""
        return sorted(
            name
            for name, entry in self.files.items()
            if entry.retired and (today - dt.date.fromisoformat(entry.retired)).days >= grace_days
        )

    def without(self, names: Iterable[str]) -> "Listing":
        """Return the listing without some files."""
        gone = set(names)
        return replace(self, files={name: entry for name, entry in self.files.items() if name not in gone})


def decode(data: bytes, where: str) -> Listing:
    """Parse the file.

    Raises TargetChanged if it cannot be parsed, or was written by a newer version of this program.
    """
    try:
        listing = msgspec.json.decode(data, type=Listing)
        for entry in listing.files.values():
            dt.date.fromisoformat(entry.retired or "2000-01-01")
    except (msgspec.DecodeError, ValueError) as error:
        raise TargetChanged(
            f"the file {NAME} is damaged: {error}",
            file=where,
            hint="delete that file there, then run: podcast publish --force",
        ) from error
    if listing.form != 1:
        raise TargetChanged(
            f"{NAME} was written by a newer version of podcast",
            file=where,
            hint="update the program; see podcast help installing",
        )
    return listing
