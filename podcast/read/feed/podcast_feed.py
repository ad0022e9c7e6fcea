# SPDX-License-Identifier: GPL-3.0-or-later
"""Parse a podcast's RSS 2.0 feed for `podcast import`, unchanged where apps rely on it.

`reader` reads the articles of a feed; this module reads its episodes. URLs are made absolute, HTML is sanitised, and
elements without a field of their own are kept as Elements.
"""

import calendar
import datetime as dt
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from html import escape, unescape
from typing import Any

from podcast import text
from podcast.errors import ReadError
from podcast.model import Chapter, Element, EpisodeKind
from podcast.read.dom.blocks import blocks_of_markup, shallow
from podcast.read.dom.strip import writable
from podcast.read.feed.xml import absolute, element, name_of, parse_xml, raw, repair_entities, text_of, within
from podcast.read.normalize import EPOCH

OURS = {"podcast:season", "podcast:episode", "podcast:transcript", "podcast:chapters", "podcast:guid"}
"""Elements of the podcast namespace that become fields of the episode; all others are kept."""
KEPT = {"itunes:author", "itunes:explicit", "itunes:block", "itunes:title"}
"""Apple's elements that are kept unchanged."""

TRUE = ("true", "yes", "explicit")
KINDS: Mapping[str, EpisodeKind] = {"trailer": "trailer", "bonus": "bonus"}


@dataclass(frozen=True, slots=True)
class LinkedFile:
    """A transcript or chapters file that an item refers to."""

    url: str
    type: str
    original: Element


@dataclass(frozen=True, slots=True)
class PodcastItem:
    """An episode of a feed."""

    title: str
    guid: str
    """Empty if it has none."""
    permalink: bool
    date: str
    """As written in the feed."""
    published: dt.datetime | None
    """None if `date` is not a valid date."""
    language: str
    description: str
    """HTML, sanitised."""
    notes: str
    """content:encoded, HTML, sanitised."""
    summary: str
    """The description (or notes) as plain text."""
    url: str
    """Of the enclosure; empty if there is none."""
    bytes: int
    """0 if the feed has no length."""
    type: str
    duration_ms: int
    number: int | None
    season: int | None
    kind: EpisodeKind
    image: str
    transcripts: tuple[LinkedFile, ...]
    chapters_file: LinkedFile | None
    chapters: tuple[Chapter, ...]
    """Podlove Simple Chapters, which are in the feed itself."""
    elements: tuple[Element, ...]


@dataclass(frozen=True, slots=True)
class PodcastChannel:
    """A show, as described by its feed."""

    values: Mapping[str, str | bool]
    """Setting in show.toml -> its value; settings that the feed does not have are left out."""
    categories: tuple[str, ...]
    """Apple's, the main one first: `Category`, or `Category: Subcategory`."""
    image: str
    """URL of the cover."""
    address: str
    """URL of the feed, as it declares it."""
    older: str
    """URL of the next page of the feed (RFC 5005); empty if this is the last."""
    items: tuple[PodcastItem, ...]
    remarks: tuple[str, ...]


def read(data: bytes, *, name: str, url: str) -> PodcastChannel:
    """Return the contents of a feed; relative URLs are resolved against `url`, where it was found.

    Raises ReadError if it is not a podcast's feed.
    """
    channel, remarks = _parse(data, name)
    nodes = [node for node in channel if isinstance(node.tag, str)]
    links = [node for node in nodes if name_of(node) == "atom:link"]
    base = channel.base or url or _link(links, "self", "")
    values = dict(_channel(_by_name(nodes), base))
    language = str(values.get("language", ""))
    categories = [found for node in nodes if name_of(node) == "itunes:category" for found in _categories(node)]
    return PodcastChannel(
        values=values,
        categories=tuple(categories),
        image=_picture(nodes, base),
        address=_link(links, "self", base),
        older=_link(links, "next", base) or _link(links, "prev-archive", base),
        items=tuple(_item(node, base, language) for node in nodes if node.tag == "item"),
        remarks=remarks,
    )


def _parse(data: bytes, name: str) -> tuple[Any, tuple[str, ...]]:
    """Return the channel element, and a remark if the XML had to be repaired."""
    root, wrong = parse_xml(data.lstrip())
    if wrong:
        root, _ = parse_xml(repair_entities(data.lstrip()))
    channel = None if root is None or root.tag != "rss" else root.find("channel")
    if channel is None:
        raise ReadError("is not a podcast feed", file=name, hint="find the URL of the RSS feed of the podcast")
    return channel, (f"{name}:{wrong}: not well-formed XML; some of the feed may be missing",) if wrong else ()


