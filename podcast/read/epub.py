# SPDX-License-Identifier: GPL-3.0-or-later
"""EPUB 2 and 3 -> an Article a chapter, or one with all chapters.

The package (package.py) orders the documents of the book; its table of contents says where chapters begin, in the
middle of a document if need be. Covers, title pages, tables of contents and the like are left out, and said so. Notes
stand at the end of their chapter, their marks are gone. A book that would swell beyond all measure is refused.
"""

import io
import posixpath
import re
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from podcast.errors import ReadError
from podcast.model import Article, Block, Link
from podcast.read.common import CHAPTER, fold, unique
from podcast.read.finish import NOTES, SPOKEN, paused
from podcast.read.formula import write_out
from podcast.read.heads import PART, divided, headed
from podcast.read.language import language_of
from podcast.read.markup import blocks as blocks_of
from podcast.read.notes import drop_contents, take_notes
from podcast.read.notices import is_notice
from podcast.read.package import AGAIN, LEFT_OUT, Book
from podcast.read.source import Source
from podcast.read.tidy import tidy

OPS = "{http://www.idpf.org/2007/ops}type"

DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, ValueError)
"""What zipfile raises for archives whose bytes make no sense."""

LEFT_OUT_TITLES = re.compile(
    r"(?i)(?:\d+\W+)?(?:(?:ouvrages? |livres? )?d(?:u|e la) même aut(?:eure?|rice)\b.{0,60}|"
    r"(?:other books|also|books) by\b.*|"
    r"dans la même collection|chez le même éditeur|tables?(?: des (?:mati[èe]res|chapitres|illustrations))?|sommaire|"
    r"(?:table of )?contents|list of illustrations|inhalt(?:sverzeichnis)?|[íi]ndice|indice|"
    r"(?:(?:page|notice) de )?copyright(?: (?:page|notice))?|mentions l[ée]gales|impressum|cr[ée]dits?|imprint|"
    r"(?:end|foot)?notes|notes de (?:bas de page|fin)|notas|note|anmerkungen|index|"
    r"(?:half[ -]?|faux-|demi-)?tit(?:le|re)(?:[ -]?page)?|page de titre|titelseite|cover(?: page)?|(?:page de )?"
    r"couverture|achev[ée] d(?:.|e )(?:imprimer|num[ée]riser)|colophon)\W*"
)
"""Titles of what is not read, where the book does not say of what kind it is."""
BEFORE = re.compile(r"(?i)(?:d[ée]dicace|exergue|[ée]pigraphe?|dedication|motto|widmung|dedicatoria|dedica)\W*")
"""Titles of the few words that stand before a first chapter, and are no episode."""
RIGHTS = re.compile(
    r"(?i)©|\bISBN\b|creative commons|copyright (?:\(c\)|\d{4}|page)|copyrighted property|d[ée]p[ôo]t l[ée]gal|"
    r"all rights reserved|tous droits (?:de .{1,60} )?r[ée]serv[ée]s|alle rechte vorbehalten|derechos reservados|"
    r"diritti riservati|direitos reservados"
)
"""What stands on a page with the imprint."""
FRONT = 600
"""Characters; what is shorter and stands before the first chapter in the table of contents is a title page."""
LINE = 80
"""Characters that no line of a title page has."""
OWN_WORDS = 300
"""Characters that make the beginning of a chapter one; with fewer, its sections are the chapters."""

FEW = 3
"""Documents of a book in one file, with a cover and a title page perhaps."""
LONG = 60_000
"""Characters, an hour of speech: more than one chapter, whatever the contents say."""
TWOFOLD = re.compile(
    r"(?i)(?:\d+\W+)?(?:notes?|notas|index|[íi]ndice|cover|couverture|tit(?:le|re)|cr[ée]dits?|sommaire)\W*"
)
"""Titles of what is not read, and of chapters in the midst of a book."""
END = 0.75
"""Part of a book after which its notes may stand."""
LABELLED = re.compile(r"\W*\d+\b|.*\d\W*$")
"""A line of notes or of an index."""

CALLED = re.compile(
    r"(?i)(?:chapitre|chapter|cap[íi]tulo|capitolo|partie|part|pr[ée]face|postface|prologue|[ée]pilogue|foreword|pr[óo]logo|"
    r"un|deux|trois|quatre|cinq|six|sept|huit|neuf|dix|one|two|three|four|five|seven|eight|nine|ten)\b"
)
"""Titles that begin with no name, in languages that write such words small."""
GENERIC = re.compile(
    r"(?:(?:chapitre|chapter|capítulo|capitolo|kapitel|partie|part|teil)\s*)?(?:[\divxlc]+|[\w-]{1,9})\W*",
    re.IGNORECASE,
)
"""A chapter title that says nothing without the book's."""


