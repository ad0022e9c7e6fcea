# SPDX-License-Identifier: GPL-3.0-or-later
"""The feed: RSS 2.0 with the vocabularies of Apple, the podcast namespace and Podlove.

    Show + Published -> items()    -> <item> as bytes    \
    Show + Art       -> document() -> feedgen's <channel> -> feed.xml as bytes

feedgen makes channel and items with what it knows; what it does not know is added to its tree as Elements. Items are
written apart from what holds them, so that a large catalogue can be divided by size and need not be held in memory.
"""

import base64
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from email.utils import format_datetime
from typing import TYPE_CHECKING, Any

from podcast import text
from podcast.disclosure import narrator
from podcast.errors import FeedError
from podcast.feed import namespaces, notes, style
from podcast.feed.problems import category, of_channel, problems
from podcast.model import Art, Cue, Element, Episode, Imported, Published
from podcast.settings import Show

if TYPE_CHECKING:
    from feedgen.entry import FeedEntry

GENERATOR = "podcast"
"""Without a version: a new version of the program does not change the feeds of those who use it."""

NAME_LENGTH, AUTHOR_LENGTH = 128, 255
"""Of what stands in elements of the podcast namespace, and of an itunes:author, in characters."""

TYPE = "application/rss+xml"

CONTENT = "http://purl.org/rss/1.0/modules/content/"
"""The namespace of content:encoded, which feedgen declares itself."""
DECLARED = {**namespaces.NAMESPACES, "content": CONTENT}
"""What the root of a document declares, and each item that stands alone."""
ITEM_DEPTH = 2
"""Elements around an item in a document, by two spaces each of which it is indented."""

RHYTHMS = {
    "daily": "FREQ=DAILY",
    "weekly": "FREQ=WEEKLY",
    "biweekly": "FREQ=WEEKLY;INTERVAL=2",
    "monthly": "FREQ=MONTHLY",
}
"""As RFC 5545 writes them."""

SOUNDS = {"audio/mpeg": "MP3", "audio/ogg": "Opus", "audio/mp4": "AAC"}
"""Names of formats, for people to choose from."""

SOUNDBITE_MS = (15_000, 60_000)
"""The namespace recommends 15 to 120 seconds; apps show the shorter ones whole."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a document stands among those of one feed (RFC 5005, section 3): names in the feed folder."""

    name: str = "feed.xml"
    newer: str = ""
    older: str = ""
    oldest: str = ""
    """The last one; empty if all episodes are in this one."""


def rss(show: Show, published: Sequence[Published], art: Art) -> bytes:
    """Return a feed.xml that holds all episodes in full, the newest first. The same values give the same bytes.

    Raises FeedError that names every problem, not only the first.
    """
    refuse(show, published, art)
    newest_first = sorted(published, key=lambda one: one.episode.published, reverse=True)
    return document(show, art, items(show, newest_first, art), newest_first)


def refuse(show: Show, published: Sequence[Published], art: Art) -> None:
    """Raise FeedError that names every reason why the feed would be refused, if there is one."""
    _refuse(problems(show, published, art), "podcast feed")


def refuse_channel(show: Show) -> None:
    """Raise FeedError that names what in show.toml would have the feed refused, whatever its episodes are."""
    _refuse(of_channel(show), "podcast make")


def _refuse(found: Sequence[str], then: str) -> None:
    if found:
        raise FeedError(
            "the feed cannot be published:\n" + "\n".join(f"  - {problem}" for problem in found),
            hint=f"fix the problems above, then run: {then}",
        )


def items(show: Show, published: Iterable[Published], art: Art, *, short: bool = False) -> list[bytes]:
    """Return each episode as an <item> that stands alone. A short one has a summary for notes, and needs no cues."""
    from lxml import etree

    return [etree.tostring(_item(show, one, art, short=short), encoding="UTF-8", with_tail=False) for one in published]


