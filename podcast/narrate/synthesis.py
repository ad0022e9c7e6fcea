# SPDX-License-Identifier: GPL-3.0-or-later
"""Utterances -> clips: synthesize each sentence once, check it, and cache it.

`ClipStore` is audio/clips/: synthesized speech as FLAC, named by a digest of everything that affects it, so that only
changed sentences are synthesized again. Word times, if the voice has them, are in the same file. `speak` gets one
utterance from the store or the engine, with checks; `in_parallel` spreads such work over an executor, longest first.
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
from podcast.pronunciation.notation import plain, positions, reannotated

if TYPE_CHECKING:
    from podcast.voices import Engine

FORMAT = 1
"""Version of the clips; a change invalidates all of them."""

TIMED = "words"
"""Prefix of the FLAC comment with word times: a checksum and JSON follow."""

SLOWEST, QUICKEST = 2.0, 60.0
"""Letters per second; outside this range, words are missing or were added."""

Work = TypeVar("Work")
Result = TypeVar("Result")


def given(utterance: Utterance) -> str:
    """Return the text for the engine."""
    return utterance.annotated or utterance.said


def key(utterance: Utterance, engine: "Engine") -> str:
    """Return the cache key of an utterance: sha256 over everything that affects its audio."""
    voice = utterance.voice
    parts = [FORMAT, voice.engine, engine.revision(voice), voice.name, voice.speed, given(utterance)]
    parts += [f"pitch {voice.pitch}"] if voice.pitch != 1.0 else []
    return hashlib.sha256(json.dumps(parts, ensure_ascii=True).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class ClipStore:
    """Cached clips by key, in a folder that can be deleted at the cost of synthesizing again."""

    folder: Path

    def path(self, name: str, suffix: str) -> Path:
        """Return the path of a clip; 256 subfolders keep directories small."""
        return self.folder / name[:2] / f"{name}{suffix}"

    def speech(self, name: str) -> Speech | None:
        """Return a cached clip, or None if it is missing or damaged."""
        try:
            data = self.path(name, ".flac").read_bytes()
        except FileNotFoundError:
            return None
        return _decode(data)

    def keep(self, name: str, speech: Speech) -> Speech:
        """Save a clip, and return it as it will be read from now on (16 bits a sample)."""
        data = _encode(speech)
        workspace.write(self.path(name, ".flac"), data)
        kept = _decode(data)
        if kept is None:
            raise SynthesisError("a clip cannot be read back after it was written", hint="check the disk for errors")
        return kept

    def keep_flac(self, name: str, flac: bytes) -> None:
        """Save a clip that was synthesized by another process.

        Raises SynthesisError if it is damaged.
        """
        decode_clip(flac)
        workspace.write(self.path(name, ".flac"), flac)

    def derived(self, name: str, suffix: str) -> bytes | None:
        """Return a derived file (a mastered clip), or None if it is missing."""
        try:
            return self.path(name, suffix).read_bytes()
        except FileNotFoundError:
            return None

    def keep_derived(self, name: str, suffix: str, data: bytes) -> None:
        """Save a derived file."""
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


def _parse_words(comment: str) -> tuple[Word, ...]:
    """Parse the word times in a clip's comment; empty if the engine has none.

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
    """Decode a FLAC file and its word times; None if either fails its checksum, both of which are in the file."""
    import numpy as np
    import soundfile

    try:
        with soundfile.SoundFile(io.BytesIO(data)) as file:
            words = _parse_words(file.comment)
            pcm, rate = file.read(dtype="int16"), file.samplerate
    except (soundfile.SoundFileError, ValueError):
        return None
    # STREAMINFO is the first metadata block; the MD5 of the samples is its last 16 bytes (RFC 9639, section 8.2)
    if pcm.ndim != 1 or hashlib.md5(pcm.astype("<i2").tobytes(), usedforsecurity=False).digest() != data[26:42]:
        return None
    return Speech(pcm.astype(np.float32) / 32767, rate, words)


