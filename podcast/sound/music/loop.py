# SPDX-License-Identifier: GPL-3.0-or-later
"""Music that loops seamlessly for as long as it is needed.

The end and the beginning are crossfaded at equal power, without a dip in level. Samples are computed on request: a bed
under an hour takes no more memory than one period of it.
"""

import numpy as np

from podcast.model import RATE_HZ
from podcast.sound.true_peak import Samples

CROSS_MS = 1_000
"""Crossfade at the loop point; a quarter of the music, if it is short."""


class Loop:
    """Endless music of shape (n, 2); `loop[start:stop]` returns a part of it."""

    def __init__(self, pcm: Samples) -> None:
        cross = min(CROSS_MS * RATE_HZ // 1000, len(pcm) // 4)
        angle = np.pi / 2 * np.arange(cross)[:, None] / max(1, cross)
        self.step = len(pcm) - cross
        """A turn begins this long after the one before."""
        self.first = pcm.copy()
        self.first[self.step :] *= np.cos(angle).astype(np.float32)
        self.period = self.first.copy()
        self.period[:cross] *= np.sin(angle).astype(np.float32)

    def __getitem__(self, part: slice) -> Samples:
        """Return the samples from `start` to `stop`; both bounds are required."""
        start, stop = part.start or 0, part.stop
        whole = np.zeros((max(0, stop - start), 2), np.float32)
        number = max(0, start // self.step - 1)  # where two periods overlap, the first has begun before
        while number * self.step < stop:
            pcm, begin = self.period if number else self.first, number * self.step
            first, last = max(start, begin), min(stop, begin + len(pcm))
            if first < last:
                whole[first - start : last - start] += pcm[first - begin : last - begin]
            number += 1
        return whole


Music = Samples | Loop
"""Audio of finite length, or an endless loop."""
