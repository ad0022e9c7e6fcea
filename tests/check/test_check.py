# SPDX-License-Identifier: GPL-3.0-or-later
"""The check: nothing is said of a good show, and each way of breaking it is found. Ways are lines of mutations.tsv."""

import dataclasses
import datetime as dt
import io
import json
import re
import shutil
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import mutagen.id3
import pytest
from click.testing import CliRunner
from helpers import TESTS
from PIL import Image
from shows import TEXTS, add, finished

from podcast import check, produce
from podcast.check import RULES, FeedCheck, Missing, transcripts
from podcast.cli.main import cli
from podcast.config.load import load
from podcast.errors import FeedError
from podcast.feed.validate import categories
from podcast.metadata import transcript
from podcast.model import Cue
from podcast.produce.release import feed_check
from podcast.workspace import Workspace

DATA = TESTS / "data" / "check"
URL = "https://phare.org/podcast/"
NOW = dt.datetime(2090, 1, 1, tzinfo=dt.UTC)
LINES = (DATA / "mutations.tsv").read_text(encoding="utf-8").splitlines()
MUTATIONS = [tuple((line + "\t\t").split("\t")[:4]) for line in LINES if line and not line.startswith("#")]
LONG = (
    "---\ntitle: Le vent\ndate: 2026-11-21\n---\n\nLe vent pousse les vagues. Elles vont vers la côte.\n\n"
    "## Le large\n\nAu large, le vent pousse les nuages aussi.\n\n## Le soir\n\nLe soir, il tombe.\n"
)


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """Give a show in which nothing is wrong."""
    place = finished(tmp_path_factory.mktemp("good") / "show", url=URL)
    text = place.show.read_text(encoding="utf-8").replace("[show]\n", '[show]\nlicense = "cc-by-4.0"\n')
    place.show.write_text(text, encoding="utf-8")
    for path in place.scripts.glob("le-vent*"):
        path.unlink()
    TEXTS["vent-long"] = LONG
    add(place, "vent-long")
    return place


@pytest.fixture(scope="module")
def files(good: Workspace) -> dict[str, bytes]:
    """Give the feed and the files that it names, by name."""
    paths = (path for path in good.feed.rglob("*") if path.is_file())
    read = {path.relative_to(good.feed).as_posix(): path.read_bytes() for path in paths}
    feed = read["feed.xml"].decode()
    return {name: data for name, data in read.items() if name == "feed.xml" or URL + name in feed}


def rules(files: dict[str, bytes]) -> set[str]:
    """Return the rules that do not hold in a show of these files."""

    def look(address: str) -> bytes | Missing:
        return files.get(address.removeprefix(URL), Missing("not there"))

    task = FeedCheck(files["feed.xml"], "feed.xml", NOW, categories(), look=look)
    return {finding.rule for finding in check.check(task)}


def changed(files: dict[str, bytes], pattern: str, old: str, new: str) -> dict[str, bytes]:
    """Return the files with the first of a pattern changed."""
    name = next(name for name in sorted(files, reverse=True) if Path(name).match(pattern))
    new = re.sub(r"\{(\d+)\}", lambda found: ("mot " * int(found[1]))[: int(found[1])], new)
    new = re.sub(r"\\x([0-9a-f]{2})", lambda found: chr(int(found[1], 16)), new)
    text, count = re.subn(old, new, files[name].decode(), count=0 if "(?#all)" in old else 1)
    assert count, f"{old} is not in {name}"
    return files | {name: text.encode()}


def test_nothing_is_said_of_a_good_show(good):
    """Neither of the feed, nor of its files, pages and figures."""
    assert feed_check.own(good, load(good.show)) == []


@pytest.mark.parametrize(("rule", "pattern", "old", "new"), MUTATIONS, ids=lambda text: text[:40])
def test_each_way_of_breaking_a_show_is_found(files, rule, pattern, old, new):
    """By the rule that is meant for it."""
    assert rule in rules(changed(files, pattern, old, new))


def test_every_rule_is_broken_somewhere_in_the_tests():
    """So that none is a dead letter."""
    here = Path(__file__).read_text(encoding="utf-8")
    meant = {rule for rule, *_ in MUTATIONS} | set(re.findall(r'"([a-z]+(?:-[a-z0-9]+)+)"', here))

    assert set(RULES) - meant == set()
    assert {rule for rule, *_ in MUTATIONS} <= set(RULES)


def sound(files: dict[str, bytes], change: object) -> set[str]:
    """Return the rules that do not hold with another sound file."""
    name = next(name for name in files if name.startswith("media/le-vent"))
    return rules(files | {name: change(files[name])})  # type: ignore[operator]


