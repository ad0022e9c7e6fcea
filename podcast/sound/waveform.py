# SPDX-License-Identifier: GPL-3.0-or-later
"""The waveform of an episode: its loudness over time in a few hundred digits, which its page draws.

decoded streams --stitch.measure--> energies --levels--> 0 to 100 per bar --digits--> the episode's record
"""

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

BARS = 200
FLOOR_DB = 40.0
"""A bar this far below the loudest has no height."""


def levels(tenths: NDArray[np.float64], bars: int = BARS) -> tuple[int, ...]:
    """Return the loudness of equal parts, from the energies per 100 ms: 100 for the loudest, 0 for silence."""
    if not len(tenths) or tenths.max() <= 0:
        return (0,) * bars
    edges = np.linspace(0, len(tenths), bars + 1)
    means = np.array([_mean(tenths, first, last) for first, last in pairwise(edges)])
    below_db = 10 * np.log10(np.maximum(means / means.max(), 1e-12))
    return tuple(int(level) for level in np.rint(100 * np.clip(1 + below_db / FLOOR_DB, 0, 1)))


def _mean(tenths: NDArray[np.float64], first: float, last: float) -> float:
    return float(tenths[int(first) : max(int(first) + 1, int(np.ceil(last)))].mean())


def digits(tenths: NDArray[np.float64]) -> str:
    """Return the loudness of BARS equal parts as two digits each, for the record of an episode (model.Loudness)."""
    return "".join(f"{min(99, level):02}" for level in levels(tenths))
