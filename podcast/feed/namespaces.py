# SPDX-License-Identifier: GPL-3.0-or-later
"""XML namespaces, and elements that feedgen does not support.

    Element("podcast:locked", "yes") -> append() -> <podcast:locked>yes</podcast:locked>

The prefixes are the usual ones on purpose: some podcast apps match prefixes instead of namespace URIs.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from podcast.model import Element

if TYPE_CHECKING:
    from feedgen.feed import FeedGenerator

NAMESPACES = {
    "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
    "podcast": "https://podcastindex.org/namespace/1.0",
    "psc": "http://podlove.org/simple-chapters",
    "dc": "http://purl.org/dc/elements/1.1/",
    "atom": "http://www.w3.org/2005/Atom",
}
"""Prefix -> URI, case-sensitive. feedgen itself adds `content`."""


class Namespaces:
    """An extension of feedgen (its documentation, "Extensions") that declares the namespaces at the root."""

    def extend_ns(self) -> dict[str, str]:
        """Return prefixes and URIs."""
        return NAMESPACES

    def extend_rss(self, parent: Any) -> Any:
        """Return the element unchanged; feedgen requires this method."""
        return parent


def declare(feed: "FeedGenerator") -> None:
    """Declare the namespaces at the root of the feed."""
    feed.register_extension("namespaces", Namespaces, atom=False)


def append(parent: Any, elements: Iterable[Element]) -> None:
    """Append elements to a channel, an item or another lxml element."""
    for element in elements:
        parent.append(node(element))


def node(element: Element) -> Any:
    """Convert to an lxml element; attributes without a value are left out."""
    from lxml import etree

    prefix, _, name = element.name.rpartition(":")
    tag = f"{{{NAMESPACES[prefix]}}}{name}" if prefix else name
    attributes = {key: value for key, value in element.attributes.items() if value}
    found = etree.Element(tag, attributes, nsmap={prefix: NAMESPACES[prefix]} if prefix else None)
    found.text = element.text or None
    append(found, element.children)
    return found
