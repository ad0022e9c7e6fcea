# SPDX-License-Identifier: GPL-3.0-or-later
"""Four independent readers of feeds find the same episodes in ours, whatever the script they are written in.

feedparser and podcastparser (gPodder) in Python, podcast-partytime (Podcast Index) and feedsmith in JavaScript.
"""

import calendar
import datetime as dt
import io
from collections.abc import Iterator
from dataclasses import dataclass
from email.utils import parsedate_to_datetime

import catalogues
import feedparser
import podcastparser
import pytest

from podcast.model import Chapter
from podcast.produce import records

TITLES = (
    "L’été, la mer & l’île : « ça va ? »",
    "5 < 7 > 3 & “quotes” 'and' more",
    "灯台の夜と朝",
    "منارة البحر — الجزء ١",
    "Der Leuchtturm 🗼 und das Meer",
    "AT&T, R&D, 100 %",  # with a tag or &amp; as text, readers differ: titles are taken for HTML by some
    "Ελληνικά, русский, हिन्दी, עברית",
    "e\u0301te\u0301 décomposé",
)


@dataclass(frozen=True)
class Heard:
    """What a reader finds of an episode."""

    title: str
    guid: str
    published: int
    """Seconds since 1970."""
    link: str
    url: str
    length: int
    type: str
    seconds: int
    number: int
    season: int


def by_feedparser(feed: bytes) -> Iterator[Heard]:
    """Return what feedparser finds: texts for all."""
    for one in feedparser.parse(feed).entries:
        (sound,) = one.enclosures
        when = calendar.timegm(one.published_parsed)
        numbers = (int(one[name]) for name in ("itunes_duration", "itunes_episode", "itunes_season"))
        yield Heard(one.title, one.id, when, one.link, sound.href, int(sound.length), sound.type, *numbers)


def by_podcastparser(feed: bytes) -> Iterator[Heard]:
    """Return what podcastparser finds; it knows no seasons."""
    for one in podcastparser.parse("http://127.0.0.1/", io.BytesIO(feed))["episodes"]:
        (sound,) = one["enclosures"]
        about = (sound["url"], sound["file_size"], sound["mime_type"], one["total_time"], one["number"])
        yield Heard(one["title"], one["guid"], one["published"], one["link"], *about, 2)


def by_partytime(read: dict) -> Iterator[Heard]:
    """Return what podcast-partytime found."""
    for one in read["items"]:
        when = int(dt.datetime.fromisoformat(one["pubDate"]).timestamp())
        sound = one["enclosure"]
        about = (sound["url"], sound["length"], sound["type"], one["duration"])
        yield Heard(one["title"], one["guid"], when, one["link"], *about, one["itunesEpisode"], one["itunesSeason"])


def by_feedsmith(read: dict) -> Iterator[Heard]:
    """Return what feedsmith found, the strict one."""
    for one in read["items"]:
        when = int(parsedate_to_datetime(one["pubDate"]).timestamp())
        (sound,) = one["enclosures"]
        apple = one["itunes"]
        about = (sound["url"], sound["length"], sound["type"], apple["duration"], apple["episode"], apple["season"])
        yield Heard(one["title"], one["guid"]["value"], when, one["link"], *about)


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """Make a show whose titles are hard."""
    place = catalogues.catalogue(tmp_path_factory.mktemp("readers") / "show", len(TITLES))
    for index, title in enumerate(TITLES):
        episode = records.load(place, f"maree-{index}")
        marks = (Chapter(0, title), Chapter(1500, f"{title} — 2", "https://example.com/?a=1&b=2"))
        catalogues.add(place, episode, index, title=title, season=2, chapters=marks)
    catalogues.publish(place)
    return place


def test_they_agree_on_every_episode(place, node):
    """Title, guid, date, link, sound, its length, type and duration, number, season: what was meant, word for word."""
    feed = (place.feed / "feed.xml").read_bytes()
    read = {name: node(name, feed) for name in ("podcast-partytime", "feedsmith")}
    found = {
        "feedparser": tuple(by_feedparser(feed)),
        "podcastparser": tuple(by_podcastparser(feed)),
        "podcast-partytime": tuple(by_partytime(read["podcast-partytime"])),
        "feedsmith": tuple(by_feedsmith(read["feedsmith"])),
    }

    meant = [records.load(place, f"maree-{index}") for index in reversed(range(len(TITLES)))]
    for name, episodes in found.items():
        assert episodes == found["feedsmith"], name
        for heard, episode in zip(episodes, meant, strict=True):
            assert (heard.title, heard.guid, heard.number) == (episode.title, episode.guid, episode.number), name
            assert heard.published == int(episode.published.timestamp()), name
            assert heard.length == episode.enclosure.bytes, name
            assert heard.seconds == round(episode.enclosure.duration_ms / 1000), name


def test_they_agree_on_chapters_and_transcripts(place, node):
    """Podlove's chapters for podcastparser and feedsmith; transcripts for those who know the podcast namespace."""
    feed = (place.feed / "feed.xml").read_bytes()
    party, smith = (node(name, feed)["items"] for name in ("podcast-partytime", "feedsmith"))
    parser = podcastparser.parse("http://127.0.0.1/", io.BytesIO(feed))["episodes"]

    for one, two, three, title in zip(parser, smith, party, reversed(TITLES), strict=True):
        assert [mark["title"] for mark in one["chapters"]] == [title, f"{title} — 2"]
        assert [mark["title"] for mark in two["psc"]["chapters"]] == [title, f"{title} — 2"]
        assert one["chapters"][1]["href"] == two["psc"]["chapters"][1]["href"] == "https://example.com/?a=1&b=2"
        assert two["podcast"]["chapters"]["url"] == three["podcastChapters"]["url"]
        for transcripts in (two["podcast"]["transcripts"], three["podcastTranscripts"]):
            assert [item["url"].rpartition(".")[2] for item in transcripts] == ["vtt", "srt", "json", "html"]
        for offers in (two["podcast"]["alternateEnclosures"], three["alternativeEnclosures"]):
            assert offers[0]["integrity"]["type"] == "sri"
