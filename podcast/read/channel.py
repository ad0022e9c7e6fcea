# SPDX-License-Identifier: GPL-3.0-or-later
"""A podcast's feed (RSS 2.0) -> Channel and Items, as they stand: what `podcast import` takes over.

`feed` reads a feed for the articles in it and forgets the rest; here nothing is mended that apps have seen. Addresses
are made absolute, notes are sanitised, and what we have no word for is kept as Elements.
"""

import calendar
import datetime as dt
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from html import escape, unescape
from typing import Any

from podcast import text
from podcast.errors import ReadError
from podcast.model import Chapter, Element, EpisodeKind
from podcast.read.common import EPOCH
from podcast.read.feed_xml import absolute, element, mended, name_of, parsed, raw, text_of, within
from podcast.read.markup import of_markup, shallow
from podcast.read.tidy import writable

OURS = {"podcast:season", "podcast:episode", "podcast:transcript", "podcast:chapters", "podcast:guid"}
"""What becomes a field of the episode."""
KEPT = {"itunes:author", "itunes:explicit", "itunes:block", "itunes:title"}
"""What of Apple's vocabulary is kept as it stands; of the podcast namespace, all but OURS is."""

TRUE = {"true", "yes", "explicit"}


@dataclass(frozen=True, slots=True)
class File:
    """Something that an item refers to."""

    url: str
    type: str
    as_it_stood: Element


@dataclass(frozen=True, slots=True)
class Item:
    """An episode of somebody's feed."""

    title: str
    guid: str
    """Empty if it has none."""
    permalink: bool
    date: str
    """As it stands."""
    published: dt.datetime | None
    """None if `date` is none."""
    language: str
    description: str
    """HTML, sanitised."""
    notes: str
    """content:encoded, likewise."""
    summary: str
    """The words of the description."""
    url: str
    """Of the enclosure; empty if there is none."""
    bytes: int
    """0 if the feed does not say."""
    type: str
    duration_ms: int
    number: int | None
    season: int | None
    kind: EpisodeKind
    image: str
    transcripts: tuple[File, ...]
    chapters_file: File | None
    chapters: tuple[Chapter, ...]
    """Podlove's, which stand in the feed itself."""
    elements: tuple[Element, ...]


@dataclass(frozen=True, slots=True)
class Channel:
    """A show, as its feed says it."""

    values: Mapping[str, str | bool]
    """What show.toml calls it -> what the feed says, as far as it says it."""
    categories: tuple[str, ...]
    """Apple's, the first counts most: `Category`, or `Category: Subcategory`."""
    image: str
    """Address of the cover."""
    address: str
    """Of the feed, by its own word."""
    older: str
    """Where the next document of it is (RFC 5005); empty if this is the last."""
    items: tuple[Item, ...]
    remarks: tuple[str, ...]


def read(data: bytes, *, name: str, url: str) -> Channel:
    """Return what a feed says; `url` is where it was found, by which relative addresses are understood.

    Raises ReadError if it is no podcast's feed.
    """
    root, wrong = parsed(data.lstrip())
    if wrong:
        root, _ = parsed(mended(data.lstrip()))
    channel = None if root is None or root.tag != "rss" else root.find("channel")
    if channel is None:
        raise ReadError(f"{name}: is not a podcast feed", hint="find the URL of the RSS feed of the podcast")
    remarks = (f"{name}:{wrong}: not well-formed XML; some of the feed may be missing",) if wrong else ()
    nodes = [node for node in channel if isinstance(node.tag, str)]
    links = [node for node in nodes if name_of(node) == "atom:link"]
    base = channel.base or url or _link(links, "self", "")
    values = dict(_channel(nodes, base))
    language = str(values.get("language", ""))
    items = tuple(_item(node, base, language) for node in nodes if node.tag == "item")
    older = _link(links, "next", base) or _link(links, "prev-archive", base)
    address = _link(links, "self", base)
    categories = [found for node in nodes if name_of(node) == "itunes:category" for found in _categories(node)]
    return Channel(values, tuple(categories), _picture(nodes, base), address, older, items, remarks)


