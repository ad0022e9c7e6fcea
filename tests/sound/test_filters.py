# SPDX-License-Identifier: GPL-3.0-or-later
"""The filters of mastering give what those of SciPy give."""

import numpy as np
import pytest
import scipy.ndimage
import scipy.signal
from hypothesis import given
from hypothesis import strategies as st

from podcast.sound import filters
from podcast.sound.loudness import K_WEIGHTING
from podcast.sound.true_peak import OVERSAMPLING, REACH, ROW

RNG = np.random.default_rng(1770)
NOISE = RNG.standard_normal(48_000)


@given(st.lists(st.integers(1, 400), min_size=1, max_size=4))
def test_biquads_filter_as_scipy_does_however_the_sound_is_cut(blocks):
    """The state carries over from part to part, of any number of blocks."""
    samples = np.resize(NOISE, sum(blocks) * filters.BLOCK)
    ours, state = filters.Biquads(K_WEIGHTING), np.zeros(4)
    found = []
    for part in np.split(samples, np.cumsum(blocks)[:-1] * filters.BLOCK):
        output, state = ours.filtered(part, state)
        found.append(output)

    theirs, after = scipy.signal.sosfilt(K_WEIGHTING, samples, zi=np.zeros((2, 2)))
    assert np.allclose(np.concatenate(found), theirs, rtol=0, atol=1e-10)
    assert np.allclose(state, after.ravel(), rtol=0, atol=1e-10)


def test_a_filter_rings_on_without_sound():
    """What comes in silence depends on what came before it."""
    ours = filters.Biquads(K_WEIGHTING)
    _, state = ours.filtered(NOISE, ours.silence)
    rest, _ = ours.filtered(np.zeros(480), state)

    assert np.abs(rest[:48]).max() > 1e-3
    assert np.abs(ours.filtered(np.zeros(480), ours.silence)[0]).max() == 0


@pytest.mark.parametrize(("taps", "factor"), [(65, 4), (33, 2), (25, 3)])
def test_the_low_pass_is_the_design_of_scipy(taps, factor):
    """A windowed sinc whose gain makes up for the samples between."""
    theirs = np.float32(scipy.signal.firwin(taps, 1 / factor, window=("kaiser", 5.65)) * factor)

    assert np.array_equal(filters.lowpass(taps, factor, 5.65), theirs)


def test_points_between_samples_are_those_of_scipy():
    """From where the whole curve has samples on, up to the last sample that it reaches."""
    rows = RNG.standard_normal((50, ROW + 2 * REACH)).astype(np.float32)
    curve = filters.lowpass(2 * REACH * OVERSAMPLING + 1, OVERSAMPLING, 5.65)
    theirs = scipy.signal.upfirdn(curve, rows, up=OVERSAMPLING, axis=1)[:, 2 * REACH * OVERSAMPLING :]
    ours = filters.interpolated(rows, curve, OVERSAMPLING)

    assert ours.shape == (50, ROW * OVERSAMPLING)
    assert np.allclose(ours, theirs[:, : ROW * OVERSAMPLING], rtol=0, atol=1e-5)


@pytest.mark.parametrize("size", [1, 7, 17])
def test_sliding_minimum_and_mean_are_those_of_scipy(size):
    """At both ends, the first and the last value go on."""
    values = RNG.random(100)

    assert np.array_equal(filters.held(values, size), scipy.ndimage.minimum_filter1d(values, size, mode="nearest"))
    assert np.allclose(filters.swept(values, size), scipy.ndimage.uniform_filter1d(values, size, mode="nearest"))
