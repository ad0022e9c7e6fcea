# SPDX-License-Identifier: GPL-3.0-or-later
"""Select the blocks of a page that are its article, given the text that trafilatura extracted.

trafilatura finds the article, but drops much that does not look like text: words beside line breaks, names of people
who are quoted, captions, collapsible questions. Therefore its text only locates the root element of the article, all
blocks of which are kept, except navigation. `extracted` blocks, below, are those that trafilatura extracted.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from podcast.model import Block
from podcast.read.article import BREAK
from podcast.read.boilerplate import MORE, is_notice
from podcast.read.byline import byline
from podcast.read.dom.blocks import LocatedBlock
from podcast.read.html.article_root import afterwords, around, article_root, is_running, size_of, thread_around
from podcast.read.normalize import letters_of

TITLE_WITHIN = 0.2
"""The title is searched for in the first part of the extracted text, up to this share."""
SAME = 3
"""Similarity to the title from which a block is the title; less counts only before the text begins."""
ALONE = 20
"""Letters; a shorter block counts as extracted only if it was extracted as one, or together with its neighbour."""
CREDIT = 60
"""Letters of a credit after a repeated caption."""
NEAR = 4
"""Blocks after the first of the text that may be a byline."""
LINKED = 0.7
"""Share of a block's characters in links from which it is navigation."""
SENTENCE = re.compile(r"[.!?…:;。！？।؟۔][»”\"’')\]\s]*$")
LONG = 60
"""Letters from which a block is text even without punctuation at its end."""
LEAD = re.compile(
    r"(?:^|[\s_-])(?:sub-?title|dek|standfirst|chapo|lead|excerpt|soustitre|sub-?head(?:line|ing)?|intro|abstract"
    r"|vorspann|bajada|entradilla)(?:$|[\s_-])",
    re.IGNORECASE,
)
"""Classes of standfirsts, between the title and the text."""
END = 0.3
"""Share of the text that is its end: a heading such as `Related articles` counts only there."""
DEEPEST_LEVEL = 6
"""Of a heading."""
LEAD_KINDS = frozenset(("paragraph", "quote", "heading", "image", "item"))
WRITTEN = frozenset(("p", "blockquote", "dt", "dd", "summary", "figcaption"))
"""Elements of running text; a short text in any other is most often a label."""
BESIDE = frozenset(("aside", "footer"))
NOTE = re.compile(
    r"\b(?:note|tip|hint|caution|danger|warning|callout|admonition|infobox|encadr\w*|factbox|quote|black-?box|footnotes?)\b",
    re.IGNORECASE,
)
"""Classes of an aside that is part of the article."""
WITH_LABELS = re.compile(
    r"quote|testimonial|t[ée]moignage|citation|verbatim|caption|expand|accordion|toggle|spoiler|l[ée]gende?\b",
    re.IGNORECASE,
)
"""Classes of elements whose short lines are read: names of people quoted, captions, questions that unfold."""


def extracted(every: Sequence[LocatedBlock], found: Any) -> list[bool]:
    """Return for each block of a page whether its text is in the tree that trafilatura extracted."""
    known = letters_of("".join(found.itertext()))
    parts = {letters_of("".join(part.itertext())) for part in found.iter()}
    spelt = [letters_of(one.block.text) for one in every]
    alone = [bool(one) and (one in parts or (len(one) >= ALONE and one in known)) for one in spelt]
    joined = _joined_with_next(spelt, alone, known)
    return [bool(letters) and any(ways) for letters, *ways in zip(spelt, alone, [False, *joined], joined, strict=False)]


def _joined_with_next(spelt: Sequence[str], alone: Sequence[bool], known: str) -> list[bool]:
    """Return for each block whether it was extracted together with the next one: `Q.` and `What is it?`."""
    return [
        not (is_one and is_next) and len(one + after) >= ALONE and one + after in known
        for (one, after), (is_one, is_next) in zip(pairwise([*spelt, ""]), pairwise([*alone, False]), strict=True)
    ]


def inside(every: Sequence[LocatedBlock], box: Any) -> list[bool]:
    """Return for each block of a page whether it is inside an element."""
    return [box in around(one) for one in every]


@dataclass(frozen=True)
class _Layout:
    """Where the article is on a page; `head`, `first`: indexes of the title (-1 without one) and of the first text."""

    root: Any
    is_inside: Sequence[bool]
    is_extracted: Sequence[bool]
    head: int
    first: int


