# SPDX-License-Identifier: GPL-3.0-or-later
"""Remove what is not narrated from HTML elements: scripts, hidden parts, footnote markers, deleted text (`<del>`).

Superscript digits become the characters that mean the same.
"""

import re
from typing import Any

from podcast.read.dom.elements import (
    drop,
    epub_type,
    is_inside,
    kinds_of,
    name_of,
    set_text_before,
    text_before,
)
from podcast.read.sites import names_or
from podcast.text import clean

UNREAD = {
    "script", "style", "template", "noscript", "iframe", "object", "embed", "svg", "canvas", "form", "button", "input",
    "select", "option", "optgroup", "datalist", "textarea", "nav", "head", "audio", "video", "map", "dialog",
    "rt", "rp", "del", "amp-ad", "amp-embed", "amp-consent", "amp-sidebar", "amp-user-notification",
}  # fmt: skip
"""Elements whose text is never narrated."""
REPEATED_OR_DELETED = frozenset(("rt", "rp", "del"))
"""Pronunciation of the word before it, and deleted text."""

RAISED = str.maketrans("0123456789+-−()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁽⁾ⁿ")
EXPONENT = re.compile(r"[-+−]?[0-9n]{1,3}")
"""An exponent; superscript letters, as in 1er and 2e, are kept as letters."""
NOTE_NUMBER = re.compile(r"\[?\d{1,3}(?:[,\s]+\d{1,3})*\]?|[*†‡]{1,3}")
BEFORE_NOTE = re.compile(r"(?:[^\W\d_]{4}|[.!?…,;:»”\"]\s?)$")
"""Text before a note number. Exponents follow units and single letters instead."""
HIDDEN = re.compile(r"display\s*:\s*none|mso-list\s*:\s*ignore|visibility\s*:\s*hidden", re.IGNORECASE)
AMP_FALLBACKS = frozenset(("fallback", "placeholder"))
"""Attributes of children that AMP shows until, or in case, the element itself does not load (https://amp.dev/documentation/)."""
NEVER_HIDDEN = frozenset(("body", "html", "main", "article", "figcaption"))
"""With aria-hidden these are hidden only while a dialog is open, or because a caption repeats the alternative text."""
MARK = re.compile(r"[\[(]?\s*(?:\d{1,3}|[*†‡§]{1,3}|[a-z]|note\s?\d+|n\.?\s?\d+|[↩↑^⤴←⏎]\ufe0e?)\s*[\])]?")
"""Text of a link to a footnote, and of the link back."""
PAGE_KINDS = {"pagenum", "pageno", "page-number", "pagenumber", "pagebreak", "page-break"}
LINE_KINDS = {"linenum", "linenumber", "line-number", "lineno", "lnum"}
PAGE_NUMBER = re.compile(r"(?i)[\[({]?(?:(?:pg|page|p)\.?\s?)?(?:\d{1,4}|[ivxlc]{1,7})[\])}]?")
HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
TOOL = re.compile(rf"(?<![\w-])(?:{names_or('heading-tool', 'paranumber')})(?![\w-])")
"""Classes of permalinks and edit links in headings, of paragraph numbers and of licences."""
PERMALINKS = {"¶", "#", "§", "🔗"}
UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
"""Characters that XML 1.0 does not allow (production 2)."""


def tidy(root: Any, *, page: bool = False) -> None:
    """Remove what is not narrated from an lxml tree, in place.

    A `page` keeps its scripts, forms and menus: metadata and article finder still need them.
    """
    unread = REPEATED_OR_DELETED if page else UNREAD
    for element in list(root.iter()):
        if isinstance(element.tag, str) and element.getparent() is not None:
            _strip(element, unread)
    for comment in list(root.iter()):
        if not isinstance(comment.tag, str) and comment.getparent() is not None:
            drop(comment)


def _strip(element: Any, unread: set[str] | frozenset[str]) -> None:
    """Remove or rewrite one element by the first rule that applies."""
    if name_of(element) in unread:
        drop(element)
        return
    for applies, rewrite in RULES:
        if applies(element):
            rewrite(element)
            return


def is_hidden(element: Any) -> bool:
    """Return True for an element that browsers do not show."""
    return (
        element.get("hidden") is not None
        or bool(HIDDEN.search(element.get("style") or ""))
        or (bool(AMP_FALLBACKS & set(element.keys())) and name_of(element.getparent()).startswith("amp-"))
        or (element.get("aria-hidden") == "true" and name_of(element) not in NEVER_HIDDEN)
    )


