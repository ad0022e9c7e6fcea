# SPDX-License-Identifier: GPL-3.0-or-later
"""The waveform of an episode as SVG."""

import re
from xml.etree import ElementTree as ET

import numpy as np

from podcast.model import Chapter
from podcast.site.waveform import svg
from podcast.sound import waveform


def test_the_picture_is_small_and_well_formed():
    """An SVG of a few kilobytes that scales, is silent to screen readers, and marks each chapter but the first."""
    kept = waveform.digits(np.abs(np.sin(np.arange(36_000) / 700)))
    marks = [Chapter(0, "Le début"), Chapter(900_000, "Le sel"), Chapter(1_800_000, "La <mer>")]

    picture = svg(kept, marks, 3_600_000)

    root = ET.fromstring(picture)  # noqa: S314 - it is our own
    bars, lines = (path.get("d") for path in root.iter("path"))
    assert root.get("viewBox") == "0 0 600 100"
    assert root.get("aria-hidden") == "true"
    assert re.findall(r"M([\d.]+) ", lines) == ["150.0", "300.0"]
    assert bars.count("z") == sum(int(kept[at : at + 2]) > 7 for at in range(0, len(kept), 2))
    assert len(picture) < 6_000
    assert svg("", marks, 3_600_000) == svg("00" * 200, marks, 3_600_000) == ""
