# SPDX-License-Identifier: GPL-3.0-or-later
"""When each word is said, by models that decide how long every symbol lasts.

    model + `exposing`   the lengths come out beside the sound, which stays the same to the byte
    symbols and lengths  -> `groups`: what is said between two spaces, with its time
    groups and the text  -> `words`: whose group it is
    words and the sound  -> `heard`: without the silence that models give to the last word before it

A phonemizer may say two words in one breath ("of the") or cut one in two, so each word's own symbols are looked for in
what was said. Words that are said as one share their time; nothing is guessed inside of it.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

from podcast.alignment import corresponding_blocks, shifted
from podcast.model import Speech, Word

EARLY_MS = 75
"""Kokoro sounds three frames before its durations say, and so does hibari, which learnt from it. Measured at pauses."""

STEP_MS = 5
SILENT_DB = -40
"""Against the loudest 5 ms: what is softer is a pause."""

INT64, FLOAT = 7, 1
"""Element types of ONNX tensors (TensorProto.DataType)."""


def exposing(model: bytes, tensor: str, kind: int) -> bytes:
    """Return a model with one of its inner tensors as its last output.

    Protocol Buffers messages merge when they are joined, and what is appended is a ModelProto (field 7: graph) that has
    a graph with one output (field 12: name, and the type of its elements).
    """
    name = tensor.encode()
    value = _field(1, name) + _field(2, _field(1, bytes([0x08, kind])))
    return model + _field(7, _field(12, value))


def _field(number: int, data: bytes) -> bytes:
    """Return a field of bytes; all that is written here is shorter than 128."""
    return bytes([number << 3 | 2, len(data)]) + data


@dataclass(frozen=True, slots=True)
class Group:
    """Symbols that stand together, with the time in which they sound."""

    symbols: str
    start_ms: int
    end_ms: int


def groups(timed: Iterable[tuple[str, float]], silent: str) -> list[Group]:
    """Return what sounds between spaces, from symbols and how long each lasts, in milliseconds.

    `silent` are the symbols that are a pause, or shape the melody: they belong to no group, a space ends one.
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
    """Return the words of a text with their times; `spell` gives the symbols of a word alone.

    All words are in it, in order, those that are said as one in one; none if nothing was said.
    """
    written = [word for word in text.split() if any(c.isalnum() for c in word)]
    if not written or not said:
        return ()
    if len(written) == len(said):
        return tuple(Word(word, one.start_ms, one.end_ms) for word, one in zip(written, said, strict=True))
    links = _links([spell(word) for word in written], [one.symbols for one in said])
    found: list[Word] = []
    word = group = 0
    for last_word, last_group in corresponding_blocks(links, len(written), len(said)):
        heard = said[group:last_group]
        found.append(Word(" ".join(written[word:last_word]), heard[0].start_ms, heard[-1].end_ms))
        word, group = last_word, last_group
    return tuple(found)


def heard(words: Sequence[Word], speech: Speech, early_ms: int = 0) -> Speech:
    """Return speech with words: `early_ms` sooner, none of which goes on after it has fallen silent.

    The last symbol before a pause is often given a part of it.
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


def _links(spelt: Sequence[str], said: Sequence[str]) -> list[tuple[int, int]]:
    """Return which word sounds in which group: where half of the shorter one's symbols are found in the other."""
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
