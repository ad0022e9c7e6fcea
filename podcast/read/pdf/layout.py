# SPDX-License-Identifier: GPL-3.0-or-later
"""Lines of a PDF page in reading order: columns, rows and tables.

    columns   the lines of a page, column by column; the pieces of a line are joined first
    _tables   lines side by side in several rows, which are not columns

All measures are points; y is counted from the bottom of the page. `paragraphs` turns the lines into blocks.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from statistics import median
from typing import NamedTuple

from podcast.read.pdf.bidi import is_right_to_left, logical
from podcast.read.pdf.lines import Line, same_row

DEEPEST = 4
"""Levels of columns within columns."""
NARROW = 20
"""Characters; shorter lines beside each other are cells of a table, not columns of text."""
CELL = 30
"""Characters of the longest cell of a row, in most tables."""
ROWS = 8
"""Lines of a column, from which on it is no coincidence that they are not level with those beside them."""
NARROWEST = 0.4
"""Width of a column relative to the other; a narrower one contains labels of the other's paragraphs."""
FILLED = 0.6
"""Share of a column's width that its lines fill at least, however wide their spaces are."""
BULLET = re.compile(r"[•◦▪‣●○■□·\uf0b7\uf0a7\uf0d8–-]|\(?(?:\d{1,3}|[a-z])[.)]")
"""A label with a gap between it and its item."""


# --- columns --------------------------------------------------------------------------------------------------


def columns(lines: Sequence[Line]) -> list[list[Line]]:
    """Return the lines of a page in columns, in reading order."""
    if is_right_to_left("".join(line.text for line in lines)):
        # mirrored, such a page is laid out like any other
        lines = [replace(line, x0=-line.x1, x1=-line.x0, text=logical(line.text)) for line in lines]
    found = [_rows(column) for column in _split(_pieces(lines), 0)]
    for column in found:
        left = min(line.x0 for line in column)
        right = max(line.x1 for line in column)
        for line in column:
            line.left, line.right = left, right
    return found


def _split(lines: list[Line], depth: int) -> list[list[Line]]:
    """Return the columns in some lines, those above each other from the top; columns may contain columns."""
    edge = _gutter(lines) if depth < DEEPEST else None
    if edge is None:
        return [sorted(lines, key=lambda line: (-line.y0, line.x0))] if lines else []
    found: list[list[Line]] = []
    single: list[Line] = []  # lines of full width, until the next columns
    for band, wide in _bands(lines, edge):
        left, right = [p for p in band if p.x0 < edge - 2], [p for p in band if p.x0 >= edge - 2]
        if min(len(left), len(right)) > 1:
            left, after = _ended(left, right) if wide else (left, [])
            found += _split(single, depth + 1) + _split(left, depth + 1) + _split(right, depth + 1)
            single = after
        else:
            single += band
        single += wide
    return found + _split(single, depth + 1)


def _bands(lines: Sequence[Line], edge: float) -> Iterator[tuple[list[Line], list[Line]]]:
    """Divide a page at the lines that cross the gutter: give the lines above each, and that line."""
    wide = sorted((line for line in lines if line.x0 < edge - 2 and line.x1 > edge), key=lambda line: -line.y0)
    crossing = set(wide)
    narrow = [line for line in lines if line not in crossing]
    above = float("inf")
    for line in wide:
        yield [other for other in narrow if line.y0 < other.y0 <= above], [line]
        above = line.y0
    yield [other for other in narrow if other.y0 <= above], []


def _ended(left: list[Line], right: list[Line]) -> tuple[list[Line], list[Line]]:
    """Separate lines at the left below the end of both columns, such as a short heading of full width."""
    foot = min(line.y0 for line in right)
    ordered = sorted(left, key=lambda line: -line.y0)
    for index, line in enumerate(ordered[1:], start=1):
        if line.y1 < foot and ordered[index - 1].y0 - line.y1 > 0.8 * line.size:
            return ordered[:index], ordered[index:]
    return left, []


