# SPDX-License-Identifier: GPL-3.0-or-later
"""The result of recognising a form of plain text: a book of Project Gutenberg, an RFC, an e-mail, a chat."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class PlainDocument:
    """The text without headers and the like, and the metadata in them."""

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
