# SPDX-License-Identifier: GPL-3.0-or-later
"""Remove the back matter of an article: bibliographies and text about the author.

Both are recognised by their headings or by their form: lines with a year each, or the author's name and a verb.
"""

import re
from collections.abc import Sequence

from podcast import languages
from podcast.model import Block
from podcast.read.article import SPOKEN

FILE = "reading.toml"


def _headings(key: str) -> str:
    return "|".join(languages.patterns(FILE, key)) or "(?!)"


REFERENCES = languages.compiled(rf"(?:\d{{1,2}}\.?\s|[IVX]{{1,4}}\.\s)?(?:{_headings('references')})\W*", FILE)
"""Headings of a bibliography, which may be numbered."""
YEAR = re.compile(r"\b(?:1[5-9]|20)\d\d[a-z]?\b")
CITED = re.compile(
    r"\(\d{4}[a-z]?\)|\b(?:pp?|[Vv]ol|[Nn]o|[ÉEée]ds?)\.|\b[Ii]n ?:|\b[Dd]ans ?:|\bn[°o]\s?\d|\b(?:doi|arXiv|ISBN)\b"
    r"|^[^\W\d_][\w’'-]+,? (?:[A-ZÉ]\.|[A-ZÉ][\w-]+,)"
)
"""What a citation has besides its year; a sentence about a book does not."""
IMPRINT = re.compile(
    r"(?=[\W\d]*(?:[^\W\d_a-z][\w.’'-]*[ ]?){1,4}[,.:(&;]|\W{0,3}[«“\"*])"
    r".*\b(?:Press(?:es)?|[ÉE]ditions?|University|Universit[éä]t?|Journal|Revue|Review|Proceedings"
    r"|Paris|London|New York|Cambridge|Berlin)\b"
)
"""The publisher or place of a work, in a line that begins with a name or with a title in quotation marks."""
FEW = 3
"""With fewer references there is no bibliography; with so few paragraphs, the last ones are the article."""
AUTHOR = languages.compiled(rf"(?:{_headings('about_author')})\W*", FILE)
"""Headings of text about the author."""
VERB = languages.compiled(
    rf"(?:,\s.{{2,60}},)?\s(?:{'|'.join(languages.everywhere(FILE, 'author_verbs')) or '(?!)'})\s", FILE, flags=0
)
"""After a name: what this person is or does."""
LAST = 4
"""Blocks at the end of a text that may be about its author."""
LONGEST = 700
"""Characters of text about the author; longer text is a portrait."""
REST = 0.3
"""Share of a text that is its end: there, the author's name as a heading does not begin a chapter."""


def without_ending(blocks: Sequence[Block], author: str) -> tuple[list[Block], list[str]]:
    """Return the blocks without bibliographies and without text about the author, and a remark on each."""
    kept, remarks = _without_sections(blocks, author)
    kept = [block for block in kept if block.kind != "image" or not author or block.text != author]
    if sum(block.kind in SPOKEN for block in kept) > FEW:
        for block in [one for one in kept[-LAST:] if _is_biography(one, author)]:
            kept.remove(block)
            remarks.append(f"left out (about the author): “{block.text[:80]}”")
    return kept, remarks


def _without_sections(blocks: Sequence[Block], author: str) -> tuple[list[Block], list[str]]:
    """Return the blocks without sections that are a bibliography or about the author, and a remark on each."""
    kept, remarks, index, read = [], [], 0, 0
    whole = _size(blocks)
    while index < len(blocks):
        end = _section_end(blocks, index)
        section = blocks[index:end]
        is_last = whole - read < REST * whole and _size(section) < LONGEST
        if remark := _remark(section, author, is_last=is_last):
            remarks.append(f"left out ({remark}): “{blocks[index].text[:80]}”")
            index = end
        else:
            kept.append(blocks[index])
            index += 1
        read += _size(section)
    return kept, remarks


def _size(blocks: Sequence[Block]) -> int:
    return sum(len(block.text) for block in blocks)


def _section_end(blocks: Sequence[Block], start: int) -> int:
    """Return the index after the section that a heading begins; for another block, that of the next block."""
    if blocks[start].kind != "heading":
        return start + 1
    level = blocks[start].level
    rest = range(start + 1, len(blocks))
    end = next((i for i in rest if blocks[i].kind == "heading" and blocks[i].level <= level), len(blocks))
    if REFERENCES.fullmatch(blocks[start].text) and any(map(_is_citation, blocks[start + 1 : end])):
        last = next(i for i in reversed(range(start + 1, end)) if _is_listed(blocks[i]))
        return last + 1  # text may continue after the list
    return end


def _is_listed(block: Block) -> bool:
    return block.kind == "item" or _is_citation(block)


def _is_citation(block: Block) -> bool:
    """Return True for an entry of a bibliography: `Field, A. (2019). On Walls. Paris: Presses du Quai.`."""
    text = block.text
    return bool(YEAR.search(text) and (CITED.search(text) or IMPRINT.match(text)))


def _remark(section: Sequence[Block], author: str, *, is_last: bool) -> str:
    """Return what a section is, if it is to be left out: `12 references`; empty for a section of the article."""
    heading, lines = section[0], [block for block in section[1:] if block.kind in SPOKEN]
    if heading.kind != "heading" or not lines:
        return ""
    if _is_bibliography(heading, lines):
        return f"{len(lines)} references"
    is_named = bool(author) and heading.text == author and len(section) <= LAST
    is_author = bool(AUTHOR.fullmatch(heading.text)) or is_named
    return "about the author" if is_last and is_author else ""


def _is_bibliography(heading: Block, lines: Sequence[Block]) -> bool:
    """Return True for a section of references, by its heading and if more than half of its lines are citations."""
    if not REFERENCES.fullmatch(heading.text) or len(lines) < FEW:
        return False
    return sum(map(_is_citation, lines)) > len(lines) / 2


def _is_biography(block: Block, author: str) -> bool:
    """Return True for a short paragraph about the author: `About the author: …`, `Ann Field lives in Brest`."""
    if block.kind != "paragraph" or len(block.text) >= LONGEST:
        return False
    first, *named = re.split(r":\s", block.text, maxsplit=1)  # not the colon of `Autor:innen`
    if named and AUTHOR.fullmatch(first.strip()):
        return True
    rest = block.text.removeprefix(author)
    return bool(author) and rest != block.text and bool(VERB.match(rest))
