# SPDX-License-Identifier: GPL-3.0-or-later
"""Lines in the order of reading -> blocks and footnotes.

    paragraphs   lines that belong together, over columns and pages
    blocks_of    what each is: heading, item, table or paragraph, by its type and its first character
    notes_of     footnotes, which stand in smaller type at the foot of a column and begin with a number or a sign

A paragraph ends where type or weight change, where the gap to the next line is wider than between its own lines, where
the next line is indented or begins with a label, and where there was room left for the next word. In mid-sentence it
does not end, except at a change of type.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from podcast.model import Block
from podcast.read.common import fold
from podcast.read.hyphens import joined
from podcast.read.layout import Line

HEADING = 1.12
"""Size of a heading, against that of the text."""
HEADING_LENGTH = 200
BOLD_LENGTH = 100
NOTE = 0.95
"""Size of a footnote at most, against that of the text."""

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
        """The line that it ends with so far."""
        return self.lines[-1]

    def text(self, known: Collection[str]) -> str:
        """Return its words; a table has its cells divided by bars."""
        if self.last.cells > 1:
            return " | ".join(line.text for line in self.lines)
        return fold(joined([line.text for line in self.lines], known))


def paragraphs(columns: Sequence[Sequence[Line]]) -> list[Paragraph]:
    """Return the paragraphs of a text whose columns are in the order of reading."""
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
    """Return the distance between lines for each size of type: the smallest that is common."""
    gaps: dict[int, Counter[float]] = defaultdict(Counter)
    for column in columns:
        for a, b in pairwise(column):
            gap = a.y0 - b.y0
            if _like(a, b) and 0.8 * a.size < gap < 3 * a.size:
                gaps[round(a.size)][round(gap * 2) / 2] += 1
    return {
        size: min(gap for gap, count in seen.items() if count >= 0.15 * seen.total())
        for size, seen in gaps.items()
        if seen.total() >= 3
    }


def _like(a: Line, b: Line) -> bool:
    return abs(a.size - b.size) <= 0.08 * max(a.size, b.size)


def _begins(before: Paragraph, line: Line, leading: dict[int, float]) -> bool:
    """Return True if a line begins a paragraph of its own."""
    last = before.last
    if not _like(last, line) or (last.cells > 1) != (line.cells > 1) or line.mark:
        return True
    if line.cells > 1:
        return False
    ends = bool(ENDS.search(last.text))
    item = bool(LABEL.match(before.lines[0].text))
    labelled = bool(LABEL.match(line.text)) and (ends or item or last.text[-1:] in ",;")
    weighty = last.bold != line.bold and (ends or _room(last, line))
    below = last.page == line.page and line.y0 < last.y0 and line.x0 < last.x1 and last.x0 < line.x1
    small = line.text[:1].islower()
    if labelled or weighty or not below:
        return labelled or weighty or (ends and not small)
    usual = leading.get(round(line.size), 1.3 * line.size)
    if last.y0 - line.y0 > usual + 0.35 * line.size and (ends or not small):
        return True
    start = min(row.x0 for row in before.lines)
    indented = line.x0 > start + 0.7 * line.size and not item
    return ends and (indented or _room(last, line))


def _room(last: Line, line: Line) -> bool:
    """Return True if the first word of a line would have had room on the line before."""
    width = (line.x1 - line.x0) / max(1, len(line.text))
    return last.right - last.x1 > width * (1 + len(line.text.split(" ", 1)[0])) * 1.15


# --- what they are ----------------------------------------------------------------------------------------------


def blocks_of(found: Sequence[Paragraph], body: float, known: Collection[str]) -> Iterator[tuple[Block, Line]]:
    """Give each paragraph as a block, with its first line."""
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
    if not any(c.isalpha() for c in text) or len(text) > HEADING_LENGTH or text[-1] in ",;":
        return False
    if paragraph.lines[0].size >= HEADING * body:
        return len(text) <= BOLD_LENGTH or text[-1] != "."
    bold = (
        all(line.bold for line in paragraph.lines) and follows is not None and not follows.bold and follows.cells == 1
    )
    return bold and len(text) <= BOLD_LENGTH and len(paragraph.lines) <= 2 and text[-1] not in ".:"


# --- footnotes --------------------------------------------------------------------------------------------------


def notes_of(column: Sequence[Line], body: float, *, goes_on: bool) -> tuple[list[Line], list[Line]]:
    """Return the lines of a column without its footnotes, and those of its footnotes.

    `goes_on`: whether a footnote of the column before may have its end here.
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
    """Give (mark, text) of each footnote."""
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
