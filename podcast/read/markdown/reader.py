# SPDX-License-Identifier: GPL-3.0-or-later
"""Read Markdown, with or without front matter, as an Article.

markdown-it parses the blocks (CommonMark, tables, footnotes, definitions, formulas); each becomes plain text, and the
URLs of its links go to the article's links. Extensions by blogs and note-taking programs are in extensions.py. Front
matter keys: title, author, date, language (or lang), url, image, summary; or Pandoc's `%` lines.
"""

import datetime as dt
import re
import tomllib
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from podcast import front_matter
from podcast.errors import ReadError
from podcast.model import Article, Block, BlockKind, Link
from podcast.read.article import finish, with_footnotes, without_boilerplate
from podcast.read.byline import date
from podcast.read.dom.blocks import blocks_of_markup
from podcast.read.dom.math import formula
from podcast.read.dom.strip import EXPONENT, RAISED
from podcast.read.markdown.extensions import to_commonmark
from podcast.read.markdown.rst_asciidoc import CONVERTERS
from podcast.read.normalize import describes_image, fold, links_in, parse_date
from podcast.read.sites import names_or
from podcast.read.source import Source
from podcast.text import web

QUOTE = 'put the value in quotation marks: "…"'

PANDOC = re.compile(r"\A% (?P<title>.*(?:\n +.*)*)(?:\n%(?P<author>.*(?:\n +.*)*)(?:\n%(?P<date>.*))?)?(?:\n|\Z)")
TEMPLATE = re.compile(r"`|\{\{|\{%|<%")
"""Template syntax in a value of front matter."""
BADGE = re.compile(names_or("badge", r"/badges?[/.?]|badge\.svg"))
"""Part of the URL of a status badge."""

LINK_IN_HTML = re.compile(r"(?<!!)\[(?P<words>[^\[\]\n]{1,300})\]\((?P<at>https?://[^()\s\"<>]{1,500})\)")
"""A Markdown link inside HTML."""
MIN_ENTRIES = 3
"""Minimum number of items, all links within the text, in a table of contents."""

KINDS: dict[str, BlockKind] = {"fence": "code", "code_block": "code", "math_block": "code", "hr": "break"}
"""Type of token -> kind of block, for tokens that are a block."""


def read(source: Source) -> Sequence[Article]:
    """Return the one article of a Markdown file.

    Raises ReadError for broken front matter (with its line) or if nothing is left to narrate.
    """
    front, body = _split_front_matter(source)
    links: list[Link] = []
    walk = _TokenReader(links)
    blocks, remarks = without_boilerplate(list(walk.blocks(_without_contents(_parser().parse(to_commonmark(body))))))
    title = source.title or front.get("title", "")
    if _is_titled(blocks) and (not title or title == blocks[0].text):
        title = blocks.pop(0).text
    article = finish(
        source,
        title,
        blocks,
        links=links,
        remarks=remarks,
        declared=front.get("language", front.get("lang", "")),
        author=front.get("author", front.get("authors", "")),
        published=_date(source, front.get("date", ""), front.get("language", front.get("lang", ""))),
        url=web(front.get("url", "")) or web(front.get("canonical_url", "")) or web(front.get("source", "")),
        image=front.get("image", ""),
        summary=front.get("summary", front.get("description", "")),
    )
    return (with_footnotes(article, walk.notes),)


def _is_titled(blocks: Sequence[Block]) -> bool:
    """Return True for a text that begins with its title: a heading of a higher level than all others."""
    levels = [block.level for block in blocks if block.kind == "heading"]
    return (
        bool(blocks) and blocks[0].kind == "heading" and (levels[0] == 1 or levels[0] == 2 < min(levels[1:], default=7))
    )


def _parser() -> Any:
    from markdown_it import MarkdownIt
    from mdit_py_plugins.deflist import deflist_plugin
    from mdit_py_plugins.dollarmath import dollarmath_plugin
    from mdit_py_plugins.footnote import footnote_plugin

    parser = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    return parser.use(footnote_plugin).use(deflist_plugin).use(dollarmath_plugin, allow_space=False, allow_digits=False)


def _split_front_matter(source: Source) -> tuple[dict[str, str], str]:
    """Return the front matter (YAML, TOML, or Pandoc's `%` lines) and the body."""
    text = CONVERTERS.get(source.suffix, str)(source.text())
    parts = front_matter.split(text, front_matter.ARTICLE)
    if parts is None:
        head = PANDOC.match(text)
        if head is None:
            return {}, text
        said = {name: fold((value or "").replace(";", ",")) for name, value in head.groupdict().items()}
        return {name: value for name, value in said.items() if value}, text[head.end() :]
    values = (_load_toml if parts.is_toml else _load_yaml)(source, parts.front)
    if values is None:  # a text between two horizontal rules
        return {}, text
    said = {str(name).lower(): fold(words) for name, value in values.items() if (words := _as_text(value))}
    return said, parts.body


