# SPDX-License-Identifier: GPL-3.0-or-later
"""Our own music is whole, the same each time, and fit for its place in every style."""

from functools import cache

import numpy as np
import pytest
import soundfile

from podcast.errors import AudioError
from podcast.model import RATE_HZ
from podcast.sound import loudness, music
from podcast.sound.jingle import STYLES, jingle
from podcast.sound.peak import true_peak_dbtp

played = cache(jingle)
KINDS = ("intro", "bed", "sting", "outro")
SECONDS = {"intro": (5, 11), "bed": (8, 15), "sting": (1.5, 6.1), "outro": (5, 10)}


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("kind", KINDS)
def test_a_jingle_is_whole(style, kind):
    """It starts and ends at zero, does not clip, survives mono, is in stereo, and has a length for its place."""
    sound = played(kind, style)

    least, most = SECONDS[kind]
    assert least <= len(sound) / RATE_HZ <= most
    assert np.array_equal(sound, jingle(kind, style))
    assert np.abs(sound[[0, -1]]).max() < 1e-4
    assert true_peak_dbtp(sound) == pytest.approx(-6, abs=0.15)
    assert -20 < loudness.integrated_lufs(sound) < -14
    assert np.std(sound.mean(axis=1)) > 0.9 * np.std(sound)
    assert np.std(sound[:, 0] - sound[:, 1]) > 0.01


def test_no_two_jingles_are_alike():
    """Each style has music of its own for each place."""
    starts = {played(kind, style)[:RATE_HZ].tobytes() for style in STYLES for kind in KINDS}

    assert len(starts) == len(STYLES) * len(KINDS)


@pytest.mark.parametrize("ending", ["flac", "wav", "mp3"])
def test_a_style_is_written_to_be_heard(tmp_path, ending):
    """A file for each place, in stereo at 48 kHz, that sounds like the music it is of."""
    paths = music.write_jingles(tmp_path / "new", "news", ending)

    assert [path.name for path in paths] == [f"news-{kind}.{ending}" for kind in KINDS]
    pcm, rate = soundfile.read(paths[0], dtype="float32")
    expected = jingle("intro", "news")
    assert rate == RATE_HZ
    assert loudness.integrated_lufs(pcm) == pytest.approx(loudness.integrated_lufs(expected), abs=0.1)
    assert np.corrcoef(pcm[: len(expected), 0], expected[:, 0])[0, 1] > 0.99


def test_all_styles_are_written_and_another_is_refused(tmp_path, monkeypatch):
    """`all` is every style; one that there is not is named, with those that there are."""
    monkeypatch.setattr(music, "jingle", lambda *_: np.zeros((480, 2), np.float32))

    assert len(music.write_jingles(tmp_path, "all", "wav")) == len(STYLES) * len(KINDS)
    with pytest.raises(AudioError, match="jazz") as caught:
        music.write_jingles(tmp_path, "jazz", "wav")
    assert "playful" in caught.value.hint
