# SPDX-License-Identifier: GPL-3.0-or-later
"""The loudness of an episode as a small picture: an SVG with a bar for each stretch and a line for each chapter.

Without its script a page shows it as it is; with it, it is the bar to seek by, and `.done` grows as the sound plays.
"""

import re
from collections.abc import Sequence

from podcast.model import Chapter

HEIGHT = 100
"""Of the picture, in its own units."""
PITCH, WIDE = 3, 2
"""A bar is 3 wide, of which 1 is space."""


def svg(digits: str, chapters: Sequence[Chapter], duration_ms: int) -> str:
    """Return the picture for what model.Loudness keeps; nothing if that is not known. It stretches to any width."""
    # squared: speech varies by a few decibels, and those are to be seen
    heights = [round(int(level) ** 2 / 99) for level in re.findall(r"\d\d", digits, re.ASCII)]
    if not any(heights) or duration_ms <= 0:
        return ""
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
        f'<svg viewBox="0 0 {width} {HEIGHT}" preserveAspectRatio="none" aria-hidden="true">'
        f'<clipPath id="wave"><path d="{bars}"/></clipPath><g clip-path="url(#wave)">'
        f'<rect width="{width}" height="{HEIGHT}"/><rect class="done" width="0" height="{HEIGHT}"/></g>'
        f'<path class="marks" d="{marks}"/></svg>'
    )
