# SPDX-License-Identifier: GPL-3.0-or-later
"""Which blocks of a page are its article, given the words that the article finder came home with.

The finder knows where the article is, but drops what does not look like text to it: words beside line breaks, names
of those who are quoted, captions, questions that fold. So its words say which part of the page is the article, and
of what else stands there, everything stays that is not made of links.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

from podcast.model import Block
from podcast.read.byline import byline
from podcast.read.finish import BREAK
from podcast.read.markup import Traced
from podcast.read.notices import MORE, is_notice

CORE = 0.9
"""Of the words that were found: the innermost element with so many is the article."""
INNER = 0.7
"""The same, if what lies around it and was found is less than what was not: lists of other articles, a footer."""
SEVERAL = 3
"""Paragraphs and the like; a box of fewer is not the article for what it is among."""
INNERMOST = frozenset(("p", "ul", "ol", "dl", "table", "blockquote"))
PART = 150
"""Letters of another part of a thread; summaries of further articles are shorter."""
SHARE = 0.3
"""Of the letters of an article: with more in other parts, the article is a thread."""
BEFORE = 0.2
"""Of what was found: the title stands before more than that of the text has been read."""
SAME = 3
"""How much a block looks like the title at least that is the same; others count before the text only."""
ALONE = 20
"""Letters; a shorter block counts as found only if it was found as one, or with the one beside it."""
CREDITS = 60
"""Letters that may stand after what a picture is called, where that is said again: who took it."""
NEAR = 4
"""Blocks after the first of a text, such as what it is about, among which its author and day may be named."""
LINKED = 0.7
"""Of the characters of a block: with more in links, it leads elsewhere."""
SENTENCE = re.compile(r"[.!?…:;。！？।؟۔][»”\"’')\]\s]*$")
LONG = 60
"""Letters of what is text without a mark at its end."""
LEAD = re.compile(
    r"(?:^|[\s_-])(?:sub-?title|dek|standfirst|chapo|lead|excerpt|soustitre|sub-?head(?:line|ing)?|intro|abstract"
    r"|vorspann|bajada|entradilla)(?:$|[\s_-])",
    re.IGNORECASE,
)
"""Classes of what stands between a title and its text, and belongs to them."""
END = 0.3
"""Of a text: what leads on to others in the rest of it leads to its end."""
DEEP = 6
"""The level of a heading that is deeper than none."""
KINDS = frozenset(("paragraph", "quote", "heading", "image", "item"))
WRITTEN = frozenset(("p", "blockquote", "dt", "dd", "summary", "figcaption"))
"""Elements in which people write; of short words elsewhere, most are a label's."""
RUNNING = frozenset(("paragraph", "quote", "item"))
BESIDE = frozenset(("aside", "footer"))
NOTE = re.compile(
    r"\b(?:note|tip|hint|caution|danger|warning|callout|admonition|infobox|encadr\w*|factbox|quote|black-?box|footnotes?)\b",
    re.IGNORECASE,
)
"""Classes of an aside that is for reading."""
TOLD = re.compile(
    r"quote|testimonial|t[ée]moignage|citation|verbatim|caption|expand|accordion|toggle|spoiler|l[ée]gende?\b",
    re.IGNORECASE,
)
"""Classes of boxes whose short lines are to be read: who is quoted, what a picture shows."""
AFTER = re.compile(
    r"(?:^|\s)(?:ps|post-?scriptum|(?:(?:foot|end)-?)?notes?|addendum|errat(?:um|a)|black-?box|(?:ftn|edn)\d+)(?:$|\s)",
    re.IGNORECASE,
)
"""Classes and ids of what stands after the box of a text and belongs to it."""


def told(every: Sequence[Traced], found: Any) -> list[bool]:
    """Return for each block of a page whether its words are in the tree of the article finder."""
    known = _letters("".join(found.itertext()))
    parts = {_letters("".join(part.itertext())) for part in found.iter()}
    spelt = [_letters(one.block.text) for one in every]
    alone = [bool(one) and (one in parts or (len(one) >= ALONE and one in known)) for one in spelt]
    beside = [
        not (is_one and is_after) and len(one + after) >= ALONE and one + after in known
        for (one, after), (is_one, is_after) in zip(pairwise([*spelt, ""]), pairwise([*alone, False]), strict=True)
    ]
    return [
        bool(one) and (is_one or before or after)
        for one, is_one, before, after in zip(spelt, alone, [False, *beside], beside, strict=False)
    ]


