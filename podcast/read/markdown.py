# SPDX-License-Identifier: GPL-3.0-or-later
"""Markdown with or without front matter -> Article.

markdown-it gives the blocks (CommonMark and tables); what is inside a block is reduced to its words, and the
addresses of its links go to the article's links.
Front matter keys: title, author, date, language (or lang), url, image, summary.
"""

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from typing import Any

from podcast.errors import ReadError
from podcast.model import Article, Block, Link
from podcast.read.common import fold, links_in, moment
from podcast.read.finish import finish, without_furniture
from podcast.read.source import Source

FRONT = re.compile(r"\A---[ \t]*\n(.*?)\n(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)


def accepts(source: Source) -> bool:
    """Markdown by name, or on standard input by its marks."""
    if source.kind or source.suffix:
        return source.kind == "text/markdown" or source.suffix in {".md", ".markdown", ".mdown", ".mkd"}
    return bool(FRONT.match(source.head) or re.search(r"^(?:#{1,6} \S|\S.*\n(?:=|-){3,}$)", source.head, re.MULTILINE))


def read(source: Source) -> Sequence[Article]:
    """Return the one article of a Markdown file.

    Raises ReadError for broken front matter (with its line) or if nothing is left to read aloud.
    """
    from markdown_it import MarkdownIt

    front, body = _front(source)
    tokens = MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(body)
    links: list[Link] = []
    blocks, remarks = without_furniture(list(_blocks(tokens, links)))
    title = source.title or front.get("title", "")
    if blocks and blocks[0].kind == "heading" and blocks[0].level == 1 and (not title or title == blocks[0].text):
        title = blocks.pop(0).text
    return (
        finish(
            source,
            title,
            blocks,
            links=links,
            remarks=remarks,
            declared=front.get("language", front.get("lang", "")),
            author=front.get("author", ""),
            published=_date(source, front.get("date", "")),
            url=front.get("url", front.get("source", "")),
            image=front.get("image", ""),
            summary=front.get("summary", front.get("description", "")),
        ),
    )


def _front(source: Source) -> tuple[dict[str, str], str]:
    text = source.text()
    found = FRONT.match(text)
    if not found:
        return {}, text
    import yaml

    try:
        values = yaml.load(found[1], Loader=yaml.BaseLoader)  # noqa: S506 - BaseLoader makes only texts, lists and mappings
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 2 if mark else 1
        problem = getattr(error, "problem", None) or error
        raise ReadError(
            f"{source.name}:{line}: front matter is not valid YAML: {problem}", hint="quote the value"
        ) from error
    if values and not isinstance(values, dict):
        raise ReadError(
            f"{source.name}:1: front matter must be `key: value` lines",
            hint="or begin the text otherwise than with ---",
        )
    return {str(k).lower(): fold(v) for k, v in (values or {}).items() if isinstance(v, str)}, text[found.end() :]


def _date(source: Source, text: str) -> dt.datetime | None:
    found = moment(text)
    if text and found is None:
        raise ReadError(
            f"{source.name}: date: {text!r} is not a date", hint="write it as 2026-11-23 or 2026-11-23T06:00:00+01:00"
        )
    return found


def _blocks(tokens: Sequence[Any], links: list[Link]) -> Iterator[Block]:
    """Walk the tokens; what encloses an inline token decides its kind."""
    around: list[Any] = []
    numbers: list[int] = []  # of the item that is open in each list around; 0 in a bullet list
    cells: list[str] = []
    for token in tokens:
        if token.nesting > 0:
            around.append(token)
        elif token.nesting < 0:
            around.pop()
        _count(token, numbers)
        if token.type == "table_close":
            yield Block("table", " | ".join(cells))
            cells.clear()
        elif token.type in {"fence", "code_block", "hr"}:
            yield Block("break" if token.type == "hr" else "code", token.content)
        elif token.type == "html_block":
            yield from _raw(token.content)
        elif token.type == "inline":
            text, images = _words(token.children, links)
            if any(outer.tag == "table" for outer in around):
                cells.append(text)
            elif text:
                yield _block(text, around, numbers)
            yield from images


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


def _raw(markup: str) -> Iterator[Block]:
    """HTML in Markdown: its words are a paragraph; comments, scripts and styles have none."""
    from lxml import html

    tree: Any = html.fromstring(f"<div>{markup}</div>")
    for element in tree.xpath("//script|//style|//comment()"):
        element.drop_tree()
    if text := fold(tree.text_content()):
        yield Block("paragraph", text)


def _words(children: Sequence[Any], links: list[Link]) -> tuple[str, list[Block]]:
    """Return the words of a block and the pictures in it; addresses go to `links`."""
    words: list[str] = []
    images: list[Block] = []
    href, start = "", 0
    for child in children:
        kind = child.type
        if kind in {"text", "code_inline"}:
            words.append(child.content)
        elif kind in {"softbreak", "hardbreak"}:
            words.append(" ")
        elif kind == "image":
            images.append(Block("image", fold(child.content)))
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
