# SPDX-License-Identifier: GPL-3.0-or-later
"""Template values of pages: cleaned text, relative links, formatted dates and durations."""

import posixpath
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from urllib.parse import quote, unquote, urlsplit

from markupsafe import Markup

from podcast import disclosure, text
from podcast.config.settings import Show
from podcast.langtag import direction, primary, space
from podcast.model import Art, Episode, Link, Published
from podcast.site import i18n, metadata, subscribe, transcript_blocks, waveform

SUMMARY_LENGTH = 400
"""Maximum characters of a summary in lists and previews."""

URL_LENGTH = 70
"""Maximum characters of a URL shown as the text of a link."""

SPEEDS = ("0.8", "1", "1.2", "1.5", "1.8")

Values = dict[str, object]


@dataclass(frozen=True, slots=True)
class Site:
    """Values that all pages share."""

    show: Show
    art: Art
    style: str
    """File name of the stylesheet in the feed folder."""
    player: str
    """File name of the script in the feed folder."""


@dataclass(frozen=True, slots=True)
class Page:
    """A page, with relative links to other files of the feed folder."""

    name: str

    def to(self, name: str) -> str:
        """Return the link to a file of the feed folder, relative to this page; URLs stay as they are."""
        if "://" in name:
            return name
        return quote(posixpath.relpath(name, posixpath.dirname(self.name) or "."))


@dataclass(frozen=True, slots=True)
class Index:
    """An index page; episodes are counted from the newest."""

    name: str
    first: int
    end: int
    newer: str | None
    older: str | None
    years: tuple[tuple[int, str], ...] = ()
    """On index.html of a large show: each year and the page with its newest episode."""
    start: tuple[str, str, str] | None = None
    """On index.html of a serial show: page, title and language of the first episode."""


def index(site: Site, page: Index, listed: Sequence[Published]) -> Values:
    """Return the values of an index page."""
    show, own = site.show, i18n.words(site.show.language)
    about = text.clean(show.description).strip()
    link, funding = text.web(show.link), text.web(show.funding)
    return _common(site, page.name) | {
        "headline": text.line(show.title),
        "description": short(about) or text.line(show.title),
        "about": [text.line(paragraph) for paragraph in about.split("\n\n")],
        "copyright": text.line(show.copyright),
        "apps": subscribe.apps(show),
        "opml": subscribe.OPML,
        "episodes": [_listed(one, own) for one in listed],
        "newer": page.newer,
        "older": page.older,
        "years": page.years,
        "start": page.start,
        "link": link if link.rstrip("/") != show.url.rstrip("/") else "",
        "link_name": _site_name(link),
        "funding": funding,
        "funding_text": text.line(show.funding_text) or own.support,
        "picture": metadata.absolute(show, site.art.cover),
        "picture_width": site.art.width,
        "data": metadata.series(show, site.art),
    }


def episode(site: Site, one: Published, *, newer: Published | None, older: Published | None) -> Values:
    """Return the values of an episode page; `newer` and `older` are its neighbours."""
    about, own = one.episode, i18n.words(site.show.language)
    return _common(site, one.page) | {
        "headline": text.line(about.title),
        "description": short(about.summary) or text.line(site.show.title),
        "one": _listed(one, own),
        "summary": [line for part in text.clean(about.summary).split("\n\n") if (line := text.line(part))],
        "guid": text.line(about.guid),
        "told": _imported_notes(about),
        "disclosure": None if about.imported else disclosure.words(about.language),
        "author": text.line(about.author),
        "source": text.web(about.source),
        "source_name": _site_name(about.source),
        "links": _links(about),
        "chapters": _chapters(about),
        "wave": _wave(about),
        "seconds": about.enclosure.duration_ms // 1000,
        "transcript": transcript_blocks.blocks(about.cues, about.chapters),
        "space": space(about.language),
        "files": [
            *((_format(name), name) for name in (one.audio, *one.alternates)),
            *((label, name) for label, name in (("WebVTT", one.vtt), ("SRT", one.srt), ("JSON", one.json)) if name),
        ],
        "audio": one.audio,
        "audio_format": _format(one.audio),
        "media": "'self' https: http:" if "://" in one.audio else "'self'",  # hosts of imported audio may redirect
        "audio_type": about.enclosure.type,
        "audio_url": metadata.absolute(site.show, one.audio),
        "speeds": SPEEDS,
        "newer": newer and _listed(newer, own),
        "older": older and _listed(older, own),
        "own_art": one.art,
        "picture": metadata.absolute(site.show, (one.art or site.art).cover),
        "picture_width": (one.art or site.art).width,
        "data": metadata.episode(site.show, one, one.art or site.art),
    }