def within(every: Sequence[Traced], box: Any) -> list[bool]:
    """Return for each block of a page whether it stands in an element."""
    return [box in _around(one) for one in every]


def chosen(every: Sequence[Traced], is_found: Sequence[bool], title: str) -> list[Traced]:
    """Return the blocks of the article among `every` block of its page, of which some are found."""
    core = _core(every, is_found)
    if core is None:
        return []
    core = _with_others(core, every)
    parts = {core, *_after(core)}
    inside = [not parts.isdisjoint(_around(one)) for one in every]
    head = _head(every, is_found, title)
    text = [i for i, one in enumerate(every) if inside[i] and is_found[i] and _runs(one)]
    first = next((index for index in text if index > head), text[0])
    kept: list[Traced] = []
    for index, one in enumerate(every):
        if index < head:
            is_kept = is_found[index] and inside[index] and _says(one, 80)
        elif inside[index] and first < index <= first + NEAR and byline(one.block.text):
            is_kept = True
        elif is_found[index] and (inside[index] or index < first):
            is_kept = one.block.kind not in {"paragraph", "image"} or not _is_link(one) or _says(one, 0)
        elif inside[index] and (index > first or (one.block.kind == "heading" and index > head)):
            is_kept = _is_text(one, core)
        else:
            is_kept = head <= index <= first and head >= 0 and _leads(one, core)
        if is_kept:
            kept.append(one)
    return _filled(every, list(_unled(every, kept)))


def once(blocks: Sequence[Block], title: str) -> list[Block]:
    """Return the blocks without those that say again what a picture is called, or the title: galleries do.

    Other words may come as often as they like: there are refrains.
    """
    called = _letters(title)
    said, names, kept = {called}, [called], []
    for block in blocks:
        text = _letters(block.text)
        is_again = len(text) >= ALONE and (
            any(_again(text, name) for name in names if len(name) >= ALONE) or (block.kind == "image" and text in said)
        )
        if is_again and block.kind in {"image", "paragraph", "item"}:
            continue
        said.add(text)
        if block.kind == "image":
            names.append(text)
        kept.append(block)
    return kept


def _again(text: str, name: str) -> bool:
    """Return True for what a picture is called, with no more after it than who took it."""
    rest = text.removeprefix(name)
    return text.startswith(name) and (len(rest) < CREDITS or rest.startswith(("copyright", "credit", "crédit")))


def _filled(every: Sequence[Traced], kept: Sequence[Traced]) -> list[Traced]:
    """Return the blocks without the headings of what was left out."""
    places = {id(one): index for index, one in enumerate(every)}
    lone = set()
    for one, after in pairwise(kept):
        if one.block.kind == after.block.kind == "heading" and one.block.level >= after.block.level:
            lone |= {id(one)} if places[id(after)] > places[id(one)] + 1 else set()
    return [one for one in kept if id(one) not in lone]


def _head(every: Sequence[Traced], is_found: Sequence[bool], title: str) -> int:
    """Return which block is the title before the text, or says it in other words; -1 if there is none."""
    wanted, before, best = _letters(title), 0, (0, -1)
    whole = sum(len(one.block.text) for one, is_one in zip(every, is_found, strict=True) if is_one)
    for index, one in enumerate(every):
        if before > BEFORE * whole:
            break
        if (likeness := _titles(one, wanted)) > (SAME - 1 if before else 0):
            best = max(best, (likeness, index))
        before += len(one.block.text) if is_found[index] else 0
    return best[1]


def _titles(one: Traced, title: str) -> int:
    """Return how much a block looks like the title, whose letters are given: not at all (0) to in each letter."""
    said, is_heading = _letters(one.block.text), one.block.kind == "heading"
    if title and said == title:
        return SAME + is_heading
    if is_heading and min(len(said), len(title)) >= ALONE and (said in title or title in said):
        return 2
    return 1 if is_heading and one.block.level == 1 else 0


