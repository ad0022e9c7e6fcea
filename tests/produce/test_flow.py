# SPDX-License-Identifier: GPL-3.0-or-later
"""The whole flow: articles become episodes in a feed that others' readers accept; nothing is made twice."""

import hashlib
import json
import re
import shutil
import subprocess
from pathlib import Path

import feedparser
import mutagen
import podcastparser
import pytest
from helpers import SHOW_TOML, TESTS, edit

from podcast import produce
from podcast.config.load import load
from podcast.errors import AudioError, NarrationError, SynthesisError
from podcast.model import Speech
from podcast.produce import records
from podcast.produce.commands.status import states
from podcast.progress import Quiet
from podcast.voices.engines.tone import Tone
from podcast.workspace import TEMPORARY, Workspace

ARTICLES = TESTS / "data" / "articles"
SOURCES = [str(ARTICLES / "mer-salee.md"), str(ARTICLES / "sourdough.md")]


def make(place: Workspace, things: list[str] | None = None) -> list[produce.RenderedEpisode]:
    """Run what `podcast make` runs; what it would report as an error is raised."""
    show = load(place.show)
    with place.lock():
        meant = produce.scripts_of(place, show, things or [], produce.Intake())
        made, failures = produce.make(place, show, meant.scripts, progress=Quiet())
    for failure in [*meant.failures, *failures]:
        raise failure
    return made


def snapshot(folder: Path) -> dict[str, tuple[str, int]]:
    """Return each file's digest and time of writing; locks apart."""
    return {
        path.relative_to(folder).as_posix(): (hashlib.sha256(path.read_bytes()).hexdigest(), path.stat().st_mtime_ns)
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != ".lock"
    }


@pytest.fixture(scope="session")
def finished(tmp_path_factory):
    """Give a show with two finished episodes, made once; tests work on copies."""
    place = Workspace(tmp_path_factory.mktemp("finished"))
    place.show.write_text(SHOW_TOML, encoding="utf-8")
    make(place, SOURCES)
    return place


@pytest.fixture
def made(finished, workspace):
    """Give a show with two finished episodes."""
    shutil.copytree(finished.root, workspace.root, dirs_exist_ok=True)
    return workspace


def test_two_articles_become_a_feed_that_readers_accept(made):
    """Feedparser and podcastparser find both episodes with their own durations, sizes and words."""
    feed = (made.feed / "feed.xml").read_bytes()
    entries = feedparser.parse(feed).entries
    parsed = podcastparser.parse("https://phare.example/podcast/feed.xml", (made.feed / "feed.xml").open("rb"))

    assert [entry.title for entry in entries] == ["What makes sourdough rise", "Pourquoi la mer est-elle salée ?"]
    for entry, item in zip(entries, parsed["episodes"], strict=True):
        (enclosure,) = entry.enclosures
        path = made.feed / enclosure.href.removeprefix("https://phare.example/podcast/")
        length_s = mutagen.File(path).info.length
        assert int(enclosure.length) == path.stat().st_size
        assert enclosure.type == "audio/mpeg"
        assert abs(item["total_time"] - length_s) <= 1
        assert item["guid"] == entry.id
    assert parsed["title"] == "Le Phare"


def test_everything_the_feed_names_is_there(made):
    """Every address of the feed and of the pages leads to a file of the feed folder."""
    text = (made.feed / "feed.xml").read_text(encoding="utf-8")
    names = set(re.findall(r'(?:href|url)="https://phare\.example/podcast/([^"#]+)"', text))

    assert {Path(name).suffix for name in names} >= {".mp3", ".vtt", ".srt", ".json", ".jpg"}
    for name in names:
        assert (made.feed / name).is_file(), name


