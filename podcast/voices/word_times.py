# SPDX-License-Identifier: GPL-3.0-or-later
"""Word times, for models that predict the duration of each phoneme.

    model + `exposing`    the durations become an output; the audio stays the same to the byte
    symbols, durations   -> `groups`: the phonemes between two spaces, with their times
    groups and the text  -> `words`: the word of each group
    words and the audio  -> `heard`: without the trailing silence that models assign to a word before a pause

A phonemizer may join two words ("of the") or split one, so each word's own phonemes are matched with the groups. Joined
words share one time; nothing is interpolated inside it.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

from podcast.alignment import corresponding_blocks, shifted
from podcast.model import Speech, Word
from podcast.pronunciation.notation import plain, words_of

EARLY_MS = 75
"""Offset of Kokoro's audio from its durations: three frames early, as in hibari, which is distilled from it."""

STEP_MS = 5
SILENT_DB = -40
"""Level of a pause, relative to the loudest 5 ms."""

INT64, FLOAT = 7, 1
"""Element types of ONNX tensors (TensorProto.DataType)."""


def exposing(model: bytes, tensor: str, kind: int) -> bytes:
    """Add an inner tensor of an ONNX model to its outputs, as the last one.

    Concatenated Protocol Buffers messages merge: appended is a ModelProto (field 7: graph) with a graph of one output
    (field 12: name, and the type of its elements).
    """
    name = tensor.encode()
    value = _field(1, name) + _field(2, _field(1, bytes([0x08, kind])))
    return model + _field(7, _field(12, value))


def _field(number: int, data: bytes) -> bytes:
    """Encode a length-delimited field; all values here are shorter than 128 bytes."""
    return bytes([number << 3 | 2, len(data)]) + data


@dataclass(frozen=True, slots=True)
class Group:
    """Phonemes without a space between them, with their times."""

    symbols: str
    start_ms: int
    end_ms: int


def groups(timed: Iterable[tuple[str, float]], silent: str) -> list[Group]:
    """Split phonemes at spaces, with times, from symbols and their durations in milliseconds.

    `silent` are symbols of pauses and intonation: they belong to no group; only a space ends one.
    """
    found: list[Group] = []
    at = 0.0
    fresh = True
    for symbol, length_ms in timed:
        start, at = round(at), at + length_ms
        if symbol in {"", " "}:
            fresh = True
        elif symbol not in silent and fresh:
            found.append(Group(symbol, start, round(at)))
            fresh = False
        elif symbol not in silent:
            found[-1] = Group(found[-1].symbols + symbol, found[-1].start_ms, round(at))
    return found


def words(text: str, said: Sequence[Group], spell: Callable[[str], str]) -> tuple[Word, ...]:
    """Return the words of a text with their times; `spell` returns the phonemes of a single word, as annotated.

    All words are included, in order; words that were joined are one entry. Empty if no phonemes were spoken.
    """
    given = [word for word in words_of(text) if any(c.isalnum() for c in word)]
    written = list(map(plain, given))
    if not written or not said:
        return ()
    if len(written) == len(said):
        return tuple(Word(word, one.start_ms, one.end_ms) for word, one in zip(written, said, strict=True))
    links = _match_groups([spell(word) for word in given], [one.symbols for one in said])
    found: list[Word] = []
    word = group = 0
    for last_word, last_group in corresponding_blocks(links, len(written), len(said)):
        heard = said[group:last_group]
        found.append(Word(" ".join(written[word:last_word]), heard[0].start_ms, heard[-1].end_ms))
        word, group = last_word, last_group
    return tuple(found)


def heard(words: Sequence[Word], speech: Speech, early_ms: int = 0) -> Speech:
    """Return speech with word times shifted by `early_ms`, each ending no later than its last audible sample.

    The duration of the last phoneme before a pause often includes a part of the pause.
    """
    import numpy as np

    size = speech.rate_hz * STEP_MS // 1000
    windows = speech.samples[: len(speech.samples) // size * size].reshape(-1, size)
    levels = np.sqrt(np.mean(np.square(windows, dtype=np.float64), axis=1))
    loud = np.flatnonzero(levels > levels.max(initial=0.0) * 10 ** (SILENT_DB / 20))
    found = []
    for word in shifted(words, -early_ms, len(speech.samples) * 1000 / speech.rate_hz):
        inside = loud[(loud >= word.start_ms // STEP_MS) & (loud * STEP_MS < word.end_ms)]
        end_ms = min(word.end_ms, (int(inside[-1]) + 1) * STEP_MS) if len(inside) else word.end_ms
        found.append(replace(word, end_ms=end_ms))
    return replace(speech, words=tuple(found))


def _match_groups(spelt: Sequence[str], said: Sequence[str]) -> list[tuple[int, int]]:
    """Match words with groups: at least half of the symbols of the shorter one occur in the other."""
    ours = [(symbol, place) for place, word in enumerate(spelt) for symbol in word if not symbol.isspace()]
    theirs = [(symbol, place) for place, group in enumerate(said) for symbol in group]
    matcher = SequenceMatcher(None, [symbol for symbol, _ in ours], [symbol for symbol, _ in theirs], autojunk=False)
    counts: dict[tuple[int, int], int] = {}
    for a, b, size in matcher.get_matching_blocks():
        for step in range(size):
            pair = ours[a + step][1], theirs[b + step][1]
            counts[pair] = counts.get(pair, 0) + 1
    return [
        (word, group)
        for (word, group), count in counts.items()
        if 2 * count >= min(len(spelt[word].replace(" ", "")), len(said[group]))
    ]
