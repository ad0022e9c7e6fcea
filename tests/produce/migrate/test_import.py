# SPDX-License-Identifier: GPL-3.0-or-later
"""Importing an existing show: what apps know of its episodes stays as it is, to the letter, and new ones go on top.

The feeds are in tests/data/shows; SITE in them is where they are served, by nginx.
"""

import io
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import podcastparser
import pytest
import shows
from fakes import hosts
from fakes.website import Page, Website
from helpers import DATA, edit
from lxml import etree
from PIL import Image

from podcast.cli.main import main
from podcast.config.load import load
from podcast.model import Chapter
from podcast.produce import records
from podcast.produce.release import feed_check
from podcast.read import subtitles
from podcast.read.feed import podcast_feed
from podcast.read.fetch import Web
from podcast.workspace import Workspace

SOUND = bytes(range(256)) * 16
NEW = "https://new.example/podcast/"


@pytest.fixture(scope="module")
def host(tmp_path_factory) -> Iterator[tuple[str, Path]]:
    """Give a real web server with the feeds: its address and its folder."""
    folder = tmp_path_factory.mktemp("shows")
    site = folder / "site"
    shutil.copytree(DATA / "shows", site)
    with hosts.nginx(
        folder / "nginx",
        f"log_format ranges '$request_method $uri $http_range $status'; server {{ listen 127.0.0.1:PORT; root {site}; "
        f"access_log {folder}/ranges ranges; location /slow/ {{ limit_rate 100k; }} }}",
    ) as port:
        address = f"http://127.0.0.1:{port}"
        for path in site.glob("*.xml"):
            path.write_bytes(path.read_bytes().replace(b"SITE", address.encode()))
        shutil.copy(site / "phare.xml", site / "feed.xml")
        (site / "son").mkdir()
        for name in ("103", "a", "b", "c"):
            (site / "son" / f"{name}.mp3").write_bytes(SOUND)
        Image.new("RGBA", (1_500, 1_500), (10, 60, 90, 128)).save(site / "cover.png")
        Image.new("RGB", (700, 500), (90, 60, 9)).save(site / "103.png")
        yield address, site


def run(capsys, *arguments: object) -> tuple[int, str, str]:
    """Return exit code, standard output and standard error of a command."""
    with pytest.raises(SystemExit) as ended:
        main([str(argument) for argument in arguments])
    printed = capsys.readouterr()
    return int(ended.value.code or 0), printed.out, printed.err


def facts(feed: bytes) -> dict[str, tuple[str, ...]]:
    """Return by guid what apps know of each item: the very text of guid, date and enclosure."""
    return {
        item.findtext("guid"): (
            str(item.find("guid").get("isPermaLink")),
            item.findtext("pubDate"),
            *(item.find("enclosure").get(name) for name in ("url", "length", "type")),
        )
        for item in etree.fromstring(feed).iter("item")
        if item.find("enclosure") is not None
    }


def test_guid_date_and_enclosure_are_the_same_to_the_letter(host, tmp_path, capsys):
    """Both documents of the feed; an address with a query, a date with EST, and `&` in the enclosure."""
    address, site = host
    code, out, err = run(capsys, "import", f"{address}/feed.xml", tmp_path / "show", "--url", NEW, "--allow-private")
    assert (code, len(out.splitlines())) == (0, 4), err
    assert run(capsys, "--show", tmp_path / "show", "feed")[0] == 0

    before = facts((site / "feed.xml").read_bytes()) | {
        guid: fact for guid, fact in facts((site / "page2.xml").read_bytes()).items() if guid == "102"
    }
    written = (tmp_path / "show" / "feed" / "feed.xml").read_bytes()
    assert facts(written) == before
    assert len(before) == 3
    found = podcastparser.parse(NEW, io.BytesIO(written))
    assert [one["guid"] for one in found["episodes"]] == list(before)
    assert "same guid as a newer item, which is the one that apps show; skipped" in err


