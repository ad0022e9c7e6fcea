# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules for web pages: nothing is loaded from other sites, and links within the show work."""

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit

from podcast.check.findings import Finding

LOADED = (
    *("//script/@src", "//link[@rel='stylesheet' or @rel='icon' or @rel='preload']/@href", "//img/@src"),
    *("//audio/@src", "//source/@src", "//track/@src", "//iframe/@src", "//object/@data", "//embed/@src"),
)
LINKED = ("//a/@href", "//link/@href")


def check(data: bytes, url: str, base: str, exists: Callable[[str], bool], place: str) -> Iterator[Finding]:
    """Yield the findings on the page at `url` of a show at `base`.

    `exists` returns whether a file exists, by its path relative to `base`.
    """
    from lxml import etree, html

    try:
        tree: Any = html.document_fromstring(data.decode("utf-8", "replace").encode("ascii", "xmlcharrefreplace"))
    except etree.ParserError as error:
        yield Finding("page-broken", place, said=str(error))
        return
    seen: set[str] = set()
    for path in (*LOADED, *LINKED):
        for found in tree.xpath(path):
            target = urljoin(url, str(found)).partition("#")[0]
            if target in seen or urlsplit(target).scheme not in {"http", "https"}:
                continue
            seen.add(target)
            if path in LOADED and urlsplit(target).netloc != urlsplit(base).netloc:
                yield Finding("page-third-party", place, said=target)
            if target.startswith(base) and not exists(unquote(target.removeprefix(base).partition("?")[0])):
                yield Finding("page-broken", place, said=target)