def _core(every: Sequence[Traced], is_found: Sequence[bool]) -> Any:
    """Return the innermost element with almost all of what was found, or None if nothing was."""
    held: dict[Any, int] = defaultdict(int)
    blocks: dict[Any, int] = defaultdict(int)
    other: dict[Any, int] = defaultdict(int)
    for one, is_one in zip(every, is_found, strict=True):
        for outer in _around(one) if is_one and _runs(one) else ():
            held[outer] += len(one.block.text)
            blocks[outer] += 1
        for outer in () if is_one else _around(one):
            other[outer] += len(one.block.text)
    whole = max(held.values(), default=0)
    enough = [
        outer
        for outer, size in held.items()
        if size >= CORE * whole or (size >= INNER * whole and blocks[outer] > SEVERAL and outer.tag not in INNERMOST)
    ]
    core = None
    for outer in sorted(enough, key=lambda outer: -sum(1 for _ in outer.iterancestors())):
        if core is None or held[outer] - held[core] > other[outer] - other[core]:
            core = outer
        if held[outer] >= CORE * whole:
            break
    return core


def _with_others(core: Any, every: Sequence[Traced]) -> Any:
    """Return the element around the article and others of its kind: answers to a question, posts of a thread."""
    kind = core.get("class")
    held: dict[Any, int] = defaultdict(int)
    for one in every if kind else ():
        for outer in _around(one):
            if outer.tag == core.tag and outer.get("class") == kind and _runs(one):
                held[outer] += len(one.block.text) - one.linked
    others = [box for box, size in held.items() if box is not core and size >= PART and box.find(".//h1") is None]
    if not others or sum(held[box] for box in others) < SHARE * held[core]:
        return core
    return next((outer for outer in core.iterancestors() if all(outer in box.iterancestors() for box in others)), core)


def _after(core: Any) -> Iterator[Any]:
    """Give the boxes of notes and the like after that of the text."""
    for outer in (core, *core.iterancestors()):
        for box in [each for after in outer.itersiblings() for each in (after, *after)]:
            if box.tag in {"div", "section", "aside"} and AFTER.search(
                f"{box.get('class') or ''} {box.get('id') or ''}"
            ):
                yield box


def _around(one: Traced) -> tuple[Any, ...]:
    return () if one.holder is None else (one.holder, *one.holder.iterancestors())


def _letters(text: str) -> str:
    return "".join(re.findall(r"[^\W_]+", text.casefold()))


def _runs(one: Traced) -> bool:
    return one.block.kind in RUNNING


def _says(one: Traced, least: int) -> bool:
    return len(one.block.text) >= least and bool(SENTENCE.search(one.block.text))


def _is_text(one: Traced, core: Any) -> bool:
    """Return True for what is no furniture, of what stands in the article and was not found."""
    text, kind = one.block.text, one.block.kind
    if _is_link(one):
        return False
    for outer in _around(one):
        if outer is core:
            break
        if outer.tag in BESIDE:
            return bool(NOTE.search(outer.get("class") or ""))
        if TOLD.search(outer.get("class") or ""):
            return True
    match kind:
        case "image":
            return any(outer.tag == "figure" for outer in _around(one)) or len(text.split()) > 3
        case "paragraph":
            is_one = one.holder.tag in WRITTEN or bool(BREAK.fullmatch(text))
            return is_one or _says(one, 0) or len(text) >= LONG
    return True


def _leads(one: Traced, core: Any) -> bool:
    """Return True for what stands between title and text and belongs to it: what it is about, a picture's caption."""
    text, kind = one.block.text, one.block.kind
    if LEAD.search(one.holder.get("class") or ""):
        return True
    is_text = kind in KINDS and _is_text(one, core)
    is_lead = is_text and (kind == "image" or _says(one, LONG // 2) or len(text) >= LONG)
    return is_lead or bool(byline(text, bare=True))


def _unled(every: Sequence[Traced], kept: Sequence[Traced]) -> Iterator[Traced]:
    """Give the blocks that were kept without what stands after a line that says only that links follow: `Read also`.

    Links do, wherever that is; at the end of a text, summaries of other articles do as well.
    """
    places = {id(one): index for index, one in enumerate(every)}
    left = sum(len(one.block.text) for one in kept)
    end, leading, last = END * left, False, 0
    for one in kept:
        block, place = one.block, places[id(one)]
        if MORE.match(block.text) and left < end and any(map(_is_link, every[place : place + NEAR])):
            last = block.level or DEEP
        elif last and block.kind == "heading" and block.level <= last and not _is_link(one):
            last = 0
        leading = is_notice(block.text) or (leading and _is_link(one))
        left -= len(block.text)
        if not (leading and _is_link(one)) and (not last or block.kind == "break"):
            yield one


def _is_link(one: Traced) -> bool:
    return one.linked > LINKED * len(one.block.text) and bool(one.block.text)
