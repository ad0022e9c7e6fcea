# SPDX-License-Identifier: GPL-3.0-or-later
"""Map each segment of a script to the recurring section of the show that it belongs to.

A section begins with a heading that equals its name, or one of its `titles`; the next heading of the same level or a
higher one ends it. Case, Unicode composition and punctuation are ignored: `## Pour les sceptiques :` begins
`[sections."Pour les sceptiques"]`.
"""

import unicodedata
from collections.abc import Iterator, Mapping

from podcast.config.settings import Section, Show
from podcast.model import Script
from podcast.script import shown


def of_segments(script: Script, show: Show) -> Iterator[Section | None]:
    """Yield, for each segment of a script, its section, or None."""
    current: Section | None = None
    level = 0
    beginnings = by_heading(script, show)
    for index, segment in enumerate(script.segments):
        if index in beginnings or (segment.kind == "heading" and segment.level <= level):
            current, level = beginnings.get(index), segment.level
        yield current


def by_heading(script: Script, show: Show) -> Mapping[int, Section]:
    """Return sections by the index of the heading that begins them."""
    by_title = {
        _normalized_title(title): section
        for name, section in show.sections.items()
        for title in (name, *section.titles)
    }
    titles = {
        i: _normalized_title(shown(segment.text))
        for i, segment in enumerate(script.segments)
        if segment.kind == "heading"
    }
    return {index: by_title[title] for index, title in titles.items() if title in by_title}


def _normalized_title(title: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKC", title).casefold() if c.isalnum())