def test_the_show_is_what_its_feed_said(host, tmp_path, capsys):
    """Title, owner, categories, licence, support, guid; the cover becomes a JPEG that directories accept."""
    address, _site = host
    run(capsys, "import", f"{address}/feed.xml", tmp_path / "show", "--url", NEW, "--allow-private")
    show = load(tmp_path / "show" / "show.toml")

    assert (show.title, show.language, show.author, show.owner) == (
        *("Les Gardiens du phare", "fr-FR"),
        *("Les Gardiens", "Anne Le Goff"),
    )
    assert (show.category, show.subcategory, show.email) == ("Science", "Natural Sciences", "anne@gardiens.example")
    assert show.more_categories == ("Arts",)
    assert show.description == "Deux gardiens racontent la mer.\n\nUn épisode par marée."
    assert (show.guid, show.url) == ("917393e3-1b1e-5cef-ace4-edaa54e1f810", NEW)
    assert (show.funding, show.funding_text) == ("https://gardiens.example/soutenir", "Soutenez les gardiens")
    assert (show.license, show.link) == ("cc-by-4.0", "https://gardiens.example/")
    assert not show.explicit
    with Image.open(tmp_path / "show" / show.cover) as cover:
        assert (cover.format, cover.mode, cover.size) == ("JPEG", "RGB", (1_500, 1_500))


def test_notes_chapters_transcripts_and_the_rest_are_kept(host, tmp_path, capsys):
    """What is safe of the HTML; words and chapters as files of ours; persons and others as they stood."""
    address, _site = host
    place = Workspace(tmp_path / "show")
    _, _, err = run(capsys, "import", f"{address}/feed.xml", place.root, "--url", NEW, "--allow-private")
    run(capsys, "--show", place.root, "feed")
    episode = records.load(place, "le-brouillard")
    assert episode is not None
    assert episode.imported is not None

    assert [(cue.speaker, cue.text, cue.segment) for cue in episode.cues] == [
        ("Anne", "La corne sonne, écoutez & voyez.", 0),
        ("Yann", "Trois fois.", 1),
        ("Yann", "Puis rien.", 1),
    ]
    assert episode.cues[-1].end_ms > episode.cues[-1].start_ms
    assert episode.chapters == (
        Chapter(0, "La corne", image="https://gardiens.example/a.jpg"),
        Chapter(90_250, "Le silence", "https://gardiens.example/silence"),
    )
    assert (episode.number, episode.season, episode.enclosure.duration_ms) == (3, 2, 3_725_000)
    assert episode.imported.notes == (
        "<h3>Ce qu'on entend</h3><p>Quand la corne <b>sonne</b>, "
        '<a href="https://gardiens.example/corne">la voici</a>.</p>'
        '<img src="https://gardiens.example/corne.jpg" alt="La corne">'
    )
    feed = (place.feed / "feed.xml").read_text(encoding="utf-8")
    first, trailer, other = re.findall(r"<item>.*?</item>", feed, re.DOTALL)
    assert (
        '<podcast:person role="guest" img="https://gardiens.example/yann.jpg">Yann Kerdoncuff</podcast:person>' in first
    )
    assert 'startTime="60.0"' in first
    assert "103.en.vtt" in first
    assert "103.vtt" not in first
    assert f'<itunes:image href="{address}/103.png"/>' in first
    assert "<itunes:explicit>true<" in first
    assert "alert" not in feed
    assert "ai-content" not in feed  # no machine speaks here
    assert '<psc:chapter start="00:00:45.000" title="À bientôt"' in trailer
    assert "<podcast:trailer " in feed
    assert f'"{address}/perdu.vtt"' in other
    assert f'"{address}/perdu.json"' in other
    assert "a transcript is not copied, and its URL is kept" in err
    page = (place.feed / "episodes" / "le-brouillard.html").read_text(encoding="utf-8")
    assert "<h3>Ce qu'on entend</h3>" in page
    assert "corne.jpg" not in page
    assert "a.jpg" not in page  # pages load nothing from elsewhere but the sound
    assert f'src="{address}/son/103.mp3?pub=phare&amp;x=1"' in page
    assert "media-src &#39;self&#39; https: http:;" in page
    assert "Trois fois." in page


