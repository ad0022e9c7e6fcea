# SPDX-License-Identifier: GPL-3.0-or-later
"""Validation before the feed is written: all problems for which directories reject a feed, each with its fix.

    Show + [Published] + Art -> problems() -> nothing, or the problems of one FeedError

The rules are those whose violation makes a directory reject a feed or an app drop an episode: Apple's "Podcaster's
guide to RSS", the PSP-1 specification, the RSS 2.0 specification. Recommendations belong to `podcast check`.
"""

import datetime as dt
import difflib
import functools
import re
import uuid
from collections.abc import Callable, Iterator, Sequence
from importlib.resources import files
from urllib.parse import urlsplit

from podcast import text
from podcast.config.load import is_placeholder
from podcast.config.settings import Show
from podcast.errors import FeedError
from podcast.model import Art, Episode, Published

DESCRIPTION_BYTES = 4_000

NAME = re.compile(r"(?!.*\.\.)[A-Za-z0-9_-][A-Za-z0-9_./-]*")
"""Matches a file name in the feed folder that is safe in URLs: ASCII, relative, within the folder."""

EMAIL = re.compile(r"[^@\s<>]+@[^@\s<>]+\.[^@\s<>.]+")


def problems(show: Show, published: Sequence[Published], art: Art) -> tuple[FeedError, ...]:
    """Return an error for each reason to reject the feed."""
    return (*of_channel(show), *map(FeedError, (*_art(art), *_episodes(show, published), *_duplicates(published))))


def of_channel(show: Show) -> tuple[FeedError, ...]:
    """Return the errors in the show's settings, which can be checked before anything is rendered."""
    return (*_show(show), *_category(show))


def _error(key: str, wrong: str, advice: str) -> FeedError:
    return FeedError(wrong, hint=advice, file="show.toml", key=f"show.{key}")


def _show(show: Show) -> Iterator[FeedError]:
    """Yield errors in the values of show.toml."""
    for key, why in (
        ("title", "every app shows it"),
        ("description", "describe the show in one or two sentences"),
        ("author", "name the person or organisation that publishes the show"),
    ):
        if not text.line(getattr(show, key)):
            yield _error(key, "missing or empty", why)
    if (size := len(text.clean(show.description).encode())) > DESCRIPTION_BYTES:
        yield _error("description", f"{size} bytes is too long", f"shorten it to {DESCRIPTION_BYTES} bytes")
    if not text.LANGUAGE.fullmatch(show.language):
        yield _error("language", f"{show.language!r} is not a valid language code", 'use one such as "pt-BR"')
    if show.email and not EMAIL.fullmatch(show.email):
        yield _error("email", f"{show.email!r} is not a valid e-mail address", "correct it or remove the line")
    for key in ("url", "link", "funding", "moved_to", "license_url"):
        yield from _address(show, key)
    if not show.url.endswith("/"):
        yield _error("url", f"{show.url!r} is not the URL of a folder", 'add "/" at the end')
    try:
        uuid.UUID(show.guid)
    except ValueError:
        yield _error("guid", f"{show.guid!r} is not a valid UUID", "restore the show's original UUID")


def _address(show: Show, key: str) -> Iterator[FeedError]:
    """Yield an error for a URL that is not valid, or not HTTPS, which Apple requires."""
    address = getattr(show, key)
    if not address:
        return
    if not text.web(address):
        yield _error(key, f"{address!r} is not a valid URL", 'write one such as "https://www.example.org/podcast/"')
    elif text.web(address) != address:
        yield _error(key, f"{address!r} does not work in every app", f"write {text.web(address)!r}")
    elif urlsplit(address).scheme != "https" and not is_placeholder(show):
        yield _error(key, f"{address!r} does not use HTTPS, which directories require", "write https://")


@functools.cache
def categories() -> dict[str, tuple[str, ...]]:
    """Return Apple's categories, each with its subcategories."""
    lines = files("podcast.feed").joinpath("categories.txt").read_text("utf-8").splitlines()
    pairs = (line.split(":", 1) for line in lines)
    return {name: tuple(sub.strip() for sub in subs.split(",") if sub.strip()) for name, subs in pairs}


def category(entry: str) -> tuple[str, str]:
    """Split an entry of `more_categories` into category and subcategory; the latter may be empty."""
    name, _, below = entry.partition(":")
    return name.strip(), below.strip()


def _category(show: Show) -> Iterator[FeedError]:
    yield from _check_category("category", "subcategory", show.category, show.subcategory)
    for entry in show.more_categories:
        yield from _check_category("more_categories", "more_categories", *category(entry))


