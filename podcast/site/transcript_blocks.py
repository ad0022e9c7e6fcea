# SPDX-License-Identifier: GPL-3.0-or-later
"""Transcript on episode pages: cues grouped into paragraphs with timestamps.

cues -> Passage (one paragraph: the cues of a segment) -> PassageGroup (list or quotation)
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from podcast import alignment, text
from podcast.model import Chapter, Cue, SegmentKind


@dataclass(frozen=True, slots=True)
class Sentence:
    """A cue."""

    t: str
    """Start in seconds."""
    text: str
    words: str
    """Word timestamps in the format of Cue.words; empty if unknown."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A paragraph of the transcript."""

    kind: SegmentKind
    speaker: str
    """Name of the speaker where the speaker changes; else empty."""
    t: str
    """Start in seconds, as in links: `#t=75.28`."""
    clock: str
    anchors: tuple[str, ...]
    """Times that links to this passage use: its start, and those of chapters that begin with it."""
    sentences: tuple[Sentence, ...]
    level: int = 0
    """Depth of a heading, or number of a list item."""


@dataclass(frozen=True, slots=True)
class PassageGroup:
    """Consecutive list items or quoted passages; any other passage is alone in its group."""

    kind: SegmentKind
    passages: tuple[Passage, ...]
    numbered: bool = False
    """Whether a list is numbered."""


def seconds(ms: int) -> str:
    """Format milliseconds as seconds, without trailing zeros: `75`, `75.28`."""
    return f"{ms / 1000:.3f}".rstrip("0").rstrip(".")


def blocks(cues: Sequence[Cue], chapters: Sequence[Chapter]) -> tuple[PassageGroup, ...]:
    """Return the transcript. Every cue is included, and every anchor is unique."""
    found: list[PassageGroup] = []
    for (kind, numbered), group in groupby(_passages(cues, chapters), key=_group_key):
        together = tuple(group)
        one_block = kind in {"item", "quote"}
        found += (
            [PassageGroup(kind, together, numbered)] if one_block else [PassageGroup(kind, (one,)) for one in together]
        )
    return tuple(found)


def _group_key(passage: Passage) -> tuple[SegmentKind, bool]:
    return passage.kind, passage.kind == "item" and passage.level > 0


def _sentence(cue: Cue) -> Sentence:
    words = text.line(cue.text)
    return Sentence(seconds(cue.start_ms), words, cue.words if alignment.unpack(replace(cue, text=words)) else "")


def _passages(cues: Sequence[Cue], chapters: Sequence[Chapter]) -> Iterator[Passage]:
    worded = [cue for cue in cues if text.line(cue.text)]
    marks = [chapter.start_ms for chapter in chapters]
    used: set[str] = set()
    speaker = ""
    for _, group in groupby(worded, key=lambda cue: (cue.segment, cue.kind, cue.speaker)):
        together = list(group)
        first = together[0]
        starting = [mark for mark in marks if mark <= first.start_ms]
        del marks[: len(starting)]
        anchors = [seconds(mark) for mark in (*starting, first.start_ms)]
        fresh = tuple(dict.fromkeys(anchor for anchor in anchors if anchor not in used))
        used.update(fresh)
        yield Passage(
            kind=first.kind,
            speaker=text.line(first.speaker) if first.speaker != speaker else "",
            t=seconds(first.start_ms),
            clock=text.clock(first.start_ms),
            anchors=fresh,
            sentences=tuple(map(_sentence, together)),
            level=first.level,
        )
        speaker = first.speaker
