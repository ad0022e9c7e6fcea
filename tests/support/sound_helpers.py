# SPDX-License-Identifier: GPL-3.0-or-later
"""For the tests of sound: voices made of sine waves, ffmpeg as a meter that is not ours, and a small studio."""

import re
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import imageio_ffmpeg
import numpy as np
from numpy.typing import NDArray
from scipy.signal import correlate

from podcast import voices
from podcast.config.settings import Music, MusicKind, Track
from podcast.model import Speech
from podcast.sound import mastering, stitch, timeline
from podcast.sound.clip_format import Mastered, finish
from podcast.sound.music import tracks as music

FFMPEG = shutil.which("ffmpeg") or imageio_ffmpeg.get_ffmpeg_exe()


@cache
def voice(
    seconds: float,
    *,
    pitch_hz: float = 120,
    rate_hz: int = 24_000,
    peak: float = 0.3,
    seed: int = 1,
    sharp: bool = False,
) -> Speech:
    """Return a sound with the ways of speech: harmonics, syllables, short pauses, a little breath.

    A sharp one has all its harmonics in phase, as the pulses of a formant synthesiser: its crest is much higher.
    """
    rng = np.random.default_rng(seed)
    time = np.arange(round(seconds * rate_hz)) / rate_hz
    glide = 2 * np.pi * pitch_hz * (time + 0.002 * np.sin(2 * np.pi * 0.7 * time))
    first = np.exp(1j * glide)
    sound, turning = np.zeros(len(time)), np.ones(len(time), complex)
    for harmonic in range(1, int(0.4 * rate_hz / pitch_hz)):
        turning *= first
        phase = 0.0 if sharp else rng.uniform(0, 2 * np.pi)
        sound += (np.cos(phase) * turning.real - np.sin(phase) * turning.imag) / harmonic
    syllables = np.clip(np.sin(2 * np.pi * 3.3 * time + 0.3) + 0.3, 0, 1) * (0.7 + 0.3 * np.sin(2 * np.pi * 0.6 * time))
    sound = (sound + 0.05 * rng.standard_normal(len(time))) * syllables
    samples = (sound * (peak / np.abs(sound).max())).astype(np.float32)
    samples.flags.writeable = False  # it is shared between tests
    return Speech(samples, rate_hz)


@cache
def spoken(ref: str, text: str) -> Speech:
    """Return what a voice of ours really says."""
    found = voices.find(ref, "fr")
    return voices.engine(found.engine, {}).speak(text, found)


def ffmpeg(*arguments: str | Path) -> subprocess.CompletedProcess[bytes]:
    """Run ffmpeg, which has to succeed."""
    return subprocess.run([FFMPEG, "-nostdin", "-nostats", "-y", *map(str, arguments)], check=True, capture_output=True)


@dataclass(frozen=True)
class Heard:
    """What ffmpeg hears in a file."""

    sound: NDArray[np.float32]
    """Shape (n, channels)."""
    lufs: float
    peak_dbtp: float
    """As its ebur128 measures them."""
    complaints: str
    """What it has to say against the file."""


def heard(path: Path) -> Heard:
    """Decode and measure a file."""
    meter = ("-af", "ebur128=peak=true:framelog=verbose", "-f", "f32le", "-")
    run = ffmpeg("-hide_banner", "-v", "level+info", "-i", path, "-map", "0:a", *meter)
    said = run.stderr.decode()
    channels = 1 if re.search(r"Audio: .*\bmono\b", said) else 2
    return Heard(
        np.frombuffer(run.stdout, "<f4").reshape(-1, channels),
        float(re.findall(r"I:\s+(\S+) LUFS", said)[-1]),
        float(re.findall(r"Peak:\s+(\S+) dBFS", said)[-1]),
        "\n".join(re.findall(r"^.*\[(?:warning|error|fatal)\].*$", said, re.MULTILINE)),
    )


