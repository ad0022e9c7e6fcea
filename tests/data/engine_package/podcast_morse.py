# SPDX-License-Identifier: GPL-3.0-or-later
"""A voice engine that speaks Morse code."""

import unicodedata
from collections.abc import Mapping, Sequence
from typing import Annotated, Literal

import msgspec

from podcast.errors import SynthesisError
from podcast.model import Speech, Voice
from podcast.voices import clean, settings_of

RATE_HZ = 16_000
SIGNS = (
    ".- -... -.-. -.. . ..-. --. .... .. .--- -.- .-.. -- -. --- .--. --.- .-. ... - ..- ...- .-- -..- -.-- --.. "
    "----- .---- ..--- ...-- ....- ..... -.... --... ---.. ----."
)
CODE = dict(zip("abcdefghijklmnopqrstuvwxyz0123456789", SIGNS.split(), strict=True))


class Settings(msgspec.Struct, frozen=True):
    """`[engine.morse]` of show.toml."""

    pitch_hz: Annotated[float, msgspec.Meta(ge=200, le=2000)] = 600.0


class Morse:
    """The engine."""

    name = "morse"
    runs_in: Literal["threads", "processes", "one"] = "threads"
    max_chars = 200
    min_chars = 2

    def __init__(self, settings: Mapping[str, object]) -> None:
        self.pitch_hz = settings_of(self.name, settings, Settings).pitch_hz

    def revision(self, _voice: Voice) -> str:
        """Return what changes the audio besides text, voice and speed."""
        return f"morse-1 {self.pitch_hz:g} Hz"

    def voices(self) -> Sequence[Voice]:
        """Return the one voice; `mul` is any language."""
        return [Voice("morse", "key", "mul", quality="test", description="Morse code, 48 words a minute")]

    def missing(self) -> str:
        """Return an empty text: nothing more is needed."""
        return ""

    def speak(self, text: str, voice: Voice) -> Speech:
        """Say a text: a dot lasts 25 ms, a dash three times as long."""
        import numpy as np  # not above: listing voices stays quick

        plain = unicodedata.normalize("NFD", clean(text, voice)).casefold()
        words = [" ".join(CODE[c] for c in word if c in CODE) for word in plain.split()]
        keyed = "/".join(word for word in words if word)
        if not keyed:
            raise SynthesisError(f"{voice.ref}: no Morse for {text[:60]!r}", hint="use only a to z and 0 to 9")
        units = "".join({".": "10", "-": "1110", " ": "00", "/": "000000"}[sign] for sign in keyed)
        down = np.repeat([int(unit) for unit in f"0{units}0"], int(0.025 * RATE_HZ / voice.speed))
        tone = 0.3 * np.sin(2 * np.pi * self.pitch_hz * np.arange(len(down)) / RATE_HZ)
        return Speech((tone * down).astype(np.float32), RATE_HZ)
