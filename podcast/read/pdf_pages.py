# SPDX-License-Identifier: GPL-3.0-or-later
"""PDF on standard input -> its pages on standard output, a JSON object a line.

Run as a program of its own; its argument is the bytes of memory that it may take, if the system can be told. A PDF is a
program for a page printer: a damaged or hostile one can make any reader of it crash, run for ever or fill the memory.
In a process of its own that ends in a clear error. It knows nothing of this package:

    {"title": …, "author": …, "date": …} or {"refused": "password" | "pages" | "text"}     first or last line
    {"width", "height", "lines", "links", "picture", "sideways", "labels"}                 one a page

A line is a list of runs, a run is [text, size in pt, bold, x0, y0, x1, y1], y from the foot of the page; letters that
the font has no Unicode for are U+FFFD. `sideways` counts letters that were left out because they are turned,
`labels` those that stand in a picture.
"""

import contextlib
import io
import json
import re
import sys
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from pdfminer.converter import PDFLayoutAnalyzer
from pdfminer.layout import LAParams, LTChar, LTFigure, LTImage, LTPage
from pdfminer.pdfdocument import PDFDocument, PDFEncryptionError, PDFPasswordIncorrect
from pdfminer.pdffont import PDFFont, PDFSimpleFont
from pdfminer.pdfinterp import PDFPageInterpreter, PDFResourceManager
from pdfminer.pdfpage import PDFPage
from pdfminer.pdfparser import PDFParser
from pdfminer.pdftypes import PDFObjRef, list_value, resolve1, str_value
from pdfminer.psparser import PSLiteral
from pdfminer.utils import decode_text

MAX_PAGES = 2_000
MAX_LETTERS = 20_000_000
"""Of a whole document: ten times the longest novel."""
PROSE = 25
"""Letters of a line of running text, rather than of a label in a picture."""

BOLD = re.compile(r"bold|black|heavy|demi", re.IGNORECASE)
LAYOUT = LAParams()

ACCENTS = "`´ˆ˜¨˝˚ˇ˘¯˙¸˛"
LIGATURES = ("ff", "fi", "fl", "ffi", "ffl")
OLD = (
    dict(enumerate("ΓΔΘΛΞΠΣΥΦΨΩ"))
    | dict(enumerate((*LIGATURES, *"ıȷ`´ˇ˘¯˚¸ßæœøÆŒØ"), start=11))
    | {34: "”", 39: "’", 60: "¡", 62: "¿", 92: "“", 94: "ˆ", 95: "˙", 96: "‘", 123: "–", 124: "—"}
    | {125: "˝", 126: "˜", 127: "¨"}
)
"""What the codes of TeX's first fonts mean (OT1), where they are not those of ASCII."""
LATIN = {code: chr(code) for code in range(0xA0, 0x100)} | {
    code: bytes([code]).decode("cp1252", "replace") for code in range(0x80, 0xA0)
}
CORK = (
    dict(enumerate((*ACCENTS, *"‚‹›“”„«»–—", "", "\ufffd", "ı", "ȷ", *LIGATURES)))
    | {39: "’", 96: "‘", 127: "-"}
    | dict(enumerate("ĂĄĆČĎĚĘĞĹĽŁŃŇŊŐŔŘŚŠŞŤŢŰŮŸŹŽŻĲİđ§ăąćčďěęğĺľłńňŋőŕřśšşťţűůÿźžżĳ¡¿£", start=0x80))
    | {code: letter for code, letter in LATIN.items() if code >= 0xC0}
    | {0xD7: "Œ", 0xDF: "SS", 0xF7: "œ", 0xFF: "ß"}
)
"""Of its later ones (T1)."""
TEX = re.compile(r"(?:.{6}\+)?cm(?:r|b|bx|ti|bxti|sl|bxsl|ss|ssi|ssbx|csc|dunh|u)\d+", re.IGNORECASE)
"""Names of TeX's first fonts for text; those for formulas and for code have other signs."""
NUMBERED = re.compile(r"[a-zA-Z]?(\d{1,3})")
TEXT = 10
"""Letters of the alphabet in a font for text, rather than for formulas."""


class Fonts(PDFResourceManager):
    """Knows what letters mean in fonts that do not say it, but call them by their codes."""

    def get_font(self, objid: object, spec: Mapping[str, object]) -> PDFFont:
        """Return a font."""
        font = super().get_font(objid, spec)
        if isinstance(font, PDFSimpleFont) and font.unicode_map is None and (known := meant(spec)):
            font.cid2unicode = {**font.cid2unicode, **known}
        return font