class _Gutter(NamedTuple):
    """A place between two columns."""

    few: int
    """Lines of the shorter column."""
    crossing: int
    """Lines that cross it."""
    x: float
    left: list[Line]
    """Lines of the left column that have others beside them."""
    right: list[Line]


def _gutter(lines: Sequence[Line]) -> float | None:
    """Return where a second column begins, or None if there is none.

    The best place has the most lines on both sides, and of these the fewest lines that cross it.
    """
    starts = Counter(round(line.x0) for line in lines)
    possible = [_gutter_at(start, lines) for start, _count in starts.most_common(100)]
    in_order = sorted(filter(None, possible), key=lambda gutter: (-gutter.few, gutter.crossing))
    return next((gutter.x for gutter in in_order if _is_gutter(gutter)), None)


def _gutter_at(start: int, lines: Sequence[Line]) -> _Gutter | None:
    """Return the gutter left of a place, or None if there are no two columns beside each other."""
    left = [line for line in lines if line.x1 < start - 2]
    right = [line for line in lines if line.x0 >= start - 2]
    few = min(len(left), len(right))
    if few < 2:
        return None
    foot, top = _shared_height(left, right)
    crossing = sum(1 for line in lines if line.x0 < start - 2 <= line.x1 and foot < line.y0 < top)
    if top - foot < 2 * right[0].size or crossing > few / 2:
        return None
    beside_left, beside_right = ([line for line in side if foot <= line.y0 < top] for side in (left, right))
    return _Gutter(few, crossing, float(start), beside_left, beside_right)


def _shared_height(left: Sequence[Line], right: Sequence[Line]) -> tuple[float, float]:
    """Return the bottom and top of the area in which there are lines on both sides."""
    foot = max(min(line.y0 for line in left), min(line.y0 for line in right))
    top = min(max(line.y1 for line in left), max(line.y1 for line in right))
    return foot, top


def _is_gutter(gutter: _Gutter) -> bool:
    """Return True for running text on both sides, or for lines of any kind that are not the rows of a table."""
    if _is_prose(gutter.left) and _is_prose(gutter.right):
        return True
    return gutter.crossing <= 0.1 * gutter.few and _are_apart(gutter.left, gutter.right)


def _are_apart(left: Sequence[Line], right: Sequence[Line]) -> bool:
    """Return True for lines that are not level with those beside them, such as lists and formulas."""
    few, many = sorted(([line.y0 for line in side] for side in (left, right)), key=len)
    level = sum(1 for y in few if any(abs(y - other) < 1 for other in many))
    widths = sorted(max(line.x1 for line in side) - min(line.x0 for line in side) for side in (left, right) if side)
    return len(few) >= ROWS and level < 0.3 * len(few) and widths[0] >= NARROWEST * widths[-1]


def _is_prose(side: Sequence[Line]) -> bool:
    """Return True for lines that fill a column, rather than cells in rows."""
    if not side:
        return False
    rows = list(same_row(side))
    letters_ = median(sum(len(piece.text) for piece in row) for row in rows)
    width = max(line.x1 for line in side) - min(line.x0 for line in side)
    return letters_ >= NARROW and median(sum(piece.x1 - piece.x0 for piece in row) for row in rows) >= FILLED * width


def _pieces(lines: Sequence[Line]) -> list[Line]:
    """Join words in several fonts, and labels with their items; drop text that is drawn twice."""
    found: list[Line] = []
    for row in same_row(lines):
        open_: Line | None = None
        for line in row:
            if open_ is None:
                open_ = line
                continue
            gap = line.x0 - open_.x1
            near = 4.0 if BULLET.fullmatch(open_.text) else 0.6
            if line.text == open_.text and abs(line.x0 - open_.x0) < 0.2 * line.size:
                continue
            if -0.5 * line.size < gap < near * min(line.size, open_.size) and 0.55 < line.size / open_.size < 1.8:
                open_ = _together(open_, line, " " if gap > 0.12 * line.size else "")
            else:
                found.append(open_)
                open_ = line
        found += [open_] if open_ else []
    return _initials(found)


