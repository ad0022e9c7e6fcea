# SPDX-License-Identifier: GPL-3.0-or-later
"""Split the documents of an EPUB into chapters.

load_contents   where chapters begin, according to the table of contents
split_chapters  parse the documents one by one, skip or split them
group_chapters  join sections, part titles and dedications with their chapter, one an episode
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from typing import Any

from podcast.model import Block, Link
from podcast.read.boilerplate import is_notice
from podcast.read.chapter_headings import CHAPTER
from podcast.read.dom.blocks import blocks as blocks_of
from podcast.read.dom.footnotes import drop_table_of_contents, take_footnotes
from podcast.read.dom.math import replace_formulas
from podcast.read.dom.strip import tidy
from podcast.read.epub.front_matter import (
    LEFT_OUT_TITLES,
    TITLE_PAGE,
    EpubChapter,
    has_text,
    may_be_chapter,
    repeats,
    skipped_remark,
    text_length,
)
from podcast.read.epub.headings import PART, divided, headed
from podcast.read.epub.opf import LEFT_OUT, EpubPackage
from podcast.read.normalize import fold, letters_of

EPUB_TYPE = "{http://www.idpf.org/2007/ops}type"

DEDICATION = re.compile(r"(?i)(?:d[ée]dicace|exergue|[ée]pigraphe?|dedication|motto|widmung|dedicatoria|dedica)\W*")
"""Titles of the few words before a first chapter that are not an episode of their own."""
OWN_WORDS = 300
"""Characters before the first section that make a chapter an episode; with fewer, its sections are the chapters."""
FEW = 3
"""Documents of a book that is one file, perhaps with a cover and a title page."""
LONG = 60_000
"""Characters, an hour of speech; a longer document has several chapters, whatever the table of contents."""


# --- where chapters begin ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Contents:
    """The table of contents."""

    starts: Mapping[str, tuple[str, int]]
    """Location (`text/ch1.xhtml` or `text/ch1.xhtml#s2`) where a chapter begins -> its title and level."""
    documents: AbstractSet[str]
    """Documents in which a chapter begins."""
    exists: bool
    """False if the book has none, or none that can be read."""


def load_contents(book: EpubPackage) -> Contents:
    """Return where chapters begin by the book's table of contents."""
    entries = book.contents()
    starts = dict(_starts(entries))
    return Contents(starts, {place.partition("#")[0] for place in starts}, bool(entries))


def _starts(entries: Iterable[tuple[str, str, int]]) -> Iterator[tuple[str, tuple[str, int]]]:
    """Yield where chapters begin; within a document, only entries of the top level or in a part count."""
    above: dict[int, str] = {}
    for place, title, depth in entries:
        above[depth] = title
        if "#" not in place or depth == 1 or CHAPTER.fullmatch(title) or PART.fullmatch(above.get(depth - 1, "")):
            yield place, (title, depth)


# --- documents --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class SpineDocument:
    """A parsed document of the book's reading order."""

    name: str
    title: str
    """By the table of contents; its heading, if no chapter of the table begins in it; or empty."""
    heading: str
    blocks: Sequence[Block]
    anchors: Mapping[str, int]
    """`id` of an element -> index of its block."""
    links: Sequence[Link]
    notes: Sequence[str]
    unread: bool
    """True if the book declares it to be a cover, an index or the like."""
    more_follows: bool
    """True if a later document is in the table of contents."""


def _documents(book: EpubPackage, names: Sequence[str], contents: Contents) -> Iterator[SpineDocument]:
    """Parse the documents of the reading order that have content."""
    last = max((i for i, name in enumerate(names) if name in contents.documents - book.left_out), default=-1)
    for number, name in enumerate(names):
        tree = book.html(name) if name else None
        if tree is not None:
            yield _parsed(book, name, tree, contents, more_follows=number < last)


def _parsed(book: EpubPackage, name: str, tree: Any, contents: Contents, *, more_follows: bool) -> SpineDocument:
    """Return a document as blocks; its tree is changed."""
    heading = _heading(tree)
    title = contents.starts.get(name, ("", 0))[0] or (heading if name not in contents.documents else "")
    unread = name in book.left_out or bool(_declared_types(tree) & LEFT_OUT)
    anchors: dict[str, int] = {}
    links: list[Link] = []
    replace_formulas(tree)
    tidy(tree)
    drop_table_of_contents(tree)
    notes = take_footnotes(tree)
    blocks = headed(blocks_of(tree, links, anchors=anchors))
    return SpineDocument(name, title, heading, blocks, anchors, links, notes, unread, more_follows)