def weight(item: bytes) -> int:
    """Return the bytes that an item of `items` takes in a document, which declares the namespaces once."""
    declarations = sum(len(f' xmlns:{prefix}="{uri}"') for prefix, uri in DECLARED.items())
    return len(item) - declarations + len("  " * ITEM_DEPTH + "\n")


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
    """Return the root of a document without its items: what feedgen says of the show, then the rest."""
    from lxml import etree

    root: Any = etree.fromstring(_channel(show, art, newest_first))
    channel = root[0]
    channel.find("description").addnext(namespaces.node(_link(show, "self", place.name)))
    namespaces.append(channel, _paging(show, place))
    channel.append(channel.find("lastBuildDate"))
    namespaces.append(channel, _of_show(show, art, newest_first))
    namespaces.append(channel, _trailer(show, newest_first))
    return root


def _channel(show: Show, art: Art, newest_first: Sequence[Published]) -> bytes:
    """Return the feed, without items, with what feedgen can say of the show."""
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
    for name, below in dict.fromkeys(listed):  # Apple counts the first alone
        feed.podcast.itunes_category({"cat": name, "sub": below})
    feed.podcast.itunes_type(show.type)
    if show.email:
        feed.podcast.itunes_owner(text.line(show.owner) or author, show.email)
    return bytes(feed.rss_str())


def _link(show: Show, relation: str, name: str) -> Element:
    """Return a link to a document of the feed."""
    return Element("atom:link", attributes={"href": show.url + name, "rel": relation, "type": TYPE})


def _paging(show: Show, place: Place) -> Iterator[Element]:
    """Yield where the other documents of the feed are."""
    if not place.oldest:
        return
    names = (("first", "feed.xml"), ("prev", place.newer), ("next", place.older), ("last", place.oldest))
    yield from (_link(show, relation, name) for relation, name in names if name)


def _of_show(show: Show, art: Art, newest_first: Sequence[Published]) -> Iterator[Element]:
    """Yield what feedgen cannot say of a show."""
    if show.publishing.hub:
        yield Element("atom:link", attributes={"href": show.publishing.hub, "rel": "hub"})
    yield Element("itunes:explicit", _true(show.explicit))
    yield Element("podcast:guid", show.guid)
    yield Element("podcast:locked", "yes" if show.locked else "no", {"owner": show.email})
    yield Element("podcast:medium", show.medium)
    yield from _standing(show)
    if not any(one.episode.imported for one in newest_first):  # else only the episodes that a machine speaks say so
        yield _ai()
    if show.publishing.podping:
        yield Element("podcast:podping", attributes={"usesPodping": "true"})
    yield from _pictures(show, art, show.title)


def _pictures(show: Show, art: Art, alternative: str) -> Iterator[Element]:
    """Yield a picture in its sizes, for apps to choose from."""
    about = {"alt": text.line(alternative), "aspect-ratio": "1/1", "type": "image/jpeg", "purpose": "artwork"}
    wide = str(art.width) if art.width else ""
    yield Element("podcast:image", attributes={"href": show.url + art.cover, "width": wide, **about})
    yield Element("podcast:image", attributes={"href": show.url + art.thumbnail, "width": "600", **about})


def _standing(show: Show) -> Iterator[Element]:
    """Yield what the show says of its licence, its support, its rhythm and its future."""
    if show.license:
        yield Element("podcast:license", text.line(show.license), {"url": text.web(show.license_url)})
    if show.funding:
        words = text.line(show.funding_text) or text.line(show.title)
        yield Element("podcast:funding", _cut(words), {"url": text.web(show.funding)})
    if show.frequency:
        yield Element("podcast:updateFrequency", show.frequency, {"rrule": RHYTHMS[show.frequency]})
    if show.block:
        yield Element("itunes:block", "Yes")
        yield Element("podcast:block", "yes")
    if show.complete:
        yield Element("itunes:complete", "Yes")
    if show.moved_to:
        yield Element("itunes:new-feed-url", text.web(show.moved_to))


