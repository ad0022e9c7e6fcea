# SPDX-License-Identifier: GPL-3.0-or-later
"""Read a PDF as an Article.

A PDF contains the positions of letters, but not the text that they form:

    worker           extract the letters, in a separate process
    lines            letters -> lines
    headers_footers  remove headers, footers and page numbers
    layout           put lines into reading order
    paragraphs       lines -> paragraphs, headings, lists, footnotes
    dehyphenate      join words that were hyphenated at line ends

Footnotes are read at the end, without their markers.
"""

import datetime as dt
import json
import re
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from podcast.errors import ReadError
from podcast.model import Article, Block, Link
from podcast.packages.imports import in_words
from podcast.read.article import finish, with_footnotes, without_boilerplate
from podcast.read.byline import take_bylines
from podcast.read.dehyphenate import vocabulary
from podcast.read.normalize import LEADERS, fold, letters_of, links_in
from podcast.read.pdf.headers_footers import headers_and_footers
from podcast.read.pdf.layout import columns
from podcast.read.pdf.lines import Line, body_size, line_of
from podcast.read.pdf.paragraphs import blocks_of, notes, notes_of, paragraphs
from podcast.read.source import Source
from podcast.text import counted

PROGRAM = Path(__file__).with_name("worker.py")
LIMIT_S = 600.0
"""Time limit of a document; 300 full pages take 20 s."""

MAX_MEMORY = 2 * 1024**3
"""Bytes; a page of text needs a thousandth of it."""
SCAN_LETTERS = 20
"""Letters per page; a document with fewer is a scan, perhaps with a stamp."""
UNKNOWN = "\ufffd"
MANY = 0.05
"""Share of unreadable letters from which on a text is useless."""

PRINT = "open it in a PDF reader and print it to a new PDF"

NO_TITLE = re.compile(
    r"(?:microsoft (?:word|powerpoint) - .*|untitled\W*\d*|sans titre\W*\d*|document\d*|\(anonymous\)|anonymous|"
    r"présentation\d*|presentation\d*|print|\S+\.(?:docx?|odt|rtf|pptx?|pdf|tex|dvi|indd|qxd|html?|txt|ps|md))",
    re.IGNORECASE,
)
"""Placeholder titles and authors."""
CONTENTS = re.compile(r"(?:table des matières|sommaire|(?:table of )?contents|inhalt\w*|índice|indice)", re.IGNORECASE)
PAGED = re.compile(r"(?:[|\s]|^)(?:\d{1,4}|[ivxlc]+)$")
"""The end of an entry of a table of contents."""
CITATION = re.compile(r"[\s\u00a0]?\[[1-9]\d{0,2}(?:\s?[,–-]\s?[1-9]\d{0,2})*\]")
"""A number in the text that refers to a numbered list of works, as [3] or [3, 7]."""
WORKS = re.compile(r"\[1\]")


@dataclass(frozen=True)
class PdfDocument:
    """The output of worker.py."""

    about: Mapping[str, str]
    pages: Sequence[Mapping[str, Any]]

    def where(self, key: str) -> str:
        """Return the numbers of the pages that have something: `pages 2, 3`; empty for none."""
        numbers = [number for number, page in enumerate(self.pages, start=1) if page[key]]
        if not numbers:
            return ""
        words = ", ".join(map(str, numbers[:5])) + (" …" if len(numbers) > 5 else "")
        return f"pages {words}" if len(numbers) > 1 else f"page {words}"


def read(source: Source) -> Sequence[Article]:
    """Return the one article of a PDF.

    Raises ReadError if it is damaged, encrypted, a scan without text, or too large.
    """
    document = _document(source)
    remarks = _checked(source, document)
    pages = [[line_of(number, runs) for runs in page["lines"]] for number, page in enumerate(document.pages)]
    found, footnotes, left_out = _text(pages, [page["height"] for page in document.pages])
    title, found = _titled(source, document, found)
    blocks, furnished = without_boilerplate([replace(block, text=_readable(block.text)) for block, _ in found])
    blocks = _without_citations(blocks)
    footnotes = [(mark, _readable(text)) for mark, text in footnotes]
    author = _meaningful(document.about.get("author", ""))
    signed_blocks, author, published = take_bylines(blocks, author, parse_pdf_date(document.about.get("date", "")))
    article = finish(
        source,
        title,
        signed_blocks,
        links=_links(document, [*(block.text for block in blocks), *(text for _, text in footnotes)]),
        remarks=[*remarks, *left_out, *furnished],
        author=author,
        published=published,
        url=source.url,
    )
    return (with_footnotes(article, footnotes),)


