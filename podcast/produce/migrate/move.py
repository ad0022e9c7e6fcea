# SPDX-License-Identifier: GPL-3.0-or-later
"""`podcast move`: give a show a new URL without losing subscribers.

show.toml   moved_to (itunes:new-feed-url), the show's guid, and url if it is still published from here
feed/       rebuilt with both; guids, dates and audio files are unchanged
rules()     redirect rules (301) for the old server (A podcaster's guide to RSS, "Moving your feed")
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from podcast import workspace
from podcast.config.edit import Value, revise
from podcast.config.load import load
from podcast.config.settings import Show
from podcast.errors import ConfigError, PodcastError
from podcast.produce.release import publication
from podcast.text import web
from podcast.workspace import Workspace

SERVERS = {
    "nginx": "in the server block of the old site",
    "apache": "in .htaccess at the root of the old site, or in the server configuration",
    "caddy": "in the site block of the old site",
    "netlify": "in the file _redirects at the root of the old site; the same works on Cloudflare Pages",
}
"""Kind of server -> where to put its rules."""

WEEKS = 4
"""Minimum time for a redirect and new-feed-url, according to Apple."""


@dataclass(frozen=True, slots=True)
class Move:
    """Old and new URLs of a move."""

    old_feed: str
    new_feed: str
    old: str = ""
    """URL of the old feed folder; empty if only the feed has moved."""
    new: str = ""


def move(place: Workspace, address: str, *, away: bool) -> Move:
    """Write the new URL into show.toml and rebuild the feed; return what has to be redirected.

    `address` is the URL of the new feed folder or, with `away`, of a feed that another program publishes. Raises
    ConfigError for an invalid or unchanged URL, FeedError if the feed cannot be built; nothing has changed then. Call
    with the lock held.
    """
    show = load(place.show)
    moved = _move(show, address, away=away)
    values: dict[str, Value] = {"moved_to": moved.new_feed, "guid": show.guid}
    if not away:
        values["url"] = moved.new
    before = place.show.read_text(encoding="utf-8-sig")
    try:
        publication.publish(place, revise(place, values), allowed={"address"})
    except PodcastError:
        workspace.write(place.show, before)  # a half-moved show could neither be moved nor published
        raise
    return moved


def _move(show: Show, address: str, *, away: bool) -> Move:
    found = web(address)
    if not found or found != address or urlsplit(address).query or urlsplit(address).fragment:
        raise ConfigError(f"{address!r} is not a valid URL", hint='give one such as "https://www.example.org/podcast/"')
    if away:
        feed = address + "feed.xml" if address.endswith("/") else address
        moved = Move(show.feed_url, feed)
    elif re.search(r"\.(xml|rss)$", address):
        folder = address.rpartition("/")[0] + "/"
        hint = f"give the folder: {folder}; or, if another program publishes the feed: podcast move --away {address}"
        raise ConfigError(f"{address} is the URL of a feed, not of its folder", hint=hint)
    else:
        folder = address.rstrip("/") + "/"
        moved = Move(show.feed_url, folder + "feed.xml", show.url, folder)
    if moved.new_feed == show.feed_url:
        raise ConfigError(f"the feed URL is already {moved.new_feed}", hint="give the new URL")
    return moved


def rules(moved: Move) -> Mapping[str, str]:
    """Return the redirect rules (301) for the old server, by kind of server."""
    feed, target = urlsplit(moved.old_feed).path, _escaped(moved.new_feed)
    lines = {
        "nginx": [f"location = {feed} {{ return 301 {target}; }}"],
        "apache": [f"RedirectMatch 301 ^{re.escape(feed)}$ {target}"],
        "caddy": [f"redir {feed} {target} permanent"],
        "netlify": [f"{feed} {target} 301!"],
    }
    if _redirects_folder(moved):
        path, folder = urlsplit(moved.old).path, _escaped(moved.new)
        pattern = re.escape(path)
        lines["nginx"] = [f"location ^~ {path} {{ rewrite ^{pattern}(.*)$ {folder}$1 permanent; }}"]
        lines["apache"] = [f"RedirectMatch 301 ^{pattern}(.*)$ {folder}$1"]
        lines["caddy"] = [
            f"handle_path {path}* {{",
            f"\tredir * {folder.removesuffix('/')}{'/' if path == '/' else ''}{{uri}} permanent".replace(
                "/{uri}", "{uri}"
            ),
            "}",
        ]
        lines["netlify"] = [f"{path}* {folder}:splat 301!"]
    return {server: "\n".join(found) for server, found in lines.items()}


def _redirects_folder(moved: Move) -> bool:
    """Return True if the whole old folder is redirected; False if the new one is inside it."""
    return bool(moved.old) and not moved.new.startswith(moved.old)


def _escaped(address: str) -> str:
    """Return a URL with the characters escaped that servers treat as variables."""
    return quote(address, safe="/:%@!&'()*+,;=~-._?#").replace("$", "%24")
