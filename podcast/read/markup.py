# SPDX-License-Identifier: GPL-3.0-or-later
"""HTML elements -> blocks, nothing left out: for markup that is an article already (feed entries, chapters of a book).

Pages of a site are another matter: there the article has to be found first (html.py). What is not read is taken out
before, for both (tidy.py).
"""

import re
from collections.abc import Callable
from html import unescape
from typing import Any, NamedTuple
from urllib.parse import urljoin

from podcast.errors import ReadError
from podcast.model import Block, Link
from podcast.read.common import ENDED, SAID, fold, is_named, links_in, without_credit
from podcast.read.elements import name_of
from podcast.read.tidy import tidy, writable

BLOCKS = {
    "address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details", "div", "dl", "dt",
    "fieldset",
    "figcaption", "figure", "footer", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hgroup", "hr", "html", "li",
    "main", "ol", "p", "pre", "section", "summary", "table", "ul",
}  # fmt: skip

LABELS = frozenset(("a", "span", "time", "cite"))
"""Elements of which a few stand in a row, each a line or a word of its own: who, of where, when."""
CELL = 400
"""Characters; no cell of a table of data has more."""
ROW = 40
"""The same, of a table of one row: a sign beside what it is the sign of."""
DEEPEST = 150
"""Elements in each other; what lies deeper is taken as words alone."""
HEAP = re.compile(r"(<[a-zA-Z][^<>]{0,200}>\s*+)(?:<[a-zA-Z][^<>]{0,200}>\s*+){200,}")
"""More opening tags in a row than any page has."""
HEAP_BYTES = re.compile(HEAP.pattern.encode())


def blocks(root: Any, links: list[Link], base: str = "", places: dict[str, int] | None = None) -> tuple[Block, ...]:
    """Return all that stands in an element, in the order of reading; the addresses of its links go to `links`.

    Relative addresses are taken from `base`. `places` gets, for each id in the markup, the index of the block that
    begins there. Call `tidy` before.
    """
    walk = _Walk(links, base, {} if places is None else places)
    walk.element(root, "paragraph", 0)
    walk.flush("paragraph", 0)
    return tuple(walk.found)


class LocatedBlock(NamedTuple):
    """A block, and where in the markup it stands."""

    block: Block
    holder: Any
    """The element that holds it and nothing else, or more."""
    linked: int
    """How many of its characters are those of links."""
    links: tuple[Link, ...]


def located_blocks(root: Any, base: str = "") -> tuple[LocatedBlock, ...]:
    """Return the blocks of an element as `blocks` does, each with where it stands."""
    links: list[Link] = []
    walk = _Walk(links, base, {})
    walk.element(root, "paragraph", 0)
    walk.flush("paragraph", 0)
    ends = [end for _, _, end in walk.traces]
    return tuple(
        LocatedBlock(block, holder, linked, tuple(links[start:end]))
        for block, (holder, linked, end), start in zip(walk.found, walk.traces, [0, *ends], strict=False)
    )


def of_markup(text: str | bytes, links: list[Link], base: str = "", name: str = "an entry") -> tuple[Block, ...]:
    """Return all that stands in a piece of markup, tidied.

    Raises ReadError if it is too deep to be read to its end.
    """
    from lxml import etree, html

    if not text.strip():
        return ()
    text = shallow(text)
    parser = html.HTMLParser(huge_tree=True, encoding="utf-8" if isinstance(text, bytes) else None)
    try:
        root: Any = html.fragment_fromstring(text, create_parent="div", parser=parser)
    except (etree.ParserError, ValueError):  # nothing but comments, or a whole page with its XML declaration
        try:
            root = html.document_fromstring(text.encode() if isinstance(text, str) else text, parser=parser)
        except etree.ParserError:
            return ()
    if any(entry.type_name == "ERR_RESOURCE_LIMIT" for entry in parser.error_log):
        raise ReadError(f"{name}: HTML elements nested more than 2,000 deep", hint="save only the text of the article")
    tidy(writable(root))
    return blocks(root, links, base)


def shallow(text: str | bytes) -> str | bytes:
    """Return markup without the runs of opening tags that no person wrote: parsers end where they are too deep."""
    if isinstance(text, bytes):
        return HEAP_BYTES.sub(rb"\1", text)
    return HEAP.sub(r"\1", text)


