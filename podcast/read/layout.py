# SPDX-License-Identifier: GPL-3.0-or-later
"""Pages of lines -> the lines of the text in the order of reading, each with the column it stands in.

    line_of     runs of letters -> a line, its marks of footnotes gone, its exponents raised
    furniture   running heads, feet and page numbers: what stands at the same place of several pages
    columns     the lines of a page, column by column; pieces of one line are put together first
    tables      lines side by side in several rows, which are no columns

All measures are points; y is counted from the foot of the page. What becomes of the lines is in `paragraphs`.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from statistics import median
from typing import Any

from podcast.read.bidi import is_right_to_left, logical
from podcast.read.common import fold
from podcast.read.hyphens import letters

EDGE = 0.15
"""Part of a page, at its head and at its foot, in which running heads and page numbers stand."""
OUTER = 3
"""Rows from the edge that may be running heads."""
HEAD = 80
"""Letters of a running head at most."""
NARROW = 20
"""Letters: shorter lines beside each other are cells, no columns of text."""
CELL = 30
"""Letters of the longest cell of a row, in most tables."""
ROWS = 8
"""Lines that are not level with those beside them by chance."""
NARROWEST = 0.4
"""Width of a column against that of another; what is narrower has the labels of the other's paragraphs."""
FILLED = 0.6
"""Part of a line that its words take up at least, however wide the spaces between them are made."""

NUMBER = re.compile(r"\d+")
PAGE_NUMBER = re.compile(
    r"\W*(?:p\.|page|seite|página|pagina)?\W*(?:\d{1,5}|[ivxlc]{1,7})\W*(?:(?:/|of|sur|de|von|di)\s*\d{1,4})?\W*",
    re.IGNORECASE,
)
BULLET = re.compile(r"[•◦▪‣●○■□·\uf0b7\uf0a7\uf0d8–-]|\(?(?:\d{1,3}|[a-z])[.)]")
"""A label that stands apart from its item."""
MARK = re.compile(r"[\[(]?(?:\d{1,3}(?:\s?[,;]\s?\d{1,3})*|[*†‡§]{1,3})[\])]?")
EXPONENT = str.maketrans("0123456789+-−n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻ⁿ")
BASE = re.compile(r"(?:(?<![\d.,])\d{1,3}|(?<!\w)[kcdmµ]?m|(?<!\w)(?:s|n|x|cm|kg))$")
"""What has an exponent: a number that is no year, a unit, a variable."""


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
    """Raised number or sign at its beginning: that of a footnote."""
    left: float = 0.0
    """Edges of its column."""
    right: float = 0.0
    cells: int = 1
    """More than one in a row of a table."""


def line_of(page: int, runs: Sequence[Sequence[Any]]) -> Line:
    """Return a line; raised numbers after a word are references and go, after a number they are exponents and stay."""
    weight: Counter[tuple[float, float]] = Counter()
    for text, size, _bold, _x0, y0, *_ in runs:
        weight[size, y0] += len(text.strip())
    size, foot = weight.most_common(1)[0][0]
    first = runs[0]
    if len(runs) > 1 and first[1] > 1.7 * size and len(first[0].strip()) == 1 and runs[1][0][:1].islower():
        runs = [[first[0].strip(), *first[1:]], *runs[1:]]  # a big initial
    bold = sum(len(run[0]) for run in runs if run[2]) > 0.9 * sum(len(run[0]) for run in runs)
    words, mark = "", ""
    for text, small, _bold, _x0, y0, *_ in runs:
        if small < 0.85 * size and y0 > foot + 0.15 * size and (raised := text.strip()):
            if BASE.search(words) and re.fullmatch(r"[-+−]?[\dn]{1,3}", raised):
                words += text.translate(EXPONENT)
                continue
            if MARK.fullmatch(raised):
                mark = mark or ("" if words.strip() else raised.strip("[]()"))
                words += " " if text[-1:].isspace() else ""
                continue
        words += text
    x0, x1 = min(run[3] for run in runs), max(run[5] for run in runs)
    top = max((run[6] for run in runs if run[1] == size), default=foot + size)
    return Line(page, x0, foot, x1, top, size, bold, fold(letters(words)), mark)


def body_size(lines: Iterable[Line]) -> float:
    """Return the size in which most of the letters are set."""
    weight: Counter[float] = Counter()
    for line in lines:
        weight[round(line.size * 2) / 2] += len(line.text)
    return max(weight, key=lambda size: (weight[size], -size), default=10.0)


# --- what is not the text ---------------------------------------------------------------------------------------


