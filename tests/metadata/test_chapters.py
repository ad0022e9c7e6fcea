# SPDX-License-Identifier: GPL-3.0-or-later
"""Chapters: one list in order, and its forms."""

import json

from hypothesis import given
from hypothesis import strategies as st

from podcast.metadata import chapters
from podcast.model import Chapter

LIST = (
    Chapter(0, "Ouverture"),
    Chapter(65_400, "L’idée", "https://example.org/idée"),
    Chapter(3_661_000, "À suivre"),
)


def test_json_is_what_the_podcast_namespace_says():
    """Version, title and ascending times in seconds are there; an address only where one is given."""
    content = json.loads(chapters.json(chapters.normalized(LIST, 4_000_000), title="Épisode 1"))

    assert content == {
        "version": "1.2.0",
        "title": "Épisode 1",
        "chapters": [
            {"startTime": 0.0, "title": "Ouverture"},
            {"startTime": 65.4, "title": "L’idée", "url": "https://example.org/id%C3%A9e"},
            {"startTime": 3661.0, "title": "À suivre"},
        ],
    }


def test_the_list_is_put_in_order():
    """Order, first start, duplicates, late starts, empty titles, control characters and invalid URLs are corrected."""
    given = [
        Chapter(90_000, "Trois"),
        Chapter(4_500, "Un\x00\n et demi", "javascript:alert(1)"),
        Chapter(60_000, "Deux"),
        Chapter(60_400, "Deux bis"),
        Chapter(70_000, " \u200e\x01 ".replace("\u200e", "")),
        Chapter(100_000, "Après la fin"),
    ]

    assert chapters.normalized(given, 100_000) == (
        Chapter(0, "Un et demi"),
        Chapter(60_000, "Deux"),
        Chapter(90_000, "Trois"),
    )


@given(st.lists(st.builds(Chapter, st.integers(-5_000, 500_000), st.text(max_size=20), st.text(max_size=20))))
def test_any_list_becomes_one_that_players_take(given):
    """Starts ascend by seconds from 0, titles are one line, and putting in order twice changes nothing."""
    ordered = chapters.normalized(given, 400_000)
    seconds = [chapter.start_ms // 1000 for chapter in ordered]

    assert seconds == sorted(set(seconds))
    assert not ordered or ordered[0].start_ms == 0
    assert all(chapter.title and "\n" not in chapter.title for chapter in ordered)
    assert ordered == chapters.normalized(ordered, 400_000)
    assert len(json.loads(chapters.json(ordered, title="t"))["chapters"]) == len(ordered)


def test_no_chapters_are_no_chapters():
    """An episode without headings has an empty list in each form."""
    assert chapters.normalized([], 1_000) == ()
    assert json.loads(chapters.json((), title="t"))["chapters"] == []
