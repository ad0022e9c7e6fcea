# SPDX-License-Identifier: GPL-3.0-or-later
"""Division of a large feed: which episodes have full show notes, and which move to further documents.

    sizes of items + budgets -> divided() -> Division: feed.xml, and feed-1.xml (the oldest) feed-2.xml … before it

A small show has one document with full notes. Above `feed_bytes`, old episodes get short notes. Above `page_bytes` even
so, the oldest episodes move to documents of a quarter of that size, numbered from the oldest, so that a new episode
does not change them; apps find them by rel="next" (RFC 5005, section 3).
"""

from collections.abc import Callable
from dataclasses import dataclass

from podcast.feed.rss import Place

ALWAYS_FULL = 10
"""The newest episodes that always have full notes."""

PARTS = 4
"""Further documents have at most this fraction of the size of feed.xml."""


@dataclass(frozen=True, slots=True)
class Division:
    """The documents of a feed; episodes are counted from the newest."""

    full: int
    """Number of episodes with full notes."""
    documents: tuple[tuple[Place, int, int], ...]
    """Each document with the index of its first episode and of the one after its last; feed.xml is the first."""


def divided(
    count: int,
    full_size: Callable[[int], int],
    short_size: Callable[[int], int],
    *,
    feed_bytes: int,
    page_bytes: int,
) -> Division:
    """Divide `count` episodes.

    The functions return the size of an item in bytes by its index; 0 is the newest. They are called only as far as
    needed: `short_size` not at all for a small show, `full_size` rarely for a large one.
    """
    total = full = 0
    while full < count and (not feed_bytes or total + full_size(full) <= feed_bytes):
        total += full_size(full)
        full += 1
    if full == count:
        return Division(count, ((Place(), 0, count),))
    shorts = [short_size(index) for index in range(count)]
    pages = _pages(shorts, page_bytes) if page_bytes else []
    kept = count - sum(pages)
    total = sum(shorts[:kept])
    full = 0
    while full < kept:
        total += full_size(full) - shorts[full]
        if total > feed_bytes and full >= ALWAYS_FULL:
            break
        full += 1
    return Division(full, tuple(_documents(count, pages)))


def _pages(shorts: list[int], page_bytes: int) -> list[int]:
    """Return the number of episodes in each further document, the oldest first.

    A document ends before the first episode that does not fit, so newer episodes never change it.
    """
    rest = sum(shorts)
    pages: list[int] = []
    held = weight = 0
    for short in reversed(shorts[ALWAYS_FULL:]):
        if rest <= page_bytes:
            break
        if held and weight + short > page_bytes // PARTS:
            pages.append(held)
            rest -= weight
            held = weight = 0
        held += 1
        weight += short
    return pages


def _documents(count: int, pages: list[int]) -> list[tuple[Place, int, int]]:
    names = ["feed.xml", *(f"feed-{number}.xml" for number in range(len(pages), 0, -1))]
    starts = [0, count - sum(pages)]
    for held in reversed(pages):
        starts.append(starts[-1] + held)
    oldest = names[-1] if pages else ""
    around = zip(["", *names], names, [*names[1:], ""], strict=False)
    return [
        (Place(name, newer, older, oldest), starts[number], starts[number + 1])
        for number, (newer, name, older) in enumerate(around)
    ]
