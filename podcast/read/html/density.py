# SPDX-License-Identifier: GPL-3.0-or-later
"""Find the element of a page with the most running text: the fallback where trafilatura extracts little.

Each text adds its length to the score of the box around it (div, table cell, section …), and half of that to the next
box, so that a box of many paragraphs scores higher than any of them; link text is subtracted, because menus are links.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from podcast.read.dom.elements import class_and_id, with_ancestors
from podcast.read.dom.strip import UNREAD

BOXES = {"td", "div", "section", "article", "main", "body"}
NEVER = UNREAD | {"footer", "header", "aside"}
"""Elements that never contain an article."""
FOOTER = re.compile(r"(?i)(?:^|\s)(?:(?:site|page|main|global)?[-_]?footer|(?:cookie|consent|onetrust)\w*)(?:$|[\s_-])")
"""Classes and ids of such elements."""
SHARES = (1.0, 0.5)
"""Weights of a text for the box around it, and for the next one."""


def densest(page: Any) -> Any:
    """Return the element with the most running text, or None for a page without any."""
    scores: dict[Any, float] = defaultdict(float)
    for text, holder in _texts(page):
        for box, share in zip(_boxes(holder), SHARES, strict=False):
            scores[box] += share * len(text) * (-1 if _is_in_link(holder) else 1)
    best = max(scores, key=lambda box: scores[box], default=None)
    return best if best is not None and scores[best] > 0 else None


def _texts(page: Any) -> Iterator[tuple[str, Any]]:
    """Yield each text of a page and the element that it is directly in; comments are left out."""
    for element in page.iter():
        for text, holder in ((element.text, element), (element.tail, element.getparent())):
            bare = (text or "").strip()
            if bare and holder is not None and isinstance(holder.tag, str):
                yield bare, holder


def _boxes(holder: Any) -> list[Any]:
    """Return the boxes around a text, the nearest first; none if it is in something that never is an article."""
    outer = with_ancestors(holder)
    if any(element.tag in NEVER or FOOTER.search(class_and_id(element)) for element in outer):
        return []
    return [element for element in outer if element.tag in BOXES]


def _is_in_link(holder: Any) -> bool:
    return any(element.tag == "a" for element in with_ancestors(holder))
