# SPDX-License-Identifier: GPL-3.0-or-later
"""Our own music is whole, the same each time, and fit for its place in every style."""

from functools import cache

import numpy as np
import pytest
import soundfile

from podcast.errors import AudioError
from podcast.model import RATE_HZ
from podcast.sound import loudness
from podcast.sound.music import tracks
from podcast.sound.music.jingle import STYLES, Style, jingle
from podcast.sound.true_peak import true_peak_dbtp

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


@pytest.mark.parametrize(
    ("kind", "style", "length", "samples"),
    [
        ("intro", "default", 360000, (-0.0645, 0.0351, 0.0786, 0.0946, -0.0074, -0.0003)),
        ("bed", "default", 600000, (-0.0428, -0.0544, -0.0722, -0.0453, 0.0028, -0.0017)),
        ("sting", "default", 180000, (0.0306, -0.0311, 0.0276, 0.0031, -0.0005, -0.0000)),
        ("outro", "default", 300000, (-0.1265, 0.1659, 0.0450, -0.0173, 0.0078, 0.0001)),
        ("intro", "calm", 480000, (0.0416, 0.0433, 0.0936, -0.0252, -0.0149, -0.0024)),
        ("bed", "calm", 576000, (-0.1114, -0.0288, 0.0758, 0.0854, 0.0396, 0.0012)),
        ("sting", "calm", 288000, (-0.0365, 0.1643, -0.0015, 0.0202, 0.0017, -0.0007)),
        ("outro", "calm", 408000, (0.0589, 0.0284, 0.0539, 0.0707, -0.0048, 0.0014)),
        ("intro", "news", 403199, (-0.0479, 0.0493, -0.0267, -0.0897, 0.0371, -0.0347)),
        ("bed", "news", 518399, (-0.1561, 0.0856, -0.0985, -0.0971, 0.0105, 0.0232)),
        ("sting", "news", 115200, (-0.0488, -0.0674, 0.1989, -0.0241, -0.0051, 0.0000)),
        ("outro", "news", 288000, (-0.0031, -0.1446, -0.1036, -0.0918, 0.0486, -0.0189)),
        ("intro", "playful", 328320, (-0.1103, -0.0053, -0.1027, -0.0574, 0.0835, -0.0152)),
        ("bed", "playful", 589440, (-0.0492, 0.0386, 0.0467, 0.0313, 0.1234, -0.1260)),
        ("sting", "playful", 132480, (-0.0813, -0.0539, -0.0189, -0.0099, 0.0004, 0.0000)),
        ("outro", "playful", 328320, (-0.0771, 0.0713, -0.0375, -0.1046, 0.0276, 0.0011)),
    ],
)
def test_built_in_music_stays_as_it_is(kind, style, length, samples):
    """Shows go on with the music they have: six samples of each piece, left and right in turn, are what they were."""
    sound = played(kind, style)

    assert len(sound) == length
    step = length // 7
    assert [sound[step * place, place % 2] for place in range(1, 7)] == pytest.approx(samples, abs=2e-4)


def test_a_jingle_plays_what_its_tables_say(monkeypatch):
    """A bell on each beat that has a note, the first of a bar louder, a step to the right each; a rest is silent."""
    plain = Style(
        about="", root=57, beat_s=0.5, ring_s=0.4, partials=((1, 1.0, 0.0),), pad=0.0,
        chords={"intro": ((0, 4, 7, 12, 16), (2, 5, 9, 14, 17))}, bells={"intro": (0, 3, None, 1)},
    )  # fmt: skip
    monkeypatch.setitem(STYLES, "plain", plain)

    sound = jingle("intro", "plain")

    assert len(sound) == round((2 * 4 * 0.5 + 0.4) * RATE_HZ)
    beats = [sound[at + 1_000 : at + 17_000] for at in range(0, 8 * RATE_HZ // 2, RATE_HZ // 2)]
    loud = np.array([np.hypot(*np.abs(beat).max(axis=0)) for beat in beats])
    assert loud / loud[0] == pytest.approx([1, 0.75, 0, 0.75, 1, 0.75, 0, 0.75], abs=0.01)
    heard = [(place, beat) for place, beat in enumerate(beats) if place % 4 != 2]
    notes = [np.abs(np.fft.rfft(beat[:, 0], RATE_HZ)).argmax() for _, beat in heard]
    assert notes == pytest.approx([440 * 2 ** (semitones / 12) for semitones in (0, 12, 4, 2, 14, 5)], abs=1)
    for place, beat in heard:
        left, right = np.abs(beat).max(axis=0)
        assert right / left == pytest.approx(np.tan((0.35 + 0.1 * (place % 4)) * np.pi / 2), rel=0.01)


def test_no_two_jingles_are_alike():
    """Each style has music of its own for each place."""
    starts = {played(kind, style)[:RATE_HZ].tobytes() for style in STYLES for kind in KINDS}

    assert len(starts) == len(STYLES) * len(KINDS)


@pytest.mark.parametrize("ending", ["flac", "wav", "mp3"])
def test_a_style_is_written_to_be_heard(tmp_path, ending):
    """A file for each place, in stereo at 48 kHz, that sounds like the music it is of."""
    paths = tracks.write_jingles(tmp_path / "new", "news", ending)

    assert [path.name for path in paths] == [f"news-{kind}.{ending}" for kind in KINDS]
    pcm, rate = soundfile.read(paths[0], dtype="float32")
    expected = jingle("intro", "news")
    assert rate == RATE_HZ
    assert loudness.integrated_lufs(pcm) == pytest.approx(loudness.integrated_lufs(expected), abs=0.1)
    assert np.corrcoef(pcm[: len(expected), 0], expected[:, 0])[0, 1] > 0.99


def test_all_styles_are_written_and_another_is_refused(tmp_path, monkeypatch):
    """`all` is every style; one that there is not is named, with those that there are."""
    monkeypatch.setattr(tracks, "jingle", lambda *_: np.zeros((480, 2), np.float32))

    assert len(tracks.write_jingles(tmp_path, "all", "wav")) == len(STYLES) * len(KINDS)
    with pytest.raises(AudioError, match="jazz") as caught:
        tracks.write_jingles(tmp_path, "jazz", "wav")
    assert "playful" in caught.value.hint