def test_cues_chapters_and_sound_agree(made):
    """The record, the transcript, the chapters and the tag tell the same times."""
    (slug,) = [one.slug for one in records.finished(made) if one.language == "fr"]
    episode = records.load(made, slug)
    tags = mutagen.File(made.sound(episode.slug)).tags
    heads = [cue for cue in episode.cues if cue.kind == "heading"]

    assert [chapter.title for chapter in episode.chapters][1:] == [cue.text for cue in heads]
    assert all(
        0 < cue.start_ms - chapter.start_ms <= 120 for cue, chapter in zip(heads, episode.chapters[1:], strict=True)
    )
    assert all(a.end_ms <= b.start_ms for a, b in zip(episode.cues, episode.cues[1:], strict=False))
    assert episode.cues[-1].end_ms <= episode.enclosure.duration_ms
    assert {frame.start_time for frame in tags.getall("CHAP")} == {chapter.start_ms for chapter in episode.chapters}
    assert tags.version[:2] == (2, 3) or tags["TIT2"].text == [episode.title]
    assert abs(mutagen.File(made.sound(episode.slug)).info.length * 1000 - episode.enclosure.duration_ms) < 30


def test_cues_know_the_depth_and_number_of_their_segment(workspace):
    """Numbers of items and levels of headings are kept, for the page."""
    article = workspace.root / "liste.md"
    article.write_text("# Liste\n\n## Un\n\n### Deux\n\n4. Quatre.\n5. Cinq.\n", encoding="utf-8")
    make(workspace, [str(article)])

    told = [(cue.kind, cue.level) for cue in records.load(workspace, "liste").cues if cue.kind != "paragraph"]
    assert told == [("heading", 2), ("heading", 3), ("item", 4), ("item", 5)]


def test_the_sound_is_as_loud_as_it_says(made):
    """Ffmpeg's meter agrees with the record: -16 LUFS, peaks under -1 dBTP."""
    for episode in records.finished(made):
        command = ["ffmpeg", "-hide_banner", "-nostats", "-i", made.sound(episode.slug), "-map", "0:a"]
        command += ["-af", "ebur128=peak=true:framelog=verbose", "-f", "null", "-"]
        report = subprocess.run(command, check=True, capture_output=True).stderr.decode(errors="replace")
        loud = float(re.findall(r"I:\s+(-?[\d.]+) LUFS", report)[-1])
        peak = float(re.findall(r"Peak:\s+(-?[\d.]+) dBFS", report)[-1])

        assert abs(loud + 16) <= 0.5
        assert peak <= -1.0
        assert abs(loud - episode.loudness.integrated_lufs) <= 0.15


def test_a_second_run_touches_nothing(made, calls):
    """No clip is narrated, no file is written, and the episodes are said to be up to date."""
    before = snapshot(made.root)

    assert [one.changed for one in make(made)] == [False, False]
    assert calls == []
    assert snapshot(made.root) == before


def test_naming_the_sources_again_touches_nothing(made, calls):
    """The articles are recognised."""
    before = snapshot(made.root)

    make(made, SOURCES)

    assert calls == []
    assert snapshot(made.root) == before


def test_one_edited_sentence_is_one_narrated_clip(made, calls):
    """All else is taken from the store, and the guid stays while the address of the sound changes."""
    (path,) = [path for path in made.script_files() if "mer" in path.name]
    before = records.load(made, path.stem)
    edit(path, "Elle n’a pas de sortie.", "Elle n’a aucune sortie vers le large.")

    changed = make(made)
    after = records.load(made, path.stem)

    assert sum(one.changed for one in changed) == 1
    assert len(calls) == 1
    assert after.guid == before.guid
    assert after.enclosure.sha256 != before.enclosure.sha256
    feed = (made.feed / "feed.xml").read_text(encoding="utf-8")
    assert after.enclosure.sha256[:10] in feed
    assert before.enclosure.sha256[:10] not in feed