def furniture(pages: Sequence[Sequence[Line]], heights: Sequence[float], body: float) -> set[int]:
    """Return the `id`s of the lines that are running heads, feet or page numbers."""
    edges = [(line, last) for page, height in zip(pages, heights, strict=True) for line, last in _edge(page, height)]
    seen: Counter[tuple[Any, ...]] = Counter()
    for line, _ in edges:
        seen.update(set(_looks(line, body)))
    found = {
        id(line)
        for line, last in edges
        if any(seen[look] > 1 for look in _looks(line, body)) or (last and PAGE_NUMBER.fullmatch(line.text))
    }
    # the title of a chapter, beside a number that counts the pages, may stand on one page alone
    rows = {(line.page, round(line.y0)) for line, last in edges if last and _counts(line, seen, body)}
    heads = (line for line, last in edges if last and len(line.text) < HEAD and line.size <= 1.1 * body)
    return found | {id(line) for line in heads if (line.page, round(line.y0)) in rows}


def _counts(line: Line, seen: Counter[tuple[Any, ...]], body: float) -> bool:
    """Return True for a number alone that counts the pages."""
    return line.text.isdigit() and any(seen[look] > 1 for look in _looks(line, body))


def _edge(page: Sequence[Line], height: float) -> Iterator[tuple[Line, bool]]:
    """Give the lines near the head and the foot of a page; True for those of the outermost row."""
    for sign, limit in ((-1, height * (1 - EDGE)), (1, -height * EDGE)):
        every = sorted(page, key=lambda line: sign * line.y0)
        lines = [line for line in every if -sign * line.y0 > limit]
        # books on small paper have their numbers further in; they count only if they count the pages
        yield from ((line, False) for line in every[:1] if not lines and line.text.isdigit())
        rows: list[float] = []
        for line in lines:
            if not rows or abs(line.y0 - rows[-1]) > 0.4 * line.size:
                rows.append(line.y0)
            if len(rows) > OUTER:
                break
            yield line, len(rows) == 1


def _looks(line: Line, body: float) -> Iterator[tuple[Any, ...]]:
    """Give what a line shares with its like on other pages: its words, or those around a number that counts pages."""
    place = round(line.y0 / 2)
    yield place, line.text
    if line.size <= 1.1 * body:
        for number in NUMBER.finditer(line.text[:200]):
            around = line.text[: number.start()], line.text[number.end() :]
            yield place, *around, int(number[0][:9]) - line.page
        if re.fullmatch(r"\W*[ivxlc]{1,7}\W*", line.text):
            yield place, "roman"


# --- the order of reading ---------------------------------------------------------------------------------------


def columns(lines: Sequence[Line]) -> list[list[Line]]:
    """Return the lines of a page in columns, in the order of reading."""
    if is_right_to_left("".join(line.text for line in lines)):
        # seen in a mirror, such a page is like any other
        lines = [replace(line, x0=-line.x1, x1=-line.x0, text=logical(line.text)) for line in lines]
    found = [_rows(column) for column in _split(_pieces(lines), 0)]
    for column in found:
        left = min(line.x0 for line in column)
        right = max(line.x1 for line in column)
        for line in column:
            line.left, line.right = left, right
    return found


def _split(lines: list[Line], depth: int) -> list[list[Line]]:
    edge = _gutter(lines) if depth < 4 else None
    if edge is None:
        return [sorted(lines, key=lambda line: (-line.y0, line.x0))] if lines else []
    found: list[list[Line]] = []
    single: list[Line] = []
    wide = sorted((line for line in lines if line.x0 < edge - 2 and line.x1 > edge), key=lambda line: -line.y0)
    barred = set(wide)
    above = float("inf")
    for bar in (*wide, None):
        below = bar.y0 if bar else float("-inf")
        part = [line for line in lines if below < line.y0 <= above and line not in barred]
        left, right = [p for p in part if p.x0 < edge - 2], [p for p in part if p.x0 >= edge - 2]
        if left and right and min(len(left), len(right)) > 1:
            left, after = _ended(left, right) if bar else (left, [])
            found += _split(single, depth + 1) + _split(left, depth + 1) + _split(right, depth + 1)
            single = after
        else:
            single += part
        single += [bar] if bar else []
        above = below
    return found + _split(single, depth + 1)


def _ended(left: list[Line], right: list[Line]) -> tuple[list[Line], list[Line]]:
    """Divide what stands at the left where both columns have ended: a short heading of full width, say."""
    foot = min(line.y0 for line in right)
    ordered = sorted(left, key=lambda line: -line.y0)
    for index, line in enumerate(ordered[1:], start=1):
        if line.y1 < foot and ordered[index - 1].y0 - line.y1 > 0.8 * line.size:
            return ordered[:index], ordered[index:]
    return left, []