def decoded(path: Path) -> NDArray[np.float32]:
    """Return what ffmpeg decodes from a file, shape (n, 2)."""
    return np.frombuffer(ffmpeg("-v", "error", "-i", path, "-f", "f32le", "-").stdout, "<f4").reshape(-1, 2)


def middle(sound: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return a sound with its channels, if it has two, folded into one."""
    return sound if sound.ndim == 1 else (sound[:, 0] + sound[:, 1]) / 2


def shift(file: NDArray[np.float32], pcm: NDArray[np.float32], start: int) -> int:
    """Return how many samples after `start` a sound really begins in a decoded file."""
    around = 2_000
    begin = max(0, start - around)
    match = correlate(middle(file[begin : start + len(pcm) + around]), middle(pcm), mode="valid")
    return begin + int(np.argmax(match)) - start


@cache
def played(key: str, offset_db: float) -> tuple[NDArray[np.float32], Mastered]:
    """Return the sting of a style, `sting calm`, as it is encoded, and in its final form."""
    settings = Music(sting=Track(key.removeprefix("sting "), fade_out_ms=400))
    pcm = music.sting(None, settings) * np.float32(10 ** (offset_db / 20))
    return pcm, finish(pcm)


@cache
def ours(kind: MusicKind, settings: Music) -> NDArray[np.float32]:
    """Return music of ours for a place, made once for all tests."""
    track = music.track(None, kind, settings)
    track.flags.writeable = False
    return track


@cache
def mastered(speech: Speech, level: mastering.Level) -> Mastered:
    """Return speech in its final form, made once for all tests."""
    return mastering.master(speech, level)


@cache
def shaped(speech: Speech, level: mastering.Level) -> NDArray[np.float32]:
    """Return speech as it is encoded, likewise."""
    return mastering.shape(speech, level)


class Studio:
    """Voices that have said something, and an episode of it: what `podcast make` does, without the rest."""

    def __init__(self, speeches: dict[str, Speech], gains: dict[str, float] | None = None) -> None:
        self.speeches = speeches
        self.gains = gains or {key: mastering.calibration_db(speech) for key, speech in speeches.items()}
        self.offset_db = stitch.PAUSES_DB

    def level(self, key: str) -> mastering.Level:
        """Return how loud a clip is to be."""
        return mastering.Level(self.gains[key], self.offset_db)

    def pcm(self, key: str) -> NDArray[np.float32]:
        """Return a clip as it is encoded; the key `sting <style>` is music between clips."""
        if key.startswith("sting "):
            return played(key, self.offset_db)[0]
        return shaped(self.speeches[key], self.level(key))

    def mastered(self, key: str) -> Mastered:
        """Return a clip in its final form."""
        if key.startswith("sting "):
            return played(key, self.offset_db)[1]
        return mastered(self.speeches[key], self.level(key))

    def make(
        self, path: Path, order: Sequence[str], settings: Music, *, pause_ms: int = 300
    ) -> tuple[timeline.Timeline, float]:
        """Write an episode; return where all lies, and the loudness that was foretold."""
        wanted = [kind for kind in ("intro", "bed", "outro") if settings.track(kind).file]
        tracks = {kind: ours(kind, settings) for kind in wanted}
        pieces = [self._piece(key, pause_ms) for key in order]
        lengths = {f"{kind}_samples": len(track) for kind, track in tracks.items()}
        plan = timeline.lay(pieces, settings, **lengths)
        for _ in range(2):
            spans = [stitch.mix(span, self.pcm, tracks, offset_db=self.offset_db) for span in plan.spans]
            foretold = stitch.measure(plan, self.mastered, spans).integrated_lufs
            if not stitch.correction_db(foretold):
                break
            self.offset_db += stitch.correction_db(foretold)
        stitch.write(plan, path, mastered=self.mastered, spans=spans)
        return plan, foretold

    def _piece(self, key: str, pause_ms: int) -> timeline.ClipLength:
        mastered = self.mastered(key)
        return timeline.ClipLength(key, mastered.n_frames, mastered.samples, pause_ms)
