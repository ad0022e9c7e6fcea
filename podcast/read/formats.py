# SPDX-License-Identifier: GPL-3.0-or-later
"""Declare the built-in readers; `registry` documents the fields.

The reader modules and their libraries are imported when first used.
"""

import re
from collections.abc import Sequence

from podcast import front_matter
from podcast.errors import ReadError
from podcast.model import Article
from podcast.read.registry import Reader
from podcast.read.source import OLE, Source

# --- text -------------------------------------------------------------------------------------------------------

TEXT_TYPES = ("text/plain", "text/vtt", "application/x-subrip")
TEXT_NAMES = {".txt", ".text", ".srt", ".vtt", ""}
"""Subtitles (.srt, .vtt) are read only if given by name: in a folder, they belong to a video."""


def _is_text(source: Source) -> bool:
    """Return True for text by name or media type; this reader is tried last."""
    return source.kind in TEXT_TYPES or (not source.kind and source.suffix in TEXT_NAMES)


def _read_text(source: Source) -> Sequence[Article]:
    from podcast.read.plain.reader import read

    return read(source)


SPREADSHEET = "a spreadsheet program and save the text to narrate as .txt"

TEXT = Reader(
    read=_read_text,
    label="text",
    suffixes=(".txt", ".text"),
    media_types=TEXT_TYPES,
    accepts=_is_text,
    last=True,
    conversions=dict.fromkeys((".xlsx", ".xls", ".ods", ".numbers", ".csv", ".tsv"), SPREADSHEET),
)

# --- Markdown ---------------------------------------------------------------------------------------------------

MARKDOWN_NAMES = (
    ".md", ".markdown", ".mdown", ".mkd", ".mdx", ".rmd", ".qmd", ".rst", ".rest", ".adoc", ".asciidoc",
)  # fmt: skip
"""reStructuredText and AsciiDoc become Markdown."""
MARKS = re.compile(r"^(?:#{1,6} \S|\S.*\n(?:=|-){3,}$)", re.MULTILINE)
"""Markdown headings."""


def _is_markdown(source: Source) -> bool:
    """Return True for Markdown by name or media type, or on standard input by front matter or headings."""
    if source.kind or source.suffix:
        return source.kind == "text/markdown" or source.suffix in MARKDOWN_NAMES
    return bool(front_matter.ARTICLE.match(source.head) or MARKS.search(source.head))


def _read_markdown(source: Source) -> Sequence[Article]:
    from podcast.read.markdown.reader import read

    return read(source)


MARKDOWN = Reader(
    read=_read_markdown,
    label="Markdown",
    suffixes=MARKDOWN_NAMES,
    media_types=("text/markdown",),
    accepts=_is_markdown,
)

# --- web pages --------------------------------------------------------------------------------------------------

PAGE = re.compile(r"(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body|article)\b", re.IGNORECASE)
PAGE_NAMES = (".html", ".htm", ".xhtml")
PAGE_TYPES = ("text/html", "application/xhtml+xml")


def _is_page(source: Source) -> bool:
    """Return True for HTML by name, media type or first tag."""
    return source.suffix in PAGE_NAMES or source.kind in PAGE_TYPES or PAGE.match(source.head) is not None


def _read_page(source: Source) -> Sequence[Article]:
    from podcast.read.html.reader import read

    return read(source)


HTML = Reader(read=_read_page, label="HTML", suffixes=PAGE_NAMES, media_types=PAGE_TYPES, accepts=_is_page)

# --- feeds ------------------------------------------------------------------------------------------------------

FEED_START = re.compile(
    r"""(?isx) (?: <\?xml[^>]*> | <!--.*?--> | <!DOCTYPE[^>]*> | \s )* < (?: rss | feed | rdf:RDF ) \b"""
)


def _is_feed(source: Source) -> bool:
    """Return True for a feed by its root element; names and media types are often wrong."""
    return FEED_START.match(source.head) is not None


def _read_feed(source: Source) -> Sequence[Article | ReadError]:
    from podcast.read.feed.reader import read

    return read(source)


FEED = Reader(
    read=_read_feed,
    label="RSS",
    suffixes=(".rss", ".atom", ".xml"),
    media_types=("application/xml", "text/xml", "+xml"),
    accepts=_is_feed,
)

# --- EPUB -------------------------------------------------------------------------------------------------------


def _read_epub(source: Source) -> Sequence[Article]:
    from podcast.read.epub.reader import read

    return read(source)


E_BOOK = "an e-book program such as Calibre and convert it to EPUB"

EPUB = Reader(
    read=_read_epub,
    label="EPUB",
    suffixes=(".epub",),
    media_types=("application/epub+zip",),
    magic=((30, b"mimetypeapplication/epub+zip"),),  # its first file, uncompressed (OCF, section 4.3)
    conversions=dict.fromkeys((".mobi", ".azw", ".azw3", ".fb2", ".lit", ".prc"), E_BOOK),
)

# --- PDF --------------------------------------------------------------------------------------------------------

PDF_TYPE = "application/pdf"


def _is_pdf(source: Source) -> bool:
    """Return True for a PDF by name, media type or header, which may follow other bytes (ISO 32000-1, 7.5.2)."""
    return source.suffix == ".pdf" or source.kind == PDF_TYPE or b"%PDF-" in source.data[:1024]


def _read_pdf(source: Source) -> Sequence[Article]:
    from podcast.read.pdf.reader import read

    return read(source)


SLIDES = "the program it was made with and save it as PDF, or its text as .txt"
PRINTABLE = "a program that can display it and save it as PDF"

PDF = Reader(
    read=_read_pdf,
    label="PDF",
    suffixes=(".pdf",),
    media_types=(PDF_TYPE,),
    magic=((0, b"%PDF-"),),
    accepts=_is_pdf,
    conversions={
        **dict.fromkeys((".pptx", ".ppt", ".odp", ".key"), SLIDES),
        **dict.fromkeys((".djvu", ".ps", ".eps", ".xps", ".tex"), PRINTABLE),
    },
)

# --- DOCX -------------------------------------------------------------------------------------------------------

DOCX_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
ZIP = b"PK\x03\x04"
DOCUMENT = b"word/document.xml"
"""A file in every Word document."""


def _is_docx(source: Source) -> bool:
    """Return True for a Word document, also an old one, by name, media type or content."""
    return (
        source.suffix in {".docx", ".docm", ".doc"}
        or source.kind in {DOCX_TYPE, "application/msword"}
        or source.data.startswith(OLE)
        or (source.data.startswith(ZIP) and DOCUMENT in source.data)
    )


def _read_docx(source: Source) -> Sequence[Article]:
    from podcast.read.docx import read

    return read(source)


WORD_PROCESSOR = "a word processor and save it as .docx"

DOCX = Reader(
    read=_read_docx,
    label="DOCX",
    suffixes=(".docx", ".docm"),
    media_types=(DOCX_TYPE,),
    accepts=_is_docx,
    conversions=dict.fromkeys((".odt", ".fodt", ".rtf", ".pages", ".wps", ".wpd", ".sxw", ".abw"), WORD_PROCESSOR),
)
