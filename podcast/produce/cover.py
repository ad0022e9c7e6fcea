# SPDX-License-Identifier: GPL-3.0-or-later
"""The cover of a show in the sizes that are needed: the producer's picture, or one drawn from the title. Made once."""

from podcast.feed import art
from podcast.narrate import ClipStore
from podcast.produce import records
from podcast.settings import Show
from podcast.workspace import Workspace

SHAPED_BY = ("feed/art.py", "feed/cover.otf", "text.py")


def given(place: Workspace, show: Show) -> bytes:
    """Return the picture that the producer gave, as it is; empty if there is none."""
    return place.file(show.cover).read_bytes() if show.cover else b""


def name(place: Workspace, show: Show) -> str:
    """Return how the cover is called in the store of clips, in all its sizes."""
    program = records.program(SHAPED_BY, ("pillow",))
    return records.digest(given(place, show), show.title, show.author, show.guid, program)


def cover(place: Workspace, show: Show, size: int) -> bytes:
    """Return the show's cover as JPEG of `size` pixels: the producer's, or one drawn from the title; made once."""
    store = ClipStore(place.clips)
    kept = name(place, show)
    large = store.derived(kept, ".jpg")
    if large is None:
        large = art.load(place.file(show.cover)) if show.cover else art.cover(show)
        store.keep_derived(kept, ".jpg", large)
    if not size:
        return large
    small = store.derived(kept, f".{size}.jpg")
    if small is None:
        small = art.small(large, size)
        store.keep_derived(kept, f".{size}.jpg", small)
    return small
