# SPDX-License-Identifier: GPL-3.0-or-later
"""Pico: six small clear voices, a hundred times faster than Kokoro; for previews.

It runs in a new process per call (see isolated.py). It reads uninitialized memory, which is filled, so that every call
gives the same bytes. It drops letters of very long words, or hangs on them, and interprets `<` and `&` as markup.
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
from podcast.voices.isolated import synthesize

RATE_HZ = 16_000
LONGEST_WORD = 50

DOTS = r"\.{2,}|…"
"""It pauses for two seconds at three dots, and skips one in three ellipsis characters."""

NAMES = {"fr": "fr-FR", "en-US": "en-US", "en-GB": "en-GB", "de": "de-DE", "es": "es-ES", "it": "it-IT"}
"""Language, which is the name of the voice here -> Pico's name."""

ZEROED_MEMORY = {"MALLOC_PERTURB_": "255", "GLIBC_TUNABLES": ""}
"""Environment variables with which the GNU C library returns zeroed memory, whatever the user has set."""

SCRIPT = Path(__file__).with_name("pico_process.py")


class Pico:
    """The Pico engine."""

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
        if not re.search(r"[0-9A-Za-zÀ-ɏ]", words):  # it skips other scripts silently
            raise SynthesisError(
                f"{voice.ref}: no words to speak in {text[:60]!r}",
                hint="use another voice: this one reads only Latin letters",
            )
        folder = str(Path(spec.origin).parent.parent)
        arguments = [folder, NAMES[voice.name], str(voice.speed), str(voice.pitch)]
        return Speech(synthesize(SCRIPT, arguments, words, environment=ZEROED_MEMORY)[0], RATE_HZ)
