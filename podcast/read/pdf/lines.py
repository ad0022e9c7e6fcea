# SPDX-License-Identifier: GPL-3.0-or-later
"""Convert runs of letters of a PDF page to lines, without footnote markers, and with exponents as superscripts.

All measures are points; y is counted from the bottom of the page.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from podcast.read.dehyphenate import composed_letters
from podcast.read.normalize import fold

Run = Sequence[Any]
"""[text, size in pt, bold, x0, y0, x1, y1] of letters that look alike; see worker.py."""

MARK = re.compile(r"[\[(]?(?:\d{1,3}(?:\s?[,;]\s?\d{1,3})*|[*†‡§]{1,3})[\])]?")
EXPONENT = str.maketrans("0123456789+-−n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻ⁿ")
BASE = re.compile(r"(?:(?<![\d.,])\d{1,3}|(?<!\w)[kcdmµ]?m|(?<!\w)(?:s|n|x|cm|kg))$")
"""What an exponent may follow: a number that is not a year, a unit, a variable."""


@dataclass(slots=True, eq=False)
class Line:
    """A line of text, or a piece of one."""

    page: int
    x0: float
    y0: float
    x1: float
    y1: float
    size: float
    bold: bool
    text: str
    mark: str = ""
    """Raised number or sign at its beginning: the marker of a footnote."""
    left: float = 0.0
    """Edges of its column."""
    right: float = 0.0
    cells: int = 1
    """More than 1 for a row of a table."""


def line_of(page: int, runs: Sequence[Run]) -> Line:
    """Return a line: raised numbers after a word (references) are dropped, those after a number are exponents."""
    size, foot = _main_size(runs)
    runs = _with_initial(runs, size)
    text, mark = _text_and_mark(runs, size, foot)
    bold = sum(len(run[0]) for run in runs if run[2]) > 0.9 * sum(len(run[0]) for run in runs)
    x0, x1 = min(run[3] for run in runs), max(run[5] for run in runs)
    top = max((run[6] for run in runs if run[1] == size), default=foot + size)
    return Line(page, x0, foot, x1, top, size, bold, fold(composed_letters(text)), mark)


def _main_size(runs: Sequence[Run]) -> tuple[float, float]:
    """Return the size and y of most letters."""
    weight: Counter[tuple[float, float]] = Counter()
    for text, size, _bold, _x0, y0, *_ in runs:
        weight[size, y0] += len(text.strip())
    return weight.most_common(1)[0][0]


def _with_initial(runs: Sequence[Run], size: float) -> Sequence[Run]:
    """Return the runs with a drop cap joined to its word."""
    first = runs[0]
    if len(runs) > 1 and first[1] > 1.7 * size and len(first[0].strip()) == 1 and runs[1][0][:1].islower():
        return [[first[0].strip(), *first[1:]], *runs[1:]]
    return runs


def _text_and_mark(runs: Sequence[Run], size: float, foot: float) -> tuple[str, str]:
    """Return the text of a line whose letters have this size and y, and the footnote marker at its beginning."""
    words, mark = "", ""
    for text, small, _bold, _x0, y0, *_ in runs:
        raised = text.strip() if small < 0.85 * size and y0 > foot + 0.15 * size else ""
        if raised and BASE.search(words) and re.fullmatch(r"[-+−]?[\dn]{1,3}", raised):
            words += text.translate(EXPONENT)
        elif raised and MARK.fullmatch(raised):
            mark = mark or ("" if words.strip() else raised.strip("[]()"))
            words += " " if text[-1:].isspace() else ""
        else:
            words += text
    return words, mark


def body_size(lines: Iterable[Line]) -> float:
    """Return the font size of most letters."""
    weight: Counter[float] = Counter()
    for line in lines:
        weight[round(line.size * 2) / 2] += len(line.text)
    return max(weight, key=lambda size: (weight[size], -size), default=10.0)


def same_row(lines: Sequence[Line]) -> Iterator[list[Line]]:
    """Yield the lines in rows from the top, each from left to right."""
    row: list[Line] = []
    for line in sorted(lines, key=lambda line: -(line.y0 + line.y1)):
        middle = (line.y0 + line.y1) / 2
        if row and abs((row[0].y0 + row[0].y1) / 2 - middle) > 0.4 * min(line.size, row[0].size):
            yield sorted(row, key=lambda piece: piece.x0)
            row = []
        row.append(line)
    if row:
        yield sorted(row, key=lambda piece: piece.x0)