@dataclass(frozen=True, slots=True)
class Chapter:
    """A chapter as it is found in the book."""

    title: str
    part: str
    """Its document, and the place in it."""
    blocks: tuple[Block, ...]
    depth: int = 1
    """In the table of contents, from 1."""
    under: tuple[Block, ...] = ()
    """What stands before it and is no chapter: the title of a part, a dedication."""
    notes: tuple[str, ...] = ()
    ended: int = 0
    """Depth of a page after it that is left out, though the contents name it: what is deeper belongs there."""


def read(source: Source) -> Sequence[Article]:
    """Return the book's chapters as articles, or one article if the whole is wanted.

    Raises ReadError if it is damaged, protected, or has nothing to read aloud.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(source.data)) as archive:
            book = Book(archive, source)
            links: list[Link] = []
            chapters = _grouped(_wanted(book, list(_chapters(book, links))))
    except DAMAGE as error:
        raise ReadError(f"{source.name}: damaged EPUB: {error}", hint=AGAIN) from error
    except RuntimeError as error:  # zipfile: a password is needed
        raise ReadError(f"{source.name}: cannot be opened: {error}", hint="use a copy without a password") from error
    if not chapters:
        raise ReadError(f"{source.name}: no text to narrate", hint="check the file: does it contain only images?")
    text = " ".join(block.text for chapter in chapters for block in chapter.blocks[:50])
    language, remark = language_of(text, book.language, given=source.language)
    common = Article(
        source.title or book.title, (), language, author=book.author, links=unique(links),
        book=True, remarks=tuple(filter(None, (remark, *book.remarks))),
    )  # fmt: skip
    chapters = [_noted(chapter, language) for chapter in chapters]
    if source.whole:
        return (replace(common, blocks=tuple(paused(tuple(_joined(chapters)))), links=unique(links)),)
    first, *rest = (
        replace(common, title=title, blocks=tuple(paused((*chapter.under, *chapter.blocks))), part=chapter.part)
        for title, chapter in zip(_titles(common.title, chapters), chapters, strict=True)
    )
    return (first, *(replace(article, remarks=()) for article in rest))


@dataclass(slots=True)
class _Open:
    """The chapter that is being read."""

    title: str = ""
    depth: int = 1
    part: str = ""
    blocks: list[Block] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    ended: int = 0


def _chapters(book: Book, links: list[Link]) -> Iterator[Chapter]:
    """Give the chapters: a new one begins where the table of contents says so."""
    contents = book.contents()
    starts = dict(_starts(contents))
    documents = {place.partition("#")[0] for place in starts}
    names = [_document(book, idref) for idref in book.spine]
    alone = len(starts) < 2 and sum(map(bool, names)) <= FEW
    last = max((i for i, name in enumerate(names) if name in documents - book.left_out), default=-1)
    now = _Open()
    for number, name in enumerate(names):
        tree = book.html(name) if name else None
        if tree is None:
            continue
        listed = starts.get(name, ("", 0))[0] or (_heading(tree) if name not in documents else "")
        heading = _heading(tree)
        kind = name in book.left_out or bool(_kinds(tree) & LEFT_OUT)
        places: dict[str, int] = {}
        leads_to: list[Link] = []
        write_out(tree)
        tidy(tree)
        drop_contents(tree)
        notes = take_notes(tree)
        document = headed(blocks_of(tree, leads_to, places=places))
        chapter = (name in starts or not contents) and _may_be_chapter(listed, document)
        if kind or (LEFT_OUT_TITLES.fullmatch(listed) and not chapter):
            book.remarks.append(_left_out(name, listed or heading))
            now.ended = starts.get(name, ("", 0))[1] or now.ended
            continue
        links += leads_to
        cuts = {i: (*starts[at], at) for mark, i in places.items() if (at := f"{name}#{mark}") in starts}
        inside = bool(cuts) or name in documents
        if not now.part and not inside and number < last and _length(document) < FRONT:
            if words := _beginning(document):
                book.remarks.append(f"left out (before the first chapter): {words}")
            continue
        # a table of contents that names one document, the cover say, does not know of the others
        unknown = len(documents) < 2 and bool(document) and document[0].kind == "heading"
        goes_on = bool(document) and document[0].kind == "paragraph" and document[0].text[:1].islower() and now.blocks
        if name in starts or (not contents and not goes_on) or (not inside and (unknown or not now.part)):
            first = cuts.get(0, ("", 1, ""))
            cuts[0] = (*starts.get(name, first[:2]), name)
        if alone and (name not in starts or _length(document) > LONG):
            document, heads = divided(document)
            cuts |= {i: (title, depth, f"{name}#{i}" if i else name) for i, (title, depth) in heads.items()}
        for index, block in enumerate(document):
            if index in cuts:
                yield _chapter(now)
                now = _Open(*cuts[index])
            now.blocks.append(block)
        now.notes += notes
    yield _chapter(now)


def _starts(contents: Iterable[tuple[str, str, int]]) -> Iterator[tuple[str, tuple[str, int]]]:
    """Give the places where chapters begin; within a document that is at the top of the contents, or in a part."""
    above: dict[int, str] = {}
    for place, title, depth in contents:
        above[depth] = title
        if "#" not in place or depth == 1 or CHAPTER.fullmatch(title) or PART.fullmatch(above.get(depth - 1, "")):
            yield place, (title, depth)


def _document(book: Book, idref: str) -> str:
    """Return the name of a document of the spine; empty for a table of contents, and for none."""
    item = book.items.get(idref)
    if item is None or "nav" in str(item.get("properties") or "").split():
        return ""
    return book.path(str(item.get("href"))).partition("#")[0]


def _wanted(book: Book, chapters: Sequence[Chapter]) -> Iterator[Chapter]:
    """Give the chapters that are the book's text, without the title page and what its title says is not read."""
    wordy = [chapter for chapter in chapters if _has_words(chapter.blocks)]
    around = set(map(id, _around(book.title, wordy)))
    for chapter in chapters:
        midst = any(each is chapter for each in wordy[1 : int(len(wordy) * END)])
        unread = LEFT_OUT_TITLES.fullmatch(chapter.title)
        if (unread and not (midst and _may_be_chapter(chapter.title, chapter.blocks))) or (id(chapter) in around):
            book.remarks.append(_left_out(chapter.part, chapter.title))
        elif _has_words(chapter.blocks) or not _repeats(chapter.title, book.title):
            yield chapter


