# SPDX-License-Identifier: GPL-3.0-or-later
"""The website of a show: index pages, episode pages and the player.

    Show        -> assets()         stylesheet, script, and show.opml for subscribing in any app
    Published   -> episode_page()   one page per episode
                -> index_page()     index.html, and index-1.html (the oldest) index-2.html … of a large show

Links between the files are relative, so the folder works from a disk and under any URL; nothing is loaded from other
sites. Pages work without the script. Text of articles and settings is cleaned by `view` and escaped by Jinja2; only
http(s) URLs become links.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, TypeVar

from podcast import text
from podcast.config.settings import Show
from podcast.model import Art, Published
from podcast.site import subscribe
from podcast.site.view import Index, Site, episode, index

if TYPE_CHECKING:
    from jinja2 import Environment

T = TypeVar("T")

PER_PAGE = 15
"""Episodes on an index page. index.html has up to twice as many, less one: with summaries cut to
view.SUMMARY_LENGTH it stays below 100 KB in any script."""


def pages(show: Show, published: Sequence[Published], art: Art) -> dict[str, bytes]:
    """Return pages and assets: name in the feed folder -> bytes. The same values give the same bytes."""
    site = open_site(show, art)
    newest_first = sorted(published, key=lambda one: one.episode.published, reverse=True)
    found = assets(show)
    for page in indexes(show, newest_first):
        found[page.name] = index_page(site, page, newest_first[page.first : page.end])
    site = open_site(around(show), art)
    for newer, one, older in between(newest_first):
        found[one.page] = episode_page(site, one, newer=newer, older=older)
    return found


def assets(show: Show) -> dict[str, bytes]:
    """Return the files that all pages use: name in the feed folder -> bytes."""
    style, player = _source("style.css"), _source("player.js")
    found = {_hashed("style.css", style): style, _hashed("player.js", player): player}
    return found | {subscribe.OPML: subscribe.opml(show)}


def open_site(show: Show, art: Art) -> Site:
    """Return the values that all pages share."""
    return Site(show, art, _hashed("style.css", _source("style.css")), _hashed("player.js", _source("player.js")))


def around(show: Show) -> Show:
    """Return the show with only the settings that episode pages use, so that others do not change the pages."""
    return Show(
        title=show.title,
        language=show.language,
        url=show.url,
        guid=show.guid,
        author=show.author,
        block=show.block,
        copyright=show.copyright,
    )


def indexes(show: Show, newest_first: Sequence[Published]) -> list[Index]:
    """Return the index pages.

    All but index.html are numbered from the oldest, so that a new episode does not change them.
    """
    count = len(newest_first)
    further = max(0, count // PER_PAGE - 1)
    names = ["index.html", *(f"index-{number}.html" for number in range(further, 0, -1))]
    start = count - further * PER_PAGE
    starts = [0, *range(start, count + 1, PER_PAGE)] if further else [0, count]
    front, *others = [
        Index(name, starts[number], starts[number + 1], newer, older)
        for number, (newer, name, older) in enumerate(between(names))
    ]
    years: dict[int, str] = {}
    for page in (front, *others):
        for one in newest_first[page.first : page.end]:
            years.setdefault(one.episode.published.year, page.name)
    several = bool(others) and len(years) > 1
    front = replace(front, years=tuple(years.items()) if several else (), start=_start(show, newest_first))
    return [front, *others]


def _start(show: Show, newest_first: Sequence[Published]) -> tuple[str, str, str] | None:
    """Return the value of Index.start."""
    told = [one for one in newest_first if one.episode.kind == "full"]
    if show.type != "serial" or len(told) < 2:
        return None
    about = told[-1].episode
    return told[-1].page, text.line(about.title), about.language


def index_page(site: Site, page: Index, listed: Sequence[Published]) -> bytes:
    """Render an index page."""
    return _render("index.html", index(site, page, listed))


def episode_page(site: Site, one: Published, *, newer: Published | None, older: Published | None) -> bytes:
    """Render the page of an episode; `newer` and `older` are its neighbours."""
    return _render("episode.html", episode(site, one, newer=newer, older=older))


def between(these: Sequence[T]) -> Iterator[tuple[T | None, T, T | None]]:
    """Yield each element with the previous and the next one."""
    return zip([None, *these], these, [*these[1:], None], strict=False)


def _render(template: str, values: Mapping[str, object]) -> bytes:
    return _templates().get_template(template).render(values).encode()


@cache
def _templates() -> "Environment":
    from jinja2 import Environment, PackageLoader, StrictUndefined

    return Environment(
        loader=PackageLoader("podcast.site"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def _source(name: str) -> bytes:
    return files("podcast.site").joinpath("templates", name).read_bytes()


def _hashed(name: str, data: bytes) -> str:
    """Return the name of an asset with a digest of its bytes, so that browsers never use an outdated copy."""
    stem, suffix = name.split(".")
    return f"assets/{stem}-{hashlib.sha256(data).hexdigest()[:10]}.{suffix}"
