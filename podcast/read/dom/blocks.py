# SPDX-License-Identifier: GPL-3.0-or-later
"""Convert HTML elements to blocks, all of them: for markup that is only an article (feed entries, chapters of a book).

In a web page, the article is extracted first (html/reader.py). Before both, strip.py removes what is not narrated.
"""

import re
from collections.abc import Callable
from html import unescape
from typing import Any, NamedTuple
from urllib.parse import urljoin

from podcast.errors import ReadError
from podcast.model import Block, Link
from podcast.read.dom.elements import name_of, text_of
from podcast.read.dom.strip import tidy, writable
from podcast.read.normalize import SENTENCE_END, SPEECH_OR_ITEM, describes_image, fold, links_in, without_credit

BLOCKS = {
    "address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details", "div", "dl", "dt",
    "fieldset",
    "figcaption", "figure", "footer", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hgroup", "hr", "html", "li",
    "main", "ol", "p", "pre", "section", "summary", "table", "ul",
}  # fmt: skip

LABELS = frozenset(("a", "span", "time", "cite"))
"""Elements that may be adjacent but separate, with only CSS between them: author, site, time."""
CELL = 400
"""Characters; no cell of a data table has more."""
ROW = 40
"""The same in a table of one row, such as an icon beside a label."""
IN_LAYOUT = frozenset(("p", "h1", "h2", "h3", "table", "ul", "ol"))
"""Elements that, if long, are not in the cells of a data table."""
DEEPEST = 150
"""Depth of nesting; of deeper elements, only the text is kept."""
DEEP_NESTING = re.compile(r"(<[a-zA-Z][^<>]{0,200}>\s*+)(?:<[a-zA-Z][^<>]{0,200}>\s*+){200,}")
"""So many opening tags in a row that no real page has them."""
DEEP_NESTING_BYTES = re.compile(DEEP_NESTING.pattern.encode())


def blocks(root: Any, links: list[Link], base: str = "", anchors: dict[str, int] | None = None) -> tuple[Block, ...]:
    """Return the blocks of an element in reading order; the URLs of its links go to `links`.

    Relative URLs are resolved against `base`. `anchors` receives the ids in the markup, each with the index of the
    block that begins there. Call `tidy` before.
    """
    walk = _BlockBuilder(links, base, {} if anchors is None else anchors)
    walk.element(root, "paragraph", 0)
    walk.flush("paragraph", 0)
    return tuple(walk.found)


class LocatedBlock(NamedTuple):
    """A block, with its position in the markup."""

    block: Block
    holder: Any
    """The block-level element around it."""
    linked: int
    """Number of its characters that are in links."""
    links: tuple[Link, ...]


def located_blocks(root: Any, base: str = "") -> tuple[LocatedBlock, ...]:
    """Return the blocks of an element as `blocks` does, with their positions."""
    links: list[Link] = []
    walk = _BlockBuilder(links, base, {})
    walk.element(root, "paragraph", 0)
    walk.flush("paragraph", 0)
    ends = [end for _, _, end in walk.traces]
    return tuple(
        LocatedBlock(block, holder, linked, tuple(links[start:end]))
        for block, (holder, linked, end), start in zip(walk.found, walk.traces, [0, *ends], strict=False)
    )


def blocks_of_markup(text: str | bytes, links: list[Link], base: str = "", name: str = "an entry") -> tuple[Block, ...]:
    """Parse and tidy a piece of markup, and return its blocks.

    Raises ReadError if it is nested too deep for the parser.
    """
    from lxml import etree, html

    if not text.strip():
        return ()
    text = shallow(text)
    parser = html.HTMLParser(huge_tree=True, encoding="utf-8" if isinstance(text, bytes) else None)
    try:
        root: Any = html.fragment_fromstring(text, create_parent="div", parser=parser)
    except (etree.ParserError, ValueError):  # only comments, or a whole page with its XML declaration
        try:
            root = html.document_fromstring(text.encode() if isinstance(text, str) else text, parser=parser)
        except etree.ParserError:
            return ()
    if any(entry.type_name == "ERR_RESOURCE_LIMIT" for entry in parser.error_log):
        raise ReadError(
            "HTML elements nested more than 2,000 deep", file=name, hint="save only the text of the article"
        )
    tidy(writable(root))
    return blocks(root, links, base)


def shallow(text: str | bytes) -> str | bytes:
    """Remove hundreds of opening tags in a row: parsers stop where elements are nested too deep."""
    if isinstance(text, bytes):
        return DEEP_NESTING_BYTES.sub(rb"\1", text)
    return DEEP_NESTING.sub(r"\1", text)