def instant(date: str) -> dt.datetime | None:
    """Return the time of a date in RFC 2822 or another format seen in feeds, or None."""
    try:
        found = parsedate_to_datetime(date)
    except ValueError:
        import feedparser

        feed: Any = feedparser.parse(f"<rss><channel><item><pubDate>{escape(date)}</pubDate></item></channel></rss>")
        moment = feed.entries[0].get("published_parsed") if feed.entries else None
        return EPOCH + dt.timedelta(seconds=calendar.timegm(moment)) if moment else None
    return found if found.tzinfo else found.replace(tzinfo=dt.UTC)


def is_rfc(date: str) -> bool:
    """Return True if a date follows RFC 2822, so that every app can read it."""
    try:
        parsedate_to_datetime(date)
    except ValueError:
        return False
    return True


def milliseconds(said: str) -> int:
    """Parse a duration in seconds, MM:SS or HH:MM:SS (itunes:duration, Normal Play Time); 0 if it is not valid."""
    if not re.fullmatch(r"\s*(\d+:){0,2}\d+([.,]\d+)?\s*", said):
        return 0
    total = 0.0
    for part in said.replace(",", ".").split(":"):
        total = total * 60 + float(part)
    return round(total * 1000)


# --- the channel ------------------------------------------------------------------------------------------------

Nodes = Mapping[str, Any]
"""Name of an element (`itunes:author`) -> the first element of that name."""


def _by_name(nodes: Iterable[Any]) -> Nodes:
    return {name_of(node): node for node in reversed(list(nodes))}


def _words(nodes: Nodes, *names: str) -> str:
    """Return the text of the first of these elements that has any."""
    return next((found for name in names if name in nodes and (found := text.line(text_of(nodes[name])))), "")


def _raw(nodes: Nodes, *names: str) -> str:
    """Return the text, or the markup, of the first of these elements that has any."""
    return next((found for name in names if (found := raw(nodes.get(name)))), "")


def _url(nodes: Nodes, name: str, base: str, attribute: str = "url") -> str:
    """Return the absolute URL in an attribute of an element."""
    return absolute(nodes[name].get(attribute, ""), base) if name in nodes else ""


Field = Callable[[Nodes, str], str | bool]
"""Reads a setting from the elements of a channel; URLs are relative to the second argument."""


def _text(*names: str) -> Field:
    return lambda nodes, _base: _words(nodes, *names)


def _is(name: str, *values: str) -> Field:
    return lambda nodes, _base: _words(nodes, name).lower() in values


def _one_of(name: str, *values: str) -> Field:
    return lambda nodes, _base: found if (found := _words(nodes, name)) in values else ""


FIELDS: Mapping[str, Field] = {
    "title": _text("title", "itunes:title"),
    "description": lambda nodes, _base: _plain_text(_raw(nodes, "description", "itunes:summary")),
    "language": _text("language"),
    "author": lambda nodes, _base: _author(nodes),
    "email": lambda nodes, _base: within(nodes.get("itunes:owner"), "itunes:email"),
    "owner": lambda nodes, _base: _owner(nodes),
    "explicit": _is("itunes:explicit", *TRUE),
    "type": lambda nodes, _base: "serial" if _words(nodes, "itunes:type").lower() == "serial" else "",
    "medium": _one_of("podcast:medium", "newsletter", "blog", "audiobook", "course"),
    "copyright": _text("copyright"),
    "link": lambda nodes, base: absolute(_words(nodes, "link"), base),
    "guid": _text("podcast:guid"),
    "license": _text("podcast:license"),
    "license_url": lambda nodes, base: _url(nodes, "podcast:license", base),
    "funding": lambda nodes, base: _url(nodes, "podcast:funding", base),
    "funding_text": _text("podcast:funding"),
    "block": _is("itunes:block", "yes"),
    "complete": _is("itunes:complete", "yes"),
}
"""Setting in show.toml -> how to read it from the feed. To support another one, add a row."""


def _channel(nodes: Nodes, base: str) -> Iterator[tuple[str, str | bool]]:
    """Yield the settings that the feed has."""
    for name, field in FIELDS.items():
        if value := field(nodes, base):
            yield name, value


def _author(nodes: Nodes) -> str:
    author = _words(nodes, "itunes:author", "dc:creator", "managingEditor")
    return author or within(nodes.get("itunes:owner"), "itunes:name")


def _owner(nodes: Nodes) -> str:
    """Return the owner's name, if it is not the author's."""
    owner = within(nodes.get("itunes:owner"), "itunes:name")
    return "" if owner == _author(nodes) else owner


def _categories(node: Any) -> list[str]:
    """Return the categories of one element, as written in show.toml: itself, or each of its subcategories."""
    name = text.line(node.get("text", ""))
    below = [text.line(child.get("text", "")) for child in node if name_of(child) == "itunes:category"]
    return [f"{name}: {inner}" for inner in below if inner] or [name]


