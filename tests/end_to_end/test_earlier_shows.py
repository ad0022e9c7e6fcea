# SPDX-License-Identifier: GPL-3.0-or-later
"""Shows of earlier versions go on: nothing of them is narrated, rendered or published again after an update."""

import shutil
from pathlib import Path

import feedparser
import pytest
from click.testing import CliRunner
from helpers import TESTS

from podcast.cli.main import cli
from podcast.voices.engines.espeak import Espeak
from podcast.voices.engines.tone import Tone

DATA = TESTS / "data" / "earlier" / "shows"
SHOWS = ["lantern", "phare", "tides"]
AUDIO = {".mp3", ".opus", ".flac", ".frames", ".json"}
"""What is rendered and narrated, and the records of it."""


def run(*arguments: str) -> str:
    """Run a command that succeeds; return what it prints."""
    result = CliRunner().invoke(cli, arguments, obj=[])
    assert result.exit_code == 0, result.output
    return result.output


def files(folder: Path) -> dict[str, bytes]:
    """Return the audio and records in a folder, but for what only says what was looked at."""
    found = (path for path in folder.rglob("*") if path.suffix in AUDIO and not path.name.startswith("."))
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}


def items(folder: Path) -> list[tuple[str, str, str, str, str]]:
    """Return what apps know of each episode: guid, date, URL, size and type of its audio."""
    feed = feedparser.parse((folder / "feed.xml").read_bytes())
    assert not feed.bozo
    return [
        (one.id, one.published, one.enclosures[0].href, one.enclosures[0].length, one.enclosures[0].type)
        for one in feed.entries
    ]


@pytest.fixture
def narrated(monkeypatch):
    """Give the list of texts that engines are asked to speak."""
    asked = []
    for engine in (Espeak, Tone):
        speak = engine.speak
        monkeypatch.setattr(
            engine, "speak", lambda self, text, voice, speak=speak: asked.append(text) or speak(self, text, voice)
        )
    return asked


@pytest.fixture(params=SHOWS)
def earlier(request, tmp_path, monkeypatch):
    """Give a copy of a show of version 1.0.0; it is the current folder."""
    return copied(request.param, tmp_path, monkeypatch)


def copied(name, tmp_path, monkeypatch):
    """Copy a show as a producer would who changes the computer, and go there."""
    folder = tmp_path / name
    shutil.copytree(DATA / name, folder)
    monkeypatch.chdir(folder)
    return folder


def test_nothing_is_narrated_or_rendered_again(earlier, narrated):
    """`make` finds every episode up to date; its audio and its record stay byte for byte."""
    before = files(earlier / "audio")

    printed = run("make")

    assert narrated == []
    assert "rendered" not in printed
    assert files(earlier / "audio") == before
    assert len([name for name in before if name.endswith(".mp3")]) == 2


def test_what_apps_know_stays(earlier):
    """The feed announces the same guids, dates and enclosures; the files that apps may be downloading are there."""
    known = (earlier / "scripts" / ".published.json").read_bytes()
    listed = items(earlier / "feed")
    media = files(earlier / "feed" / "media")

    run("make")
    run("feed")

    assert items(earlier / "feed") == listed
    assert files(earlier / "feed" / "media") == media
    assert (earlier / "scripts" / ".published.json").read_bytes() == known


def test_the_status_is_up_to_date(earlier):
    """Every script is up to date, the one that was deleted included."""
    lines = run("status").splitlines()

    assert len(lines) == 2
    assert all("\tup to date" in line for line in lines)


def test_no_audio_is_uploaded_again(tmp_path, monkeypatch):
    """`publish` sends at most what a newer program writes differently: never the audio of an episode."""
    folder = copied("tides", tmp_path, monkeypatch)
    sent = files(folder / "public")

    run("make")
    printed = run("publish", "--no-verify")

    assert "media/" not in printed
    assert (folder / "audio" / ".targets.json").is_file()  # audio/.published.json until 1.0
    assert not (folder / "audio" / ".published.json").exists()
    assert {name: data for name, data in files(folder / "public").items() if name.startswith("media/")} == {
        name: data for name, data in sent.items() if name.startswith("media/")
    }


def test_a_lost_episode_is_rendered_from_its_clips(tmp_path, monkeypatch, narrated):
    """Without the MP3, the episode is put together again: from the clips, for their names are the same."""
    folder = copied("tides", tmp_path, monkeypatch)
    (folder / "audio" / "why-the-tide-is-late.mp3").unlink()

    printed = run("make", "--allow-audio")

    assert "why-the-tide-is-late.mp3" in printed
    assert "rendered" in printed
    assert narrated == []


def test_an_edited_sentence_is_the_only_one_narrated(tmp_path, monkeypatch, narrated):
    """A change to a script of an earlier version costs one sentence."""
    folder = copied("tides", tmp_path, monkeypatch)
    script = folder / "scripts" / "why-the-tide-is-late.md"
    script.write_text(script.read_text(encoding="utf-8").replace("So is the sea.", "So is every sea."), "utf-8")

    run("make", "--allow-audio")

    assert narrated == ["So is every sea."]