def test_a_feed_with_much_amiss(host, tmp_path, capsys):
    """No guids, lengths or dates, relative URLs, a bare &: corrected as apps would, and each reported."""
    address, _site = host
    place = Workspace(tmp_path / "show")
    code, _, err = run(capsys, "import", f"{address}/wild.xml", place.root, "--allow-private")
    run(capsys, "--show", place.root, "feed")
    show, feed = load(place.show), facts((place.feed / "feed.xml").read_bytes())

    assert code == 0
    assert (show.title, show.language, show.category) == ("Wild & Free", "en", "Leisure")
    assert show.link == "https://wild.example/?page=1"
    assert feed == {
        f"{address}/son/a.mp3": (
            *("false", "Thu, 05 Nov 2026 07:00:00 +0000"),
            *(f"{address}/son/a.mp3", "4096", "audio/mpeg"),
        ),
        "b": ("false", "Thu, 05 Nov 2026 06:59:59 +0000", f"{address}/son/b.mp3", "4096", "audio/mpeg"),
        "c": ("false", "Thu, 05 Nov 2026 06:59:58 +0000", f"{address}/son/c.mp3", "77", "audio/mpeg"),
        "e": ("false", "Sun, 01 Nov 2026 08:00:00 +0000", f"{address}/son/a.mp3", "4096", "audio/mpeg"),
        "f": ("false", "Sun, 01 Nov 2026 08:00:00 +0000", f"{address}/son/gone.mp3", "0", "audio/mpeg"),
    }
    titles = {records.load(place, path.stem).title for path in place.imported.glob("*.json")}  # type: ignore[union-attr]
    assert titles == {"No guid, no length", "No date at all", "Only notes", "Nobody home"}
    for remark in (
        "wild.xml:5: not well-formed XML",
        "the feed has no valid language ('English')",
        "“No guid, no length”: no guid",
        "the date is not in RFC 2822 format; rewritten",
        "2 episodes, such as “No date at all”: no valid date; placed just before",
        "“Only notes”: no title; its show notes or URL are used instead",
        "“Only notes”: no enclosure type in the feed",
        "“A blog post”: no enclosure",
        "“Nobody home”: no file size in the feed, and its audio cannot be fetched",
        "same enclosure URL as a newer item",
    ):
        assert remark in err, remark


def test_what_is_amiss_in_old_episodes_does_not_keep_new_ones_back(host, tmp_path, capsys):
    """They are reported as warnings, and the show can be uploaded."""
    address, _site = host
    place = Workspace(tmp_path / "show")
    run(capsys, "import", f"{address}/wild.xml", place.root, "--allow-private")
    run(capsys, "--show", place.root, "feed")
    warned = {one.rule for one in feed_check.refuse(place, load(place.show))}

    assert {"item-enclosure-length", "item-enclosure-twice"} <= warned


def test_chapters_in_the_feed_take_the_place_of_a_file_that_cannot_be_had(host, tmp_path, capsys):
    """An item has one podcast:chapters: ours, made of them."""
    address, site = host
    text = (site / "phare.xml").read_text(encoding="utf-8")
    lost = f'<podcast:chapters url="{address}/nowhere.json" type="application/json+chapters"/><psc:chapters'
    text = re.sub(r"<podcast:chapters [^>]*>", "", text).replace("<psc:chapters", lost)
    (site / "lost.xml").write_text(text, encoding="utf-8")
    place = Workspace(tmp_path / "show")
    _code, _, err = run(capsys, "import", f"{address}/lost.xml", place.root, "--url", NEW, "--allow-private")
    run(capsys, "--show", place.root, "feed")
    feed = (place.feed / "feed.xml").read_text(encoding="utf-8")
    (item,) = (item for item in re.findall(r"<item>.*?</item>", feed, re.DOTALL) if "<psc:chapters" in item)

    assert "its chapters file is not used; chapters are taken from the feed" in err
    assert re.findall(r'<podcast:chapters url="([^"]*)/', item) == [f"{NEW}chapters"]


