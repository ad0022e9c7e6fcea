# SPDX-License-Identifier: GPL-3.0-or-later
"""Texts of Project Gutenberg: the book without the licence around it, as the lines of its head name it.

A head of `Title: …` lines, `*** START OF THE PROJECT GUTENBERG EBOOK … ***`, the book, `*** END OF …`, the licence: so
are all of its plain texts (https://www.gutenberg.org/policy/terms_of_use.html). In them `_words_` are italic, two
hyphens are a dash, and what stands in brackets tells of illustrations and footnotes.
"""

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from podcast.read.common import fold

START = re.compile(r"^\s*\*\*\* ?START OF (?:THE|THIS) PROJECT GUTENBERG EBOOK.*$", re.MULTILINE)
END = re.compile(
    r"^\s*(?:\*\*\* ?END OF (?:THE|THIS) PROJECT GUTENBERG|End of (?:the )?Project Gutenberg).*",
    re.DOTALL | re.MULTILINE,
)
ABOUT = re.compile(r"^(?P<name>Title|Author|Language): *(?P<value>.*(?:\n +\S.*)*)$", re.MULTILINE)
CREDITS = re.compile(r"\A\s*(?:Produced by|E-text prepared by)\b.*?\n\s*\n\s*\n", re.DOTALL)
CONTENTS = re.compile(
    r"(?:^|\n)\n[ ]*(?:TABLE OF )?(?:CONTENTS|TABLE DES MATI[ÈE]RES|INHALT)\.?[ ]*\n\n.*?\n[ ]*\n[ ]*\n[ ]*\n",
    re.DOTALL,
)
FIRST = re.compile(
    r"^[ ]*(?:CHAPTER|CHAPITRE|BOOK|LIVRE|PART|PARTIE|PR[ÉE]FACE|PROLOGUE|INTRODUCTION|LETTER|ACTE?|I)\b.{0,60}$",
    re.MULTILINE | re.IGNORECASE,
)
FRONT = 800
"""Characters; what is shorter and stands before the first chapter is a title page."""
FOOTNOTE = re.compile(r"\n[ \t]*\[Footnote (?P<mark>\w{1,3}): (?P<text>(?:[^\[\]]|\[[^\[\]]*\])*)\][ \t]*(?=\n)")
REFERENCE = re.compile(r"(?<=[^\s\[])[ ]?\[(\d{1,3}|[A-Z*†])\](?!\w)")
ILLUSTRATION = re.compile(r"\[Illustration(?:: ?[^\]]*)?\]")
BACK = re.compile(
    r"\n[ ]*\n[ _=]*(?P<what>(?:OTHER |NEW )?(?:BOOKS|WORKS|NOVELS) (?:BY|OF) THE SAME AUTHOR|BY THE SAME AUTHOR"
    r"|DU MÊME AUTEUR|OUVRAGES DU MÊME AUTEUR|ADVERTISEMENTS?|(?i:transcriber['’]?s['’]? notes?))[:. _=]*\n[ ]*\n"
)
"""After the text: what its publisher sells besides, and what was done to the text."""
LAST = 0.5
"""Of a text: what stands before that much of it is no end."""
LANGUAGES = {
    "english": "en",
    "french": "fr",
    "german": "de",
    "spanish": "es",
    "italian": "it",
    "portuguese": "pt",
    "dutch": "nl",
}
LONGEST_CONTENTS = 20_000
"""Characters; what is longer is no table of contents."""


@dataclass(frozen=True, slots=True)
class Book:
    """What one of the texts holds, or a letter, or a talk."""

    text: str
    title: str = ""
    author: str = ""
    language: str = ""
    published: dt.datetime | None = None
    notes: Sequence[tuple[str, str]] = ()
    """Footnotes: mark and text."""
    is_book: bool = False
    is_talk: bool = False
    remarks: list[str] = field(default_factory=list)


def book(text: str) -> Book | None:
    """Return the book in a text of Project Gutenberg, or None if it is another text."""
    start = START.search(text[:20_000])
    if start is None:
        return None
    about = {found["name"]: found["value"] for found in ABOUT.finditer(text[: start.start()])}
    body = CREDITS.sub("", END.sub("", text[start.end() :]))
    remarks = ["left out: the header and the licence of Project Gutenberg"]
    contents = CONTENTS.search(body)
    if contents and len(contents[0]) < LONGEST_CONTENTS:
        body = body.replace(contents[0], "\n\n\n", 1)
        remarks.append("left out: the table of contents")
    first = FIRST.search(body)
    if first and body[: first.start()].strip() and len(fold(body[: first.start()])) < FRONT:
        remarks.append(f"left out (before the first chapter): “{fold(body[: first.start()])[:80]}”")
        body = body[first.start() :]
    back = BACK.search(body, int(LAST * len(body)))
    if back and not FIRST.search(body, back.end()) and not FOOTNOTE.search(body, back.end()):
        remarks.append(f"left out (after the text): “{fold(back['what'])}” and everything below it")
        body = body[: back.start()] + "\n"
    body = ILLUSTRATION.sub("", body)
    body = re.sub(r"(?<![^\W_])_(?=\S)([^_]{1,300}?)(?<=\S)_(?![^\W_])", r"\1", body)
    body = re.sub(r"(?<=[^\s-])--(?=[^\s-])", "\N{EM DASH}", body)
    notes = [(found["mark"], fold(found["text"])) for found in FOOTNOTE.finditer(body)]
    body = REFERENCE.sub("", FOOTNOTE.sub("", body)) if notes else body
    return Book(
        body,
        fold(about.get("Title", "")),
        ", ".join(map(fold, about.get("Author", "").split("\n"))),
        LANGUAGES.get(about.get("Language", "").lower(), ""),
        notes=notes,
        is_book=True,
        remarks=remarks,
    )
