# SPDX-License-Identifier: GPL-3.0-or-later
"""RSS items of episodes: what feedgen supports, and further elements added to it.

Show + Published -> items() -> <item> as bytes for rss.document()
"""

import base64
from collections.abc import Iterable, Iterator
from email.utils import format_datetime
from typing import TYPE_CHECKING, Any

from podcast import text
from podcast.config.settings import Show
from podcast.disclosure import narrator
from podcast.feed import namespaces, show_notes
from podcast.model import Art, Cue, Element, Episode, Imported, Published

if TYPE_CHECKING:
    from feedgen.entry import FeedEntry

NAME_LENGTH, AUTHOR_LENGTH = 128, 255
"""Maximum characters of names in the podcast namespace, and of itunes:author."""

CONTENT = "http://purl.org/rss/1.0/modules/content/"
"""Namespace of content:encoded, which feedgen declares itself."""
DECLARED = {**namespaces.NAMESPACES, "content": CONTENT}
"""Namespaces declared by the root of a document, and by each serialized item."""
ITEM_DEPTH = 2
"""Nesting level of an item in a document; each level is indented by two spaces."""

FORMAT_NAMES = {"audio/mpeg": "MP3", "audio/ogg": "Opus", "audio/mp4": "AAC"}
"""Media type -> display name of the format."""

SOUNDBITE_MS = (15_000, 60_000)
"""The namespace recommends 15 to 120 seconds; apps show the shorter ones whole."""


def items(show: Show, published: Iterable[Published], art: Art, *, short: bool = False) -> list[bytes]:
    """Serialize each episode as an <item>. A short one has a summary instead of show notes, and needs no cues."""
    from lxml import etree

    return [etree.tostring(_item(show, one, art, short=short), encoding="UTF-8", with_tail=False) for one in published]


def weight(item: bytes) -> int:
    """Return the size in bytes of an item within a document, which declares the namespaces only once."""
    declarations = sum(len(f' xmlns:{prefix}="{uri}"') for prefix, uri in DECLARED.items())
    return len(item) - declarations + len("  " * ITEM_DEPTH + "\n")


def _item(show: Show, one: Published, art: Art, *, short: bool) -> Any:
    """Return an episode as an element, indented for a document, under a root that declares the namespaces."""
    from lxml import etree

    item = _entry(show, one, art, short=short).rss_entry()
    etree.Element("rss", nsmap=DECLARED).append(item)
    namespaces.append(item, _of_episode(show, one))
    if not short:
        namespaces.append(item, _simple_chapters(show, one.episode))
    if not (short or one.episode.imported):
        namespaces.append(item, (*_soundbite(one.episode), *_alternate_enclosures(show, one)))
    etree.indent(item, level=ITEM_DEPTH)
    return item


def _entry(show: Show, one: Published, art: Art, *, short: bool) -> "FeedEntry":
    """Return an episode with the elements that feedgen supports."""
    from feedgen.entry import FeedEntry

    episode, sound, kept = one.episode, one.episode.enclosure, one.episode.imported
    item = FeedEntry()
    item.load_extension("podcast")
    item.title(text.line(episode.title))
    item.link(href=show.url + one.page)
    item.guid(text.line(episode.guid), permalink=kept is not None and kept.permalink)
    if short:
        item.description(show_notes.short(show, episode))
    else:
        item.description(show_notes.description(show, episode))
        item.content(show_notes.html(show, episode), type="CDATA")
    item.enclosure(show.at(one.audio), str(sound.bytes), sound.type)
    if sound.duration_ms or not kept:
        item.podcast.itunes_duration(max(1, round(sound.duration_ms / 1000)))
    if not (kept and text.web(episode.image)):
        item.podcast.itunes_image(show.url + (one.art or art).cover)
    item.podcast.itunes_episode_type(episode.kind)
    if author := text.line(episode.author):
        item.podcast.itunes_author(shortened(author, AUTHOR_LENGTH))
    if episode.number is not None:
        item.podcast.itunes_episode(episode.number)
    if episode.season is not None:
        item.podcast.itunes_season(episode.season)
    return item


