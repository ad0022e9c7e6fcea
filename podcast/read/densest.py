# SPDX-License-Identifier: GPL-3.0-or-later
"""The part of a page that holds the most running text: a second opinion where the article finder comes home empty.

Each stretch of text counts for the box around it (div, table cell, section …), and half for the box around that, so
that a box of many paragraphs beats any of them; the text of links counts against their box, for menus are made of it.
"""

import re
from collections import defaultdict
from typing import Any

from podcast.read.tidy import UNREAD

BOXES = {"td", "div", "section", "article", "main", "body"}
AROUND = UNREAD | {"footer", "header", "aside"}
"""Nothing in these is an article."""
FOOT = re.compile(r"(?i)(?:^|\s)(?:(?:site|page|main|global)?[-_]?footer|(?:cookie|consent|onetrust)\w*)(?:$|[\s_-])")
"""Classes and ids of such boxes."""


def densest(page: Any) -> Any:
    """Return the element with the most running text, or None for a page without any."""
    scores: dict[Any, float] = defaultdict(float)
    for element in page.iter():
        for text, holder in ((element.text, element), (element.tail, element.getparent())):
            if holder is None or not text or not text.strip() or not isinstance(holder.tag, str):
                continue
            boxes = _boxes(holder)
            for box, share in zip(boxes, (1.0, 0.5), strict=False):
                scores[box] += share * len(text.strip()) * (-1 if _in_link(holder) else 1)
    best = max(scores, key=lambda box: scores[box], default=None)
    return best if best is not None and scores[best] > 0 else None


def _boxes(holder: Any) -> list[Any]:
    """Return the boxes around a text, the nearest first; none if it stands in something that is no article."""
    outer = [holder, *holder.iterancestors()]
    if any(element.tag in AROUND or FOOT.search(_names(element)) for element in outer):
        return []
    return [element for element in outer if element.tag in BOXES]


def _names(element: Any) -> str:
    return f"{element.get('class') or ''} {element.get('id') or ''}" if isinstance(element.tag, str) else ""


def _in_link(holder: Any) -> bool:
    return any(element.tag == "a" for element in (holder, *holder.iterancestors()))