def retagged(change: object, *, version: int = 3) -> object:
    """Return what changes the tag of an MP3 by mutagen."""

    def apply(data: bytes) -> bytes:
        file = io.BytesIO(data)
        tag = mutagen.id3.ID3(file)
        change(tag)  # type: ignore[operator]
        file.seek(0)
        tag.save(file, v2_version=version)
        return file.getvalue()

    return apply


def first_chapter(tag: mutagen.id3.ID3, **values: object) -> None:
    """Change the first chapter of a tag."""
    frame = min(tag.getall("CHAP"), key=lambda each: each.start_time)
    for name, value in values.items():
        setattr(frame, name, value)


FRAMES = 20_000
"""Bytes that are taken from the middle of the sound."""


@pytest.mark.parametrize(
    ("rule", "change"),
    [
        ("sound-broken", lambda data: data[: len(data) - 100]),
        ("sound-broken", lambda _data: b"RIFF" + bytes(400)),
        ("sound-broken", lambda _data: b"<html>404</html>"),
        ("sound-broken", lambda data: data[:-FRAMES] + bytes(range(256)) * 3 + data[-FRAMES:]),
        ("sound-inner", lambda data: data + data),
        ("sound-frames", lambda data: data[: -384 * 20]),
        ("sound-mixed", lambda data: data + (b"\xff\xf3\x64\xc4" + bytes(140)) * 9),
        ("sound-vbr", lambda data: data + (b"\xff\xfb\xb4\x64" + bytes(572)) * 9),
        ("sound-rate", lambda _data: (b"\xff\xf3\x64\xc4" + bytes(140)) * 400),
        ("sound-bitrate", lambda _data: (b"\xff\xfb\x14\xc4" + bytes(92)) * 400),
        ("tag-missing", lambda data: data[data.index(b"\xff\xfb\x94") :]),
        ("tag-frame", retagged(lambda tag: tag.delall("TALB"))),
        ("tag-frame", retagged(lambda tag: tag.delall("APIC"))),
        ("tag-size", retagged(lambda tag: setattr(tag.getall("APIC")[0], "data", bytes(310_000)))),
        ("tag-differs", retagged(lambda tag: setattr(tag.getall("TIT2")[0], "text", ["Le sable"]))),
        ("tag-version", retagged(lambda _tag: None, version=4)),
        ("tag-toc", retagged(lambda tag: tag.delall("CTOC"))),
        ("tag-toc", retagged(lambda tag: setattr(tag.getall("CTOC")[0], "child_element_ids", ["x"]))),
        ("tag-chapter", retagged(lambda tag: first_chapter(tag, end_time=0))),
        ("tag-chapter", retagged(lambda tag: first_chapter(tag, start_time=900_000, end_time=990_000))),
        ("tag-order", retagged(lambda tag: first_chapter(tag, start_time=4_000, end_time=5_000))),
        ("chapters-differ", retagged(lambda tag: first_chapter(tag, start_time=3_000))),
    ],
)
def test_what_is_wrong_with_a_sound_file_is_found(files, rule, change):
    """Its frames, its first frame, its tag with the chapters."""
    assert rule in sound(files, change)


def test_tags_after_the_sound_are_no_fault(files):
    """ID3v1, and the APEv2 tags of ReplayGain, with header or without; what else is there is one."""
    data = next(data for name, data in files.items() if name.startswith("media/le-vent"))
    frames = check.sound.frames(data).frames
    body = b"\4\0\0\0\0\0\0\0GAIN\0-1.0"

    def ape(flags: int) -> bytes:
        ends = b"".join(number.to_bytes(4, "little") for number in (2000, len(body) + 32, 1, flags))
        return b"APETAGEX" + ends + bytes(8)

    for end in (b"", body + ape(0), ape(0xA0000000) + body + ape(0x80000000)):
        for more in (end, end + b"TAG" + bytes(125)):
            read = check.sound.frames(data + more)
            assert (read.frames, read.broken, read.inner) == (frames, "", []), more
    assert check.sound.frames(data + body).broken


def test_nothing_is_an_error_in_an_episode_that_was_made_elsewhere(files):
    """Its guid tells which one it is; the other episode and the show are judged as ever."""
    broken = files["feed.xml"].decode().replace('type="audio/mpeg"/>', 'type="audio/mp3"/>')
    feed = broken.replace("<language>fr<", "<language>french<").encode()
    guid = re.search(r"<guid[^>]*>([^<]+)", broken)[1]  # type: ignore[index]
    found = check.check(FeedCheck(feed, "feed.xml", NOW, categories(), kept={guid}))

    assert [(one.rule, one.level) for one in found if one.level != "note"] == [
        ("channel-language", "error"),
        ("item-enclosure-type", "warning"),
        ("item-enclosure-type", "error"),
    ]