class _BlockBuilder:
    """Collects inline text until a block ends."""

    def __init__(self, links: list[Link], base: str, anchors: dict[str, int]) -> None:
        self.links = links
        self.base = base
        self.anchors = anchors
        self.depth = 0
        self.found: list[Block] = []
        self.words: list[str] = []
        self.images: list[Block] = []
        self.traces: list[tuple[Any, int, int]] = []
        """For each block: its element, the number of its characters in links, the end of its links among `links`."""
        self.outer: list[Any] = []
        self.linked = 0
        self.within = 0
        """Number of open links."""

    def flush(self, kind: Any, level: int) -> None:
        """End a block, and add it and then its images."""
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
        """Add a finished block."""
        self.found.append(block)
        self.traces.append((self.outer[-1] if self.outer else None, self.linked, len(self.links)))

    def element(self, element: Any, kind: Any, level: int) -> None:
        """Process one element; `kind` and `level` are those of the block around it."""
        tag = name_of(element)
        if not tag:
            return
        if self.depth >= DEEPEST:
            self.words.append(" ".join(element.itertext()))
            return
        self.depth += 1
        self.shallow_element(element, tag, kind, level)
        self.depth -= 1

    def shallow_element(self, element: Any, tag: str, kind: Any, level: int) -> None:
        """Process an element that is not nested too deep."""
        is_block = tag in BLOCKS or ("-" in tag and self.is_standalone(element))
        is_box = is_block or tag in {"td", "th", "tr"}
        if is_block:
            self.flush(kind, level)
        if is_box:
            self.outer.append(element)
        self.content(element, tag, kind, level)
        if is_box:
            self.outer.pop()

    def is_standalone(self, element: Any) -> bool:
        """Return True for a custom element that is not part of a sentence."""
        return not "".join(self.words).strip() and not (element.tail or "").strip()

    def content(self, element: Any, tag: str, kind: Any, level: int) -> None:
        """Process an element by its tag."""
        self.note_anchor(element, tag)
        build = BUILDERS.get("" if _is_ordinary(element, tag) else tag, _BlockBuilder.ordinary)
        build(self, element, kind, level)

    def note_anchor(self, element: Any, tag: str) -> None:
        """Record the block index of an id, or of the name of a link."""
        if name := element.get("id") or (element.get("name") if tag == "a" else None):
            pending = bool("".join(self.words).strip())
            self.anchors.setdefault(name, len(self.found) + pending)

    def ordinary(self, element: Any, kind: Any, level: int) -> None:
        """Process an element without special treatment."""
        self.inside(element, kind, level)
        if self.outer and self.outer[-1] is element:
            self.flush(kind, level)

    def heading(self, element: Any, _: Any, __: int) -> None:
        """Process a heading."""
        level = int(name_of(element)[1])
        self.inside(element, "heading", level)
        self.flush("heading", level)

    def quote_source(self, element: Any, kind: Any, level: int) -> None:
        """Make the source of a quotation a paragraph of its own."""
        self.flush(kind, level)
        self.inside(element, kind, level)

    def quote(self, element: Any, _: Any, __: int) -> None:
        """Process a quotation."""
        self.inside(element, "quote", 0)
        self.flush("quote", 0)

    def rule(self, _: Any, __: Any, ___: int) -> None:
        """Convert a horizontal rule to a break between scenes."""
        self.add(Block("break", ""))

    def inside(self, element: Any, kind: Any, level: int) -> None:
        """Process the content of an element."""
        self.words.append(element.text or "")
        start = len(self.words)
        link = (element.get("href") or "") if name_of(element) == "a" else ""
        self.within += bool(link)
        for child in element:
            before = len(self.words)
            self.element(child, kind, level)
            self.separate_labels(child, before)
            self.words.append(child.tail or "")
        self.within -= bool(link)
        if not link:
            return
        text, href = fold("".join(self.words[start - 1 :])), urljoin(self.base, link)
        self.linked += len(text)
        if href.startswith(("http://", "https://")):
            self.links.append(Link(href, "" if text == href else text))
            if text == href:
                del self.words[start - 1 :]  # a URL alone is not read

    def separate_labels(self, element: Any, start: int) -> None:
        """Put a space before the words of an element if only styles separate it: `<a>Ann</a><span>Editor</span>`."""
        before = element.getprevious()
        if before is None or before.tail or not (_is_label(before) and _is_label(element)):
            return
        last = next((words for words in reversed(self.words[max(start - 3, 0) : start]) if words), "")
        first = next((words for words in self.words[start:] if words), "")
        if last[-1:].islower() and first[:1].isupper():
            self.words.insert(start, " ")

    def table(self, element: Any, _: Any, __: int) -> None:
        """Convert a table to its caption and a block of all its cells."""
        for caption in [inner for inner in element if name_of(inner) == "caption"]:
            self.inside(caption, "paragraph", 0)
            self.flush("paragraph", 0)
        cells = (fold(" ".join(cell.itertext())) for cell in element.iter() if name_of(cell) in {"td", "th"})
        self.add(Block("table", " | ".join(cells)))

    def code(self, element: Any, _: Any, __: int) -> None:
        """Add code with its line breaks."""
        code = "".join(element.itertext()).strip("\n")
        if code.strip():
            self.add(Block("code", code))

    def list(self, element: Any, _: Any, __: int) -> None:
        """Process a list; the items of an ordered list have their numbers as level."""
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
            self.without_repeated_number(item, start)
            number += 1

    def without_repeated_number(self, item: Any, start: int) -> None:
        """Turn further blocks of a list item into paragraphs, so that its number is not narrated again."""
        blocks = range(start, len(self.found))
        items = [index for index in blocks if self.found[index].kind == "item"]
        for index in [index for index in items if _item(self.traces[index][0]) is item][1:]:
            self.found[index] = Block("paragraph", self.found[index].text)

    def line_break(self, element: Any, kind: Any, level: int) -> None:
        """Convert a line break to a space; two in a row, or one between sentences, end a paragraph (`lines_of`)."""
        is_between = kind in {"paragraph", "quote"} and self.is_sentence_end(element)
        is_after_heading = kind == "paragraph" and self.is_bold_line(element)
        if _is_followed_by_break(element) or is_between or is_after_heading:
            self.flush(kind, level)
        self.words.append("\n")

    def is_sentence_end(self, element: Any) -> bool:
        """Return True for a line break after a sentence, or before speech in a dialogue."""
        end = "".join(self.words).rstrip()[-1:]
        return bool(SENTENCE_END.search(end, 1) or SPEECH_OR_ITEM.match((element.tail or "").lstrip()))

    def is_bold_line(self, element: Any) -> bool:
        """Return True for a line break after a line that is completely bold."""
        before = element.getprevious()
        if before is None or name_of(before) not in {"b", "strong"} or (before.tail or "").strip():
            return False
        return fold("".join(self.words)) == text_of(before)

    def image(self, element: Any, _: Any, __: int) -> None:
        """Add an image, represented by its alternative text."""
        alternative = fold(re.sub(r"</?\w[^<>]*>", "", unescape(element.get("alt") or "")))  # often escaped twice
        if describes_image(alternative):
            self.images.append(Block("image", alternative))

    def caption(self, element: Any, _: Any, __: int) -> None:
        """Represent the image of a figure by its caption, which is better than its alternative text."""
        self.flush("paragraph", 0)
        is_named = self.is_image_of(_figure(element))
        start = len(self.found)
        self.inside(element, "image", 0)
        parts = [*(block.text for block in self.found[start:]), fold("".join(self.words))]
        text = without_credit(" ".join(part for each in parts if (part := without_credit(each))))
        start -= bool(text) and is_named
        self.words.clear()
        self.linked = len(text) if self.within else self.linked + sum(linked for _, linked, _ in self.traces[start:])
        del self.found[start:], self.traces[start:]
        if text:
            self.add(Block("image", text))
        self.linked = 0

    def is_image_of(self, figure: Any) -> bool:
        """Return True if the last block is the image of a figure."""
        if figure is None or not self.found or self.found[-1].kind != "image":
            return False
        holder = self.traces[-1][0]
        return holder is not None and _figure(holder) is figure


