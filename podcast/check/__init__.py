# SPDX-License-Identifier: GPL-3.0-or-later
"""A feed and the files that it names -> what breaks a rule of the directories, apps and specifications.

    bytes -> document (XML) -> channel, item, namespace (the elements) -> chapters, transcripts, sound, art (the files)

Which rules there are is a table, rules.tsv. Whoever calls says how files are looked at (`look`): those of a show on
this machine all are, those of somebody else's feed only if they may be fetched. Nothing here reads or writes by itself.
"""

import datetime as dt
import hashlib
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from podcast.check import art, channel, chapters, item, namespace, pages, sound, transcripts, values
from podcast.check.document import parse
from podcast.check.findings import LEVELS, RULES, CheckRule, Finding, Level
from podcast.check.location import Spot
from podcast.disclosure import all_words

__all__ = ["LEVELS", "RULES", "CheckRule", "FeedCheck", "Finding", "Level", "Missing", "check", "pages"]


@dataclass(frozen=True, slots=True)
class Missing:
    """A file that cannot be had."""

    why: str


Look = Callable[[str], bytes | Missing | None]
"""Address -> the bytes there; None if it is not to be looked at."""


def _nothing(_address: str) -> None:
    return None


@dataclass(frozen=True)
class FeedCheck:
    """What is to be checked, and how."""

    data: bytes
    """Of the feed."""
    name: str
    """The feed's file or address, as findings name it."""
    now: dt.datetime
    categories: Mapping[str, Sequence[str]]
    """Apple's, with their subcategories."""
    fetched: str = ""
    """The address that the feed is from."""
    look: Look = _nothing
    place: Callable[[str], str] = str
    """Address of a file -> how findings name it."""
    kept: Collection[str] = ()
    """Guids of episodes that were made elsewhere, and are as they were."""
    page: bool = False
    """A further page of a feed in pages: it need not have the newest episodes."""
    seen: set[str] = field(default_factory=set)
    """What has been looked at: pictures that many episodes share are told once."""


def check(task: FeedCheck) -> list[Finding]:
    """Return what is wrong with a feed and its files, in the order of the document."""
    root, found = parse(task.data, task.name)
    if root is None:
        return found
    spot = Spot(root, task.name)
    found += channel.check(spot, fetched=task.fetched, categories=task.categories)
    found += namespace.check(spot)
    found += _pictures(task, spot)
    serial = spot.text("itunes:type") == "serial"
    items = [_item(task, element) for element in root.findall("item")]
    if not items and not task.page:
        found.append(spot.wrong("channel-empty"))
    for one in items:
        alone = [
            *item.check(one, show=spot.text("title"), now=task.now, serial=serial),
            *namespace.check(one, duration=values.duration(one.text("itunes:duration"))),
            *_spoken(one),
            *_files(task, one),
        ]
        found += [replace(each, kept=True) for each in alone] if one.kept else alone
    found += item.together(items, serial=serial)
    return found


def _item(task: FeedCheck, element: Any) -> Spot:
    spot = Spot(element, "")
    title, guid = spot.text("title"), spot.text("guid")
    return Spot(element, task.name, title or guid or "untitled episode", guid in task.kept)


def _spoken(spot: Spot) -> Iterator[Finding]:
    """Find episodes of a machine voice that do not say so, in tag and sentence (Apple's content guidelines)."""
    narrators = [e for e in spot.all("podcast:person") if (e.get("role") or "").lower() == "narrator"]
    marks = tuple(f"({words.voice})" for words in all_words())
    if not any((e.text or "").strip().endswith(marks) for e in narrators):
        return
    if not any(e.get("purpose") == "ai-content" for e in spot.all("podcast:txt")):
        yield spot.wrong("ai-content")
    notes = spot.text("description") + spot.text("content:encoded")
    if not any(words.narrated in notes for words in all_words()):
        yield spot.wrong("ai-sentence")


def _pictures(task: FeedCheck, spot: Spot) -> Iterator[Finding]:
    for element in spot.all("itunes:image"):
        url = str(element.get("href") or "")
        data = _once(task, url)
        if isinstance(data, bytes):
            yield from art.check(data, url, task.place(url), spot.about)
        elif data is not None:
            yield Finding("file-missing", task.place(url), spot.about, data.why)
    yield from _there(task, spot, [str(element.get("href") or "") for element in spot.all("podcast:image")])
    yield from _there(task, spot, [str(e.get("image") or "") for e in spot.all("psc:chapters/psc:chapter")])


def _there(task: FeedCheck, spot: Spot, urls: Sequence[str]) -> Iterator[Finding]:
    """Find pictures that cannot be had, whatever they look like."""
    for url in urls:
        if isinstance(data := _once(task, url), Missing):
            yield Finding("file-missing", task.place(url), spot.about, data.why)


def _once(task: FeedCheck, url: str) -> bytes | Missing | None:
    """Return a file that many elements may name, the first time."""
    if not url or url in task.seen:
        return None
    task.seen.add(url)
    return task.look(url)


