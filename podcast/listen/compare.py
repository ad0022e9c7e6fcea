# SPDX-License-Identifier: GPL-3.0-or-later
"""Compare the recognised text with the sentences of the script: a verdict on each. Pure functions, without times.

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
from difflib import SequenceMatcher
from itertools import accumulate, product
from typing import Literal

Kind = Literal["missing", "doubled", "unintelligible"]

UNINTELLIGIBLE = 0.5
"""Share of wrong letters above which a sentence counts as not understood."""
FORGIVEN = 2
"""Wrong letters that never count: in `Oui.` they are most of the word."""
MISSING = 0.3
"""A sentence in whose place fewer letters than this share of its own are heard, is missing."""
DOUBLED = 0.25
"""Share of wrong letters up to which something counts as said twice."""
TOGETHER = 12
"""Maximum number of sentences that are repeated as a whole."""

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


def judge(wanted: Sequence[Sequence[str]], heard: Sequence[str]) -> list[Verdict]:
    """Return a verdict on each sentence; they and what was heard are given as words."""
    texts, letters = ["".join(words) for words in wanted], "".join(heard)
    ends = list(accumulate(map(len, texts)))
    spans = list(zip([0, *ends], ends, strict=False))
    before, after = _places([word for words in wanted for word in words], heard)
    starts = [(before[start], after[start]) for start, _ in spans]
    stops = [(before[end], after[end]) for _, end in spans]
    verdicts = [_verdict(text, letters, first, last) for text, first, last in zip(texts, starts, stops, strict=True)]
    for first, last in _doubled(texts, letters, starts, stops):
        for index in range(first, last + 1):
            verdicts[index] = replace(verdicts[index], kind="doubled", first=starts[index][0], end=stops[index][1])
    return verdicts


def better(one: Verdict, other: Verdict) -> Verdict:
    """Return the milder of two verdicts on a sentence, at the place of the first."""
    mild = min(one, other, key=lambda verdict: (verdict.kind is not None, verdict.error))
    return replace(mild, first=one.first, end=one.end)


def _verdict(text: str, heard: str, starts: tuple[int, int], ends: tuple[int, int]) -> Verdict:
    """Judge one sentence, whose place among the heard letters begins and ends at one of two places each.

    What lies between the two may be its own or its neighbour's: the better is taken.
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


def _places(wanted: Sequence[str], heard: Sequence[str]) -> tuple[list[int], list[int]]:
    """Return, for each place between wanted letters, how many were heard before and after what was added there.

    The longest runs of equal words come first, so that a sentence is found where it was said whole; between them,
    letters are compared.
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
    """Yield the first and last index of sentences that were heard twice in a row, together or alone.

    As in `_verdict`, what was added beside a sentence may be its neighbour's.
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