def test_again_takes_only_what_is_new(host, tmp_path, capsys):
    """What was taken before is left as it is, also what somebody has edited; a new item is taken."""
    address, site = host
    place = Workspace(tmp_path / "show")
    run(capsys, "import", f"{address}/feed.xml", place.root, "--allow-private")
    record = place.imported / "le-brouillard.json"
    edit(record, '"title": "Le brouillard"', '"title": "La brume"')
    before = {path: path.stat().st_mtime_ns for path in place.imported.iterdir()}
    toml = place.show.read_bytes()
    newer = (site / "feed.xml").read_text(encoding="utf-8").replace("https://gardiens.example/?p=103", "999", 1)
    (site / "newer.xml").write_text(newer, encoding="utf-8")

    code, out, err = run(capsys, "import", f"{address}/newer.xml", place.root, "--allow-private")

    assert (code, Path(out.strip()).name) == (0, "le-brouillard-2.json")
    assert "1 episode imported, 3 already here" in err
    assert {path: path.stat().st_mtime_ns for path in before} == before
    assert len(list(place.imported.iterdir())) == 4
    assert place.show.read_bytes() == toml
    assert run(capsys, "import", f"{address}/newer.xml", place.root, "--allow-private")[1] == ""


def test_a_mirrored_sound_has_the_same_bytes(host, tmp_path, capsys):
    """First kept where it is, then fetched: guid and date stay, the URL is the show's; a missing file is reported."""
    address, _site = host
    place = Workspace(tmp_path / "show")
    run(capsys, "import", f"{address}/wild.xml", place.root, "--allow-private")
    code, out, err = run(capsys, "import", f"{address}/wild.xml", place.root, "--allow-private", "--mirror")
    run(capsys, "--show", place.root, "feed")
    feed = facts((place.feed / "feed.xml").read_bytes())

    assert (code, out) == (1, "")
    assert "4 audio files downloaded" in err
    assert "error: “Nobody home”: " in err
    name = feed["b"][2].removeprefix("https://wild-free.example/")
    assert re.fullmatch(r"media/no-date-at-all-[0-9a-f]{10}\.mp3", name)
    assert (place.feed / name).read_bytes() == SOUND
    assert (feed["b"][1], feed["b"][3]) == ("Thu, 05 Nov 2026 06:59:59 +0000", str(len(SOUND)))
    assert feed["f"][2] == f"{address}/son/gone.mp3"
    status = run(capsys, "--show", place.root, "status", "--json")[1]
    assert {row["slug"]: row["detail"] for row in json.loads(status)}["nobody-home"] == "imported; audio at 127.0.0.1"
    assert {(row["state"], row["detail"][:8]) for row in json.loads(status)} == {("up to date", "imported")}


def test_a_picture_of_an_episode_is_mirrored_too(host, tmp_path, capsys):
    """It is published from the new host, square; missing audio files are reported, and fetched the next time."""
    address, site = host
    (site / "one.xml").write_bytes(re.sub(rb"<item>\s*<title>Bande.*</item>|<atom:link[^>]*next[^>]*>", b"",
                                          (site / "feed.xml").read_bytes(), flags=re.DOTALL))  # fmt: skip
    place = Workspace(tmp_path / "show")
    code, _, err = run(capsys, "import", f"{address}/one.xml", place.root, "--url", NEW, "--allow-private", "--mirror")
    assert code == 0, err
    run(capsys, "--show", place.root, "feed")
    item = re.findall(r"<item>.*?</item>", (place.feed / "feed.xml").read_text(encoding="utf-8"), re.DOTALL)[0]

    picture = re.search(rf'<itunes:image href="{NEW}(art/[^"]+)"', item)
    assert picture is not None
    with Image.open(place.feed / picture[1]) as found:
        assert found.size == (1_400, 1_400)