def _files(task: FeedCheck, spot: Spot) -> Iterator[Finding]:
    yield from _pictures(task, spot)
    said = values.duration(spot.text("itunes:duration"))
    seconds, marks, found = _sound(task, spot, said)
    yield from found
    duration = seconds if seconds is not None else said
    forms, found = _chapters(task, spot, duration)
    yield from found
    where = f"{task.name}:{spot.element.sourceline}"
    yield from chapters.alike([*forms, ("the ID3 tag", marks)], where, spot.about)
    yield from _transcripts(task, spot, duration)
    yield from _alternates(task, spot)


def _sound(task: FeedCheck, spot: Spot, said: float | None) -> tuple[float | None, list[chapters.Mark], list[Finding]]:
    """Return how long the enclosure lasts, the chapters in its tag, and what is wrong with it."""
    element = spot.one("enclosure")
    url = "" if element is None else str(element.get("url") or "")
    data = task.look(url) if url else None
    place = task.place(url)
    if isinstance(data, Missing):
        return None, [], [Finding("file-missing", place, spot.about, data.why)]
    if data is None:
        return None, [], []
    found: list[Finding] = []
    if str(element.get("length")) != str(len(data)):
        found.append(
            spot.wrong("file-length", element, f"{element.get('length')} in the feed, {len(data)} in the file")
        )
    if element.get("type") != "audio/mpeg":
        return None, [], found
    seconds, wrong = sound.check(data, place, spot.about)
    marks, more = sound.tag(data, spot.text("title"), seconds, place, spot.about)
    found += [*wrong, *more]
    if seconds is not None and said is not None and abs(seconds - said) > 1.1:
        found.append(
            spot.wrong(
                "item-duration-wrong",
                spot.one("itunes:duration"),
                f"{said:g} s in the feed, {seconds:.1f} s in the file",
            )
        )
    return seconds, marks, found


def _chapters(
    task: FeedCheck, spot: Spot, duration: float | None
) -> tuple[list[tuple[str, Sequence[chapters.Mark]]], list[Finding]]:
    marks, found = chapters.podlove(spot)
    forms: list[tuple[str, Sequence[chapters.Mark]]] = [("psc:chapters", marks)]
    found += chapters.timed(marks, duration, f"{task.name}:{spot.element.sourceline}", spot.about)
    element = spot.one("podcast:chapters")
    url = "" if element is None else str(element.get("url") or "")
    data = task.look(url) if url else None
    if isinstance(data, Missing):
        found.append(Finding("file-missing", task.place(url), spot.about, data.why))
    elif data is not None:
        marks, pictures, wrong = chapters.of_json(data, task.place(url), spot.about)
        found += [*wrong, *_there(task, spot, pictures), *chapters.timed(marks, duration, task.place(url), spot.about)]
        forms.append(("the JSON file", marks))
    stamps = chapters.of_notes(spot.text("content:encoded") or spot.text("description"))
    if len(stamps) >= 3 and stamps[0][0] != 0:
        found.append(spot.wrong("chapters-start", said=f"the first is at {stamps[0][0]:g} s"))
    if len(stamps) >= 3:
        found += chapters.timed(stamps, duration, f"{task.name}:{spot.element.sourceline}", spot.about)
        forms.append(("the show notes", stamps))
    return forms, found


def _transcripts(task: FeedCheck, spot: Spot, duration: float | None) -> Iterator[Finding]:
    read: list[tuple[str, transcripts.Transcript]] = []
    for element in spot.all("podcast:transcript"):
        url, kind = str(element.get("url") or ""), str(element.get("type") or "")
        data = task.look(url) if url else None
        if isinstance(data, Missing):
            yield Finding("file-missing", task.place(url), spot.about, data.why)
        elif data is not None and kind in transcripts.READERS:
            one, found = transcripts.check(data, kind, duration, task.place(url), spot.about)
            yield from found
            read.append((kind, one))
    yield from transcripts.alike(read, f"{task.name}:{spot.element.sourceline}", spot.about)


def _alternates(task: FeedCheck, spot: Spot) -> Iterator[Finding]:
    for element in spot.all("podcast:alternateEnclosure"):
        inner = Spot(element, spot.name, spot.about)
        proof = inner.one("podcast:integrity")
        for source in inner.all("podcast:source"):
            url = str(source.get("uri") or "")
            data = task.look(url) if url else None
            if isinstance(data, Missing):
                yield Finding("file-missing", task.place(url), spot.about, data.why)
            if not isinstance(data, bytes):
                continue
            length = element.get("length")
            if length not in {None, str(len(data))}:
                yield inner.wrong("alternate-length", element, f"{length} in the feed, {len(data)} in the file")
            told = namespace.digest(str(proof.get("value") or "")) if proof is not None else None
            if told and hashlib.new(told[0], data).digest() != told[1]:
                yield inner.wrong("alternate-integrity", proof, str(proof.get("value")))
