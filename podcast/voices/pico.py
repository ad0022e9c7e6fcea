# SPDX-License-Identifier: GPL-3.0-or-later
"""Pico: six small clear voices, a hundred times quicker than Kokoro; for previews.

It runs in a fresh process a call (see fresh.py). It reads memory that it never wrote: with MALLOC_PERTURB_ the C
library fills that memory, and every call gives the same bytes. It hangs on endless words, and takes `<` and `&` for markup.
"""

import re
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Literal

from podcast.errors import EngineMissing, SynthesisError
from podcast.model import Speech, Voice
from podcast.voices import settings_of
from podcast.voices.fresh import say

RATE_HZ = 16_000
LONGEST_WORD = 50

NAMES = {"fr-FR": "fr", "en-US": "en-US", "en-GB": "en-GB", "de-DE": "de", "es-ES": "es", "it-IT": "it"}
"""Pico's name of a voice -> its language; voices are called by the language here."""


class Pico:
    """The engine of Pico."""

    name = "pico"
    runs_in: Literal["threads", "processes", "one"] = "threads"
    max_chars = 400
    min_chars = 2

    def __init__(self, settings: Mapping[str, object]) -> None:
        settings_of(self.name, settings, {})

    def revision(self) -> str:
        """See Engine."""
        return f"py-nanotts {version('py-nanotts')}" if not self.missing() else "py-nanotts"

    def voices(self) -> Sequence[Voice]:
        """See Engine."""
        return [Voice("pico", language, language, quality="clear") for language in NAMES.values()]

    def missing(self) -> str:
        """See Engine."""
        return "" if find_spec("py_nanotts") else "install it with: pip install py-nanotts (there is none for macOS)"

    def speak(self, text: str, voice: Voice) -> Speech:
        """See Engine."""
        import numpy as np

        spec = find_spec("py_nanotts")
        if spec is None or spec.origin is None:
            raise EngineMissing("Pico is not installed", hint=self.missing())
        words = re.sub(rf"(\S{{{LONGEST_WORD}}})(?=\S)", r"\1 ", re.sub(r"[<>&\0]", " ", text)).strip()
        if not any(c.isalnum() for c in words):
            raise SynthesisError(f"{voice.ref}: nothing to say", hint="give some words")
        name = next(name for name, language in NAMES.items() if language == voice.name)
        folder = str(Path(spec.origin).parent.parent)
        pcm = say("pico_process.py", [folder, name, str(voice.speed)], words, environment={"MALLOC_PERTURB_": "255"})
        return Speech(np.frombuffer(pcm, "<i2").astype(np.float32) / np.float32(32768), RATE_HZ)
