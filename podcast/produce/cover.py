# SPDX-License-Identifier: GPL-3.0-or-later
"""Cover art of the show and of episodes that have an image of their own, in each size; cached in audio/clips/.

The show's cover is the producer's file, or drawn from the title. An episode's own image is a file of the show folder,
named by `image` in its script; a URL there only refers to the image of the article.
"""

from hashlib import sha256
from typing import TYPE_CHECKING

from podcast import text
from podcast.config.settings import Show
from podcast.config.toml import named_by
from podcast.produce import program, records
from podcast.workspace import Workspace

if TYPE_CHECKING:
    from podcast.narrate.synthesis import ClipStore


def show_cover(place: Workspace, show: Show) -> bytes:
    """Return the bytes of the cover that show.toml names; empty if it names none."""
    with named_by(place.show, "show.cover"):
        return place.file(show.cover).read_bytes() if show.cover else b""


def own_image(image: str) -> str:
    """Return the file in the show folder that is the episode's own image; empty if it has none."""
    return "" if text.web(image) else image


def cache_key(place: Workspace, show: Show, image: str = "") -> str:
    """Return the cache key of an image in the clip store, common to all its sizes."""
    code = program.digest(program.COVER)
    if file := own_image(image):
        return records.digest("episode", place.file(file).read_bytes(), code)
    return records.digest(show_cover(place, show), show.title, show.author, show.guid, code)


def check(place: Workspace, show: Show, image: str = "") -> None:
    """Raise PodcastError if the cover that show.toml names, or an episode's own image, cannot be used."""
    from podcast.narrate.synthesis import ClipStore

    if (own_image(image) or show.cover) and _cached(
        ClipStore(place.clips), cache_key(place, show, image), ".jpg"
    ) is None:
        _create(place, show, own_image(image))


def cover(place: Workspace, show: Show, size: int, image: str = "") -> bytes:
    """Return the show's cover, or an episode's own image, as JPEG of `size` pixels; in full size if 0.

    Raises FeedError if the image cannot be used.
    """
    from podcast.narrate.synthesis import ClipStore

    store = ClipStore(place.clips)
    key = cache_key(place, show, image)
    large = _cached(store, key, ".jpg")
    if large is None:
        large = _create(place, show, own_image(image))
        store.keep_derived(key, ".jpg", large + sha256(large).digest())
    if not size:
        return large
    small = _cached(store, key, f".{size}.jpg")
    if small is None:
        from podcast.feed import art

        small = art.small(large, size)
        store.keep_derived(key, f".{size}.jpg", small + sha256(small).digest())
    return small


def _cached(store: "ClipStore", name: str, suffix: str) -> bytes | None:
    """Return a cached image, or None if it is missing or damaged: its SHA-256 follows it in the file."""
    data = store.derived(name, suffix) or b""
    image, checksum = data[:-32], data[-32:]
    return image if image and sha256(image).digest() == checksum else None


def _create(place: Workspace, show: Show, picture: str) -> bytes:
    from podcast.feed import art

    if picture:
        return art.squared(place.file(picture))
    with named_by(place.show, "show.cover"):
        return art.load(place.file(show.cover)) if show.cover else art.cover(show)