def _together(a: Line, b: Line, between: str) -> Line:
    main = a if len(a.text) > len(b.text) else b
    text = f"{a.text}{between}{b.text}"
    return replace(main, x0=a.x0, x1=max(a.x1, b.x1), text=text, bold=a.bold and b.bold, mark=a.mark)


def _initials(lines: list[Line]) -> list[Line]:
    """Join drop caps to the line whose first letter they are."""
    found = list(lines)
    for initial in lines:
        if not (len(initial.text) == 1 and initial.text.isupper()):
            continue
        beside = [
            line
            for line in found
            if line.size * 1.7 < initial.size
            and 0 <= line.x0 - initial.x1 + 1 < 2 * line.size
            and initial.y0 - line.size < line.y0 < initial.y1
        ]
        if beside:
            first = max(beside, key=lambda line: line.y0)
            found.remove(initial)
            first.text = initial.text + ("" if first.text[0].islower() else " ") + first.text
            for line in beside:
                line.x0 = initial.x0
    return found


def _rows(column: list[Line]) -> list[Line]:
    """Join the pieces of each row; three rows or more of short pieces are a table."""
    rows = list(same_row(column))
    found: list[Line] = []
    for start, stop in _tables(rows):
        for row in rows[start:stop]:
            cells = len(row) if stop - start > 1 else 1
            first = row[0]
            for piece in row[1:]:
                text = f"{first.text}{' | ' if cells > 1 else ' '}{piece.text}"
                first = replace(first, text=text, x1=max(first.x1, piece.x1), bold=first.bold and piece.bold)
            found.append(replace(first, cells=2) if stop - start > 1 else first)
    return found


def _tables(rows: Sequence[Sequence[Line]]) -> Iterator[tuple[int, int]]:
    """Yield the spans of rows that are tables, and single rows between them."""
    index = 0
    while index < len(rows):
        stop = index
        while stop < len(rows) and (len(rows[stop]) > 1 or _wraps(rows, index, stop)):
            stop += 1
        if _is_table([row for row in rows[index:stop] if len(row) > 1]):
            yield index, stop
            index = stop
        else:
            yield index, index + 1
            index += 1


def _is_table(rows: Sequence[Sequence[Line]]) -> bool:
    """Return True for three rows or more whose cells are short, aligned, and leave space between them."""
    if len(rows) < 3 or median(max(len(cell.text) for cell in row) for row in rows) > CELL:
        return False
    filled = median(sum(cell.x1 - cell.x0 for cell in row) / (row[-1].x1 - row[0].x0) for row in rows)
    return filled < 0.85 and _are_aligned([cell for row in rows for cell in row[1:]])


def _are_aligned(cells: Sequence[Line]) -> bool:
    """Return True if most cells share their left edge, middle or right edge with another."""
    shared = Counter(edge for cell in cells for edge in _edges(cell))
    aligned = [cell for cell in cells if max(shared[edge] for edge in _edges(cell)) > 1]
    return len(aligned) > 0.6 * len(cells)


def _edges(cell: Line) -> set[tuple[str, int]]:
    return {("left", round(cell.x0 / 2)), ("middle", round((cell.x0 + cell.x1) / 4)), ("right", round(cell.x1 / 2))}


def _wraps(rows: Sequence[Sequence[Line]], start: int, at: int) -> bool:
    """Return True for a short line between two rows of a table: the rest of a cell."""
    if at == start or at + 1 >= len(rows) or len(rows[at + 1]) < 2 or len(rows[at - 1]) < 2:
        return False
    line = rows[at][0]
    return len(line.text) <= CELL and rows[at - 1][0].y0 - rows[at + 1][0].y0 < 4 * line.size
