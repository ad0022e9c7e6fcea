# SPDX-License-Identifier: GPL-3.0-or-later
"""Tones instead of speech: for tests and benchmarks, fast and without a model.

A syllable is a short note, a word a group of them; the pitches depend on the text, so that clips can be told apart.
"""

import time
import zlib
from collections.abc import Mapping, Sequence
from typing import Annotated, Literal

import msgspec

from podcast.model import Speech, Voice, Word
from podcast.voices import clean, settings_of

RATE_HZ = 24_000
SYLLABLE_S = 0.12
"""Duration of a syllable, which is two letters."""

PITCH_HZ = {"low": 110.0, "high": 220.0}


class Settings(msgspec.Struct, frozen=True):
    """`[engine.tone]` of show.toml."""

    cost_ms: Annotated[int, msgspec.Meta(ge=0)] = 0
    """Extra time for each sentence, in milliseconds: simulates a slow engine in benchmarks."""


class Tone:
    """The tone engine."""

    name = "tone"
    runs_in: Literal["threads", "processes", "one"] = "threads"
    max_chars = 400
    min_chars = 2
    has_pitch = True

    def __init__(self, settings: Mapping[str, object]) -> None:
        self.settings = settings_of(self.name, settings, Settings)

    def revision(self, _voice: Voice) -> str:
        """See Engine."""
        return "tone-1"

    def voices(self) -> Sequence[Voice]:
        """See Engine."""
        return [
            Voice("tone", name, "mul", quality="test", description="tones, for tests and benchmarks")
            for name in PITCH_HZ
        ]

    def missing(self) -> str:
        """See Engine."""
        return ""

    def speak(self, text: str, voice: Voice) -> Speech:
        """See Engine."""
        import numpy as np

        text = clean(text, voice)
        time.sleep(self.settings.cost_ms / 1000)
        letters = [c for c in text if c.isalnum() or c.isspace()]
        length = int(SYLLABLE_S * RATE_HZ / voice.speed)
        at = np.arange(length) / RATE_HZ
        swell = np.sin(np.pi * np.arange(length) / length) ** 0.5
        parts = [np.zeros(length, np.float32)]
        ends: list[int] = []  # end of each pair of letters, in samples
        for start in range(0, len(letters), 2):
            pair = "".join(letters[start : start + 2])
            if pair.isspace():
                parts.append(np.zeros(length // 2, np.float32))
                ends.append((ends[-1] if ends else length) + length // 2)
                continue
            step = zlib.crc32(f"{text}{start}".encode()) % 12
            pitch = PITCH_HZ[voice.name] * voice.pitch * 2 ** (step / 12)
            wave = sum(np.sin(2 * np.pi * pitch * part * at) / part for part in (1, 2, 3, 4, 5))
            parts.append((0.12 * swell * wave).astype(np.float32))
            ends.append((ends[-1] if ends else length) + length)
        return Speech(np.concatenate([*parts, parts[0]]), RATE_HZ, _timed_words(text, [length, *ends]))


def _timed_words(text: str, bounds: Sequence[int]) -> tuple[Word, ...]:
    """Return the words of a text with their times; `bounds` are those of the letter pairs, in samples."""
    found = []
    at = 0
    for word in text.split():
        size = sum(c.isalnum() for c in word)
        if size:
            start, end = bounds[at // 2], bounds[(at + size - 1) // 2 + 1]
            found.append(Word(word, start * 1000 // RATE_HZ, end * 1000 // RATE_HZ))
        at += size + 1
    return tuple(found)
