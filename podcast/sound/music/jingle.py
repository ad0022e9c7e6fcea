# SPDX-License-Identifier: GPL-3.0-or-later
"""Built-in music, synthesized from sine waves: four STYLES, each with an intro, bed, sting and outro.

All of it is generated from the tables below, without recordings, so any show may use it freely. An intro ends on an
open chord before the voice, an outro resolves to the tonic, a sting is one short phrase between chapters, and a bed is
a calm pad with bells, which can loop.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, partial

import numpy as np
from numpy.typing import NDArray

from podcast.config.settings import MusicKind
from podcast.model import RATE_HZ
from podcast.sound.true_peak import Samples

Chord = tuple[int, ...]
"""Notes in semitones from the root, lowest first: three for the pad, all five for the bells."""

Bar = tuple[int | None, ...]
"""For each beat of a bar, which note of the chord the bells play; None is a rest."""


@dataclass(frozen=True, slots=True)
class Style:
    """The parameters of one musical style."""

    about: str
    """Description of the style."""
    root: int
    """MIDI number of the tonic; 60 is middle C."""
    beat_s: float
    ring_s: float
    """Decay time of a bell in seconds."""
    partials: tuple[tuple[float, float, float], ...]
    """Partials of a bell: harmonic, amplitude, decay per second."""
    pad: float
    """Amplitude of a note of the pad."""
    chords: Mapping[MusicKind, tuple[Chord, ...]]
    """One chord per bar."""
    bells: Mapping[MusicKind, Bar]


TONIC, SUBMEDIANT, SUBDOMINANT, DOMINANT = (0, 4, 7, 12, 16), (-3, 0, 4, 9, 12), (-7, -3, 0, 5, 9), (-5, -1, 2, 7, 11)
MAJOR_7, SIXTH_7, FOURTH_7, FIFTH_9 = (0, 7, 11, 14, 16), (-3, 4, 7, 12, 16), (-7, 0, 4, 9, 11), (-5, 2, 7, 9, 14)
MINOR, FLAT_6, FLAT_7, MINOR_5 = (0, 3, 7, 12, 15), (-4, 0, 3, 8, 12), (-2, 2, 5, 10, 14), (-5, -1, 2, 7, 11)

STYLES: Mapping[str, Style] = {
    "default": Style(
        about="bells over a soft pad",
        root=60,
        beat_s=60 / 96 / 2,
        ring_s=2.5,
        partials=((1, 0.5, 3.0), (2, 0.12, 5.0), (4, 0.06, 12.0)),
        pad=0.09,
        chords={
            "intro": (TONIC, SUBMEDIANT, SUBDOMINANT, DOMINANT),
            "bed": (TONIC, SUBMEDIANT, SUBDOMINANT, DOMINANT) * 2,
            "sting": (DOMINANT, TONIC),
            "outro": (SUBDOMINANT, DOMINANT, TONIC),
        },
        bells={"intro": (0, 2, 4, 1), "bed": (0, None, 2, None), "sting": (1, 4), "outro": (4, 2, 1, 0)},
    ),
    "calm": Style(
        about="slow bells, wide chords",
        root=57,
        beat_s=0.5,
        ring_s=4.0,
        partials=((1, 0.5, 1.3), (2, 0.07, 2.5), (3, 0.03, 5.0)),
        pad=0.12,
        chords={
            "intro": (MAJOR_7, FOURTH_7, SIXTH_7, FIFTH_9),
            "bed": (MAJOR_7, FOURTH_7, SIXTH_7, FIFTH_9),
            "sting": (FIFTH_9, MAJOR_7),
            "outro": (FOURTH_7, FIFTH_9, MAJOR_7),
        },
        bells={"intro": (0, None, 3), "bed": (0, None, None, 2), "sting": (2, 4), "outro": (4, 3, 1)},
    ),
    "news": Style(
        about="a driving pulse in minor",
        root=57,
        beat_s=0.15,
        ring_s=1.2,
        partials=((1, 0.4, 6.0), (2, 0.25, 7.0), (3, 0.15, 9.0), (5, 0.05, 14.0)),
        pad=0.07,
        chords={
            "intro": (MINOR, FLAT_6, FLAT_7, MINOR, FLAT_6, MINOR_5),
            "bed": (MINOR, FLAT_6, FLAT_7, MINOR) * 2,
            "sting": (FLAT_7, MINOR),
            "outro": (FLAT_6, FLAT_7, MINOR, MINOR),
        },
        bells={
            "intro": (0, 0, 2, 0, 3, 0, 4, 2),
            "bed": (0, None, 0, None, 2, None, 0, None),
            "sting": (0, 2, 3, 4),
            "outro": (4, 3, 2, 3, 2, 2, 0, 0),
        },
    ),
    "playful": Style(
        about="a bouncy marimba",
        root=65,
        beat_s=0.17,
        ring_s=1.4,
        partials=((1, 0.6, 6.0), (4, 0.14, 15.0), (10, 0.03, 30.0)),
        pad=0.03,
        chords={
            "intro": (TONIC, SUBDOMINANT, TONIC, DOMINANT),
            "bed": (TONIC, SUBDOMINANT, SUBMEDIANT, DOMINANT) * 2,
            "sting": (DOMINANT, TONIC),
            "outro": (SUBDOMINANT, DOMINANT, TONIC, TONIC),
        },
        bells={
            "intro": (0, None, 2, 3, None, 1, 4, None),
            "bed": (0, None, None, 2, None, 3, None, None),
            "sting": (1, 2, 4, None),
            "outro": (4, None, 3, 2, None, 1, 0, None),
        },
    ),
}

PEAK = 0.5

END_S = 1.5
"""Length of the final fade, or of a bell's decay if that is less."""