def test_the_same_input_gives_the_same_bytes_elsewhere(made, tmp_path):
    """Another folder, another time, another order of work: the same files, to the byte."""
    other = Workspace(tmp_path / "ailleurs")
    shutil.copytree(made.scripts, other.scripts)
    shutil.copy(made.show, other.show)

    show = load(other.show)
    meant = produce.scripts_of(other, show, [], produce.Intake()).scripts
    with other.lock():
        produce.make(other, show, list(reversed(meant)), progress=Quiet(), jobs=1)

    def bytes_of(place: Workspace) -> dict[str, str]:
        kept = {name: digest for name, (digest, _) in snapshot(place.root).items()}
        return {name: digest for name, digest in kept.items() if not name.startswith("audio/clips")}

    assert bytes_of(other) == bytes_of(made)


def test_nothing_published_holds_a_path_of_this_machine(made):
    """Neither feed, pages, records nor tags say where they were made."""
    for path in [*made.feed.rglob("*"), *made.audio.glob("*.*")]:
        if path.is_file():
            assert str(made.root).encode() not in path.read_bytes()


def test_a_lost_clip_or_episode_is_made_again_as_it_was(made, calls):
    """Deleting a cached or finished file costs time, never a difference."""
    before = {name: digest for name, (digest, _) in snapshot(made.root).items()}
    for path in made.audio.glob("*.mp3"):
        path.unlink()
    victims = sorted(made.clips.rglob("*.frames"))
    victims[0].unlink()
    victims[1].write_bytes(victims[1].read_bytes()[:-7])

    make(made)

    assert calls == []
    assert {name: digest for name, (digest, _) in snapshot(made.root).items()} == before


def test_a_failing_sentence_names_its_line_and_loses_nothing(workspace, calls, monkeypatch):
    """The run ends with an error; the next run narrates only what is missing."""
    speak = Tone.speak

    def fails(self, text, voice) -> Speech:
        if "coraux" in text:
            raise SynthesisError("tone: out of order", hint="wait")
        return speak(self, text, voice)

    with monkeypatch.context() as broken:
        broken.setattr(Tone, "speak", fails)
        with pytest.raises(NarrationError, match=r"scripts/.*\.md:\d+: “Des coquilles.*out of order") as caught:
            make(workspace, SOURCES[:1])
    line = int(re.search(r"\.md:(\d+)", str(caught.value))[1])
    (path,) = workspace.script_files()
    assert "coquilles" in path.read_text(encoding="utf-8").split("\n")[line - 1]
    assert not list(workspace.audio.glob("*.mp3"))
    assert not list(workspace.root.rglob(f"{TEMPORARY}*"))

    done = len(calls)
    assert done > 0
    calls.clear()
    make(workspace)
    assert len(calls) > 0
    assert not set(calls) & {"x"}
    assert len([text for text in calls if "coraux" in text]) == 1


def test_an_inserted_sound_is_heard_at_its_place(made, calls):
    """Music between paragraphs moves what comes after it."""
    from podcast.sound.music import tracks

    tracks.write_default(made.music / "gong.flac")
    (path,) = [path for path in made.script_files() if "mer" in path.name]
    before = records.load(made, path.stem)
    edit(path, "## Un compte", "![un gong](audio/music/gong.flac)\n\n## Un compte")

    make(made)
    after = records.load(made, path.stem)

    assert calls == []
    assert after.enclosure.duration_ms > before.enclosure.duration_ms + 5000
    assert after.cues[0] == before.cues[0]

    edit(path, "gong.flac", "absent.flac")
    with pytest.raises(Exception, match=r"audio/music/absent\.flac: file not found"):
        make(made)


def test_bad_music_is_named(made):
    """A file that is not sound stops the build before anything is replaced."""
    made.music.mkdir()
    (made.music / "intro.flac").write_bytes(b"this is not sound")
    made.show.write_text(
        made.show.read_text(encoding="utf-8") + '\n[music]\nintro = "audio/music/intro.flac"\n', encoding="utf-8"
    )
    before = {path: path.read_bytes() for path in made.audio.glob("*.mp3")}

    with pytest.raises(AudioError, match=r"show\.toml:\d+: music\.intro: intro\.flac"):
        make(made)
    assert {path: path.read_bytes() for path in made.audio.glob("*.mp3")} == before


