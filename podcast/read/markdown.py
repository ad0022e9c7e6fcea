# SPDX-License-Identifier: GPL-3.0-or-later
"""Markdown with or without front matter -> Article.

markdown-it gives the blocks (CommonMark, tables, footnotes, definitions, formulas); what is inside a block is reduced
to its words, and the addresses of its links go to the article's links. What blogs and note programs add to Markdown is
in flavours.py. Front matter keys: title, author, date, language (or lang), url, image, summary; or Pandoc's `%` lines.
"""

import datetime as dt
import re
import tomllib
from collections.abc import Iterator, Sequence
from typing import Any

from podcast.errors import ReadError
from podcast.model import Article, Block, BlockKind, Link
from podcast.read.byline import date
from podcast.read.common import fold, is_named, links_in, moment
from podcast.read.finish import finish, with_footnotes, without_furniture
from podcast.read.flavours import common
from podcast.read.formats import FRONT
from podcast.read.formula import formula
from podcast.read.lightweight import FORMS
from podcast.read.markup import of_markup
from podcast.read.source import Source
from podcast.read.tidy import EXPONENT, RAISED
from podcast.text import web

QUOTE = 'put the value in quotation marks: "…"'

PANDOC = re.compile(r"\A% (?P<title>.*(?:\n +.*)*)(?:\n%(?P<author>.*(?:\n +.*)*)(?:\n%(?P<date>.*))?)?(?:\n|\Z)")
TEMPLATE = re.compile(r"`|\{\{|\{%|<%")
"""In a value of front matter that another program fills in."""
BADGE = re.compile(r"shields\.io|/badges?[/.?]|badge\.svg|travis-ci\.|codecov\.io")
"""In the address of a picture that tells of the state of a program."""

LINKED = re.compile(r"(?<!!)\[(?P<words>[^\[\]\n]{1,300})\]\((?P<at>https?://[^()\s\"<>]{1,500})\)")
"""A link of Markdown, in HTML."""
LISTED = 3
"""Items in a row that are links to other places of the text: a table of contents."""

KINDS: dict[str, BlockKind] = {"fence": "code", "code_block": "code", "math_block": "code", "hr": "break"}
"""Tokens that are blocks of their own."""


def read(source: Source) -> Sequence[Article]:
    """Return the one article of a Markdown file.

    Raises ReadError for broken front matter (with its line) or if nothing is left to read aloud.
    """
    front, body = _front(source)
    links: list[Link] = []
    walk = _Walk(links)
    blocks, remarks = without_furniture(list(walk.blocks(_without_contents(_parser().parse(common(body))))))
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
    """Return True for a text that begins with a heading above all others."""
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


def _front(source: Source) -> tuple[dict[str, str], str]:
    """Return the front matter, of YAML between --- or of TOML between +++ (Hugo), and the text, its lines kept."""
    text = FORMS.get(source.suffix, str)(source.text())
    found = FRONT.match(text)
    if not found:
        head = PANDOC.match(text)
        if head is None:
            return {}, text
        said = {name: fold((value or "").replace(";", ",")) for name, value in head.groupdict().items()}
        return {name: value for name, value in said.items() if value}, text[head.end() :]
    values = (_toml if found["mark"] == "+++" else _yaml)(source, found["front"])
    if values is None:  # a text between two strokes
        return {}, text
    said = {str(name).lower(): fold(words) for name, value in values.items() if (words := _value(value))}
    return said, text[found.end() :]


def _value(value: Any) -> str:
    """Return a value as words; people and pictures may have a name or an address among other things."""
    if isinstance(value, dict):
        return next((_value(value[key]) for key in ("name", "title", "url", "src", "path") if key in value), "")
    if isinstance(value, list):
        return ", ".join(filter(None, map(_value, value)))
    return value.isoformat() if isinstance(value, dt.date) else value if isinstance(value, str) else ""


def _yaml(source: Source, text: str) -> dict[Any, Any] | None:
    import yaml

    try:
        values = yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506 - BaseLoader makes only texts, lists and mappings
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 2 if mark else 1
        problem = getattr(error, "problem", None) or error
        raise ReadError(f"{source.name}:{line}: front matter is not valid YAML: {problem}", hint=QUOTE) from error
    return None if values and not isinstance(values, dict) else dict(values or {})


