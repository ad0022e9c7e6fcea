# SPDX-License-Identifier: GPL-3.0-or-later
"""Read plain text as an Article.

Structure is inferred from layout: a short first line is the title (or the author, if it is a name or `By …`), a line
that is only a URL goes to the links, boilerplate is left out, and paragraphs are separated by blank lines, by
indentation, or by line ends where the lines are not wrapped. Bullets and numbers begin list items; a short line in
capitals or underlined is a heading, and lines that begin with `>` are quotations. Words hyphenated at line ends are
joined. The header of an e-mail contains author and date; neither it nor the signature is narrated.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from itertools import pairwise
from typing import Any

from podcast.errors import ReadError
from podcast.model import Article, Block, Link
from podcast.read.article import finish, with_footnotes
from podcast.read.boilerplate import is_notice
from podcast.read.byline import byline
from podcast.read.chapter_headings import CHAPTER
from podcast.read.dehyphenate import joined, vocabulary
from podcast.read.normalize import LEADERS, SPEECH_OR_ITEM, TITLE_LENGTH, fold, links_in
from podcast.read.plain import chat, gutenberg, rfc
from podcast.read.plain import email as letter
from podcast.read.plain.chat import separate_turns
from podcast.read.plain.document import PlainDocument
from podcast.read.plain.pagination import without_pages
from podcast.read.source import Source

REFERENCE = re.compile(r"^(?P<label>[^\n:]{0,60}?)\s*:?\s*<?(?P<url>https?://[^\s<>]+?)>?[.)]?$")
"""A line that is a URL, with or without a label: `Article en référence: https://…`."""

NAME = re.compile(
    r"^[^\W\d_][\w.’'-]*(?:[ \u00a0](?:d[eui]s?|da|di|du|la|le|van|von|den|der|el|al|bin|[^\W\d_a-z][\w.’'-]*)){1,4}$"
)
"""Two to five words, capitalised or particles such as `van`, which may be a person's name."""

BULLET = re.compile(r"^\s*[-*•‣◦▪·]\s+(?=\S)")
"""Dashes (– and —) are not bullets: they begin speech in a dialogue."""
NUMBERED = re.compile(r"^\s*(?P<number>\d{1,3})[.)]\s+(?=\S)")
MARK = re.compile(rf"{BULLET.pattern}|{NUMBERED.pattern}|^\s*\(?[a-z]\)\s+(?=\S)")
ITEMS = re.compile(rf"\n(?={MARK.pattern.replace('^', '').replace('?P<number>', '?:')})")
"""The line end before a list item."""
RULE = re.compile(r"^[\W_]{3,}$")
"""A line of stars or hyphens that divides sections."""
UNDERLINED = re.compile(
    r"(?:(?<=\n\n)|\A)(?P<head>[ \t]*\S.{0,90})\n[ \t]*(?P<rule>([=~*^-])\3{2,})[ \t]*$", re.MULTILINE
)
"""An underlined heading."""
LEAD = 80
"""Characters at the end of a line that are searched for the dots of a table of contents."""
QUOTED = re.compile(r"[ \t]*(?:>[ \t]?)+")
MIN_VERSES = 4
"""Lines, all beginning with a capital, from which a text is verse."""
NARROW = 20
"""Characters; shorter lines are not wrapped text."""
HEAD = 5
"""Paragraphs at the start that may be a byline."""
WRAP = 100
"""Characters; longer lines are paragraphs of their own."""


def read(source: Source) -> Sequence[Article]:
    """Return the one article of a text.

    Raises ReadError if nothing is left to narrate.
    """
    document = _document(source)
    heads = {fold(found["head"]) for found in UNDERLINED.finditer(document.text) if _is_underline(found)}
    found = _Parts(document, source.language)
    paragraphs = _paragraphs(separate_turns(UNDERLINED.sub(_without_underline, document.text)))
    for index, text in enumerate(paragraphs):
        next(take for take in STEPS if take(found, index, text, paragraphs[index + 1 :]))
    if not found.kept:
        raise ReadError(
            "no text to narrate", file=source.name, hint="check the file: it contains only links or notices"
        )

    title, blocks = found.title, list(_blocks(found.kept, heads))
    if source.title:
        blocks = [Block("heading", title, 2), *blocks] if title and title != source.title else blocks
        title = source.title
    article = finish(
        source,
        title,
        blocks,
        links=found.links,
        remarks=found.remarks,
        declared=document.language,
        book=document.is_book,
        author=found.author,
        published=found.published,
    )
    return (with_footnotes(article, document.notes),)


def _document(source: Source) -> PlainDocument:
    """Return the text of a book, RFC, e-mail or chat without its headers and the like; any other text as it is."""
    text = without_pages(source.text())
    known = gutenberg.recognize(text) or rfc.recognize(text) or letter.recognize(text) or chat.recognize(source, text)
    return known or PlainDocument(text)


