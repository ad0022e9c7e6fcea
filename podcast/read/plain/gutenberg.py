# SPDX-License-Identifier: GPL-3.0-or-later
"""Books of Project Gutenberg in plain text -> the book without licence, contents and back matter; title, author.

All of its plain texts (https://www.gutenberg.org/policy/terms_of_use.html) have the same form: a head of `Title: …`
lines, `*** START OF THE PROJECT GUTENBERG EBOOK … ***`, the book, `*** END OF …`, the licence. In them `_words_` are
italic, two hyphens are a dash, and brackets hold illustrations and footnotes.
"""

import re

from podcast.read.normalize import fold
from podcast.read.plain.document import PlainDocument

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
"""Characters; shorter text before the first chapter is a title page."""
FOOTNOTE = re.compile(r"\n[ \t]*\[Footnote (?P<mark>\w{1,3}): (?P<text>(?:[^\[\]]|\[[^\[\]]*\])*)\][ \t]*(?=\n)")
REFERENCE = re.compile(r"(?<=[^\s\[])[ ]?\[(\d{1,3}|[A-Z*†])\](?!\w)")
ILLUSTRATION = re.compile(r"\[Illustration(?:: ?[^\]]*)?\]")
BACK = re.compile(
    r"\n[ ]*\n[ _=]*(?P<what>(?:OTHER |NEW )?(?:BOOKS|WORKS|NOVELS) (?:BY|OF) THE SAME AUTHOR|BY THE SAME AUTHOR"
    r"|DU MÊME AUTEUR|OUVRAGES DU MÊME AUTEUR|ADVERTISEMENTS?|(?i:transcriber['’]?s['’]? notes?))[:. _=]*\n[ ]*\n"
)
"""After the text: other books of its publisher, and notes of its transcriber."""
LAST = 0.5
"""Share of a text before which no back matter begins."""
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
"""Characters; longer text is not a table of contents."""


def recognize(text: str) -> PlainDocument | None:
    """Return the book in a text of Project Gutenberg, or None for another text."""
    start = START.search(text[:20_000])
    if start is None:
        return None
    about = {found["name"]: found["value"] for found in ABOUT.finditer(text[: start.start()])}
    body = CREDITS.sub("", END.sub("", text[start.end() :]))
    remarks = ["left out: the header and the licence of Project Gutenberg"]
    for strip in (_without_contents, _without_title_page, _without_back_matter):
        body, remark = strip(body)
        remarks += [remark] if remark else []
    body = _as_typeset(body)
    notes = [(found["mark"], fold(found["text"])) for found in FOOTNOTE.finditer(body)]
    body = REFERENCE.sub("", FOOTNOTE.sub("", body)) if notes else body
    return PlainDocument(
        body,
        fold(about.get("Title", "")),
        ", ".join(map(fold, about.get("Author", "").split("\n"))),
        LANGUAGES.get(about.get("Language", "").lower(), ""),
        notes=notes,
        is_book=True,
        remarks=remarks,
    )


def _without_contents(body: str) -> tuple[str, str]:
    """Return the text without its table of contents, and a remark on it."""
    contents = CONTENTS.search(body)
    if contents is None or len(contents[0]) >= LONGEST_CONTENTS:
        return body, ""
    return body.replace(contents[0], "\n\n\n", 1), "left out: the table of contents"


def _without_title_page(body: str) -> tuple[str, str]:
    """Return the text from its first chapter, and a remark on what little is before it."""
    first = FIRST.search(body)
    front = fold(body[: first.start()]) if first else ""
    if first is None or not front or len(front) >= FRONT:
        return body, ""
    return body[first.start() :], f"left out (before the first chapter): “{front[:80]}”"


def _without_back_matter(body: str) -> tuple[str, str]:
    """Return the text without advertisements and transcriber's notes after it, and a remark on them."""
    back = BACK.search(body, int(LAST * len(body)))
    if back is None or FIRST.search(body, back.end()) or FOOTNOTE.search(body, back.end()):
        return body, ""
    return body[: back.start()] + "\n", f"left out (after the text): “{fold(back['what'])}” and everything below it"


def _as_typeset(body: str) -> str:
    """Replace the conventions of plain ASCII: `_so_` by `so`, `--` by a dash, `[Illustration]` by nothing."""
    body = ILLUSTRATION.sub("", body)
    body = re.sub(r"(?<![^\W_])_(?=\S)([^_]{1,300}?)(?<=\S)_(?![^\W_])", r"\1", body)
    return re.sub(r"(?<=[^\s-])--(?=[^\s-])", "\N{EM DASH}", body)
