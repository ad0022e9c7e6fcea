# SPDX-License-Identifier: GPL-3.0-or-later
"""Parse the XML of podcast feeds, even if it is not well-formed; namespaces get fixed prefixes."""

import re
import urllib.parse
from html import unescape
from typing import Any

from podcast.model import Element
from podcast.text import clean, line

PREFIXES = {
    "http://www.itunes.com/dtds/podcast-1.0.dtd": "itunes",
    "https://podcastindex.org/namespace/1.0": "podcast",
    "https://github.com/podcastindex-org/podcast-namespace/blob/main/docs/1.0.md": "podcast",
    "http://podlove.org/simple-chapters": "psc",
    "http://purl.org/rss/1.0/modules/content": "content",
    "http://purl.org/dc/elements/1.1": "dc",
    "http://www.w3.org/2005/atom": "atom",
}
"""Namespace in lower case and without a final slash (feeds vary in both) -> our prefix for it."""


def parse_xml(data: bytes) -> tuple[Any, int]:
    """Return the root (None if nothing can be parsed) and the line of the first error (0 for none)."""
    from lxml import etree

    parser = etree.XMLParser(recover=True, resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True)
    try:
        root = etree.fromstring(data, parser) if data else None
    except etree.XMLSyntaxError:  # nothing in it can be recovered
        root = None
    return root, next((error.line for error in parser.error_log), 0)


def repair_entities(data: bytes) -> bytes:
    """Escape a bare `&`, and replace HTML entities, which XML does not have: `&eacute;` -> `&#233;`."""

    def repair(found: re.Match[bytes]) -> bytes:
        if found[0].startswith(b"<") or found[1] in {b"amp;", b"lt;", b"gt;", b"quot;", b"apos;"}:
            return found[0]
        letter = unescape(f"&{(found[1] or b'').decode('ascii')}")
        return f"&#{ord(letter)};".encode() if len(letter) == 1 and found[1] else b"&amp;" + (found[1] or b"")

    return re.sub(
        rb"<!\[CDATA\[.*?\]\]>|<!--.*?-->|&(#\d+;|#x[0-9a-fA-F]+;|[a-zA-Z][a-zA-Z0-9]*;)?",
        repair,
        data,
        flags=re.DOTALL,
    )


def name_of(node: Any) -> str:
    """Return an element's name: `itunes:author`, `title` (RSS), `?:x` (other namespaces), or empty for a comment."""
    if not isinstance(node.tag, str):
        return ""
    space, _, name = node.tag.rpartition("}")
    if not space:
        return name
    prefix = PREFIXES.get(space.removeprefix("{").strip().lower().rstrip("/"), "")
    return f"{prefix}:{name}" if prefix else f"?:{name}"


def text_of(node: Any) -> str:
    """Return the text of an element and its descendants."""
    return "".join(node.itertext()).strip()


def raw(node: Any) -> str:
    """Return the text of an element, with markup in it that was not escaped."""
    from lxml import etree

    if node is None:
        return ""
    inner = (node.text or "") + "".join(etree.tostring(child, encoding="unicode") for child in node)
    return clean(inner).strip()


def within(node: Any, name: str) -> str:
    """Return the text of the first child of that name."""
    return next((line(text_of(child)) for child in node if name_of(child) == name), "") if node is not None else ""


def element(node: Any) -> Element:
    """Convert an lxml element to an Element, without attributes and children in unknown namespaces."""
    children = tuple(
        element(child) for child in node if isinstance(child.tag, str) and not name_of(child).startswith("?")
    )
    attributes = {name: clean(value) for name, value in node.attrib.items() if not name.startswith("{")}
    return Element(name_of(node), clean(node.text or "").strip(), attributes, children)


def absolute(address: str, base: str) -> str:
    """Return an absolute URL; one that is absolute already is not normalised, because apps compare URLs as strings."""
    address = address.strip()
    return (
        address
        if not address or re.match(r"https?://", address, re.IGNORECASE)
        else urllib.parse.urljoin(base, address)
    )