class _Parts:
    """The parts of a text recognised so far."""

    def __init__(self, document: PlainDocument, language: str) -> None:
        self.language = language
        self.is_talk = document.is_talk
        self.title = document.title
        self.author = document.author
        self.published = document.published
        self.byline_end = 0
        """Index of the paragraph after the last byline."""
        self.kept: list[str] = []
        self.links: list[Link] = []
        self.remarks = list(document.remarks)


def _take_link(found: _Parts, _: int, text: str, __: Sequence[str]) -> bool:
    """Take a line that is a URL, with or without a label."""
    reference = REFERENCE.match(text)
    if reference:
        found.links.append(Link(reference["url"], fold(reference["label"])))
    return reference is not None


def _take_byline(found: _Parts, index: int, text: str, _: Sequence[str]) -> bool:
    """Take a line with author or date: `By Ann Field, 3 May 2021`."""
    if index >= HEAD:
        return False
    # a date alone may begin a diary, but not after the author's name
    line = byline(text, found.language, bare=index == found.byline_end > 0)
    if line is None or (found.author and line.author):
        return False
    found.author, found.published = found.author or line.author, found.published or line.published
    found.byline_end = index + 1
    return True


def _take_break(found: _Parts, _: int, text: str, __: Sequence[str]) -> bool:
    """Convert a line of stars to a break between scenes, except at the start."""
    if not RULE.match(text):
        return False
    found.kept += ["***"] if found.kept else []
    return True


def _take_notice(found: _Parts, _: int, text: str, __: Sequence[str]) -> bool:
    """Leave out boilerplate and lines of a table of contents, with a remark."""
    if not (is_notice(BULLET.sub("", text)) or _is_contents_entry(text)):
        return False
    found.remarks.append(f"left out (not part of the article): “{text[:80]}”")
    return True


def _take_author(found: _Parts, _: int, text: str, rest: Sequence[str]) -> bool:
    """Take a name at the start as the author."""
    if found.kept or found.author or not _is_author(text, rest):
        return False
    found.author = text
    return True


def _take_title(found: _Parts, _: int, text: str, rest: Sequence[str]) -> bool:
    """Take a short line at the start as the title, unless it is a turn in a chat."""
    if found.kept or found.title or (found.is_talk and ": " in text) or not _is_title(text, rest):
        return False
    found.title = text
    return True


def _take_text(found: _Parts, _: int, text: str, __: Sequence[str]) -> bool:
    """Keep a paragraph, and note the URLs in it."""
    found.kept.append(text)
    found.links += links_in(text)
    return True


STEPS = (_take_link, _take_byline, _take_break, _take_notice, _take_author, _take_title, _take_text)
"""Tried in order for each paragraph, until one returns True."""


def _paragraphs(text: str) -> list[str]:
    """Return the paragraphs, unwrapped where lines were broken at a margin."""
    parts = [item for part in re.split(r"\n\s*\n", text) for item in ITEMS.split(part)]
    # soft hyphens at a line's end would be lost with white space
    groups = [part.replace("\u00ad\n", "-\n").split("\n") for part in parts]
    groups = [[line for line in lines if line.strip()] for lines in groups]
    known = vocabulary(fold(line) for lines in groups if len(lines) > 1 for line in lines)
    return [paragraph for lines in groups for paragraph in _unwrapped(lines, known)]


def _unwrapped(lines: Sequence[str], known: Any) -> list[str]:
    """Return the paragraphs of a group of lines; quoted ones keep `> ` at their start."""
    if not lines or not all(map(QUOTED.match, lines)):
        return _joined_lines([line for line in lines if fold(line)], known)
    bare = [QUOTED.sub("", line, count=1) for line in lines]
    return [f"> {text}" for text in _joined_lines([line for line in bare if fold(line)], known)]


def _joined_lines(raw: Sequence[str], known: Any) -> list[str]:
    """Join lines to one paragraph if they are wrapped, to several if indented, else to one each."""
    lines = [fold(line) for line in raw]
    indented = _indented(raw)
    if _is_hanging(lines, raw) or (_is_wrapped(lines) and not indented):
        return [joined(lines, known)]
    if _is_running(lines):
        return [joined(paragraph, known) for paragraph in _divided(lines, indented)]
    return lines


def _is_hanging(lines: Sequence[str], raw: Sequence[str]) -> bool:
    """Return True for a list item whose further lines are indented."""
    return len(lines) > 1 and bool(MARK.match(lines[0])) and all(line[0].isspace() for line in raw[1:])


def _indented(raw: Sequence[str]) -> set[int]:
    """Return the indexes of lines that are indented further than most, and so begin paragraphs."""
    margins = [len(line) - len(line.lstrip()) for line in raw]
    least = min(margins, default=0)
    found = {index for index, margin in enumerate(margins) if margin > least and index}
    return found if len(found) < 0.7 * len(raw) else set()


