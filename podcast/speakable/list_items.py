# SPDX-License-Identifier: GPL-3.0-or-later
"""Find the items of a list that was written in one line: `1. Eggs 2. Milk`, `a) here b) there`, `• one • two`.

Markers are items of a list if they count on, and the first one begins a sentence. A number with a dot may also be an
ordinal (`1. Mai`) or end a sentence, so more is asked of it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_BULLETS = "•⁃◦▪‣●"
_COUNT = r"\(?(?:[0-9]{1,2}|[A-Za-z]|[ivx]{2,4})(?:\.\)|\.|\))"
_MARKER = re.compile(
    rf"(?<!\S)(?:(?P<bullet>[{_BULLETS}])\s*(?:(?P<one>{_COUNT})\s+)?|(?P<other>{_COUNT})\s+)(?=[^\W_]|[\"'«“„¿¡(])"
)
_PARTS = re.compile(r"\(?(?:(?P<number>[0-9]+)|(?P<letter>[A-Za-z]+))(?P<form>.+)")
_ROMAN = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii")
_BEGINS = re.compile(r"(?:\A|[.!?…:;»”\")]|\A[\"'«“„])\s*\Z")
"""The text before the first marker of a list."""
_NONE: tuple[frozenset[int], frozenset[int]] = (frozenset(), frozenset())
_HANGING = ",–—-(/&+"
"""Marks before a marker within a sentence: `a) now, b) later`."""


@dataclass(frozen=True, slots=True)
class Marker:
    """The marker of an item, and what it counts."""

    start: int
    end: int
    kind: str
    """What the items of one list have in common, such as `1)` or `•`."""
    value: int
    """0 for a bullet."""
    capital: bool
    """True if the item begins with a capital."""


def list_items(text: str, *, ordinals: bool) -> tuple[frozenset[int], frozenset[int]]:
    """Return the offsets at which the items of lists in a line begin, and those at which their markers end.

    A marker within a sentence only has an end. `ordinals` is True if `1.` is also an ordinal.
    """
    matches = list(_MARKER.finditer(text))
    if len(matches) < 2:
        return _NONE
    lists = [run for run in _runs(text, matches) if _is_list(text, run, ordinals=ordinals)]
    begun = {one.start for run in lists if not _hangs(text, run) for one in run}
    led = {run[0].start for run in lists if _is_led(text, run[0])}
    return frozenset(begun - led - {0}), frozenset(one.end for run in lists for one in run)


def _runs(text: str, matches: list[re.Match[str]]) -> list[list[Marker]]:
    """Group the markers that count on: `1.`, `2.`, `3.`."""
    runs: dict[str, list[Marker]] = {}
    done: list[list[Marker]] = []
    for marker in _markers(text, matches):
        run = runs.setdefault(marker.kind, [])
        if run and marker.value == run[-1].value + (marker.value > 0):
            run.append(marker)
        elif not run or not _is_within(run, marker):
            done.append(run)
            runs[marker.kind] = [marker]
    return [*done, *runs.values()]


def _is_within(run: list[Marker], marker: Marker) -> bool:
    """Return True if a marker that does not count on is text of the last item: `2. Add 5. Mix.`."""
    return len(run) > 1 and marker.value > run[-1].value + 1


def _markers(text: str, matches: list[re.Match[str]]) -> Iterator[Marker]:
    """Yield the markers in a text; a single `i` counts as a Roman number and as a letter."""
    for match in matches:
        start, end = match.span()
        bullet = match["bullet"] or ""
        rest = text[end : end + 2].lstrip("\"'«“„¿¡(")
        capital = rest[:1].isupper() or rest[:1].isdigit()
        parts = _PARTS.fullmatch(match["one"] or match["other"] or "")
        if parts is None:
            yield Marker(start, end, bullet, 0, capital)
            continue
        kind, letter = bullet + parts["form"], parts["letter"]
        if not letter:
            yield Marker(start, end, kind + "1", int(parts["number"]), capital)
        elif letter in _ROMAN:
            yield Marker(start, end, kind + "i", _ROMAN.index(letter) + 1, capital)
        if letter and len(letter) == 1:
            yield Marker(start, end, kind + ("A" if letter.isupper() else "a"), ord(letter.lower()) - 96, capital)


def _is_list(text: str, run: list[Marker], *, ordinals: bool) -> bool:
    if len(run) < 2 or not _BEGINS.search(text, 0, run[0].start):
        return False
    kind, first = run[0].kind, run[0].value
    if kind[0] in _BULLETS:
        return True
    if not (all(one.capital for one in run) or len(run) > 2):
        return False
    if ")" in kind:
        return first == 1 or len(run) > 2
    closed = all(_last(text, one.start) in ".!?…:;" for one in run[1:])
    return first == 1 and (closed or not ordinals or len(run) > 2)


def _hangs(text: str, run: list[Marker]) -> bool:
    """Return True if a list is one sentence: `a) now, b) later`."""
    return any(_last(text, one.start) in _HANGING for one in run[1:])


def _is_led(text: str, first: Marker) -> bool:
    """Return True if a colon precedes the first item of a list."""
    return _last(text, first.start) == ":"


def _last(text: str, place: int) -> str:
    """Return the last character before a place that is not white space."""
    return text[max(0, place - 20) : place].rstrip()[-1:]
