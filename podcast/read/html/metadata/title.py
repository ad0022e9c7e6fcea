# SPDX-License-Identifier: GPL-3.0-or-later
"""The title of an article: which heading it is, without the name of the site or series beside it."""

import re
from collections.abc import Iterator
from typing import Any

from podcast.read.dom.elements import text_of
from podcast.read.normalize import fold, letters_of

MARKED = (
    "//*[self::h1 or self::h2 or self::h3][contains(@class,'entry-title') or contains(@class,'post-title')"
    " or contains(@class,'article-title') or @itemprop='headline']"
)
"""Headings that are marked up as the title."""
EXPORTED = "//body//p[contains(concat(' ', @class, ' '), ' title ') or @class='MsoTitle']"
"""The title of a document that a word processor saved as a page."""
SHORTEST = 12
"""Letters of a heading that is not in the page's `<title>` by chance."""
SEPARATOR = re.compile(r"^\s+[-–—|•·:»/]+\s+")
"""Between the title of an article and the name of its site."""
DOMAIN = re.compile(r"(?i)\s[|–—-]\s(?:\w[\w-]*\.)+(?:com|org|net|info|eu|fr|be|ch|ca|de|at|lu|it|es|uk|us|tv)$")
"""A domain at the end of a title: ` | example.org`."""


def title(page: Any, found: str) -> str:
    """Return the title of the article; `found` is the one by trafilatura, often the name of the blog."""
    name = fold(" ".join(page.xpath("//head/title//text()")))
    found = _marked(page, name, found)
    found = _with_colon(page, name, found)
    found = _heading(page, name, found)
    found = _exported(page, name, found)
    found = _without_site(page, found)
    return _in_one_line(page, found)


def _marked(page: Any, name: str, found: str) -> str:
    """Return the only heading that is marked up as the title, if the name of the page contains it."""
    marked = dict.fromkeys(map(text_of, page.xpath(MARKED)))
    only = next(iter(marked)) if len(marked) == 1 else ""
    return only if only and only in name else found


def _with_colon(page: Any, name: str, found: str) -> str:
    """Return `Pont : un essai` where only `Pont` was found: a colon in French does not separate a site from a title."""
    headings = {text_of(element) for element in [*page.xpath(MARKED), *page.iter("h1")]}
    if name.startswith(f"{found} : ") and found not in headings:
        return re.split(r"\s[|–—•]\s", name)[0]
    return found


def _heading(page: Any, name: str, found: str) -> str:
    """Return the heading that the page's name begins with, if `found` is the name of the site or a label.

    If two such headings begin the name, the shorter one is the site.
    """
    firsts = _headings(page, "h1")
    if not found or name.startswith(found) or (found not in name and firsts == [found]):
        return found
    headings = [*firsts, *_headings(page, "h2", "h3")]
    if found not in headings and (only := _in_series(page, firsts)):
        return only
    least = max(SHORTEST, len(found) + 1 if found in name else 0)
    return max((one for one in headings if len(one) >= least and name.startswith(one)), key=len, default=found)


def _in_series(page: Any, firsts: list[str]) -> str:
    """Return the only first heading if the Open Graph title has it after a series: `Lives | Ann Field at sea`."""
    if len(set(firsts)) != 1 or len(firsts[0]) < SHORTEST:
        return ""
    only = firsts[0]
    return only if any(re.search(rf"\s[|•]\s{re.escape(only)}$", one) for one in _open_graph_titles(page)) else ""


def _exported(page: Any, name: str, found: str) -> str:
    """Return the title of a word processor's document, if nothing else was found or the page is called by it."""
    first = next(map(text_of, page.xpath(EXPORTED)), "")
    return first if first and (not found or name in {"", first}) else found


def _without_site(page: Any, found: str) -> str:
    """Return a title without the site's name or domain at its end: `Liverpool lose – The Pier Post`."""
    for site in filter(None, _site_names(page, found)):
        if (short := re.sub(rf"{SEPARATOR.pattern[1:]}{re.escape(site)}$", "", found)) != found:
            return short
    return DOMAIN.sub("", found)


def _site_names(page: Any, found: str) -> Iterator[str]:
    """Yield what may be a site's name: the rest of the title after a heading that it begins with, and og:site_name."""
    for heading in _headings(page, "h1", "h2"):
        if heading and found.startswith(heading):
            yield SEPARATOR.sub("", found[len(heading) :], count=1)
    yield from map(fold, page.xpath("//meta[@property='og:site_name']/@content"))


def _in_one_line(page: Any, found: str) -> str:
    """Return the Open Graph title if it is the same with more punctuation: `A / B` for a heading of two lines."""
    longer = (
        one for one in _open_graph_titles(page) if len(one) > len(found) and one[:1].isalnum() is found[:1].isalnum()
    )
    return next((one for one in longer if letters_of(one) == letters_of(found)), found)


def _headings(page: Any, *tags: str) -> list[str]:
    return [text_of(element) for element in page.iter(*tags)]


def _open_graph_titles(page: Any) -> list[str]:
    return [fold(name) for name in page.xpath("//meta[@property='og:title']/@content")]
