# SPDX-License-Identifier: GPL-3.0-or-later
"""What stands at the end of an article and is not for the ear: what it refers to, and who wrote it.

Both are known by their headings, in words, or by what they are: lines with a year each, the author's name and a verb.
"""

import re
from collections.abc import Sequence

from podcast.model import Block
from podcast.read.finish import SPOKEN

REFERENCES = re.compile(
    r"(?i)(?:\d{1,2}\.?\s|[IVX]{1,4}\.\s)?(?:r[ée]f[ée]rences(?:\sbibliographiques)?|(?:indications\s)?bibliograph(?:ie|y)"
    r"|works\scited|literature\scited|literatur(?:verzeichnis)?|quellen(?:verzeichnis)?|sources|bibliograf[íi]a|ouvrages\scit[ée]s)\W*"
)
YEAR = re.compile(r"\b(?:1[5-9]|20)\d\d[a-z]?\b")
CITED = re.compile(
    r"\(\d{4}[a-z]?\)|\b(?:pp?|[Vv]ol|[Nn]o|[ÉEée]ds?)\.|\b[Ii]n ?:|\b[Dd]ans ?:|\bn[°o]\s?\d|\b(?:doi|arXiv|ISBN)\b"
    r"|^[^\W\d_][\w’'-]+,? (?:[A-ZÉ]\.|[A-ZÉ][\w-]+,)"
)
"""What a line that refers to a work has beside its year; sentences on books have not."""
PLACED = re.compile(
    r"(?=[\W\d]*(?:[^\W\d_a-z][\w.’'-]*[ ]?){1,4}[,.:(&;]|\W{0,3}[«“\"*])"
    r".*\b(?:Press(?:es)?|[ÉE]ditions?|University|Universit[éä]t?|Journal|Revue|Review|Proceedings"
    r"|Paris|London|New York|Cambridge|Berlin)\b"
)
"""Where the work was published, in a line that begins with a name or with a title in quotation marks."""
FEW = 3
"""References, or paragraphs; fewer are no list that nobody could listen to, and no text with something after it."""
AUTHOR = re.compile(
    r"(?i)(?:à\spropos\sd(?:e\sl.|es\s)(?:auteur|autrice)\W?\w{0,2}|about\sthe\sauthors?|(?:der|die|über\s(?:den|die))\sautor(?:in|en)?"
    r"|sobre\s(?:el|la|o|a)\sautora?|l.auteure?|l.autrice)\W*"
)
VERB = re.compile(
    r"(?:,\s.{2,60},)?\s(?:is|was|are|has|writes|works|lives|covers|teaches|reports|est|vit|travaille|enseigne|[ée]crit|dirige"
    r"|collabore|a\s(?:publi[ée]|[ée]crit|fond[ée])|ist|schreibt|arbeitet|lebt)\s"
)
"""After a name: what its owner is and does."""
LAST = 4
"""Blocks at the end of a text among which it tells of its author."""
LONGEST = 700
"""Letters that it takes for that; what is longer is a portrait."""
REST = 0.3
"""Of a text: in its end, a heading that names the author begins no chapter."""


def without_ending(blocks: Sequence[Block], author: str) -> tuple[list[Block], list[str]]:
    """Return the blocks without references and without what tells of the author, and a remark on each."""
    kept, remarks, index = [], [], 0
    whole = sum(len(block.text) for block in blocks)
    read = 0
    while index < len(blocks):
        end = _end(blocks, index)
        size = sum(len(block.text) for block in blocks[index:end])
        if remark := _remark(blocks[index:end], author, is_last=whole - read < REST * whole and size < LONGEST):
            remarks.append(f"left out ({remark}): “{blocks[index].text[:80]}”")
            index = end
        else:
            kept.append(blocks[index])
            index += 1
        read += size
    kept = [block for block in kept if block.kind != "image" or not author or block.text != author]
    if sum(block.kind in SPOKEN for block in kept) > FEW:
        for block in kept[-LAST:]:
            if block.kind == "paragraph" and len(block.text) < LONGEST and _tells(block.text, author):
                kept.remove(block)
                remarks.append(f"left out (about the author): “{block.text[:80]}”")
    return kept, remarks


def _end(blocks: Sequence[Block], start: int) -> int:
    """Return where what stands under a heading ends; for another block, what comes after it."""
    if blocks[start].kind != "heading":
        return start + 1
    level = blocks[start].level
    rest = range(start + 1, len(blocks))
    end = next((i for i in rest if blocks[i].kind == "heading" and blocks[i].level <= level), len(blocks))
    if REFERENCES.fullmatch(blocks[start].text) and any(map(_refers, blocks[start + 1 : end])):
        last = next(i for i in reversed(range(start + 1, end)) if blocks[i].kind == "item" or _refers(blocks[i]))
        return last + 1  # what follows the list is text again
    return end


def _refers(block: Block) -> bool:
    """Return True for a line that refers to a work."""
    text = block.text
    return bool(YEAR.search(text) and (CITED.search(text) or PLACED.match(text)))


def _remark(part: Sequence[Block], author: str, *, is_last: bool) -> str:
    """Return what a part under a heading is, if it is to be left out."""
    heading, lines = part[0], [block for block in part[1:] if block.kind in SPOKEN]
    if heading.kind != "heading":
        return ""
    dated = sum(map(_refers, lines))
    if REFERENCES.fullmatch(heading.text) and len(lines) >= FEW and dated > len(lines) / 2:
        return f"{len(lines)} references"
    is_author = AUTHOR.fullmatch(heading.text) or (author and heading.text == author and len(part) <= LAST)
    return "about the author" if is_last and is_author and lines else ""


def _tells(text: str, author: str) -> bool:
    """Return True for a paragraph that tells who its author is."""
    first, *named = re.split(r":\s", text, maxsplit=1)  # not the colon of `Autor:innen`
    if named and AUTHOR.fullmatch(first.strip()):
        return True
    rest = text.removeprefix(author)
    return bool(author) and rest != text and bool(VERB.match(rest))
