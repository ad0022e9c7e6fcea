# SPDX-License-Identifier: GPL-3.0-or-later
"""EPUB 2 and 3 -> an Article a chapter, or one with all chapters.

The package file names the book and orders its documents (the spine); the table of contents says where chapters begin,
in the middle of a document if need be. Covers, title pages, tables of contents and the like are left out, and said so.
Nothing is unpacked to disk, and a book that would swell beyond all measure is refused.
"""

import io
import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import unquote

from podcast.errors import ReadError
from podcast.model import Article, Block, Link
from podcast.read.common import CHAPTER, TITLE_LENGTH, fold, is_notice, language_of, unique
from podcast.read.finish import SPOKEN, paused
from podcast.read.markup import blocks as blocks_of
from podcast.read.source import Source
from podcast.read.tidy import tidy

MAX_TEXT = 64 * 1024 * 1024
"""Bytes of all documents of a book together, unpacked: fifty times a long novel."""
MAX_DOCUMENTS = 10_000

OPS = "{http://www.idpf.org/2007/ops}type"
LEFT_OUT = {
    "cover", "titlepage", "halftitlepage", "toc", "landmarks", "copyright-page", "index", "loi", "lot", "page-list",
    "imprint", "colophon", "copyright", "title-page", "text-cover", "endnotes", "rearnotes", "footnotes",
}  # fmt: skip
"""Kinds of documents (EPUB Structural Semantics, and the guide of EPUB 2) that are not read."""

DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, ValueError)
"""What zipfile raises for archives whose bytes make no sense."""

LEFT_OUT_TITLES = re.compile(
    r"(?i)(?:du même auteur|(?:other books|also) by\b.*|table des mati[èe]res|sommaire|(?:table of )?contents|"
    r"copyright|mentions l[ée]gales|(?:end|foot)?notes|notes de bas de page|index|title page|page de titre|"
    r"cover|couverture|achev[ée] d.imprimer|colophon)\W*"
)
"""Titles of what is not read, where the book does not say of what kind it is."""
FRONT = 600
"""Characters; what is shorter and stands before the first chapter in the table of contents is a title page."""
OWN_WORDS = 300
"""Characters that make the beginning of a chapter one; with fewer, its sections are the chapters."""

OF_FONTS = {"http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC"}
"""Ways in which free books too make their fonts unreadable."""

