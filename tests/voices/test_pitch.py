# SPDX-License-Identifier: GPL-3.0-or-later
"""Pitch is heard where an engine can change it, and refused where it cannot."""

from dataclasses import replace

import numpy as np
import pytest

from podcast import voices
from podcast.model import Speech

ABLE = sorted(name for name, kind in voices.engine_classes().items() if voices.has_pitch(kind))


def hertz(speech: Speech) -> float:
    """Return the median pitch of what is voiced, by autocorrelation of 60 ms windows."""
    size, found = speech.rate_hz * 60 // 1000, []
    shortest, longest = speech.rate_hz // 500, speech.rate_hz // 60
    loudest = float(np.abs(speech.samples).max())
    for start in range(0, len(speech.samples) - size, size // 2):
        window = speech.samples[start : start + size].astype(np.float64)
        if np.abs(window).max() < 0.2 * loudest:
            continue
        window -= window.mean()
        likeness = np.correlate(window, window, "full")[size - 1 :]
        likeness /= np.arange(size, 0, -1)
        best = shortest + int(np.argmax(likeness[shortest:longest]))
        early = [lag for lag in range(shortest, best) if likeness[lag] > 0.9 * likeness[best]]
        if likeness[best] > 0.5 * likeness[0]:
            found.append(speech.rate_hz / (early[0] if early and best > 1.8 * early[0] else best))
    return float(np.median(found))


@pytest.mark.parametrize("name", ABLE)
def test_a_higher_pitch_is_higher_and_as_long(name):
    """A quarter higher, a fifth lower: what is measured follows, and the pace stays."""
    engine = voices.engine(name, {})
    voice = engine.voices()[0]
    text = (
        "Monday morning we all were alone in the yellow room."
        if voice.language[:2] == "en"
        else "La mer donne l'âme au monde."
    )
    own, high, low = (engine.speak(text, replace(voice, pitch=pitch)) for pitch in (1.0, 1.25, 0.8))

    assert 1.12 < hertz(high) / hertz(own) < 1.4
    assert 0.7 < hertz(low) / hertz(own) < 0.9
    for speech in (high, low):
        assert abs(len(speech.samples) / len(own.samples) - 1) < 0.05


def test_the_engines_that_can():
    """So that none is lost unseen."""
    assert ABLE == ["espeak", "hibari", "pico", "tone"]
