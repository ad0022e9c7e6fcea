# SPDX-License-Identifier: GPL-3.0-or-later
"""Extract footnotes and remove tables of contents from the cleaned DOM of a book or document."""

import re
from typing import Any

from podcast.read.dom.blocks import blocks
from podcast.read.dom.elements import drop, kinds_of, name_of

NOTE_KINDS = {"footnote", "endnote", "rearnote", "doc-footnote", "doc-endnote"}
NOTES_KINDS = {"footnotes", "endnotes", "rearnotes", "doc-endnotes"}
NOTE_LABEL = re.compile(r"^(?:[\[(]?(?:\d{1,3}|[*†‡§]{1,3})[\])]?[.:]?\s+|[.:]\s+)(?=\S)")
LISTED = 3
"""Minimum number of consecutive lines, all links within the text, in a table of contents."""


def drop_table_of_contents(root: Any) -> None:
    """Remove tables of contents: consecutive lines that are only links within the text, and page numbers."""
    for parent in list(root.iter()):
        run: list[Any] = []
        for child in [*parent, None]:
            if child is not None and _is_entry(child) and not (run and (run[-1].tail or "").strip()):
                run.append(child)
                continue
            for entry in run if len(run) >= LISTED else ():
                drop(entry)
            run = []


def _is_entry(element: Any) -> bool:
    if name_of(element) not in {"p", "li", "tr", "dt", "dd", "div"}:
        return False
    links = [link for link in element.iter() if name_of(link) == "a" and _is_inner(link.get("href") or "")]
    for count in (str.isalpha, str.isalnum):  # the page number may follow the link
        said, linked = (sum(map(count, text)) for text in (_text(element), "".join(map(_text, links))))
        if said:
            return said == linked
    return False


def _is_inner(href: str) -> bool:
    return bool(href) and not re.match(r"[a-zA-Z][\w+.-]*:|//", href)


def take_footnotes(root: Any) -> list[str]:
    """Remove the footnotes from a tree cleaned by `tidy`, and return them."""
    found: list[str] = []
    for element in list(root.iter()):
        said = kinds_of(element) if name_of(element) in {"aside", "li", "div", "p", "section"} else set()
        if not said & (NOTE_KINDS | NOTES_KINDS) or root not in element.iterancestors():
            continue
        items = list(element.iter("li")) or list(element.iter("p"))
        parts = items if said & NOTES_KINDS else [element]
        texts = (NOTE_LABEL.sub("", " ".join(b.text for b in blocks(part, []))) for part in parts)
        found += filter(None, texts)
        drop(element)
    return found


def _text(element: Any) -> str:
    return "".join(element.itertext()).strip()
