# SPDX-License-Identifier: GPL-3.0-or-later
"""Utterances -> clips: each sentence is narrated once, checked, and kept.

`ClipStore` is audio/clips/: what a voice said, as FLAC named by a digest of everything that shaped it, so that a
changed sentence is narrated again and nothing else is. If the voice knows when it said which word, the same file has
these times. `speak` takes one utterance through store, engine and checks; `in_parallel` spreads such work over an
executor, longest first.
"""

import hashlib
import io
import json
import math
import os
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_EXCEPTION, Executor, ThreadPoolExecutor, wait
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from podcast import alignment, workspace
from podcast.config.settings import Pauses
from podcast.errors import SynthesisError
from podcast.model import Speech, Utterance, Word

if TYPE_CHECKING:
    from podcast.voices import Engine

FORMAT = 1
"""Of the clips; another one makes every clip be narrated again."""

TIMED = "words"
"""How the comment in a clip begins that holds the times of its words: a checksum and JSON follow."""

SLOWEST, QUICKEST = 2.0, 60.0
"""Characters a second: outside of it, words are missing or were never said."""

Work = TypeVar("Work")
Result = TypeVar("Result")


def key(utterance: Utterance, engine: "Engine") -> str:
    """Return the name of an utterance's clip: sha256 over everything that shapes its sound."""
    voice = utterance.voice
    parts = [FORMAT, voice.engine, engine.revision(voice), voice.name, voice.speed, utterance.said]
    parts += [f"pitch {voice.pitch}"] if voice.pitch != 1.0 else []
    return hashlib.sha256(json.dumps(parts, ensure_ascii=True).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class ClipStore:
    """Clips by key, in a folder that can be thrown away at the price of narrating again."""

    folder: Path

    def path(self, name: str, suffix: str) -> Path:
        """Return where a clip lies; 256 folders keep each of them quick to list."""
        return self.folder / name[:2] / f"{name}{suffix}"

    def speech(self, name: str) -> Speech | None:
        """Return what was narrated, or None if it is not here or is damaged."""
        try:
            data = self.path(name, ".flac").read_bytes()
        except FileNotFoundError:
            return None
        return _decode(data)

    def keep(self, name: str, speech: Speech) -> Speech:
        """Keep a clip, and return it as it will be read from now on (16 bits a sample)."""
        data = _encode(speech)
        workspace.write(self.path(name, ".flac"), data)
        kept = _decode(data)
        if kept is None:
            raise SynthesisError("a clip cannot be read back after it was written", hint="check the disk for errors")
        return kept

    def keep_flac(self, name: str, flac: bytes) -> None:
        """Keep a clip that was narrated elsewhere."""
        heard(flac)
        workspace.write(self.path(name, ".flac"), flac)

    def derived(self, name: str, suffix: str) -> bytes | None:
        """Return a derived file (a mastered clip), or None if it is not here."""
        try:
            return self.path(name, suffix).read_bytes()
        except FileNotFoundError:
            return None

    def keep_derived(self, name: str, suffix: str, data: bytes) -> None:
        """Keep a derived file."""
        workspace.write(self.path(name, suffix), data)


def _encode(speech: Speech) -> bytes:
    import numpy as np
    import soundfile

    file = io.BytesIO()
    pcm = np.rint(np.clip(speech.samples, -1.0, 1.0) * 32767).astype(np.int16)
    with soundfile.SoundFile(file, "w", speech.rate_hz, 1, "PCM_16", format="FLAC") as clip:
        if speech.words:
            clip.comment = _comment(speech.words)
        clip.write(pcm)
    return file.getvalue()


def _comment(words: Sequence[Word]) -> str:
    told = json.dumps([[word.text, word.start_ms, word.end_ms] for word in words], ensure_ascii=False)
    return f"{TIMED} {zlib.crc32(told.encode()):08x} {told}"


def _words(comment: str) -> tuple[Word, ...]:
    """Return the words that a clip's comment holds; none in a clip whose engine did not know them.

    Raises ValueError if they are damaged.
    """
    kind, _, rest = comment.partition(" ")
    if kind != TIMED:
        return ()
    checksum, _, told = rest.partition(" ")
    if f"{zlib.crc32(told.encode()):08x}" != checksum:
        raise ValueError(checksum)
    return tuple(Word(*one) for one in json.loads(told))


def _decode(data: bytes) -> Speech | None:
    """Return the sound of a FLAC file and its words, or None if either is damaged: both have a digest in the file."""
    import numpy as np
    import soundfile

    try:
        with soundfile.SoundFile(io.BytesIO(data)) as file:
            words = _words(file.comment)
            pcm, rate = file.read(dtype="int16"), file.samplerate
    except (soundfile.SoundFileError, ValueError):
        return None
    # STREAMINFO is the first metadata block; the MD5 of the samples is its last 16 bytes (RFC 9639, section 8.2)
    if pcm.ndim != 1 or hashlib.md5(pcm.astype("<i2").tobytes(), usedforsecurity=False).digest() != data[26:42]:
        return None
    return Speech(pcm.astype(np.float32) / 32767, rate, words)


def speak(utterance: Utterance, engine: "Engine", store: ClipStore, name: str = "") -> Speech:
    """Return the sound of an utterance, narrated now if it never was; `name` is its `key`, if that is known.

    Raises SynthesisError if the engine fails, or gives what is not speech whether it is asked for the whole or for
    parts of it; EngineMissing if it is not here.
    """
    name = name or key(utterance, engine)
    return store.speech(name) or store.keep(name, _narrated(utterance, engine))


def say(utterance: Utterance, engine: "Engine", store: ClipStore, name: str) -> None:
    """Narrate an utterance into the store as the clip `name`; whether it is whole is checked when it is read."""
    workspace.write(store.path(name, ".flac"), narrated(utterance, engine))


def narrated(utterance: Utterance, engine: "Engine") -> bytes:
    """Return an utterance's sound as the store keeps it (FLAC), for those who have no store here."""
    return _encode(_narrated(utterance, engine))


def heard(flac: bytes) -> Speech:
    """Return the sound of a clip as it is stored.

    Raises SynthesisError if it is damaged.
    """
    speech = _decode(flac)
    if speech is None:
        raise SynthesisError("a clip arrived damaged", hint="run the command again")
    return speech


def _narrated(utterance: Utterance, engine: "Engine") -> Speech:
    """Return an utterance's sound: said whole, once more if that is no speech, then in ever smaller parts."""
    voice = utterance.voice
    first: SynthesisError | None = None
    for parts in ([utterance.said], [utterance.said], *_finer(utterance, engine)):
        try:
            speeches = [engine.speak(part, voice) for part in parts]
        except SynthesisError as error:
            if error.transient or voice.online:  # a service has been asked often enough
                raise
            first = first or error
            continue
        told = zip(speeches, parts, strict=True)
        wrong = next(filter(None, (fault(speech, replace(utterance, said=part)) for speech, part in told)), "")
        if not wrong:
            return _joined(speeches)
        hint = "reword the sentence, or respell a word: [word](say:how it sounds)"
        first = first or SynthesisError(f"{voice.ref} returned {wrong}", hint=hint)
    raise first or AssertionError


def _finer(utterance: Utterance, engine: "Engine") -> Iterator[Sequence[str]]:
    """Give the text in about two parts, then in about four, cut where a reader would breathe."""
    from podcast.speakable import chunks  # takes a while to load, and few runs need it

    said, voice = utterance.said, utterance.voice
    for count in (2, 4):
        longest = math.ceil(len(said) / count * 1.25)
        cut = chunks(said, voice.language, max_chars=longest, min_chars=min(engine.min_chars, longest))
        parts = [part.strip() for part in cut if any(c.isalnum() for c in part)]
        if len(parts) > 1:
            yield parts


def _joined(speeches: Sequence[Speech]) -> Speech:
    """Return parts of a sentence as one, with a breath in place of the silence that each has around it."""
    import numpy as np

    if len(speeches) == 1:
        return speeches[0]
    rate = speeches[0].rate_hz
    breath = np.zeros(rate * Pauses().clause_ms // 1000, np.float32)
    margin = rate // 50
    found = []
    words: list[Word] = []
    at = 0
    for speech in speeches:
        heard = np.flatnonzero(np.abs(speech.samples) > 0.01 * np.abs(speech.samples).max())
        start = max(0, heard[0] - margin)
        words += alignment.moved(speech.words, (at - start) * 1000 / rate)
        found += [speech.samples[start : heard[-1] + margin], breath]
        at += len(found[-2]) + len(breath)
    known = all(speech.words for speech in speeches)
    return Speech(np.concatenate(found[:-1]), rate, tuple(words) if known else ())


def fault(speech: Speech, utterance: Utterance) -> str:
    """Return what is wrong with a clip, or an empty text: empty, silent, clipped, or of an implausible length."""
    import numpy as np

    if not len(speech.samples):
        return "no audio"
    if not np.isfinite(speech.samples).all():
        return "invalid audio samples"
    level = float(np.sqrt(np.mean(np.square(speech.samples, dtype=np.float64))))
    if level < 10 ** (-60 / 20):
        return "silence"
    if np.mean(np.abs(speech.samples) >= 0.999) > 0.002:
        return "clipped (distorted) audio"
    seconds = len(speech.samples) / speech.rate_hz * utterance.voice.speed
    letters = sum(c.isalnum() for c in utterance.said)
    if seconds < letters / QUICKEST or seconds > 3 + letters / SLOWEST:
        return f"{seconds:.1f} s of audio for {letters} letters"
    return ""


def workers() -> int:
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def threads(count: int = 0) -> Executor:
    """Return an executor of `count` threads, one a core by default."""
    return ThreadPoolExecutor(count or workers(), thread_name_prefix="narrate")


def in_parallel(
    items: Sequence[Work],
    task: Callable[[Work], Result],
    executor: Executor,
    *,
    cost: Callable[[Work], float] = lambda _work: 1.0,
    done: Callable[[Work], None] = lambda _work: None,
) -> list[Result]:
    """Return the results in the order of the items; the costliest are begun first, so that all cores end together.

    The first error stops what has not begun, lets what runs finish (its clips stay), and is raised.
    """
    order = sorted(range(len(items)), key=lambda i: (-cost(items[i]), i))
    futures = {executor.submit(task, items[i]): i for i in order}
    waiting = set(futures)
    try:
        while waiting:
            finished, waiting = wait(waiting, return_when=FIRST_EXCEPTION, timeout=0.2)
            for future in sorted(finished, key=futures.__getitem__):
                future.result()
                done(items[futures[future]])
    except BaseException:
        for future in futures:
            future.cancel()
        wait(futures)
        raise
    by_index = {index: future for future, index in futures.items()}
    return [by_index[i].result() for i in range(len(items))]


def distinct(utterances: Iterable[Utterance], engine_of: Callable[[Utterance], "Engine"]) -> dict[str, Utterance]:
    """Return the utterances by key: a sentence that stands twice is narrated once."""
    return {key(utterance, engine_of(utterance)): utterance for utterance in utterances}


def seconds_of(text: str) -> float:
    """Return about how long a text is when spoken, in seconds: for progress and plans."""
    return math.ceil(len(text) / 15 * 10) / 10
