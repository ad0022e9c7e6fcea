# SPDX-License-Identifier: GPL-3.0-or-later
"""PDF lines in reading order -> blocks and footnotes.

    paragraphs   lines that belong together, across columns and pages
    blocks_of    headings, items, tables and paragraphs, by font size, weight and first characters
    notes_of     footnotes: smaller text at the bottom of a column that begins with a number or a sign

A paragraph ends where the font size or weight changes, where the gap to the next line is larger than usual, where the
next line is indented or begins with a label, and where the next word would have fitted on the line. It does not end in
the middle of a sentence, except where the size changes.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from podcast.model import Block
from podcast.read.dehyphenate import joined
from podcast.read.normalize import fold
from podcast.read.pdf.lines import Line

HEADING = 1.12
"""Minimum size of a heading, relative to that of the text."""
HEADING_LENGTH = 200
BOLD_LENGTH = 100
NOTE = 0.95
"""Maximum size of a footnote, relative to that of the text."""

ENDS = re.compile(r"[.!?…:。！？][\s\u00a0]*[)\]»”\"’']*$|[»”]$")
LABEL = re.compile(
    r"(?P<bullet>[•◦▪‣●○■□\uf0b7\uf0a7\uf0d8](?:[\s\u00a0]+|(?=[^\W\d]))|[·–-][\s\u00a0]+)|\(?(?P<number>\d{1,2})[.)](?:\s+(?=\S)|(?=[A-ZÀ-ÖØ-Þ«“]))|\(?[a-z]\)\s+"
)
NOTE_MARK = re.compile(r"[\[(]?(?P<mark>\d{1,3}|[*†‡§]{1,3})(?:[\])]?[.:]?\s+(?=\S)|(?=[^\W\d_a-z][^\W_]))")


@dataclass(slots=True)
class Paragraph:
    """Lines that belong together."""

    lines: list[Line] = field(default_factory=list)

    @property
    def last(self) -> Line:
        """Its last line so far."""
        return self.lines[-1]

    def text(self, known: Collection[str]) -> str:
        """Return its text, without the hyphens of line breaks; rows of a table are separated by `|`."""
        if self.last.cells > 1:
            return " | ".join(line.text for line in self.lines)
        return fold(joined([line.text for line in self.lines], known))


def paragraphs(columns: Sequence[Sequence[Line]]) -> list[Paragraph]:
    """Return the paragraphs of columns in reading order."""
    leading = _leading(columns)
    found: list[Paragraph] = []
    for column in columns:
        for line in column:
            if found and not _begins(found[-1], line, leading):
                found[-1].lines.append(line)
            else:
                found.append(Paragraph([line]))
    return found


def _leading(columns: Sequence[Sequence[Line]]) -> dict[int, float]:
    """Return the usual distance between lines by font size: the smallest that is common; none if all differ."""
    gaps: dict[int, Counter[float]] = defaultdict(Counter)
    for column in columns:
        for a, b in pairwise(column):
            gap = a.y0 - b.y0
            if _like(a, b) and 0.8 * a.size < gap < 3 * a.size:
                gaps[round(a.size)][round(gap * 2) / 2] += 1
    common = {size: _common(seen) for size, seen in gaps.items() if seen.total() >= 3}
    return {size: min(found) for size, found in common.items() if found}


def _common(gaps: Counter[float]) -> list[float]:
    """Return the gaps that are at least 15 % of all."""
    return [gap for gap, count in gaps.items() if count >= 0.15 * gaps.total()]


def _like(a: Line, b: Line) -> bool:
    return abs(a.size - b.size) <= 0.08 * max(a.size, b.size)


def _begins(before: Paragraph, line: Line, leading: dict[int, float]) -> bool:
    """Return True if a line begins a new paragraph; `leading` is the usual distance of lines by size."""
    last = before.last
    if _differs(last, line) or line.mark:
        return True
    if line.cells > 1:
        return False
    ends = bool(ENDS.search(last.text))
    if _is_item(before, line, ends=ends) or (last.bold != line.bold and (ends or _room(last, line))):
        return True
    in_sentence = line.text[:1].islower()
    if not _is_below(last, line):
        return ends and not in_sentence
    if _has_gap(last, line, leading) and (ends or not in_sentence):
        return True
    return ends and (_is_indented(before, line) or _room(last, line))


def _differs(last: Line, line: Line) -> bool:
    """Return True for lines of different sizes, and for a row of a table beside a line of text."""
    return not _like(last, line) or (last.cells > 1) != (line.cells > 1)


def _is_item(before: Paragraph, line: Line, *, ends: bool) -> bool:
    """Return True for `2. Text` after another item, or after the end of a sentence or clause."""
    follows = ends or bool(LABEL.match(before.lines[0].text)) or before.last.text[-1:] in ",;"
    return follows and bool(LABEL.match(line.text))


def _is_below(last: Line, line: Line) -> bool:
    """Return True if a line is below another on the same page, in the same column."""
    return last.page == line.page and line.y0 < last.y0 and line.x0 < last.x1 and last.x0 < line.x1


def _has_gap(last: Line, line: Line, leading: dict[int, float]) -> bool:
    """Return True if the distance of two lines is larger than usual."""
    usual = leading.get(round(line.size), 1.3 * line.size)
    return last.y0 - line.y0 > usual + 0.35 * line.size


def _is_indented(before: Paragraph, line: Line) -> bool:
    """Return True for a first line with an indent; the lines of an item are indented without one."""
    start = min(row.x0 for row in before.lines)
    return line.x0 > start + 0.7 * line.size and not LABEL.match(before.lines[0].text)


def _room(last: Line, line: Line) -> bool:
    """Return True if the first word of a line would have fitted on the line before."""
    width = (line.x1 - line.x0) / max(1, len(line.text))
    return last.right - last.x1 > width * (1 + len(line.text.split(" ", 1)[0])) * 1.15


# --- blocks -----------------------------------------------------------------------------------------------------


def blocks_of(found: Sequence[Paragraph], body: float, known: Collection[str]) -> Iterator[tuple[Block, Line]]:
    """Yield each paragraph as a block, with its first line."""
    for index, paragraph in enumerate(found):
        text = paragraph.text(known)
        first = paragraph.lines[0]
        follows = found[index + 1].lines[0] if index + 1 < len(found) else None
        label = LABEL.match(text)
        if first.cells > 1:
            yield Block("table", text), first
        elif _is_heading(paragraph, text, body, follows):
            yield Block("heading", text, 2), first
        elif label and (label["bullet"] or label["number"]):
            yield Block("item", text[label.end() :], int(label["number"] or 0)), first
        else:
            yield Block("paragraph", text), first


def _is_heading(paragraph: Paragraph, text: str, body: float, follows: Line | None) -> bool:
    """Return True for text in a larger size, or for a short bold text before text that is not bold."""
    if not any(c.isalpha() for c in text) or len(text) > HEADING_LENGTH or text[-1] in ",;":
        return False
    if paragraph.lines[0].size >= HEADING * body:
        return len(text) <= BOLD_LENGTH or text[-1] != "."
    if follows is None or follows.bold or follows.cells != 1:
        return False
    short = len(text) <= BOLD_LENGTH and len(paragraph.lines) <= 2 and text[-1] not in ".:"
    return short and all(line.bold for line in paragraph.lines)


# --- footnotes --------------------------------------------------------------------------------------------------


def notes_of(column: Sequence[Line], body: float, *, goes_on: bool) -> tuple[list[Line], list[Line]]:
    """Return the lines of a column without its footnotes, and those of its footnotes.

    `goes_on`: True if the last footnote of the column before may continue here.
    """
    first = len(column)
    while first and column[first - 1].size <= NOTE * body and column[first - 1].cells == 1:
        first -= 1
    small = list(column[first:])
    start = next((i for i, line in enumerate(small) if line.mark or NOTE_MARK.match(line.text)), len(small))
    if goes_on and small and first:
        start = 0
    return [*column[:first], *small[:start]], small[start:]


def notes(lines: Sequence[Line], known: Collection[str]) -> Iterator[tuple[str, str]]:
    """Yield (mark, text) of each footnote."""
    found: list[tuple[str, list[str]]] = []
    for line in lines:
        written = NOTE_MARK.match(line.text)
        if line.mark or written or not found:
            text = line.text[written.end() :] if written and not line.mark else line.text
            found.append((line.mark or (written["mark"] if written else ""), [text]))
        else:
            found[-1][1].append(line.text)
    for mark, texts in found:
        yield mark, fold(joined(texts, known))
