# SPDX-License-Identifier: GPL-3.0-or-later
"""A text in pages, as it would be printed -> the text: form feeds, running heads and feet, and page numbers go."""

import re
from collections import Counter
from collections.abc import Sequence

FEED = "\f"
NUMBER = re.compile(r"\W*(?:[Pp]age\s)?\W*(?:\d{1,4}|[ivxlc]{1,7})\W*")
FOOT = re.compile(r"^\S.{3,80}\[Page (?:\d{1,4}|[ivxlc]{1,7})\][ \t]*$\f?", re.MULTILINE)
"""The foot of a page, after which the next begins, with a form feed or without."""
WORDS = 3
"""Words of a running head, beside its number; with fewer it may be the title of a chapter."""


def without_pages(text: str) -> str:
    """Return the text without what stands at the head and the foot of its pages; a sentence goes on over them."""
    text = FOOT.sub(FEED, text)
    pages = [page.strip("\n").split("\n") for page in text.split(FEED)]
    pages = [page for page in pages if any(line.strip() for line in page)]
    if len(pages) < 2:
        return text.replace(FEED, "\n\n")
    seen = Counter(look for page in pages for look in {_look(line) for line in _edges(page)})
    whole = ""
    for page in pages:
        for end in (0, -1):
            while page and (not page[end].strip() or _is_edge(page[end], seen)):
                page.pop(end)
        if page:
            goes_on = whole and whole[-1] not in '.!?…:»”"' and page[0].lstrip()[:1].islower()
            whole += ("\n" if goes_on else "\n\n") * bool(whole) + "\n".join(page)
    return whole


def _edges(page: Sequence[str]) -> list[str]:
    lines = [line for line in page if line.strip()]
    return [lines[0], lines[-1]]


def _is_edge(line: str, seen: Counter[str]) -> bool:
    return bool(seen[_look(line)] > 1 or NUMBER.fullmatch(line.strip()))


def _look(line: str) -> str:
    """Return what a running head shares with that of other pages."""
    words = line.split()
    counted = len(words) > WORDS or "page" in line.casefold()
    return re.sub(r"\d+", "0", " ".join(words)) if counted else " ".join(words)