def speak(utterance: Utterance, engine: "Engine", store: ClipStore, name: str = "") -> Speech:
    """Return the speech of an utterance from the store, synthesized if necessary; `name` is its `key`, if known.

    Raises SynthesisError if the engine fails, or returns invalid audio for the whole and for smaller parts;
    EngineMissing if it is not installed.
    """
    name = name or key(utterance, engine)
    return store.speech(name) or store.keep(name, _synthesize(utterance, engine))


def synthesize_into(utterance: Utterance, engine: "Engine", store: ClipStore, name: str) -> None:
    """Synthesize an utterance into the store as the clip `name`; it is validated when it is read."""
    workspace.write(store.path(name, ".flac"), synthesize_flac(utterance, engine))


def synthesize_flac(utterance: Utterance, engine: "Engine") -> bytes:
    """Synthesize an utterance and return it as FLAC, for processes without the store."""
    return _encode(_synthesize(utterance, engine))


def decode_clip(flac: bytes) -> Speech:
    """Decode a clip.

    Raises SynthesisError if it is damaged.
    """
    speech = _decode(flac)
    if speech is None:
        raise SynthesisError("a clip arrived damaged", hint="run the command again")
    return speech


def _synthesize(utterance: Utterance, engine: "Engine") -> Speech:
    """Synthesize an utterance: whole, once more if the audio is invalid, then in ever smaller parts."""
    voice = utterance.voice
    first: SynthesisError | None = None
    for parts in ([given(utterance)], [given(utterance)], *_smaller_parts(utterance, engine)):
        try:
            speeches = [engine.speak(part, voice) for part in parts]
        except SynthesisError as error:
            if error.transient or voice.online:  # requests have been retried already
                raise
            first = first or error
            continue
        told = zip(speeches, map(plain, parts), strict=True)
        wrong = next(filter(None, (fault(speech, replace(utterance, said=part)) for speech, part in told)), "")
        if not wrong:
            return _join(speeches)
        hint = "reword the sentence, or respell a word: [word](say:how it sounds)"
        first = first or SynthesisError(f"{voice.ref} returned {wrong}", hint=hint)
    raise first or AssertionError


def _smaller_parts(utterance: Utterance, engine: "Engine") -> Iterator[Sequence[str]]:
    """Yield the text in about two parts, then in about four, cut where a reader would pause."""
    from podcast.speakable import chunks  # takes a while to load, and few runs need it

    voice = utterance.voice
    said, annotations = positions(given(utterance))
    for count in (2, 4):
        longest = math.ceil(len(said) / count * 1.25)
        cut = chunks(said, voice.language, max_chars=longest, min_chars=min(engine.min_chars, longest))
        parts = [part.strip() for part in reannotated(cut, annotations) if any(c.isalnum() for c in part)]
        if len(parts) > 1:
            yield parts


def _join(speeches: Sequence[Speech]) -> Speech:
    """Join parts of a sentence, with a short pause in place of the silence around each."""
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
        audible = np.flatnonzero(np.abs(speech.samples) > 0.01 * np.abs(speech.samples).max())
        start = max(0, audible[0] - margin)
        words += alignment.shifted(speech.words, (at - start) * 1000 / rate)
        found += [speech.samples[start : audible[-1] + margin], breath]
        at += len(found[-2]) + len(breath)
    known = all(speech.words for speech in speeches)
    return Speech(np.concatenate(found[:-1]), rate, tuple(words) if known else ())


def fault(speech: Speech, utterance: Utterance) -> str:
    """Return what is wrong with a clip, or "": empty, silent, clipped, or of implausible duration."""
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
    """Return the number of cores that this process may use."""
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
    """Return the results in the order of the items; the most expensive are started first, to balance the load.

    On the first error, pending items are cancelled, running ones finish (their clips stay), and it is raised.
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
    """Return the utterances by key: repeated sentences are synthesized once."""
    return {key(utterance, engine_of(utterance)): utterance for utterance in utterances}


def seconds_of(text: str) -> float:
    """Estimate the duration of a text in seconds, for progress and plans."""
    return math.ceil(len(text) / 15 * 10) / 10
