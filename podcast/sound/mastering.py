# SPDX-License-Identifier: GPL-3.0-or-later
"""Master synthesized speech: trim, level and limit it, and encode it as a clip.

`shape` resamples speech to 48 kHz, trims the silence around it, and sets its level; `master` encodes the result, and
shifts word times by what was trimmed from the beginning. Both are pure, so clips can be mastered in any thread and
cached for as long as `MASTERING` and their `Level` stay the same.

Voices differ in loudness, so each has a calibration gain, measured on one sentence. Each clip is then levelled
individually, but within 3 dB of that gain: "Yes." must not become a shout, nor a whisper normal speech.
"""

from dataclasses import dataclass, replace
from importlib.metadata import version

import numpy as np

from podcast import alignment
from podcast.errors import AudioError
from podcast.model import RATE_HZ, Speech
from podcast.sound import mp3
from podcast.sound.clip_format import CEILING_DBTP, ENCODED_DBTP, Mastered, finish
from podcast.sound.loudness import TARGET_LUFS, integrated_lufs, speech_lufs
from podcast.sound.true_peak import Limiter, Samples

WINDOW = RATE_HZ // 100
"""Samples per level measurement for trimming: 10 ms."""

SILENT_DBFS = -60.0
"""A clip whose level never exceeds this is silent."""

TRIM_DB, SOFT_DB, CLEAR_DB = -40.0, -52.0, 10.0
"""Audio above TRIM_DB, relative to the clip's loud parts, is voice.

In quieter surroundings, so is audio CLEAR_DB above the silence, down to SOFT_DB: the last f, k or
s of some voices.
"""

KEEP_MS = 40
"""Silence that is kept on each side: for soft consonants and room tone."""

FADE_MS = 5

GAIN_RANGE_DB = 3.0
"""Maximum difference between a clip's gain and its voice's."""

LEVELLED_MS = 400
"""Voice shorter than this is not levelled individually (one block of BS.1770)."""

MAKE_UP_DB = 8.0
"""Maximum make-up gain after the limiter."""

CLOSE_LU, TRIES = 0.05, 8
"""Tolerance of a clip's level, and the maximum number of attempts."""

MASTERING = (
    f"5 lameenc {version('lameenc')} soxr {version('soxr')} {mp3.STEREO.kbps}k {mp3.MONO.kbps}k {RATE_HZ} "
    f"{CEILING_DBTP} {ENCODED_DBTP} {TRIM_DB} {SOFT_DB} {CLEAR_DB} {KEEP_MS} {FADE_MS} {GAIN_RANGE_DB} {LEVELLED_MS} "
    f"{MAKE_UP_DB}"
)
"""Changes with everything but the Level that affects a mastered clip: part of its cache key."""


@dataclass(frozen=True, slots=True)
class Level:
    """Target loudness of a clip."""

    voice_gain_db: float
    """Calibration gain of its voice: see `calibration_db`."""
    offset_db: float = 0.0
    """Added to every clip of an episode: see `stitch.correction_db`."""
    target_lufs: float = TARGET_LUFS


def calibration_db(speech: Speech) -> float:
    """Return the gain that brings a voice to the target, measured on one sentence; in steps of 0.1 dB.

    Raises AudioError if the sentence is silent.
    """
    lufs = speech_lufs(speech)
    if not np.isfinite(lufs):
        raise AudioError("the voice produced silence for its calibration sentence", hint="use another voice")
    return round(TARGET_LUFS - lufs, 1)


def master(speech: Speech, level: Level, form: mp3.Format = mp3.STEREO) -> Mastered:
    """Master and encode speech.

    Raises AudioError if it is empty, silent, or not mono.
    """
    pcm, start = _shaped(speech, level)
    words = alignment.shifted(speech.words, -start * 1000 / RATE_HZ, len(pcm) * 1000 / RATE_HZ)
    return replace(finish(pcm, form, limited=True), words=words)


