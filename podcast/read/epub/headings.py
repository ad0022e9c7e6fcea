# SPDX-License-Identifier: GPL-3.0-or-later
"""Find chapters by their headings, for documents without a table of contents.

In books converted from other formats headings may be paragraphs: `CHAPTER ONE` or `II`, with the title below.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from podcast.model import Block
from podcast.read.chapter_headings import CHAPTER
from podcast.read.normalize import TITLE_LENGTH

PART = re.compile(
    r"(?i)(?:[\w-]+ )?(?:partie|livre|teil|parte|libro|tome|volume|acte?|part|book)"
    r"(?: [ivxlc]+| \d+| [\w-]+)?(?:\s*[:.–—-].*)?"
)
"""Titles of parts, which contain chapters: `Partie I`, `DEUXIÈME PARTIE : L’île`."""
NUMERAL = re.compile(r"(?P<numeral>[IVXLC]{1,7})\.?")


def headed(found: Sequence[Block]) -> tuple[Block, ...]:
    """Return the blocks of a document with `CHAPTER ONE` at its beginning, and the title below, as headings.

    The number of blocks does not change, because anchors refer to their indexes.
    """
    if not found or found[0].kind != "paragraph" or not CHAPTER.fullmatch(found[0].text):
        return tuple(found)
    return (*_with_heading(found[:3]), *found[3:])


def divided(found: Sequence[Block]) -> tuple[tuple[Block, ...], dict[int, tuple[str, int]]]:
    """Return the blocks of a whole book, and the index of each chapter's first block -> (title, depth).

    Chapters begin at headings of the highest level that occurs twice, and above; there may be none.
    """
    blocks = _with_headings(found)
    lowest = _chapter_level(blocks)
    heads: dict[int, tuple[str, int]] = {}
    last = -2
    for index, block in enumerate(blocks):
        if block.kind != "heading" or block.level > lowest:
            continue
        if last == index - 1 and _continues(blocks[last], block):
            at = max(heads)
            heads[at] = (f"{heads[at][0].rstrip(' .:')}. {block.text}", block.level)
        else:
            heads[index] = (block.text, block.level)
        last = index
    return blocks, heads


def _chapter_level(blocks: Sequence[Block]) -> int:
    """Return the highest heading level that occurs twice, parts aside; 0 for none."""
    levels = Counter(block.level for block in blocks if block.kind == "heading" and not PART.fullmatch(block.text))
    return min((level for level, count in levels.items() if count > 1), default=0)


def _continues(above: Block, heading: Block) -> bool:
    """Return True for a title in a heading of its own, right below `CHAPTER ONE`."""
    return heading.level == above.level and not PART.fullmatch(above.text)


def _with_headings(found: Sequence[Block]) -> tuple[Block, ...]:
    """Return the blocks with names of chapters as headings; bare numerals count if both I and II occur."""
    paragraphs = {block.text.rstrip(".") for block in found if block.kind == "paragraph" and len(block.text) < 9}
    numbered = {"I", "II"} <= paragraphs
    blocks = list(found)
    for index, block in enumerate(found):
        names = CHAPTER.fullmatch(block.text) or (numbered and NUMERAL.fullmatch(block.text))
        if block.kind == "paragraph" and names:
            blocks[index : index + 3] = _with_heading(blocks[index : index + 3])
    return tuple(blocks)


def _with_heading(found: Sequence[Block]) -> list[Block]:
    """Return a few blocks with the first, and the title below, as headings; parts are one level above chapters."""
    level = 2 if PART.fullmatch(found[0].text) else 3
    below = found[1] if len(found) > 2 else found[0]
    is_title = below.kind == "paragraph" and len(below.text) <= TITLE_LENGTH and below.text[-1] not in '.!?…:;,»”"'
    is_title = is_title and not CHAPTER.fullmatch(below.text) and not NUMERAL.fullmatch(below.text)
    heads = 2 if is_title and below is not found[0] else 1
    return [*(replace(block, kind="heading", level=level) for block in found[:heads]), *found[heads:]]
