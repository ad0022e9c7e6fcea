# SPDX-License-Identifier: GPL-3.0-or-later
"""Memos of the Internet (RFCs and drafts) as text: what their head says, and the text without its formalities.

Their form is fixed (https://www.rfc-editor.org/rfc/rfc7322): a block in two columns, the title, then sections whose
headings begin at the margin, which all else is away from.
"""

import re

from podcast.read.byline import date
from podcast.read.common import fold
from podcast.read.gutenberg import Book

HEAD = re.compile(r"^(?:Request for Comments:|Internet-Draft\b)", re.MULTILINE)
LONGEST = 5_000
"""Letters among which the head ends."""
FORMAL = re.compile(
    r"(?i)(?:status of th(?:is|e) memo|(?:full )?copyright (?:notice|statement)|table of contents|contents|index"
    r"|(?:[\dA-Z.]+\s+)?(?:(?:normative |informative )?references|authors?['’]?s?['’]? address(?:es)?)"
    r"|intellectual property(?: statement)?)"
)
"""Headings of what is not for the ear."""
AUTHOR = re.compile(
    r"[ ]{3,}(?P<name>(?:[A-Z]\.[ ]?)+(?:[a-z]+ )*[A-Z][\w’'-]+)(?:, Ed(?:itor|\.))?[ \t]*$", re.MULTILINE
)
DAY = re.compile(r"(?:\d{1,2} )?[A-Z][a-z]+ \d{4}[ \t]*$", re.MULTILINE)


def memo(text: str) -> Book | None:
    """Return what a memo holds, or None for another text."""
    parts = re.split(r"\n[ \t]*\n", text.lstrip("\n\f ")[:LONGEST], maxsplit=1)
    if len(parts) < 2 or not HEAD.search(parts[0]):
        return None
    block = parts[0]
    title, _, rest = text.lstrip("\n\f ")[len(block) :].strip("\n").partition("\n\n")
    kept, left, is_formal = [], [], False
    lines = rest.split("\n")
    for before, line, after in zip(["", *lines], lines, [*lines[1:], ""], strict=False):
        if line[:1].strip() and not before.strip() and not after.strip():
            is_formal = bool(FORMAL.fullmatch(line.strip().rstrip(".")))
            left += [line.strip()] if is_formal else []
            kept += [] if is_formal else ["", "", line, "=" * len(line), ""]
        elif not is_formal:
            kept.append(line)
    day = DAY.search(block)
    when = fold(day[0]) if day else ""
    return Book(
        "\n".join(kept),
        fold(re.sub(r"\bdraft-[\w-]+", "", title)),
        ", ".join(fold(name) for name in AUTHOR.findall(block)),
        "en",
        published=date(when if when[:1].isdigit() else f"1 {when}", "en") if when else None,
        remarks=[f"left out: the header, and the sections {', '.join(left)}" if left else "left out: the header"],
    )
