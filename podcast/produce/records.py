# SPDX-License-Identifier: GPL-3.0-or-later
"""audio/<slug>.json: the record of a finished episode: its metadata, and digests of everything that it was made from.

Among them is `program`, so that an upgrade re-renders what the new version would render differently.
"""

import base64
import hashlib
import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import ClassVar, TypeVar, get_args

import msgspec

from podcast import workspace
from podcast.config.settings import MusicKind, Show, is_jingle
from podcast.config.toml import named_by
from podcast.errors import WorkspaceError
from podcast.model import Cue, Enclosure, Episode
from podcast.produce.checksummed import decode_checksummed, encode_checksummed
from podcast.sound.music import hook
from podcast.workspace import Workspace

CHUNK = 1 << 20

E = TypeVar("E", bound=Episode)


@dataclass(frozen=True, slots=True)
class EpisodeSummary(Episode):
    """An episode without its cues, for lists: ten times as fast to read as the whole record."""

    cues: ClassVar[tuple[Cue, ...]] = ()  # type: ignore[misc]
    record: str = ""
    """SHA-256 of the record."""


class Damaged(WorkspaceError):
    """A record that cannot be read."""


def load(place: Workspace, slug: str) -> Episode | None:
    """Return the record of an episode, or None if there is none.

    Raises Damaged if the file cannot be read.
    """
    for path in (place.record(slug), place.imported / f"{slug}.json"):
        try:
            return _decoded(path, path.read_bytes(), Episode)
        except FileNotFoundError:
            pass  # an episode is in at most one of the two folders
    return None


def _decoded(path: Path | str, data: bytes, kind: type[E]) -> E:
    try:
        return decode_checksummed(data, kind)
    except msgspec.DecodeError as error:
        raise Damaged(
            f"the file is damaged: {error}",
            file=path,
            hint="delete it and run: podcast make (or podcast import, if it was imported)",
        ) from error


def keep(place: Workspace, episode: Episode) -> None:
    """Write the record of an episode as readable JSON; that of an imported one has no checksum, so it can be edited."""
    if episode.imported:
        data = msgspec.json.format(msgspec.json.encode(episode), indent=1) + b"\n"
        workspace.write(place.imported / f"{episode.slug}.json", data)
    else:
        workspace.write(place.record(episode.slug), encode_checksummed(episode))


def summaries(place: Workspace, *, lenient: bool = False) -> Iterator[tuple[EpisodeSummary, bool]]:
    """Yield each episode by slug, and whether its audio is intact in its folder or hosted elsewhere.

    Episodes that were rendered here come before imported ones. Raises Damaged if a record cannot be read; `lenient`
    skips damaged records whose script exists, as the episode can be rendered again.
    """
    for folder in (place.audio, place.imported):
        if not folder.is_dir():
            continue
        with os.scandir(folder) as entries:
            found = {entry.name: entry for entry in entries if not entry.name.startswith(".")}
        for name in sorted(name for name in found if name.endswith(".json")):
            known = found[name].stat()
            try:
                summary = _summary(found[name].path, found[name].inode(), known.st_mtime_ns, known.st_size)
            except Damaged:
                if lenient and folder == place.audio and place.script(Path(name).stem).exists():
                    continue
                raise
            there = all(
                (sound := found.get(one.file)) is not None and _matches(sound, one, found[name].path, known.st_mtime_ns)
                for one in (summary.enclosure, *summary.alternates)
            )
            yield summary, there or bool(summary.enclosure.url)


def _matches(sound: os.DirEntry[str] | Path, one: Enclosure, record: Path | str, written_ns: int) -> bool:
    """Return True if an audio file matches its record: by size, and by SHA-256 if it is newer than the record.

    After a match, the record gets the time stamp of the file, so that the next run need not hash the file again.
    """
    known = sound.stat()
    if known.st_size != one.bytes:
        return False
    if known.st_mtime_ns <= written_ns:
        return True
    if digest_of(Path(sound)) != one.sha256:
        return False
    with suppress(OSError):  # a read-only disk: the file is hashed each time
        os.utime(record, ns=(known.st_mtime_ns, known.st_mtime_ns))
    return True


