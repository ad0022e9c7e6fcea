# SPDX-License-Identifier: GPL-3.0-or-later
"""What a voice said -> a clip that is ready to be laid into an episode.

`shape` brings speech to 48 kHz, takes away what is not voice, and brings it to the level of the show; `master` encodes
that once, and moves the times of words by what was taken from the beginning. Both are pure, so a clip may be made in
any thread and at any time, and kept for as long as `MASTERING` and its `Level` stay the same.

Voices differ in loudness, so each has a calibration gain, measured on one sentence. Every clip is then levelled by
itself, but no further than 3 dB from that gain: "Yes." must not become a shout, nor a whisper speech.
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
"""Samples over which the level is taken for trimming: 10 ms."""

SILENT_DBFS = -60.0
"""A clip that never gets louder than this says nothing."""

TRIM_DB, SOFT_DB, CLEAR_DB = -40.0, -52.0, 10.0
"""Voice is what is louder than the first against the clip's own loud parts.

Where the silence around it is deeper, so is what is CLEAR_DB above that silence, down to the second: the last f, k or
s of some voices.
"""

KEEP_MS = 40
"""Of the silence, kept on each side: soft consonants and the breath of a room."""

FADE_MS = 5

REACH_DB = 3.0
"""How far a clip's gain may be from its voice's."""

LEVELLED_MS = 400
"""A voice heard for less than this has no loudness of its own (one block of BS.1770)."""

MAKE_UP_DB = 8.0
"""The most that is given back of what the limiter takes."""

CLOSE_LU, TRIES = 0.05, 8
"""How near a clip has to come to its level, and how often it is tried."""

MASTERING = (
    f"5 lameenc {version('lameenc')} soxr {version('soxr')} {mp3.STEREO.kbps}k {mp3.MONO.kbps}k {RATE_HZ} "
    f"{CEILING_DBTP} {ENCODED_DBTP} {TRIM_DB} {SOFT_DB} {CLEAR_DB} {KEEP_MS} {FADE_MS} {REACH_DB} {LEVELLED_MS} "
    f"{MAKE_UP_DB}"
)
"""Changes with anything but its Level that shapes a mastered clip: part of the key under which it is kept."""


@dataclass(frozen=True, slots=True)
class Level:
    """How loud a clip is to be."""

    voice_gain_db: float
    """Calibration of its voice: see `calibration_db`."""
    offset_db: float = 0.0
    """For every clip of an episode: see `stitch.correction_db`."""
    target_lufs: float = TARGET_LUFS


def calibration_db(speech: Speech) -> float:
    """Return the gain that brings a voice to the target, from a sentence that it said; in steps of 0.1 dB.

    Raises AudioError if nothing is to be heard.
    """
    lufs = speech_lufs(speech)
    if not np.isfinite(lufs):
        raise AudioError("the voice produced silence for its calibration sentence", hint="use another voice")
    return round(TARGET_LUFS - lufs, 1)


def master(speech: Speech, level: Level, form: mp3.Format = mp3.STEREO) -> Mastered:
    """Return speech in its final form.

    Raises AudioError if it is empty, silent, or not mono sound.
    """
    pcm, start = _shaped(speech, level)
    words = alignment.moved(speech.words, -start * 1000 / RATE_HZ, len(pcm) * 1000 / RATE_HZ)
    return replace(finish(pcm, form, limited=True), words=words)


def shape(speech: Speech, level: Level) -> Samples:
    """Return speech at 48 kHz, shape (n,): trimmed, faded, levelled, with no true peak over the ceiling.

    Raises AudioError if it is empty, silent, or not mono sound.
    """
    return _shaped(speech, level)[0]


def _shaped(speech: Speech, level: Level) -> tuple[Samples, int]:
    """Return what `shape` does, and how many samples were taken from the beginning."""
    pcm, voiced, start = _trim(_resample(speech))
    _fade(pcm)
    lufs = integrated_lufs(pcm)
    if not np.isfinite(lufs):
        raise AudioError("the voice produced silence", hint="reword the sentence, or use another voice")
    gain_db = level.voice_gain_db
    if voiced * 1000 >= LEVELLED_MS * RATE_HZ:
        own = level.target_lufs - lufs
        gain_db = min(max(own, gain_db - REACH_DB), gain_db + REACH_DB)
    return _levelled(pcm, gain_db + level.offset_db, lufs), start


def _resample(speech: Speech) -> Samples:
    """Return speech at 48 kHz, without its direct current."""
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
    """Return the clip without the silence around its voice, how many samples that is heard for, and where it began."""
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
    """Let a clip begin and end in nothing, so that neither is heard as a click."""
    length = min(FADE_MS * RATE_HZ // 1000, len(pcm) // 2)
    rise = (0.5 - 0.5 * np.cos(np.pi * np.arange(length) / length)).astype(np.float32)
    pcm[:length] *= rise
    pcm[-length:] *= rise[::-1]


def _levelled(pcm: Samples, gain_db: float, lufs: float) -> Samples:
    """Return a clip of loudness `lufs` at a gain: what the limiter takes away is made up for."""
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
