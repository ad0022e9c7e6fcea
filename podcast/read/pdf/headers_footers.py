# SPDX-License-Identifier: GPL-3.0-or-later
"""Find running headers, footers and page numbers: lines at the same position of several pages."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from podcast.read.pdf.lines import Line

EDGE = 0.15
"""Share of a page, at its top and at its bottom, in which headers, footers and page numbers are."""
OUTER = 3
"""Rows from the edge that may be headers or footers."""
HEAD = 80
"""Maximum length of a header."""

NUMBER = re.compile(r"\d+")
PAGE_NUMBER = re.compile(
    r"\W*(?:p\.|page|seite|página|pagina)?\W*(?:\d{1,5}|[ivxlc]{1,7})\W*(?:(?:/|of|sur|de|von|di)\s*\d{1,4})?\W*",
    re.IGNORECASE,
)


def headers_and_footers(pages: Sequence[Sequence[Line]], heights: Sequence[float], body: float) -> set[int]:
    """Return the `id`s of the lines that are headers, footers or page numbers; `body` is the size of the text."""
    edges = [
        (line, last) for page, height in zip(pages, heights, strict=True) for line, last in _edge_lines(page, height)
    ]
    repeated = _repeated([line for line, _ in edges], body)
    numbers = {id(line) for line, last in edges if last and PAGE_NUMBER.fullmatch(line.text)}
    outermost = [line for line, last in edges if last]
    return repeated | numbers | _beside_page_numbers(outermost, repeated, body)


def _repeated(lines: Sequence[Line], body: float) -> set[int]:
    """Return the `id`s of the lines that also occur on another page."""
    seen: Counter[tuple[Any, ...]] = Counter()
    for line in lines:
        seen.update(set(_keys(line, body)))
    return {id(line) for line in lines if any(seen[key] > 1 for key in _keys(line, body))}


def _beside_page_numbers(lines: Sequence[Line], repeated: set[int], body: float) -> set[int]:
    """Return the `id`s of headers beside a page number: the title of a chapter may be on one page only."""
    rows = {(line.page, round(line.y0)) for line in lines if line.text.isdigit() and id(line) in repeated}
    beside = [line for line in lines if (line.page, round(line.y0)) in rows]
    return {id(line) for line in beside if len(line.text) < HEAD and line.size <= 1.1 * body}


def _edge_lines(page: Sequence[Line], height: float) -> Iterator[tuple[Line, bool]]:
    """Yield the lines near the top and the bottom of a page, with True for those of the outermost row."""
    for sign, limit in ((-1, height * (1 - EDGE)), (1, -height * EDGE)):
        every = sorted(page, key=lambda line: sign * line.y0)
        lines = [line for line in every if -sign * line.y0 > limit]
        # small books have page numbers further inside, which count only if the next page has the next number
        yield from ((line, False) for line in every[:1] if not lines and line.text.isdigit())
        rows: list[float] = []
        for line in lines:
            if not rows or abs(line.y0 - rows[-1]) > 0.4 * line.size:
                rows.append(line.y0)
            if len(rows) > OUTER:
                break
            yield line, len(rows) == 1


def _keys(line: Line, body: float) -> Iterator[tuple[Any, ...]]:
    """Yield keys that are equal for the same header on other pages: position, and text without a page number."""
    place = round(line.y0 / 2)
    yield place, line.text
    if line.size <= 1.1 * body:
        for number in NUMBER.finditer(line.text[:200]):
            around = line.text[: number.start()], line.text[number.end() :]
            yield place, *around, int(number[0][:9]) - line.page
        if re.fullmatch(r"\W*[ivxlc]{1,7}\W*", line.text):
            yield place, "roman"