def _is_running(lines: Sequence[str]) -> bool:
    """Return True for running text: most lines continue in the next, which begins in lower case."""
    if len(lines) < 3 or not 36 < max(map(len, lines)) <= WRAP or any(map(REFERENCE.match, lines)):
        return False
    continues = [after[0].islower() for before, after in pairwise(lines) if before[-1] not in '.!?…:;,»”"']
    return sum(continues) > 1 and sum(continues) > 0.6 * len(continues)


def _divided(lines: Sequence[str], indented: Collection[int]) -> Iterator[list[str]]:
    """Yield the paragraphs of running text: one begins at an indent, or if its first word fits on the line before."""
    width = max(map(len, lines))
    paragraph: list[str] = []
    for index, line in enumerate(lines):
        before = paragraph[-1] if paragraph else ""
        room = len(before) + 1 + len(line.split(" ", 1)[0]) < width - 2 and not line[0].islower()
        if paragraph and (index in indented or SPEECH_OR_ITEM.match(line) or room):
            yield paragraph
            paragraph = []
        paragraph.append(line)
    yield paragraph


def _is_wrapped(lines: Sequence[str]) -> bool:
    """Return True for one wrapped paragraph: all lines but the last have about the same length.

    Shorter lines are a poem, and so are lines that all begin with a capital.
    """
    if len(lines) < 2 or max(map(len, lines)) > WRAP or any(map(REFERENCE.match, lines)):
        return False
    if len(lines) >= MIN_VERSES and all(line.lstrip('«“"—–- ')[:1].isupper() for line in lines):
        return False
    filled = [len(line) for line in lines[:-1]]
    is_filled = min(filled) > 0.55 * max(filled) and max(filled) > 36
    return is_filled or (max(map(len, lines)) > NARROW and all(_continues(*pair) for pair in pairwise(lines)))


def _continues(before: str, after: str) -> bool:
    """Return True if a sentence continues in the next line."""
    return after[0].islower() and before[-1] not in '.,;:!?…»”"'


def _is_underline(found: re.Match[str]) -> bool:
    """Return True for an underline about as long as its heading."""
    return abs(len(found["head"].strip()) - len(found["rule"])) <= max(3, len(found["rule"]) // 3)


def _without_underline(found: re.Match[str]) -> str:
    return f"{found['head']}\n" if _is_underline(found) else found[0]


def _blocks(texts: Sequence[str], heads: Collection[str]) -> Iterator[Block]:
    """Yield paragraphs as blocks; `heads` are those that were underlined."""
    texts = list(_with_titles(texts))
    numbered = [NUMBERED.match(text) for text in texts]
    for index, text in enumerate(texts):
        number = numbered[index]
        # a number alone may be a heading's; two in a row are a list
        if number and any(numbered[max(index - 1, 0) : index] + numbered[index + 1 : index + 2]):
            yield Block("item", text[number.end() :], int(number["number"]))
        elif BULLET.match(text):
            yield Block("item", BULLET.sub("", text))
        elif index + 1 < len(texts) and (text in heads or _is_heading(text)):
            yield Block("heading", text, 2)
        elif text.startswith("> "):
            yield Block("quote", text[2:])
        else:
            yield Block("paragraph", text)


def _with_titles(texts: Sequence[str]) -> Iterator[str]:
    """Join `CHAPTER I.` and the title below it: one heading, one chapter."""
    rest = iter(texts)
    for text in rest:
        below = next(rest, None) if CHAPTER.fullmatch(text) else None
        if below is None:
            yield text
        elif _is_heading(below) and not CHAPTER.fullmatch(below):
            yield f"{text.rstrip(' .:')}. {below}"
        else:
            yield from (text, below)


def _is_heading(text: str) -> bool:
    """Return True for a short line in capitals, or for one such as `Chapitre II`."""
    if CHAPTER.fullmatch(text):
        return True
    capitals = sum(c.isalpha() for c in text) > 3 and text == text.upper() != text.lower()
    return capitals and len(text) <= TITLE_LENGTH and text[-1] not in ".!…:;,"


def _is_author(text: str, rest: Sequence[str]) -> bool:
    """Return True for a name followed by a line that is a URL; otherwise, it may be a title of two words."""
    return bool(NAME.match(text) and rest and REFERENCE.match(rest[0]))


def _is_contents_entry(text: str) -> bool:
    """Return True for an entry of a table of contents, with leader dots and a page number."""
    found = LEADERS.search(text[-LEAD:])
    return found is not None and found["page"] is not None


def _is_title(text: str, rest: Sequence[str]) -> bool:
    return bool(
        len(text) <= 120
        and rest
        and not re.search(r"[.!…:;,。]$", text)
        and max(len(line) for line in rest) > len(text)
    )
