# SPDX-License-Identifier: GPL-3.0-or-later
"""hibari: the English voice `heart`, distilled from Kokoro's and 75 times quicker. The wheel has model and all.

Its breath is noise: a fixed seed makes it the same each time.
"""

import re
import threading
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from importlib.util import find_spec
from typing import Any, Literal

from podcast.errors import EngineMissing, SynthesisError
from podcast.model import Speech, Voice
from podcast.voices import settings_of

RATE_HZ = 24_000
SEED = 1

MAX_PHONEMES = 400
"""Longer stretches are cut by hibari at clauses only, and take memory by the square."""


class Hibari:
    """The engine of hibari."""

    name = "hibari"
    runs_in: Literal["threads", "processes", "one"] = "threads"
    max_chars = 300
    min_chars = 8

    def __init__(self, settings: Mapping[str, object]) -> None:
        settings_of(self.name, settings, {})
        self.lock = threading.Lock()
        self.model: Any = None

    def revision(self) -> str:
        """See Engine."""
        return f"hibari-tts {version('hibari-tts')} seed {SEED}"

    def voices(self) -> Sequence[Voice]:
        """See Engine."""
        return [Voice("hibari", "heart", "en-US", description="American English, female")]

    def missing(self) -> str:
        """See Engine."""
        return "" if find_spec("hibari") and find_spec("onnxruntime") else "install it with: pip install hibari-tts"

    def speak(self, text: str, voice: Voice) -> Speech:
        """See Engine."""
        import numpy as np

        model = self._loaded()
        # brackets are its own markup; a run without spaces would be one breathless word
        words = re.sub(r"(\S{100})(?=\S)", r"\1 ", re.sub(r"[\[\]\0]", " ", text))
        with self.lock:  # its letters-to-sounds part keeps state; it is a tenth of the work
            stretches = [stretch for sentence in model.phonemize(words) for stretch in _cut(sentence)]
        parts = [model.from_phonemes(stretch, voice.speed, SEED) for stretch in stretches]
        if not parts or not sum(map(len, parts)):
            raise SynthesisError(f"{voice.ref}: nothing to say in {text[:60]!r}", hint="it speaks English only")
        return Speech(np.concatenate(parts).astype(np.float32), RATE_HZ)

    def _loaded(self) -> Any:
        with self.lock:
            if self.model is None:
                try:
                    from hibari import Hibari as Model
                except ImportError as error:
                    raise EngineMissing("hibari is not installed", hint=self.missing()) from error
                self.model = Model(voice="heart", threads=1)
                self.model.g2p("Ready, qwxzt.")  # loads all that it would load later, between threads
            return self.model


def _cut(phonemes: str) -> list[str]:
    """Return the phonemes in stretches that the model takes, cut at spaces."""
    found = [""]
    for word in phonemes.split(" "):
        if found[-1] and len(found[-1]) + len(word) >= MAX_PHONEMES:
            found.append("")
        found[-1] = f"{found[-1]} {word}".strip()
    return [
        stretch[start : start + MAX_PHONEMES] for stretch in found for start in range(0, len(stretch), MAX_PHONEMES)
    ]
