# SPDX-License-Identifier: GPL-3.0-or-later
"""Which recurring part of the show each segment of a script is in.

A heading whose words are a section's name, or one of its `titles`, begins it; the next heading of the same level or a
higher one ends it. Case, accents' composition and punctuation do not matter: `## Pour les sceptiques :` begins
`[sections."Pour les sceptiques"]`.
"""

import unicodedata
from collections.abc import Iterator, Mapping

from podcast.config.settings import Section, Show
from podcast.model import Script
from podcast.script import shown


def of_segments(script: Script, show: Show) -> Iterator[Section | None]:
    """Give, for each segment of a script, the section that it is in, or None."""
    current: Section | None = None
    level = 0
    beginnings = begun_by(script, show)
    for index, segment in enumerate(script.segments):
        if index in beginnings or (segment.kind == "heading" and segment.level <= level):
            current, level = beginnings.get(index), segment.level
        yield current


def begun_by(script: Script, show: Show) -> Mapping[int, Section]:
    """Return the sections by the index of the heading that begins them."""
    by_title = {_bare(title): section for name, section in show.sections.items() for title in (name, *section.titles)}
    titles = {i: _bare(shown(segment.text)) for i, segment in enumerate(script.segments) if segment.kind == "heading"}
    return {index: by_title[title] for index, title in titles.items() if title in by_title}


def _bare(title: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKC", title).casefold() if c.isalnum())
