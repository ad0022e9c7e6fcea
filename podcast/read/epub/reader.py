# SPDX-License-Identifier: GPL-3.0-or-later
"""Read EPUB 2 and 3: one Article a chapter, or one with all chapters.

    opf           the archive: documents, metadata, table of contents
    chapters      split the documents into chapters
    front_matter  leave out covers, title pages, indexes and the like, with a remark
    headings      find chapters in books without a table of contents

Footnotes are read at the end of their chapter, without their markers. Archives that would unpack to far too much data
are refused.
"""

import io
import re
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

from podcast.errors import ReadError
from podcast.model import Article, Block, Link
from podcast.read.article import with_breaks
from podcast.read.detect_language import footnotes_heading, language_of
from podcast.read.epub.chapters import group_chapters, split_chapters
from podcast.read.epub.front_matter import EpubChapter, remove_front_matter
from podcast.read.epub.headings import PART
from podcast.read.epub.opf import AGAIN, EpubPackage
from podcast.read.normalize import unique
from podcast.read.source import Source

DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, ValueError)
"""Exceptions of zipfile for damaged archives."""

LOWERCASE_FIRST = re.compile(
    r"(?i)(?:chapitre|chapter|cap[íi]tulo|capitolo|partie|part|pr[ée]face|postface|prologue|[ée]pilogue|foreword|pr[óo]logo|"
    r"un|deux|trois|quatre|cinq|six|sept|huit|neuf|dix|one|two|three|four|five|seven|eight|nine|ten)\b"
)
"""Titles whose first word is not a name, and is written small after a comma."""
GENERIC = re.compile(
    r"(?:(?:chapitre|chapter|capítulo|capitolo|kapitel|partie|part|teil)\s*)?(?:[\divxlc]+|[\w-]{1,9})\W*",
    re.IGNORECASE,
)
"""A chapter title that is meaningless without the book's: `Chapter 2`, `IV`."""


def read(source: Source) -> Sequence[Article]:
    """Return the book's chapters as articles, or one article if the whole book is wanted.

    Raises ReadError if it is damaged, protected, or has no text to narrate.
    """
    links: list[Link] = []
    book, chapters = _load(source, links)
    if not chapters:
        raise ReadError("no text to narrate", file=source.name, hint="check the file: does it contain only images?")
    sample = " ".join(block.text for chapter in chapters for block in chapter.blocks[:50])
    language, remark = language_of(sample, book.language, given=source.language)
    common = Article(
        source.title or book.title, (), language, author=book.author, links=unique(links),
        book=True, remarks=tuple(filter(None, (remark, *book.remarks))),
    )  # fmt: skip
    chapters = [_with_notes(chapter, language) for chapter in chapters]
    if source.whole:
        return (replace(common, blocks=tuple(with_breaks(tuple(_joined(chapters)))), links=unique(links)),)
    first, *rest = _episodes(common, chapters)
    return (first, *(replace(article, remarks=()) for article in rest))


def _load(source: Source, links: list[Link]) -> tuple[EpubPackage, list[EpubChapter]]:
    """Return the book and its chapters; `links` receives the links in them."""
    try:
        with zipfile.ZipFile(io.BytesIO(source.data)) as archive:
            book = EpubPackage(archive, source)
            chapters = list(split_chapters(book, links))
            return book, group_chapters(remove_front_matter(book.title, chapters, book.remarks))
    except DAMAGE as error:
        raise ReadError(f"damaged EPUB: {error}", file=source.name, hint=AGAIN) from error
    except RuntimeError as error:  # zipfile: a password is needed
        raise ReadError(f"cannot be opened: {error}", file=source.name, hint="use a copy without a password") from error


def _with_notes(chapter: EpubChapter, language: str) -> EpubChapter:
    """Return a chapter with its footnotes at the end, as a list under a heading."""
    if not chapter.notes:
        return chapter
    heading = Block("heading", footnotes_heading(language), 2)
    items = [Block("item", note, number) for number, note in enumerate(chapter.notes, start=1)]
    return replace(chapter, blocks=(*chapter.blocks, heading, *items))


def _joined(chapters: Sequence[EpubChapter]) -> Iterator[Block]:
    """Yield the blocks of a whole book; headings inside a chapter are below its title."""
    for chapter in chapters:
        yield from chapter.under
        if chapter.title:
            yield Block("heading", chapter.title, 2)
        for block in chapter.blocks:
            yield replace(block, level=min(6, max(3, block.level + 1))) if block.kind == "heading" else block


# --- titles of episodes -----------------------------------------------------------------------------------------


def _episodes(common: Article, chapters: Sequence[EpubChapter]) -> Iterator[Article]:
    """Yield each chapter as an article."""
    for title, chapter in zip(_titles(common.title, chapters), chapters, strict=True):
        blocks = tuple(with_breaks((*chapter.under, *chapter.blocks)))
        yield replace(common, title=title, blocks=blocks, part=chapter.part)


def _titles(book: str, chapters: Sequence[EpubChapter]) -> Iterator[str]:
    """Yield the titles of the episodes: `Book, part two, chapter 1` if each part has a `Chapter 1`."""
    counts = Counter(chapter.title for chapter in chapters)
    restarts = any(count > 1 and GENERIC.fullmatch(title) for title, count in counts.items())
    part = ""
    for chapter in chapters:
        part = _part_of(chapter, part)
        title = chapter.title
        generic = bool(title and GENERIC.fullmatch(title))
        ambiguous = counts[title] > 1 or (generic and restarts)
        above = part if ambiguous and part != title else ""
        yield _title(book, above, title, generic=generic)


def _part_of(chapter: EpubChapter, before: str) -> str:
    """Return the title of the part that a chapter is in: named right above it, or that of the chapter before."""
    headings = [block.text for block in chapter.under if block.kind == "heading"]
    return next((text for text in reversed([*headings, chapter.title]) if PART.fullmatch(text)), before)


def _title(book: str, part: str, title: str, *, generic: bool) -> str:
    """Join what an episode's title needs; a title that is not `generic` does not need the book's."""
    words = (book, _after_comma(part), _after_comma(title)) if generic else (part, title or book)
    return ", ".join(filter(None, words))


def _after_comma(title: str) -> str:
    """Return a title as written after a comma: `CHAPTER II` -> `chapter II`; a possible name keeps its capital."""
    if PART.fullmatch(title) and title.isupper():
        return title.lower()
    first, space, rest = title.partition(" ")
    if PART.fullmatch(title) or LOWERCASE_FIRST.match(title):
        return (first.lower() if first.isupper() else first[:1].lower() + first[1:]) + space + rest
    return title.capitalize() if title.isupper() and not re.fullmatch(r"[\dIVXLC]+\W*", title) else title