def shape(speech: Speech, level: Level) -> Samples:
    """Return speech at 48 kHz, shape (n,): trimmed, faded, levelled, with no true peak above the ceiling.

    Raises AudioError if it is empty, silent, or not mono.
    """
    return _shaped(speech, level)[0]


def _shaped(speech: Speech, level: Level) -> tuple[Samples, int]:
    """Return the result of `shape`, and the number of samples trimmed from the beginning."""
    pcm, voiced, start = _trim(_resample(speech))
    _fade(pcm)
    lufs = integrated_lufs(pcm)
    if not np.isfinite(lufs):
        raise AudioError("the voice produced silence", hint="reword the sentence, or use another voice")
    gain_db = level.voice_gain_db
    if voiced * 1000 >= LEVELLED_MS * RATE_HZ:
        own = level.target_lufs - lufs
        gain_db = min(max(own, gain_db - GAIN_RANGE_DB), gain_db + GAIN_RANGE_DB)
    return _levelled(pcm, gain_db + level.offset_db, lufs), start


def _resample(speech: Speech) -> Samples:
    """Resample speech to 48 kHz and remove its DC offset."""
    import soxr

    pcm: Samples = speech.samples.astype(np.float32)
    if pcm.ndim != 1 or not np.isfinite(pcm).all():
        raise AudioError("the voice returned audio that is not mono", hint="try again, or use another voice")
    if pcm.size and speech.rate_hz != RATE_HZ:
        pcm = soxr.resample(pcm, speech.rate_hz, RATE_HZ, quality="HQ")
    if pcm.size < WINDOW:
        raise AudioError("the voice returned no audio", hint="reword the sentence, or use another voice")
    return np.asarray(pcm - pcm.mean(dtype=np.float64), np.float32)


def _trim(pcm: Samples) -> tuple[Samples, int, int]:
    """Return the clip without the silence around its voice, the samples of voice in it, and where it began."""
    windows = pcm[: len(pcm) // WINDOW * WINDOW].reshape(-1, WINDOW)
    levels = 10 * np.log10(np.mean(np.square(windows, dtype=np.float64), axis=1) + 1e-12)
    if levels.max() < SILENT_DBFS:
        raise AudioError("the voice produced silence", hint="reword the sentence, or use another voice")
    levels -= np.percentile(levels[levels > levels.max() + TRIM_DB], 95)
    voice = np.flatnonzero(levels > TRIM_DB)
    around = np.concatenate([levels[: voice[0]], levels[voice[-1] + 1 :]])
    if len(around):
        voice = np.flatnonzero(levels > min(TRIM_DB, max(SOFT_DB, float(np.median(around)) + CLEAR_DB)))
    start, end = int(voice[0]) * WINDOW, (int(voice[-1]) + 1) * WINDOW
    keep = KEEP_MS * RATE_HZ // 1000
    begin = max(0, start - keep)
    return pcm[begin : end + keep].copy(), end - start, begin


def _fade(pcm: Samples) -> None:
    """Fade a clip in and out, to avoid clicks."""
    length = min(FADE_MS * RATE_HZ // 1000, len(pcm) // 2)
    rise = (0.5 - 0.5 * np.cos(np.pi * np.arange(length) / length)).astype(np.float32)
    pcm[:length] *= rise
    pcm[-length:] *= rise[::-1]


def _levelled(pcm: Samples, gain_db: float, lufs: float) -> Samples:
    """Apply a gain to a clip of loudness `lufs`, with make-up gain for what the limiter takes away."""
    limiter = Limiter(pcm, CEILING_DBTP, most_gain_db=gain_db + MAKE_UP_DB)
    limited = limiter.at(gain_db)
    extra_db = 0.0
    for _ in range(TRIES):
        short = lufs + gain_db - integrated_lufs(limited)
        if short < CLOSE_LU or extra_db >= MAKE_UP_DB:
            break
        extra_db = min(extra_db + short, MAKE_UP_DB)
        limited = limiter.at(gain_db + extra_db)
    return limited