def picture(width: int, height: int, mode: str = "RGB", form: str = "JPEG") -> bytes:
    """Return a picture."""
    file = io.BytesIO()
    Image.new(mode, (width, height)).save(file, form)
    return file.getvalue()


@pytest.mark.parametrize(
    ("rule", "data"),
    [
        ("art-broken", b"\xff\xd8\xff no picture"),
        ("art-format", picture(1500, 1500, form="WEBP")),
        ("art-extension", picture(1500, 1500, form="PNG")),
        ("art-square", picture(1500, 1400)),
        ("art-size", picture(600, 600)),
        ("art-size", picture(3001, 3001)),
        ("art-colour", picture(1500, 1500, "CMYK")),
        ("art-alpha", picture(1500, 1500, "RGBA", "PNG")),
        ("art-bytes", picture(1500, 1500) + bytes(1_000_000)),
    ],
)
def test_what_is_wrong_with_a_cover_is_found(files, rule, data):
    """Apple's requirements for artwork."""
    name = next(name for name in files if name.startswith("art/cover"))

    assert rule in rules(files | {name: data})


def test_what_is_no_audio_or_image_is_reported_in_plain_words(files):
    """The message names the format where it is known, without words that only programmers understand."""
    sounds = {
        b"\0\0\0\x20ftypM4A ": "it is an MP4 (M4A) file",
        b"OggS": "it is an Ogg file",
        b"\n<!DOCTYPE html>": "it is an HTML page",
    }
    for head, said in sounds.items():
        _seconds, found = check.sound.check(head + bytes(500), "x.mp3", "")
        assert [(one.rule, one.said) for one in found] == [("sound-broken", said)]

    (broken,) = check.art.check(b"<svg/>", "https://phare.org/x.jpg", "x.jpg")
    assert broken.said == "unknown image format"
    name = next(name for name in files if name.startswith("transcripts/") and name.endswith(".json"))
    for data, said in ((b"[]", "it has an unexpected structure"), (b"{}", "'segments' is missing")):
        _read, found = check.transcripts.check(data, "application/json", None, name, "")
        assert said in [one.said for one in found if one.rule == "transcript-broken"]


def test_many_chapters_stand_in_tables_below_the_top_one():
    """A table of contents holds 255 entries (id3v2-chapters-1.0); ours is divided, and so may others be."""
    names = [f"chp{index}" for index in range(300)]
    flat = lambda name, children, flags: mutagen.id3.CTOC(element_id=name, flags=flags, child_element_ids=children)  # noqa: E731
    parts = [flat("a", names[:255], 1), flat("b", names[255:], 1)]

    def told(top: list[str]) -> list[tuple[str, str]]:
        return list(check.sound._contents([flat("toc", top, 3), *parts], names))

    assert told(["a", "b"]) == []
    assert told(["b", "a"])
    assert told(["a"])


HOSTS = {
    "block-no": {"chapters-type"},
    "cdata-and-m4a": {"channel-guid", "channel-locked", "item-transcript", "item-chapters"},
    "chapters-and-soundbites": {"chapters-type", "chapters-version"},
    "every-podcast-tag": {"ns-unknown-tag"},
    "explicit-no": {"channel-explicit", "item-explicit"},
    "media-and-googleplay": {"item-transcript", "item-chapters"},
    "own-namespace": {"channel-guid", "channel-locked", "item-description-tags", "item-transcript", "item-chapters"},
    "owner-without-email": {"channel-owner", "item-chapters"},
    "radio": {
        *("channel-explicit", "channel-self", "channel-guid", "channel-locked", "item-explicit"),
        *("item-transcript", "item-chapters"),
    },
    "tracked-enclosures": {"channel-guid", "channel-locked", "item-transcript", "item-chapters"},
    "wordpress": {"channel-locked", "license-form", "item-description-tags", "item-transcript", "item-chapters"},
}
"""Feed in tests/data/check/hosts, as large hosts write theirs -> the rules that it breaks indeed."""


@pytest.mark.parametrize("name", HOSTS)
def test_feeds_as_hosts_write_them_are_judged_calmly(name):
    """Elements of other vocabularies, tracking addresses, years in titles and `No` are nothing to complain about."""
    found = feed_check.foreign(str(DATA / "hosts" / f"{name}.xml"), online=False)

    assert {one.rule for one in found} == HOSTS[name]