def _around(title: str, wordy: Sequence[Chapter]) -> Iterator[Chapter]:
    """Give the title pages before the text of a book, and the pages with its imprint before and after."""
    for order in (wordy[:-1], wordy[:0:-1]):
        for chapter in order:
            if _length(chapter.blocks) > 2 * FRONT:
                break
            rights = any(RIGHTS.search(block.text) for block in chapter.blocks)
            if rights or (order[0] is wordy[0] and _is_title_page(title, chapter, first=chapter is wordy[0])):
                yield chapter


def _may_be_chapter(title: str, found: Sequence[Block]) -> bool:
    """Return True for running text, though its title is one of what is not read."""
    lines = [block.text for block in found if block.kind != "heading"]
    labelled = sum(1 for block in found if block.kind == "item" or LABELLED.match(block.text))
    return bool(TWOFOLD.fullmatch(title)) and sum(map(len, lines)) > FRONT and labelled < 0.3 * len(lines)


def _is_title_page(title: str, chapter: Chapter, *, first: bool) -> bool:
    """Return True for a few short lines, of which one is the title of the book; on the `first` page several may be."""
    lines = [chapter.title, *(block.text for block in chapter.blocks)]
    short = _length(chapter.blocks) < FRONT and max(map(len, lines)) < LINE
    return short and (
        any(_bare(line) == _bare(title) for line in lines) or (first and _bare(title) in _bare("".join(lines)))
    )


def _left_out(name: str, title: str) -> str:
    return f"left out: {posixpath.basename(name.partition('#')[0])} ({title})".replace(" ()", "")


def _length(found: Sequence[Block]) -> int:
    return sum(len(block.text) for block in found)


def _beginning(found: Sequence[Block]) -> str:
    words = " ".join(block.text for block in found).strip()[:80]
    return f"“{words}”" if words else ""


def _grouped(chapters: Iterable[Chapter]) -> list[Chapter]:
    """Return the chapters that are worth an episode.

    The sections of a chapter stay in it, even if they are documents of their own; what has no words of its own, such as
    the title of a part, and a dedication go to the chapter that follows.
    """
    found: list[Chapter] = []
    under: list[Block] = []
    own = 0  # characters of the last chapter that stand before its first section
    for chapter in chapters:
        head = [Block("heading", chapter.title, 2)] if chapter.title else []
        if not _has_words(chapter.blocks):
            under += head
        elif (BEFORE.fullmatch(chapter.title) or not chapter.part) and _length(chapter.blocks) < FRONT:
            under += [*head, *chapter.blocks]
        elif found and not under and own >= OWN_WORDS and _is_section(chapter, found[-1]):
            head = [replace(each, level=min(6, chapter.depth + 1)) for each in head]
            blocks, notes = (*found[-1].blocks, *head, *chapter.blocks), (*found[-1].notes, *chapter.notes)
            found[-1] = replace(found[-1], blocks=blocks, notes=notes, ended=chapter.ended)
        else:
            own = sum(len(block.text) for block in chapter.blocks if block.kind != "heading")
            found.append(replace(chapter, under=tuple(under)))
            under = []
    if found and _has_words(under):
        found[-1] = replace(found[-1], blocks=(*found[-1].blocks, *under))
    elif _has_words(under):
        found.append(Chapter("", "", tuple(under)))
    return found


