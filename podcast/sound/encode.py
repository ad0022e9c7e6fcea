# SPDX-License-Identifier: GPL-3.0-or-later
"""Encode an episode in formats other than MP3: smaller files, for the apps that support them.

    audio in parts --write--> Opus in Ogg, by libsndfile; AAC in MP4, by ffmpeg --> loudness of the decoded file

They are encoded from the source of the MP3, not from the MP3. As their streams cannot be concatenated, the output
episode is encoded again whenever something in it changes. The same audio and encoder give the same bytes.
"""

import errno
import subprocess
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, cast

import numpy as np

from podcast import ffmpeg
from podcast.config.settings import Format
from podcast.errors import AudioError
from podcast.model import RATE_HZ, Loudness
from podcast.sound import loudness
from podcast.sound.clip_format import CEILING_DBTP
from podcast.sound.true_peak import Samples

REVISION = 1
"""Incremented when a change here changes the files."""

TRIES = 5
"""Maximum number of attempts at a lower ceiling, if the decoded true peak is too high."""

SERIAL = 1
"""Serial number of the Ogg stream; libsndfile's is random."""

Sound = Callable[[float], Iterable[Samples]]
"""Ceiling in dBTP -> an episode in parts of shape (n, channels), with no true peak above it."""


@dataclass(frozen=True, slots=True)
class Kind:
    """File suffix, media type and bit rates of a format."""

    suffix: str
    type: str
    kbps: Mapping[int, int]
    """Number of channels -> bit rate."""


KINDS: Mapping[Format, Kind] = {
    "opus": Kind(".opus", "audio/ogg", {1: 32, 2: 48}),
    "aac": Kind(".m4a", "audio/mp4", {1: 64, 2: 96}),
}


def write(kind: Format, path: Path, sound: Sound, channels: int) -> Loudness:
    """Encode an episode in a format, without tags, and return the loudness of the decoded file.

    Raises AudioError if ffmpeg is needed and not installed, fails, or the loudness is out of tolerance.
    """
    ceiling = CEILING_DBTP
    for _ in range(TRIES):
        with (_opus if kind == "opus" else _aac)(path, channels) as add:
            for part in sound(ceiling):
                add(part)
        measured = loudness.measure(path) if kind == "opus" else loudness.measure_parts(_decoded(path, channels))
        over = measured.true_peak_dbtp - loudness.TRUE_PEAK_DBTP
        if over <= 0:
            break
        ceiling -= over + 0.1
    loudness.judge(measured, f"{path.name} ({kind})", channels=channels)
    return measured


@contextmanager
def _opus(path: Path, channels: int) -> Iterator[Callable[[Samples], None]]:
    import soundfile

    kbps = KINDS["opus"].kbps[channels]
    level = 1 - (kbps / channels - 6) / 250  # libsndfile has 6 to 256 kbit/s a channel from 1.0 down to 0.0
    with soundfile.SoundFile(path, "w", RATE_HZ, channels, "OPUS", format="OGG", compression_level=level) as file:
        yield file.write
    _set_serial(path)


def _set_serial(path: Path) -> None:
    """Set the serial number of an Ogg file to SERIAL, for reproducible bytes."""
    from mutagen import ogg

    read: Any = ogg.OggPage
    with path.open("rb+") as file:
        while True:
            place = file.tell()
            try:
                page = read(file)
            except EOFError:
                return
            page.serial = SERIAL
            file.seek(place)
            file.write(page.write())


@contextmanager
def _aac(path: Path, channels: int) -> Iterator[Callable[[Samples], None]]:
    """Encode with ffmpeg, without its version and the time, for reproducible bytes."""
    program = ffmpeg.needed("AAC")
    given = ("-f", "f32le", "-ar", str(RATE_HZ), "-ac", str(channels), "-i", "pipe:0")
    bits = ("-c:a", "aac", "-b:a", f"{KINDS['aac'].kbps[channels]}k", "-flags:a", "+bitexact", "-threads", "1")
    output = ("-map_metadata", "-1", "-fflags", "+bitexact", "-movflags", "+faststart", "-f", "ipod", "-y", str(path))
    with tempfile.TemporaryFile() as stderr:
        command = [program, "-v", "error", "-nostats", *given, *bits, *output]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stderr=stderr) as run:
            pipe = cast("IO[bytes]", run.stdin)

            def add(part: Samples) -> None:
                pipe.write(np.ascontiguousarray(part, "<f4").tobytes())

            try:
                yield add
                pipe.close()
            except BaseException as error:
                if not _is_broken_pipe(error):
                    run.kill()
                    raise
                run.wait()
        stderr.seek(0)
        _check_exit(run.returncode, stderr.read(), path)


def _is_broken_pipe(error: BaseException) -> bool:
    """Return True if the reader has closed the pipe; on Windows, that is EINVAL."""
    return isinstance(error, OSError) and error.errno in {errno.EPIPE, errno.EINVAL}


def _decoded(path: Path, channels: int) -> Iterator[Samples]:
    """Yield the audio that ffmpeg decodes from a file, a second at a time."""
    program = ffmpeg.needed("AAC")
    size = RATE_HZ * channels * 4
    with tempfile.TemporaryFile() as stderr:
        command = [program, "-v", "error", "-nostdin", "-i", f"file:{path}", "-map", "0:a:0", "-f", "f32le", "-"]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=stderr) as run:
            pipe = cast("IO[bytes]", run.stdout)
            while data := pipe.read(size):
                yield np.frombuffer(data, "<f4").reshape(-1, channels)
        stderr.seek(0)
        _check_exit(run.returncode, stderr.read(), path)


def _check_exit(code: int, stderr: bytes, path: Path) -> None:
    if code:
        last = (stderr.decode(errors="replace").strip().splitlines() or ["ffmpeg gave no reason"])[-1]
        raise AudioError(f"ffmpeg failed: {last}", file=path.name, hint="install another version of ffmpeg")