def test_a_killed_run_is_resumed(host, tmp_path):
    """Kill -9 in the middle of a large file: the rest is asked for by range, and the bytes are right."""
    address, site = host
    sound = os.urandom(400_000)
    (site / "slow").mkdir()
    (site / "slow" / "large.mp3").write_bytes(sound)
    items = "<item><title>Large</title><guid>l</guid><pubDate>Sun, 01 Nov 2026 08:00:00 +0000</pubDate>"
    items += f'<enclosure url="{address}/slow/large.mp3" length="400000" type="audio/mpeg"/></item>'
    feed = tmp_path / "feed.xml"
    feed.write_text(f'<rss version="2.0"><channel><title>L</title><language>en</language>{items}</channel></rss>')
    place = Workspace(tmp_path / "show")
    program = "from podcast.cli.main import main; main()"
    command = [sys.executable, "-c", program, "import", str(feed), str(place.root), "--mirror", "--allow-private"]
    first = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    end = time.monotonic() + 20
    while not any(path.stat().st_size > 100_000 for path in place.imported.glob(".*.part")):
        assert time.monotonic() < end
        time.sleep(0.02)
    first.send_signal(signal.SIGKILL)
    first.wait()
    (left,) = place.imported.glob(".*.part")
    start = left.stat().st_size

    subprocess.run(command, check=True, capture_output=True)

    assert (place.imported / "large.mp3").read_bytes() == sound
    assert f"GET /slow/large.mp3 bytes={start}- 206" in (site.parent / "ranges").read_text()
    assert list(place.imported.glob(".*.part")) == []


def test_a_file_that_has_changed_is_fetched_anew(tmp_path):
    """Half of the old one is not joined to half of the new one."""
    with Website() as site:

        def half(write):
            """Send half of it, and no more."""
            write(b"old-")

        site.pages["/a.mp3"] = [
            Page(stream=half, kind="audio/mpeg", headers={"ETag": '"1"', "Content-Length": "8"}),
            Page(b"tail", status=206, headers={"ETag": '"2"', "Content-Range": "bytes 4-7/8"}),
            Page(b"new-tail", kind="audio/mpeg", headers={"ETag": '"2"'}),
        ]  # fmt: skip
        Web(private=True).save(site.url("/a.mp3"), tmp_path / "a.mp3", advance=lambda _bytes: None)
        ranges = [headers.get("range") for _path, headers in site.asked]

    assert (tmp_path / "a.mp3").read_bytes() == b"new-tail"
    assert ranges == [None, "bytes=4-", None]


def test_a_thousand_items_from_a_file(tmp_path, capsys):
    """Each with a slug and a date of its own where it had one, also where all are called the same."""
    items = "".join(
        f"<item><title>Journal</title><guid>{number}</guid><enclosure url='https://a.example/{number}.mp3' "
        f"length='9' type='audio/mpeg'/><pubDate>Sun, 01 Nov 2026 {number // 60:02}:{number % 60:02}:00 GMT</pubDate>"
        "</item>"
        for number in reversed(range(1_000))
    )
    (tmp_path / "feed.xml").write_text(
        f"<rss version='2.0'><channel><title>J</title><language>fr</language>{items}</channel></rss>", encoding="utf-8"
    )
    place = Workspace(tmp_path / "show")
    code, out, _ = run(capsys, "import", tmp_path / "feed.xml", place.root, "--quiet")
    assert (code, len(set(out.splitlines()))) == (0, 1_001)
    assert run(capsys, "--show", place.root, "feed")[0] == 0

    text = (tmp_path / "feed.xml").read_bytes()
    expected = {guid: ("false", *fact[1:]) for guid, fact in facts(text).items()}
    assert facts((place.feed / "feed.xml").read_bytes()) == expected


