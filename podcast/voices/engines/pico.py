# SPDX-License-Identifier: GPL-3.0-or-later
"""Pico: six small clear voices, a hundred times quicker than Kokoro; for previews.

It runs in a fresh process a call (see isolated.py). It reads memory that it never wrote; that memory is filled, so that
every call gives the same bytes. It drops letters of endless words, or hangs on them, and takes `<` and `&` for markup.
"""

import re
from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Literal

from podcast.errors import EngineMissing, SynthesisError
from podcast.model import Speech, Voice
from podcast.packages.distribution import repair
from podcast.voices import NoSettings, clean, release, settings_of
from podcast.voices.isolated import say

RATE_HZ = 16_000
LONGEST_WORD = 50

DOTS = r"\.{2,}|…"
"""It is silent for two seconds for three dots, and reads over one sign of three."""

NAMES = {"fr": "fr-FR", "en-US": "en-US", "en-GB": "en-GB", "de": "de-DE", "es": "es-ES", "it": "it-IT"}
"""Language, which is the name of the voice here -> Pico's name of it."""

FILLED = {"MALLOC_PERTURB_": "255", "GLIBC_TUNABLES": ""}
"""Environment in which the GNU C library gives out zeroed memory, whatever it was told before."""

SCRIPT = Path(__file__).with_name("pico_process.py")


class Pico:
    """The engine of Pico."""

    name = "pico"
    runs_in: Literal["threads", "processes", "one"] = "threads"
    max_chars = 400
    min_chars = 2
    has_pitch = True

    def __init__(self, settings: Mapping[str, object]) -> None:
        settings_of(self.name, settings, NoSettings)

    def revision(self, _voice: Voice) -> str:
        """See Engine."""
        return f"pico-2 {release('py-nanotts')}"

    def voices(self) -> Sequence[Voice]:
        """See Engine."""
        return [Voice("pico", name, name, quality="clear", description="female") for name in NAMES]

    def missing(self) -> str:
        """See Engine."""
        return "" if find_spec("py_nanotts") else f"install it with: {repair('py-nanotts')} (not available for macOS)"

    def speak(self, text: str, voice: Voice) -> Speech:
        """See Engine."""
        spec = find_spec("py_nanotts")
        if spec is None or spec.origin is None:
            raise EngineMissing("Pico is not installed", hint=self.missing())
        words = clean(re.sub("[<>&]", " ", text), voice)
        words = re.sub(DOTS, ".", re.sub(rf"(?:{DOTS})(?=\W*\w)", ",", words))
        words = re.sub(rf"(\S{{{LONGEST_WORD}}})(?=\S)", r"\1 ", words)
        if not re.search(r"[0-9A-Za-zÀ-ɏ]", words):  # it is silent about other scripts
            raise SynthesisError(
                f"{voice.ref}: no words to speak in {text[:60]!r}",
                hint="use another voice: this one reads only Latin letters",
            )
        folder = str(Path(spec.origin).parent.parent)
        arguments = [folder, NAMES[voice.name], str(voice.speed), str(voice.pitch)]
        return Speech(say(SCRIPT, arguments, words, environment=FILLED)[0], RATE_HZ)
