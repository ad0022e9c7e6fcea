# SPDX-License-Identifier: GPL-3.0-or-later
"""Strip form feeds, running headers and footers, and page numbers from paginated plain text."""

import re
from collections import Counter
from collections.abc import Sequence

FEED = "\f"
PAGE_NUMBER = re.compile(r"\W*(?:[Pp]age\s)?\W*(?:\d{1,4}|[ivxlc]{1,7})\W*")
FOOTER = re.compile(r"^\S.{3,80}\[Page (?:\d{1,4}|[ivxlc]{1,7})\][ \t]*$\f?", re.MULTILINE)
"""The footer of a page; the next begins after it, with a form feed or without."""
WORDS = 3
"""Words of a running header beside its number; with fewer it may be the title of a chapter."""


def without_pages(text: str) -> str:
    """Return the text without headers and footers of pages; sentences across pages are joined."""
    text = FOOTER.sub(FEED, text)
    pages = [page.strip("\n").split("\n") for page in text.split(FEED)]
    pages = [page for page in pages if any(line.strip() for line in page)]
    if len(pages) < 2:
        return text.replace(FEED, "\n\n")
    seen = Counter(form for page in pages for form in {_form(line) for line in _edges(page)})
    whole = ""
    for page in [_without_edges(page, seen) for page in pages]:
        whole = _joined(whole, page) if page else whole
    return whole


def _without_edges(page: list[str], seen: Counter[str]) -> list[str]:
    """Return the lines of a page without empty lines, running headers and page numbers at its top and bottom."""
    start, end = 0, len(page)
    while start < end and _is_edge(page[start], seen):
        start += 1
    while start < end and _is_edge(page[end - 1], seen):
        end -= 1
    return page[start:end]


def _joined(text: str, page: Sequence[str]) -> str:
    """Append a page to the text: to its last paragraph, if the last sentence continues on the page."""
    goes_on = text and text[-1] not in '.!?…:»”"' and page[0].lstrip()[:1].islower()
    gap = "\n" if goes_on else "\n\n"
    return text + gap * bool(text) + "\n".join(page)


def _edges(page: Sequence[str]) -> list[str]:
    lines = [line for line in page if line.strip()]
    return [lines[0], lines[-1]]


def _is_edge(line: str, seen: Counter[str]) -> bool:
    """Return True for an empty line, a page number, and a line at the edge of another page as well."""
    return not line.strip() or seen[_form(line)] > 1 or PAGE_NUMBER.fullmatch(line.strip()) is not None


def _form(line: str) -> str:
    """Return what running headers have in common: `Annual Report, page 0` for `Annual Report, page 12`."""
    words = line.split()
    is_counted = len(words) > WORDS or "page" in line.casefold()
    return re.sub(r"\d+", "0", " ".join(words)) if is_counted else " ".join(words)
