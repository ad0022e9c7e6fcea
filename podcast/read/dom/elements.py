# SPDX-License-Identifier: GPL-3.0-or-later
"""Small helpers for HTML elements of lxml: their name, text and kinds; removing one without losing what follows it."""

from typing import Any

from podcast.read.normalize import fold
from podcast.text import clean


def name_of(element: Any) -> str:
    """Return the element's name without its namespace, in lower case; empty for a comment."""
    return element.tag.rpartition("}")[2].lower() if isinstance(element.tag, str) else ""


def text_of(element: Any) -> str:
    """Return the text of an element with white space collapsed: `<p>A <b>b</b></p>` gives `A b`."""
    return fold("".join(element.itertext()))


def class_of(element: Any) -> str:
    """Return the class attribute; empty for a comment."""
    return str(element.get("class") or "") if isinstance(element.tag, str) else ""


def class_and_id(element: Any) -> str:
    """Return class and id, with a space between; empty for a comment."""
    return f"{element.get('class') or ''} {element.get('id') or ''}" if isinstance(element.tag, str) else ""


def epub_type(element: Any) -> str:
    """Return the kind of an element in EPUB (`epub:type`), such as `noteref`."""
    return element.get("{http://www.idpf.org/2007/ops}type") or element.get("epub:type") or ""


def kinds_of(element: Any) -> set[str]:
    """Return the semantic markup of an element: its kinds in EPUB, its role, its classes."""
    return set(f"{epub_type(element)} {element.get('role') or ''} {element.get('class') or ''}".lower().split())


def with_ancestors(element: Any) -> list[Any]:
    """Return an element and those around it, the innermost first."""
    return [element, *element.iterancestors()]


def is_inside(element: Any, tags: set[str] | frozenset[str]) -> bool:
    """Return True if one of the elements around has one of these names."""
    return any(name_of(outer) in tags for outer in element.iterancestors())


def text_before(element: Any) -> str:
    """Return the text right before an element: `a ` for the link in `<p>a <a>b</a></p>`."""
    before = element.getprevious()
    return str((element.getparent().text if before is None else before.tail) or "")


def set_text_before(element: Any, text: str) -> None:
    """Replace the text right before an element."""
    before = element.getprevious()
    if before is None:
        element.getparent().text = text
    else:
        before.tail = text


def drop(element: Any, text: str = "") -> None:
    """Remove an element and its content; put `text` in its place and keep the text after it."""
    set_text_before(element, text_before(element) + clean(text) + (element.tail or ""))
    element.getparent().remove(element)


def show(element: Any) -> None:
    """Remove the attributes that hide an element."""
    for key in ("hidden", "aria-hidden", "style"):
        element.attrib.pop(key, None)