def _as_text(value: Any) -> str:
    """Return a value as text: the name or URL of a mapping (person, image), a list joined, or an empty string."""
    if isinstance(value, dict):
        return next((_as_text(value[key]) for key in ("name", "title", "url", "src", "path") if key in value), "")
    if isinstance(value, list):
        return ", ".join(filter(None, map(_as_text, value)))
    if isinstance(value, dt.date):
        return value.isoformat()
    return value if isinstance(value, str) else ""


def _load_yaml(source: Source, text: str) -> dict[Any, Any] | None:
    try:
        values = front_matter.load(text).value
    except front_matter.FrontMatterError as error:
        raise ReadError(
            f"front matter is not valid YAML: {error.problem}", file=source.name, line=error.line or 1, hint=QUOTE
        ) from error
    return None if values and not isinstance(values, dict) else dict(values or {})


def _load_toml(source: Source, text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        message, _, where = str(error).partition(" (at line ")
        line = int(where.partition(",")[0]) + 1 if where else 1
        raise ReadError(
            f"front matter is not valid TOML: {message}", file=source.name, line=line, hint=QUOTE
        ) from error


def _date(source: Source, text: str, language: str) -> dt.datetime | None:
    text = "" if TEMPLATE.search(text) else text
    found = parse_date(text) or (date(text, language) if re.search(r"\d", text) else None)
    if text and found is None:
        raise ReadError(
            f"date: {text!r} is not a valid date",
            file=source.name,
            hint="write it as 2026-11-23 or 2026-11-23T06:00:00+01:00",
        )
    return found


def _without_contents(tokens: Sequence[Any]) -> list[Any]:
    """Remove tables of contents: lists of only links within the text."""
    kept: list[Any] = []
    starts: list[int] = []
    for token in tokens:
        kept.append(token)
        if token.type.endswith("_list_open"):
            starts.append(len(kept) - 1)
        elif token.type.endswith("_list_close"):
            start = starts.pop()
            lines = [each.children for each in kept[start:] if each.type == "inline"]
            if not starts and len(lines) >= MIN_ENTRIES and all(map(_is_entry, lines)):
                del kept[start:]
    return kept


def _is_entry(children: Sequence[Any]) -> bool:
    inner = children and children[0].type == "link_open" and str(children[0].attrGet("href")).startswith("#")
    return bool(inner) and [each.type for each in children].index("link_close") == len(children) - 1


class _TokenReader:
    """Converts tokens to blocks; the tokens around an inline token decide the kind of its block."""

    def __init__(self, links: list[Link]) -> None:
        self.links = links
        self.notes: list[tuple[str, str]] = []
        """Footnotes: mark and text."""
        self.around: list[Any] = []
        self.numbers: list[int] = []
        """Number of the current item of each open list; 0 for a bullet list."""
        self.cells: list[str] = []

    def blocks(self, tokens: Sequence[Any]) -> Iterator[Block]:
        """Yield the blocks."""
        for token in tokens:
            if token.nesting > 0:
                self.around.append(token)
            elif token.nesting < 0:
                self.around.pop()
            _update_numbers(token, self.numbers)
            if token.type == "table_close":
                yield Block("table", " | ".join(self.cells))
                self.cells.clear()
            elif token.type in KINDS:
                yield Block(KINDS[token.type], token.content if token.type != "hr" else "")
            elif token.type == "html_block":
                yield from blocks_of_markup(
                    LINK_IN_HTML.sub(r'<a href="\g<at>">\g<words></a>', token.content), self.links
                )
            elif token.type == "inline":
                yield from self.inline(token)

    def inline(self, token: Any) -> Iterator[Block]:
        """Yield a block and the images in it; table cells and footnotes are collected instead."""
        text, images = _inline_content(_without_strikethrough(token.children), self.links)
        note = next((outer for outer in self.around if outer.type == "footnote_open"), None)
        if any(outer.tag == "table" for outer in self.around):
            self.cells.append(text)
        elif note is not None and text:
            self.add_note(str(note.meta["id"] + 1), text)
        elif images and _is_caption(token.children):
            images = [Block("image", text)]
        elif text:
            yield _block(text, self.around, self.numbers)
        yield from images

    def add_note(self, mark: str, text: str) -> None:
        """Add a paragraph to the footnotes."""
        if self.notes and self.notes[-1][0] == mark:
            text = f"{self.notes.pop()[1]} {text}"
        self.notes.append((mark, text))


def _without_strikethrough(children: Sequence[Any]) -> list[Any]:
    """Remove struck-out text."""
    kept, struck = [], 0
    for child in children:
        struck += (child.type == "s_open") - (child.type == "s_close")
        if not struck and child.type != "s_close":
            kept.append(child)
    return kept


def _is_caption(children: Sequence[Any]) -> bool:
    """Return True for only an image and a line in italics below it."""
    kinds = [child.type for child in children if child.content.strip() or child.type not in {"text", "softbreak"}]
    return kinds[:2] == ["image", "em_open"] and kinds[-1] == "em_close" and kinds.count("em_open") == 1


def _update_numbers(token: Any, numbers: list[int]) -> None:
    if token.type.endswith("_list_open"):
        numbers.append(int(token.attrGet("start") or 1) if token.tag == "ol" else 0)
    elif token.type.endswith("_list_close"):
        numbers.pop()
    elif token.type == "list_item_close" and numbers[-1]:
        numbers[-1] += 1


def _block(text: str, around: Sequence[Any], numbers: Sequence[int]) -> Block:
    tags = {outer.tag: outer for outer in around}
    heading = next((tag for tag in tags if re.fullmatch(r"h[1-6]", tag)), "")
    if heading:
        return Block("heading", text, int(heading[1]))
    if "blockquote" in tags:
        return Block("quote", text)
    if "li" in tags:
        return Block("item", text, numbers[-1])
    return Block("paragraph", text)


class _InlineText:
    """Collects the text, images and links of inline tokens."""

    def __init__(self, links: list[Link]) -> None:
        self.links = links
        self.words: list[str] = []
        self.images: list[Block] = []
        self.href = ""
        self.link_start = 0
        """Index of the first word of the open link."""
        self.is_raised = False

    def add_text(self, token: Any) -> None:
        """Add text or code; a number in `<sup>` becomes an exponent."""
        is_exponent = self.is_raised and EXPONENT.fullmatch(token.content)
        self.words.append(token.content.translate(RAISED) if is_exponent else token.content)

    def add_html(self, token: Any) -> None:
        """Note `<sup>`, and convert `<br>` to a space."""
        tag = token.content.lower()
        self.is_raised = tag == "<sup>"
        self.words.append(" " if tag.startswith("<br") else "")

    def add_formula(self, token: Any) -> None:
        """Add a formula as Unicode text."""
        self.words.append(formula(token.content))

    def add_space(self, _: Any) -> None:
        """Convert a line break to a space."""
        self.words.append(" ")

    def add_image(self, token: Any) -> None:
        """Add an image with an alternative text, unless it is a badge."""
        label = fold(token.content)
        if describes_image(label) and not BADGE.search(str(token.attrGet("src") or "")):
            self.images.append(Block("image", label))

    def open_link(self, token: Any) -> None:
        """Note the start of a link."""
        self.href, self.link_start = str(token.attrGet("href") or ""), len(self.words)

    def close_link(self, _: Any) -> None:
        """Add an http(s) link; if its text is its URL, remove the text."""
        if not self.href.startswith(("http://", "https://")):
            return
        text = fold("".join(self.words[self.link_start :]))
        self.links.append(Link(self.href, "" if text == self.href else text))
        if text == self.href:
            del self.words[self.link_start :]


INLINE: dict[str, Callable[[_InlineText, Any], None]] = {
    "text": _InlineText.add_text,
    "code_inline": _InlineText.add_text,
    "html_inline": _InlineText.add_html,
    "math_inline": _InlineText.add_formula,
    "softbreak": _InlineText.add_space,
    "hardbreak": _InlineText.add_space,
    "image": _InlineText.add_image,
    "link_open": _InlineText.open_link,
    "link_close": _InlineText.close_link,
}
"""Type of inline token -> how to add it; others are ignored."""


def _inline_content(children: Sequence[Any], links: list[Link]) -> tuple[str, list[Block]]:
    """Return the text of a block and the images in it; URLs go to `links`."""
    inline = _InlineText(links)
    for child in children:
        if add := INLINE.get(child.type):
            add(inline, child)
    text = fold("".join(inline.words))
    links += links_in(text)
    return text, inline.images