def _gutter(lines: Sequence[Line]) -> float | None:
    """Return where a second column begins, or None if there is none."""
    starts = Counter(round(line.x0) for line in lines)
    best: tuple[int, int, float] | None = None
    for start, _count in starts.most_common(100):
        left = [line for line in lines if line.x1 < start - 2]
        right = [line for line in lines if line.x0 >= start - 2]
        few = min(len(left), len(right))
        if few < 2 or (best and few < best[0]):
            continue
        top = min(max(line.y1 for line in left), max(line.y1 for line in right))
        foot = max(min(line.y0 for line in left), min(line.y0 for line in right))
        crossing = sum(1 for line in lines if line.x0 < start - 2 <= line.x1 and foot < line.y0 < top)
        if top - foot < 2 * right[0].size or crossing > few / 2 or (best and (few, -crossing) <= best[:2]):
            continue
        beside = [[line for line in side if foot <= line.y0 < top] for side in (left, right)]
        if all(map(_is_prose, beside)) or (crossing <= 0.1 * few and _are_apart(*beside)):
            best = few, -crossing, float(start)
    return best[2] if best else None


def _are_apart(left: Sequence[Line], right: Sequence[Line]) -> bool:
    """Return True for lines that do not stand in rows with those beside them, whatever they are: lists, formulas."""
    few, many = sorted(([line.y0 for line in side] for side in (left, right)), key=len)
    level = sum(1 for y in few if any(abs(y - other) < 1 for other in many))
    widths = sorted(max(line.x1 for line in side) - min(line.x0 for line in side) for side in (left, right) if side)
    return len(few) >= ROWS and level < 0.3 * len(few) and widths[0] >= NARROWEST * widths[-1]


def _is_prose(side: Sequence[Line]) -> bool:
    """Return True for lines that fill a column, rather than cells in rows."""
    if not side:
        return False
    rows = list(_same_row(side))
    letters_ = median(sum(len(piece.text) for piece in row) for row in rows)
    width = max(line.x1 for line in side) - min(line.x0 for line in side)
    return letters_ >= NARROW and median(sum(piece.x1 - piece.x0 for piece in row) for row in rows) >= FILLED * width


def _pieces(lines: Sequence[Line]) -> list[Line]:
    """Put together words in several types and labels with their items; drop what is drawn twice."""
    found: list[Line] = []
    for row in _same_row(lines):
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


def _same_row(lines: Sequence[Line]) -> Iterator[list[Line]]:
    """Give the lines by rows, from the left in each."""
    row: list[Line] = []
    for line in sorted(lines, key=lambda line: -(line.y0 + line.y1)):
        middle = (line.y0 + line.y1) / 2
        if row and abs((row[0].y0 + row[0].y1) / 2 - middle) > 0.4 * min(line.size, row[0].size):
            yield sorted(row, key=lambda piece: piece.x0)
            row = []
        row.append(line)
    if row:
        yield sorted(row, key=lambda piece: piece.x0)


def _initials(lines: list[Line]) -> list[Line]:
    """Give big initials to the line whose first letter they are."""
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
    """Make one line of what stands side by side; in three rows or more of short pieces it is a table."""
    rows = list(_same_row(column))
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
    """Give the spans of rows that are tables, and single rows between them."""
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
    """Return True for three rows or more whose cells are short and stand under each other."""
    if len(rows) < 3 or median(max(len(cell.text) for cell in row) for row in rows) > CELL:
        return False
    edges = Counter(edge for row in rows for cell in row[1:] for edge in _edges(cell))
    under = [max(edges[edge] for edge in _edges(cell)) > 1 for row in rows for cell in row[1:]]
    filled = median(sum(cell.x1 - cell.x0 for cell in row) / (row[-1].x1 - row[0].x0) for row in rows)
    return sum(under) > 0.6 * len(under) and filled < 0.85


def _edges(cell: Line) -> set[tuple[str, int]]:
    return {("left", round(cell.x0 / 2)), ("middle", round((cell.x0 + cell.x1) / 4)), ("right", round(cell.x1 / 2))}


def _wraps(rows: Sequence[Sequence[Line]], start: int, at: int) -> bool:
    """Return True for a short line between two rows of a table: the rest of a cell."""
    if at == start or at + 1 >= len(rows) or len(rows[at + 1]) < 2 or len(rows[at - 1]) < 2:
        return False
    line = rows[at][0]
    return len(line.text) <= CELL and rows[at - 1][0].y0 - rows[at + 1][0].y0 < 4 * line.size