@pytest.mark.parametrize(
    "title",
    [
        *("Sleep 8 hours", "Step 3: breathe", "1984 – The big storm", "2026 : ce qui change", "C# 12 and iOS17"),
        *("Galaxy S22", "Les années 90", "AWS S3 2024", "CS50, G20", "D&#8217;ici", "Recep 3"),
    ],
)
def test_a_number_in_a_title_is_mostly_not_the_episodes(files, title):
    """Only a number that is written as an episode's number is reported."""
    feed = files["feed.xml"].decode().replace("<title>Le vent</title>", f"<title>{title.replace('&', '&amp;')}</title>")

    assert "item-title-number" not in rules(files | {"feed.xml": feed.encode()})


def test_a_namespace_may_be_declared_where_it_is_used(files):
    """On the channel as well as on the root."""
    declared = ' xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"'
    feed = files["feed.xml"].decode().replace(declared, "", 1).replace("<channel>", f"<channel{declared}>", 1)

    assert rules(files | {"feed.xml": feed.encode()}) == set()


def test_feeds_that_are_too_large_are_reported(files):
    """A feed over 1 MB is a note, one over 64 MB is not even read."""
    padded = files["feed.xml"].replace(b"<language>", b" " * 1_000_000 + b"<language>")

    assert rules(files | {"feed.xml": padded}) == {"xml-size"}
    assert rules(files | {"feed.xml": b"<?xml?>" + bytes(65 * 1024 * 1024)}) == {"xml-too-large"}


def test_another_address_than_the_feed_was_fetched_from_is_reported(files):
    """Apps would follow the one that the feed names."""
    task = FeedCheck(files["feed.xml"], "feed.xml", NOW, categories(), fetched="https://old.example/feed.xml")

    assert "channel-self-other" in {finding.rule for finding in check.check(task)}


def test_pages_and_figures_of_the_show_are_checked(good, tmp_path):
    """Pages that load from elsewhere or link what is not there; loudness, peak and silence as they were measured."""
    place = Workspace(Path(shutil.copytree(good.root, tmp_path / "show")))
    page = next((place.feed / "episodes").glob("le-sel*"))
    more = "<script src='https://cdn.example/x.js'></script><a href='nowhere.html'>x</a></body>"
    page.write_text(page.read_text(encoding="utf-8").replace("</body>", more), encoding="utf-8")
    found = {finding.rule: finding for finding in feed_check.own(place, load(place.show))}
    assert set(found) == {"page-third-party", "page-broken"}
    assert found["page-broken"].said == f"{URL}episodes/nowhere.html"

    loud = dataclasses.replace(load_figures(place), integrated_lufs=-12.0, true_peak_dbtp=0.5, first_sound_ms=5000)
    wrong = {finding.rule for finding in feed_check.measured("le-vent", "Le vent", loud, -16.0)}
    assert wrong == {"sound-loudness", "sound-peak", "sound-silence"}


def load_figures(place: Workspace) -> object:
    """Return the figures of an episode of the show."""
    from podcast.produce import records

    return records.finished(place)[0].loudness


def test_errors_keep_a_show_from_being_uploaded(good, tmp_path):
    """All errors are reported; files that passed are not checked again."""
    place = Workspace(Path(shutil.copytree(good.root, tmp_path / "show")))
    show = load(place.show)
    assert feed_check.refuse(place, show) == []
    path = place.audio / feed_check.CHECKED
    remembered = path.read_bytes()
    path.write_bytes(remembered.replace(b'"\n ]', b'f"\n ]'))  # one digest is another: all is looked at again
    assert path.read_bytes() != remembered
    assert feed_check.refuse(place, show) == []
    assert path.read_bytes() == remembered
    feed = place.feed / "feed.xml"
    feed.write_text(feed.read_text(encoding="utf-8").replace("<itunes:explicit>false", "<itunes:explicit>no"), "utf-8")
    (place.audio / feed_check.CHECKED).unlink()

    with pytest.raises(FeedError, match="<itunes:explicit> is missing or is not true or false: no"):
        feed_check.refuse(place, show)


@pytest.mark.parametrize("path", sorted((DATA / "feeds").iterdir()), ids=lambda path: path.name)
def test_feeds_of_others_are_judged_whatever_they_are(path):
    """Nothing but findings: no trace, no file of this machine in them."""
    found = feed_check.foreign(str(path), online=False)

    assert any(finding.level == "error" for finding in found)
    assert "root:" not in " ".join(finding.said for finding in found)