def _chapters(about: Episode) -> list[dict[str, str]]:
    """Return the chapters that have a title."""
    return [
        {
            "t": transcript_blocks.seconds(chapter.start_ms),
            "clock": text.clock(chapter.start_ms),
            "title": title,
            "picture": chapter.image if chapter.picture else "",  # pages load nothing from other sites
        }
        for chapter in about.chapters
        if (title := text.line(chapter.title))
    ]


def _wave(about: Episode) -> str:
    """Return the waveform as SVG; empty if it was not measured."""
    if about.loudness is None:
        return ""
    return Markup(waveform.svg(about.loudness.waveform, about.chapters, about.enclosure.duration_ms))  # noqa: S704 - generated here


def short(words: str) -> str:
    """Return the start of a text on one line, cut between words where possible."""
    whole = text.line(words)
    if len(whole) <= SUMMARY_LENGTH:
        return whole
    head = whole[:SUMMARY_LENGTH]
    space = head.rfind(" ")
    return (head[:space] if space > SUMMARY_LENGTH // 2 else head).rstrip() + "…"


def _common(site: Site, name: str) -> Values:
    show, own = site.show, i18n.words(site.show.language)
    spoken = primary(show.language) == own.language
    return {
        "page": Page(name),
        "private": show.block,
        "media": "'self'",
        "art": site.art,
        "style": site.style,
        "player": site.player,
        "own": own,
        "language": show.language if spoken else own.language,
        "direction": direction,
        "show": text.line(show.title),
        "show_language": show.language,
        "show_author": text.line(show.author),
        "url": metadata.absolute(show, "" if name == "index.html" else name),
        "feed_url": show.feed_url,
    }


def _listed(one: Published, own: i18n.PageWords) -> Mapping[str, object]:
    """Return the values of an episode in lists."""
    about = one.episode
    return {
        "page": one.page,
        "title": text.line(about.title),
        "language": about.language,
        "summary": short(about.summary),
        "time": about.published.isoformat(),
        "date": i18n.date(about.published, own),
        "year": about.published.year,
        "facts": _facts(about, own),
    }


def _facts(about: Episode, own: i18n.PageWords) -> list[str]:
    """Return duration, season, number and kind, as far as they are known."""
    length = about.enclosure.duration_ms
    numbered = ((own.season, about.season), (own.episode, about.number))
    return [
        *([i18n.length(length)] if length else []),
        *(f"{word}\u00a0{number}" for word, number in numbered if number is not None),
        *({"trailer": [own.trailer], "bonus": [own.bonus]}.get(about.kind, [])),
    ]


def _format(sound: str) -> str:
    """Return the format of an audio file by its extension, such as MP3."""
    return PurePosixPath(urlsplit(sound).path).suffix[1:5].upper() or "MP3"


def _imported_notes(about: Episode) -> Markup | None:
    """Return the notes of an imported episode as HTML."""
    kept = about.imported
    return Markup(text.markup(kept.notes or kept.description)) if kept else None  # noqa: S704 - `markup` sanitises


def _links(about: Episode) -> list[tuple[str, str]]:
    """Return URL and text of the links of the article and its chapters, without duplicate URLs."""
    found: dict[str, str] = {}
    of_parts = [Link(chapter.url, chapter.title) for chapter in about.chapters if chapter.url != about.source]
    for link in (*about.links, *of_parts):
        if url := text.web(link.url):
            found.setdefault(url, text.line(link.text) or _display_url(url))
    return list(found.items())


def _display_url(url: str) -> str:
    """Return a URL for display: without scheme and query, and shortened."""
    path = unquote(urlsplit(url).path).rstrip("/")
    whole = text.line(_site_name(url) + path)
    return whole if len(whole) <= URL_LENGTH else whole[:URL_LENGTH].rstrip() + "…"


def _site_name(address: str) -> str:
    """Return the host of a URL, for credit lines."""
    return (urlsplit(text.web(address)).hostname or "").removeprefix("www.")
