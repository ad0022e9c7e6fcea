# SPDX-License-Identifier: GPL-3.0-or-later
"""Plain text -> Article.

Plain text says nothing of itself, so its shape has to: a short first line is the title (or the author, if a name or
`By …`), a line that is only an address goes to the links, a line of page furniture goes, and paragraphs are divided
by blank lines, by indentation, or by line ends where the lines are paragraphs or have room left. Bullets and numbers
make items; a short line in capitals alone or with a stroke under it is a heading, and what begins with `>` is quoted.
Words that were divided at a line's end are whole again. Of a letter, the head says who wrote it, and when; it is not
read, nor is the signature.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from itertools import pairwise
from typing import Any

from podcast.errors import ReadError
from podcast.model import Article, Block, Link
from podcast.read import gutenberg, letter, memo
from podcast.read.byline import byline
from podcast.read.common import CHAPTER, LEADERS, SAID, TITLE_LENGTH, fold, links_in
from podcast.read.finish import finish, with_footnotes
from podcast.read.hyphens import joined, vocabulary
from podcast.read.notices import is_notice
from podcast.read.sheets import without_pages
from podcast.read.source import Source
from podcast.read.talk import apart, talk

REFERENCE = re.compile(r"^(?P<label>[^\n:]{0,60}?)\s*:?\s*<?(?P<url>https?://[^\s<>]+?)>?[.)]?$")
"""A line that is an address, with or without a label: `Article en référence: https://…`."""

NAME = re.compile(
    r"^[^\W\d_][\w.’'-]*(?:[ \u00a0](?:d[eui]s?|da|di|du|la|le|van|von|den|der|el|al|bin|[^\W\d_a-z][\w.’'-]*)){1,4}$"
)
"""Two to five words that begin with a capital (particles apart): may be a person."""

BULLET = re.compile(r"^\s*[-*•‣◦▪·]\s+(?=\S)")
"""Dashes (– and —) are left alone: they begin what is said in a dialogue."""
NUMBERED = re.compile(r"^\s*(?P<number>\d{1,3})[.)]\s+(?=\S)")
MARK = re.compile(rf"{BULLET.pattern}|{NUMBERED.pattern}|^\s*\(?[a-z]\)\s+(?=\S)")
ITEMS = re.compile(rf"\n(?={MARK.pattern.replace('^', '').replace('?P<number>', '?:')})")
"""The line end before an item of a list."""
RULE = re.compile(r"^[\W_]{3,}$")
"""A line of stars or strokes, which divides."""
UNDERLINED = re.compile(
    r"(?:(?<=\n\n)|\A)(?P<head>[ \t]*\S.{0,90})\n[ \t]*(?P<rule>([=~*^-])\3{2,})[ \t]*$", re.MULTILINE
)
"""A heading with a stroke under it."""
LEAD = 80
"""Characters at the end of a line that are looked at for such dots."""
QUOTED = re.compile(r"[ \t]*(?:>[ \t]?)+")
VERSES = 4
"""Lines that do not all begin with a capital by chance."""
NARROW = 20
"""Letters of lines that nobody wraps a paragraph at."""
HEAD = 5
"""Paragraphs among which a line may say who wrote the text, and when."""
WRAP = 100
"""Lines up to this length may be the wrapped lines of one paragraph."""


def read(source: Source) -> Sequence[Article]:
    """Return the one article of a text.

    Raises ReadError if nothing is left to read aloud.
    """
    text = without_pages(source.text())
    book = gutenberg.book(text) or memo.memo(text) or letter.letter(text) or talk(source, text) or gutenberg.Book(text)
    heads = {fold(found["head"]) for found in UNDERLINED.finditer(book.text) if _is_stroke(found)}
    paragraphs = _paragraphs(
        apart(UNDERLINED.sub(lambda found: f"{found['head']}\n" if _is_stroke(found) else found[0], book.text))
    )
    remarks = list(book.remarks)
    links: list[Link] = []
    author, title = book.author, book.title
    published = book.published
    signed = 0
    kept: list[str] = []
    for index, text in enumerate(paragraphs):
        reference = REFERENCE.match(text)
        # a date alone may begin a diary, but not after the author's name
        said = byline(text, source.language, bare=index == signed > 0) if index < HEAD else None
        if reference:
            links.append(Link(reference["url"], fold(reference["label"])))
        elif said and not (author and said.author):
            author, published = author or said.author, published or said.published
            signed = index + 1
        elif RULE.match(text):
            kept += ["***"] if kept else []  # a break between scenes
        elif is_notice(BULLET.sub("", text)) or _is_entry(text):
            remarks.append(f"left out (not part of the article): “{text[:80]}”")
        elif not kept and not author and _is_author(text, paragraphs[index + 1 :]):
            author = text
        elif (
            not kept and not title and not (book.is_talk and ": " in text) and _is_title(text, paragraphs[index + 1 :])
        ):
            title = text
        else:
            kept.append(text)
            links += links_in(text)
    if not kept:
        raise ReadError(f"{source.name}: no text to narrate", hint="check the file: it contains only links or notices")
    blocks = list(_blocks(kept, heads))
    if source.title:
        blocks = [Block("heading", title, 2), *blocks] if title and title != source.title else blocks
        title = source.title
    about: dict[str, Any] = {
        "declared": book.language,
        "book": book.is_book,
        "author": author,
        "published": published,
    }
    article = finish(source, title, blocks, links=links, remarks=remarks, **about)
    return (with_footnotes(article, book.notes),)


def _paragraphs(text: str) -> list[str]:
    """Return the paragraphs, unwrapped where lines were broken at a margin."""
    parts = [item for part in re.split(r"\n\s*\n", text) for item in ITEMS.split(part)]
    # soft hyphens divide words, and are gone once a line is folded
    every = [[line for line in part.replace("\u00ad\n", "-\n").split("\n") if line.strip()] for part in parts]
    known = vocabulary(fold(line) for lines in every if len(lines) > 1 for line in lines)
    found: list[str] = []
    for whole in every:
        quoted = bool(whole) and all(map(QUOTED.match, whole))
        raw = [QUOTED.sub("", line, count=1) for line in whole] if quoted else whole
        raw = [line for line in raw if fold(line)]
        lines = [fold(line) for line in raw]
        hangs = len(lines) > 1 and bool(MARK.match(lines[0])) and all(line[0].isspace() for line in raw[1:])
        if hangs or (_is_wrapped(lines) and not _indented(raw)):
            texts = [joined(lines, known)]
        elif _flows(lines):
            texts = [joined(paragraph, known) for paragraph in _parted(lines, _indented(raw))]
        else:
            texts = lines
        found += [f"> {text}" for text in texts] if quoted else texts
    return found


def _indented(raw: Sequence[str]) -> set[int]:
    """Return which lines are indented further than most: they begin paragraphs."""
    margins = [len(line) - len(line.lstrip()) for line in raw]
    least = min(margins, default=0)
    found = {index for index, margin in enumerate(margins) if margin > least and index}
    return found if len(found) < 0.7 * len(raw) else set()


def _flows(lines: Sequence[str]) -> bool:
    """Return True for running text: most of its lines go on in the next, which begins in lower case."""
    if len(lines) < 3 or not 36 < max(map(len, lines)) <= WRAP or any(REFERENCE.match(line) for line in lines):
        return False
    goes_on = [after[0].islower() for before, after in pairwise(lines) if before[-1] not in '.!?…:;,»”"']
    return sum(goes_on) > 1 and sum(goes_on) > 0.6 * len(goes_on)


def _parted(lines: Sequence[str], indented: Collection[int]) -> Iterator[list[str]]:
    """Give the paragraphs of running text: one begins at a margin, or where its first word had room before."""
    width = max(map(len, lines))
    paragraph: list[str] = []
    for index, line in enumerate(lines):
        before = paragraph[-1] if paragraph else ""
        room = len(before) + 1 + len(line.split(" ", 1)[0]) < width - 2 and not line[0].islower()
        if paragraph and (index in indented or SAID.match(line) or room):
            yield paragraph
            paragraph = []
        paragraph.append(line)
    yield paragraph


def _is_wrapped(lines: Sequence[str]) -> bool:
    """Return True for one paragraph that fills its lines: all but the last are of about one length.

    Narrower lines are a poem, and so are lines that all begin with a capital.
    """
    if len(lines) < 2 or max(map(len, lines)) > WRAP or any(REFERENCE.match(line) for line in lines):
        return False
    if len(lines) >= VERSES and all(line.lstrip('«“"—–- ')[:1].isupper() for line in lines):
        return False
    goes_on = max(map(len, lines)) > NARROW and all(
        after[0].islower() and before[-1] not in '.,;:!?…»”"' for before, after in pairwise(lines)
    )
    filled = [len(line) for line in lines[:-1]]
    return goes_on or (min(filled) > 0.55 * max(filled) and max(filled) > 36)


def _is_stroke(found: re.Match[str]) -> bool:
    return abs(len(found["head"].strip()) - len(found["rule"])) <= max(3, len(found["rule"]) // 3)


def _blocks(texts: Sequence[str], heads: Collection[str]) -> Iterator[Block]:
    texts = list(_with_titles(texts))
    numbered = [NUMBERED.match(text) for text in texts]
    for index, text in enumerate(texts):
        number = numbered[index]
        # a number alone may be a heading's; two in a row are a list
        listed = number and any(0 <= at < len(texts) and numbered[at] for at in (index - 1, index + 1))
        if number and listed:
            yield Block("item", text[number.end() :], int(number["number"]))
        elif BULLET.match(text):
            yield Block("item", BULLET.sub("", text))
        elif (text in heads or _is_heading(text)) and index + 1 < len(texts):
            yield Block("heading", text, 2)
        elif text.startswith("> "):
            yield Block("quote", text[2:])
        else:
            yield Block("paragraph", text)


def _with_titles(texts: Sequence[str]) -> Iterator[str]:
    """Join `CHAPTER I.` and the title below it, so that they make one chapter."""
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
    """Take a short line in capitals alone, or one such as `Chapitre II`, for a heading."""
    if CHAPTER.fullmatch(text):
        return True
    capitals = sum(c.isalpha() for c in text) > 3 and text == text.upper() != text.lower()
    return capitals and len(text) <= TITLE_LENGTH and text[-1] not in ".!…:;,"


def _is_author(text: str, rest: Sequence[str]) -> bool:
    """Take a name alone for the author if a reference line follows it; else it may be a title of two words."""
    return bool(NAME.match(text) and rest and REFERENCE.match(rest[0]))


def _is_entry(text: str) -> bool:
    """Return True for a line of a table of contents, with the page that its dots lead to."""
    found = LEADERS.search(text[-LEAD:])
    return found is not None and found["page"] is not None


def _is_title(text: str, rest: Sequence[str]) -> bool:
    return bool(
        len(text) <= 120
        and rest
        and not re.search(r"[.!…:;,。]$", text)
        and max(len(line) for line in rest) > len(text)
    )
