# SPDX-License-Identifier: GPL-3.0-or-later
"""The elements that feedgen does not know, as values, and the extension that writes them into its feed.

    Element("podcast:locked", "yes") -> feed.more.elements -> <podcast:locked>yes</podcast:locked>

feedgen calls an extension's `extend_ns` and `extend_rss` (its documentation, "Extensions"); one class serves the
channel, one an item. The prefixes are the usual ones on purpose: some podcast apps match them and not the addresses.
"""

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
"""Case matters. feedgen itself adds `content`."""


class _More:
    """Elements to add to the channel or to an item, in their order."""

    def __init__(self) -> None:
        self.elements: list[Element] = []

    def extend_ns(self) -> dict[str, str]:
        return NAMESPACES

    def extend_rss(self, parent: Any) -> Any:
        for element in self.elements:
            _append(parent, element)
        return parent


class ItemElements(_More):
    """For an item: feedgen hands over the item."""


class ChannelElements(_More):
    """For the channel: feedgen hands over the whole feed, whose first child it is."""

    def extend_rss(self, parent: Any) -> Any:
        """Write into the channel."""
        super().extend_rss(parent[0])
        return parent


def register(feed: "FeedGenerator") -> None:
    """Give the feed, and each item added to it afterwards, a list `more.elements`."""
    feed.register_extension("more", ChannelElements, ItemElements, atom=False)


def _append(parent: Any, element: Element) -> None:
    from lxml import etree

    prefix, _, name = element.name.rpartition(":")
    tag = f"{{{NAMESPACES[prefix]}}}{name}" if prefix else name
    attributes = {key: value for key, value in element.attributes.items() if value}
    node = etree.SubElement(parent, tag, attributes)
    node.text = element.text or None
    for child in element.children:
        _append(node, child)
