# SPDX-License-Identifier: GPL-3.0-or-later
"""Open the package of an EPUB: its files, metadata, reading order and table of contents.

Nothing is unpacked to disk. File names match whatever their case and escapes, as in reading systems. A table of
contents that is missing or broken is treated as empty.
"""

import posixpath
import re
import unicodedata
import zipfile
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import unquote

from podcast.errors import ReadError
from podcast.read.dom.strip import writable
from podcast.read.normalize import fold
from podcast.read.source import Source

MAX_TEXT = 64 * 1024 * 1024
"""Bytes of all documents of a book together, unpacked: fifty times a long novel."""
MAX_DOCUMENTS = 10_000

DOWNLOAD_AGAIN = "download the book again"

LEFT_OUT = {
    "cover", "titlepage", "halftitlepage", "toc", "landmarks", "copyright-page", "index", "loi", "lot", "page-list",
    "imprint", "colophon", "copyright", "title-page", "text-cover", "endnotes", "rearnotes", "footnotes",
}  # fmt: skip
"""Types of documents (EPUB Structural Semantics, and the guide of EPUB 2) that are not narrated."""

FONT_OBFUSCATION = {"http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC"}
"""Algorithms that obfuscate fonts, also in books without DRM."""

AUTHOR_ROLES = {"", "aut", "cre"}
"""MARC roles of authors, as opposed to translators and illustrators."""
PLACEHOLDER_AUTHORS = {"unknown", "inconnu", "inconnue", "auteur inconnu", "unbekannt", "desconocido", "sconosciuto"}
"""Placeholder author names."""
FILE = re.compile(r"(?i)\S+\.x?html?")
FOOTNOTE = re.compile(r"(?i).*#_?(?:fn|ftn|edn|(?:foot|end)?note|noteref)(?:ref)?[\W_]*\d+")
"""The anchor of a footnote, which some programs list as a chapter."""


