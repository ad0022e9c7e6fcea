# SPDX-License-Identifier: GPL-3.0-or-later
"""Music that begins again where it ends, for as long as it is wanted.

The end and the beginning cross at equal power, so that nothing dips. What is asked for is made then: a bed under an
hour takes no more memory than one turn of it.
"""

import numpy as np

from podcast.model import RATE_HZ
from podcast.sound.true_peak import Samples

CROSS_MS = 1_000
"""Crossfade where music begins again; a quarter of it, if it is short."""


class Loop:
    """Music of shape (n, 2) without an end; `loop[start:stop]` is a stretch of it."""

    def __init__(self, pcm: Samples) -> None:
        cross = min(CROSS_MS * RATE_HZ // 1000, len(pcm) // 4)
        angle = np.pi / 2 * np.arange(cross)[:, None] / max(1, cross)
        self.step = len(pcm) - cross
        """A turn begins this long after the one before."""
        self.first = pcm.copy()
        self.first[self.step :] *= np.cos(angle).astype(np.float32)
        self.turn = self.first.copy()
        self.turn[:cross] *= np.sin(angle).astype(np.float32)

    def __getitem__(self, stretch: slice) -> Samples:
        """Return a stretch from `start` to `stop`, both in samples and known."""
        start, stop = stretch.start or 0, stretch.stop
        whole = np.zeros((max(0, stop - start), 2), np.float32)
        number = max(0, start // self.step - 1)  # of two turns that cross, the first has begun before
        while number * self.step < stop:
            pcm, begin = self.turn if number else self.first, number * self.step
            first, last = max(start, begin), min(stop, begin + len(pcm))
            if first < last:
                whole[first - start : last - start] += pcm[first - begin : last - begin]
            number += 1
        return whole


Music = Samples | Loop
"""Music for a place: as long as it is, or without an end."""
