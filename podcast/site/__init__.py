# SPDX-License-Identifier: GPL-3.0-or-later
"""The pages of a show and the player: what a browser opens from the feed folder.

    Show + [Published] + Art -> templates/ -> index.html (index-2.html …), a page an episode, a stylesheet, a script,
                                              and show.opml, with which any app can subscribe

Links between the files are relative, so the folder works from a disk and under any address; nothing is loaded from
elsewhere. Everything a page says is in its HTML: the script only adds to it. Whatever comes from people is text here:
`view` cleans it, Jinja2 escapes it, and only web addresses become links.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, TypeVar

from podcast.model import Art, Published
from podcast.settings import Show
from podcast.site import subscribe
from podcast.site.view import Site, episode, index

if TYPE_CHECKING:
    from jinja2 import Environment

T = TypeVar("T")

PER_PAGE = 30
"""Episodes on a page of the index: with summaries cut to view.SUMMARY_LENGTH it stays below 100 KB in any script."""


def pages(show: Show, published: Sequence[Published], art: Art) -> dict[str, bytes]:
    """Return the pages and what they load: name in the feed folder -> bytes. The same values give the same bytes."""
    style, player = _source("style.css"), _source("player.js")
    style_name, player_name = _hashed("style.css", style), _hashed("player.js", player)
    assets = {style_name: style, player_name: player, subscribe.OPML: subscribe.opml(show)}
    site = Site(show, art, style_name, player_name)
    newest_first = sorted(published, key=lambda one: one.episode.published, reverse=True)
    return assets | dict(_indexes(site, newest_first)) | dict(_episodes(site, newest_first))


def _indexes(site: Site, newest_first: Sequence[Published]) -> Iterator[tuple[str, bytes]]:
    """Yield the list of episodes, on as many pages as it takes."""
    starts = range(0, len(newest_first), PER_PAGE) or range(1)
    names = ["index.html", *(f"index-{number}.html" for number in range(2, len(starts) + 1))]
    for start, (newer, name, older) in zip(starts, _between(names), strict=True):
        listed = newest_first[start : start + PER_PAGE]
        yield name, _render("index.html", index(site, name, listed, newer=newer, older=older))


def _episodes(site: Site, newest_first: Sequence[Published]) -> Iterator[tuple[str, bytes]]:
    """Yield the page of each episode."""
    for newer, one, older in _between(newest_first):
        yield one.page, _render("episode.html", episode(site, one, newer=newer, older=older))


def _between(these: Sequence[T]) -> Iterator[tuple[T | None, T, T | None]]:
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