def enclosure(path: Path, duration_ms: int, kind: str = "audio/mpeg") -> Enclosure:
    """Return the enclosure for a finished audio file, which is read once."""
    ours, theirs, size = hashlib.sha256(), hashlib.sha384(), 0
    with path.open("rb") as file:
        while data := file.read(CHUNK):
            ours.update(data)
            theirs.update(data)
            size += len(data)
    integrity = f"sha384-{base64.b64encode(theirs.digest()).decode()}"
    return Enclosure(path.name, size, ours.hexdigest(), duration_ms, kind, integrity=integrity)


def digest_of(path: Path) -> str:
    """Return the SHA-256 of a file, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@lru_cache(maxsize=100_000)
def _summary(file: str, *_version: int) -> EpisodeSummary:
    """Return an episode without its cues, cached for the run: `_version` changes when the record is written again."""
    with open(file, "rb") as record:  # noqa: PTH123 - a Path takes longer than the reading
        data = record.read()
    return replace(_decoded(file, data, EpisodeSummary), record=digest(data))


def finished(place: Workspace, *, lenient: bool = False) -> list[EpisodeSummary]:
    """Return every finished episode whose audio is intact, by slug, without cues; see `summaries`."""
    return [summary for summary, whole in summaries(place, lenient=lenient) if whole]


FEED_RECORD = ".feed.json"
"""The manifest of feed/, in audio/. No slug begins with a dot, so it is never mistaken for an episode's record."""


def is_intact(place: Workspace, episode: Episode) -> bool:
    """Return True if the audio files of an episode are intact; see `summaries`."""
    record = place.record(episode.slug)
    try:
        written_ns = record.stat().st_mtime_ns
        sounds = (episode.enclosure, *episode.alternates)
        return all(_matches(place.audio / one.file, one, record, written_ns) for one in sounds)
    except FileNotFoundError:
        return False


def sound(place: Workspace, episode: Episode, other: Enclosure | None = None) -> Path:
    """Return the audio file of an episode, rendered or imported, or the file of an `other` format."""
    return (place.imported if episode.imported else place.audio) / (other or episode.enclosure).file


def page_name(slug: str) -> str:
    """Return the name of an episode's page in the feed folder."""
    return f"episodes/{slug}.html"


def thumbnail_name(jpeg: bytes) -> str:
    """Return the name of a thumbnail in the feed folder."""
    return f"art/thumbnail-{digest(jpeg)[:10]}.jpg"


def sound_name(episode: Episode, other: Enclosure | None = None) -> str:
    """Return the name of an episode's audio, or of an `other` format, in the feed folder.

    If the audio is hosted elsewhere, it is the URL.
    """
    sound = other or episode.enclosure
    return sound.url or f"media/{episode.slug}-{sound.sha256[:10]}{Path(sound.file).suffix}"


def digest(*parts: bytes | str) -> str:
    """Return the SHA-256 of length-prefixed parts, in hex."""
    total = hashlib.sha256()
    for part in parts:
        data = part.encode("utf-8", "surrogatepass") if isinstance(part, str) else part
        total.update(len(data).to_bytes(8, "big") + data)
    return total.hexdigest()


def music(place: Workspace, show: Show) -> str:
    """Return the digest of everything that shapes music: settings, files, and the producer's own code."""
    contents = []
    for kind in get_args(MusicKind):
        file = show.music.track(kind).file
        with named_by(place.show, f"music.{kind}"):
            contents.append(b"" if not file or is_jingle(file) else place.file(file).read_bytes())
    reference = show.hooks.get("music", "")
    code = hook.fingerprint(reference, place.root) if reference else b""
    return digest(repr(show.music), f"Output(channels={show.output.channels})", *contents, reference, code)