def test_a_host_without_ranges_is_reported(tmp_path):
    """Python's own server is one; each file that the feed names is requested, and a missing one is reported."""
    folder = tmp_path / "show" / "feed"
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(SimpleHTTPRequestHandler, directory=folder)) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        place = finished(tmp_path / "show", url=f"http://127.0.0.1:{server.server_port}/")
        show = load(place.show)
        with place.lock():
            produce.publish(place, show)
        assert {finding.rule for finding in feed_check.hosted(place, show)} == {"file-host"}
        next((place.feed / "transcripts").glob("le-vent*.vtt")).unlink()
        feed = (place.feed / "feed.xml").read_text(encoding="utf-8")
        name = re.search(r"transcripts/le-vent\S+\.vtt", feed)[0]
        (place.feed / name).unlink(missing_ok=True)
        found = feed_check.foreign(show.feed_url, online=True, private=True)
        server.shutdown()

    assert {"file-host", "file-missing", "address-https"} <= {finding.rule for finding in found}
    assert [finding.place for finding in found if finding.rule == "file-missing"] == [show.url + name]


def test_the_command_reports_rule_location_and_fix(good, tmp_path):
    """In lines, or as JSON; exit code 1 for errors."""
    feed = tmp_path / "feed.xml"
    text = (good.feed / "feed.xml").read_text(encoding="utf-8")
    feed.write_text(text.replace("<language>fr</language>", "<language>french</language>"), encoding="utf-8")
    runner = CliRunner(mix_stderr=False)
    clean = runner.invoke(cli, ["--show", str(good.root), "check"], obj=[])
    plain = runner.invoke(cli, ["check", str(feed)], obj=[])
    machine = runner.invoke(cli, ["check", str(feed), "--json"], obj=[])

    assert (clean.exit_code, plain.exit_code, machine.exit_code) == (0, 1, 1)
    assert f"error  {feed}:" in plain.stdout
    assert "<language> is missing or is not a valid ISO 639 code: french" in plain.output
    assert "[channel-language]" in plain.output
    (finding,) = json.loads(machine.stdout)["findings"]
    assert (finding["rule"], finding["level"]) == ("channel-language", "error")
    assert list(finding) == ["rule", "level", "place", "about", "message", "value", "fix"]
    assert finding["message"] == "<language> is missing or is not a valid ISO 639 code"
    assert (finding["value"], finding["fix"]) == ("french", "use a code such as en, fr or pt-BR")


def test_a_long_catalogue_is_not_told_episode_by_episode(tmp_path):
    """Ten findings of a rule are enough to read; programs get all."""
    text = (DATA / "hosts" / "tracked-enclosures.xml").read_text(encoding="utf-8")
    start, item, end = (part for part in re.split(r"(?s)(<item>.*</item>)", text) if part)
    feed = tmp_path / "feed.xml"
    feed.write_text(start + item * 30 + end, encoding="utf-8")
    runner = CliRunner(mix_stderr=False)
    plain = runner.invoke(cli, ["check", str(feed)], obj=[]).stdout
    machine = runner.invoke(cli, ["check", str(feed), "--json"], obj=[]).stdout

    assert plain.count("the episode has no transcript") == 10
    assert "note  and 50 more  [item-transcript]\n" in plain
    assert sum(one["rule"] == "item-transcript" for one in json.loads(machine)["findings"]) == 60


def test_a_show_that_was_not_built_is_reported(tmp_path):
    """The message names the command that builds it."""
    place = finished(tmp_path / "show")
    (place.feed / "feed.xml").unlink()

    with pytest.raises(FeedError, match=r"feed\.xml: file not found"):
        feed_check.own(place, load(place.show))


def test_a_colon_in_the_text_is_no_speaker_in_subrip_and_a_speaker_is_no_text():
    """The four forms of one transcript say the same words, whether its cues have speakers or colons of their own."""
    for speaker in ("", "Anna"):
        cues = [
            Cue(0, 4000, "C’est une réalité du marché de l’IA : la valeur ne réside plus là.", 0, "paragraph", speaker),
            Cue(4000, 8000, "Le plan: partir. Le plan: rester, et voir venir la suite des choses.", 1, "paragraph"),
        ]
        page = transcript.html(cues, language="fr", title="Le plan")
        captions = transcript.vtt(cues, language="fr")
        forms = {"application/x-subrip": transcript.srt(cues), "text/vtt": captions, "text/html": page}
        read = [(kind, transcripts.check(form.encode(), kind, 8, "", "")[0]) for kind, form in forms.items()]
        assert all(each.words for _, each in read)
        assert list(transcripts.compare(read, "", "")) == []