def _trailer(show: Show, newest_first: Sequence[Published]) -> Iterator[Element]:
    """Yield the newest trailer, which apps offer before anything else."""
    for one in newest_first:
        if one.episode.kind == "trailer":
            sound = one.episode.enclosure
            attributes = {
                "url": show.at(one.audio),
                "pubdate": _date(one.episode),
                "length": str(sound.bytes),
                "type": sound.type,
            }
            if one.episode.season is not None:
                attributes["season"] = str(one.episode.season)
            yield Element("podcast:trailer", _cut(text.line(one.episode.title)), attributes)
            return


def _item(show: Show, one: Published, art: Art, *, short: bool) -> Any:
    """Return an episode as an element, indented as in a document, under a root that declares the namespaces."""
    from lxml import etree

    item = _entry(show, one, art, short=short).rss_entry()
    etree.Element("rss", nsmap=DECLARED).append(item)
    namespaces.append(item, _of_episode(show, one))
    if not short:
        namespaces.append(item, _podlove(show, one.episode))
    if not (short or one.episode.imported):
        namespaces.append(item, (*_soundbite(one.episode), *_sounds(show, one)))
    etree.indent(item, level=ITEM_DEPTH)
    return item


def _entry(show: Show, one: Published, art: Art, *, short: bool) -> "FeedEntry":
    """Return an episode with what feedgen can say of it."""
    from feedgen.entry import FeedEntry

    episode, sound, kept = one.episode, one.episode.enclosure, one.episode.imported
    item = FeedEntry()
    item.load_extension("podcast")
    item.title(text.line(episode.title))
    item.link(href=show.url + one.page)
    item.guid(text.line(episode.guid), permalink=kept is not None and kept.permalink)
    if short:
        item.description(notes.short(show, episode))
    else:
        item.description(notes.description(show, episode))
        item.content(notes.html(show, episode), type="CDATA")
    item.enclosure(show.at(one.audio), str(sound.bytes), sound.type)
    if sound.duration_ms or not kept:
        item.podcast.itunes_duration(max(1, round(sound.duration_ms / 1000)))
    if not (kept and text.web(episode.image)):
        item.podcast.itunes_image(show.url + (one.art or art).cover)
    item.podcast.itunes_episode_type(episode.kind)
    if author := text.line(episode.author):
        item.podcast.itunes_author(_cut(author, AUTHOR_LENGTH))
    if episode.number is not None:
        item.podcast.itunes_episode(episode.number)
    if episode.season is not None:
        item.podcast.itunes_season(episode.season)
    return item


def _of_episode(show: Show, one: Published) -> Iterator[Element]:
    """Yield what feedgen cannot say of an episode."""
    episode, kept = one.episode, one.episode.imported
    yield Element("pubDate", _date(episode))
    if not kept or all(element.name != "itunes:explicit" for element in kept.elements):
        yield Element("itunes:explicit", _true(show.explicit))
    if episode.language.lower() != show.language.lower():
        yield Element("dc:language", episode.language)
    if episode.season is not None:
        yield Element("podcast:season", str(episode.season))
    if episode.number is not None:
        yield Element("podcast:episode", str(episode.number))
    yield from _as_it_was(kept, text.web(episode.image)) if kept else (_ai(), *_persons(show, episode))
    yield from _transcripts(show, one)
    if one.chapters and episode.chapters:
        yield Element(
            "podcast:chapters", attributes={"url": show.url + one.chapters, "type": "application/json+chapters"}
        )
    if one.art:
        yield from _pictures(show, one.art, episode.title)


def _cut(words: str, length: int = NAME_LENGTH) -> str:
    """Return the words as far as they fit, ended with `…` between two of them: papers have dozens of authors."""
    return words if len(words) <= length else f"{words[: length - 1].rsplit(' ', 1)[0].rstrip(' ,;')}…"


def _date(episode: Episode) -> str:
    """Return the date as apps know it (RFC 2822): to the letter, where it came from another feed."""
    return (episode.imported.date if episode.imported else "") or format_datetime(episode.published)


