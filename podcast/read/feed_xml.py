# SPDX-License-Identifier: GPL-3.0-or-later
"""The XML of other producers' feeds: read even where it is not well-formed, its many namespaces under our names."""

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
"""Namespace in lower case and without a final slash (feeds spell them in many ways) -> our name for it."""


def parsed(data: bytes) -> tuple[Any, int]:
    """Return the root, None if there is none, and the line of the first mistake, 0 if there is none."""
    from lxml import etree

    parser = etree.XMLParser(recover=True, resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True)
    try:
        root = etree.fromstring(data, parser) if data else None
    except etree.XMLSyntaxError:  # there is nothing in it that could be mended
        root = None
    return root, next((error.line for error in parser.error_log), 0)


def mended(data: bytes) -> bytes:
    """Return a feed with what is most often wrong in it mended: `&` alone, and the names that HTML has for letters."""

    def mend(found: re.Match[bytes]) -> bytes:
        if found[0].startswith(b"<") or found[1] in {b"amp;", b"lt;", b"gt;", b"quot;", b"apos;"}:
            return found[0]
        letter = unescape(f"&{(found[1] or b'').decode('ascii')}")
        return f"&#{ord(letter)};".encode() if len(letter) == 1 and found[1] else b"&amp;" + (found[1] or b"")

    return re.sub(
        rb"<!\[CDATA\[.*?\]\]>|<!--.*?-->|&(#\d+;|#x[0-9a-fA-F]+;|[a-zA-Z][a-zA-Z0-9]*;)?", mend, data, flags=re.DOTALL
    )


def name_of(node: Any) -> str:
    """Return the name of an element with our prefix; without one if it is RSS's own, empty if it is a comment."""
    if not isinstance(node.tag, str):
        return ""
    space, _, name = node.tag.rpartition("}")
    if not space:
        return name
    prefix = PREFIXES.get(space.removeprefix("{").strip().lower().rstrip("/"), "")
    return f"{prefix}:{name}" if prefix else f"?:{name}"


def text_of(node: Any) -> str:
    """Return the text of an element and of all below it."""
    return "".join(node.itertext()).strip()


def raw(node: Any) -> str:
    """Return the text of an element, or the markup in it where it was not escaped."""
    from lxml import etree

    if node is None:
        return ""
    inner = (node.text or "") + "".join(etree.tostring(child, encoding="unicode") for child in node)
    return clean(inner).strip()


def within(node: Any, name: str) -> str:
    """Return the text of an element below."""
    return next((line(text_of(child)) for child in node if name_of(child) == name), "") if node is not None else ""


def element(node: Any) -> Element:
    """Return an element as a value."""
    children = tuple(
        element(child) for child in node if isinstance(child.tag, str) and not name_of(child).startswith("?")
    )
    attributes = {name: clean(value) for name, value in node.attrib.items() if not name.startswith("{")}
    return Element(name_of(node), clean(node.text or "").strip(), attributes, children)


def absolute(address: str, base: str) -> str:
    """Return an address: as it stands if it is absolute, for apps compare it letter by letter."""
    address = address.strip()
    return (
        address
        if not address or re.match(r"https?://", address, re.IGNORECASE)
        else urllib.parse.urljoin(base, address)
    )
