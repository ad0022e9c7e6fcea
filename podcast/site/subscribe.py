# SPDX-License-Identifier: GPL-3.0-or-later
"""Subscribe links: URLs that open the feed in an app, and an OPML 2.0 file that every app can import."""

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
"""App -> its documented URL for subscribing; `rest` is the feed URL without its scheme."""


def apps(show: Show) -> list[tuple[str, str]]:
    """Return the name of each app and its subscribe link; empty while show.url is a placeholder."""
    if is_placeholder(show):
        return []
    rest = show.feed_url.partition("://")[2]
    return [(name, link.format(rest=rest, quoted=quote(show.feed_url, safe=""))) for name, link in APPS]


def opml(show: Show) -> bytes:
    """Return an OPML 2.0 file (https://opml.org/spec2.opml) with this feed."""
    from lxml import etree

    root = etree.Element("opml", version="2.0")
    head = etree.SubElement(root, "head")
    etree.SubElement(head, "title").text = text.line(show.title)
    names = {"text": text.line(show.title), "title": text.line(show.title), "type": "rss"}
    places = {"xmlUrl": show.feed_url, "htmlUrl": show.link or show.url}
    about = {"description": text.line(show.description), "language": show.language}
    etree.SubElement(etree.SubElement(root, "body"), "outline", {**names, **places, **about})
    return bytes(etree.tostring(root, xml_declaration=True, encoding="utf-8", pretty_print=True))