def _as_it_was(kept: Imported, image: str) -> Iterator[Element]:
    """Yield what an episode that was made elsewhere said of itself, and the picture that it has there."""
    yield from kept.elements
    if image:
        yield Element("itunes:image", attributes={"href": image})


def _transcripts(show: Show, one: Published) -> Iterator[Element]:
    """Yield where the words are, in each form that they have."""
    if not one.vtt:
        return
    for name, kind in ((one.vtt, "text/vtt"), (one.srt, "application/x-subrip"), (one.json, "application/json")):
        where = {"url": show.url + name, "type": kind, "language": one.episode.language, "rel": "captions"}
        yield Element("podcast:transcript", attributes=where)
    where = {"url": show.url + one.html, "type": "text/html", "language": one.episode.language}
    yield Element("podcast:transcript", attributes=where)


def _soundbite(episode: Episode) -> Iterator[Element]:
    """Yield the first paragraph after the opening that lasts as long as a soundbite may (podcast:soundbite)."""
    paragraphs: dict[int, list[Cue]] = {}
    for cue in episode.cues:
        if cue.kind in {"paragraph", "quote"}:
            paragraphs.setdefault(cue.segment, []).append(cue)
    for cues in list(paragraphs.values())[1:]:
        start_ms, end_ms = cues[0].start_ms, cues[-1].end_ms
        if SOUNDBITE_MS[0] <= end_ms - start_ms <= SOUNDBITE_MS[1]:
            title = _cut(text.line(cues[0].text))
            times = {"startTime": f"{start_ms / 1000:.3f}", "duration": f"{(end_ms - start_ms) / 1000:.3f}"}
            yield Element("podcast:soundbite", title, times)
            return


def _sounds(show: Show, one: Published) -> Iterator[Element]:
    """Yield the sound in each format, with the digest by which an app knows that it has all of it (W3C SRI)."""
    files = ((one.audio, one.episode.enclosure), *zip(one.alternates, one.episode.alternates, strict=True))
    for place, (name, sound) in enumerate(files):
        known = f"sha256-{base64.b64encode(bytes.fromhex(sound.sha256)).decode()}"
        parts = (
            Element("podcast:source", attributes={"uri": show.at(name)}),
            Element("podcast:integrity", attributes={"type": "sri", "value": sound.integrity or known}),
        )
        about = {
            "type": sound.type,
            "length": str(sound.bytes),
            "bitrate": str(round(sound.bytes * 8_000 / max(1, sound.duration_ms))),  # bits per second, on average
            "lang": one.episode.language,
            "title": SOUNDS.get(sound.type, ""),
            "default": "" if place else "true",
        }
        yield Element("podcast:alternateEnclosure", attributes=about, children=parts)


def _persons(show: Show, episode: Episode) -> Iterator[Element]:
    """Yield who wrote and who speaks, with the roles of the Podcast Taxonomy."""
    if author := text.line(episode.author):
        yield Element("podcast:person", _cut(author), {"role": "author", "group": "writing"})
    for voice in episode.voices:
        name = narrator(text.line(voice), episode.language or show.language)
        yield Element("podcast:person", _cut(name), {"role": "narrator", "group": "cast"})


def _podlove(show: Show, episode: Episode) -> Iterator[Element]:
    """Yield the chapters themselves, for the apps that read Podlove's element."""
    if not episode.chapters:
        return
    chapters = (
        Element(
            "psc:chapter",
            attributes={
                "start": text.timecode(chapter.start_ms),
                "title": text.line(chapter.title),
                "href": text.web(chapter.url),
                "image": text.web(show.at(chapter.image)) if chapter.image else "",
            },
        )
        for chapter in episode.chapters
    )
    yield Element("psc:chapters", attributes={"version": "1.2"}, children=tuple(chapters))


def _ai() -> Element:
    """Return the mark that a machine speaks."""
    return Element("podcast:txt", "true", {"purpose": "ai-content"})


def _true(value: bool) -> str:  # noqa: FBT001 - it turns a truth value into Apple's word for it
    return "true" if value else "false"
