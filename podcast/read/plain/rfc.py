# SPDX-License-Identifier: GPL-3.0-or-later
"""Parse RFCs and Internet-Drafts in plain text: title, authors, date, and text without boilerplate sections.

Their form is fixed (https://www.rfc-editor.org/rfc/rfc7322): a block in two columns, the title, then sections whose
headings begin at the margin, while all other text is indented.
"""

import datetime as dt
import re

from podcast.read.byline import date
from podcast.read.normalize import fold
from podcast.read.plain.document import PlainDocument

HEAD = re.compile(r"^(?:Request for Comments:|Internet-Draft\b)", re.MULTILINE)
LONGEST = 5_000
"""Characters within which the header ends."""
FORMAL = re.compile(
    r"(?i)(?:status of th(?:is|e) memo|(?:full )?copyright (?:notice|statement)|table of contents|contents|index"
    r"|(?:[\dA-Z.]+\s+)?(?:(?:normative |informative )?references|authors?['’]?s?['’]? address(?:es)?)"
    r"|intellectual property(?: statement)?)"
)
"""Headings of sections that are not narrated."""
AUTHOR = re.compile(
    r"[ ]{3,}(?P<name>(?:[A-Z]\.[ ]?)+(?:[a-z]+ )*[A-Z][\w’'-]+)(?:, Ed(?:itor|\.))?[ \t]*$", re.MULTILINE
)
DAY = re.compile(r"(?:\d{1,2} )?[A-Z][a-z]+ \d{4}[ \t]*$", re.MULTILINE)


def recognize(text: str) -> PlainDocument | None:
    """Return the text of an RFC or draft with its title, authors and date, or None for another text."""
    text = text.lstrip("\n\f ")
    parts = re.split(r"\n[ \t]*\n", text[:LONGEST], maxsplit=1)
    if len(parts) < 2 or not HEAD.search(parts[0]):
        return None
    block = parts[0]
    title, _, rest = text[len(block) :].strip("\n").partition("\n\n")
    body, left = _without_formal_sections(rest)
    return PlainDocument(
        body,
        fold(re.sub(r"\bdraft-[\w-]+", "", title)),
        ", ".join(fold(name) for name in AUTHOR.findall(block)),
        "en",
        published=_date(block),
        remarks=[f"left out: the header, and the sections {', '.join(left)}" if left else "left out: the header"],
    )


def _without_formal_sections(text: str) -> tuple[str, list[str]]:
    """Return the text without its formal sections, headings underlined, and the headings of these sections."""
    kept: list[str] = []
    left: list[str] = []
    is_formal = False
    lines = text.split("\n")
    for before, line, after in zip(["", *lines], lines, [*lines[1:], ""], strict=False):
        if _is_heading(before, line, after):
            is_formal = bool(FORMAL.fullmatch(line.strip().rstrip(".")))
            left += [line.strip()] if is_formal else []
            kept += [] if is_formal else ["", "", line, "=" * len(line), ""]
        elif not is_formal:
            kept.append(line)
    return "\n".join(kept), left


def _is_heading(before: str, line: str, after: str) -> bool:
    """Return True for a line without indentation between two empty lines."""
    return bool(line[:1].strip()) and not before.strip() and not after.strip()


def _date(block: str) -> dt.datetime | None:
    """Return the date in the header of an RFC; `May 2021` means the first day."""
    day = DAY.search(block)
    when = fold(day[0]) if day else ""
    if not when:
        return None
    return date(when if when[:1].isdigit() else f"1 {when}", "en")
