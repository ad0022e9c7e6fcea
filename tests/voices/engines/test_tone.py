# SPDX-License-Identifier: GPL-3.0-or-later
"""Tones: a voice for tests, as dependable as what it tests. For all engines: contract/test_engine.py."""

import time

import numpy as np
import pytest

from podcast import voices
from podcast.errors import ConfigError
from podcast.voices.engines.tone import Tone

LOW, HIGH = voices.find("tone/low"), voices.find("tone/high")


def test_clips_can_be_told_apart():
    """Texts of the same length sound different, and so do the two voices."""
    texts = [f"phrase {letter}" for letter in "abcdefghij"]

    assert len({Tone({}).speak(text, voice).samples.tobytes() for text in texts for voice in (LOW, HIGH)}) == 20


@pytest.mark.parametrize("text", ["un", "une phrase un peu plus longue", "十二月", "سلام عليكم"])
def test_length_follows_the_text_in_any_script(text):
    """60 ms a letter, and a rest around."""
    speech = Tone({}).speak(text, LOW)

    assert 0.03 * len(text) < len(speech.samples) / speech.rate_hz < 0.08 * len(text) + 0.4


def test_a_cost_can_be_set():
    """Benchmarks get a slow engine that gives the same sound."""
    begun = time.monotonic()
    slow = Tone({"cost_ms": 120}).speak("un deux", LOW)

    assert time.monotonic() - begun >= 0.12
    assert np.array_equal(slow.samples, Tone({}).speak("un deux", LOW).samples)
    with pytest.raises(ConfigError, match=r"engine\.tone\.cost_ms: must be a whole number of at least 0, not -1"):
        Tone({"cost_ms": -1})