def test_status_says_what_is_stale_and_why(made):
    """Each kind of change is named."""
    show = load(made.show)
    assert {(row.state, row.detail, row.in_feed) for row in states(made, show)} == {("up to date", "", True)}

    made.show.write_text(made.show.read_text(encoding="utf-8") + "\n[pauses]\nsentence_ms = 400\n", encoding="utf-8")
    rows = states(made, load(made.show))
    assert {(row.state, row.detail) for row in rows} == {("out of date", "pauses changed")}

    path = made.script_files()[0]
    path.write_text(path.read_text(encoding="utf-8") + "\n[pause x]\n", encoding="utf-8")
    rows = states(made, load(made.show))
    assert any(row.state == "failed" and "[pause x]" in row.detail for row in rows)
    json.dumps([row.as_json() for row in rows])


def test_previews_and_plans_leave_no_trace_in_the_feed(made, calls):
    """A preview is a file beside; a plan is words."""
    before = snapshot(made.feed)
    show = load(made.show)
    meant = produce.scripts_of(made, show, [], produce.Intake()).scripts[:1]

    (path,) = produce.preview(made, show, meant, progress=Quiet())
    (plan,), refused = produce.plan(made, show, meant)

    assert refused == []
    assert path.name.endswith(".preview.mp3")
    assert mutagen.File(path).info.length > 10
    assert plan.new == 0
    assert "nothing to narrate (27 sentences in the cache)" in plan.line()
    assert snapshot(made.feed) == before


def test_a_removed_episode_leaves_the_feed_and_its_files_go_with_the_next_change(made):
    """Players that still have the old feed find its files for one more change."""
    gone, kept = records.finished(made)
    made.record(gone.slug).unlink()
    old = made.feed / records.sound_name(gone)

    with made.lock():
        produce.publish(made, load(made.show))
    assert gone.guid not in (made.feed / "feed.xml").read_text(encoding="utf-8")
    assert old.exists()
    foreign = made.feed / "robots.txt"
    foreign.write_text("mine")

    made.show.write_text(
        made.show.read_text(encoding="utf-8").replace("Des articles", "De beaux articles"), encoding="utf-8"
    )
    with made.lock():
        produce.publish(made, load(made.show))
    assert not old.exists()
    assert foreign.exists()
    assert kept.guid in (made.feed / "feed.xml").read_text(encoding="utf-8")


def titles(place: Workspace) -> list[str]:
    """Return the titles of the feed."""
    return [entry.title for entry in feedparser.parse((place.feed / "feed.xml").read_bytes()).entries]


def test_an_episode_of_the_future_waits_for_its_date(made, monkeypatch):
    """It is made, but not listed until then; what was listed once stays, whatever the clock says later."""
    path = next(path for path in made.script_files() if "sourdough" in path.name)
    edit(path, "date: 2026-11-21", "date: 2030-11-21")
    (made.audio / ".feed.json").unlink()
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1800000000")  # 2027
    make(made)
    assert titles(made) == ["Pourquoi la mer est-elle salée ?"]

    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1950000000")  # 2031
    make(made)
    assert len(titles(made)) == 2
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1000000000")  # 2001
    make(made)
    assert len(titles(made)) == 2


def test_an_episode_can_be_withdrawn(made):
    """`publish: false` takes it out of the feed; the sound stays, and nothing is narrated again to bring it back."""
    path = next(path for path in made.script_files() if "sourdough" in path.name)
    before = snapshot(made.clips)
    edit(path, "author:", "publish: false\nkind: bonus\nauthor:")
    make(made)
    assert titles(made) == ["Pourquoi la mer est-elle salée ?"]
    assert len(list(made.audio.glob("*.mp3"))) == 2

    edit(path, "publish: false\n", "")
    make(made)
    assert len(titles(made)) == 2
    assert b"<itunes:episodeType>bonus<" in (made.feed / "feed.xml").read_bytes()
    assert snapshot(made.clips) == before