def _of_episode(show: Show, one: Published) -> Iterator[Element]:
    """Yield the elements of an episode that feedgen does not support."""
    episode, kept = one.episode, one.episode.imported
    yield Element("pubDate", rfc_date(episode))
    if not kept or all(element.name != "itunes:explicit" for element in kept.elements):
        yield Element("itunes:explicit", true_or_false(show.explicit))
    if episode.language.lower() != show.language.lower():
        yield Element("dc:language", episode.language)
    if episode.season is not None:
        yield Element("podcast:season", str(episode.season))
    if episode.number is not None:
        yield Element("podcast:episode", str(episode.number))
    yield from _imported_elements(kept, text.web(episode.image)) if kept else (ai_mark(), *_persons(show, episode))
    yield from _transcripts(show, one)
    if one.chapters and episode.chapters:
        yield Element(
            "podcast:chapters", attributes={"url": show.url + one.chapters, "type": "application/json+chapters"}
        )
    if one.art:
        yield from pictures(show, one.art, episode.title)


def shortened(words: str, length: int = NAME_LENGTH) -> str:
    """Shorten text to `length` characters, cut between words with `…`: papers have dozens of authors."""
    return text.truncated_at_word(words, length, " ,;")


def rfc_date(episode: Episode) -> str:
    """Return the publication date (RFC 2822); that of an imported episode exactly as in its former feed."""
    return (episode.imported.date if episode.imported else "") or format_datetime(episode.published)


def _imported_elements(kept: Imported, image: str) -> Iterator[Element]:
    """Yield the elements of an imported episode's former feed, and its image."""
    yield from kept.elements
    if image:
        yield Element("itunes:image", attributes={"href": image})


def _transcripts(show: Show, one: Published) -> Iterator[Element]:
    """Yield podcast:transcript for each format."""
    if not one.vtt:
        return
    for name, kind in ((one.vtt, "text/vtt"), (one.srt, "application/x-subrip"), (one.json, "application/json")):
        where = {"url": show.url + name, "type": kind, "language": one.episode.language, "rel": "captions"}
        yield Element("podcast:transcript", attributes=where)
    where = {"url": show.url + one.html, "type": "text/html", "language": one.episode.language}
    yield Element("podcast:transcript", attributes=where)


def _soundbite(episode: Episode) -> Iterator[Element]:
    """Yield podcast:soundbite for the first paragraph after the opening that has a suitable length."""
    paragraphs: dict[int, list[Cue]] = {}
    for cue in episode.cues:
        if cue.kind in {"paragraph", "quote"}:
            paragraphs.setdefault(cue.segment, []).append(cue)
    for cues in list(paragraphs.values())[1:]:
        start_ms, end_ms = cues[0].start_ms, cues[-1].end_ms
        if SOUNDBITE_MS[0] <= end_ms - start_ms <= SOUNDBITE_MS[1]:
            title = shortened(text.line(cues[0].text))
            times = {"startTime": f"{start_ms / 1000:.3f}", "duration": f"{(end_ms - start_ms) / 1000:.3f}"}
            yield Element("podcast:soundbite", title, times)
            return


def _alternate_enclosures(show: Show, one: Published) -> Iterator[Element]:
    """Yield podcast:alternateEnclosure for each audio format, with its digest for integrity checks (W3C SRI)."""
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
            "title": FORMAT_NAMES.get(sound.type, ""),
            "default": "" if place else "true",
        }
        yield Element("podcast:alternateEnclosure", attributes=about, children=parts)


def _persons(show: Show, episode: Episode) -> Iterator[Element]:
    """Yield podcast:person for author and narrators, with roles of the Podcast Taxonomy."""
    if author := text.line(episode.author):
        yield Element("podcast:person", shortened(author), {"role": "author", "group": "writing"})
    for voice in episode.voices:
        name = narrator(text.line(voice), episode.language or show.language)
        yield Element("podcast:person", shortened(name), {"role": "narrator", "group": "cast"})


def _simple_chapters(show: Show, episode: Episode) -> Iterator[Element]:
    """Yield psc:chapters (Podlove Simple Chapters)."""
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


def ai_mark() -> Element:
    """Return the element that marks a synthetic voice."""
    return Element("podcast:txt", "true", {"purpose": "ai-content"})


def true_or_false(value: bool) -> str:  # noqa: FBT001 - the value is the only argument
    """Return a boolean as Apple's tags write it."""
    return "true" if value else "false"


def pictures(show: Show, art: Art, alternative: str) -> Iterator[Element]:
    """Yield podcast:image for each size of an image."""
    about = {"alt": text.line(alternative), "aspect-ratio": "1/1", "type": "image/jpeg", "purpose": "artwork"}
    wide = str(art.width) if art.width else ""
    yield Element("podcast:image", attributes={"href": show.url + art.cover, "width": wide, **about})
    yield Element("podcast:image", attributes={"href": show.url + art.thumbnail, "width": "600", **about})
