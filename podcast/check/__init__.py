# SPDX-License-Identifier: GPL-3.0-or-later
"""Check of a feed and its files against the rules of directories, apps and specifications (`podcast check`).

    bytes -> document (XML) -> channel, item, namespace (the elements) -> chapters, transcripts, sound, art (the files)

The rules are in rules.tsv. The caller provides the files through `look`: all of a local show, those of a remote feed
only if downloads are allowed. Nothing here reads or writes files.
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
    """A file that could not be read or fetched."""

    why: str


Look = Callable[[str], bytes | Missing | None]
"""URL -> content of the file; None if it is not to be checked."""


def _skip(_address: str) -> None:
    return None


@dataclass(frozen=True)
class FeedCheck:
    """The feed to check, and how."""

    data: bytes
    """Content of the feed."""
    name: str
    """Path or URL of the feed, for findings."""
    now: dt.datetime
    categories: Mapping[str, Sequence[str]]
    """Apple's categories -> subcategories."""
    fetched: str = ""
    """URL that the feed was fetched from; empty for a file."""
    look: Look = _skip
    place: Callable[[str], str] = str
    """URL of a file -> its name in findings."""
    kept: Collection[str] = ()
    """Guids of imported episodes, which stay as they were published."""
    page: bool = False
    """Whether this is a further document of a paged feed, which may have no episodes."""
    seen: set[str] = field(default_factory=set)
    """URLs already checked, so that an image shared by many episodes is reported once."""


def check(task: FeedCheck) -> list[Finding]:
    """Return the findings on a feed and its files, in the order of the document."""
    root, found = parse(task.data, task.name)
    if root is None:
        return found
    spot = Spot(root, task.name)
    found += channel.check(spot, fetched=task.fetched, categories=task.categories)
    found += namespace.check(spot)
    found += _images(task, spot)
    serial = spot.text("itunes:type") == "serial"
    items = [_item(task, element) for element in root.findall("item")]
    if not items and not task.page:
        found.append(spot.wrong("channel-empty"))
    for one in items:
        alone = [
            *item.check(one, show=spot.text("title"), now=task.now, serial=serial),
            *namespace.check(one, duration=values.duration(one.text("itunes:duration"))),
            *_ai_disclosure(one),
            *_files(task, one),
        ]
        found += [replace(each, kept=True) for each in alone] if one.kept else alone
    found += item.check_all(items, serial=serial)
    return found


def _item(task: FeedCheck, element: Any) -> Spot:
    spot = Spot(element, "")
    title, guid = spot.text("title"), spot.text("guid")
    return Spot(element, task.name, title or guid or "untitled episode", guid in task.kept)


def _ai_disclosure(spot: Spot) -> Iterator[Finding]:
    """Find episodes with a synthetic voice that lack the tag or the sentence (Apple's content guidelines)."""
    narrators = [e for e in spot.all("podcast:person") if (e.get("role") or "").lower() == "narrator"]
    marks = tuple(f"({words.voice})" for words in all_words())
    if not any((e.text or "").strip().endswith(marks) for e in narrators):
        return
    if not any(e.get("purpose") == "ai-content" for e in spot.all("podcast:txt")):
        yield spot.wrong("ai-content")
    notes = spot.text("description") + spot.text("content:encoded")
    if not any(words.narrated in notes for words in all_words()):
        yield spot.wrong("ai-sentence")


def _images(task: FeedCheck, spot: Spot) -> Iterator[Finding]:
    for element in spot.all("itunes:image"):
        url = str(element.get("href") or "")
        data = _look_once(task, url)
        if isinstance(data, bytes):
            yield from art.check(data, url, task.place(url), spot.about)
        elif data is not None:
            yield Finding("file-missing", task.place(url), spot.about, data.why)
    yield from _missing_images(task, spot, [str(element.get("href") or "") for element in spot.all("podcast:image")])
    yield from _missing_images(task, spot, [str(e.get("image") or "") for e in spot.all("psc:chapters/psc:chapter")])


def _missing_images(task: FeedCheck, spot: Spot, urls: Sequence[str]) -> Iterator[Finding]:
    """Find images that cannot be read or fetched; their content is not checked."""
    for url in urls:
        if isinstance(data := _look_once(task, url), Missing):
            yield Finding("file-missing", task.place(url), spot.about, data.why)


def _look_once(task: FeedCheck, url: str) -> bytes | Missing | None:
    """Return a file on its first use; None afterwards."""
    if not url or url in task.seen:
        return None
    task.seen.add(url)
    return task.look(url)


def _files(task: FeedCheck, spot: Spot) -> Iterator[Finding]:
    yield from _images(task, spot)
    said = values.duration(spot.text("itunes:duration"))
    seconds, marks, found = _enclosure(task, spot, said)
    yield from found
    duration = seconds if seconds is not None else said
    forms, found = _chapters(task, spot, duration)
    yield from found
    where = f"{task.name}:{spot.element.sourceline}"
    yield from chapters.compare([*forms, ("the ID3 tag", marks)], where, spot.about)
    yield from _transcripts(task, spot, duration)
    yield from _alternates(task, spot)


def _enclosure(
    task: FeedCheck, spot: Spot, said: float | None
) -> tuple[float | None, list[chapters.Mark], list[Finding]]:
    """Return the duration of the enclosure in seconds, the chapters in its ID3 tag, and the findings."""
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
        found += [
            *wrong,
            *_missing_images(task, spot, pictures),
            *chapters.timed(marks, duration, task.place(url), spot.about),
        ]
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
    yield from transcripts.compare(read, f"{task.name}:{spot.element.sourceline}", spot.about)


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