class EpubPackage:
    """An open EPUB: metadata, documents in reading order, and remarks on what was left out."""

    def __init__(self, archive: zipfile.ZipFile, source: Source) -> None:
        self.archive = archive
        self.source = source
        self.left = MAX_TEXT
        self.remarks: list[str] = []
        self.names = {_name(name): name for name in reversed(archive.namelist())}
        self._refuse_protection()
        container = self.xml("META-INF/container.xml")
        root = next((str(e.get("full-path")) for e in container.iter("{*}rootfile") if e.get("full-path")), "")
        root = self.names.get(_name(root), root)
        package = self.xml(root)
        self.folder = posixpath.dirname(root)
        self.title = self._metadata(package, "title") or source.name
        self.author = _author(package)
        self.language = self._metadata(package, "language")
        self.items = {str(e.get("id")): e for e in package.iter("{*}item")}
        self.spine = [str(e.get("idref")) for e in package.iter("{*}itemref") if (e.get("linear") or "yes") != "no"][
            :MAX_DOCUMENTS
        ]
        self.left_out = {
            self.path(str(e.get("href"))).partition("#")[0]
            for e in package.iter("{*}reference") if str(e.get("type")).lower() in LEFT_OUT
        }  # fmt: skip

    def _refuse_protection(self) -> None:
        names = set(self.archive.namelist())
        encrypted: Any = self.xml("META-INF/encryption.xml") if "META-INF/encryption.xml" in names else ()
        ways = {str(e.get("Algorithm")) for e in (encrypted.iter("{*}EncryptionMethod") if len(encrypted) else ())}
        if "META-INF/rights.xml" in names or ways - FONT_OBFUSCATION:
            raise ReadError("is copy-protected (DRM)", file=self.source.name, hint="use a copy of the book without DRM")

    def bytes(self, name: str) -> bytes:
        """Return a file of the archive; raise ReadError if all files together exceed MAX_TEXT."""
        try:
            info = self.archive.getinfo(name)
        except KeyError:
            raise ReadError(f"damaged EPUB: {name} is missing", file=self.source.name, hint=DOWNLOAD_AGAIN) from None
        with self.archive.open(info) as file:
            data = file.read(self.left + 1)
        self.left -= len(data)
        if self.left < 0:
            raise ReadError(
                f"contains more than {MAX_TEXT >> 20} MB of text",
                file=self.source.name,
                hint="check that it is the right file",
            )
        return data

    def xml(self, name: str) -> Any:
        """Return the root of an XML file; errors in it are recovered from as far as possible."""
        from lxml import etree

        # no external entities, no entity expansion
        parser = etree.XMLParser(resolve_entities=False, no_network=True, recover=True, load_dtd=False)
        try:
            tree = etree.fromstring(self.bytes(name), parser)
        except etree.XMLSyntaxError:  # nothing in it can be recovered
            tree = None
        if tree is None:
            raise ReadError(f"damaged EPUB: {name} is not valid XML", file=self.source.name, hint=DOWNLOAD_AGAIN)
        return tree

    def html(self, name: str) -> Any:
        """Return the root of a document, None if it is empty."""
        from lxml import etree, html

        data = self.bytes(name)
        encoding = "utf-16" if data[:2] in {b"\xff\xfe", b"\xfe\xff"} else "utf-8"  # EPUB 3.3, section 3.3
        try:
            tree: Any = html.document_fromstring(data, parser=html.HTMLParser(huge_tree=True, encoding=encoding))
        except etree.ParserError:  # an empty document
            return None
        return writable(tree)

    def path(self, href: str, base: str | None = None) -> str:
        """Return the archive name of a reference, relative to `base` or the package; a fragment is kept."""
        name, _, fragment = unquote(href).partition("#")
        whole = posixpath.normpath(posixpath.join(self.folder if base is None else posixpath.dirname(base), name))
        whole = self.names.get(_name(whole), whole)
        return f"{whole}#{fragment}" if fragment else whole

    def contents(self) -> list[tuple[str, str, int]]:
        """Return (location, title, depth) of the table of contents: the EPUB 3 one, else the NCX of EPUB 2."""
        navs = [i for i in self.items.values() if "nav" in str(i.get("properties") or "").split()]
        ncxs = [i for i in self.items.values() if i.get("media-type") == "application/x-dtbncx+xml"]
        for item, entries in (*((nav, self._navigation) for nav in navs), *((ncx, self._ncx) for ncx in ncxs)):
            try:
                found = list(_chapter_entries(entries(self.path(str(item.get("href"))))))
            except ReadError as error:
                why = error.text
                self.remarks.append(f"the table of contents cannot be read ({why})")
                continue
            if found:
                return found
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
    def _metadata(package: Any, name: str) -> str:
        return next((text for e in package.iter(f"{{*}}{name}") if (text := fold(e.text or ""))), "")


def _name(name: str) -> str:
    """Return a file name in the form used for comparisons."""
    return unicodedata.normalize("NFC", unquote(name)).casefold()


def _chapter_entries(entries: Iterable[tuple[str, str, int]]) -> Iterator[tuple[str, str, int]]:
    """Yield the entries of a table of contents without those of footnotes; a file name is not a title."""
    for place, title, depth in entries:
        if not FOOTNOTE.fullmatch(place):
            yield place, "" if FILE.fullmatch(title) else title, depth


def _author(package: Any) -> str:
    """Return who wrote a book: all creators, without translators if the roles are given, each person once."""
    creators = [(name, role) for name, role in _creators(package) if name.casefold() not in PLACEHOLDER_AUTHORS]
    writers = [name for name, role in creators if role in AUTHOR_ROLES] or [name for name, _ in creators]
    people: dict[frozenset[str], str] = {}
    for name in writers:
        people.setdefault(frozenset(re.findall(r"\w+", name.casefold())), name)  # `Verne, Jules` is `Jules Verne`
    return ", ".join(people.values())


def _creators(package: Any) -> Iterator[tuple[str, str]]:
    """Yield (name, MARC role or "") of each creator; an element may name several."""
    roles = {
        str(e.get("refines")).lstrip("#"): fold(e.text or "")
        for e in package.iter("{*}meta") if e.get("property") == "role"
    }  # fmt: skip
    for creator in package.iter("{*}creator"):
        attributes = {name.rpartition("}")[2]: value for name, value in creator.attrib.items()}
        role = attributes.get("role") or roles.get(attributes.get("id", ""), "")
        yield from ((name, role) for part in (creator.text or "").split(";") if (name := fold(part)))