def _without_citations(blocks: list[Block]) -> list[Block]:
    """Remove citations such as `[3, 7]` from a text with a numbered list of works."""
    if not any(WORKS.match(block.text) for block in blocks):
        return blocks
    return [replace(block, text=block.text[:4] + CITATION.sub("", block.text[4:])) for block in blocks]


def _links(document: PdfDocument, texts: Sequence[str]) -> list[Link]:
    """Return the links of the pages, then the URLs written in the texts."""
    links = [Link(address) for page in document.pages for address in page["links"]]
    return links + [link for text in texts for link in links_in(text)]


def parse_pdf_date(text: str) -> dt.datetime | None:
    """Return a date such as `D:20261123060000+01'00'` (ISO 32000-1, 7.9.4), or None; without a zone it is UTC."""
    found = re.match(r"(?:D:)?(\d{4})(\d\d)?(\d\d)?(\d\d)?(\d\d)?(\d\d)?(?:([+-])(\d\d)'?(\d\d)?)?", text)
    if not found:
        return None
    year, month, day, hour, minute, second = (
        int(part or least) for part, least in zip(found.groups()[:6], "011000", strict=True)
    )
    ahead = dt.timedelta(hours=int(found[8] or 0), minutes=int(found[9] or 0))
    try:
        zone = dt.timezone(-ahead if found[7] == "-" else ahead)
        return dt.datetime(year, month, day, hour, minute, second, tzinfo=zone)
    except ValueError:
        return None


# --- from bytes to lines ----------------------------------------------------------------------------------------


def _document(source: Source) -> PdfDocument:
    """Run worker.py, and return its output."""
    try:
        command = [sys.executable, "-P", str(PROGRAM), str(MAX_MEMORY)]
        done = subprocess.run(command, input=source.data, capture_output=True, check=False, timeout=LIMIT_S)
    except subprocess.TimeoutExpired as error:
        raise ReadError(
            f"could not be read within {LIMIT_S:.0f} s", file=source.name, hint=f"split it, or {PRINT}"
        ) from error
    except OSError as error:
        raise ReadError(
            f"cannot start the PDF reader: {error.strerror}",
            file=source.name,
            hint="close other programs and try again",
        ) from error
    found = [json.loads(line) for line in done.stdout.splitlines() if line.endswith(b"}")]
    refused = {
        "password": ("is protected by a password", f"to remove the password, {PRINT}"),
        "pages": ("has more than 2,000 pages", "split it into smaller files"),
        "text": ("contains too much text", "check that it is the right file, or split it"),
    }
    reason, hint = next((refused[line["refused"]] for line in found if "refused" in line), ("", ""))
    if done.returncode and not reason:
        reason, hint = _broken(done, len(found)), PRINT
    if reason:
        raise ReadError(reason, file=source.name, hint=hint)
    return PdfDocument(found[0], found[1:])


def _broken(done: subprocess.CompletedProcess[bytes], page: int) -> str:
    """Return why a PDF cannot be read; raise ImportError if a package is the reason."""
    lines = done.stderr.decode("utf-8", "replace").strip().splitlines()
    said = lines[-1][:200] if lines else "the PDF reader crashed"
    if lost := in_words(said):
        raise lost
    place = f" (page {page})" if page else ""
    return f"needs too much memory{place}" if "MemoryError" in said else f"damaged PDF{place}: {said}"


def _checked(source: Source, document: PdfDocument) -> list[str]:
    """Return remarks on what cannot be read in a document; raise ReadError if that is all of it."""
    if not document.pages:
        raise ReadError("damaged PDF: it has no pages", file=source.name, hint="download or export the file again")
    text = "".join(run[0] for page in document.pages for line in page["lines"] for run in line)
    letters = len("".join(text.split()))
    unknown = text.count(UNKNOWN)
    if letters < SCAN_LETTERS * len(document.pages) and (letters == 0 or document.where("picture")):
        raise ReadError(
            "contains no text, only images of pages (a scan)",
            file=source.name,
            hint="add the text with an OCR program, for example: ocrmypdf in.pdf out.pdf",
        )
    if unknown > MANY * letters:
        raise ReadError(
            "the text cannot be extracted, because its fonts do not identify their characters",
            file=source.name,
            hint="add the text with an OCR program, for example: ocrmypdf --force-ocr in.pdf out.pdf",
        )
    scans = [{"scan": page["picture"] and not page["lines"]} for page in document.pages]
    left_out = (
        (counted(unknown, "unreadable character"), f"of {letters}" if unknown else ""),
        ("rotated text", document.where("sideways")),
        ("labels inside images", document.where("labels")),
        ("pages without text, perhaps images", replace(document, pages=scans).where("scan")),
    )
    return [f"left out: {what} ({where})" for what, where in left_out if where]


