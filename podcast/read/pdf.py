# SPDX-License-Identifier: GPL-3.0-or-later
"""PDF -> Article.

A PDF says where letters stand on paper, not what they belong to. `pdf_pages` finds the letters, in a process of its
own; `layout` puts lines into the order of reading and drops running heads and page numbers; `paragraphs` and `hyphens`
make running text of them. Headings are known by their type. Footnotes stand at the end, their marks are gone.
"""

import datetime as dt
import json
import re
import subprocess
import sys
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from podcast.errors import ReadError
from podcast.imports import in_words
from podcast.model import Article, Block, Link
from podcast.read.byline import signed
from podcast.read.common import LEADERS, fold, links_in
from podcast.read.finish import finish, with_footnotes, without_boilerplate
from podcast.read.hyphens import vocabulary
from podcast.read.layout import Line, body_size, columns, furniture, line_of
from podcast.read.paragraphs import blocks_of, notes, notes_of, paragraphs
from podcast.read.source import Source
from podcast.text import counted

PROGRAM = Path(__file__).with_name("pdf_pages.py")
LIMIT_S = 600.0
"""For a whole document; 300 close pages take 20 s."""

MAX_MEMORY = 2 * 1024**3
"""Bytes; a page of text needs a thousandth of it."""
SCAN_LETTERS = 20
"""Fewer letters a page are a stamp on a scan."""
UNKNOWN = "\ufffd"
MANY = 0.05
"""Part of letters without a meaning that makes a text useless."""

PRINT = "open it in a PDF reader and print it to a new PDF"

NO_TITLE = re.compile(
    r"(?:microsoft (?:word|powerpoint) - .*|untitled\W*\d*|sans titre\W*\d*|document\d*|\(anonymous\)|anonymous|"
    r"présentation\d*|presentation\d*|print|\S+\.(?:docx?|odt|rtf|pptx?|pdf|tex|dvi|indd|qxd|html?|txt|ps|md))",
    re.IGNORECASE,
)
"""Titles that programs put where no person has."""
CONTENTS = re.compile(r"(?:table des matières|sommaire|(?:table of )?contents|inhalt\w*|índice|indice)", re.IGNORECASE)
PAGED = re.compile(r"(?:[|\s]|^)(?:\d{1,4}|[ivxlc]+)$")
"""The end of an entry of a table of contents."""
CITATION = re.compile(r"[\s\u00a0]?\[[1-9]\d{0,2}(?:\s?[,–-]\s?[1-9]\d{0,2})*\]")
"""A number in the text that refers to a numbered list of works, as [3] or [3, 7]."""
WORKS = re.compile(r"\[1\]")


@dataclass(frozen=True)
class Document:
    """What the pages of a document say."""

    about: Mapping[str, str]
    pages: Sequence[Mapping[str, Any]]

    def where(self, key: str) -> str:
        """Return the numbers of the pages that have something, in words."""
        numbers = [number for number, page in enumerate(self.pages, start=1) if page[key]]
        words = ", ".join(map(str, numbers[:5])) + (" …" if len(numbers) > 5 else "")
        return f"page{'s' if len(numbers) > 1 else ''} {words}" if numbers else ""


def read(source: Source) -> Sequence[Article]:
    """Return the one article of a PDF.

    Raises ReadError if it is damaged, encrypted, a scan without text, or too large.
    """
    document = _document(source)
    remarks = _judged(source, document)
    pages = [[line_of(n, runs) for runs in page["lines"]] for n, page in enumerate(document.pages)]
    found, footnotes, dropped = _text(pages, [page["height"] for page in document.pages])
    remarks += dropped
    title, found = _titled(source, document, found)
    blocks = [replace(block, text=_said(block.text)) for block, _ in found]
    blocks, furnished = without_boilerplate(blocks)
    remarks += furnished
    if any(WORKS.match(block.text) for block in blocks):
        blocks = [replace(b, text=b.text[:4] + CITATION.sub("", b.text[4:])) for b in blocks]
    links = [Link(address) for page in document.pages for address in page["links"]]
    footnotes = [(mark, _said(text)) for mark, text in footnotes]
    texts = [block.text for block in blocks] + [text for _, text in footnotes]
    links += [link for text in texts for link in links_in(text)]
    author = fold(document.about.get("author", ""))
    author = "" if NO_TITLE.fullmatch(author) else author
    blocks, author, published = signed(blocks, author, moment_of(document.about.get("date", "")))
    article = finish(
        source,
        title,
        blocks,
        links=links,
        remarks=remarks,
        author=author,
        published=published,
        url=source.url,
    )
    return (with_footnotes(article, footnotes),)


def moment_of(text: str) -> dt.datetime | None:
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