def _picture(nodes: list[Any], base: str) -> str:
    """Return the URL of a cover or an episode's image."""
    for node in nodes:
        if name_of(node) == "itunes:image":
            return absolute(node.get("href") or text_of(node), base)
    return next((absolute(within(node, "url"), base) for node in nodes if node.tag == "image"), "")


def _link(links: list[Any], relation: str, base: str) -> str:
    return next((absolute(node.get("href", ""), base) for node in links if node.get("rel") == relation), "")


# --- an item ----------------------------------------------------------------------------------------------------


def _item(item: Any, base: str, language: str) -> PodcastItem:
    """Return an episode; `base` and `language` are the channel's."""
    nodes = [node for node in item if isinstance(node.tag, str)]
    named = _by_name(nodes)
    base = item.base or base
    page = absolute(_words(named, "link"), base) or base
    guid, date = _words(named, "guid"), _words(named, "pubDate", "dc:date")
    enclosure = _enclosure(nodes)
    description, notes = _raw(named, "description", "itunes:summary"), _raw(named, "content:encoded")
    return PodcastItem(
        title=_title(_words(named, "title", "itunes:title")),
        guid=guid,
        permalink=guid.startswith("http") and _is_permalink(named["guid"]),
        date=date,
        published=instant(date) if date else None,
        language=_words(named, "dc:language") or language,
        description=_html(description, page),
        notes=_html(notes, page),
        summary=_plain_text(description or notes),
        url=absolute(enclosure.get("url", ""), base),
        bytes=_number(enclosure.get("length", "")) or 0,
        type=text.line(enclosure.get("type", "")),
        duration_ms=milliseconds(_words(named, "itunes:duration")),
        number=_number(_words(named, "itunes:episode", "podcast:episode")),
        season=_number(_words(named, "itunes:season", "podcast:season")),
        kind=KINDS.get(_words(named, "itunes:episodeType").lower(), "full"),
        image=_picture([node for node in nodes if node.tag != "image"], base),
        transcripts=tuple(_files(nodes, "podcast:transcript", base)),
        chapters_file=next(iter(_files([named.get("podcast:chapters")], "podcast:chapters", base)), None),
        chapters=tuple(_podlove(named.get("psc:chapters"))),
        elements=tuple(map(element, filter(_is_kept, nodes))),
    )


def _is_permalink(guid: Any) -> bool:
    return bool(guid.get("isPermaLink", "true").strip().lower() != "false")


def _enclosure(nodes: list[Any]) -> Mapping[str, str]:
    """Return the attributes of an item's media file: of the first enclosure that is audio or video, else the first."""
    with_url = [node for node in nodes if node.tag == "enclosure" and node.get("url")]
    media = (node for node in with_url if node.get("type", "").startswith(("audio/", "video/")))
    found = next(media, with_url[0] if with_url else None)
    return {} if found is None else found.attrib


def _files(nodes: Iterable[Any], name: str, base: str) -> Iterator[LinkedFile]:
    """Yield the files that elements of a name refer to."""
    for node in nodes:
        if node is None or name_of(node) != name or not node.get("url"):
            continue
        url = absolute(node.get("url"), base)
        found = element(node)
        original = Element(found.name, found.text, {**found.attributes, "url": url})
        yield LinkedFile(url, node.get("type", "").partition(";")[0].strip().lower(), original)


def _podlove(node: Any) -> Iterator[Chapter]:
    """Yield the chapters of a `psc:chapters` element."""
    for child in node if node is not None else ():
        if name_of(child) == "psc:chapter" and child.get("title"):
            yield Chapter(
                milliseconds(child.get("start", "0")),
                text.line(child.get("title")),
                *(text.web(child.get(name, "")) for name in ("href", "image")),
            )


def _is_kept(node: Any) -> bool:
    """Return True for an element without a field of its own that apps may use."""
    name = name_of(node)
    return name in KEPT or (name.startswith("podcast:") and name not in OURS)


def _title(words: str) -> str:
    """Return a title as plain text: some feeds contain it as escaped HTML."""
    return (
        text.line(unescape(re.sub(r"</?[a-z][^>]*>", "", words)))
        if re.search(r"&[a-z#0-9]+;|</?[a-z]", words)
        else words
    )


def _html(said: str, base: str) -> str:
    """Return notes as safe HTML: plain text becomes paragraphs, URLs become absolute."""
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


def _plain_text(said: str) -> str:
    """Return a description as plain text, with empty lines between paragraphs."""
    if not re.search(r"<[a-zA-Z/!]", said):
        return "\n\n".join(text.line(part) for part in re.split(r"\n\s*\n", unescape(said)) if part.strip())
    return "\n\n".join(block.text for block in blocks_of_markup(said, []) if block.text)


def _number(said: str) -> int | None:
    """Return a number from 1, or None."""
    said = said.strip()
    return int(said) if said.isascii() and said.isdigit() and int(said) else None