def instant(date: str) -> dt.datetime | None:
    """Return the time that a date names, or None; RFC 2822 and what else is seen in feeds."""
    try:
        found = parsedate_to_datetime(date)
    except ValueError:
        import feedparser

        feed: Any = feedparser.parse(f"<rss><channel><item><pubDate>{escape(date)}</pubDate></item></channel></rss>")
        moment = feed.entries[0].get("published_parsed") if feed.entries else None
        return EPOCH + dt.timedelta(seconds=calendar.timegm(moment)) if moment else None
    return found if found.tzinfo else found.replace(tzinfo=dt.UTC)


def is_rfc(date: str) -> bool:
    """Return True if a date is written as RFC 2822 asks, so that every app reads it."""
    try:
        parsedate_to_datetime(date)
    except ValueError:
        return False
    return True


def milliseconds(said: str) -> int:
    """Return a length that is written as seconds, MM:SS or HH:MM:SS (itunes:duration, Normal Play Time); 0 for none."""
    if not re.fullmatch(r"\s*(\d+:){0,2}\d+([.,]\d+)?\s*", said):
        return 0
    total = 0.0
    for part in said.replace(",", ".").split(":"):
        total = total * 60 + float(part)
    return round(total * 1000)


# --- the channel ------------------------------------------------------------------------------------------------


def _channel(nodes: list[Any], base: str) -> Iterator[tuple[str, str | bool]]:
    """Yield what show.toml would say."""
    said = {name_of(node): node for node in reversed(nodes)}  # the first of each name counts

    def words(*names: str) -> str:
        return next((found for name in names if name in said and (found := text.line(text_of(said[name])))), "")

    about = next((found for name in ("description", "itunes:summary") if (found := raw(said.get(name)))), "")
    owner, email = (within(said.get("itunes:owner"), name) for name in ("itunes:name", "itunes:email"))
    funding = said.get("podcast:funding")
    license_ = said.get("podcast:license")
    values: dict[str, str | bool] = {
        "title": words("title", "itunes:title"),
        "description": _plain(about),
        "language": words("language"),
        "author": words("itunes:author", "dc:creator", "managingEditor") or owner,
        "email": email,
        "owner": owner,
        "explicit": words("itunes:explicit").lower() in TRUE,
        "type": "serial" if words("itunes:type").lower() == "serial" else "",
        "medium": medium
        if (medium := words("podcast:medium")) in {"newsletter", "blog", "audiobook", "course"}
        else "",
        "copyright": words("copyright"),
        "link": absolute(words("link"), base),
        "guid": words("podcast:guid"),
        "license": words("podcast:license"),
        "license_url": absolute(license_.get("url", ""), base) if license_ is not None else "",
        "funding": absolute(funding.get("url", ""), base) if funding is not None else "",
        "funding_text": words("podcast:funding"),
        "block": words("itunes:block").lower() == "yes",
        "complete": words("itunes:complete").lower() == "yes",
    }
    if values["owner"] == values["author"]:
        values["owner"] = ""
    yield from ((name, value) for name, value in values.items() if value)


def _categories(node: Any) -> list[str]:
    """Return what one element says, as show.toml has it: a category, or each of its subcategories."""
    name = text.line(node.get("text", ""))
    below = [text.line(child.get("text", "")) for child in node if name_of(child) == "itunes:category"]
    return [f"{name}: {inner}" for inner in below if inner] or [name]


def _picture(nodes: list[Any], base: str) -> str:
    """Return the address of a cover or an episode's picture."""
    for node in nodes:
        if name_of(node) == "itunes:image":
            return absolute(node.get("href") or text_of(node), base)
    return next((absolute(within(node, "url"), base) for node in nodes if node.tag == "image"), "")


def _link(links: list[Any], relation: str, base: str) -> str:
    return next((absolute(node.get("href", ""), base) for node in links if node.get("rel") == relation), "")


# --- an item ----------------------------------------------------------------------------------------------------


