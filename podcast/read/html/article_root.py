# SPDX-License-Identifier: GPL-3.0-or-later
"""Find the root element of an article, given which blocks of the page trafilatura extracted."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from podcast.read.dom.blocks import LocatedBlock
from podcast.read.dom.elements import class_and_id, with_ancestors

CORE = 0.9
"""The innermost element with at least this share of the extracted text is the article root."""
INNER_CORE = 0.7
"""A smaller share is enough if going inwards loses less extracted text than other text, such as related links."""
SEVERAL = 3
"""Extracted blocks that such an inner element must have more of."""
NEVER_ROOT = frozenset(("p", "ul", "ol", "dl", "table", "blockquote"))
POST = 150
"""Letters of another post of a thread; teasers of other articles are shorter."""
THREAD = 0.3
"""With at least this share of the article's length in similar elements beside it, the page is a thread."""
TEXT_KINDS = frozenset(("paragraph", "quote", "item"))
AFTERWORD = re.compile(
    r"(?:^|\s)(?:ps|post-?scriptum|(?:(?:foot|end)-?)?notes?|addendum|errat(?:um|a)|black-?box|(?:ftn|edn)\d+)(?:$|\s)",
    re.IGNORECASE,
)
"""Classes and ids of elements after the text that belong to it."""


def article_root(every: Sequence[LocatedBlock], is_extracted: Sequence[bool]) -> Any:
    """Return the innermost element with almost all of the extracted text, or None if nothing was extracted."""
    marks = list(zip(every, is_extracted, strict=True))
    running = [one for one, is_one in marks if is_one and is_running(one)]
    held, count = _sums(running, size_of), _sums(running, lambda _: 1)
    other = _sums([one for one, is_one in marks if not is_one], size_of)
    whole = max(held.values(), default=0)
    root = None
    for outer in sorted(held, key=lambda outer: -sum(1 for _ in outer.iterancestors())):
        is_most = held[outer] >= CORE * whole
        if is_most or (held[outer] >= INNER_CORE * whole and _may_be_root(outer, count[outer])):
            is_better = root is None or held[outer] - held[root] > other[outer] - other[root]
            root = outer if is_better else root
        if is_most:
            break
    return root


def _may_be_root(element: Any, count: int) -> bool:
    """Return True for an element with several extracted blocks that is no paragraph, list or table."""
    return count > SEVERAL and element.tag not in NEVER_ROOT


def _sums(blocks: Sequence[LocatedBlock], size_of: Callable[[LocatedBlock], int]) -> dict[Any, int]:
    """Return the sum of the sizes of blocks for each element around them."""
    sums: dict[Any, int] = defaultdict(int)
    for one in blocks:
        for outer in around(one):
            sums[outer] += size_of(one)
    return sums


def thread_around(core: Any, every: Sequence[LocatedBlock]) -> Any:
    """Return the element around the article and similar ones: answers to a question, posts of a thread."""
    others = _similar_elements(core, every)
    if not others:
        return core
    return next((outer for outer in core.iterancestors() if all(outer in box.iterancestors() for box in others)), core)


def _similar_elements(core: Any, every: Sequence[LocatedBlock]) -> list[Any]:
    """Return the elements with the tag and class of the article, if they have enough text of their own beside it."""
    if not core.get("class"):
        return []
    sums = _sums([one for one in every if is_running(one)], lambda one: size_of(one) - one.linked)
    similar = {box: size for box, size in sums.items() if (box.tag, box.get("class")) == (core.tag, core.get("class"))}
    others = [box for box, size in similar.items() if box is not core and size >= POST and box.find(".//h1") is None]
    return others if sum(similar[box] for box in others) >= THREAD * similar.get(core, 0) else []


def afterwords(root: Any) -> Iterator[Any]:
    """Yield the elements with notes and the like after that of the text."""
    for outer in with_ancestors(root):
        for box in [each for after in outer.itersiblings() for each in (after, *after)]:
            if box.tag in {"div", "section", "aside"} and AFTERWORD.search(class_and_id(box)):
                yield box


def around(one: LocatedBlock) -> list[Any]:
    """Return the elements around a block, the innermost first."""
    return [] if one.holder is None else with_ancestors(one.holder)


def is_running(one: LocatedBlock) -> bool:
    """Return True for text: paragraphs, quotations and list items."""
    return one.block.kind in TEXT_KINDS


def size_of(one: LocatedBlock) -> int:
    """Return how many characters a block has."""
    return len(one.block.text)
