# SPDX-License-Identifier: GPL-3.0-or-later
"""Filters for mastering in numpy alone: importing scipy.signal takes longer than mastering an article.

Biquads                         an IIR filter with its state, for K-weighting
interpolated                    a polyphase FIR filter, for true peaks
sliding_minimum, sliding_mean   for the limiter
"""

from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

BLOCK = 48
"""Samples per matrix product."""
GROUP = 32
"""Blocks whose states are computed together."""
ROWS = 100
"""Blocks per matrix product: OpenBLAS starts threads from 4 x 65536 multiplications on."""


class Biquads:
    """Second-order sections in series, as matrices over blocks of samples (a state-space model of the filter).

    The output of a block is the sum of its zero-state response and of the zero-input response to the state before it.
    """

    def __init__(self, sections: Floats) -> None:
        """Take rows of b0, b1, b2, 1, a1, a2."""
        self.sections = sections

    @property
    def silence(self) -> Floats:
        """The initial state of the filter."""
        return np.zeros(2 * len(self.sections))

    def filtered(self, samples: Floats, state: Floats) -> tuple[Floats, Floats]:
        """Return the output for samples of shape (n,), n a multiple of BLOCK, and the state after them."""
        response, ringing, ends, decay = self._matrices
        blocks = samples.reshape(-1, BLOCK)
        states, after = _states(_product(blocks, ends), decay, state)
        return (_product(blocks, response) + _product(states, ringing)).reshape(-1), after

    @cached_property
    def _matrices(self) -> tuple[Floats, Floats, Floats, Floats]:
        """Return the matrices for outputs from samples and from states, then for states from samples and states."""
        size = 2 * len(self.sections)
        impulses = np.eye(BLOCK + size, BLOCK)  # unit impulses with zero state, then zero input with unit states
        outputs, states = self._by_sample(impulses, np.eye(BLOCK + size, size, -BLOCK))
        return outputs[:BLOCK], outputs[BLOCK:], states[:BLOCK], states[BLOCK:]

    def _by_sample(self, samples: Floats, states: Floats) -> tuple[Floats, Floats]:
        """Filter rows of samples one by one, each from its own state (direct form II transposed)."""
        outputs, states = np.array(samples), np.array(states)
        for at in range(samples.shape[1]):
            value = outputs[:, at]
            for index, (b0, b1, b2, _one, a1, a2) in enumerate(self.sections):
                first, second = states[:, 2 * index].copy(), states[:, 2 * index + 1].copy()
                output = b0 * value + first
                states[:, 2 * index] = b1 * value - a1 * output + second
                states[:, 2 * index + 1] = b2 * value - a2 * output
                value = output
            outputs[:, at] = value
        return outputs, states


def _product(rows: Floats, matrix: Floats) -> Floats:
    """Return rows @ matrix, a few rows at a time: BLAS would start threads for more, on the cores that clips share."""
    found = np.empty((len(rows), matrix.shape[1]))
    for start in range(0, len(rows), ROWS):
        np.matmul(rows[start : start + ROWS], matrix, out=found[start : start + ROWS])
    return found


def _states(added: Floats, decay: Floats, start: Floats) -> tuple[Floats, Floats]:
    """Return the state before each block, and that after the last; `added` is each block's own contribution.

    The states before groups of blocks are computed recursively; then all groups are advanced in parallel.
    """
    if len(added) <= GROUP:
        before, after = _advance(added[:, None], decay, start[None])
        return before[:, 0], after[0]
    groups, size = -(-len(added) // GROUP), added.shape[1]
    padded = np.zeros((groups * GROUP, size))
    padded[: len(added)] = added
    steps = padded.reshape(groups, GROUP, size).transpose(1, 0, 2)
    _, left = _advance(steps, decay, np.zeros((groups, size)))
    starts, _ = _states(left, np.linalg.matrix_power(decay, GROUP), start)
    found, _ = _advance(steps, decay, starts)
    before = found.transpose(1, 0, 2).reshape(groups * GROUP, size)[: len(added)]
    return before, before[-1] @ decay + added[-1]


def _advance(steps: Floats, decay: Floats, states: Floats) -> tuple[Floats, Floats]:
    """Return the states before each step, shape (steps, rows, size), and those after the last; all rows in parallel."""
    before = np.empty_like(steps)
    for index, added in enumerate(steps):
        before[index] = states
        states = states @ decay + added
    return before, states


def lowpass(taps: int, factor: int, beta: float) -> NDArray[np.float32]:
    """Return a low-pass for upsampling by `factor`: a windowed sinc (Kaiser), with a gain of `factor` at 0 Hz."""
    at = np.arange(taps) - (taps - 1) / 2
    curve = np.sinc(at / factor) * np.kaiser(taps, beta)
    return np.asarray(curve * (factor / curve.sum()), np.float32)


def interpolated(rows: NDArray[np.float32], curve: NDArray[np.float32], factor: int) -> NDArray[np.float32]:
    """Return rows upsampled by `factor`, shape (rows, points), where the whole filter overlaps samples.

    The filter has a multiple of `factor` taps, plus one.
    """
    reach = len(curve) // factor + 1
    phases = np.zeros((reach, factor), np.float32)
    phases.reshape(-1)[: len(curve)] = curve
    windows = np.lib.stride_tricks.sliding_window_view(rows, reach, axis=1)
    return np.asarray(windows @ phases[::-1]).reshape(len(rows), -1)


def sliding_minimum(values: Floats, size: int) -> Floats:
    """Return the sliding minimum of `size` values around each; `size` is odd."""
    return np.asarray(_windows(values, size).min(axis=1))


def sliding_mean(values: Floats, size: int) -> Floats:
    """Return the sliding mean of `size` values around each; `size` is odd."""
    return np.asarray(_windows(values, size).mean(axis=1))


def _windows(values: Floats, size: int) -> Floats:
    padded = np.pad(values, size // 2, mode="edge")
    return np.lib.stride_tricks.sliding_window_view(padded, size)
