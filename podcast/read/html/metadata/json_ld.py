# SPDX-License-Identifier: GPL-3.0-or-later
"""JSON-LD in a page (https://www.w3.org/TR/json-ld11/): its authors, publisher, dates and article text."""

import json
import re
from collections.abc import Iterator
from typing import Any

from podcast.read.normalize import fold

WRAPPED = re.compile(
    r"^\s*(?:/\*.{0,20}?\*/|//|<!--|<!\[CDATA\[|\s)*|(?:/\*.{0,20}?\*/|//\s*\]\]>|-->|\]\]>|\s)*$", re.DOTALL
)
"""Comment and CDATA marks around a script, for browsers that no longer exist."""


def linked_data(page: Any) -> Iterator[dict[str, Any]]:
    """Yield the JSON-LD objects of a page, those inside a @graph as well; scripts that are not valid are skipped."""
    for script in page.xpath("//script[@type='application/ld+json']/text()"):
        try:
            data = json.loads(WRAPPED.sub("", str(script)), strict=False)
        except (ValueError, RecursionError):
            continue
        for thing in _as_list(data):
            if isinstance(thing, dict):
                yield thing
                graph = thing.get("@graph")
                yield from (each for each in (graph if isinstance(graph, list) else []) if isinstance(each, dict))


def author_names(page: Any, kind: str = "") -> Iterator[str]:
    """Yield the names of authors; if a `kind` is given, only of those whose @type it is: `Person`."""
    for data in linked_data(page):
        for author in _as_list(data.get("author")):
            if not kind or (isinstance(author, dict) and author.get("@type") == kind):
                yield from _name(author)


def publisher_names(page: Any) -> Iterator[str]:
    """Yield the names of publishers, white space collapsed."""
    for data in linked_data(page):
        publisher = data.get("publisher")
        if isinstance(publisher, dict):
            yield from map(fold, _name(publisher))


def article_body(page: Any) -> list[str]:
    """Return the paragraphs of an article whose text the page has in its JSON-LD alone."""
    for data in linked_data(page):
        if isinstance(text := data.get("articleBody"), str) and text.strip():
            return [words for part in re.split(r"\n+", text) if (words := fold(part))]
    return []


def publication_dates(page: Any) -> list[str]:
    """Return the values of datePublished."""
    dates = (data.get("datePublished") for data in linked_data(page))
    return [date for date in dates if isinstance(date, str)]


def _name(thing: Any) -> Iterator[str]:
    """Yield the name of a person or an organisation, given as text or as an object; nothing if it has none."""
    name = thing.get("name") if isinstance(thing, dict) else thing
    if isinstance(name, str) and name.strip():
        yield name


def _as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
