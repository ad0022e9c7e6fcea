# SPDX-License-Identifier: GPL-3.0-or-later
"""How a large catalogue is divided: which episodes keep their whole notes, and which go to further documents.

    sizes of items + budgets -> divided() -> Division: feed.xml, and feed-1.xml (the oldest) feed-2.xml … before it

Small shows: one document, all in full. Over `feed_bytes`, old episodes get short notes. When even that is over
`page_bytes`, the oldest go to documents of their own, a quarter of it each, which are counted from the oldest: they
stay as they are when an episode is added, and apps find them by rel="next" (RFC 5005, section 3).
"""

from collections.abc import Callable
from dataclasses import dataclass

from podcast.feed.rss import Place

ALWAYS_FULL = 10
"""So many of the newest keep their whole notes, whatever they weigh."""

PARTS = 4
"""Further documents are so many times smaller than what feed.xml may be."""


@dataclass(frozen=True, slots=True)
class Division:
    """Which of the episodes, counted from the newest, are where."""

    full: int
    """So many have their whole notes."""
    documents: tuple[tuple[Place, int, int], ...]
    """Each with its first episode and the one after its last; feed.xml is the first of them."""


def divided(
    count: int,
    full_size: Callable[[int], int],
    short_size: Callable[[int], int],
    *,
    feed_bytes: int,
    page_bytes: int,
) -> Division:
    """Return how `count` episodes are divided.

    The sizes are those of items in bytes, by index; 0 is the newest. They are asked for only as far as is needed: in a
    small show for none of the short ones, in a large one for few of the full ones.
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
    """Return how many episodes each further document holds, that of the oldest first.

    A document is closed by the episode that does not fit in any more, so that nothing newer changes it.
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
