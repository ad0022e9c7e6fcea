# SPDX-License-Identifier: GPL-3.0-or-later
"""Last steps of every reader: remove boilerplate, detect the language, find a title, build the Article."""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from podcast.errors import ReadError
from podcast.model import Article, Block, Link
from podcast.read.boilerplate import CONSENT, PAYWALL, is_notice
from podcast.read.detect_language import SHORT, footnotes_heading, language_of
from podcast.read.normalize import title_from, unique
from podcast.read.source import Source
from podcast.text import counted

SPOKEN = frozenset({"paragraph", "quote", "item"})
"""Kinds of blocks without which there is nothing to narrate."""
END = 3
"""Blocks at the start and end of a page that may be a cookie notice; elsewhere, such a text is content."""
BREAK = re.compile(r"(?:[*•·~#=_—–-]\s*){3,60}|[*⁂※§~#]|\*\s*\*")
"""A paragraph that is a break between scenes: `* * *`."""


def without_boilerplate(blocks: Sequence[Block]) -> tuple[list[Block], list[str]]:
    """Return the blocks without boilerplate, and a remark on each block with text that is left out."""
    notices = [
        block
        for index, block in enumerate(blocks)
        if block.kind not in {"table", "code", "break"}
        and is_notice(block.text)
        and (min(index, len(blocks) - 1 - index) < END or not CONSENT.match(block.text))
    ]
    remarks = [
        f"the text may be cut off by a paywall: “{block.text[:80]}”"
        if PAYWALL.match(block.text)
        else f"left out (not part of the article): “{block.text[:80]}”"
        for block in notices
        if block.text
    ]
    dropped = set(map(id, notices))
    return [block for block in blocks if id(block) not in dropped], remarks


def with_breaks(blocks: Sequence[Block]) -> list[Block]:
    """Turn paragraphs such as `* * *` into breaks; drop breaks at either end, beside a heading, or repeated."""
    kept: list[Block] = []
    for each in blocks:
        block = Block("break", "") if each.kind == "paragraph" and BREAK.fullmatch(each.text) else each
        if block.kind == "break" and (not kept or kept[-1].kind in {"break", "heading"}):
            continue
        if block.kind == "heading" and kept and kept[-1].kind == "break":
            kept.pop()
        kept.append(block)
    return kept[:-1] if kept and kept[-1].kind == "break" else kept


def _unquoted_text(blocks: Sequence[Block]) -> str:
    """Return the text to detect the language from: without quotations, unless they are most of it."""
    whole = " ".join(block.text for block in blocks)
    own = " ".join(block.text for block in blocks if block.kind != "quote")
    return own if len(own) > max(SHORT, len(whole) / 10) else whole


def finish(
    source: Source,
    title: str,
    blocks: Sequence[Block],
    *,
    links: Sequence[Link],
    remarks: Sequence[str],
    declared: str = "",
    **about: Any,
) -> Article:
    """Return the article; `about` contains its other fields.

    The language is the one given by the user, else the `declared` one unless the text contradicts it, else the detected
    one. A missing title is taken from the file name or the first sentence.
    Raises ReadError if nothing is left to narrate.
    """
    blocks = with_breaks(blocks)
    if not any(block.kind in SPOKEN for block in blocks):
        raise ReadError(
            "no text to narrate", file=source.name, hint="check the file: it has no paragraphs, lists or quotations"
        )
    language, remark = language_of(_unquoted_text(blocks), declared, given=source.language)
    said = [*remarks, remark]
    if not title:
        title, remark = title_from(blocks, source.path)
        said.append(f"{remark}: “{title}” (change it with --title)")
    last = max(index for index, block in enumerate(blocks) if block.kind != "heading")
    said += [f"left out (heading with no text below it): “{block.text[:80]}”" for block in blocks[last + 1 :]]
    blocks = blocks[: last + 1]
    return Article(title, tuple(blocks), language, links=unique(links), remarks=tuple(filter(None, said)), **about)


def with_footnotes(article: Article, notes: Sequence[tuple[str, str]]) -> Article:
    """Return the article with its footnotes, (mark, text), under a heading of their own at its end."""
    if not notes:
        return article
    heading = Block("heading", footnotes_heading(article.language), 2)
    items = (Block("item", text, int(mark) if mark.isdigit() else 0) for mark, text in notes)
    remarks = (*article.remarks, f"{counted(len(notes), 'footnote')} moved to the end")
    return replace(article, blocks=(*article.blocks, heading, *items), remarks=remarks)