def meant(spec: Mapping[str, Any]) -> Mapping[int, str]:
    """Return what the codes of a font mean that has no names for its letters: bitmaps, and old fonts of TeX."""
    encoding = resolve1(spec.get("Encoding"))
    named = names(list_value(encoding.get("Differences", ()))) if isinstance(encoding, dict) else {}
    if str(spec.get("Subtype")) != "/'Type3'":
        font = str(getattr(resolve1(spec.get("BaseFont")), "name", ""))
        told = isinstance(encoding, PSLiteral) or (isinstance(encoding, dict) and "BaseEncoding" in encoding)
        return {} if told or not TEX.fullmatch(font) else {c: t for c, t in OLD.items() if c not in named}
    if not all((found := NUMBERED.fullmatch(name)) and int(found[1]) == code for code, name in named.items()):
        return {}
    ascii_ = {code: chr(code) for code in named if 32 <= code < 127}
    if not all(name.startswith("a") for name in named.values()):
        return ascii_ | LATIN
    if sum(letter.islower() for letter in ascii_.values()) < TEXT:
        return ascii_
    cork = max(named) >= 0x80 or (set(named) & set(range(27, 32)) and not set(named) & set(range(11, 16)))
    return ascii_ | (CORK if cork else OLD)


def names(differences: Iterable[Any]) -> dict[int, str]:
    """Return the names of letters by their codes (ISO 32000-1, 9.6.6.1)."""
    found: dict[int, str] = {}
    code = 0
    for each in map(resolve1, differences):
        if isinstance(each, int):
            code = each
        elif isinstance(each, PSLiteral):
            if each.name != ".notdef":
                found[code] = str(each.name)
            code += 1
    return found


class Device(PDFLayoutAnalyzer):
    """Keeps the letters of a page, not its strokes."""

    page: LTPage

    def paint_path(self, *_arguments: Any, **_named: Any) -> None:
        """Ignore lines and areas."""

    def receive_layout(self, ltpage: LTPage) -> None:
        """Keep the page."""
        self.page = ltpage


def main() -> None:
    """Read one document."""
    with contextlib.suppress(ImportError, ValueError, OSError):  # Windows has none; a lower limit may stand already
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (int(sys.argv[1]), resource.getrlimit(resource.RLIMIT_AS)[1]))
    try:
        for found in pages(sys.stdin.buffer.read()):
            sys.stdout.write(json.dumps(found) + "\n")
    except (PDFPasswordIncorrect, PDFEncryptionError):
        sys.stdout.write('{"refused": "password"}\n')


def pages(data: bytes) -> Iterator[dict[str, Any]]:
    """Give what the document says of itself, then its pages."""
    document = PDFDocument(PDFParser(io.BytesIO(data)))
    yield about(document)
    manager = Fonts()
    device = Device(manager)
    interpreter = PDFPageInterpreter(manager, device)
    letters = 0
    for number, page in enumerate(PDFPage.create_pages(document)):
        if number == MAX_PAGES:
            yield {"refused": "pages"}
            return
        interpreter.process_page(page)
        if turn := turned(device.page):
            page.rotate = (page.rotate + turn) % 360
            interpreter.process_page(page)
        laid = page_of(device.page)
        letters += sum(len(run[0]) for line in laid["lines"] for run in line)
        if letters > MAX_LETTERS:
            yield {"refused": "text"}
            return
        yield {**laid, "links": list(links(page))}


def about(document: PDFDocument) -> dict[str, str]:
    """Return the entries of the information dictionary (ISO 32000-1, 14.3.3) as text."""
    found: dict[str, str] = {}
    for info in document.info:
        for key, name in (("Title", "title"), ("Author", "author"), ("CreationDate", "date")):
            value = resolve1(info.get(key))
            if isinstance(value, bytes):
                found[name] = value.decode("utf-8-sig") if value[:3] == b"\xef\xbb\xbf" else decode_text(value)
    return found


