# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules for chapters in each format: Podlove Simple Chapters, JSON, timestamps in the show notes, ID3 frames.

Each format is parsed into (seconds, title) pairs, checked, and compared with the others: apps differ in the format that
they use, so all must have the same chapters.
"""

import html
import json
import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any, TypeGuard

from podcast.check import values
from podcast.check.findings import Finding
from podcast.check.location import Spot

Mark = tuple[float, str]
"""Start of a chapter in seconds, and its title."""

STAMP = re.compile(r"(?:^|\n)\s*\(?((?:\d{1,2}:)?\d{1,2}:\d{2})\)?[\s–—-]+(\S[^\n]*)")
TOLERANCE = 1.0
"""Seconds; timestamps in show notes have no fractions."""


def podlove(spot: Spot) -> tuple[list[Mark], list[Finding]]:
    """Parse the chapters in an item (Podlove Simple Chapters 1.2); return them with the findings."""
    box = spot.one("psc:chapters")
    if box is None:
        return [], []
    found: list[Finding] = []
    marks: list[Mark] = []
    if box.get("version") not in {"1.0", "1.1", "1.2"}:
        found.append(spot.wrong("chapters-version", box, str(box.get("version") or "missing")))
    for element in Spot(box, spot.name).all("psc:chapter"):
        start = values.play_time(str(element.get("start") or ""))
        title = str(element.get("title") or "").strip()
        if start is None:
            found.append(spot.wrong("chapters-time", element, str(element.get("start") or "missing")))
            continue
        if not title:
            found.append(spot.wrong("chapters-title", element))
        for name in ("href", "image"):
            if element.get(name):
                found += spot.address(element, str(element.get(name)), https=name == "image")
        marks.append((start, title))
    return marks, found


def of_json(data: bytes, place: str, about: str) -> tuple[list[Mark], list[str], list[Finding]]:
    """Parse a chapters file (JSON Chapters 1.2.0); return chapters, the URLs of their images, and the findings."""

    def wrong(rule: str, said: object = "") -> Finding:
        return Finding(rule, place, about, str(said)[:200])

    try:
        whole = json.loads(data.decode("utf-8"))
        items = [dict(chapter) for chapter in whole["chapters"]]
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        return [], [], [wrong("chapters-broken", values.broken(error))]
    found: list[Finding] = []
    if whole.get("version") not in {"1.0.0", "1.1.0", "1.2.0"}:
        found.append(wrong("chapters-version", whole.get("version") or "missing"))
    marks: list[Mark] = []
    for item in items:
        found += [wrong(rule, said) for rule, said in _faults(item)]
        if _has_valid_times(item) and _is_listed(item):
            marks.append((float(item["startTime"]), _title(item)))
    return marks, [str(item["img"]) for item in items if item.get("img")], found


def _faults(item: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield the rules that a JSON chapter breaks, each with the value; invalid times hide other faults."""
    start = item.get("startTime")
    if not _has_valid_times(item):
        yield "chapters-time", f"startTime {start}, endTime {item.get('endTime')}"
        return
    if _is_listed(item) and not _title(item):
        yield "chapters-title", f"at {start} s"
    for name in ("url", "img"):
        if item.get(name) and (rule := values.address(str(item[name]), https=name == "img")):
            yield rule, f"{name}: {item[name]}"


def _is_listed(item: dict[str, Any]) -> bool:
    """Return True if a chapter is in the table of contents; others only change the image."""
    return item.get("toc") is not False


def _title(item: dict[str, Any]) -> str:
    return str(item.get("title") or "").strip()


def _has_valid_times(item: dict[str, Any]) -> bool:
    """Return True if a chapter has a valid start, and no end before it."""
    start, end = item.get("startTime"), item.get("endTime")
    return _is_time(start) and (end is None or (_is_time(end) and end >= start))


def _is_time(value: Any) -> TypeGuard[float]:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < 1e7


def of_notes(notes: str) -> list[Mark]:
    """Parse the chapters from timestamps in show notes, which may be HTML."""
    text = html.unescape(re.sub(r"<[^>]{0,1000}>", "", re.sub(r"(?i)<br\s*/?>|</(?:p|li|div|h\d)>", "\n", notes)))
    found = [(values.duration(stamp), title.strip()) for stamp, title in STAMP.findall(text)]
    return [(start, title) for start, title in found if start is not None]


def timed(marks: Sequence[Mark], duration: float | None, place: str, about: str) -> Iterator[Finding]:
    """Find chapters that are out of order or start after `duration` seconds, the end of the audio.

    Two may start in the same second if the times have no fractions.
    """
    exact = any(start % 1 for start, _ in marks)
    for (before, _), (start, title) in pairwise(marks):
        if start < before or (exact and start == before):
            yield Finding("chapters-order", place, about, f"“{title}” at {start:g} s comes after {before:g} s")
    for start, title in marks:
        if duration is not None and start >= duration + TOLERANCE:
            yield Finding("chapters-late", place, about, f"“{title}” at {start:g} s; the audio ends at {duration:g} s")


def compare(forms: Sequence[tuple[str, Sequence[Mark]]], place: str, about: str) -> Iterator[Finding]:
    """Find formats, as (name, marks), whose chapters differ from those of the first."""
    known = [(name, marks) for name, marks in forms if marks]
    for name, marks in known[1:]:
        first, wanted = known[0]
        if len(marks) != len(wanted):
            yield Finding("chapters-differ", place, about, f"{len(wanted)} chapters in {first}, {len(marks)} in {name}")
            continue
        for (start, title), (at, called) in zip(wanted, marks, strict=True):
            if abs(start - at) > TOLERANCE or not _same(title, called):
                said = f"“{title}” at {start:g} s in {first}, “{called}” at {at:g} s in {name}"
                yield Finding("chapters-differ", place, about, said)
                break


def _same(one: str, other: str) -> bool:
    """Return True if two titles are equal, except for white space and truncation with an ellipsis."""
    one, other = (" ".join(text.split()) for text in (one, other))
    cut = min((text for text in (one, other) if text.endswith("…")), key=len, default="")
    return one == other or (bool(cut) and (one + other).count(cut[:-1].rstrip()) >= 2)
