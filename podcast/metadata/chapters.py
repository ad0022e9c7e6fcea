# SPDX-License-Identifier: GPL-3.0-or-later
"""The chapters of an episode, as a separate JSON file.

`normalized` puts the list in order, once, when the episode is rendered. Every format is then written from that list, so
that they never differ: `json` here, ID3 frames in id3.py, Podlove's element in feed/rss.py, time stamps in
feed/notes.py.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from json import dumps

from podcast import text
from podcast.model import Chapter


def normalized(chapters: Iterable[Chapter], duration_ms: int) -> tuple[Chapter, ...]:
    """Return the chapters in order of time, the first one at 0, all within the episode, with clean titles.

    Of those that start in the same second (players show no smaller unit) the first one given is kept; those without a
    title are dropped, and invalid URLs are removed.
    """
    ordered: list[Chapter] = []
    for chapter in sorted(chapters, key=lambda chapter: chapter.start_ms):
        title = text.line(chapter.title)
        start_ms = max(0, chapter.start_ms) if ordered else 0
        if not title or chapter.start_ms >= duration_ms:
            continue
        if not ordered or start_ms // 1000 > ordered[-1].start_ms // 1000:
            ordered.append(replace(chapter, start_ms=start_ms, title=title, url=text.web(chapter.url)))
    return tuple(ordered)


def json(chapters: Sequence[Chapter], *, title: str, at: Callable[[str], str] = str) -> str:
    """Return the chapters of the episode `title` as podcast namespace JSON 1.2.0, times in seconds.

    `at` returns the URL of a file of the feed folder.
    """
    entries = [
        {
            "startTime": chapter.start_ms / 1000,
            "title": text.line(chapter.title),
            **({"url": chapter.url} if chapter.url else {}),
            **({"img": at(chapter.image)} if chapter.image else {}),
        }
        for chapter in chapters
    ]
    content = {"version": "1.2.0", "title": text.line(title), "chapters": entries}
    return dumps(content, ensure_ascii=False, indent=1) + "\n"
