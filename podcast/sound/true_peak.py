# SPDX-License-Identifier: GPL-3.0-or-later
"""True peaks (ITU-R BS.1770-4, annex 2) and a look-ahead limiter that keeps them below a ceiling.

A player's converter interpolates between samples, and the signal can overshoot them; `true_peak_dbtp` measures it at
four times the sample rate. `Limiter` lowers the gain for a few milliseconds around each peak that is too high. It has
all of the audio, so it looks ahead, adds no delay and leaves everything else untouched.
"""

from collections.abc import Iterable, Iterator
from functools import cache

import numpy as np
from numpy.typing import NDArray

from podcast.sound.filters import interpolated, lowpass, sliding_mean, sliding_minimum

Samples = NDArray[np.float32]
"""Audio at 48 kHz: mono of shape (n,), or stereo of shape (n, 2)."""

OVERSAMPLING = 4
REACH = 8
"""Half the length of the interpolation filter, in samples."""

BLOCK = 16
"""Samples per peak value and gain of the limiter: 1/3 ms."""

ROW = 6 * BLOCK
"""Samples that are oversampled together: 2 ms, so that little more than the surroundings of peaks is."""

SWEEP = 7
"""Attack and release of the limiter in blocks (2.3 ms); odd, so that the smoothing is centred."""

AROUND = 72 * BLOCK
"""Samples on either side that affect the gain at a point, with a margin: 24 ms."""

MARGIN = 0.994
"""A margin of 0.05 dB, as a changing gain alters the interpolated signal a little."""


def db(ratio: float) -> float:
    """Convert an amplitude to dB; 0 is -inf."""
    return 20 * float(np.log10(ratio)) if ratio > 0 else -np.inf


def amplitude(level_db: float) -> float:
    """Convert dB to an amplitude."""
    return float(10 ** (level_db / 20))


def true_peak_dbtp(pcm: Samples, *, known_dbtp: float = -np.inf, cut: bool = False) -> float:
    """Return the highest true peak of audio in dBTP, over both channels, or `known_dbtp` if that is higher.

    With `cut` (an excerpt), the first and last BLOCK are ignored: their interpolation depends on missing samples.
    """
    # the samples within reach limit the overshoot: only high ones need oversampling
    highest = max(float(np.abs(pcm).max(initial=0.0)), amplitude(known_dbtp))
    peaks = block_peaks(pcm, above=highest / _overshoot())
    return max(known_dbtp, db(float((peaks[1:-1] if cut else peaks).max(initial=0.0))))


def block_peaks(pcm: Samples, *, above: float) -> NDArray[np.float64]:
    """Return the true peak of each BLOCK samples, shape (blocks,), over both channels.

    It is exact wherever it exceeds `above` times the maximum overshoot; elsewhere it is the highest sample.
    """
    channels = np.atleast_2d(pcm.T)
    if len(channels) == 2 and np.array_equal(channels[0], channels[1]):
        channels = channels[:1]
    return np.asarray(np.max([_channel_peaks(channel, above) for channel in channels], axis=0))


def _channel_peaks(channel: Samples, above: float) -> NDArray[np.float64]:
    rows = -(-len(channel) // ROW)
    padded = np.zeros(rows * ROW + 2 * REACH, np.float32)
    padded[REACH : REACH + len(channel)] = channel
    windows = np.lib.stride_tricks.sliding_window_view(padded, ROW + 2 * REACH)[::ROW]
    peaks = np.abs(padded[REACH:-REACH]).reshape(rows, -1, BLOCK).max(axis=2).astype(np.float64)
    loud = np.abs(windows).max(axis=1) > above
    if loud.any():
        curve = interpolated(windows[loud], _interpolation_filter(), OVERSAMPLING)
        between = np.abs(curve).reshape(len(curve), -1, BLOCK * OVERSAMPLING).max(axis=2)
        peaks[loud] = np.maximum(peaks[loud], between)
    return np.asarray(peaks.reshape(-1)[: -(-len(channel) // BLOCK)])


@cache
def _interpolation_filter() -> Samples:
    """Return the interpolating low-pass filter: flat to 18.5 kHz (LAME keeps 17), -60 dB from 29.5 kHz on."""
    return lowpass(2 * REACH * OVERSAMPLING + 1, OVERSAMPLING, 5.65)


@cache
def _overshoot() -> float:
    """Return the maximum overshoot above the highest sample: the sum of the filter's weights, in the worst phase."""
    return max(float(np.abs(_interpolation_filter()[phase::OVERSAMPLING]).sum()) for phase in range(OVERSAMPLING))


def limited(parts: Iterable[Samples], ceiling_dbtp: float) -> Iterator[Samples]:
    """Yield audio in parts with no true peak above the ceiling, as if it had been limited as a whole.

    The length of each part but the last has to be a multiple of BLOCK, and at least AROUND.
    """
    before: Samples | None = None
    current: Samples | None = None
    for part in parts:
        if current is not None:
            yield _limited(before, current, part[:AROUND], ceiling_dbtp)
            before = current[-AROUND:]
        current = part
    if current is not None:
        yield _limited(before, current, current[:0], ceiling_dbtp)


def _limited(before: Samples | None, part: Samples, after: Samples, ceiling_dbtp: float) -> Samples:
    joined = np.concatenate([part[:0] if before is None else before, part, after])
    start = len(joined) - len(after) - len(part)
    return Limiter(joined, ceiling_dbtp).at(0.0)[start : start + len(part)]


class Limiter:
    """Audio with its peaks measured once, so that it can be limited at several gains cheaply."""

    def __init__(self, pcm: Samples, ceiling_dbtp: float, *, most_gain_db: float = 0.0) -> None:
        self.pcm = pcm
        self.ceiling = amplitude(ceiling_dbtp)
        self.peaks = block_peaks(pcm, above=self.ceiling / amplitude(most_gain_db) / _overshoot())

    def at(self, gain_db: float) -> Samples:
        """Return the audio at a gain (`most_gain_db` at most), with no true peak above the ceiling."""
        gain = amplitude(gain_db)
        if not len(self.peaks) or self.peaks.max() * gain <= self.ceiling:
            return np.asarray(self.pcm * np.float32(gain))
        curve = self._gain_curve(gain) * gain
        middles = np.arange(len(curve)) * BLOCK + (BLOCK - 1) / 2
        each = np.interp(np.arange(len(self.pcm)), middles, curve).astype(np.float32)
        return np.asarray(self.pcm * (each if self.pcm.ndim == 1 else each[:, None]))

    def _gain_curve(self, gain: float) -> NDArray[np.float64]:
        """Return the smoothed gain reduction of each block."""
        wanted = np.minimum(1.0, MARGIN * self.ceiling / np.maximum(self.peaks * gain, 1e-9))
        # held for both smoothing windows, and a block more on each side for the interpolation between blocks
        return sliding_mean(sliding_mean(sliding_minimum(wanted, 2 * SWEEP + 3), SWEEP), SWEEP)
