# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules for episodes: each item by itself, and all check_all (guids, enclosures, dates and numbers must differ)."""

import datetime as dt
import itertools
import re
from collections.abc import Iterator, Sequence
from posixpath import splitext
from typing import Any
from urllib.parse import unquote, urlsplit

from podcast.check import values
from podcast.check.channel import YES
from podcast.check.document import text_of
from podcast.check.findings import Finding
from podcast.check.location import Spot

MAX_DESCRIPTION_BYTES = 4_000
TYPES = {
    "audio/mpeg": {".mp3"},
    "audio/x-m4a": {".m4a"},
    "audio/mp4": {".m4a", ".mp4"},
    "audio/aac": {".aac"},
    "audio/ogg": {".ogg", ".opus", ".oga"},
    "audio/opus": {".opus", ".ogg"},
    "video/mp4": {".mp4"},
    "video/x-m4v": {".m4v"},
    "video/quicktime": {".mov"},
    "application/pdf": {".pdf"},
}
"""Media type of enclosures -> file extensions. Apple accepts MP3, AAC, MP4, MOV and PDF."""
APPLE_TYPES = frozenset(TYPES) - {"audio/ogg", "audio/opus", "audio/aac", "audio/mp4"}
UNIQUE = frozenset(
    (
        *("title", "link", "description", "guid", "pubDate", "content:encoded", "itunes:duration", "itunes:episode"),
        *("itunes:season", "itunes:episodeType", "itunes:explicit", "itunes:image", "itunes:title", "podcast:chapters"),
        *("podcast:episode", "podcast:season", "psc:chapters"),
    )
)
PLAIN_TEXT = frozenset(("title", "itunes:title", "itunes:author", "itunes:subtitle"))
DESCRIPTION_TAGS = frozenset(("p", "ol", "ul", "li", "a", "b", "i", "strong", "em", "br"))
"""HTML tags that Apple supports in a description."""
NUMBERED = re.compile(
    r"(?i)(?<![\w&])(?:#\s?\d{1,4}\b|s\d{1,2}\s?[ex·.:-]\s?e?\d{1,4}\b|"
    r"(?:[eé]p(?:isode)?|folge|epis[oó]dio)\.?\s?(?:n[o°]\s?)?\d{1,4}\b)"
    r"|^(?!(?:19|20)\d\d\b)\d{1,4}\s?[-–—:|.]\s"
)
"""Matches an episode number in a title, but not years (1984 – …) or parts of names (C# 12, Step 3, iOS17)."""
ACTIVE_CONTENT = re.compile(
    r"(?i)<\s*(?:script|iframe|object|embed|style|link|meta|base|form|svg|math)\b|<[^>]+\son[a-z]{3,20}\s*=|"
    r"(?:href|src|action|xlink:href)\s*=\s*[\"']?[\s\x00-\x20]*(?:javascript|vbscript|data\s*:\s*text/html)\s*:?"
)
"""Matches HTML that runs code or loads something when the show notes are displayed."""


def check(spot: Spot, *, show: str, now: dt.datetime, serial: bool) -> Iterator[Finding]:
    """Yield the findings on one episode; `show` is the show's title."""
    yield from spot.once(UNIQUE, "item-twice")
    yield from spot.values(PLAIN_TEXT)
    yield from _title(spot, show)
    yield from _enclosure(spot)
    yield from _guid(spot)
    yield from _date(spot, now)
    yield from _notes(spot)
    yield from _apple(spot)
    yield from _numbers(spot, serial=serial)
    if spot.one("podcast:transcript") is None:
        yield spot.wrong("item-transcript")
    if not any(spot.one(name) is not None for name in ("podcast:chapters", "psc:chapters")):
        yield spot.wrong("item-chapters")


def _title(spot: Spot, show: str) -> Iterator[Finding]:
    title = spot.text("title") or spot.text("itunes:title")
    if not title:
        yield spot.wrong("item-title")
        return
    if NUMBERED.search(title):
        yield spot.wrong("item-title-number", spot.one("title"), title)
    if show and re.search(rf"(?i)(?:^{re.escape(show)}\s?[-–—:|#(]|[-–—:|(]\s?{re.escape(show)}\W*$)", title):
        yield spot.wrong("item-title-show", spot.one("title"), title)


def _enclosure(spot: Spot) -> Iterator[Finding]:
    found = spot.all("enclosure")
    if not found:
        yield spot.wrong("item-enclosure")
    if len(found) > 1:
        yield spot.wrong("item-enclosure-many", found[1])
    for element in found[:1]:
        url, kind, length = (str(element.get(name) or "") for name in ("url", "type", "length"))
        yield from spot.address(element, url)
        if kind not in APPLE_TYPES:
            yield spot.wrong("item-enclosure-type", element, kind or "missing")
        elif splitext(unquote(urlsplit(url).path).lower())[1] not in TYPES[kind]:
            yield spot.wrong("item-enclosure-extension", element, f"{kind}: {url}")
        if not re.fullmatch(r"[1-9]\d{0,14}", length):
            yield spot.wrong("item-enclosure-length", element, length or "missing")