BUILDERS: dict[str, Callable[[_BlockBuilder, Any, Any, int], None]] = {
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), _BlockBuilder.heading),
    "table": _BlockBuilder.table,
    "cite": _BlockBuilder.quote_source,
    "blockquote": _BlockBuilder.quote,
    "hr": _BlockBuilder.rule,
    "br": _BlockBuilder.line_break,
    "pre": _BlockBuilder.code,
    "ul": _BlockBuilder.list,
    "ol": _BlockBuilder.list,
    "img": _BlockBuilder.image,
    "amp-img": _BlockBuilder.image,
    "figcaption": _BlockBuilder.caption,
}
"""Tags with special treatment; all others are `ordinary`."""


def _is_ordinary(element: Any, tag: str) -> bool:
    """Return True for a layout table, and for a `<cite>` within a sentence."""
    if tag == "table":
        return not _is_data(element)
    if tag == "cite":
        return name_of(element.getparent()) != "blockquote" or bool((element.tail or "").strip())
    return False


def _is_label(element: Any) -> bool:
    """Return True for elements in LABELS, and for custom elements."""
    tag = name_of(element)
    return tag in LABELS or "-" in tag


def _is_followed_by_break(element: Any) -> bool:
    """Return True for a line break with another right after it."""
    following = element.getnext()
    return following is not None and name_of(following) == "br" and not (element.tail or "").strip()


def _figure(element: Any) -> Any:
    return next((outer for outer in (element, *element.iterancestors()) if name_of(outer) == "figure"), None)


def _item(element: Any) -> Any:
    return next((outer for outer in (element, *element.iterancestors()) if name_of(outer) == "li"), None)


def _number(text: str | None, default: int) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else default


def _is_data(table: Any) -> bool:
    """Return False for a layout table: one column, a row of words, or paragraphs in its cells."""
    rows = [row for row in table.iter() if name_of(row) == "tr"]
    is_wide = any(sum(name_of(cell) in {"td", "th"} for cell in row) > 1 for row in rows)
    if not is_wide or table.get("role") == "presentation":
        return False
    most = CELL if len(rows) > 1 else ROW
    return not any(_is_layout(inner, most) for inner in table.iterdescendants())


def _is_layout(element: Any, most: int) -> bool:
    """Return True for a long paragraph, list and so on, and for a cell of more than `most` characters."""
    tag = name_of(element)
    size = len("".join(element.itertext())) if tag in IN_LAYOUT or tag == "td" else 0
    return (tag in IN_LAYOUT and size > 120) or (tag == "td" and size > most)