def turned(page: LTPage) -> int:
    """Return by how many degrees a page has to be turned for most of its letters to stand upright."""
    chars = [item for item in page if isinstance(item, LTChar)]
    for figure in page:
        chars += inside(figure) if isinstance(figure, LTFigure) else []
    ways: Counter[int] = Counter()
    for item in chars:
        a, b = item.matrix[:2]
        ways[(0 if a > 0 else 180) if abs(a) >= abs(b) else (90 if b > 0 else 270)] += not item.get_text().isspace()
    turn, count = ways.most_common(1)[0] if ways else (0, 0)
    return turn if 2 * count > ways.total() else 0


def page_of(page: LTPage) -> dict[str, Any]:
    """Return the lines of a page, and what was left out."""
    chars = [item for item in page if isinstance(item, LTChar)]
    labels, sideways, picture = 0, 0, False
    figures = [item for item in page if isinstance(item, LTFigure)]
    lines: list[list[list[Any]]] = []
    for group in (chars, *map(inside, figures)):
        upright = [item for item in group if item.upright and item.size >= 1]
        sideways += sum(1 for item in group if not item.upright and not item.get_text().isspace())
        found = [line for line in lines_of(page, upright) if line]
        if group is chars or is_text(found):
            lines += found
        else:
            labels += sum(len(run[0]) for line in found for run in line)
    for figure in figures:
        picture = picture or any(isinstance(item, LTImage) for item in figure)
    return {
        "width": page.width,
        "height": page.height,
        "lines": lines,
        "picture": picture,
        "sideways": sideways,
        "labels": labels,
    }


def inside(figure: LTFigure) -> list[LTChar]:
    """Return the letters in a figure (a form XObject) and in the figures in it."""
    found: list[LTChar] = []
    for item in figure:
        if isinstance(item, LTChar):
            found.append(item)
        elif isinstance(item, LTFigure):
            found += inside(item)
    return found


def is_text(lines: list[list[list[Any]]]) -> bool:
    """Tell running text, which some writers wrap as a figure, from the labels of a drawing."""
    lengths = sorted(sum(len(run[0]) for run in line) for line in lines)
    return bool(lengths) and lengths[len(lengths) // 2] >= PROSE


def lines_of(page: LTPage, chars: list[LTChar]) -> Iterator[list[list[Any]]]:
    """Give the lines on a page as runs of letters that look alike."""
    for line in page.group_objects(LAYOUT, chars) if chars else ():
        runs: list[list[Any]] = []
        items = list(line)
        for item, following in zip(items, [*items[1:], None], strict=True):
            text = item.get_text()
            if not isinstance(item, LTChar):
                if runs:
                    runs[-1][0] += text
                continue
            if text == " " and isinstance(following, LTChar) and following.x0 < (item.x0 + item.x1) / 2:
                continue  # browsers write a soft hyphen, which is not seen, as a space without width
            if text == "\u00ad":  # many fonts call their hyphen so; drawn without width it is not seen
                text = "-" if item.width > 0 else ""
            text = "\ufffd" if text.startswith("(cid:") else text
            if len(text) > 1 and unicodedata.bidirectional(text[0]) in {"R", "AL"}:
                text = text[::-1]  # a ligature, in the order of all others: from the left
            look = [round(item.size, 1), bool(BOLD.search(item.fontname)), round(item.y0, 1)]
            if runs and [*runs[-1][1:3], runs[-1][4]] == look:
                runs[-1][0] += text
                runs[-1][5] = max(runs[-1][5], round(item.x1, 1))
            else:
                runs.append([text, *look[:2], round(item.x0, 1), look[2], round(item.x1, 1), round(item.y1, 1)])
        yield runs if any(run[0].strip() for run in runs) and on_page(page, runs) else []


def on_page(page: LTPage, runs: list[list[Any]]) -> bool:
    """Return False for what stands beyond the edge of the sheet."""
    x = (runs[0][3] + runs[-1][5]) / 2
    y = (runs[0][4] + runs[0][6]) / 2
    return bool(page.x0 <= x <= page.x1 and page.y0 <= y <= page.y1)


def links(page: PDFPage) -> Iterator[str]:
    """Give the web addresses that a page leads to (ISO 32000-1, 12.6.4.7)."""
    for entry in list_value(page.annots) if page.annots else ():
        annotation = resolve1(entry) if isinstance(entry, PDFObjRef) else entry
        action = resolve1(annotation.get("A")) if isinstance(annotation, dict) else None
        if isinstance(action, dict) and "URI" in action:
            address = str_value(action["URI"]).decode("utf-8", "replace")
            if address.startswith(("http://", "https://")):
                yield address


if __name__ == "__main__":
    main()
