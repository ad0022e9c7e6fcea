# SPDX-License-Identifier: GPL-3.0-or-later
"""Ways to subscribe: addresses that open the feed in an app, and the file that every app can import (OPML 2.0)."""

from urllib.parse import quote

from podcast import text
from podcast.config.load import is_placeholder
from podcast.config.settings import Show

OPML = "show.opml"
"""Name of the file in the feed folder."""

APPS = (
    ("Apple Podcasts", "podcast://{rest}"),
    ("AntennaPod", "https://antennapod.org/deeplink/subscribe?url={quoted}"),
    ("Overcast", "overcast://x-callback-url/add?url={quoted}"),
    ("Pocket Casts", "pktc://subscribe/{rest}"),
    ("Castro", "castros://subscribe/{rest}"),
)
"""App -> the address that it answers to, as the apps document it; `rest` is the feed's address without its scheme."""


def apps(show: Show) -> list[tuple[str, str]]:
    """Return the name of each app and the link that subscribes in it; none while the feed's address is not real."""
    if is_placeholder(show):
        return []
    rest = show.feed_url.partition("://")[2]
    return [(name, link.format(rest=rest, quoted=quote(show.feed_url, safe=""))) for name, link in APPS]


def opml(show: Show) -> bytes:
    """Return the subscription as OPML 2.0 (https://opml.org/spec2.opml): a list of one feed."""
    from lxml import etree

    root = etree.Element("opml", version="2.0")
    head = etree.SubElement(root, "head")
    etree.SubElement(head, "title").text = text.line(show.title)
    names = {"text": text.line(show.title), "title": text.line(show.title), "type": "rss"}
    places = {"xmlUrl": show.feed_url, "htmlUrl": show.link or show.url}
    about = {"description": text.line(show.description), "language": show.language}
    etree.SubElement(etree.SubElement(root, "body"), "outline", {**names, **places, **about})
    return bytes(etree.tostring(root, xml_declaration=True, encoding="utf-8", pretty_print=True))
