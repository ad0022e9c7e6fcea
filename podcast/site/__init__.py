# SPDX-License-Identifier: GPL-3.0-or-later
"""The pages of a show and the player: what a browser opens from the feed folder.

    Show + Art  -> assets()         a stylesheet, a script, and show.opml, with which any app can subscribe
    Published   -> episode_page()   a page an episode
                -> index_page()     index.html, and index-1.html (the oldest) index-2.html … of a large catalogue

Links between the files are relative, so the folder works from a disk and under any address; nothing is loaded from
elsewhere. Everything a page says is in its HTML: the script only adds to it. Whatever comes from people is text here:
`view` cleans it, Jinja2 escapes it, and only web addresses become links.
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
"""Episodes on a page of the index. index.html has up to twice as many, less one: with summaries cut to
view.SUMMARY_LENGTH it stays below 100 KB in any script."""


def pages(show: Show, published: Sequence[Published], art: Art) -> dict[str, bytes]:
    """Return the pages and what they load: name in the feed folder -> bytes. The same values give the same bytes."""
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
    """Return what all pages load."""
    style, player = _source("style.css"), _source("player.js")
    found = {_hashed("style.css", style): style, _hashed("player.js", player): player}
    return found | {subscribe.OPML: subscribe.opml(show)}


def open_site(show: Show, art: Art) -> Site:
    """Return what all pages share."""
    return Site(show, art, _hashed("style.css", _source("style.css")), _hashed("player.js", _source("player.js")))


def around(show: Show) -> Show:
    """Return what the page of an episode can say of its show; nothing else of it makes the page another one."""
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
    """Return on which page each episode is listed.

    All but index.html are counted from the oldest: they stay as they are when an episode is added.
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
    """Return what Index.start says."""
    told = [one for one in newest_first if one.episode.kind == "full"]
    if show.type != "serial" or len(told) < 2:
        return None
    about = told[-1].episode
    return told[-1].page, text.line(about.title), about.language


def index_page(site: Site, page: Index, listed: Sequence[Published]) -> bytes:
    """Return a page of the list of episodes."""
    return _render("index.html", index(site, page, listed))


def episode_page(site: Site, one: Published, *, newer: Published | None, older: Published | None) -> bytes:
    """Return the page of an episode; `newer` and `older` are those beside it."""
    return _render("episode.html", episode(site, one, newer=newer, older=older))


def between(these: Sequence[T]) -> Iterator[tuple[T | None, T, T | None]]:
    """Yield each with the one before and the one after it."""
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
    """Return the published name of an asset: other bytes, other name, so that no browser shows an old one."""
    stem, suffix = name.split(".")
    return f"assets/{stem}-{hashlib.sha256(data).hexdigest()[:10]}.{suffix}"
