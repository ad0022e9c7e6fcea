# SPDX-License-Identifier: GPL-3.0-or-later
"""Another pace at the same pitch."""

from dataclasses import replace

import numpy as np
import pytest

from podcast.model import Speech, Word
from podcast.voices.time_stretch import at_speed

RATE_HZ = 24_000


def hum(seconds: float, pitch_hz: float = 220.0) -> Speech:
    """Return a steady tone with one overtone."""
    at = np.arange(int(seconds * RATE_HZ)) / RATE_HZ
    wave = 0.3 * np.sin(2 * np.pi * pitch_hz * at) + 0.1 * np.sin(4 * np.pi * pitch_hz * at)
    return Speech(wave.astype(np.float32), RATE_HZ)


def pitch_hz(speech: Speech) -> float:
    """Return the loudest frequency of the middle."""
    middle = speech.samples[len(speech.samples) // 4 : -len(speech.samples) // 4]
    spectrum = np.abs(np.fft.rfft(middle * np.hanning(len(middle)), 1 << 17))
    return float(np.argmax(spectrum) * RATE_HZ / (1 << 17))


@pytest.mark.parametrize("speed", [0.5, 0.8, 1.1, 1.5, 2.0])
def test_length_follows_the_speed_and_pitch_and_level_stay(speed):
    """Twice as quick is half as long, not an octave higher, and without beats where stretches meet."""
    speech = at_speed(hum(2.0), speed)

    assert len(speech.samples) / RATE_HZ == pytest.approx(2.0 / speed, abs=0.05)
    assert pitch_hz(speech) == pytest.approx(220, abs=2)
    middle = speech.samples[RATE_HZ // 5 : -RATE_HZ // 5].astype(float)
    blocks = np.sqrt(np.mean(middle[: len(middle) // 1_200 * 1_200].reshape(-1, 1_200) ** 2, axis=1))
    assert blocks.min() > 0.9 * blocks.max()


@pytest.mark.parametrize("speed", [0.6, 1.4])
def test_what_is_said_first_stays_first(speed):
    """Each half is still heard in its half, and words keep their places in it."""
    low, high = hum(1.0).samples, hum(1.0, 440.0).samples
    words = (Word("low", 0, 1_000), Word("high", 1_000, 2_000))
    speech = at_speed(Speech(np.concatenate([low, high]), RATE_HZ, words), speed)
    half = len(speech.samples) // 2

    assert pitch_hz(replace(speech, samples=speech.samples[:half])) == pytest.approx(220, abs=3)
    assert pitch_hz(replace(speech, samples=speech.samples[half:])) == pytest.approx(440, abs=3)
    assert [(word.start_ms, word.end_ms) for word in speech.words] == [
        (0, round(1_000 / speed)),
        (round(1_000 / speed), round(2_000 / speed)),
    ]


def test_its_own_speed_changes_nothing():
    """At 1.0 the samples are those that came."""
    speech = hum(0.3)

    assert at_speed(speech, 1.0) is speech


@pytest.mark.parametrize("seconds", [0.0, 0.001, 0.02, 0.05])
def test_the_shortest_sound_is_no_trouble(seconds):
    """Even less than a window comes out whole and quiet about it."""
    for speed in (0.5, 2.0):
        speech = at_speed(hum(seconds), speed)
        assert np.isfinite(speech.samples).all()
        assert np.abs(speech.samples).max(initial=0) <= 0.5