def _guid(spot: Spot) -> Iterator[Finding]:
    element, guid = spot.one("guid"), spot.text("guid")
    if not guid:
        yield spot.wrong("item-guid", element)
        return
    if text_of(element) != guid:
        yield spot.wrong("value-trim", element, repr(text_of(element)))
    if element.get("isPermaLink", "true") != "false" and values.address(guid, https=False) == "address-form":
        yield spot.wrong("item-guid-permalink", element, guid)


def _date(spot: Spot, now: dt.datetime) -> Iterator[Finding]:
    element = spot.one("pubDate")
    if not spot.text("pubDate"):
        yield spot.wrong("item-date", element)
        return
    when, rule = values.date(text_of(element))
    if rule:
        yield spot.wrong(rule, element, text_of(element))
    if when is not None and when > now:
        yield spot.wrong("item-date-future", element, text_of(element))


def _notes(spot: Spot) -> Iterator[Finding]:
    description = spot.text("description")
    if not description and not spot.text("content:encoded") and not spot.text("itunes:summary"):
        yield spot.wrong("item-description")
    if (size := len(description.encode())) > MAX_DESCRIPTION_BYTES:
        yield spot.wrong("item-description-size", spot.one("description"), f"{size:,} bytes")
    others = sorted(
        {name.lower() for name in re.findall(r"</?([a-zA-Z][a-zA-Z0-9]*)[\s/>]", description)} - DESCRIPTION_TAGS
    )
    if others:
        yield spot.wrong("item-description-tags", spot.one("description"), ", ".join(others))
    for name in ("description", "content:encoded", "itunes:summary", "itunes:subtitle", "title"):
        for element in spot.all(name):
            if live := ACTIVE_CONTENT.search(text_of(element)):
                yield spot.wrong("item-live-markup", element, live[0])
    yield from spot.escaped(("description", "content:encoded", "itunes:summary"))


def _apple(spot: Spot) -> Iterator[Finding]:
    duration = spot.one("itunes:duration")
    if not spot.text("itunes:duration"):
        yield spot.wrong("item-duration", duration)
    elif not values.duration(text_of(duration).strip()):
        yield spot.wrong("item-duration-form", duration, text_of(duration))
    link = spot.one("link")
    if not spot.text("link"):
        yield spot.wrong("item-link", link)
    else:
        yield from spot.address(link, spot.text("link"), https=False)
    for image in spot.all("itunes:image"):
        yield from spot.address(image, str(image.get("href") or ""))
    yield from spot.choice("itunes:explicit", frozenset(("true", "false")), "item-explicit")
    yield from spot.choice("itunes:episodeType", frozenset(("full", "trailer", "bonus")), "item-type")
    yield from spot.choice("itunes:block", YES, "channel-yes")


def _numbers(spot: Spot, *, serial: bool) -> Iterator[Finding]:
    for name in ("itunes:episode", "itunes:season"):
        for element in spot.all(name):
            if not values.whole(text_of(element).strip()):
                yield spot.wrong("item-number", element, text_of(element))
    if serial and not spot.text("itunes:episode") and spot.text("itunes:episodeType") in {"", "full"}:
        yield spot.wrong("item-number-missing")
    for name in ("episode", "season"):
        theirs, ours = spot.text(f"itunes:{name}"), spot.text(f"podcast:{name}")
        if theirs and ours and theirs != ours:
            yield spot.wrong("item-number-differs", spot.one(f"podcast:{name}"), f"{ours}, itunes:{name} is {theirs}")


def check_all(spots: Sequence[Spot], *, serial: bool) -> Iterator[Finding]:
    """Yield findings that concern several episodes: duplicates and the order of dates."""
    yield from _duplicates(spots, "item-guid-twice", lambda spot: spot.text("guid"), "guid")
    yield from _duplicates(spots, "item-enclosure-twice", _url, "enclosure")
    yield from _duplicates(spots, "item-title-twice", lambda spot: spot.text("title"), "title")
    yield from _duplicates(spots, "item-number-twice", _number, "itunes:episode")
    dates = [values.date(spot.text("pubDate"))[0] for spot in spots]
    seen: dict[dt.datetime, str] = {}
    for spot, when in zip(spots, dates, strict=True):
        if when is not None and when in seen:
            yield spot.wrong("item-date-twice", spot.one("pubDate"), f"{spot.text('pubDate')}, also in “{seen[when]}”")
        elif when is not None:
            seen[when] = spot.text("title")
    known = [(spot, when) for spot, when in zip(spots, dates, strict=True) if when is not None]
    for (_, before), (spot, when) in itertools.pairwise(known):
        if when > before and not serial:
            yield spot.wrong("item-date-order", spot.one("pubDate"), spot.text("pubDate"))
            break


def _duplicates(spots: Sequence[Spot], rule: str, key: Any, path: str) -> Iterator[Finding]:
    seen: dict[str, str] = {}
    for spot in spots:
        value = key(spot)
        if value and value in seen:
            yield spot.wrong(rule, spot.one(path), f"{value}, also in “{seen[value]}”")
        elif value:
            seen[value] = spot.text("title")


def _url(spot: Spot) -> str:
    element = spot.one("enclosure")
    return "" if element is None else str(element.get("url") or "")


def _number(spot: Spot) -> str:
    number = spot.text("itunes:episode")
    full = spot.text("itunes:episodeType") in {"", "full"}
    return f"{spot.text('itunes:season') or 1}/{number}" if number and full else ""
