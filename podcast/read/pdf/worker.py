# SPDX-License-Identifier: GPL-3.0-or-later
"""Extract the letters of a PDF: a PDF on standard input -> one JSON object a line on standard output.

This is run as a separate program that imports nothing of this package; its argument is its memory limit in bytes, where
the system supports one. A damaged or hostile PDF can make any reader crash, run forever or use up the memory; in a
separate process that ends in a clear error. The output:

    {"title": …, "author": …, "date": …} or {"refused": "password" | "pages" | "text"}     first or last line
    {"width", "height", "lines", "links", "picture", "sideways", "labels"}                 one a page

A line is a list of runs, a run is [text, size in pt, bold, x0, y0, x1, y1], y from the bottom of the page; letters
for which the font has no Unicode are U+FFFD. `sideways` counts letters that were left out because they are rotated,
`labels` those inside an image.
"""

import contextlib
import io
import json
import re
import sys
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
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
"""Limit of a document: ten times the longest novel."""
MIN_LINE = 25
"""Minimum length of a line of running text, as opposed to a label in an image."""

Run = list[Any]
"""[text, size, bold, x0, y0, x1, y1] of letters that look alike."""

BOLD = re.compile(r"bold|black|heavy|demi", re.IGNORECASE)
LAYOUT = LAParams()

ACCENTS = "`´ˆ˜¨˝˚ˇ˘¯˙¸˛"
LIGATURES = ("ff", "fi", "fl", "ffi", "ffl")
OT1 = (
    dict(enumerate("ΓΔΘΛΞΠΣΥΦΨΩ"))
    | dict(enumerate((*LIGATURES, *"ıȷ`´ˇ˘¯˚¸ßæœøÆŒØ"), start=11))
    | {34: "”", 39: "’", 60: "¡", 62: "¿", 92: "“", 94: "ˆ", 95: "˙", 96: "‘", 123: "–", 124: "—"}
    | {125: "˝", 126: "˜", 127: "¨"}
)
"""TeX's first encoding (OT1), where it differs from ASCII."""
LATIN = {code: chr(code) for code in range(0xA0, 0x100)} | {
    code: bytes([code]).decode("cp1252", "replace") for code in range(0x80, 0xA0)
}
T1 = (
    dict(enumerate((*ACCENTS, *"‚‹›“”„«»–—", "", "\ufffd", "ı", "ȷ", *LIGATURES)))
    | {39: "’", 96: "‘", 127: "-"}
    | dict(enumerate("ĂĄĆČĎĚĘĞĹĽŁŃŇŊŐŔŘŚŠŞŤŢŰŮŸŹŽŻĲİđ§ăąćčďěęğĺľłńňŋőŕřśšşťţűůÿźžżĳ¡¿£", start=0x80))
    | {code: letter for code, letter in LATIN.items() if code >= 0xC0}
    | {0xD7: "Œ", 0xDF: "SS", 0xF7: "œ", 0xFF: "ß"}
)
"""TeX's later encoding (T1, Cork)."""
TEX = re.compile(r"(?:.{6}\+)?cm(?:r|b|bx|ti|bxti|sl|bxsl|ss|ssi|ssbx|csc|dunh|u)\d+", re.IGNORECASE)
"""Names of TeX's first text fonts; those for formulas and code have other encodings."""
NUMBERED = re.compile(r"[a-zA-Z]?(\d{1,3})")
MIN_LOWERCASE = 10
"""Minimum number of lower-case letters in a font for text, as opposed to formulas."""


class FontManager(PDFResourceManager):
    """Loads fonts, and adds a mapping to Unicode to those whose glyph names are only codes."""

    def get_font(self, objid: object, spec: Mapping[str, object]) -> PDFFont:
        """Return a font, see PDFResourceManager."""
        font = super().get_font(objid, spec)
        if isinstance(font, PDFSimpleFont) and font.unicode_map is None and (known := unicode_map_of(spec)):
            font.cid2unicode = {**font.cid2unicode, **known}
        return font


