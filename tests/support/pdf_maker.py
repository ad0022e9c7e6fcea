# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes PDFs to read: a small typesetter, whose every word and place is known.

Stories are texts with a paragraph a line, headings after `# `, and soft hyphens where a word may be divided.
"""

import io
import re
from pathlib import Path

import reportlab
from reportlab.lib.pagesizes import A5
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen import canvas

STORIES = Path(__file__).parent.parent / "data" / "articles" / "documents"
FONTS = Path(reportlab.__file__).parent / "fonts"
WIDTH, HEIGHT = A5
LEADING = 13.0
SIZE = 10.0
FOOT = 150.0


def story(name: str) -> list[str]:
    """Return the paragraphs of a story, soft hyphens and all."""
    return (STORIES / name).read_text(encoding="utf-8").splitlines()


def plain(text: str) -> list[str]:
    """Return the words of a text that has soft hyphens and marks of headings."""
    return re.findall(r"[\w’'-]+", text.replace("\u00ad", "").replace("# ", ""))


class Sheet:
    """Pages of columns with running heads, page numbers and what else is asked for."""

    def __init__(
        self, columns: int = 1, *, head: str = "", number: str = "", title: str = "", author: str = ""
    ) -> None:
        pdfmetrics.registerFont(TTFont("Vera", FONTS / "Vera.ttf"))
        pdfmetrics.registerFont(TTFont("VeraBd", FONTS / "VeraBd.ttf"))
        self.file = io.BytesIO()
        self.canvas = canvas.Canvas(self.file, pagesize=A5, invariant=1)
        self.canvas.setTitle(title or "untitled")
        self.canvas.setAuthor(author or "anonymous")
        self.columns, self.head, self.number = columns, head, number
        self.gap = 14.0
        self.width = (WIDTH - 80 - self.gap * (columns - 1)) / columns
        self.page, self.column, self.top = 1, 0, HEIGHT - 60
        self.foot = FOOT
        self.notes: list[tuple[str, str]] = []
        self.y = self.top

    def line(self, words: str, *, x: float = 0.0, size: float = SIZE, font: str = "Vera", stretch: float = 0.0) -> None:
        """Write one line at the place that was reached."""
        if self.y < self.foot:
            self.next_column()
        self.canvas.setFont(font, size)
        place = 40 + self.column * (self.width + self.gap) + x
        for word in words.split(" "):
            space = pdfmetrics.stringWidth(" ", font, size) + stretch
            self.canvas.drawString(place, self.y, f"{word} ")
            place += pdfmetrics.stringWidth(word, font, size) + space
        self.y -= LEADING * size / SIZE

    def next_column(self) -> None:
        """Go to the next column, or to the next page."""
        self.column += 1
        self.y = self.top
        if self.column == self.columns:
            self.finish_page()
            self.page += 1
            self.column, self.y, self.foot = 0, self.top, FOOT

    def finish_page(self) -> None:
        """Write what stands around the text."""
        self.canvas.setFont("Vera", 8)
        if self.head:
            self.canvas.drawString(40, HEIGHT - 35, self.head)
        if self.number:
            self.canvas.drawCentredString(WIDTH / 2, 25, self.number.format(self.page))
        y = 48.0
        for mark, words in reversed(self.notes):
            self.canvas.setFont("Vera", 5)
            self.canvas.drawString(40, y + 3, mark)
            self.canvas.setFont("Vera", 7.5)
            self.canvas.drawString(46, y, words)
            y += 10
        self.notes = []
        self.canvas.showPage()

    def paragraph(self, words: str, *, indent: float = 12.0, ligatures: bool = False) -> None:
        """Set a paragraph justified, its words divided where they may be."""
        for line, last, first in _broken(words, self.width, indent):
            shown = line.replace("fi", "ﬁ").replace("fl", "ﬂ") if ligatures else line
            x = indent if first else 0.0
            free = self.width - x - pdfmetrics.stringWidth(shown, "Vera", SIZE)
            self.line(shown, x=x, stretch=0.0 if last else free / max(1, shown.count(" ")))

    def heading(self, words: str) -> None:
        """Set a heading over as many lines as it takes."""
        self.y -= LEADING * 0.8
        if self.y < self.foot + 3 * LEADING:
            self.next_column()
        for line, _last, _first in _broken(words.replace("\u00ad", ""), self.width, 0, "VeraBd", 13.0):
            self.line(line, size=13.0, font="VeraBd")
        self.y -= LEADING * 0.4

    def story(self, paragraphs: list[str], *, ligatures: bool = False) -> None:
        """Set a whole story."""
        for words in paragraphs:
            if words.startswith("# "):
                self.heading(words[2:])
            else:
                self.paragraph(words, ligatures=ligatures)

    def bytes(self) -> bytes:
        """Return the finished file."""
        self.finish_page()
        self.canvas.save()
        return self.file.getvalue()


def _broken(words: str, width: float, indent: float, font: str = "Vera", size: float = SIZE):
    """Give (line, is last, is first): as many words as fit, and the part of the next one that does."""
    rest = words.split(" ")
    first = True
    while rest:
        room = width - (indent if first else 0)
        line = ""
        while rest:
            parts = _parts(rest[0])
            fits = [
                n for n in range(len(parts) + 1)
                if pdfmetrics.stringWidth(_shown(line, parts[:n], hyphen=n < len(parts)), font, size) <= room
            ]  # fmt: skip
            most = max((n for n in fits if n), default=0)
            if most == len(parts):
                line = _shown(line, parts, hyphen=False)
                rest.pop(0)
                continue
            if most:
                line = _shown(line, parts[:most], hyphen=True)
                rest[0] = "\u00ad".join(parts[most:])
            break
        assert line, f"{rest[0]} is wider than the column"
        yield line, not rest, first
        first = False


def _parts(word: str) -> list[str]:
    """Return what a word may be divided into: at soft hyphens, and after a hyphen of its own."""
    return re.split(r"\u00ad|(?<=\w-)(?=\w)", word)


def _shown(line: str, parts: list[str], *, hyphen: bool) -> str:
    word = "".join(parts)
    word += "-" if hyphen and not word.endswith("-") else ""
    return f"{line} {word}" if line else word
