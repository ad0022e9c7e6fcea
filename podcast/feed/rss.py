# SPDX-License-Identifier: GPL-3.0-or-later
"""The feed: RSS 2.0 with the namespaces of Apple, Podcasting 2.0 and Podlove.

    Show + Published -> items()    -> <item> as bytes    \
    Show + Art       -> document() -> feedgen's <channel> -> feed.xml as bytes

feedgen builds channel and items; elements that it does not support are added to its tree. Items are serialized
separately, so that a large feed can be divided by size and need not be held in memory.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from podcast import text
from podcast.config.settings import Show
from podcast.errors import FeedError
from podcast.feed import namespaces, style
from podcast.feed.episode import ai_mark, items, pictures, rfc_date, shortened, true_or_false
from podcast.feed.validate import category, of_channel, problems
from podcast.model import Art, Element, Published

GENERATOR = "podcast"
"""Without a version, so that an update of the program does not change feeds."""

TYPE = "application/rss+xml"

RECURRENCE_RULES = {
    "daily": "FREQ=DAILY",
    "weekly": "FREQ=WEEKLY",
    "biweekly": "FREQ=WEEKLY;INTERVAL=2",
    "monthly": "FREQ=MONTHLY",
}
"""Update frequency -> recurrence rule (RFC 5545)."""


@dataclass(frozen=True, slots=True)
class Place:
    """The position of a document in a paged feed (RFC 5005, section 3); values are names in the feed folder."""

    name: str = "feed.xml"
    newer: str = ""
    older: str = ""
    oldest: str = ""
    """The last document; empty if the feed has only one."""


def rss(show: Show, published: Sequence[Published], art: Art) -> bytes:
    """Return a feed.xml with all episodes in full, the newest first. The same values give the same bytes.

    Raises FeedError with all problems, not only the first.
    """
    refuse(show, published, art)
    newest_first = sorted(published, key=lambda one: one.episode.published, reverse=True)
    return document(show, art, items(show, newest_first, art), newest_first)


def refuse(show: Show, published: Sequence[Published], art: Art) -> None:
    """Raise FeedError with all reasons why directories would reject the feed, if there are any."""
    _refuse(problems(show, published, art), "podcast feed")


def refuse_channel(show: Show) -> None:
    """Raise FeedError with the settings in show.toml for which directories would reject the feed."""
    _refuse(of_channel(show), "podcast make")


def _refuse(found: Sequence[FeedError], then: str) -> None:
    if found:
        hint = f"fix the problems above, then run: {then}"
        raise FeedError("the feed cannot be published:", hint=hint, problems=found)


def document(
    show: Show, art: Art, found: Iterable[bytes], newest_first: Sequence[Published], place: Place | None = None
) -> bytes:
    """Return a document of the feed with items as `items` gives them; `newest_first` are all episodes of the show."""
    from lxml import etree

    root = _root(show, art, newest_first, place or Place())
    parser = etree.XMLParser(strip_cdata=False, resolve_entities=False, huge_tree=True)
    root[0].extend(etree.fromstring(item, parser) for item in found)
    root.addprevious(etree.ProcessingInstruction("xml-stylesheet", f'type="text/css" href="{style.name(show, art)}"'))
    etree.indent(root)
    return bytes(etree.tostring(root.getroottree(), pretty_print=True, encoding="UTF-8", xml_declaration=True))


def _root(show: Show, art: Art, newest_first: Sequence[Published], place: Place) -> Any:
    """Return the root of a document without its items."""
    from lxml import etree

    root: Any = etree.fromstring(_channel(show, art, newest_first))
    channel = root[0]
    channel.find("description").addnext(namespaces.node(_link(show, "self", place.name)))
    namespaces.append(channel, _paging(show, place))
    channel.append(channel.find("lastBuildDate"))
    namespaces.append(channel, _show_elements(show, art, newest_first))
    namespaces.append(channel, _trailer(show, newest_first))
    return root


def _channel(show: Show, art: Art, newest_first: Sequence[Published]) -> bytes:
    """Return the feed without items, with the elements that feedgen supports."""
    from feedgen.feed import FeedGenerator

    title, author, site = text.line(show.title), text.line(show.author), show.link or show.url
    feed = FeedGenerator()
    feed.load_extension("podcast")
    namespaces.declare(feed)
    feed.title(title)
    feed.description(text.clean(show.description).strip())
    feed.link(href=site, rel="alternate")
    feed.language(show.language)
    feed.generator(GENERATOR)
    feed.image(url=show.url + art.cover, title=title, link=site)
    feed.lastBuildDate(newest_first[0].episode.published)  # feedgen's own is the time of the run
    if owner := text.line(show.copyright):
        feed.copyright(owner)
    feed.podcast.itunes_author(author)
    feed.podcast.itunes_image(show.url + art.cover)
    listed = [(show.category, show.subcategory), *map(category, show.more_categories)]
    for name, below in dict.fromkeys(listed):  # Apple uses only the first
        feed.podcast.itunes_category({"cat": name, "sub": below})
    feed.podcast.itunes_type(show.type)
    if show.email:
        feed.podcast.itunes_owner(text.line(show.owner) or author, show.email)
    return bytes(feed.rss_str())


def _link(show: Show, relation: str, name: str) -> Element:
    """Return a link to a document of the feed."""
    return Element("atom:link", attributes={"href": show.url + name, "rel": relation, "type": TYPE})


def _paging(show: Show, place: Place) -> Iterator[Element]:
    """Yield links to the other documents of the feed."""
    if not place.oldest:
        return
    names = (("first", "feed.xml"), ("prev", place.newer), ("next", place.older), ("last", place.oldest))
    yield from (_link(show, relation, name) for relation, name in names if name)


def _show_elements(show: Show, art: Art, newest_first: Sequence[Published]) -> Iterator[Element]:
    """Yield the elements of a show that feedgen does not support."""
    if show.publishing.hub:
        yield Element("atom:link", attributes={"href": show.publishing.hub, "rel": "hub"})
    yield Element("itunes:explicit", true_or_false(show.explicit))
    yield Element("podcast:guid", show.guid)
    yield Element("podcast:locked", "yes" if show.locked else "no", {"owner": show.email})
    yield Element("podcast:medium", show.medium)
    yield from _show_status(show)
    if not any(one.episode.imported for one in newest_first):  # else only the episodes with a synthetic voice have it
        yield ai_mark()
    if show.publishing.podping:
        yield Element("podcast:podping", attributes={"usesPodping": "true"})
    yield from pictures(show, art, show.title)


def _show_status(show: Show) -> Iterator[Element]:
    """Yield licence, funding, update frequency, and whether the show is blocked, complete or moved."""
    if show.license:
        yield Element("podcast:license", text.line(show.license), {"url": text.web(show.license_url)})
    if show.funding:
        words = text.line(show.funding_text) or text.line(show.title)
        yield Element("podcast:funding", shortened(words), {"url": text.web(show.funding)})
    if show.frequency:
        yield Element("podcast:updateFrequency", show.frequency, {"rrule": RECURRENCE_RULES[show.frequency]})
    if show.block:
        yield Element("itunes:block", "Yes")
        yield Element("podcast:block", "yes")
    if show.complete:
        yield Element("itunes:complete", "Yes")
    if show.moved_to:
        yield Element("itunes:new-feed-url", text.web(show.moved_to))


def _trailer(show: Show, newest_first: Sequence[Published]) -> Iterator[Element]:
    """Yield podcast:trailer for the newest trailer."""
    for one in newest_first:
        if one.episode.kind == "trailer":
            sound = one.episode.enclosure
            attributes = {
                "url": show.at(one.audio),
                "pubdate": rfc_date(one.episode),
                "length": str(sound.bytes),
                "type": sound.type,
            }
            if one.episode.season is not None:
                attributes["season"] = str(one.episode.season)
            yield Element("podcast:trailer", shortened(text.line(one.episode.title)), attributes)
            return
