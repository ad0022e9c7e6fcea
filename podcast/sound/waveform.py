# SPDX-License-Identifier: GPL-3.0-or-later
"""The loudness of an episode over time as a small picture: an SVG with a bar for each stretch and a line a chapter.

decoded streams --stitch.tenths--> energies --levels--> 0 to 100 a bar --svg--> one path, a few kilobytes
"""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from podcast.model import Chapter

BARS = 200
HEIGHT = 100
"""Of the picture, in its own units; a bar is 3 wide, of which 1 is space."""

PITCH, WIDE = 3, 2

FLOOR_DB = 40.0
"""A stretch that is this far below the loudest has no bar."""


def levels(tenths: NDArray[np.float64], bars: int = BARS) -> tuple[int, ...]:
    """Return the loudness of equal stretches, from the energies of each 100 ms: 100 for the loudest, 0 for silence."""
    if not len(tenths) or tenths.max() <= 0:
        return (0,) * bars
    edges = np.linspace(0, len(tenths), bars + 1)
    means = np.array([_mean(tenths, first, last) for first, last in pairwise(edges)])
    below_db = 10 * np.log10(np.maximum(means / means.max(), 1e-12))
    return tuple(int(level) for level in np.rint(100 * np.clip(1 + below_db / FLOOR_DB, 0, 1)))


def _mean(tenths: NDArray[np.float64], first: float, last: float) -> float:
    return float(tenths[int(first) : max(int(first) + 1, int(np.ceil(last)))].mean())


def svg(heights: Sequence[int], chapters: Sequence[Chapter], duration_ms: int) -> str:
    """Return the picture; it takes its colour from where it stands, and stretches to any width."""
    width = len(heights) * PITCH
    bars = "".join(
        f"M{at * PITCH} {(HEIGHT - height) / 2:g}h{WIDE}v{height}h-{WIDE}z"
        for at, height in enumerate(heights)
        if height
    )
    marks = "".join(
        f"M{chapter.start_ms * width / duration_ms:.1f} 0v{HEIGHT}" for chapter in chapters if chapter.start_ms
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {HEIGHT}" preserveAspectRatio="none" '
        'aria-hidden="true">'
        f'<path fill="currentColor" opacity=".6" d="{bars}"/>'
        f'<path fill="none" stroke="currentColor" stroke-width="1" d="{marks}"/>'
        "</svg>\n"
    )
