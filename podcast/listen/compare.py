# SPDX-License-Identifier: GPL-3.0-or-later
"""Compare the recognised text with the sentences of the script, and judge each. Pure functions, without times.

    sentences, recognised text -> words -> letters -> minimum edit distance alignment
                               -> what was recognised for each sentence -> missing, doubled, unintelligible, or none

Letters are compared, not words: a recogniser that writes `et mes répétés` for `aimait répéter` has every word wrong,
but nearly every phoneme right. Measured on clean episodes, a sentence loses up to all of its words and a third of its
letters; a sentence that was replaced by others loses two thirds of them.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from itertools import accumulate, product
from typing import Literal

Kind = Literal["missing", "doubled", "unintelligible"]

UNINTELLIGIBLE = 0.5
"""Share of wrong letters above which a sentence counts as not understood."""
FORGIVEN = 2
"""Wrong letters that are always tolerated: in `Oui.` they are most of the word."""
MISSING = 0.3
"""A sentence is missing if fewer letters than this share of its own were recognised for it."""
DOUBLED = 0.25
"""Share of wrong letters up to which a text counts as repeated."""
TOGETHER = 12
"""Maximum number of sentences that are repeated as a group."""

_WORD = re.compile(
    r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]|[^\W_\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]+"
)
"""A word of letters and digits; one character in scripts without spaces between words."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """The result for one sentence."""

    kind: Kind | None
    error: float
    """Share of its letters that are wrong, 0 to 1."""
    first: int
    """Index of the first recognised letter of the sentence."""
    end: int
    """Index after its last recognised letter."""


def plain(text: str) -> list[str]:
    """Return the words of a text without case, accents and punctuation."""
    letters = unicodedata.normalize("NFKD", text.casefold().replace("œ", "oe").replace("æ", "ae"))
    return _WORD.findall("".join(c for c in letters if not unicodedata.combining(c) or unicodedata.category(c) == "Mc"))


def word_error_rate(wanted: Sequence[str], heard: Sequence[str]) -> float:
    """Return the word error rate: words replaced, missing or added, per expected word."""
    from rapidfuzz.distance import Levenshtein

    return Levenshtein.distance(wanted, heard) / max(1, len(wanted))


def judge(wanted: Sequence[Sequence[str]], heard: Sequence[str]) -> list[Verdict]:
    """Return a verdict on each sentence; sentences and recognised text are given as words."""
    texts, letters = ["".join(words) for words in wanted], "".join(heard)
    ends = list(accumulate(map(len, texts)))
    spans = list(zip([0, *ends], ends, strict=False))
    before, after = _positions([word for words in wanted for word in words], heard)
    starts = [(before[start], after[start]) for start, _ in spans]
    stops = [(before[end], after[end]) for _, end in spans]
    verdicts = [_verdict(text, letters, first, last) for text, first, last in zip(texts, starts, stops, strict=True)]
    for first, last in _doubled(texts, letters, starts, stops):
        for index in range(first, last + 1):
            verdicts[index] = replace(verdicts[index], kind="doubled", first=starts[index][0], end=stops[index][1])
    return verdicts


def better(one: Verdict, other: Verdict) -> Verdict:
    """Return the better of two verdicts on a sentence, with the position of the first."""
    mild = min(one, other, key=lambda verdict: (verdict.kind is not None, verdict.error))
    return replace(mild, first=one.first, end=one.end)


def _verdict(text: str, heard: str, starts: tuple[int, int], ends: tuple[int, int]) -> Verdict:
    """Judge one sentence, with two candidates each for its start and end in the recognised letters.

    Letters between the two candidates may belong to it or to its neighbour: the better result counts.
    """
    from rapidfuzz.distance import Levenshtein

    choices = [(first, end) for first, end in product(starts, ends) if first <= end]
    if not text or not choices:
        return Verdict(None, 0.0, starts[0], starts[0])
    wrong, first, end = min((Levenshtein.distance(text, heard[first:end]), first, end) for first, end in choices)
    error = min(1.0, wrong / len(text))
    if ends[1] - starts[0] < MISSING * len(text):
        return Verdict("missing", error, first, end)
    unclear = wrong - FORGIVEN > UNINTELLIGIBLE * len(text)
    return Verdict("unintelligible" if unclear else None, error, first, end)


def _positions(wanted: Sequence[str], heard: Sequence[str]) -> tuple[list[int], list[int]]:
    """Return, for each position between expected letters, how many were recognised before and after insertions there.

    The longest runs of equal words are aligned first, so that a sentence is found where it was spoken whole; between
    them, letters are compared.
    """
    from rapidfuzz.distance import Indel

    before, after = [0], [0]
    for _, from_word, to_word, from_heard, to_heard in SequenceMatcher(
        None, wanted, heard, autojunk=False
    ).get_opcodes():
        done = after[-1]
        for step in Indel.opcodes("".join(wanted[from_word:to_word]), "".join(heard[from_heard:to_heard])):
            if step.tag == "insert":
                after[-1] = done + step.dest_end
            else:
                for count in range(1, step.src_end - step.src_start + 1):
                    place = done + step.dest_start + (count if step.tag == "equal" else 0)
                    before.append(place)
                    after.append(place)
    return before, after


def _doubled(
    texts: Sequence[str], heard: str, starts: Sequence[tuple[int, int]], ends: Sequence[tuple[int, int]]
) -> Iterator[tuple[int, int]]:
    """Yield the first and last index of sentences that were recognised twice in a row, as a group or alone.

    As in `_verdict`, letters inserted beside a sentence may belong to its neighbour.
    """
    from rapidfuzz.distance import Levenshtein

    found: list[tuple[float, int, int]] = []
    for first in range(len(texts)):
        for last in range(first, min(first + TOGETHER, len(texts))):
            twice = "".join(texts[first : last + 1]) * 2
            for start, end in set(product(starts[first], ends[last])):
                if twice and 0.75 < (end - start) / len(twice) < 1.25:
                    error = Levenshtein.distance(twice, heard[start:end]) / len(twice)
                    found += [(error, first, last)] if error <= DOUBLED else []
    taken: set[int] = set()
    for _, first, last in sorted(found):
        if taken.isdisjoint(range(first, last + 1)):
            taken.update(range(first, last + 1))
            yield first, last