def _is_heading_tool(element: Any) -> bool:
    """Return True for the permalink or edit link of a heading (`¶`, `[edit]`), and for a library's licence."""
    if TOOL.search(element.get("class") or ""):
        return True
    return name_of(element) == "a" and _plain_text(element) in PERMALINKS and is_inside(element, HEADINGS)


def _is_page_number(element: Any) -> bool:
    """Return True for a page break or page number of the printed edition, and for a line number in verse."""
    kinds = kinds_of(element)
    if kinds & {"pagebreak", "doc-pagebreak"}:
        return True
    return bool(kinds & (PAGE_KINDS | LINE_KINDS) and PAGE_NUMBER.fullmatch(_plain_text(element)))


def _is_note_reference(element: Any) -> bool:
    """Return True for a link to a footnote or back from it, and for the `<sup>` around it: `<a href="#n1">1</a>`."""
    role = f"{element.get('role') or ''} {epub_type(element)}"
    if "noteref" in role or "backlink" in role:
        return True
    tag = name_of(element)
    if tag == "a":
        return bool(MARK.fullmatch(_plain_text(element))) and _leads_to_note(element, role)
    return tag == "sup" and _wraps_links(element) and bool(MARK.fullmatch(_plain_text(element)))


def _leads_to_note(link: Any, role: str) -> bool:
    """Return True for a link within the page, or to another chapter if it is superscript or in brackets.

    A bare number that leads to another file may be a chapter's: `<a href="two.xhtml#top">2</a>`.
    """
    href = link.get("href") or ""
    is_marked = _plain_text(link)[0] in "[(" or any(name_of(inner) == "sup" for inner in link) or "note" in role
    return href.startswith("#") or ("#" in href and "://" not in href and is_marked)


def _wraps_links(element: Any) -> bool:
    """Return True if all children are links, and there is one."""
    return len(element) > 0 and all(name_of(child) == "a" for child in element)


def _is_quote_source(element: Any) -> bool:
    """Return True for the footer of a quotation: who is quoted."""
    return name_of(element) == "footer" and is_inside(element, {"blockquote"})


def _is_note_number(element: Any) -> bool:
    """Return True for an unlinked note: a superscript number after a word or sentence, where no exponent can be."""
    if name_of(element) != "sup":
        return False
    return bool(NOTE_NUMBER.fullmatch(_plain_text(element)) and BEFORE_NOTE.search(text_before(element)))


def _is_exponent(element: Any) -> bool:
    """Return True for the raised 6 in `10<sup>6</sup>`."""
    return name_of(element) == "sup" and bool(EXPONENT.fullmatch(_plain_text(element)))


def _drop_with_brackets(mark: Any) -> None:
    """Remove a footnote marker, the brackets around it and the space before it: `word [<a>1</a>].` → `word.`."""
    left, right = text_before(mark), mark.tail or ""
    if left.rstrip().endswith("[") and right.lstrip().startswith("]"):
        left, right = left.rstrip()[:-1], right.lstrip()[1:]
    if re.match(r"[,.;)\]]", right) or (right[:1].isspace() and left[-1:].isspace()):
        left = left.rstrip()
    if mark.getprevious() is None and not left.strip():
        right = right.lstrip(" .:)]")  # the punctuation after the number of a note
    mark.tail = right
    set_text_before(mark, left)
    drop(mark)


def _make_paragraph(element: Any) -> None:
    """Rename an element to `p`, its namespace kept."""
    element.tag = element.tag[: -len(name_of(element))] + "p"


def _write_exponent(element: Any) -> None:
    """Replace `<sup>6</sup>` by `⁶`: as plain text, 10 and a raised 6 would be 106."""
    drop(element, _plain_text(element).translate(RAISED))


RULES = (
    (is_hidden, drop),
    (_is_heading_tool, drop),
    (_is_page_number, drop),
    (_is_note_reference, _drop_with_brackets),
    (_is_quote_source, _make_paragraph),
    (_is_note_number, drop),
    (_is_exponent, _write_exponent),
)
"""Elements to remove or rewrite, and how; the first rule that applies counts."""


def _plain_text(element: Any) -> str:
    return "".join(element.itertext()).strip()


def writable(root: Any) -> Any:
    """Return a tree without the control characters that lxml reads but does not write; cleaned in place."""
    for element in root.iter():
        if element.text and UNWRITABLE.search(element.text):
            element.text = clean(element.text)
        if element.tail and UNWRITABLE.search(element.tail):
            element.tail = clean(element.tail)
        for name, value in element.items():
            if UNWRITABLE.search(value):
                element.set(name, clean(value))
    return root
