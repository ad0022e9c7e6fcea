# SPDX-License-Identifier: GPL-3.0-or-later
"""True peaks: how high the wave rises between its samples, and a limiter that keeps it under a ceiling.

A player's converter draws a curve through the samples, and the curve can overshoot them; `true_peak` looks at it with
four times as many points (ITU-R BS.1770-4, annex 2). `Limiter` lowers the sound for a few milliseconds around each peak
that is too high. It has the whole sound before it, so it looks ahead, adds no delay and leaves all else untouched.
"""

from collections.abc import Iterable, Iterator
from functools import cache

import numpy as np
from numpy.typing import NDArray

from podcast.sound.filters import held, interpolated, lowpass, swept

Samples = NDArray[np.float32]
"""Sound at 48 kHz: mono of shape (n,), or stereo of shape (n, 2)."""

OVERSAMPLING = 4
REACH = 8
"""Samples on either side that shape the curve at a point."""

BLOCK = 16
"""Samples that share one peak and one gain of the limiter: 1/3 ms."""

ROW = 6 * BLOCK
"""Samples that are oversampled together: 2 ms, so that little more than the peaks is."""

SWEEP = 7
"""Blocks (2.3 ms) over which the limiter comes down, and as many over which it lets go; odd, so that it is centred."""

AROUND = 72 * BLOCK
"""Samples on either side that the gain at a point depends on, and a few more: 24 ms."""

MARGIN = 0.994
"""A gain that moves bends the wave a little; 0.05 dB covers it."""


def db(ratio: float) -> float:
    """Return an amplitude in dB; nothing is -inf."""
    return 20 * float(np.log10(ratio)) if ratio > 0 else -np.inf


def amplitude(level_db: float) -> float:
    """Return the amplitude of a level in dB."""
    return float(10 ** (level_db / 20))


def true_peak_dbtp(pcm: Samples, *, known_dbtp: float = -np.inf, cut: bool = False) -> float:
    """Return the highest true peak of a sound in dBTP, over both channels, or the one that is known if it is higher.

    Of a `cut` from a longer sound, its first and last BLOCK are not judged: the curve there depends on what is missing.
    """
    # the curve cannot rise above what the samples within reach allow: lower ones need no closer look
    highest = max(float(np.abs(pcm).max(initial=0.0)), amplitude(known_dbtp))
    peaks = block_peaks(pcm, above=highest / _overshoot())
    return max(known_dbtp, db(float((peaks[1:-1] if cut else peaks).max(initial=0.0))))


def block_peaks(pcm: Samples, *, above: float) -> NDArray[np.float64]:
    """Return the true peak of each BLOCK samples, shape (blocks,), over both channels.

    It is exact wherever it exceeds `above` times the greatest overshoot; elsewhere the highest sample stands for it.
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
        curve = interpolated(windows[loud], _curve(), OVERSAMPLING)
        between = np.abs(curve).reshape(len(curve), -1, BLOCK * OVERSAMPLING).max(axis=2)
        peaks[loud] = np.maximum(peaks[loud], between)
    return np.asarray(peaks.reshape(-1)[: -(-len(channel) // BLOCK)])


@cache
def _curve() -> Samples:
    """Return the interpolating low-pass: flat to 18.5 kHz (LAME keeps 17), -60 dB from 29.5 kHz on."""
    return lowpass(2 * REACH * OVERSAMPLING + 1, OVERSAMPLING, 5.65)


@cache
def _overshoot() -> float:
    """Return how far the curve can rise above the highest sample: the sum of the filter's weights, at worst."""
    return max(float(np.abs(_curve()[phase::OVERSAMPLING]).sum()) for phase in range(OVERSAMPLING))


def limited(parts: Iterable[Samples], ceiling_dbtp: float) -> Iterator[Samples]:
    """Give the parts of a sound with no true peak over the ceiling, as if it had been limited as a whole.

    Each part but the last has to be a number of whole BLOCKs, and no shorter than AROUND.
    """
    before: Samples | None = None
    held: Samples | None = None
    for part in parts:
        if held is not None:
            yield _limited(before, held, part[:AROUND], ceiling_dbtp)
            before = held[-AROUND:]
        held = part
    if held is not None:
        yield _limited(before, held, held[:0], ceiling_dbtp)


def _limited(before: Samples | None, part: Samples, after: Samples, ceiling_dbtp: float) -> Samples:
    joined = np.concatenate([part[:0] if before is None else before, part, after])
    start = len(joined) - len(after) - len(part)
    return Limiter(joined, ceiling_dbtp).at(0.0)[start : start + len(part)]


class Limiter:
    """A sound whose peaks are known, so that it can be tried at several gains for the price of one look."""

    def __init__(self, pcm: Samples, ceiling_dbtp: float, *, most_gain_db: float = 0.0) -> None:
        self.pcm = pcm
        self.ceiling = amplitude(ceiling_dbtp)
        self.peaks = block_peaks(pcm, above=self.ceiling / amplitude(most_gain_db) / _overshoot())

    def at(self, gain_db: float) -> Samples:
        """Return the sound at a gain (no higher than the most), with no true peak over the ceiling."""
        gain = amplitude(gain_db)
        if not len(self.peaks) or self.peaks.max() * gain <= self.ceiling:
            return np.asarray(self.pcm * np.float32(gain))
        curve = self._curve(gain) * gain
        middles = np.arange(len(curve)) * BLOCK + (BLOCK - 1) / 2
        each = np.interp(np.arange(len(self.pcm)), middles, curve).astype(np.float32)
        return np.asarray(self.pcm * (each if self.pcm.ndim == 1 else each[:, None]))

    def _curve(self, gain: float) -> NDArray[np.float64]:
        """Return by how much each block is lowered: enough, and smoothly."""
        wanted = np.minimum(1.0, MARGIN * self.ceiling / np.maximum(self.peaks * gain, 1e-9))
        # held for as long as the two sweeps look, and a block more on each side for the line between blocks
        return swept(swept(held(wanted, 2 * SWEEP + 3), SWEEP), SWEEP)
