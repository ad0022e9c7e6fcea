# SPDX-License-Identifier: GPL-3.0-or-later
"""Waveform of an episode: an SVG with a bar for each interval and a line for each chapter.

With the script it is the seek bar, and `.done` grows during playback; without, it is a static image.
"""

import re
from collections.abc import Sequence

from podcast.model import Chapter

HEIGHT = 100
"""Height of the image in its own units."""
PITCH, WIDE = 3, 2
"""Distance and width of the bars."""


def svg(digits: str, chapters: Sequence[Chapter], duration_ms: int) -> str:
    """Return the image for the digits of model.Loudness, scalable to any width; empty if they are unknown."""
    # squared, so that the few decibels by which speech varies are visible
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
