# SPDX-License-Identifier: GPL-3.0-or-later
"""`.podcast.json` at the target: what this show has put there. So only what changed is sent, and nothing else touched.

It is written twice: before anything is sent, with an empty digest for each file that is about to be (they are ours from
then on, whatever happens), and at the end with the digests. A run that was cut off is so gone on with by the next one.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

import msgspec

from podcast.errors import TargetChanged

NAME = ".podcast.json"


@dataclass(frozen=True, slots=True)
class Entry:
    """A file of ours at the target."""

    bytes: int
    sha256: str = ""
    """In hex; empty while it is being sent."""
    retired: str = ""
    """The day since which the feed does not name it, as 2026-11-23; empty while it does."""


@dataclass(frozen=True, slots=True)
class Listing:
    """What a show has put at a target."""

    show: str
    """podcast:guid."""
    files: Mapping[str, Entry] = field(default_factory=dict)
    episodes: tuple[str, ...] = ()
    """guids of the episodes in the feed that is there."""
    form: int = 1
    """Of this file."""

    def encode(self) -> bytes:
        """Return the file: JSON that a person can read, the same for the same values."""
        ordered = replace(self, files=dict(sorted(self.files.items())))
        return msgspec.json.format(msgspec.json.encode(ordered), indent=1) + b"\n"

    def claim(self, coming: Mapping[str, Entry]) -> "Listing":
        """Return the listing while files are being sent: the new ones are ours, their bytes not yet known."""
        return replace(self, files={**self.files, **{name: Entry(one.bytes) for name, one in coming.items()}})

    def settle(self, wanted: Mapping[str, Entry], episodes: Iterable[str], today: dt.date) -> "Listing":
        """Return the listing once all is sent: what the feed names, and what it names no more since when."""
        old = {
            name: entry if entry.retired else replace(entry, retired=today.isoformat())
            for name, entry in self.files.items()
            if name not in wanted
        }
        return replace(self, files={**old, **wanted}, episodes=tuple(episodes))

    def expired(self, today: dt.date, grace_days: int) -> list[str]:
        """Return the files that the feed has not named for `grace_days`; a date in the future counts as today."""
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
    """Return what is in the file.

    Raises TargetChanged if it cannot be read, or is of a newer version of this program.
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
