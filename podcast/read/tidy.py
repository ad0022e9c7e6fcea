# SPDX-License-Identifier: GPL-3.0-or-later
"""What is not read, taken out of a tree of HTML elements: scripts, hidden parts, marks of footnotes, words taken back.

Raised and lowered digits are written as the characters that mean the same.
"""

import re
from typing import Any

from podcast.text import clean

UNREAD = {
    "script", "style", "template", "noscript", "iframe", "object", "embed", "svg", "canvas", "form", "button", "input",
    "select", "option", "optgroup", "datalist", "textarea", "nav", "head", "audio", "video", "map", "dialog",
    "rt", "rp", "del", "amp-ad", "amp-embed", "amp-consent", "amp-sidebar", "amp-user-notification",
}  # fmt: skip
"""Elements of which nothing is said."""
UNSAID = frozenset(("rt", "rp", "del"))
"""Says the word before it again, or is taken back."""

RAISED = str.maketrans("0123456789+-−()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁽⁾ⁿ")
EXPONENT = re.compile(r"[-+−]?[0-9n]{1,3}")
"""Raised letters, as in 1er and 2e, stay as they are."""
NUMBER = re.compile(r"\[?\d{1,3}(?:[,\s]+\d{1,3})*\]?|[*†‡]{1,3}")
NOTED = re.compile(r"(?:[^\W\d_]{4}|[.!?…,;:»”\"]\s?)$")
"""What a mark of a note stands after; powers stand after units and letters."""
HIDDEN = re.compile(r"display\s*:\s*none|mso-list\s*:\s*ignore|visibility\s*:\s*hidden", re.IGNORECASE)
INSTEAD = frozenset(("fallback", "placeholder"))
"""Stands in an element of AMP until that is there, or because it is not (https://amp.dev/documentation/)."""
SHOWN = frozenset(("body", "html", "main", "article", "figcaption"))
"""Hidden from readers of screens at most while something lies above, or as what a picture is called already."""
MARK = re.compile(r"[\[(]?\s*(?:\d{1,3}|[*†‡§]{1,3}|[a-z]|note\s?\d+|n\.?\s?\d+|[↩↑^⤴←⏎]\ufe0e?)\s*[\])]?")
"""The text of a link to a footnote, and of one back from it."""
PAGES = {"pagenum", "pageno", "page-number", "pagenumber", "pagebreak", "page-break"}
LINES = {"linenum", "linenumber", "line-number", "lineno", "lnum"}
PAGE = re.compile(r"(?i)[\[({]?(?:(?:pg|page|p)\.?\s?)?(?:\d{1,4}|[ivxlc]{1,7})[\])}]?")
"""The number of a page of the printed book."""
UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
"""XML 1.0, production 2: what a character is not."""


def tidy(root: Any, *, page: bool = False) -> None:
    """Remove what is not read from a tree of lxml, in place.

    A `page` keeps the elements in which its data stand; who looks for the article there leaves them out himself.
    """
    unread = UNSAID if page else UNREAD
    for element in list(root.iter()):
        if not isinstance(element.tag, str) or element.getparent() is None:
            continue
        tag = name_of(element)
        if tag in unread or is_hidden(element) or _is_tool(element) or _is_page(element):
            drop(element)
        elif _is_mark(element, tag):
            _unbracket(element)
            drop(element)
        elif tag == "footer" and any(name_of(outer) == "blockquote" for outer in element.iterancestors()):
            element.tag = element.tag[: -len(tag)] + "p"  # who is quoted, and no foot of a page
        elif tag == "sup" and _is_bare_mark(element):
            drop(element)
        elif tag == "sup" and EXPONENT.fullmatch(text := "".join(element.itertext()).strip()):
            drop(element, text.translate(RAISED))  # 10 and a raised 6 would be 106
    for comment in list(root.iter()):
        if not isinstance(comment.tag, str) and comment.getparent() is not None:
            drop(comment)


def is_hidden(element: Any) -> bool:
    """Return True for what a page does not show."""
    return (
        element.get("hidden") is not None
        or bool(HIDDEN.search(element.get("style") or ""))
        or (bool(INSTEAD & set(element.keys())) and name_of(element.getparent()).startswith("amp-"))
        or (element.get("aria-hidden") == "true" and name_of(element) not in SHOWN)
    )


