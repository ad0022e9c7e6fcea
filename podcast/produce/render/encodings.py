# SPDX-License-Identifier: GPL-3.0-or-later
"""An episode in other formats, beside its MP3: audio/<slug>.opus, audio/<slug>.m4a.

What is encoded is kept without its tags in audio/clips/, so that another title or cover costs no encoding; the last
bytes of such a file are the digest of those before, so that a damaged one is noticed.
"""

import hashlib
from contextlib import ExitStack
from pathlib import Path

from podcast import ffmpeg, workspace
from podcast.config.settings import Format, Output
from podcast.metadata.id3 import Tags, tag
from podcast.model import Enclosure
from podcast.produce import records
from podcast.produce.render.clips import EpisodeClips, Mix
from podcast.produce.render.context import RenderContext
from podcast.sound import encode, mastering

SUFFIXES = frozenset(kind.suffix for kind in encode.KINDS.values())

PIECE = 1 << 20
"""Bytes that are held at once."""


def check(output: Output) -> None:
    """Raise AudioError, before anything is narrated, if a format that show.toml asks for cannot be written here."""
    if "aac" in output.also:
        ffmpeg.needed('AAC ([sound] also = ["aac"])')


def write(context: RenderContext, clips: EpisodeClips, mix: Mix, path: Path, tags: Tags) -> None:
    """Write an episode whose MP3 is `path` in each format that the show wants.

    Raises AudioError if one cannot be written, or is out of tolerance.
    """
    for name in dict.fromkeys(context.show.output.also):
        with workspace.replacing(beside(path, name)) as temporary:
            _encode(context, clips, mix, name, temporary)
            tag(temporary, tags)


def beside(path: Path, name: Format) -> Path:
    """Return where an episode lies in a format."""
    return path.with_suffix(encode.KINDS[name].suffix)


def enclosures(output: Output, path: Path, duration_ms: int) -> tuple[Enclosure, ...]:
    """Return what there is beside an MP3; a format that is not wanted any more is removed."""
    for name in encode.KINDS:
        if name not in output.also:
            beside(path, name).unlink(missing_ok=True)
    return tuple(
        records.enclosure(one, duration_ms, encode.KINDS[name].type)
        for name in dict.fromkeys(output.also)
        for one in [beside(path, name)]
    )


def _encode(context: RenderContext, clips: EpisodeClips, mix: Mix, name: Format, target: Path) -> None:
    """Write the sound to `target`, from what is kept of it if it was encoded before."""
    kind, channels = encode.KINDS[name], context.show.output.channels
    shaped = repr((mix.timeline, clips.offset_db, channels, kind, encode.REVISION))
    key = records.digest(name, clips.music_digest, mastering.MASTERING, shaped)
    clips.used.add(key)
    kept = context.store.path(key, kind.suffix)
    if kept.exists():
        if _copied(kept, target):
            return
        context.progress.say(f"file {kept.name[:12]} is damaged and is created again")
    encode.write(name, target, lambda ceiling: clips.sounds(mix, ceiling), channels)
    digest = hashlib.sha256()
    with workspace.replacing(kept) as temporary, target.open("rb") as source, temporary.open("wb") as file:
        while data := source.read(PIECE):
            digest.update(data)
            file.write(data)
        file.write(digest.digest())


def is_whole(kept: Path) -> bool:
    """Return True if what is kept is as it was written."""
    return _copied(kept, None)


def _copied(kept: Path, target: Path | None) -> bool:
    """Copy what is kept without its digest; return False if it was damaged."""
    digest, size = hashlib.sha256(), kept.stat().st_size - hashlib.sha256().digest_size
    with kept.open("rb") as source, ExitStack() as stack:
        file = stack.enter_context(target.open("wb")) if target else None
        while size > 0 and (data := source.read(min(size, PIECE))):
            size -= len(data)
            digest.update(data)
            if file:
                file.write(data)
        return size == 0 and source.read() == digest.digest()
