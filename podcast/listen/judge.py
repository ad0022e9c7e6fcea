# SPDX-License-Identifier: GPL-3.0-or-later
"""What was heard beside what was to be said -> a verdict on each sentence. Pure functions; times play no part.

    sentences, heard text -> words -> their letters, joined -> the cheapest way from the wanted ones to the heard ones
                          -> what was heard in place of each sentence -> missing, doubled, unintelligible, or none

Letters are compared, not words: a recogniser that writes `et mes répétés` for `aimait répéter` has lost every word,
yet has heard nearly every sound. Measured on clean episodes, a sentence loses up to all of its words and a third of
its letters, a sentence in whose place others are said loses two thirds of them.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import Literal

Kind = Literal["missing", "doubled", "unintelligible"]

UNINTELLIGIBLE = 0.5
"""Share of wrong letters above which a sentence counts as not understood."""
FORGIVEN = 2
"""Wrong letters that never count: in `Oui.` they are most of the word."""
MISSING = 0.3
"""A sentence in whose place fewer letters than this share of its own are heard, is missing."""
DOUBLED = 0.3
"""Share of wrong letters up to which something counts as said twice."""
TOGETHER = 12
"""Sentences that may be repeated as a whole."""

_WORD = re.compile(
    r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]|[^\W_\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]+"
)
"""Letters and digits between others; scripts that do not part words count by the character."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is to be said of one sentence."""

    kind: Kind | None
    error: float
    """Share of its letters that are wrong, 0 to 1."""
    first: int
    """Of the heard letters, the first in its place."""
    end: int
    """And the one after the last."""


def plain(text: str) -> list[str]:
    """Return the words of a text without case, accents and punctuation."""
    letters = unicodedata.normalize("NFKD", text.casefold().replace("œ", "oe").replace("æ", "ae"))
    return _WORD.findall("".join(c for c in letters if not unicodedata.combining(c) or unicodedata.category(c) == "Mc"))


def word_error_rate(wanted: Sequence[str], heard: Sequence[str]) -> float:
    """Return how many words are replaced, missing or added for each wanted one."""
    from rapidfuzz.distance import Levenshtein

    return Levenshtein.distance(wanted, heard) / max(1, len(wanted))


def judge(wanted: Sequence[str], heard: str) -> list[Verdict]:
    """Return a verdict on each sentence; they and what was heard are given as letters without spaces."""
    ends = list(accumulate(map(len, wanted)))
    spans = list(zip([0, *ends[:-1]], ends, strict=True)) if ends else []
    before, after = _places("".join(wanted), heard)
    verdicts = [
        _verdict(text, heard, after[start], before[end], wide=after[end] - before[start])
        for text, (start, end) in zip(wanted, spans, strict=True)
    ]
    for first, last in _doubled(wanted, heard, [(before[start], after[end]) for start, end in spans]):
        for index in range(first, last + 1):
            start, end = spans[index]
            verdicts[index] = replace(verdicts[index], kind="doubled", first=before[start], end=after[end])
    return verdicts


def better(one: Verdict, other: Verdict) -> Verdict:
    """Return the milder of two verdicts on a sentence, at the place of the first."""
    mild = min(one, other, key=lambda verdict: (verdict.kind is not None, verdict.error))
    return replace(mild, first=one.first, end=one.end)


def _verdict(text: str, heard: str, first: int, end: int, *, wide: int) -> Verdict:
    """Judge one sentence by what lies between the first and the last of its letters that were heard.

    `wide` is the number of heard letters between its neighbours.
    """
    from rapidfuzz.distance import Levenshtein

    if not text or first > end:
        return Verdict(None, 0.0, first, first)
    wrong = Levenshtein.distance(text, heard[first:end])
    error = min(1.0, wrong / len(text))
    if wide < MISSING * len(text):
        return Verdict("missing", error, first, end)
    unclear = wrong - FORGIVEN > UNINTELLIGIBLE * len(text)
    return Verdict("unintelligible" if unclear else None, error, first, end)


def _places(wanted: str, heard: str) -> tuple[list[int], list[int]]:
    """Return, for each place between two wanted letters, how many letters were heard before and after what was added."""
    from rapidfuzz.distance import Levenshtein

    before = [0] * (len(wanted) + 1)
    after = [0] * (len(wanted) + 1)
    for step in Levenshtein.opcodes(wanted, heard):
        if step.tag == "insert":
            after[step.src_start] = step.dest_end
        for done in range(1, step.src_end - step.src_start + 1):
            place = step.dest_start + (0 if step.tag == "delete" else done)
            before[step.src_start + done] = after[step.src_start + done] = place
    return before, after


def _doubled(wanted: Sequence[str], heard: str, wide: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Yield the first and last index of sentences that were heard twice in a row, together or alone.

    `wide` says between which of the heard letters each sentence lies, with all that was added around it.
    """
    from rapidfuzz.distance import Levenshtein

    found: list[tuple[float, int, int]] = []
    for first in range(len(wanted)):
        for last in range(first, min(first + TOGETHER, len(wanted))):
            text = "".join(wanted[first : last + 1])
            start, end = wide[first][0], wide[last][1]
            if text and 1.5 < (end - start) / len(text) < 2.5:
                error = Levenshtein.distance(text * 2, heard[start:end]) / len(text * 2)
                found += [(error, first, last)] if error <= DOUBLED else []
    taken: set[int] = set()
    for _, first, last in sorted(found):
        if taken.isdisjoint(range(first, last + 1)):
            taken.update(range(first, last + 1))
            yield first, last
