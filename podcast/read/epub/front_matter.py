# SPDX-License-Identifier: GPL-3.0-or-later
"""Recognise the parts of a book that are not narrated: title pages, imprints, notes, indexes, tables of contents."""

import posixpath
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from podcast import languages
from podcast.model import Block
from podcast.read.article import SPOKEN
from podcast.read.normalize import letters_of


def _any_of(key: str) -> str:
    return "|".join(languages.patterns("reading.toml", "book", key))


LEFT_OUT_TITLES = languages.compiled(rf"(?:\d+\W+)?(?:{_any_of('left_out')})\W*", "reading.toml")
"""Titles of sections that are not narrated, for books that do not declare what a document is."""
AMBIGUOUS_TITLES = languages.compiled(rf"(?:\d+\W+)?(?:{_any_of('ambiguous')})\W*", "reading.toml")
"""Titles of such sections that are also used for chapters in the middle of a book."""
RIGHTS = languages.compiled(rf"©|{_any_of('imprint')}", "reading.toml")
"""Phrases of an imprint page."""
TITLE_PAGE = 600
"""Characters; a document with fewer, before the first chapter of the table of contents, is a title page or the like."""
TITLE_LINE = 80
"""Characters; no line of a title page is longer."""
BACK_MATTER = 0.75
"""Share of the chapters after which notes and an index are expected."""
NUMBERED = re.compile(r"\W*\d+\b|.*\d\W*$")
"""A line of endnotes or of an index."""


@dataclass(frozen=True, slots=True)
class EpubChapter:
    """A chapter as found in the book."""

    title: str
    part: str
    """Its document, and the anchor in it where the chapter begins."""
    blocks: tuple[Block, ...]
    depth: int = 1
    """Level in the table of contents, from 1."""
    under: tuple[Block, ...] = ()
    """Text before the chapter that is not a chapter of its own: the title of a part, a dedication."""
    notes: tuple[str, ...] = ()
    ended: int = 0
    """Level of a skipped document that follows, 0 for none: chapters on deeper levels belong to that document."""


def remove_front_matter(title: str, chapters: Sequence[EpubChapter], remarks: list[str]) -> Iterator[EpubChapter]:
    """Yield the chapters that are the text of the book called `title`; add a remark for each that is left out."""
    spoken = [chapter for chapter in chapters if has_text(chapter.blocks)]
    pages = set(map(id, _title_and_imprint_pages(title, spoken)))
    middle = set(map(id, spoken[1 : int(len(spoken) * BACK_MATTER)]))
    for chapter in chapters:
        if id(chapter) in pages or _is_unread_section(chapter, in_middle=id(chapter) in middle):
            remarks.append(skipped_remark(chapter.part, chapter.title))
        elif has_text(chapter.blocks) or not repeats(chapter.title, title):
            yield chapter


def _is_unread_section(chapter: EpubChapter, *, in_middle: bool) -> bool:
    """Return True for a section that its title calls notes, index or the like, unless it is a chapter of that title."""
    if not LEFT_OUT_TITLES.fullmatch(chapter.title):
        return False
    return not (in_middle and may_be_chapter(chapter.title, chapter.blocks))


def _title_and_imprint_pages(title: str, chapters: Sequence[EpubChapter]) -> Iterator[EpubChapter]:
    """Yield the title pages at the beginning of a book, and the imprint pages at its beginning and end."""
    for index, chapter in enumerate(chapters[:-1]):
        if text_length(chapter.blocks) > 2 * TITLE_PAGE:
            break
        if _is_imprint(chapter) or _is_title_page(title, chapter, first=index == 0):
            yield chapter
    for chapter in chapters[:0:-1]:
        if text_length(chapter.blocks) > 2 * TITLE_PAGE:
            break
        if _is_imprint(chapter):
            yield chapter


def _is_imprint(chapter: EpubChapter) -> bool:
    return any(RIGHTS.search(block.text) for block in chapter.blocks)


def _is_title_page(title: str, chapter: EpubChapter, *, first: bool) -> bool:
    """Return True for a few short lines, one of which is the book's title; on the `first` page several may form it."""
    lines = [chapter.title, *(block.text for block in chapter.blocks)]
    if text_length(chapter.blocks) >= TITLE_PAGE or max(map(len, lines)) >= TITLE_LINE:
        return False
    return any(letters_of(line) == letters_of(title) for line in lines) or (
        first and letters_of(title) in letters_of("".join(lines))
    )


def may_be_chapter(title: str, blocks: Sequence[Block]) -> bool:
    """Return True for running text whose title, such as `Notes`, also names a section that is not narrated."""
    lines = [block.text for block in blocks if block.kind != "heading"]
    numbered = sum(1 for block in blocks if block.kind == "item" or NUMBERED.match(block.text))
    is_prose = sum(map(len, lines)) > TITLE_PAGE and numbered < 0.3 * len(lines)
    return is_prose and bool(AMBIGUOUS_TITLES.fullmatch(title))


def skipped_remark(name: str, title: str) -> str:
    """Return the remark on a skipped document: `left out: toc.xhtml (Contents)`."""
    return f"left out: {posixpath.basename(name.partition('#')[0])} ({title})".replace(" ()", "")


def text_length(blocks: Sequence[Block]) -> int:
    """Return the number of characters in some blocks."""
    return sum(len(block.text) for block in blocks)


def has_text(blocks: Sequence[Block]) -> bool:
    """Return True if a block among them is narrated."""
    return any(block.kind in SPOKEN for block in blocks)


def repeats(heading: str, title: str) -> bool:
    """Return True if a heading is the title, or the title after a word such as “Chapter”."""
    more = len(letters_of(heading)) - len(letters_of(title))
    return letters_of(heading).endswith(letters_of(title)) and more <= len("Chapitre")