def _toml(source: Source, text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        message, _, where = str(error).partition(" (at line ")
        line = int(where.partition(",")[0]) + 1 if where else 1
        raise ReadError(f"{source.name}:{line}: front matter is not valid TOML: {message}", hint=QUOTE) from error


def _date(source: Source, text: str, language: str) -> dt.datetime | None:
    text = "" if TEMPLATE.search(text) else text
    found = moment(text) or (date(text, language) if re.search(r"\d", text) else None)
    if text and found is None:
        raise ReadError(
            f"{source.name}: date: {text!r} is not a valid date",
            hint="write it as 2026-11-23 or 2026-11-23T06:00:00+01:00",
        )
    return found


def _without_contents(tokens: Sequence[Any]) -> list[Any]:
    """Return the tokens without the lists that are a table of contents: links into the text, and nothing else."""
    kept: list[Any] = []
    starts: list[int] = []
    for token in tokens:
        kept.append(token)
        if token.type.endswith("_list_open"):
            starts.append(len(kept) - 1)
        elif token.type.endswith("_list_close"):
            start = starts.pop()
            lines = [each.children for each in kept[start:] if each.type == "inline"]
            if not starts and len(lines) >= LISTED and all(map(_is_entry, lines)):
                del kept[start:]
    return kept


def _is_entry(children: Sequence[Any]) -> bool:
    inner = children and children[0].type == "link_open" and str(children[0].attrGet("href")).startswith("#")
    return bool(inner) and [each.type for each in children].index("link_close") == len(children) - 1


class _Walk:
    """Walks the tokens; what encloses an inline token decides its kind."""

    def __init__(self, links: list[Link]) -> None:
        self.links = links
        self.notes: list[tuple[str, str]] = []
        """Footnotes: mark and text."""
        self.around: list[Any] = []
        self.numbers: list[int] = []
        """Of the item that is open in each list around; 0 in a bullet list."""
        self.cells: list[str] = []

    def blocks(self, tokens: Sequence[Any]) -> Iterator[Block]:
        """Give the blocks."""
        for token in tokens:
            if token.nesting > 0:
                self.around.append(token)
            elif token.nesting < 0:
                self.around.pop()
            _count(token, self.numbers)
            if token.type == "table_close":
                yield Block("table", " | ".join(self.cells))
                self.cells.clear()
            elif token.type in KINDS:
                yield Block(KINDS[token.type], token.content if token.type != "hr" else "")
            elif token.type == "html_block":
                yield from of_markup(LINKED.sub(r'<a href="\g<at>">\g<words></a>', token.content), self.links)
            elif token.type == "inline":
                yield from self.inline(token)

    def inline(self, token: Any) -> Iterator[Block]:
        """Give a block of words, and the pictures in it."""
        text, images = _words(_unstruck(token.children), self.links)
        note = next((outer for outer in self.around if outer.type == "footnote_open"), None)
        if any(outer.tag == "table" for outer in self.around):
            self.cells.append(text)
        elif note is not None and text:
            mark = str(note.meta["id"] + 1)
            before = self.notes.pop()[1] + " " if self.notes and self.notes[-1][0] == mark else ""
            self.notes.append((mark, before + text))
        elif images and _is_caption(token.children):
            images = [Block("image", text)]
        elif text:
            yield _block(text, self.around, self.numbers)
        yield from images


def _unstruck(children: Sequence[Any]) -> list[Any]:
    """Return the tokens without what is struck out, which is not said."""
    kept, struck = [], 0
    for child in children:
        struck += (child.type == "s_open") - (child.type == "s_close")
        if not struck and child.type != "s_close":
            kept.append(child)
    return kept


def _is_caption(children: Sequence[Any]) -> bool:
    """Tell whether a picture is followed by nothing but a line in italics."""
    kinds = [child.type for child in children if child.content.strip() or child.type not in {"text", "softbreak"}]
    return kinds[:2] == ["image", "em_open"] and kinds[-1] == "em_close" and kinds.count("em_open") == 1


def _count(token: Any, numbers: list[int]) -> None:
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


def _words(children: Sequence[Any], links: list[Link]) -> tuple[str, list[Block]]:
    """Return the words of a block and the pictures in it; addresses go to `links`."""
    words: list[str] = []
    images: list[Block] = []
    href, start, raised = "", 0, False
    for child in children:
        kind = child.type
        if kind in {"text", "code_inline"}:
            words.append(
                child.content.translate(RAISED) if raised and EXPONENT.fullmatch(child.content) else child.content
            )
        elif kind == "html_inline":
            raised = child.content.lower() == "<sup>"
            words.append(" " if child.content.lower().startswith("<br") else "")
        elif kind == "math_inline":
            words.append(formula(child.content))
        elif kind in {"softbreak", "hardbreak"}:
            words.append(" ")
        elif kind == "image":
            named = is_named(fold(child.content)) and not BADGE.search(str(child.attrGet("src") or ""))
            images += [Block("image", fold(child.content))] if named else []
        elif kind == "link_open":
            href, start = str(child.attrGet("href") or ""), len(words)
        elif kind == "link_close" and href.startswith(("http://", "https://")):
            text = fold("".join(words[start:]))
            links.append(Link(href, "" if text == href else text))
            if text == href:
                del words[start:]  # an address alone goes to the notes
    text = fold("".join(words))
    links += links_in(text)
    return text, images