def _check_category(key: str, key_below: str, name: str, below: str) -> Iterator[FeedError]:
    """Yield an error for a category that is not in Apple's list, with the nearest entry that is."""
    known = categories()
    if name not in known:
        homes = [home for home, subs in known.items() if name in subs]
        advice = f"it is a subcategory of {homes[0]!r}" if homes else _nearest(name, list(known))
        yield _error(key, f"{name!r} is not in Apple's list of categories", advice)
    elif below and below not in known[name]:
        yield _error(key_below, f"{below!r} is not a subcategory of {name!r}", f"{_nearest(below, known[name])}")


def _nearest(name: str, known: Sequence[str]) -> str:
    """Return a hint: the most similar name, or else all names."""
    if not known:
        return "it has no subcategories, so remove the line"
    lower = {entry.lower(): entry for entry in known}
    near = difflib.get_close_matches(name.lower(), lower, n=1, cutoff=0.5)
    return f"did you mean {lower[near[0]]!r}?" if near else f"use one of {', '.join(known)}"


def _art(art: Art) -> Iterator[str]:
    for name in (art.cover, art.thumbnail):
        if not NAME.fullmatch(name) or not name.endswith(".jpg"):
            yield f"the file name of the cover art, {name!r}, must be ASCII and end with .jpg"


def _episodes(show: Show, published: Sequence[Published]) -> Iterator[str]:
    if not published:
        yield "no episode has been rendered, and directories refuse an empty feed; make one: podcast make ARTICLE"
    for one in published:
        for problem in _episode(show, one):
            yield f"{one.episode.slug}: {problem}"


def _episode(show: Show, one: Published) -> Iterator[str]:
    episode = one.episode
    script = f"audio/imported/{episode.slug}.json" if episode.imported else f"scripts/{episode.slug}.md"
    if not text.line(episode.title):
        yield f"the title is missing; add one in {script}"
    if not text.line(episode.guid):
        yield f"the guid is missing; restore it in {script}"
    if episode.published.utcoffset() is None:
        yield f"the date has no time zone; write it as 2026-11-23T06:00:00+01:00 in {script}"
    if not episode.imported:  # an imported episode stays as it was published
        yield from _rendered_episode(show, one)


def _rendered_episode(show: Show, one: Published) -> Iterator[str]:
    """Yield problems of an episode rendered by this program."""
    episode, sound, script = one.episode, one.episode.enclosure, f"scripts/{one.episode.slug}.md"
    if show.type == "serial" and episode.number is None:
        yield f"the show is serial, so every episode needs a number; add episode: … in {script}"
    for word, number in (("episode", episode.number), ("season", episode.season)):
        if number is not None and number < 1:
            yield f"the {word} number must be 1 or more, not {number}; correct it in {script}"
    if sound.bytes < 1 or sound.duration_ms < 1 or sound.type != "audio/mpeg" or not one.audio.endswith(".mp3"):
        yield f"{one.audio} is not an MP3 of known size and length; render it again: podcast make {episode.slug}"
    for name in (one.audio, one.page, one.vtt, one.srt, one.json, one.html, one.chapters):
        if not NAME.fullmatch(name):
            yield f"the file name {name!r} cannot be published; use ASCII letters, digits, and - _ . only"


def _duplicates(published: Sequence[Published]) -> Iterator[str]:
    """Yield problems of episodes that share a name, guid, audio file or date."""

    def moment(one: Published) -> object:
        date = one.episode.published
        return date.astimezone(dt.UTC).replace(microsecond=0) if date.utcoffset() is not None else id(one)

    kinds: tuple[tuple[str, Callable[[Published], object], str], ...] = (
        ("name", lambda one: one.episode.slug, "their pages would overwrite each other; rename one of the scripts"),
        ("guid", lambda one: one.episode.guid, "apps would show only one of them; give the newer script its own guid"),
        ("audio file", lambda one: one.audio, "Apple Podcasts ignores the second; render both again"),
        ("date", moment, "their order would be undefined; change the time in one of the scripts"),
    )
    for what, key, advice in kinds:
        first: dict[object, Episode] = {}
        for one in published:
            before = first.setdefault(key(one), one.episode)
            both_imported = before.imported and one.episode.imported and what in {"audio file", "date"}
            if before is not one.episode and not both_imported:
                yield f"{before.slug} and {one.episode.slug} have the same {what}: {advice}"
