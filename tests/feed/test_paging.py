# SPDX-License-Identifier: GPL-3.0-or-later
"""Large catalogues: notes become short, then old episodes move to further documents; only what changed is written."""

import hashlib
import io
import itertools
import re
from pathlib import Path

import catalogues
import feedparser
import podcastparser
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from podcast.config.load import load
from podcast.errors import ConfigError, FeedError, WorkspaceError
from podcast.feed.paging import ALWAYS_FULL, PARTS, divided
from podcast.produce import records
from podcast.produce.release import feed_folder
from podcast.workspace import Workspace

TIGHT = "[publish]\nfeed_bytes = 50000\npage_bytes = 50000\n"
"""The least that may be set."""

ATOM = "{http://www.w3.org/2005/Atom}"
CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"


def digests(folder: Path) -> dict[str, str]:
    """Return the digest of each file."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def times(folder: Path) -> dict[str, int]:
    """Return when each file was written."""
    return {
        path.relative_to(folder).as_posix(): path.stat().st_mtime_ns for path in folder.rglob("*") if path.is_file()
    }


def followed(place: Workspace) -> list[tuple[str, dict]]:
    """Return the documents of the feed as gPodder's parser reads them, from feed.xml on by rel="next"."""
    show = load(place.show)
    found, address = [], show.feed_url
    while address:
        name = address.removeprefix(show.url)
        assert name not in [before for before, _ in found]
        found.append((name, podcastparser.parse(address, io.BytesIO((place.feed / name).read_bytes()))))
        address = found[-1][1].get("paged_feed_next", "")
    return found


def links(place: Workspace, name: str) -> dict[str, str]:
    """Return the links of a document to the others, by relation, without the show's address."""
    channel = etree.parse(place.feed / name).getroot()[0]
    return {
        link.get("rel"): link.get("href").removeprefix(load(place.show).url) for link in channel.iter(ATOM + "link")
    }


def pattern(place: Workspace):
    """Return an episode after which others are made."""
    return records.load(place, "maree-0")


# --- dividing


sizes = st.lists(st.tuples(st.integers(1, 400), st.integers(0, 400)), min_size=1, max_size=120)


@given(sizes, st.integers(200, 5_000), st.integers(400, 8_000))
def test_division(weights, feed_bytes, page_bytes):
    """Each episode is in one document, in order; budgets hold; old documents stay when an episode is added."""
    full = [short + more for short, more in weights]
    short = [short for short, _ in weights]

    def of(start: int):
        """Divide all but the newest `start` episodes."""
        count = len(weights) - start
        return divided(
            count,
            lambda i: full[i + start],
            lambda i: short[i + start],
            feed_bytes=feed_bytes,
            page_bytes=page_bytes,
        )

    division = of(0)
    ranges = [(first, end) for _place, first, end in division.documents]
    assert ranges[0][0] == 0
    assert ranges[-1][1] == len(weights)
    assert all(end == first for (_, end), (first, _) in itertools.pairwise(ranges))
    if sum(full) <= feed_bytes:
        assert (division.full, len(ranges)) == (len(weights), 1)
    for (first, end), weighed in zip(ranges[1:], [short] * len(ranges), strict=False):
        assert end - first == 1 or sum(weighed[first:end]) <= page_bytes // PARTS
    kept = ranges[0][1]
    whole_page = page_bytes // PARTS + max(short)
    assert (
        sum(short[:kept]) <= page_bytes or division.full == len(weights) or (sum(short[ALWAYS_FULL:kept]) <= whole_page)
    )
    if division.full > ALWAYS_FULL:
        assert sum(full[: division.full]) + sum(short[division.full : kept]) <= feed_bytes
    if len(weights) > 1:
        before = {place.name: (end - first) for place, first, end in of(1).documents[1:]}
        after = {place.name: (end - first) for place, first, end in division.documents[1:]}
        assert before.items() <= after.items()


def test_a_small_show_is_never_asked_for_short_notes():
    """While all fits, no short item is weighed; without limits there is one document, all in full."""

    def never(_index: int) -> int:
        raise AssertionError

    assert divided(9, lambda _: 10, never, feed_bytes=90, page_bytes=90).full == 9
    assert len(divided(9_000, lambda _: 10_000, never, feed_bytes=0, page_bytes=0).documents) == 1


# --- the whole way


