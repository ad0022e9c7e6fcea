# SPDX-License-Identifier: GPL-3.0-or-later
"""Where chapters begin in a document that no table of contents divides: at its headings.

Books that were made from other formats have headings as paragraphs: `CHAPTER ONE` or `II`, and the title below it.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from podcast.model import Block
from podcast.read.common import CHAPTER, TITLE_LENGTH

PART = re.compile(
    r"(?i)(?:[\w-]+ )?(?:partie|livre|teil|parte|libro|tome|volume|acte?|part|book)"
    r"(?: [ivxlc]+| \d+| [\w-]+)?(?:\s*[:.–—-].*)?"
)
"""Titles of what has chapters, and not sections: `Partie I`, `DEUXIÈME PARTIE : L’île`."""
NUMERAL = re.compile(r"(?P<numeral>[IVXLC]{1,7})\.?")


def headed(found: Sequence[Block]) -> tuple[Block, ...]:
    """Return the blocks of a document with `CHAPTER ONE` at its head, and the title below it, as headings.

    The number of blocks stays: places count them.
    """
    if not found or found[0].kind != "paragraph" or not CHAPTER.fullmatch(found[0].text):
        return tuple(found)
    return (*_with_heading(found[:3]), *found[3:])


def divided(found: Sequence[Block]) -> tuple[tuple[Block, ...], dict[int, tuple[str, int]]]:
    """Return the blocks of a whole book, and (title, depth) of each chapter by its first block.

    Chapters begin at headings of the highest level that recurs, and above; without any, the book is one.
    """
    blocks = _with_headings(found)
    levels = Counter(block.level for block in blocks if block.kind == "heading" and not PART.fullmatch(block.text))
    level = min((level for level, count in levels.items() if count > 1), default=0)
    heads: dict[int, tuple[str, int]] = {}
    last = -2
    for index, block in enumerate(blocks):
        if block.kind != "heading" or block.level > level:
            continue
        # `CHAPTER ONE`, and its title in a heading of its own
        if last == index - 1 and block.level == blocks[last].level and not PART.fullmatch(blocks[last].text):
            at = max(heads)
            heads[at] = (f"{heads[at][0].rstrip(' .:')}. {block.text}", block.level)
        else:
            heads[index] = (block.text, block.level)
        last = index
    return blocks, heads


def _with_headings(found: Sequence[Block]) -> tuple[Block, ...]:
    """Return the blocks with what names chapters as headings; numerals alone do if the first two are there."""
    paragraphs = {block.text.rstrip(".") for block in found if block.kind == "paragraph" and len(block.text) < 9}
    numbered = {"I", "II"} <= paragraphs
    blocks = list(found)
    for index, block in enumerate(found):
        names = CHAPTER.fullmatch(block.text) or (numbered and NUMERAL.fullmatch(block.text))
        if block.kind == "paragraph" and names:
            blocks[index : index + 3] = _with_heading(blocks[index : index + 3])
    return tuple(blocks)


def _with_heading(found: Sequence[Block]) -> list[Block]:
    """Return a few blocks with the first, and the title below it, as headings; a part is above chapters."""
    level = 2 if PART.fullmatch(found[0].text) else 3
    below = found[1] if len(found) > 2 else found[0]
    is_title = below.kind == "paragraph" and len(below.text) <= TITLE_LENGTH and below.text[-1] not in '.!?…:;,»”"'
    is_title = is_title and not CHAPTER.fullmatch(below.text) and not NUMERAL.fullmatch(below.text)
    heads = 2 if is_title and below is not found[0] else 1
    return [*(replace(block, kind="heading", level=level) for block in found[:heads]), *found[heads:]]