def select(every: Sequence[LocatedBlock], is_extracted: Sequence[bool], title: str) -> list[LocatedBlock]:
    """Return the blocks of the article among `every` block of its page, of which some were extracted."""
    layout = _layout(every, is_extracted, title)
    if layout is None:
        return []
    kept = [one for index, one in enumerate(every) if _is_kept(index, one, layout)]
    kept = list(_without_related(every, kept))
    return _without_empty_headings(every, kept)


def _layout(every: Sequence[LocatedBlock], is_extracted: Sequence[bool], title: str) -> _Layout | None:
    """Return where the article is on a page; None if nothing was extracted."""
    core = article_root(every, is_extracted)
    if core is None:
        return None
    root = thread_around(core, every)
    roots = {root, *afterwords(root)}
    is_inside = [not roots.isdisjoint(around(one)) for one in every]
    head = _title_index(every, is_extracted, title)
    marks = zip(every, is_inside, is_extracted, strict=True)
    text = [index for index, (one, is_in, is_out) in enumerate(marks) if is_in and is_out and is_running(one)]
    first = next((index for index in text if index > head), text[0])
    return _Layout(root, is_inside, is_extracted, head, first)


def _is_kept(index: int, one: LocatedBlock, layout: _Layout) -> bool:
    """Return True for a block of the article, by its position on the page."""
    is_inside, is_extracted = layout.is_inside[index], layout.is_extracted[index]
    if index < layout.head:
        return is_extracted and is_inside and _is_sentence(one, 80)
    if is_inside and layout.first < index <= layout.first + NEAR and byline(one.block.text):
        return True
    if is_extracted and (is_inside or index < layout.first):
        return not _is_navigation(one)
    if is_inside and _is_in_body(index, one, layout):
        return _is_text(one, layout.root)
    return 0 <= layout.head <= index <= layout.first and _is_lead(one, layout.root)


def _is_in_body(index: int, one: LocatedBlock, layout: _Layout) -> bool:
    """Return True for what comes after the first text, and for headings after the title."""
    return index > layout.first or (one.block.kind == "heading" and index > layout.head)


def _is_navigation(one: LocatedBlock) -> bool:
    """Return True for a paragraph or image that is a link and not a sentence."""
    return one.block.kind in {"paragraph", "image"} and _is_link(one) and not _is_sentence(one, 0)


def without_repeats(blocks: Sequence[Block], title: str) -> list[Block]:
    """Return the blocks without those that repeat a caption or the title, as galleries do.

    Other text may be repeated: there are refrains.
    """
    called = letters_of(title)
    texts, names, kept = {called}, [called], []
    for block in blocks:
        text = letters_of(block.text)
        if block.kind in {"image", "paragraph", "item"} and _is_repeat(block, text, names, texts):
            continue
        texts.add(text)
        if block.kind == "image":
            names.append(text)
        kept.append(block)
    return kept


def _is_repeat(block: Block, text: str, names: Sequence[str], texts: set[str]) -> bool:
    """Return True for a block that repeats a caption or the title, and for an image named by an earlier block."""
    if len(text) < ALONE:
        return False
    is_named = any(_repeats_caption(text, name) for name in names if len(name) >= ALONE)
    return is_named or (block.kind == "image" and text in texts)


def _repeats_caption(text: str, name: str) -> bool:
    """Return True for an image caption repeated, followed only by its credit."""
    rest = text.removeprefix(name)
    return text.startswith(name) and (len(rest) < CREDIT or rest.startswith(("copyright", "credit", "crédit")))


def _without_empty_headings(every: Sequence[LocatedBlock], kept: Sequence[LocatedBlock]) -> list[LocatedBlock]:
    """Return the blocks without headings whose text was left out."""
    places = {id(one): index for index, one in enumerate(every)}
    empty = {
        id(one)
        for one, after in pairwise(kept)
        if _is_followed_by_heading(one.block, after.block) and places[id(after)] > places[id(one)] + 1
    }
    return [one for one in kept if id(one) not in empty]


def _is_followed_by_heading(block: Block, after: Block) -> bool:
    """Return True for a heading followed by another of its level or above."""
    return block.kind == after.kind == "heading" and block.level >= after.level


