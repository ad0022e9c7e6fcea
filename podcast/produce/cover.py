# SPDX-License-Identifier: GPL-3.0-or-later
"""The picture of a show, and of each episode that has its own, in the sizes that are needed. Each is made once.

A show's is the producer's, or drawn from the title. An episode's own is a file of the show folder, named by `image` in
its script; an address there only says where the article's picture is.
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


def given(place: Workspace, show: Show) -> bytes:
    """Return the picture that the producer gave, as it is; empty if there is none."""
    with named_by(place.show, "show.cover"):
        return place.file(show.cover).read_bytes() if show.cover else b""


def own(image: str) -> str:
    """Return the file of the show folder that is an episode's own picture; empty if it has none."""
    return "" if text.web(image) else image


def name(place: Workspace, show: Show, image: str = "") -> str:
    """Return how a picture is called in the store of clips, in all its sizes."""
    drawn_by = program.digest(program.COVER)
    if picture := own(image):
        return records.digest("episode", place.file(picture).read_bytes(), drawn_by)
    return records.digest(given(place, show), show.title, show.author, show.guid, drawn_by)


def check(place: Workspace, show: Show, image: str = "") -> None:
    """Raise PodcastError if the cover that show.toml names, or an episode's own picture, cannot be used."""
    from podcast.narrate.synthesis import ClipStore

    if (own(image) or show.cover) and _kept(ClipStore(place.clips), name(place, show, image), ".jpg") is None:
        _made(place, show, own(image))


def cover(place: Workspace, show: Show, size: int, image: str = "") -> bytes:
    """Return a picture as JPEG of `size` pixels, or as large as it is good for if 0: the show's, or an episode's own.

    Raises FeedError if a picture cannot be used.
    """
    from podcast.narrate.synthesis import ClipStore

    store = ClipStore(place.clips)
    kept = name(place, show, image)
    large = _kept(store, kept, ".jpg")
    if large is None:
        large = _made(place, show, own(image))
        store.keep_derived(kept, ".jpg", large + sha256(large).digest())
    if not size:
        return large
    small = _kept(store, kept, f".{size}.jpg")
    if small is None:
        from podcast.feed import art

        small = art.small(large, size)
        store.keep_derived(kept, f".{size}.jpg", small + sha256(small).digest())
    return small


def _kept(store: "ClipStore", name: str, suffix: str) -> bytes | None:
    """Return a picture that is kept, or None if there is none or it was damaged: its sha256 follows it."""
    data = store.derived(name, suffix) or b""
    picture, seal = data[:-32], data[-32:]
    return picture if picture and sha256(picture).digest() == seal else None


def _made(place: Workspace, show: Show, picture: str) -> bytes:
    from podcast.feed import art

    if picture:
        return art.squared(place.file(picture))
    with named_by(place.show, "show.cover"):
        return art.load(place.file(show.cover)) if show.cover else art.cover(show)