def show(element: Any) -> None:
    """Have an element be shown that was hidden."""
    for key in ("hidden", "aria-hidden", "style"):
        element.attrib.pop(key, None)


def _is_mark(element: Any, tag: str) -> bool:
    """Return True for a link to a footnote, and for the sup around it."""
    kind = element.get("{http://www.idpf.org/2007/ops}type") or element.get("epub:type")
    role = f"{element.get('role') or ''} {kind or ''}"
    if "noteref" in role or "doc-backlink" in role or "backlink" in role:
        return True
    if tag not in {"a", "sup"}:
        return False
    text = "".join(element.itertext()).strip()
    if tag == "a" and MARK.fullmatch(text):
        href = element.get("href") or ""
        # elsewhere in a book too, if it is raised or in brackets: a bare number may be that of a chapter
        marked = text[0] in "[(" or any(name_of(inner) == "sup" for inner in element) or "note" in role
        return href.startswith("#") or ("#" in href and "://" not in href and marked)
    links = list(element) if tag == "sup" else []
    return bool(links) and all(name_of(link) == "a" for link in links) and bool(MARK.fullmatch(text))


def _is_page(element: Any) -> bool:
    """Return True for where a page of the printed book begins, and for the number of a verse beside it."""
    said, text = said_of(element), "".join(element.itertext()).strip()
    return "pagebreak" in said or "doc-pagebreak" in said or bool(said & (PAGES | LINES) and PAGE.fullmatch(text))


def said_of(element: Any) -> set[str]:
    """Return what an element says that it is: its kinds in EPUB, its role, its classes."""
    kind = element.get("{http://www.idpf.org/2007/ops}type") or element.get("epub:type") or ""
    return set(f"{kind} {element.get('role') or ''} {element.get('class') or ''}".lower().split())


def _is_bare_mark(sup: Any) -> bool:
    """Return True for a raised number after a word or a sentence, where no power can stand: a note that is no link."""
    return bool(NUMBER.fullmatch("".join(sup.itertext()).strip()) and NOTED.search(_before(sup)))


def _before(element: Any) -> str:
    """Return the text that stands before an element, beside it."""
    before = element.getprevious()
    return (element.getparent().text if before is None else before.tail) or ""


def _unbracket(mark: Any) -> None:
    """Remove the brackets around a mark that stand beside its element, and the space before it."""
    left, right = _before(mark), mark.tail or ""
    if left.rstrip().endswith("[") and right.lstrip().startswith("]"):
        left, right = left.rstrip()[:-1], right.lstrip()[1:]
    if re.match(r"[,.;)\]]", right) or (right[:1].isspace() and left[-1:].isspace()):
        left = left.rstrip()
    before = mark.getprevious()
    if before is None and not left.strip():
        right = right.lstrip(" .:)]")  # what follows the number of a note
    mark.tail = right
    if before is None:
        mark.getparent().text = left
    else:
        before.tail = left


def _is_tool(element: Any) -> bool:
    """Return True for what sites put into headings, a link to it or to edit it, and for a library's licence."""
    if re.search(
        r"(?<![\w-])(?:headerlink|header-anchor|mw-editsection|anchorjs-link|paranumber|pg-boilerplate)(?![\w-])",
        element.get("class") or "",
    ):
        return True
    if name_of(element) != "a" or "".join(element.itertext()).strip() not in {"¶", "#", "§", "🔗"}:
        return False
    return any(name_of(outer) in {"h1", "h2", "h3", "h4", "h5", "h6"} for outer in element.iterancestors())


def drop(element: Any, text: str = "") -> None:
    """Remove an element with what is in it; `text` and what follows it stay."""
    parent, before = element.getparent(), element.getprevious()
    rest = clean(text) + (element.tail or "")
    if before is not None:
        before.tail = (before.tail or "") + rest
    else:
        parent.text = (parent.text or "") + rest
    parent.remove(element)


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


def name_of(element: Any) -> str:
    """Return the element's name without its namespace, in lower case; empty for a comment."""
    return element.tag.rpartition("}")[2].lower() if isinstance(element.tag, str) else ""
