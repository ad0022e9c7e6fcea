# SPDX-License-Identifier: GPL-3.0-or-later
"""The picture of an episode shows where it is loud, where it is still, and where chapters begin."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sound_helpers import voice

from podcast.sound import mastering, stitch, timeline, waveform


def test_loud_parts_are_high_and_silence_is_flat():
    """The loudest stretch is 100, one that is 20 dB softer is half of it, silence is nothing."""
    tenths = np.repeat([0.0, 1.0, 0.01, 0.0], 100)

    levels = waveform.levels(tenths, bars=8)

    assert levels == (0, 0, 100, 100, 50, 50, 0, 0)


@given(st.lists(st.floats(0, 1e3), max_size=700), st.integers(1, 300))
def test_any_episode_has_all_its_bars(energies, bars):
    """However short, silent or long: as many bars as asked for, each from 0 to 100."""
    levels = waveform.levels(np.array(energies, float), bars)

    assert len(levels) == bars
    assert all(0 <= level <= 100 for level in levels)


def test_it_is_drawn_from_the_streams_of_an_episode():
    """Where a clip lies there is a bar, and where a long pause lies there is none."""
    speech = voice(2)
    mastered = mastering.master(speech, mastering.Level(mastering.calibration_db(speech)))
    pieces = [timeline.ClipLength("a", mastered.n_frames, mastered.samples, 6_000)] * 2
    plan = timeline.lay(pieces, timeline.Music())

    kept = stitch.measure(plan, lambda _key: mastered, ()).waveform

    levels = np.array([int(kept[at : at + 2]) for at in range(0, len(kept), 2)])
    first, second = (int(clip.start / plan.samples * len(levels)) for clip in plan.clips)
    length = int(mastered.samples / plan.samples * len(levels)) - 1
    assert levels[first : first + length].mean() > 60
    assert levels[first + length + 3 : second - 1].max() == 0
    assert levels[second + 1 : second + length].mean() == pytest.approx(levels[first : first + length].mean(), abs=5)
