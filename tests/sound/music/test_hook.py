# SPDX-License-Identifier: GPL-3.0-or-later
"""A producer's own code shapes music, and what is wrong with it is said in words."""

import sys
from pathlib import Path

import numpy as np
import pytest

from podcast.config.settings import Music
from podcast.errors import AudioError, ConfigError
from podcast.sound import loudness
from podcast.sound.music import hook, tracks


@pytest.fixture
def code(tmp_path: Path):
    """Give a function that writes mine.py into a show folder, and loads `play` of it."""

    def load(text: str) -> hook.Hook:
        (tmp_path / "mine.py").write_text(text, encoding="utf-8")
        return hook.load("mine:play", tmp_path)

    return load


def test_the_hook_has_the_last_word_on_music(code):
    """It gets the place and the music as an AudioSegment; what it returns is played, at the level of the show."""
    shaped = code("def play(kind, segment):\n    assert kind == 'intro'\n    return segment[:2000].invert_phase()\n")

    plain, other = (tracks.track(None, "intro", Music(), hook=one) for one in (None, shaped))

    assert len(other) == 2 * 48_000
    assert loudness.integrated_lufs(other) == pytest.approx(-18, abs=0.1)
    start = -plain[: len(other)]
    assert np.corrcoef(start[:, 0], other[:, 0])[0, 1] > 0.999


def test_a_hook_may_compose(code):
    """Any AudioSegment will do: another rate, one channel, another width."""
    shaped = code(
        "from pydub.generators import Sine\n"
        "def play(kind, segment):\n    return Sine(440, sample_rate=22050).to_audio_segment(duration=3000)\n"
    )

    assert tracks.track(None, "outro", Music(), hook=shaped).shape == pytest.approx((3 * 48_000, 2), abs=100)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("def play(kind, segment):\n    return None\n", "returned NoneType for the intro, not a pydub AudioSegment"),
        ("def play(kind, segment):\n    return b'abc'\n", "returned bytes"),
        ("def play(kind, segment):\n    return segment.loud\n", "failed on the intro: AttributeError"),
        ("def play(segment):\n    return segment\n", "failed on the intro: TypeError"),
        ("def play(kind, segment):\n    return segment - 200\n", "too quiet"),
        ("def play(kind, segment):\n    return segment[:0]\n", "too quiet"),
    ],
)
def test_what_is_no_music_is_refused(code, text, fault):
    """The error names the function, the place and what it gave."""
    with pytest.raises(AudioError, match=fault) as caught:
        tracks.track(None, "intro", Music(), hook=code(text))
    assert caught.value.hint


@pytest.mark.parametrize(
    ("reference", "text", "fault"),
    [
        ("mine", "", "does not name a function"),
        ("mine:", "", "does not name a function"),
        ("../mine:play", "", "does not name a function"),
        ("absent:play", "", "module 'absent' not found"),
        ("absent.deep:play", "", "module 'absent.deep' not found"),
        ("mine:play", "x = 1", "AttributeError"),
        ("mine:play", "play = 1", "is not a function"),
        ("mine:play", "def play(", "SyntaxError"),
        ("mine:play", "1 / 0", "ZeroDivisionError"),
    ],
)
def test_a_hook_that_cannot_be_loaded_is_named(tmp_path: Path, reference, text, fault):
    """A wrong name or broken code stops the build with the line of show.toml to correct."""
    (tmp_path / "mine.py").write_text(text)

    with pytest.raises(ConfigError, match=fault) as caught:
        hook.load(reference, tmp_path)
    assert "hooks.music" in caught.value.message
    assert caught.value.hint


def test_code_that_is_installed_will_do(tmp_path: Path, monkeypatch):
    """A module that can be imported need not lie in the show folder; its source is part of what music is made from."""
    (tmp_path / "studio_tools.py").write_text("def play(kind, segment):\n    return segment\n")
    monkeypatch.syspath_prepend(tmp_path)

    assert hook.load("studio_tools:play", tmp_path / "elsewhere")
    assert b"def play" in hook.fingerprint("studio_tools:play", tmp_path / "elsewhere")
    sys.modules.pop("studio_tools")


def test_another_code_is_other_music(tmp_path: Path):
    """The fingerprint changes with the file, and nothing of it is run, nor left beside it."""
    path = tmp_path / "mine.py"
    path.write_text("1 / 0")
    before = hook.fingerprint("mine:play", tmp_path)
    path.write_text("2 / 0")

    assert hook.fingerprint("mine:play", tmp_path) != before
    assert list(tmp_path.iterdir()) == [path]
