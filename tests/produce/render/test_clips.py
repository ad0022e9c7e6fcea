# SPDX-License-Identifier: GPL-3.0-or-later
"""An episode with stings, a bed, a recording and a hook, as `podcast make` puts it together, and again when changed."""

import json

import pytest
import soundfile
from helpers import edit
from sound_helpers import heard, shift, voice

from podcast.cli.main import main
from podcast.config.load import load
from podcast.errors import AudioError, PodcastError
from podcast.model import Loudness
from podcast.produce.intake import scripts
from podcast.produce.render import episode
from podcast.produce.render.context import RenderContext
from podcast.progress import Quiet
from podcast.sound import mastering, stitch
from podcast.sound.music import tracks

SCRIPT = """\
---
title: Un essai
guid: 3bf623e1-fd31-5b8d-be89-e5840df4cec5
date: 2026-11-23
language: fr
---
Bonjour à tous, et bienvenue dans ce premier essai.

![Ici parle une *vraie* personne.](voice/intro.flac)

## Le premier chapitre

Les rivières emportent peu à peu les minéraux des roches, et le sel reste dans la mer.

## Le second chapitre

Ainsi la mer devient plus salée, très lentement, au fil des millions d'années.
"""

MUSIC = """
[music]
intro = "calm"
sting = "news"
[music.bed]
file = "calm"
duck_db = -20
play_ms = 3000
[hooks]
music = "mine:quieter"
"""


@pytest.fixture
def essay(workspace):
    """Give a show with music in every place, and a recording."""
    said = voice(2.5, pitch_hz=180)
    (workspace.root / "voice").mkdir()
    soundfile.write(workspace.root / "voice" / "intro.flac", said.samples, said.rate_hz)
    workspace.show.write_text(workspace.show.read_text(encoding="utf-8") + MUSIC, encoding="utf-8")
    (workspace.root / "mine.py").write_text("def quieter(kind, segment):\n    return segment.low_pass_filter(3000)\n")
    workspace.scripts.mkdir()
    workspace.script("essai").write_text(SCRIPT, encoding="utf-8")
    return workspace


def made(place):
    """Make the episode, and return its record."""
    with pytest.raises(SystemExit) as ended:
        main(["make", "-q"])
    assert ended.value.code == 0
    return json.loads(place.record("essai").read_text(encoding="utf-8"))


def test_a_recording_stands_where_it_was_put_with_its_words(essay):
    """It is a cue like any other, at its very sample, as loud as the voices, and its words are in the transcript."""
    record = made(essay)

    cue = record["cues"][1]
    assert (cue["text"], cue["kind"]) == ("Ici parle une vraie personne.", "paragraph")
    speech = tracks.recording(essay.root / "voice" / "intro.flac")
    pcm = mastering.shape(speech, mastering.Level(mastering.calibration_db(speech)))
    ffmpeg = heard(essay.sound("essai"))
    assert abs(shift(ffmpeg.sound, pcm, cue["start_ms"] * 48)) <= 240
    assert ffmpeg.lufs == pytest.approx(-16, abs=0.3)
    assert ffmpeg.peak_dbtp <= -1


def test_a_sting_stands_before_each_chapter(essay):
    """There is room for it before a heading, and none where the show has no sting."""
    with_sting = made(essay)
    edit(essay.show, 'sting = "news"\n', "")
    without = made(essay)

    gaps = [one["cues"][2]["start_ms"] - one["cues"][1]["end_ms"] for one in (with_sting, without)]
    assert gaps[0] - gaps[1] == pytest.approx(2_400 + 280, abs=48)


def test_a_change_mixes_only_what_it_touches(essay, monkeypatch):
    """A word at the end leaves the mixed opening alone; another hook or another gain does not."""
    made(essay)
    mixed = []
    mix = stitch.mix
    monkeypatch.setattr(stitch, "mix", lambda span, *a, **k: mixed.append(span.layers[0].kind) or mix(span, *a, **k))

    edit(essay.script("essai"), "très lentement", "fort lentement")
    made(essay)
    assert "intro" not in mixed

    (essay.root / "mine.py").write_text("def quieter(kind, segment):\n    return segment\n")
    made(essay)
    assert "intro" in mixed


def test_mono_is_an_option(essay):
    """`[sound] channels = 1` gives a file with one channel, at -19 LUFS on the meter."""
    essay.show.write_text(essay.show.read_text(encoding="utf-8") + "\n[sound]\nchannels = 1\n", encoding="utf-8")
    record = made(essay)

    assert soundfile.info(essay.sound("essai")).channels == 1
    assert record["loudness"]["integrated_lufs"] == pytest.approx(-19, abs=0.3)
    assert heard(essay.sound("essai")).lufs == pytest.approx(-19, abs=0.3)


def test_an_episode_out_of_tolerance_names_what_is_to_blame(essay, monkeypatch):
    """The error says which sentence or music is furthest off, with its line."""
    monkeypatch.setattr(stitch, "measure", lambda *_args, **_options: Loudness(-16.0, -0.2))
    show = load(essay.show)

    with pytest.raises(
        AudioError, match=r"true peak is -0\.2 dBTP.*furthest from the target: .*“.*highest peak: .*dBTP"
    ) as caught:
        episode.make(RenderContext(essay, show, Quiet(), 2), scripts.load(essay, "essai"))
    assert "essai.md:" in caught.value.message
    assert not essay.sound("essai").exists()


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ('sting = "news"', 'sting = "jazz"', r"essai\.md:\d+: unknown music style 'jazz'"),
        ('intro = "calm"', 'intro = "jazz"', r"show\.toml:\d+: music\.intro: unknown music style 'jazz'"),
        ('intro = "calm"', 'intro = "show.toml"', r"show\.toml:\d+: music\.intro: show\.toml: cannot be read as audio"),
        ('intro = "calm"', 'intro = "none.flac"', r"show\.toml:\d+: music\.intro: none\.flac: file not found"),
        ('music = "mine:quieter"', 'music = "mine:louder"', "AttributeError"),
    ],
)
def test_wrong_music_is_named(essay, old, new, fault):
    """Nothing is made, and the message has the line to correct."""
    edit(essay.show, old, new)

    with pytest.raises(PodcastError, match=fault):
        episode.make(RenderContext(essay, load(essay.show), Quiet(), 2), scripts.load(essay, "essai"))
    assert not essay.sound("essai").exists()


def test_a_recording_that_is_silent_is_named(essay):
    """The line of the script and the file are in the message."""
    soundfile.write(essay.root / "voice" / "intro.flac", [0.0] * 48_000, 48_000)

    with pytest.raises(AudioError, match=r"essai\.md:9: intro\.flac: is silent"):
        episode.make(RenderContext(essay, load(essay.show), Quiet(), 2), scripts.load(essay, "essai"))