class _Walk:
    """Gathers inline text until a block ends."""

    def __init__(self, links: list[Link], base: str, places: dict[str, int]) -> None:
        self.links = links
        self.base = base
        self.places = places
        self.depth = 0
        self.found: list[Block] = []
        self.words: list[str] = []
        self.images: list[Block] = []
        self.traces: list[tuple[Any, int, int]] = []
        """Of each block: its element, how many characters of it are links', the end of its links among `links`."""
        self.outer: list[Any] = []
        self.linked = 0
        self.within = 0
        """Links around the words that come."""

    def flush(self, kind: Any, level: int) -> None:
        """End a block; the pictures in it are named after it."""
        text = fold("".join(self.words))
        self.words.clear()
        if text:
            self.links += links_in(text)
            self.linked = len(text) if self.within else self.linked
            self.add(Block(kind, text, level))
        for image in self.images:
            self.add(image)
        self.images.clear()
        self.linked = 0

    def add(self, block: Block) -> None:
        """Take a block that has ended."""
        self.found.append(block)
        self.traces.append((self.outer[-1] if self.outer else None, self.linked, len(self.links)))

    def element(self, element: Any, kind: Any, level: int) -> None:
        """Walk one element; `kind` and `level` are those of the block around it."""
        tag = name_of(element)
        if not tag:
            return
        if self.depth >= DEEPEST:
            self.words.append(" ".join(element.itertext()))
            return
        self.depth += 1
        self.one(element, tag, kind, level)
        self.depth -= 1

    def one(self, element: Any, tag: str, kind: Any, level: int) -> None:
        """Walk an element that is not too deep."""
        is_block = tag in BLOCKS or ("-" in tag and self.alone(element))
        is_box = is_block or tag in {"td", "th", "tr"}
        if is_block:
            self.flush(kind, level)
        if is_box:
            self.outer.append(element)
        self.content(element, tag, kind, level)
        if is_box:
            self.outer.pop()

    def alone(self, element: Any) -> bool:
        """Return True for an element of a site's own making that is no part of a sentence."""
        return not "".join(self.words).strip() and not (element.tail or "").strip()

    def content(self, element: Any, tag: str, kind: Any, level: int) -> None:
        """Walk an element by what it is."""
        if name := element.get("id") or (element.get("name") if tag == "a" else None):
            pending = bool("".join(self.words).strip())
            self.places.setdefault(name, len(self.found) + pending)
        if heading := re.fullmatch(r"h([1-6])", tag):
            self.inside(element, "heading", int(heading[1]))
            self.flush("heading", int(heading[1]))
        elif tag == "table" and _is_data(element):
            self.table(element)
        elif tag == "cite" and name_of(element.getparent()) == "blockquote" and not (element.tail or "").strip():
            self.flush(kind, level)  # who is quoted, on a line of its own
            self.inside(element, kind, level)
        elif tag == "blockquote":
            self.inside(element, "quote", 0)
            self.flush("quote", 0)
        elif tag == "hr":
            self.add(Block("break", ""))
        elif tag == "br":
            self.break_(element, kind, level)
        elif tag in OWN:
            OWN[tag](self, element)
        else:
            self.inside(element, kind, level)
            if self.outer and self.outer[-1] is element:
                self.flush(kind, level)

    def inside(self, element: Any, kind: Any, level: int) -> None:
        """Walk what is in an element."""
        self.words.append(element.text or "")
        start = len(self.words)
        link = (element.get("href") or "") if name_of(element) == "a" else ""
        self.within += bool(link)
        for child in element:
            before = len(self.words)
            self.element(child, kind, level)
            self.part(child, before)
            self.words.append(child.tail or "")
        self.within -= bool(link)
        if not link:
            return
        text, href = fold("".join(self.words[start - 1 :])), urljoin(self.base, link)
        self.linked += len(text)
        if href.startswith(("http://", "https://")):
            self.links.append(Link(href, "" if text == href else text))
            if text == href:
                del self.words[start - 1 :]  # an address alone goes to the notes

    def part(self, element: Any, start: int) -> None:
        """Part the words of an element from those before it, if styles alone do: `<a>Ann</a><span>Editor</span>`."""
        before = element.getprevious()
        if (
            before is None
            or before.tail
            or not all(tag in LABELS or "-" in tag for tag in map(name_of, (before, element)))
        ):
            return
        last = next((words for words in reversed(self.words[max(start - 3, 0) : start]) if words), "")
        first = next((words for words in self.words[start:] if words), "")
        if last[-1:].islower() and first[:1].isupper():
            self.words.insert(start, " ")

    def table(self, element: Any) -> None:
        """Take a table as its cells in a row, after what it is called."""
        for caption in [inner for inner in element if name_of(inner) == "caption"]:
            self.inside(caption, "paragraph", 0)
            self.flush("paragraph", 0)
        cells = (fold(" ".join(cell.itertext())) for cell in element.iter() if name_of(cell) in {"td", "th"})
        self.add(Block("table", " | ".join(cells)))

    def code(self, element: Any) -> None:
        """Take code as it stands, lines and all."""
        code = "".join(element.itertext()).strip("\n")
        if code.strip():
            self.add(Block("code", code))

    def list(self, element: Any) -> None:
        """Walk a list; the items of an ordered one carry their numbers."""
        ordered = name_of(element) == "ol"
        number = _number(element.get("start"), 1)
        for item in element:
            if name_of(item) != "li":
                self.element(item, "paragraph", 0)
                continue
            number = _number(item.get("value"), number)
            level = number if ordered else 0
            start = len(self.found)
            self.outer.append(item)
            self.inside(item, "item", level)
            self.flush("item", level)
            self.outer.pop()
            self.further(item, start)
            number += 1

    def further(self, item: Any, start: int) -> None:
        """Have no further paragraph of an item carry its number again."""
        own = (
            i
            for i in range(start, len(self.found))
            if self.found[i].kind == "item" and _item(self.traces[i][0]) is item
        )
        for index in [*own][1:]:
            self.found[index] = Block("paragraph", self.found[index].text)

    def break_(self, element: Any, kind: Any, level: int) -> None:
        """Take one break for a space; two in a row divide paragraphs, and one between sentences does (`lines_of`)."""
        following = element.getnext()
        before = element.getprevious()
        is_headed = before is not None and name_of(before) in {"b", "strong"} and not (before.tail or "").strip()
        is_headed = is_headed and fold("".join(self.words)) == fold("".join(before.itertext()))
        doubled = following is not None and name_of(following) == "br" and not (element.tail or "").strip()
        between = kind in {"paragraph", "quote"} and (
            ENDED.search("".join(self.words).rstrip()[-1:], 1) or SAID.match((element.tail or "").lstrip())
        )
        if doubled or between or (is_headed and kind == "paragraph"):
            self.flush(kind, level)
        self.words.append("\n")

    def image(self, element: Any) -> None:
        """Name a picture by its alternative text."""
        alternative = fold(re.sub(r"</?\w[^<>]*>", "", unescape(element.get("alt") or "")))  # often escaped twice
        if is_named(alternative):
            self.images.append(Block("image", alternative))

    def caption(self, element: Any) -> None:
        """Name the picture of a figure by its caption, which does so better than the alternative text."""
        self.flush("paragraph", 0)
        figure = _figure(element)
        holder = self.traces[-1][0] if self.found and self.found[-1].kind == "image" else None
        start = len(self.found)
        self.inside(element, "image", 0)
        parts = [*(block.text for block in self.found[start:]), fold("".join(self.words))]
        text = without_credit(" ".join(part for each in parts if (part := without_credit(each))))
        if text and holder is not None and figure is not None and _figure(holder) is figure:
            start -= 1
        self.words.clear()
        self.linked = len(text) if self.within else self.linked + sum(linked for _, linked, _ in self.traces[start:])
        del self.found[start:], self.traces[start:]
        if text:
            self.add(Block("image", text))
        self.linked = 0


