# SPDX-License-Identifier: GPL-3.0-or-later
"""espeak-ng: every language, robotic, instant. Also the phonemes from which Kokoro speaks French.

The wheel espeakng-loader brings library and data. Speech comes from a fresh process a call (see fresh.py);
phonemes from the library in this process, under one lock, for its state is global.
"""

import ctypes
import re
import threading
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Literal

from podcast.errors import EngineMissing, SynthesisError
from podcast.model import Speech, Voice
from podcast.voices import settings_of
from podcast.voices.fresh import say

RATE_HZ = 22_050
WORDS_A_MINUTE = 170

TAGS = {"cmn": "zh", "nb": "no"}
"""Name of a voice -> the tag by which people ask for its language."""

FIRST = ("fr", "en-US", "en-GB", "es", "it", "pt-BR", "de")

UTF8, IPA, TIE = 1, 0x02, 0x80 | ord("^") << 8
"""Text and phoneme modes of speak_lib.h."""


class Espeak:
    """The engine of espeak-ng."""

    name = "espeak"
    runs_in: Literal["threads", "processes", "one"] = "threads"
    max_chars = 400
    min_chars = 2

    def __init__(self, settings: Mapping[str, object]) -> None:
        settings_of(self.name, settings, {})

    def revision(self) -> str:
        """See Engine."""
        return f"espeak-ng {version('espeakng-loader')}"

    def voices(self) -> Sequence[Voice]:
        """See Engine."""
        return [] if self.missing() else _voices()

    def missing(self) -> str:
        """See Engine."""
        return "" if find_spec("espeakng_loader") else "install it with: pip install espeakng-loader"

    def speak(self, text: str, voice: Voice) -> Speech:
        """See Engine."""
        import numpy as np

        library, data = places()
        if not any(c.isalnum() for c in text):
            raise SynthesisError(f"{voice.ref}: nothing to say", hint="give some words")
        speed = str(round(WORDS_A_MINUTE * voice.speed))
        pcm = say("espeak_process.py", [library, data, voice.name, speed], text.replace("\0", " "))
        return Speech(np.frombuffer(pcm, "<i2").astype(np.float32) / np.float32(32768), RATE_HZ)


def places() -> tuple[str, str]:
    """Return the paths of library and data.

    Raises EngineMissing if the wheel is not installed.
    """
    try:
        import espeakng_loader
    except ImportError as error:
        raise EngineMissing("espeak-ng is not installed", hint="pip install espeakng-loader") from error
    return espeakng_loader.get_library_path(), espeakng_loader.get_data_path()


@cache
def _voices() -> tuple[Voice, ...]:
    """Return a voice for each language file whose name is a language tag; the ones asked for most come first."""
    names = sorted(path.name for path in Path(places()[1], "lang").rglob("*") if path.is_file())
    tags = {name: TAGS.get(name, name) for name in names if re.fullmatch(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*", name)}
    order = sorted(tags, key=lambda name: (FIRST.index(name) if name in FIRST else len(FIRST), name.count("-"), name))
    return tuple(Voice("espeak", name, tags[name], quality="robotic") for name in order)


_lock = threading.Lock()


@cache
def _library() -> Any:
    library, data = places()
    espeak = ctypes.CDLL(library)
    if espeak.espeak_Initialize(1, 0, data.encode(), 0) <= 0:
        raise EngineMissing("espeak-ng does not find its data", hint="pip install --force-reinstall espeakng-loader")
    espeak.espeak_TextToPhonemes.restype = ctypes.c_char_p
    espeak.espeak_TextToPhonemes.argtypes = [ctypes.POINTER(ctypes.c_char_p), ctypes.c_int, ctypes.c_int]
    return espeak


def phonemes(text: str, voice: str) -> str:
    """Return the IPA of a text without punctuation, words divided by spaces, `^` between the letters of one phoneme.

    Marks of a change of language, such as `(en)`, are left out. `voice` is a name of espeak-ng's own.
    """
    with _lock:
        espeak = _library()
        if espeak.espeak_SetVoiceByName(voice.encode()) != 0:
            raise SynthesisError(f"espeak-ng has no voice {voice}", hint="reinstall espeakng-loader")
        rest = ctypes.c_char_p(text.replace("\0", " ").encode())
        clauses = []
        while rest.value:
            clauses.append((espeak.espeak_TextToPhonemes(ctypes.byref(rest), UTF8, IPA | TIE) or b"").decode())
    return " ".join(re.sub(r"\([^)]*\)", "", " ".join(clauses)).split())
