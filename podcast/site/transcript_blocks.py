# SPDX-License-Identifier: GPL-3.0-or-later
"""Cues -> the transcript as a page shows it: paragraphs again, each of them with its sentences and its place in time.

cues -> passages()  cues of one segment become a Passage     -> blocks()  quotes and list items that follow each other
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from podcast import alignment, text
from podcast.model import Chapter, Cue, SegmentKind


@dataclass(frozen=True, slots=True)
class Sentence:
    """A cue on the page."""

    t: str
    """Start in seconds."""
    text: str
    words: str
    """Times of its words from there, as a Cue has them; empty if they are not known."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A paragraph of the transcript."""

    kind: SegmentKind
    speaker: str
    """Where another one begins to speak; else empty."""
    t: str
    """Start in seconds, as links have it: `#t=75.28`."""
    clock: str
    anchors: tuple[str, ...]
    """Times by which links find this passage: its own, or those of the chapters that begin with it."""
    sentences: tuple[Sentence, ...]
    level: int = 0
    """Of a segment: depth of a heading, number of an item."""


@dataclass(frozen=True, slots=True)
class PassageGroup:
    """Passages of one kind that follow each other: a list, a quotation; every other passage is alone."""

    kind: SegmentKind
    passages: tuple[Passage, ...]
    numbered: bool = False
    """Of a list."""


def seconds(ms: int) -> str:
    """Return milliseconds in seconds, without needless zeros: `75`, `75.28`."""
    return f"{ms / 1000:.3f}".rstrip("0").rstrip(".")


def blocks(cues: Sequence[Cue], chapters: Sequence[Chapter]) -> tuple[PassageGroup, ...]:
    """Return the transcript. No word of a cue is lost, and every anchor in it is there once."""
    found: list[PassageGroup] = []
    for (kind, numbered), group in groupby(_passages(cues, chapters), key=_gathers):
        together = tuple(group)
        one_block = kind in {"item", "quote"}
        found += (
            [PassageGroup(kind, together, numbered)] if one_block else [PassageGroup(kind, (one,)) for one in together]
        )
    return tuple(found)


def _gathers(passage: Passage) -> tuple[SegmentKind, bool]:
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