def jingle(kind: MusicKind = "intro", style: str = "default") -> Samples:
    """Synthesize built-in music in stereo at 48 kHz, shape (n, 2); `style` is a key of STYLES."""
    made = STYLES[style]
    chords, bells = made.chords[kind], made.bells[kind]
    bar_s = len(bells) * made.beat_s
    sound = np.zeros((int((bar_s * len(chords) + made.ring_s) * RATE_HZ), 2))
    bell, pad = cache(partial(_bell, made)), cache(partial(_pad, bar_s))  # most notes occur more than once
    for bar, chord in enumerate(chords):
        for place, which in enumerate(bells):
            if which is not None:
                strength = 1.0 if place == 0 else 0.75
                rung = strength * bell(made.root + 12 + chord[which])
                _add(sound, rung, start_s=bar * bar_s + place * made.beat_s, pan=0.35 + 0.1 * (place % 4))
        for note in chord[:3]:
            for detune, pan in ((0.9985, 0.25), (1.0015, 0.75)):
                _add(sound, made.pad * pad(_hz(made.root + note) * detune), start_s=bar * bar_s, pan=pan)
    end_s = min(END_S, made.ring_s)
    sound *= np.clip((len(sound) - 1 - np.arange(len(sound))) / RATE_HZ / end_s, 0, 1)[:, None]
    return np.asarray(sound * (PEAK / np.abs(sound).max()), np.float32)


def _add(sound: NDArray[np.float64], note: NDArray[np.float64], *, start_s: float, pan: float) -> None:
    """Add a note to the mix; `pan` goes from 0, left, to 1, right, at equal power."""
    start = int(start_s * RATE_HZ)
    note = note[: len(sound) - start]
    for side, share in enumerate((np.cos(pan * np.pi / 2), np.sin(pan * np.pi / 2))):
        sound[start : start + len(note), side] += note * share


def _bell(style: Style, note: int) -> NDArray[np.float64]:
    time = np.arange(int(style.ring_s * RATE_HZ)) / RATE_HZ
    rung = np.zeros(len(time))
    for harmonic, strength, decay in style.partials:
        rung += strength * np.sin(2 * np.pi * _hz(note) * harmonic * time) * np.exp(-time * decay)
    return rung * np.minimum(time / 0.004, 1)


def _pad(bar_s: float, hz: float) -> NDArray[np.float64]:
    """Return a note of the pad: it swells, and extends a little into the next bar."""
    length = bar_s + 0.6
    time = np.arange(int(length * RATE_HZ)) / RATE_HZ
    swell = np.minimum(time / 0.3, 1) * np.clip((length - time) / 0.6, 0, 1)
    return np.asarray(swell * np.sin(2 * np.pi * hz * time))


def _hz(note: int) -> float:
    return float(440 * 2 ** ((note - 69) / 12))
