# SPDX-License-Identifier: GPL-3.0-or-later
"""The default intro and outro: bells over a soft pad, made from sine waves, so that every show has music at once.

Both are played from the tables below; there is no recording in them, and whoever makes a show may use them freely. The
intro runs I-vi-IV-V and leaves the end open for the voice; the outro answers with IV-V-I and rests on the tonic.
"""

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from podcast.model import RATE_HZ
from podcast.sound.peak import Samples

BEAT_S = 60 / 96 / 2
"""An eighth note at 96 beats a minute."""

ROOT = 60
"""MIDI number of the tonic: middle C."""

TONIC, SUBMEDIANT, SUBDOMINANT, DOMINANT = (0, 4, 7, 12, 16), (-3, 0, 4, 9, 12), (-7, -3, 0, 5, 9), (-5, -1, 2, 7, 11)
CHORDS = {
    "intro": (TONIC, SUBMEDIANT, SUBDOMINANT, DOMINANT),
    "outro": (SUBDOMINANT, DOMINANT, TONIC),
}
"""Notes of each bar, in semitones from the root."""

BELLS = {"intro": (0, 2, 4, 1), "outro": (4, 2, 1, 0)}
"""Which notes of the chord the bells play in a bar: upwards for an intro, home for an outro."""

BAR = 4
"""Bells in a bar."""

RING_S = 2.5
"""How long a bell rings."""

PARTIALS = ((1, 0.5, 3.0), (2, 0.12, 5.0), (4, 0.06, 12.0))
"""Of a bell: harmonic, amplitude, decay per second."""

PEAK = 0.5


def jingle(kind: Literal["intro", "outro"] = "intro") -> Samples:
    """Return the default music in stereo at 48 kHz, shape (n, 2): 7.5 s of intro or 6.3 s of outro."""
    chords = CHORDS[kind]
    sound = np.zeros((int((BAR * BEAT_S * len(chords) + RING_S) * RATE_HZ), 2))
    for bar, chord in enumerate(chords):
        start = bar * BAR * BEAT_S
        for place, which in enumerate(BELLS[kind]):
            strength = 1.0 if place == 0 else 0.75
            bell = strength * _bell(ROOT + 12 + chord[which])
            _add(sound, bell, start_s=start + place * BEAT_S, pan=0.35 + 0.1 * place)
        for note in chord[:3]:
            for detune, pan in ((0.9985, 0.25), (1.0015, 0.75)):
                _add(sound, _pad(_hz(ROOT + note) * detune), start_s=start, pan=pan)
    sound *= np.clip((len(sound) - 1 - np.arange(len(sound))) / RATE_HZ / 1.5, 0, 1)[:, None]
    return np.asarray(sound * (PEAK / np.abs(sound).max()), np.float32)


def _add(sound: NDArray[np.float64], note: NDArray[np.float64], *, start_s: float, pan: float) -> None:
    """Play a note into the sound; `pan` goes from 0, left, to 1, right, at equal power."""
    start = int(start_s * RATE_HZ)
    note = note[: len(sound) - start]
    sound[start : start + len(note)] += note[:, None] * [np.cos(pan * np.pi / 2), np.sin(pan * np.pi / 2)]


def _bell(note: int) -> NDArray[np.float64]:
    time = np.arange(int(RING_S * RATE_HZ)) / RATE_HZ
    rung = np.zeros(len(time))
    for harmonic, strength, decay in PARTIALS:
        rung += strength * np.sin(2 * np.pi * _hz(note) * harmonic * time) * np.exp(-time * decay)
    return rung * np.minimum(time / 0.004, 1)


def _pad(hz: float) -> NDArray[np.float64]:
    length = BAR * BEAT_S + 0.6
    time = np.arange(int(length * RATE_HZ)) / RATE_HZ
    swell = np.minimum(time / 0.3, 1) * np.clip((length - time) / 0.6, 0, 1)
    return np.asarray(0.09 * swell * np.sin(2 * np.pi * hz * time))


def _hz(note: int) -> float:
    return float(440 * 2 ** ((note - 69) / 12))