GENERIC = re.compile(
    r"(?:(?:chapitre|chapter|capítulo|capitolo|kapitel|partie|part|teil)\s*)?(?:[\divxlc]+|[\w-]{2,9})\W*",
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
    under: tuple[str, ...] = ()
    """Titles without words of their own that stand before it, such as that of a part."""


def accepts(source: Source) -> bool:
    """Know an EPUB by name, media type, or its first file, which says so uncompressed (OCF, section 4.3)."""
    return (
        source.suffix == ".epub"
        or source.kind == "application/epub+zip"
        or source.data[30:58] == b"mimetypeapplication/epub+zip"
    )


def read(source: Source) -> Sequence[Article]:
    """Return the book's chapters as articles, or one article if the whole is wanted.

    Raises ReadError if it is damaged, protected, or has nothing to read aloud.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(source.data)) as archive:
            book = _Book(archive, source)
            links: list[Link] = []
            chapters = _grouped(_chapters(book, links))
    except DAMAGE as error:
        raise ReadError(f"{source.name}: a damaged EPUB: {error}", hint="get the file again") from error
    except RuntimeError as error:  # zipfile: a password is needed
        raise ReadError(f"{source.name}: {error}", hint="give a book without a password") from error
    if not chapters:
        raise ReadError(f"{source.name}: nothing in it to read aloud", hint="is it a book of pictures?")
    text = " ".join(block.text for chapter in chapters for block in chapter.blocks[:50])
    language, remark = language_of(text, source.language or book.language)
    common = Article(
        source.title or book.title, (), language, author=book.author, links=unique(links),
        book=True, remarks=tuple(filter(None, (remark, *book.remarks))),
    )  # fmt: skip
    if source.whole:
        return (replace(common, blocks=tuple(paused(tuple(_joined(chapters)))), links=unique(links)),)
    first, *rest = (
        replace(
            common, title=_titled(common.title, chapter.title), blocks=tuple(paused(_alone(chapter))), part=chapter.part
        )
        for chapter in chapters
    )
    return (first, *(replace(article, remarks=()) for article in rest))


class _Book:
    """The package of an EPUB: who wrote it, and its documents in order."""

    def __init__(self, archive: zipfile.ZipFile, source: Source) -> None:
        self.archive = archive
        self.source = source
        self.left = MAX_TEXT
        self.remarks: list[str] = []
        self._refuse_protection()
        container = self.xml("META-INF/container.xml")
        root = next((str(e.get("full-path")) for e in container.iter("{*}rootfile") if e.get("full-path")), "")
        package = self.xml(unquote(root))
        self.folder = posixpath.dirname(root)
        self.title = self._said(package, "title") or source.name
        self.author = ", ".join(dict.fromkeys(filter(None, (fold(e.text or "") for e in package.iter("{*}creator")))))
        self.language = self._said(package, "language")
        self.items = {str(e.get("id")): e for e in package.iter("{*}item")}
        self.spine = [str(e.get("idref")) for e in package.iter("{*}itemref") if (e.get("linear") or "yes") != "no"][
            :MAX_DOCUMENTS
        ]
        self.left_out = {
            self.path(str(e.get("href"))).partition("#")[0]
            for e in package.iter("{*}reference") if str(e.get("type")).lower() in LEFT_OUT
        }  # fmt: skip
        self.package = package

    def _refuse_protection(self) -> None:
        names = set(self.archive.namelist())
        sealed: Any = self.xml("META-INF/encryption.xml") if "META-INF/encryption.xml" in names else ()
        ways = {str(e.get("Algorithm")) for e in (sealed.iter("{*}EncryptionMethod") if len(sealed) else ())}
        if "META-INF/rights.xml" in names or ways - OF_FONTS:
            raise ReadError(f"{self.source.name}: is protected against copying", hint="give a book without protection")

    def bytes(self, name: str) -> bytes:
        """Return a file of the archive, within what is left of the measure for all of them."""
        try:
            info = self.archive.getinfo(name)
        except KeyError:
            raise ReadError(f"{self.source.name}: {name} is missing in it", hint="get the file again") from None
        with self.archive.open(info) as file:
            data = file.read(self.left + 1)
        self.left -= len(data)
        if self.left < 0:
            raise ReadError(f"{self.source.name}: more than {MAX_TEXT >> 20} MiB of text", hint="is it really a book?")
        return data

    def xml(self, name: str) -> Any:
        from lxml import etree

        # nothing outside of the file is looked up, and entities of its own do not multiply
        parser = etree.XMLParser(resolve_entities=False, no_network=True, recover=True, load_dtd=False)
        try:
            tree = etree.fromstring(self.bytes(name), parser)
        except etree.XMLSyntaxError:  # nothing in it can be mended
            tree = None
        if tree is None:
            raise ReadError(f"{self.source.name}: {name} in it is not XML", hint="get the file again")
        return tree

    def html(self, name: str) -> Any:
        from lxml import etree, html

        data = self.bytes(name)
        encoding = "utf-16" if data[:2] in {b"\xff\xfe", b"\xfe\xff"} else "utf-8"  # EPUB 3.3, section 3.3
        try:
            tree: Any = html.document_fromstring(data, parser=html.HTMLParser(huge_tree=True, encoding=encoding))
        except etree.ParserError:  # an empty document
            return None
        return tree

    def path(self, href: str, base: str | None = None) -> str:
        """Return the name in the archive of what a document refers to; a fragment stays."""
        name, _, fragment = unquote(href).partition("#")
        whole = posixpath.normpath(posixpath.join(self.folder if base is None else posixpath.dirname(base), name))
        return f"{whole}#{fragment}" if fragment else whole

    def contents(self) -> list[tuple[str, str, int]]:
        """Return (place, title, depth) of the table of contents: the EPUB 3 one, else the NCX of EPUB 2."""
        for item in self.items.values():
            if "nav" in str(item.get("properties") or "").split():
                return list(self._navigation(self.path(str(item.get("href")))))
        for item in self.items.values():
            if item.get("media-type") == "application/x-dtbncx+xml":
                return list(self._ncx(self.path(str(item.get("href")))))
        return []

    def _navigation(self, name: str) -> Iterator[tuple[str, str, int]]:
        tree = self.html(name)
        navs = [] if tree is None else [e for e in tree.iter("nav") if "toc" in f"{e.get('epub:type')} {e.get('role')}"]
        for link in navs[0].iter("a") if navs else ():
            depth = sum(1 for outer in link.iterancestors("ol"))
            yield self.path(str(link.get("href") or ""), name), fold("".join(link.itertext())), depth

    def _ncx(self, name: str) -> Iterator[tuple[str, str, int]]:
        for point in self.xml(name).iter("{*}navPoint"):
            text = point.find("{*}navLabel/{*}text")
            place = point.find("{*}content")
            depth = 1 + sum(1 for outer in point.iterancestors("{*}navPoint"))
            if text is not None and place is not None:
                yield self.path(str(place.get("src") or ""), name), fold(text.text or ""), depth

    @staticmethod
    def _said(package: Any, name: str) -> str:
        return next((text for e in package.iter(f"{{*}}{name}") if (text := fold(e.text or ""))), "")


def _chapters(book: _Book, links: list[Link]) -> Iterator[Chapter]:
    """Give the chapters: a new one begins where the table of contents says so."""
    contents = book.contents()
    starts = {place: (title, depth) for place, title, depth in contents if "#" not in place or depth == 1}
    documents = {place.partition("#")[0] for place in starts}
    title, part, depth, found = "", "", 1, list[Block]()
    for idref in book.spine:
        item = book.items.get(idref)
        name = book.path(str(item.get("href"))).partition("#")[0] if item is not None else ""
        tree = book.html(name) if name and "nav" not in str(item.get("properties") or "").split() else None  # type: ignore[union-attr]
        if tree is None:
            continue
        listed = starts.get(name, ("", 0))[0] or (_heading(tree) if name not in documents else "")
        if name in book.left_out or _kinds(tree) & LEFT_OUT or LEFT_OUT_TITLES.fullmatch(listed):
            book.remarks.append(f"left out: {posixpath.basename(name)} ({listed or _heading(tree)})".replace(" ()", ""))
            continue
        places: dict[str, int] = {}
        tidy(tree)
        document = _headed(blocks_of(tree, links, places=places))
        cuts = {i: (*starts[at], at) for mark, i in places.items() if (at := f"{name}#{mark}") in starts}
        if contents and not part and not cuts and name not in documents and _length(document) < FRONT:
            book.remarks.append(f"left out, before the first chapter: {_beginning(document)}")
            continue
        if name in starts or not contents or (name not in documents and not part):
            first = cuts.get(0, ("", 1, ""))
            cuts[0] = (*starts.get(name, first[:2]), name)
        for index, block in enumerate(document):
            if index in cuts:
                yield _chapter(title, part, depth, found)
                (title, depth, part), found = cuts[index], []
            found.append(block)
    yield _chapter(title, part, depth, found)


def _headed(found: Sequence[Block]) -> tuple[Block, ...]:
    """Return the blocks of a document with `CHAPTER ONE` at its head, and the title below it, as headings.

    Books that were made from other formats have them as paragraphs. The number of blocks stays: places count them.
    """
    if not found or found[0].kind != "paragraph" or not CHAPTER.fullmatch(found[0].text):
        return tuple(found)
    below = found[1] if len(found) > 2 else found[0]
    is_title = below.kind == "paragraph" and len(below.text) <= TITLE_LENGTH and below.text[-1] not in '.!?…:;,»”"'
    heads = 2 if is_title and below is not found[0] else 1
    return (*(replace(block, kind="heading", level=2) for block in found[:heads]), *found[heads:])


def _length(found: Sequence[Block]) -> int:
    return sum(len(block.text) for block in found)


def _beginning(found: Sequence[Block]) -> str:
    return f"“{' '.join(block.text for block in found)[:80]}”"


def _grouped(chapters: Iterable[Chapter]) -> list[Chapter]:
    """Return the chapters that are worth an episode.

    The sections of a chapter stay in it, even if they are documents of their own; what has no words of its own, such as
    the title of a part, goes to the chapter that follows.
    """
    found: list[Chapter] = []
    titles: list[str] = []
    own = 0  # characters of the last chapter that stand before its first section
    for chapter in chapters:
        if not _has_words(chapter.blocks):
            titles += [chapter.title] if chapter.title else []
        elif found and not titles and chapter.depth > found[-1].depth and own >= OWN_WORDS:
            head = [Block("heading", chapter.title, min(6, chapter.depth + 1))] if chapter.title else []
            found[-1] = replace(found[-1], blocks=(*found[-1].blocks, *head, *chapter.blocks))
        else:
            own = sum(len(block.text) for block in chapter.blocks if block.kind != "heading")
            found.append(replace(chapter, under=tuple(titles)))
            titles = []
    return found


def _chapter(title: str, part: str, depth: int, found: Sequence[Block]) -> Chapter:
    """Return a chapter; headings at its beginning that only repeat its title are left out."""
    kept = [block for block in found if not is_notice(block.text) or block.kind in {"table", "image", "code", "break"}]
    heads = next((i for i, block in enumerate(kept) if block.kind != "heading"), len(kept))
    for count in range(heads, 0, -1):
        if not title or _repeats("".join(block.text for block in kept[:count]), title):
            title = title or ". ".join(block.text.rstrip(" .") for block in kept[:count])
            kept = kept[count:]
            break
    return Chapter(title, part, tuple(kept), depth)


def _alone(chapter: Chapter) -> tuple[Block, ...]:
    return (*(Block("heading", title, 2) for title in chapter.under), *chapter.blocks)


def _joined(chapters: Sequence[Chapter]) -> Iterator[Block]:
    for chapter in chapters:
        yield from (Block("heading", title, 2) for title in (*chapter.under, chapter.title) if title)
        for block in chapter.blocks:
            yield replace(block, level=min(6, max(3, block.level + 1))) if block.kind == "heading" else block


def _titled(book: str, chapter: str) -> str:
    if not chapter:
        return book
    if not GENERIC.fullmatch(chapter):
        return chapter
    numeral = re.fullmatch(r"[\dIVXLC]+\W*", chapter)
    return f"{book}, {chapter if numeral else chapter[:1].lower() + chapter[1:]}"


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