def _document(source: Source) -> Document:
    """Return the pages as the program beside this module gives them."""
    try:
        command = [sys.executable, "-P", str(PROGRAM), str(MAX_MEMORY)]
        done = subprocess.run(command, input=source.data, capture_output=True, check=False, timeout=LIMIT_S)
    except subprocess.TimeoutExpired as error:
        raise ReadError(
            f"{source.name}: could not be read within {LIMIT_S:.0f} s", hint=f"split it, or {PRINT}"
        ) from error
    except OSError as error:
        raise ReadError(
            f"{source.name}: cannot start the PDF reader: {error.strerror}", hint="close other programs and try again"
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
        raise ReadError(f"{source.name}: {reason}", hint=hint)
    return Document(found[0], found[1:])


def _broken(done: subprocess.CompletedProcess[bytes], page: int) -> str:
    """Return why a PDF cannot be read; raise ImportError if a package is the reason."""
    lines = done.stderr.decode("utf-8", "replace").strip().splitlines()
    said = lines[-1][:200] if lines else "the PDF reader crashed"
    if lost := in_words(said):
        raise lost
    place = f" (page {page})" if page else ""
    return f"needs too much memory{place}" if "MemoryError" in said else f"damaged PDF{place}: {said}"


def _judged(source: Source, document: Document) -> list[str]:
    """Return remarks on what cannot be read in it; raise ReadError if that is all."""
    if not document.pages:
        raise ReadError(f"{source.name}: damaged PDF: it has no pages", hint="download or export the file again")
    text = "".join(run[0] for page in document.pages for line in page["lines"] for run in line)
    letters = sum(1 for c in text if not c.isspace())
    if letters < SCAN_LETTERS * len(document.pages) and (letters == 0 or document.where("picture")):
        raise ReadError(
            f"{source.name}: contains no text, only images of pages (a scan)",
            hint="add the text with an OCR program, for example: ocrmypdf in.pdf out.pdf",
        )
    unknown = text.count(UNKNOWN)
    if unknown > MANY * letters:
        raise ReadError(
            f"{source.name}: the text cannot be extracted, because its fonts do not identify their characters",
            hint="add the text with an OCR program, for example: ocrmypdf --force-ocr in.pdf out.pdf",
        )
    empty = [{**page, "scan": page["picture"] and not page["lines"]} for page in document.pages]
    return [
        f"left out: {what} ({where})"
        for what, where in (
            (counted(unknown, "unreadable character"), f"of {letters}" if unknown else ""),
            ("rotated text", document.where("sideways")),
            ("labels inside images", document.where("labels")),
            ("pages without text, perhaps images", replace(document, pages=empty).where("scan")),
        )
        if where
    ]


# --- from lines to text -----------------------------------------------------------------------------------------

Found = list[tuple[Block, Line]]


def _text(pages: Sequence[list[Line]], heights: Sequence[float]) -> tuple[Found, list[tuple[str, str]], list[str]]:
    """Return blocks with their first lines, (mark, text) of the footnotes, and remarks."""
    pages = [[line for line in page if line.text] for page in pages]
    body = body_size(line for page in pages for line in page)
    heads = furniture(pages, heights, body)
    dropped = [line.text for page in pages for line in page if id(line) in heads]
    main: list[list[Line]] = []
    foot: list[Line] = []
    leaders = 0
    for page in pages:
        for column in columns([line for line in page if id(line) not in heads]):
            entries = _entries(column)
            kept = [line for line in column if id(line) not in entries]
            leaders += len(column) - len(kept)
            open_ = bool(foot) and foot[-1].text[-1] not in ".!?»”"
            kept, small = notes_of(kept, body, goes_on=open_)
            main.append(kept)
            foot += small
    known: Collection[str] = vocabulary(line.text for column in main for line in column)
    found = list(blocks_of(paragraphs(main), body, known))
    if leaders:
        found = [(block, line) for block, line in found if not CONTENTS.fullmatch(block.text)]
    remarks = [f"left out (page header or footer): “{text[:80]}”" for text in sorted(set(map(_headed, dropped)))[:20]]
    remarks += [f"left out: the table of contents ({leaders} lines)"] if leaders else []
    return found, list(notes(foot, known)), remarks


def _entries(column: Sequence[Line]) -> set[int]:
    """Return the `id`s of the lines of a table of contents: those with dots, and beside them those without.

    Chapters often have none; their page numbers stand under the others.
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


def _headed(text: str) -> str:
    return re.sub(r"\d+", "0", text)


def _titled(source: Source, document: Document, found: Found) -> tuple[str, Found]:
    """Return the title, and the blocks without the heading that it is."""
    said = fold(document.about.get("title", ""))
    said = "" if NO_TITLE.fullmatch(said) else said
    heads = [(block, line) for block, line in found[:8] if block.kind == "heading" and line.page == 0]
    biggest = max(heads, key=lambda head: head[1].size, default=None)
    text = _bare(" ".join(block.text for block, line in found if line.page == 0))
    if biggest and (not said or _bare(said) not in text):
        said = _said(biggest[0].text)  # a template's title stands nowhere in the text
    rest = [pair for pair in found if not (pair in heads and _bare(pair[0].text) == _bare(said))]
    if source.title:
        return source.title, found if _bare(source.title) != _bare(said) else rest
    return said, rest


def _said(text: str) -> str:
    return fold(text.replace(UNKNOWN, " "))


def _bare(text: str) -> str:
    return "".join(c for c in text.casefold() if c.isalnum())