def _item(item: Any, base: str, language: str) -> Item:
    nodes = [node for node in item if isinstance(node.tag, str)]
    base = item.base or base
    said = {name_of(node): node for node in reversed(nodes)}

    def words(name: str) -> str:
        return text.line(text_of(said[name])) if name in said else ""

    guid, page = words("guid"), absolute(words("link"), base) or base
    date = words("pubDate") or words("dc:date")
    sound = _enclosure([node for node in nodes if node.tag == "enclosure"])
    description = raw(said.get("description")) or raw(said.get("itunes:summary"))
    notes = raw(said.get("content:encoded"))
    kind = words("itunes:episodeType").lower()
    files = [_file(node, base) for node in nodes if name_of(node) == "podcast:transcript" and node.get("url")]
    chapters = said.get("podcast:chapters")
    return Item(
        title=_title(words("title") or words("itunes:title")),
        guid=guid,
        permalink=bool(guid.startswith("http") and said["guid"].get("isPermaLink", "true").strip().lower() != "false"),
        date=date,
        published=instant(date) if date else None,
        language=words("dc:language") or language,
        description=_html(description, page),
        notes=_html(notes, page),
        summary=_plain(description or notes),
        url=absolute(sound.get("url", ""), base) if sound is not None else "",
        bytes=_number(sound.get("length", "")) or 0 if sound is not None else 0,
        type=text.line(sound.get("type", "")) if sound is not None else "",
        duration_ms=milliseconds(words("itunes:duration")),
        number=_number(words("itunes:episode") or words("podcast:episode")),
        season=_number(words("itunes:season") or words("podcast:season")),
        kind="trailer" if kind == "trailer" else "bonus" if kind == "bonus" else "full",
        image=_picture([node for node in nodes if node.tag != "image"], base),
        transcripts=tuple(files),
        chapters_file=_file(chapters, base) if chapters is not None and chapters.get("url") else None,
        chapters=tuple(_podlove(said.get("psc:chapters"))),
        elements=tuple(element(node) for node in nodes if _is_kept(name_of(node))),
    )


def _enclosure(nodes: list[Any]) -> Any:
    """Return the sound of an item: the first enclosure that is sound or film, else the first."""
    heard = [node for node in nodes if node.get("url") and node.get("type", "").startswith(("audio/", "video/"))]
    return next(iter(heard or [node for node in nodes if node.get("url")]), None)


def _file(node: Any, base: str) -> File:
    url = absolute(node.get("url", ""), base)
    found = element(node)
    stood = Element(found.name, found.text, {**found.attributes, "url": url})
    return File(url, node.get("type", "").partition(";")[0].strip().lower(), stood)


def _podlove(node: Any) -> Iterator[Chapter]:
    for child in node if node is not None else ():
        if name_of(child) == "psc:chapter" and child.get("title"):
            yield Chapter(
                milliseconds(child.get("start", "0")),
                text.line(child.get("title")),
                *(text.web(child.get(name, "")) for name in ("href", "image")),
            )


def _is_kept(name: str) -> bool:
    return name in KEPT or (name.startswith("podcast:") and name not in OURS)


def _title(words: str) -> str:
    """Return a title as text: some feeds have it as HTML, escaped once more."""
    return (
        text.line(unescape(re.sub(r"</?[a-z][^>]*>", "", words)))
        if re.search(r"&[a-z#0-9]+;|</?[a-z]", words)
        else words
    )


def _html(said: str, base: str) -> str:
    """Return notes as HTML that is safe: text becomes paragraphs, addresses become absolute."""
    from lxml import html

    if not said:
        return ""
    if not re.search(r"<[a-zA-Z/!]", said):
        paragraphs = re.split(r"\n\s*\n", escape(unescape(said), quote=False))
        return text.markup("".join(f"<p>{'<br>'.join(part.strip().split(chr(10)))}</p>" for part in paragraphs))
    if re.search(r"""\b(?:href|src)\s*=\s*["']?(?!\s*(?:https?:|mailto:|#))""", said, re.IGNORECASE) and base:
        root: Any = writable(html.fragment_fromstring(shallow(said), create_parent="div"))
        root.make_links_absolute(base, resolve_base_href=False, handle_failures="ignore")
        said = html.tostring(root, encoding="unicode")
    return text.markup(said, images=True)


def _plain(said: str) -> str:
    """Return the words of a description, its paragraphs apart."""
    if not re.search(r"<[a-zA-Z/!]", said):
        return "\n\n".join(text.line(part) for part in re.split(r"\n\s*\n", unescape(said)) if part.strip())
    return "\n\n".join(block.text for block in of_markup(said, []) if block.text)


def _number(said: str) -> int | None:
    """Return a number from 1 on, or None."""
    said = said.strip()
    return int(said) if said.isascii() and said.isdigit() and int(said) else None