@pytest.fixture(scope="module")
def large(tmp_path_factory):
    """Give a show that is too large for one document, with its feed."""
    place = catalogues.catalogue(tmp_path_factory.mktemp("large") / "show", 90, more=TIGHT)
    catalogues.publish(place)
    return place


def test_every_episode_is_found_once(large):
    """Who follows rel="next" finds each episode once, the newest first; each document says where it stands."""
    found = followed(large)
    assert len(found) > 3
    guids = [episode["guid"] for _name, document in found for episode in document["episodes"]]
    newest_first = sorted(records.finished(large), key=lambda episode: episode.published, reverse=True)
    assert guids == [episode.guid for episode in newest_first]
    names = [name for name, _ in found]
    assert names == ["feed.xml", *(f"feed-{number}.xml" for number in range(len(names) - 1, 0, -1))]
    for newer, name, older in zip(["", *names], names, [*names[1:], ""], strict=False):
        told = links(large, name)
        assert told.pop("self") == name
        assert told == {
            key: value
            for key, value in {"first": "feed.xml", "prev": newer, "next": older, "last": "feed-1.xml"}.items()
            if value
        }


def test_old_notes_are_short(large):
    """The newest have whole notes and chapters in the feed, old ones a summary; all have sound and transcripts."""
    for name, document in followed(large):
        size = (large.feed / name).stat().st_size
        assert size <= 70_000, "the budget, and what is said of the show"
        items = list(etree.parse(large.feed / name).getroot().iter("item"))
        assert len(items) == len(document["episodes"])
        for number, item in enumerate(items):
            whole = item.find(CONTENT) is not None
            assert whole == (name == "feed.xml" and number < whole_ones(large))
            assert "La marée" in item.findtext("description")
            assert "synth" in item.findtext("description"), "that a machine speaks is said in short notes too"
            assert item.find("enclosure") is not None
            assert item.find("{https://podcastindex.org/namespace/1.0}transcript") is not None
    assert whole_ones(large) >= ALWAYS_FULL


def whole_ones(place: Workspace) -> int:
    """Return how many items of feed.xml have whole notes."""
    return sum(1 for _ in etree.parse(place.feed / "feed.xml").getroot().iter(CONTENT))


def test_documents_are_feeds(large):
    """Each reader finds nothing wrong with any document; each tells the show's guid and picture."""
    for name, _ in followed(large):
        parsed = feedparser.parse((large.feed / name).read_bytes())
        assert not parsed.bozo
        assert parsed.feed.title == load(large.show).title
        assert parsed.feed.podcast_guid == load(large.show).guid


def test_one_new_episode_changes_little(tmp_path):
    """Of a large show, a new episode changes feed.xml, the first pages, and the page of the episode before it."""
    place = catalogues.catalogue(tmp_path / "show", 90, more=TIGHT)
    catalogues.publish(place)
    before = times(place.feed)
    catalogues.add(place, pattern(place), 90)
    assert catalogues.publish(place)

    after = times(place.feed)
    changed = {name for name in after if after[name] != before.get(name)}
    new = {name for name in changed if name not in before}
    documents = {name for name in changed if name.startswith("feed-")}
    count = len(followed(place)) - 1
    assert documents <= {f"feed-{count}.xml", f"feed-{count - 1}.xml"}, "one is begun now and then; it gets a neighbour"
    assert count > 8
    assert changed - new - documents == {"feed.xml", "index.html", "episodes/maree-89.html"}
    assert {re.sub(r"-[0-9a-f]{10}\.", ".", name) for name in new - documents} == {
        "media/maree-90.mp3",
        "episodes/maree-90.html",
        "chapters/maree-90.json",
        *(f"transcripts/maree-90.{kind}" for kind in ("vtt", "srt", "json", "html")),
    }
    assert not catalogues.publish(place)
    assert times(place.feed) == after


def test_step_by_step_or_at_once(tmp_path):
    """A feed that grew with its show has the same bytes as one that was written at once; so has a repaired one."""
    grown = catalogues.catalogue(tmp_path / "grown", 20, more=TIGHT)
    seed = pattern(grown)
    for number in range(20, 70):
        catalogues.add(grown, seed, number)
        if number % 7 == 0:
            catalogues.publish(grown)
    catalogues.add(grown, seed, 3, title="Un autre titre")
    catalogues.publish(grown)
    next(grown.feed.glob("transcripts/maree-5-*.vtt")).unlink()
    (grown.feed / "feed-1.xml").write_bytes(b"cut")
    (grown.feed / "index-2.html").unlink()
    catalogues.publish(grown)

    at_once = catalogues.catalogue(tmp_path / "once", 70, more=TIGHT)
    catalogues.add(at_once, seed, 3, title="Un autre titre")
    catalogues.publish(at_once)

    def without_retired(place: Workspace) -> dict[str, str]:
        names = set(records_names(place))
        return {name: digest for name, digest in digests(place.feed).items() if name in names}

    assert without_retired(grown) == without_retired(at_once)
    catalogues.publish(at_once)