def test_new_episodes_go_on_top(tmp_path, capsys):
    """New episodes of an imported show continue its numbers; slugs and dates stay apart, and each names its voice."""
    place = shows.finished(tmp_path / "show", url=NEW)
    feed = tmp_path / "feed.xml"
    feed.write_text(
        "<rss version='2.0'><channel><title>Le Phare</title><language>fr</language><item><title>La nuit</title>"
        "<guid>old</guid><enclosure url='https://a.example/1.mp3' length='9' type='audio/mpeg'/>"
        "<pubDate>Sun, 01 Nov 2015 08:00:00 GMT</pubDate></item></channel></rss>",
        encoding="utf-8",
    )
    assert run(capsys, "import", feed, place.root, "--quiet")[0] == 0
    shows.add(place, "nuit")
    items = list(etree.parse(place.feed / "feed.xml").iter("item"))

    assert len(items) == 4
    assert items[-1].findtext("guid") == "old"
    assert (place.scripts / "la-nuit-2.md").exists()
    assert [b"ai-content" in etree.tostring(item) for item in items] == [True, True, True, False]
    assert b"ai-content" not in etree.tostring(items[0].getparent()).partition(b"<item>")[0]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "is not a podcast feed"),
        (b"<feed xmlns='http://www.w3.org/2005/Atom'/>", "is not a podcast feed"),
        (b"<html><body>hello", "is not a podcast feed"),
        (b"<rss><channel><item><title>x</title><guid>1</guid><enclosure url='http://a.example/a.mp3'/></item></channel></rss>",
         "no item of the feed has a valid date"),
    ],
)  # fmt: skip
def test_what_cannot_be_taken_over_is_reported(tmp_path, capsys, data, message):
    """No show is created for a file that is no feed."""
    (tmp_path / "feed.xml").write_bytes(data)
    code, _, err = run(capsys, "import", tmp_path / "feed.xml", tmp_path / "show", "--quiet")

    assert code == 1
    assert message in err
    assert run(capsys, "import", tmp_path / "none.xml", tmp_path / "show")[0] == 1


def test_addresses_of_this_network_are_refused(host, tmp_path, capsys):
    """As everywhere, unless they are allowed: a feed from elsewhere cannot make us read them."""
    code, _, err = run(capsys, "import", f"{host[0]}/feed.xml", tmp_path / "show")

    assert code == 1
    assert "--allow-private" in err


@pytest.mark.parametrize(
    ("said", "ms"),
    [("90", 90_000), ("1:30", 90_000), ("01:01:01", 3_661_000), ("00:00:45.250", 45_250), ("an hour", 0), ("", 0)],
)
def test_lengths_are_read_in_every_form(said, ms):
    """Seconds, MM:SS, HH:MM:SS, with a fraction; what is none is 0."""
    assert podcast_feed.milliseconds(said) == ms


@pytest.mark.parametrize(
    ("form", "data", "expected"),
    [
        ("srt", ("1\n00:00:00,000 --> 00:00:02,500\nAnne: Bonjour\n\n2\n00:00:02,500 --> 00:00:04,000\nà tous.\n\n3\n"
                "00:00:04,000 --> 00:00:05,000\nYann: Oui.\n"),
         [(0, 2_500, "Anne", "Bonjour"), (2_500, 4_000, "Anne", "à tous."), (4_000, 5_000, "Yann", "Oui.")]),
        ("json", json.dumps({"version": "1.0.0", "segments": [
            {"startTime": 0.5, "endTime": 0.9, "body": "Bonjour"},
            {"startTime": 0.9, "endTime": 1.2, "body": "à tous."},
            {"startTime": 2, "endTime": 3, "body": "Oui.", "speaker": "Yann"}]}),
         [(500, 1_200, "", "Bonjour à tous."), (2_000, 3_000, "Yann", "Oui.")]),
    ],
)  # fmt: skip
def test_transcripts_in_other_forms(form, data, expected):
    """SubRip names a speaker where the speaker changes; JSON may hold single words."""
    found = subtitles.cues(data.encode(), form, "a transcript")

    assert [(cue.start_ms, cue.end_ms, cue.speaker, cue.text) for cue in found] == expected