def _document_name(book: EpubPackage, idref: str) -> str:
    """Return the file name of a spine entry; empty for the table of contents, or if the file is not declared."""
    item = book.items.get(idref)
    if item is None or "nav" in str(item.get("properties") or "").split():
        return ""
    return book.path(str(item.get("href"))).partition("#")[0]


def _declared_types(tree: Any) -> set[str]:
    """Return the `epub:type`s of a document: of its root, its body, and the one section that holds all of it."""
    body = tree.find("body")
    outer = [tree]
    if body is not None:
        outer += [body, *(list(body) if len(body) == 1 else [])]
    return {kind for e in outer for kind in str(e.get("epub:type") or e.get(EPUB_TYPE) or "").lower().split()}


def _heading(tree: Any) -> str:
    return next((fold("".join(e.itertext())) for e in tree.iter("h1", "h2", "title") if e.text), "")


# --- documents -> chapters --------------------------------------------------------------------------------------

Cuts = dict[int, tuple[str, int, str]]
"""Index of a block at which a chapter begins -> its title, level and location."""


@dataclass(slots=True)
class _Draft:
    """The chapter that is being collected."""

    title: str = ""
    depth: int = 1
    part: str = ""
    blocks: list[Block] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    ended: int = 0


def split_chapters(book: EpubPackage, links: list[Link]) -> Iterator[EpubChapter]:
    """Yield the chapters of a book, split at the entries of the table of contents.

    `links` receives the links of the narrated documents, `book.remarks` what is left out.
    """
    contents = load_contents(book)
    names = [_document_name(book, idref) for idref in book.spine]
    single = len(contents.starts) < 2 and sum(map(bool, names)) <= FEW
    draft = _Draft()
    for document in _documents(book, names, contents):
        if _is_unread(document, contents):
            book.remarks.append(skipped_remark(document.name, document.title or document.heading))
            draft.ended = contents.starts.get(document.name, ("", 0))[1] or draft.ended
            continue
        links += document.links
        if not draft.part and _is_before_first_chapter(document, contents):
            book.remarks += _front_matter_remark(document.blocks)
            continue
        blocks, cuts = _cut(document, contents, draft, single=single)
        for index, block in enumerate(blocks):
            if index in cuts:
                yield _finished(draft)
                draft = _Draft(*cuts[index])
            draft.blocks.append(block)
        draft.notes += document.notes
    yield _finished(draft)


def _is_unread(document: SpineDocument, contents: Contents) -> bool:
    """Return True for an index, a table of contents and the like, by declaration or by title."""
    if document.unread or not LEFT_OUT_TITLES.fullmatch(document.title):
        return document.unread
    may_begin = document.name in contents.starts or not contents.exists
    return not (may_begin and may_be_chapter(document.title, document.blocks))


def _is_before_first_chapter(document: SpineDocument, contents: Contents) -> bool:
    """Return True for a short document that the table of contents does not name, though it names a later one."""
    listed = document.name in contents.documents
    return not listed and document.more_follows and text_length(document.blocks) < TITLE_PAGE


def _front_matter_remark(blocks: Sequence[Block]) -> list[str]:
    words = " ".join(block.text for block in blocks).strip()[:80]
    return [f"left out (before the first chapter): “{words}”"] if words else []


def _cut(document: SpineDocument, contents: Contents, draft: _Draft, *, single: bool) -> tuple[Sequence[Block], Cuts]:
    """Return the blocks of a document and where chapters begin in it; of a `single` document, by its headings."""
    name, blocks = document.name, document.blocks
    places = {i: f"{name}#{anchor}" for anchor, i in document.anchors.items() if f"{name}#{anchor}" in contents.starts}
    cuts: Cuts = {i: (*contents.starts[place], place) for i, place in places.items()}
    if _begins_chapter(document, contents, draft):
        title, depth, _ = cuts.get(0, ("", 1, ""))
        cuts[0] = (*contents.starts.get(name, (title, depth)), name)
    if single and (name not in contents.starts or text_length(blocks) > LONG):
        blocks, heads = divided(blocks)
        cuts |= {i: (title, depth, f"{name}#{i}" if i else name) for i, (title, depth) in heads.items()}
    return blocks, cuts