def records_names(place: Workspace) -> list[str]:
    """Return the names of the files that the feed was last written with."""
    from podcast.produce.release import manifest

    return sorted(manifest.load(place).files)


def test_a_run_that_is_cut_off(tmp_path, monkeypatch):
    """Whatever a run had written when it was cut off, the next one gives the same bytes as if it had not been."""
    place = catalogues.catalogue(tmp_path / "show", 40, more=TIGHT)
    calm = catalogues.catalogue(tmp_path / "calm", 40, more=TIGHT)
    for one in (place, calm):
        catalogues.publish(one)
        catalogues.add(one, pattern(one), 40, title="Le titre A")
    written = feed_folder.workspace.write
    count = 0

    def cut(path, data):
        nonlocal count
        count += 1
        if count == 9:
            raise WorkspaceError("cut off")
        return written(path, data)

    monkeypatch.setattr(feed_folder.workspace, "write", cut)
    with pytest.raises(WorkspaceError):
        catalogues.publish(place)
    monkeypatch.undo()
    for one in (place, calm):
        catalogues.add(one, pattern(one), 40, title="Le titre B")  # as long as the other
        catalogues.publish(one)
    wanted = digests(calm.feed)
    assert {name: digest for name, digest in digests(place.feed).items() if name in wanted} == wanted


def test_a_mistake_writes_nothing(large):
    """A show that lacks what a feed must say leaves all files as they are."""
    before = times(large.feed)
    text = large.show.read_text(encoding="utf-8")
    large.show.write_text(text.replace('category = "Science"', 'category = "Salt"'), encoding="utf-8")
    with pytest.raises(FeedError, match="Salt"):
        catalogues.publish(large)
    large.show.write_text(text, encoding="utf-8")
    assert times(large.feed) == before


def test_budgets_are_checked(tmp_path):
    """A budget below what a document needs is an error that names the setting."""
    place = catalogues.catalogue(tmp_path / "show", 1, more="[publish]\nfeed_bytes = 1000\n")
    with pytest.raises(ConfigError, match=r"publish\.feed_bytes"):
        load(place.show)


# --- several shows, seasons, order


def test_shows_side_by_side(tmp_path):
    """Two shows on one machine, made in turns, have each the bytes that they have alone."""
    first = catalogues.catalogue(tmp_path / "a", 5)
    second = catalogues.catalogue(tmp_path / "b", 5, more=TIGHT)
    alone = catalogues.catalogue(tmp_path / "c", 5)
    for place in (first, second, first, alone):
        catalogues.publish(place)
    assert digests(first.feed) == digests(alone.feed)
    assert digests(first.root / "audio" / "clips") == digests(alone.root / "audio" / "clips")


def test_seasons_of_a_serial_show(tmp_path):
    """A serial show with seasons says type, season and number, newest first; one without a number is refused."""
    place = catalogues.catalogue(tmp_path / "show", 1)
    text = place.show.read_text(encoding="utf-8")
    place.show.write_text(
        text.replace('category = "Science"', 'category = "Science"\ntype = "serial"'), encoding="utf-8"
    )
    for index in range(5, -1, -1):
        catalogues.add(place, pattern(place), index, season=1 + index // 3, number=1 + index % 3)
    catalogues.publish(place)
    parsed = feedparser.parse((place.feed / "feed.xml").read_bytes())
    assert parsed.feed.itunes_type == "serial"
    told = [(int(entry.itunes_season), int(entry.itunes_episode)) for entry in parsed.entries]
    assert told == [(2, 3), (2, 2), (2, 1), (1, 3), (1, 2), (1, 1)]

    catalogues.add(place, pattern(place), 6, season=3, number=None)
    with pytest.raises(FeedError, match="maree-6: the show is serial, so every episode needs a number"):
        catalogues.publish(place)
