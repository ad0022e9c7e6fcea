# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules for the elements of the channel: Apple's guide to RSS, PSP-1, RSS 2.0 and RFC 5005."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from podcast.check import values
from podcast.check.document import text_of
from podcast.check.findings import Finding
from podcast.check.location import Spot

MAX_DESCRIPTION_BYTES = 4_000
UNIQUE = frozenset(
    (
        *("title", "link", "description", "language", "copyright", "lastBuildDate", "pubDate", "generator", "image"),
        *("itunes:image", "itunes:author", "itunes:explicit", "itunes:type", "itunes:owner", "itunes:new-feed-url"),
        *("podcast:guid", "podcast:locked", "podcast:medium", "podcast:updateFrequency"),
    )
)
PLAIN_TEXT = frozenset(("title", "copyright", "generator", "itunes:author", "itunes:title"))
EMAIL = re.compile(r"[^@\s<>]+@[^@\s<>]+\.[^@\s<>.]+")
BOOLEAN = frozenset(("true", "false"))
PAGING = frozenset(("next", "prev", "first", "last", "prev-archive", "next-archive", "current", "hub"))
"""Relations of links whose URL must be valid: other pages of the feed (RFC 5005), and its hub."""
YES = frozenset(("Yes", "No", "no"))
"""Apple acts on Yes only; No is the same as a missing element."""


def check(spot: Spot, *, fetched: str, categories: Mapping[str, Sequence[str]]) -> Iterator[Finding]:
    """Yield the findings on a channel; `fetched` is the URL that it was fetched from, if any."""
    yield from spot.once(UNIQUE, "channel-twice")
    yield from spot.values(PLAIN_TEXT)
    if not spot.text("title"):
        yield spot.wrong("channel-title")
    description = spot.text("description")
    if not description:
        yield spot.wrong("channel-description")
    elif (size := len(description.encode())) > MAX_DESCRIPTION_BYTES:
        yield spot.wrong("channel-description-size", spot.one("description"), f"{size:,} bytes")
    yield from spot.escaped(("description", "itunes:summary"))
    if not values.language(spot.text("language")):
        yield spot.wrong("channel-language", spot.one("language"), spot.text("language"))
    yield from _apple(spot)
    yield from _category(spot, categories)
    yield from _owner(spot)
    yield from _links(spot, fetched)
    yield from _other(spot)


def _apple(spot: Spot) -> Iterator[Finding]:
    image = spot.one("itunes:image")
    if image is None or not image.get("href"):
        yield spot.wrong("channel-image", image)
    else:
        yield from spot.address(image, str(image.get("href")))
    if spot.text("itunes:explicit") not in BOOLEAN:
        yield spot.wrong("channel-explicit", spot.one("itunes:explicit"), spot.text("itunes:explicit"))
    yield from spot.choice("itunes:type", frozenset(("episodic", "serial")), "channel-type")
    if not spot.text("itunes:author"):
        yield spot.wrong("channel-author")
    for name in ("itunes:complete", "itunes:block"):
        yield from spot.choice(name, YES, "channel-yes")
    for element in spot.all("itunes:new-feed-url"):
        if values.address(text_of(element).strip()):
            yield spot.wrong("channel-new-feed-url", element, text_of(element))


def _category(spot: Spot, categories: Mapping[str, Sequence[str]]) -> Iterator[Finding]:
    found = spot.all("itunes:category")
    if not found:
        yield spot.wrong("channel-category")
    for element in found:
        name = str(element.get("text") or "")
        if name not in categories:
            yield spot.wrong("channel-category-unknown", element, name or "no text attribute")
            continue
        for inner in Spot(element, spot.name).all("itunes:category"):
            if str(inner.get("text") or "") not in categories[name]:
                yield spot.wrong("channel-category-unknown", inner, f"{inner.get('text')} in {name}")


def _owner(spot: Spot) -> Iterator[Finding]:
    owner = spot.one("itunes:owner")
    email = spot.text("itunes:owner/itunes:email")
    if not email:
        yield spot.wrong("channel-owner", owner)
    elif not EMAIL.fullmatch(email):
        yield spot.wrong("channel-owner-email", owner, email)


def _links(spot: Spot, fetched: str) -> Iterator[Finding]:
    """Check the link to the website, the feed's own URL, and the links to its other pages and its hub."""
    link, links = spot.text("link"), spot.all("atom:link")
    own = next((element for element in links if element.get("rel") == "self"), None)
    address = "" if own is None else str(own.get("href") or "")
    if link:
        yield from spot.address(spot.one("link"), link)
    else:
        yield spot.wrong("channel-link")
    yield from _self(spot, own, address, fetched)
    if link and link in {address, fetched}:
        yield spot.wrong("channel-link-feed", spot.one("link"), link)
    for element in links:
        yield from _paging(spot, element, address)


def _self(spot: Spot, own: Any, address: str, fetched: str) -> Iterator[Finding]:
    """Check the feed's link to itself (RFC 4287), which PSP-1 requires."""
    if not address:
        yield spot.wrong("channel-self", own)
        return
    yield from spot.address(own, address)
    if own.get("type") != "application/rss+xml":
        yield spot.wrong("channel-self-type", own, str(own.get("type") or "missing"))
    if fetched and address != fetched:
        yield spot.wrong("channel-self-other", own, f"{address}, fetched from {fetched}")


def _paging(spot: Spot, element: Any, address: str) -> Iterator[Finding]:
    """Check a link to another page of the feed, or to its WebSub hub."""
    relation, target = element.get("rel"), str(element.get("href") or "")
    is_loop = relation in {"next", "prev"} and target == address
    if relation in PAGING and (is_loop or values.address(target)):
        yield spot.wrong("channel-paging", element, target or "empty")
    if relation == "hub" and spot.text("itunes:block") == "Yes":
        yield spot.wrong("channel-hub-blocked", element, target)


def _other(spot: Spot) -> Iterator[Finding]:
    if not spot.text("copyright") and spot.one("podcast:license") is None:
        yield spot.wrong("channel-copyright")
    for element in (element for name in ("lastBuildDate", "pubDate") for element in spot.all(name)):
        if values.date(text_of(element))[1]:
            yield spot.wrong("channel-builddate", element, text_of(element))
    yield from _rss_image(spot)
    if spot.one("podcast:guid") is None:
        yield spot.wrong("channel-guid")
    elif not values.is_uuid(spot.text("podcast:guid")):
        yield spot.wrong("channel-guid-form", spot.one("podcast:guid"), spot.text("podcast:guid"))
    if spot.one("podcast:locked") is None:
        yield spot.wrong("channel-locked")


def _rss_image(spot: Spot) -> Iterator[Finding]:
    """Find an RSS 2.0 image without a URL, or with a title or link that differs from the show's."""
    image = spot.one("image")
    if image is None:
        return
    inner = Spot(image, spot.name)
    if not inner.text("url") or any(inner.text(name) != spot.text(name) for name in ("title", "link")):
        yield spot.wrong("channel-rss-image", image)
