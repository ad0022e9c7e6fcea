# SPDX-License-Identifier: GPL-3.0-or-later
"""Convert right-to-left text (Arabic, Hebrew) from visual order, as in PDF files, to logical order."""

import re
import unicodedata

RIGHT_TO_LEFT = {"R", "AL"}
FORWARD = re.compile(r"%?[^\W_]+(?:[ .,:/@%’'+_-]+[^\W_]+)*")
"""Words and numbers in left-to-right scripts, which are reversed once the line is."""
MIRRORED = str.maketrans("()[]{}«»", ")(][}{»«")


def is_right_to_left(text: str) -> bool:
    """Return True if most letters of a text are of a right-to-left script."""
    kinds = [unicodedata.bidirectional(c) for c in text if c.isalpha()]
    return 2 * sum(kind in RIGHT_TO_LEFT for kind in kinds) > len(kinds)


def logical(text: str) -> str:
    """Return a line in reading order; its letters are given from left to right as they are on the page."""
    turned = text[::-1]
    bracket = re.search(r"[()\[\]{}«»]", turned)
    if bracket and bracket[0] in ")]}»":  # encoded by its shape, where others are by its meaning
        turned = turned.translate(MIRRORED)
    plain = unicodedata.normalize("NFKC", turned) if re.search(r"[\ufb1d-\ufdff\ufe70-\ufeff]", turned) else turned
    parts = re.split(r"([\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefe]+)", plain)
    return "".join(
        part if number % 2 else FORWARD.sub(lambda found: found[0][::-1], part) for number, part in enumerate(parts)
    )