def _is_section(chapter: Chapter, before: Chapter) -> bool:
    """Return True for a section of the chapter before it, rather than a chapter of a part."""
    deeper = chapter.depth > before.depth and not 0 < before.ended <= before.depth
    return deeper and not PART.fullmatch(before.title) and not CHAPTER.fullmatch(chapter.title)


def _chapter(now: _Open) -> Chapter:
    """Return a chapter; what only repeats its title at its beginning is left out."""
    title = now.title
    kept = [b for b in now.blocks if not is_notice(b.text) or b.kind in {"table", "image", "code", "break"}]
    heads = next((i for i, block in enumerate(kept) if block.kind != "heading"), len(kept))
    for count in range(min(len(kept), max(heads, 3)), 0, -1):
        words = "".join(block.text for block in kept[:count])
        if count <= heads and (not title or _repeats(words, title)):
            title = title or ". ".join(block.text.rstrip(" .") for block in kept[:count])
        elif not title or _bare(words) != _bare(title):  # paragraphs say it in so many words
            continue
        kept = kept[count:]
        break
    return Chapter(title, now.part, tuple(kept), now.depth, notes=tuple(now.notes), ended=now.ended)


def _noted(chapter: Chapter, language: str) -> Chapter:
    """Return a chapter with its notes at its end."""
    if not chapter.notes:
        return chapter
    heading = Block("heading", NOTES.get(language[:2], "Notes"), 2)
    items = [Block("item", note, number) for number, note in enumerate(chapter.notes, start=1)]
    return replace(chapter, blocks=(*chapter.blocks, heading, *items))


def _joined(chapters: Sequence[Chapter]) -> Iterator[Block]:
    for chapter in chapters:
        yield from chapter.under
        yield from (Block("heading", title, 2) for title in (chapter.title,) if title)
        for block in chapter.blocks:
            yield replace(block, level=min(6, max(3, block.level + 1))) if block.kind == "heading" else block


def _titles(book: str, chapters: Sequence[Chapter]) -> Iterator[str]:
    """Give the titles of the episodes: the part is named where its chapters are called as those of another."""
    seen = Counter(chapter.title for chapter in chapters)
    restart = any(count > 1 and GENERIC.fullmatch(title) for title, count in seen.items())
    part = ""
    for chapter in chapters:
        parts = [b.text for b in chapter.under if b.kind == "heading"] + [chapter.title]
        part = next((text for text in reversed(parts) if PART.fullmatch(text)), part)
        says_little = chapter.title and GENERIC.fullmatch(chapter.title)
        above = part if part != chapter.title and (seen[chapter.title] > 1 or (says_little and restart)) else ""
        if says_little:
            yield ", ".join(filter(None, (book, _inside(above), _inside(chapter.title))))
        else:
            yield ", ".join(filter(None, (above, chapter.title or book)))


def _inside(title: str) -> str:
    """Return a title as it stands after another; a numeral stays, and what may be a name keeps its capital."""
    if PART.fullmatch(title) and title.isupper():
        return title.lower()
    first, space, rest = title.partition(" ")
    if PART.fullmatch(title) or CALLED.match(title):
        return (first.lower() if first.isupper() else first[:1].lower() + first[1:]) + space + rest
    return title.capitalize() if title.isupper() and not re.fullmatch(r"[\dIVXLC]+\W*", title) else title


def _has_words(found: Sequence[Block]) -> bool:
    return any(block.kind in SPOKEN for block in found)


def _kinds(tree: Any) -> set[str]:
    """Return what a document says it is, at its root or on the one section that holds all of it."""
    body = tree.find("body")
    outer = [tree, *([body] if body is not None else []), *(list(body) if body is not None and len(body) == 1 else [])]
    return {kind for e in outer for kind in str(e.get("epub:type") or e.get(OPS) or "").lower().split()}


def _heading(tree: Any) -> str:
    return next((fold("".join(e.itertext())) for e in tree.iter("h1", "h2", "title") if e.text), "")


def _repeats(heading: str, title: str) -> bool:
    """Return True if a heading says what the title does, but for a word such as “Chapter” before it."""
    more = len(_bare(heading)) - len(_bare(title))
    return _bare(heading).endswith(_bare(title)) and more <= len("Chapitre")


def _bare(text: str) -> str:
    return "".join(c for c in text.casefold() if c.isalnum())
