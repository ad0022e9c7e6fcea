# SPDX-License-Identifier: GPL-3.0-or-later
"""The lead image of an article -> scripts/art/<slug>.jpg, for shows with `article_pictures`.

It is fetched once, when the script is written, and the script then names the file: later runs need no network, and a
person can replace the image.
"""

from typing import TYPE_CHECKING

from podcast import text, workspace
from podcast.errors import FeedError, ReadError
from podcast.model import Script
from podcast.workspace import Workspace

if TYPE_CHECKING:
    from podcast.read.fetch import Web

KINDS = {b"\xff\xd8\xff": ".jpg", b"\x89PNG": ".png", b"RIFF": ".webp"}
"""Magic bytes -> suffix."""


def fetch_lead_image(place: Workspace, web: "Web", script: Script) -> tuple[str, tuple[str, ...]]:
    """Fetch the lead image; return the value of `image` for the script, and remarks for the producer.

    The value is the file, or the URL if the image cannot be used: the episode then has the cover of the show.
    """
    from podcast.feed import art

    if not text.web(script.image):
        return script.image, ()
    try:
        data = web.fetch(script.image, anything=True).data
        suffix = next((suffix for start, suffix in KINDS.items() if data.startswith(start)), ".txt")
        path = place.pictures / f"{script.slug}{suffix}"
        workspace.write(path, data)
        try:
            art.squared(path)
        except FeedError:
            path.unlink()
            raise
    except (ReadError, FeedError) as error:
        return script.image, (f"the image of the article is not used: {error.message}",)
    return path.relative_to(place.root).as_posix(), ()