def unicode_map_of(spec: Mapping[str, Any]) -> Mapping[int, str]:
    """Return code -> text for fonts without usable glyph names: bitmap fonts, and old TeX fonts; empty for others."""
    encoding = resolve1(spec.get("Encoding"))
    named = glyph_names(list_value(encoding.get("Differences", ()))) if isinstance(encoding, dict) else {}
    if str(spec.get("Subtype")) == "/'Type3'":
        return bitmap_font_map(named)
    font = str(getattr(resolve1(spec.get("BaseFont")), "name", ""))
    has_encoding = isinstance(encoding, PSLiteral) or (isinstance(encoding, dict) and "BaseEncoding" in encoding)
    if has_encoding or not TEX.fullmatch(font):
        return {}
    return {code: text for code, text in OT1.items() if code not in named}


def bitmap_font_map(named: Mapping[int, str]) -> Mapping[int, str]:
    """Return code -> text for a bitmap font whose glyph names are codes: `a65` is A."""
    if not all((found := NUMBERED.fullmatch(name)) and int(found[1]) == code for code, name in named.items()):
        return {}
    ascii_ = {code: chr(code) for code in named if 32 <= code < 127}
    if not all(name.startswith("a") for name in named.values()):
        return ascii_ | LATIN
    if sum(letter.islower() for letter in ascii_.values()) < MIN_LOWERCASE:
        return ascii_
    return ascii_ | (T1 if is_t1(set(named)) else OT1)


def is_t1(codes: AbstractSet[int]) -> bool:
    """Return True if a TeX font is in the later encoding: T1 has letters at 27-31, OT1 has ligatures at 11-15."""
    return max(codes) >= 0x80 or (not codes.isdisjoint(range(27, 32)) and codes.isdisjoint(range(11, 16)))


def glyph_names(differences: Iterable[Any]) -> dict[int, str]:
    """Return code -> glyph name (ISO 32000-1, 9.6.6.1): [65, /a65, /a66] -> {65: "a65", 66: "a66"}."""
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


class LetterCollector(PDFLayoutAnalyzer):
    """Collects the letters of a page, not its lines and areas."""

    page: LTPage

    def paint_path(self, *_arguments: Any, **_named: Any) -> None:
        """Ignore paths."""

    def receive_layout(self, ltpage: LTPage) -> None:
        """Keep the page."""
        self.page = ltpage


def main() -> None:
    """Read one document."""
    with contextlib.suppress(ImportError, ValueError, OSError):  # not on Windows; there may already be a lower limit
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (int(sys.argv[1]), resource.getrlimit(resource.RLIMIT_AS)[1]))
    try:
        for found in pages(sys.stdin.buffer.read()):
            sys.stdout.write(json.dumps(found) + "\n")
    except (PDFPasswordIncorrect, PDFEncryptionError):
        sys.stdout.write('{"refused": "password"}\n')


def pages(data: bytes) -> Iterator[dict[str, Any]]:
    """Yield the metadata of the document, then its pages."""
    document = PDFDocument(PDFParser(io.BytesIO(data)))
    yield about(document)
    manager = FontManager()
    device = LetterCollector(manager)
    interpreter = PDFPageInterpreter(manager, device)
    letters = 0
    for number, page in enumerate(PDFPage.create_pages(document)):
        if number == MAX_PAGES:
            yield {"refused": "pages"}
            return
        interpreter.process_page(page)
        if turn := rotation_of(device.page):
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


def rotation_of(page: LTPage) -> int:
    """Return the degrees by which to rotate a page so that most of its letters are upright."""
    chars = [item for item in page if isinstance(item, LTChar)]
    for figure in page:
        chars += inside(figure) if isinstance(figure, LTFigure) else []
    angles: Counter[int] = Counter()
    for item in chars:
        angles[angle_of(item)] += not item.get_text().isspace()
    angle, count = angles.most_common(1)[0] if angles else (0, 0)
    return angle if 2 * count > angles.total() else 0


def angle_of(item: LTChar) -> int:
    """Return the direction of a letter in degrees, rounded to a right angle."""
    a, b = item.matrix[:2]
    if abs(a) >= abs(b):
        return 0 if a > 0 else 180
    return 90 if b > 0 else 270


def page_of(page: LTPage) -> dict[str, Any]:
    """Return the lines of a page, and what was left out."""
    chars = [item for item in page if isinstance(item, LTChar)]
    figures = [item for item in page if isinstance(item, LTFigure)]
    groups = [chars, *map(inside, figures)]
    lines, labels = list(lines_of(page, chars)), 0
    for group in groups[1:]:
        found = list(lines_of(page, group))
        if is_text(found):
            lines += found
        else:
            labels += sum(len(run[0]) for line in found for run in line)
    return {
        "width": page.width,
        "height": page.height,
        "lines": lines,
        "picture": any(isinstance(item, LTImage) for figure in figures for item in figure),
        "sideways": sum(map(count_sideways, groups)),
        "labels": labels,
    }