OWN: dict[str, Callable[[_Walk, Any], None]] = {
    "pre": _Walk.code,
    "ul": _Walk.list,
    "ol": _Walk.list,
    "img": _Walk.image,
    "amp-img": _Walk.image,
    "figcaption": _Walk.caption,
}
"""Elements with a way of their own."""


def _figure(element: Any) -> Any:
    return next((outer for outer in (element, *element.iterancestors()) if name_of(outer) == "figure"), None)


def _item(element: Any) -> Any:
    return next((outer for outer in (element, *element.iterancestors()) if name_of(outer) == "li"), None)


def _number(text: str | None, default: int) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else default


def _is_data(table: Any) -> bool:
    """Return False for a table that only lays out a page: one column, a row of words, or paragraphs in its cells."""
    rows = [row for row in table.iter() if name_of(row) == "tr"]
    wide = any(sum(name_of(cell) in {"td", "th"} for cell in row) > 1 for row in rows)
    most = CELL if len(rows) > 1 else ROW
    laid_out = table.get("role") == "presentation" or any(
        (name_of(inner) in {"p", "h1", "h2", "h3", "table", "ul", "ol"} and len("".join(inner.itertext())) > 120)
        or (name_of(inner) == "td" and len("".join(inner.itertext())) > most)
        for inner in table.iter()
        if inner is not table
    )
    return wide and not laid_out
