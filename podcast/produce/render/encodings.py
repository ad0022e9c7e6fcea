# SPDX-License-Identifier: GPL-3.0-or-later
"""Other formats of an episode besides MP3: audio/<slug>.opus, audio/<slug>.m4a.

The encoded audio is cached without tags in audio/clips/, so that a new title or cover needs no encoding. A cached file
ends with the SHA-256 of its content, to detect damage.
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

CHUNK = 1 << 20
"""Bytes per read."""


def check(output: Output) -> None:
    """Raise AudioError, before anything is narrated, if a format in show.toml cannot be encoded here."""
    if "aac" in output.also:
        ffmpeg.needed('AAC ([sound] also = ["aac"])')


def write(context: RenderContext, clips: EpisodeClips, mix: Mix, path: Path, tags: Tags) -> None:
    """Write an episode whose MP3 is `path` in each additional format of the show.

    Raises AudioError if one cannot be written, or is out of tolerance.
    """
    for name in dict.fromkeys(context.show.output.also):
        with workspace.replacing(path_in(path, name)) as temporary:
            _encode(context, clips, mix, name, temporary)
            tag(temporary, tags)


def path_in(path: Path, name: Format) -> Path:
    """Return the path of an episode in another format; `path` is that of the MP3."""
    return path.with_suffix(encode.KINDS[name].suffix)


def enclosures(output: Output, path: Path, duration_ms: int) -> tuple[Enclosure, ...]:
    """Return the enclosures of the additional formats; files of formats that are no longer configured are removed."""
    for name in encode.KINDS:
        if name not in output.also:
            path_in(path, name).unlink(missing_ok=True)
    return tuple(
        records.enclosure(one, duration_ms, encode.KINDS[name].type)
        for name in dict.fromkeys(output.also)
        for one in [path_in(path, name)]
    )


def _encode(context: RenderContext, clips: EpisodeClips, mix: Mix, name: Format, target: Path) -> None:
    """Write the audio without tags to `target`, from the cache if possible."""
    kind, channels = encode.KINDS[name], context.show.output.channels
    shaped = repr((mix.timeline, clips.offset_db, channels, kind, encode.REVISION))
    key = records.digest(name, clips.music_digest, mastering.MASTERING, shaped)
    clips.used.add(key)
    cached = context.store.path(key, kind.suffix)
    if cached.exists():
        if _verified_copy(cached, target):
            return
        context.progress.say(f"file {cached.name[:12]} is damaged and is created again")
    encode.write(name, target, lambda ceiling: clips.sounds(mix, ceiling), channels)
    digest = hashlib.sha256()
    with workspace.replacing(cached) as temporary, target.open("rb") as source, temporary.open("wb") as file:
        while data := source.read(CHUNK):
            digest.update(data)
            file.write(data)
        file.write(digest.digest())


def is_intact(cached: Path) -> bool:
    """Return True if a cached file is undamaged."""
    return _verified_copy(cached, None)


def _verified_copy(cached: Path, target: Path | None) -> bool:
    """Copy a cached file without its digest, or only verify it; return False if it is damaged."""
    digest, size = hashlib.sha256(), cached.stat().st_size - hashlib.sha256().digest_size
    with cached.open("rb") as source, ExitStack() as stack:
        file = stack.enter_context(target.open("wb")) if target else None
        while size > 0 and (data := source.read(min(size, CHUNK))):
            size -= len(data)
            digest.update(data)
            if file:
                file.write(data)
        return size == 0 and source.read() == digest.digest()
