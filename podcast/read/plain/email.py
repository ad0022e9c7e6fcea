# SPDX-License-Identifier: GPL-3.0-or-later
"""E-mail as saved by mail programs -> author, date, subject, and the text without header and signature.

Lines such as `From: …` and `Subject: …` (RFC 5322), an empty line, the text, `-- ` and the signature.
"""

import datetime as dt
import re
from collections.abc import Sequence
from email import message_from_string, policy
from email.utils import parseaddr

from podcast.model import Block
from podcast.read.byline import date
from podcast.read.normalize import fold
from podcast.read.plain.document import PlainDocument

HEAD = re.compile(r"\A\s*(?:[A-Z][A-Za-z0-9-]{1,40}:(?:[ \t].*)?\n(?:[ \t]+\S.*\n)*){2,80}(?=\s*\n)")
SHOWN = re.compile(
    r"(?:De|From|Von)\s?:[\s|]*(?P<by>.{1,120}?)[\s|]*(?:Envoy[ée]|Sent|Date|Gesendet)(?:\sle)?\s?:[\s|]*(?P<on>.{6,60}?)[\s|]*"
    r"(?:À|A|To|An|Cc)\s?:.{1,600}?(?:Objet|Subject|Betreff)\s?:.{1,300}"
)
"""The header of an e-mail as mail programs print it, in one line."""
LINES = 8
"""Blocks at the start that may be such a header."""
SIGNATURE = re.compile(r"\n-- ?\n(?!.*\n-- ?\n).{0,600}\Z", re.DOTALL)


def recognize(text: str) -> PlainDocument | None:
    """Return the text of an e-mail with its author, date and subject, or None for another text."""
    head = HEAD.match(text)
    if head is None:
        return None
    said = message_from_string(head[0].lstrip(), policy=policy.compat32)
    if not (said.get("From") and said.get("Subject")):
        return None
    name, address = parseaddr(_decoded(said["From"]))
    body = SIGNATURE.sub("\n", text[head.end() :])
    remarks = ["left out: the e-mail header" + (" and the signature" if len(body) < len(text[head.end() :]) else "")]
    title = re.sub(r"^(?i:(?:re|fwd?|tr|aw|wg)\s?:\s*)+", "", _decoded(said["Subject"]))
    return PlainDocument(
        body, title, name or address.partition("@")[0], published=_date(said.get("Date", "")), remarks=remarks
    )


def without_mail_header(blocks: Sequence[Block], language: str) -> tuple[list[Block], str, dt.datetime | None]:
    """Return the blocks of a page without the header of an e-mail, and the author and date in it."""
    lines = ""
    for count, block in enumerate(blocks[:LINES], start=1):
        lines = f"{lines} {block.text}".strip()
        if head := SHOWN.fullmatch(lines):
            return list(blocks[count:]), re.sub(r"\s*[<\[(].*", "", head["by"]), date(head["on"], language)
    return list(blocks), "", None


def _decoded(value: str) -> str:
    from email.header import decode_header, make_header

    try:
        return fold(str(make_header(decode_header(value))))
    except (LookupError, ValueError):  # in no encoding that is known
        return fold(value)


def _date(value: str) -> dt.datetime | None:
    from email.utils import parsedate_to_datetime

    try:
        found = parsedate_to_datetime(value)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=dt.UTC)