# --- from lines to text -----------------------------------------------------------------------------------------

Found = list[tuple[Block, Line]]


def _text(pages: Sequence[list[Line]], heights: Sequence[float]) -> tuple[Found, list[tuple[str, str]], list[str]]:
    """Return blocks with their first lines, (mark, text) of the footnotes, and remarks."""
    pages = [[line for line in page if line.text] for page in pages]
    body = body_size(line for page in pages for line in page)
    pages, headers = _without_headers(pages, heights, body)
    in_order = [column for page in pages for column in columns(page)]
    in_order, entries = _without_contents(in_order)
    main, foot = _without_footnotes(in_order, body)
    known = vocabulary(line.text for column in main for line in column)
    found = list(blocks_of(paragraphs(main), body, known))
    if entries:
        found = [(block, line) for block, line in found if not CONTENTS.fullmatch(block.text)]
        headers += [f"left out: the table of contents ({entries} lines)"]
    return found, list(notes(foot, known)), headers


def _without_headers(
    pages: Sequence[list[Line]], heights: Sequence[float], body: float
) -> tuple[list[list[Line]], list[str]]:
    """Return the pages without headers, footers and page numbers, and remarks on these."""
    found = headers_and_footers(pages, heights, body)
    texts = {re.sub(r"\d+", "0", line.text) for page in pages for line in page if id(line) in found}
    remarks = [f"left out (page header or footer): “{text[:80]}”" for text in sorted(texts)[:20]]
    return [[line for line in page if id(line) not in found] for page in pages], remarks


def _without_contents(in_order: Sequence[list[Line]]) -> tuple[list[list[Line]], int]:
    """Return the columns without entries of a table of contents, and the number of these."""
    kept = []
    for column in in_order:
        entries = _entries(column)
        kept.append([line for line in column if id(line) not in entries])
    return kept, sum(map(len, in_order)) - sum(map(len, kept))


def _without_footnotes(in_order: Sequence[list[Line]], body: float) -> tuple[list[list[Line]], list[Line]]:
    """Return the columns without footnotes, and the lines of these."""
    main: list[list[Line]] = []
    foot: list[Line] = []
    for column in in_order:
        unfinished = bool(foot) and foot[-1].text[-1] not in ".!?»”"
        kept, small = notes_of(column, body, goes_on=unfinished)
        main.append(kept)
        foot += small
    return main, foot


def _entries(column: Sequence[Line]) -> set[int]:
    """Return the `id`s of lines of a table of contents: those with leader dots, and neighbours without.

    Entries of chapters often have no dots, but a page number aligned with the others.
    """
    found: set[int] = set()
    for lines in (column, column[::-1]):
        edge: float | None = None
        for line in lines:
            listed = edge is not None and abs(line.x1 - edge) < 0.3 * line.size and PAGED.search(line.text)
            if LEADERS.search(line.text) or listed:
                found.add(id(line))
                edge = line.x1
            else:
                edge = None
    return found


def _titled(source: Source, document: PdfDocument, found: Found) -> tuple[str, Found]:
    """Return the title, and the blocks without the heading that repeats it."""
    heads = [(block, line) for block, line in found[:8] if block.kind == "heading" and line.page == 0]
    title = _title(document, found, heads)
    rest = [pair for pair in found if not (pair in heads and letters_of(pair[0].text) == letters_of(title))]
    if source.title:
        return source.title, found if letters_of(source.title) != letters_of(title) else rest
    return title, rest


def _title(document: PdfDocument, found: Found, heads: Found) -> str:
    """Return the document's title if it occurs on the first page (a template's does not), else the largest heading."""
    title = _meaningful(document.about.get("title", ""))
    biggest = max(heads, key=lambda head: head[1].size, default=None)
    if biggest is None:
        return title
    text = letters_of(" ".join(block.text for block, line in found if line.page == 0))
    return title if title and letters_of(title) in text else _readable(biggest[0].text)


def _meaningful(text: str) -> str:
    """Return a title or author, or "" for a placeholder such as `Document1`."""
    text = fold(text)
    return "" if NO_TITLE.fullmatch(text) else text


def _readable(text: str) -> str:
    return fold(text.replace(UNKNOWN, " "))