def _title_index(every: Sequence[LocatedBlock], is_extracted: Sequence[bool], title: str) -> int:
    """Return the index of the block before the text that is most like the title; -1 if there is none."""
    wanted, read, best = letters_of(title), 0, (0, -1)
    sizes = [len(one.block.text) * is_one for one, is_one in zip(every, is_extracted, strict=True)]
    limit = TITLE_WITHIN * sum(sizes)
    for index, (one, size) in enumerate(zip(every, sizes, strict=True)):
        if read > limit:
            break
        if (likeness := _likeness(one, wanted)) > (SAME - 1 if read else 0):
            best = max(best, (likeness, index))
        read += size
    return best[1]


def _likeness(one: LocatedBlock, title: str) -> int:
    """Return how much a block looks like the title, given as letters: 0 (not at all) to SAME or more (the same)."""
    letters, is_heading = letters_of(one.block.text), one.block.kind == "heading"
    if title and letters == title:
        return SAME + is_heading
    if is_heading and min(len(letters), len(title)) >= ALONE and (letters in title or title in letters):
        return 2
    return 1 if is_heading and one.block.level == 1 else 0


def _is_sentence(one: LocatedBlock, least: int) -> bool:
    """Return True for a block of at least so many characters that ends like a sentence."""
    return len(one.block.text) >= least and bool(SENTENCE.search(one.block.text))


def _is_text(one: LocatedBlock, root: Any) -> bool:
    """Return True for a block inside the article that was not extracted and is no boilerplate."""
    if _is_link(one):
        return False
    by_element = _by_enclosing_element(one, root)
    return _is_text_by_itself(one) if by_element is None else by_element


def _by_enclosing_element(one: LocatedBlock, root: Any) -> bool | None:
    """Return whether an element around a block within the article makes it text, or None if none decides that."""
    for outer in around(one):
        if outer is root:
            break
        if outer.tag in BESIDE:
            return bool(NOTE.search(outer.get("class") or ""))
        if WITH_LABELS.search(outer.get("class") or ""):
            return True
    return None


def _is_text_by_itself(one: LocatedBlock) -> bool:
    """Return False for a label, and for an image with a name of a word or three."""
    text = one.block.text
    if one.block.kind == "image":
        return len(text.split()) > 3 or any(outer.tag == "figure" for outer in around(one))
    if one.block.kind == "paragraph":
        is_written = one.holder.tag in WRITTEN or BREAK.fullmatch(text) is not None
        return is_written or _is_sentence(one, 0) or len(text) >= LONG
    return True


def _is_lead(one: LocatedBlock, root: Any) -> bool:
    """Return True for what belongs to the article between its title and its text: standfirst, caption, byline."""
    if LEAD.search(one.holder.get("class") or ""):
        return True
    is_text = one.block.kind in LEAD_KINDS and _is_text(one, root)
    is_long = one.block.kind == "image" or _is_sentence(one, LONG // 2) or len(one.block.text) >= LONG
    return (is_text and is_long) or byline(one.block.text, bare=True) is not None


def _without_related(every: Sequence[LocatedBlock], kept: Sequence[LocatedBlock]) -> Iterator[LocatedBlock]:
    """Yield the blocks without links to other articles, and at the end of a text without their teasers.

    Links are left out after a line such as `Read also`; teasers below a heading such as `Related articles`.
    """
    places = {id(one): index for index, one in enumerate(every)}
    rest = sum(map(size_of, kept))
    end, is_leading, level = END * rest, False, 0
    for one in kept:
        following = every[places[id(one)] : places[id(one)] + NEAR]
        level = _teaser_level(one, level, following, is_end=rest < end)
        is_leading = is_notice(one.block.text) or (is_leading and _is_link(one))
        rest -= size_of(one)
        is_teaser = bool(level) and one.block.kind != "break"
        if not is_teaser and not (is_leading and _is_link(one)):
            yield one


def _teaser_level(one: LocatedBlock, level: int, following: Sequence[LocatedBlock], *, is_end: bool) -> int:
    """Return the level of the heading whose teasers a block belongs to, given that of the block before; 0 for none."""
    if is_end and MORE.match(one.block.text) and any(map(_is_link, following)):
        return one.block.level or DEEPEST_LEVEL
    is_next_part = one.block.kind == "heading" and one.block.level <= level and not _is_link(one)
    return 0 if is_next_part else level


def _is_link(one: LocatedBlock) -> bool:
    return one.linked > LINKED * len(one.block.text) and bool(one.block.text)
