# SPDX-License-Identifier: GPL-3.0-or-later
"""The three filters of mastering, by numpy alone: importing scipy.signal takes longer than mastering an article does.

Biquads       an IIR filter with its state, for K-weighting
interpolated  a polyphase FIR filter, for true peaks
held, swept   sliding minimum and mean, for the limiter
"""

from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

BLOCK = 48
"""Samples that are filtered by one matrix product."""
GROUP = 32
"""Blocks whose states are found together."""
ROWS = 100
"""Blocks in one matrix product: OpenBLAS uses threads from 4 x 65536 multiplications on."""


class Biquads:
    """Second-order sections in series, as matrices over blocks of samples (a state-space model of the filter).

    A block's output is its samples through the impulse response, and the state before it through the ringing.
    """

    def __init__(self, sections: Floats) -> None:
        """Take rows of b0, b1, b2, 1, a1, a2."""
        self.sections = sections

    @property
    def silence(self) -> Floats:
        """The state of the filter before any sound."""
        return np.zeros(2 * len(self.sections))

    def filtered(self, samples: Floats, state: Floats) -> tuple[Floats, Floats]:
        """Return the output for samples of shape (n,), n a multiple of BLOCK, and the state after them."""
        response, ringing, ends, decay = self._matrices
        blocks = samples.reshape(-1, BLOCK)
        states, after = _states(_product(blocks, ends), decay, state)
        return (_product(blocks, response) + _product(states, ringing)).reshape(-1), after

    @cached_property
    def _matrices(self) -> tuple[Floats, Floats, Floats, Floats]:
        """Return what blocks and states are multiplied by: outputs of both, then states after both."""
        size = 2 * len(self.sections)
        impulses = np.eye(BLOCK + size, BLOCK)  # one in each block, then none but a state of one
        outputs, states = self._by_sample(impulses, np.eye(BLOCK + size, size, -BLOCK))
        return outputs[:BLOCK], outputs[BLOCK:], states[:BLOCK], states[BLOCK:]

    def _by_sample(self, samples: Floats, states: Floats) -> tuple[Floats, Floats]:
        """Filter rows of samples one by one, each from a state of its own (direct form II transposed)."""
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
    """Return the state before each block, and that after the last; `added` is what each block alone leaves behind.

    The state before a group of blocks is found from whole groups, by the same function; then all groups go on at once.
    """
    if len(added) <= GROUP:
        before, after = _in_turn(added[:, None], decay, start[None])
        return before[:, 0], after[0]
    groups, size = -(-len(added) // GROUP), added.shape[1]
    padded = np.zeros((groups * GROUP, size))
    padded[: len(added)] = added
    steps = padded.reshape(groups, GROUP, size).transpose(1, 0, 2)
    _, left = _in_turn(steps, decay, np.zeros((groups, size)))
    starts, _ = _states(left, np.linalg.matrix_power(decay, GROUP), start)
    found, _ = _in_turn(steps, decay, starts)
    before = found.transpose(1, 0, 2).reshape(groups * GROUP, size)[: len(added)]
    return before, before[-1] @ decay + added[-1]


def _in_turn(steps: Floats, decay: Floats, states: Floats) -> tuple[Floats, Floats]:
    """Return the states before each step, shape (steps, rows, size), and those after the last; all rows in parallel."""
    before = np.empty_like(steps)
    for index, added in enumerate(steps):
        before[index] = states
        states = states @ decay + added
    return before, states


def lowpass(taps: int, factor: int, beta: float) -> NDArray[np.float32]:
    """Return a low-pass for `factor` times the samples: a windowed sinc (Kaiser), with a gain of `factor` at 0 Hz."""
    at = np.arange(taps) - (taps - 1) / 2
    curve = np.sinc(at / factor) * np.kaiser(taps, beta)
    return np.asarray(curve * (factor / curve.sum()), np.float32)


def interpolated(rows: NDArray[np.float32], curve: NDArray[np.float32], factor: int) -> NDArray[np.float32]:
    """Return rows with `factor` points a sample, shape (rows, points), from where the whole curve has samples.

    The curve has a multiple of `factor` taps and one more.
    """
    reach = len(curve) // factor + 1
    phases = np.zeros((reach, factor), np.float32)
    phases.reshape(-1)[: len(curve)] = curve
    windows = np.lib.stride_tricks.sliding_window_view(rows, reach, axis=1)
    return np.asarray(windows @ phases[::-1]).reshape(len(rows), -1)


def held(values: Floats, size: int) -> Floats:
    """Return the lowest value among `size` around each; `size` is odd."""
    return np.asarray(_around(values, size).min(axis=1))


def swept(values: Floats, size: int) -> Floats:
    """Return the mean of `size` values around each; `size` is odd."""
    return np.asarray(_around(values, size).mean(axis=1))


def _around(values: Floats, size: int) -> Floats:
    padded = np.pad(values, size // 2, mode="edge")
    return np.lib.stride_tricks.sliding_window_view(padded, size)