def count_sideways(chars: Iterable[LTChar]) -> int:
    """Return the number of letters that are not upright."""
    return sum(1 for item in chars if not item.upright and not item.get_text().isspace())


def inside(figure: LTFigure) -> list[LTChar]:
    """Return the letters in a figure (a form XObject) and in the figures in it."""
    found: list[LTChar] = []
    for item in figure:
        if isinstance(item, LTChar):
            found.append(item)
        elif isinstance(item, LTFigure):
            found += inside(item)
    return found


def is_text(lines: list[list[Run]]) -> bool:
    """Return True for running text, which some programs wrap as a figure, and False for labels of a drawing."""
    lengths = sorted(sum(len(run[0]) for run in line) for line in lines)
    return bool(lengths) and lengths[len(lengths) // 2] >= MIN_LINE


def lines_of(page: LTPage, chars: Iterable[LTChar]) -> Iterator[list[Run]]:
    """Yield the lines on a page, as runs of letters that look alike."""
    upright = [item for item in chars if item.upright and item.size >= 1]
    for line in page.group_objects(LAYOUT, upright) if upright else ():
        runs = runs_of(list(line))
        if any(run[0].strip() for run in runs) and on_page(page, runs):
            yield runs


def runs_of(items: Sequence[Any]) -> list[Run]:
    """Return the letters of a line, and the spaces that pdfminer adds, as runs."""
    runs: list[Run] = []
    for item, following in zip(items, [*items[1:], None], strict=True):
        if not isinstance(item, LTChar):
            if runs:
                runs[-1][0] += item.get_text()
        elif not is_invisible(item, following):
            add(runs, item)
    return runs


def is_invisible(item: LTChar, following: Any) -> bool:
    """Return True for a soft hyphen that a browser wrote as a zero-width space."""
    overlaps = isinstance(following, LTChar) and following.x0 < (item.x0 + item.x1) / 2
    return overlaps and item.get_text() == " "


def add(runs: list[Run], item: LTChar) -> None:
    """Add a letter to the last run, if it looks like it, or as a new run."""
    text = text_of(item)
    size, bold, y0 = round(item.size, 1), bool(BOLD.search(item.fontname)), round(item.y0, 1)
    if runs and [*runs[-1][1:3], runs[-1][4]] == [size, bold, y0]:
        runs[-1][0] += text
        runs[-1][5] = max(runs[-1][5], round(item.x1, 1))
    else:
        runs.append([text, size, bold, round(item.x0, 1), y0, round(item.x1, 1), round(item.y1, 1)])


def text_of(item: LTChar) -> str:
    """Return the text of a letter: U+FFFD if it is unknown; a ligature from right to left is reversed, as all text."""
    text = str(item.get_text())
    if text == "\u00ad":  # many fonts use this code for the hyphen; without width it is invisible
        return "-" if item.width > 0 else ""
    if text.startswith("(cid:"):
        return "\ufffd"
    is_ligature = len(text) > 1 and unicodedata.bidirectional(text[0]) in {"R", "AL"}
    return text[::-1] if is_ligature else text


def on_page(page: LTPage, runs: list[Run]) -> bool:
    """Return False for text outside the page."""
    x = (runs[0][3] + runs[-1][5]) / 2
    y = (runs[0][4] + runs[0][6]) / 2
    return bool(page.x0 <= x <= page.x1 and page.y0 <= y <= page.y1)


def links(page: PDFPage) -> Iterator[str]:
    """Yield the URLs that a page links to (ISO 32000-1, 12.6.4.7)."""
    for entry in list_value(page.annots) if page.annots else ():
        annotation = resolve1(entry) if isinstance(entry, PDFObjRef) else entry
        action = resolve1(annotation.get("A")) if isinstance(annotation, dict) else None
        if isinstance(action, dict) and "URI" in action:
            address = str_value(action["URI"]).decode("utf-8", "replace")
            if address.startswith(("http://", "https://")):
                yield address


if __name__ == "__main__":
    main()