def _begins_chapter(document: SpineDocument, contents: Contents, draft: _Draft) -> bool:
    """Return True if a chapter begins with the document, rather than inside it or not at all."""
    if document.name in contents.starts:
        return True
    first = document.blocks[0] if document.blocks else None
    if not contents.exists:
        continues = first and first.kind == "paragraph" and first.text[:1].islower() and draft.blocks
        if not continues:
            return True
    # a table of contents with only one document, such as the cover, does not know of the others
    incomplete = len(contents.documents) < 2 and first is not None and first.kind == "heading"
    return document.name not in contents.documents and (incomplete or not draft.part)


def _finished(draft: _Draft) -> EpubChapter:
    """Return a chapter without notices, and without blocks at its beginning that only repeat its title."""
    blocks = [b for b in draft.blocks if not is_notice(b.text) or b.kind in {"table", "image", "code", "break"}]
    heads = next((i for i, block in enumerate(blocks) if block.kind != "heading"), len(blocks))
    counts = range(min(len(blocks), max(heads, 3)), 0, -1)
    count = next((count for count in counts if _is_title(blocks[:count], draft.title)), 0)
    title = draft.title or ". ".join(block.text.rstrip(" .") for block in blocks[:count])
    return EpubChapter(
        title, draft.part, tuple(blocks[count:]), draft.depth, notes=tuple(draft.notes), ended=draft.ended
    )


def _is_title(blocks: Sequence[Block], title: str) -> bool:
    """Return True if headings repeat the title, or there is none yet; paragraphs must be exactly the title."""
    words = "".join(block.text for block in blocks)
    if all(block.kind == "heading" for block in blocks):
        return not title or repeats(words, title)
    return bool(title) and letters_of(words) == letters_of(title)


# --- chapters -> episodes ---------------------------------------------------------------------------------------


def group_chapters(chapters: Iterable[EpubChapter]) -> list[EpubChapter]:
    """Return the chapters that are worth an episode.

    The sections of a chapter stay in it, even if they are documents of their own. What has no text of its own, such as
    the title of a part, and a dedication go to the chapter that follows.
    """
    grouped: list[EpubChapter] = []
    pending: list[Block] = []
    own = 0  # characters of the last chapter before its first section
    for chapter in chapters:
        if not has_text(chapter.blocks):
            pending += _title_block(chapter, 2)
        elif _is_dedication(chapter):
            pending += [*_title_block(chapter, 2), *chapter.blocks]
        elif grouped and not pending and own >= OWN_WORDS and _is_section(chapter, grouped[-1]):
            grouped[-1] = _with_section(grouped[-1], chapter)
        else:
            own = text_length([block for block in chapter.blocks if block.kind != "heading"])
            grouped.append(replace(chapter, under=tuple(pending)))
            pending = []
    return _with_rest(grouped, pending)


def _title_block(chapter: EpubChapter, level: int) -> list[Block]:
    return [Block("heading", chapter.title, level)] if chapter.title else []


def _is_dedication(chapter: EpubChapter) -> bool:
    """Return True for a short text called a dedication or the like, or before all that the contents name."""
    short = text_length(chapter.blocks) < TITLE_PAGE
    return short and (not chapter.part or bool(DEDICATION.fullmatch(chapter.title)))


def _is_section(chapter: EpubChapter, before: EpubChapter) -> bool:
    """Return True for a section of the chapter before it, rather than a chapter of a part."""
    deeper = chapter.depth > before.depth and not 0 < before.ended <= before.depth
    return deeper and not PART.fullmatch(before.title) and not CHAPTER.fullmatch(chapter.title)


def _with_section(chapter: EpubChapter, section: EpubChapter) -> EpubChapter:
    """Return a chapter with a section added, under a heading of the section's level."""
    head = _title_block(section, min(6, section.depth + 1))
    return replace(
        chapter,
        blocks=(*chapter.blocks, *head, *section.blocks),
        notes=(*chapter.notes, *section.notes),
        ended=section.ended,
    )


def _with_rest(grouped: list[EpubChapter], pending: Sequence[Block]) -> list[EpubChapter]:
    """Return the chapters with text that no chapter follows: it belongs to the last one, or is the only one."""
    if not has_text(pending):
        return grouped
    if not grouped:
        return [EpubChapter("", "", tuple(pending))]
    *before, last = grouped
    return [*before, replace(last, blocks=(*last.blocks, *pending))]
