# SPDX-License-Identifier: GPL-3.0-or-later
"""The lead picture of an article -> scripts/art/<slug>.jpg, for shows that ask for it (`article_pictures`).

It is fetched once, when the script is written, and the script then names the file: from there on nothing is asked of
the web, and a person can put another picture in its place.
"""

from typing import TYPE_CHECKING

from podcast import text, workspace
from podcast.errors import FeedError, ReadError
from podcast.model import Script
from podcast.workspace import Workspace

if TYPE_CHECKING:
    from podcast.read.fetch import Web

KINDS = {b"\xff\xd8\xff": ".jpg", b"\x89PNG": ".png", b"RIFF": ".webp"}
"""How a file begins -> how its name ends."""


def taken(place: Workspace, web: "Web", script: Script) -> tuple[str, tuple[str, ...]]:
    """Return what a script says for `image`, the file if its picture could be had, and remarks for the producer.

    An episode needs no picture of its own: without one it has that of the show.
    """
    from podcast.feed import art

    if not text.web(script.image):
        return script.image, ()
    try:
        data = web.fetch(script.image, anything=True).data
        ending = next((ending for start, ending in KINDS.items() if data.startswith(start)), ".txt")
        path = place.pictures / f"{script.slug}{ending}"
        workspace.write(path, data)
        try:
            art.squared(path)
        except FeedError:
            path.unlink()
            raise
    except (ReadError, FeedError) as error:
        return script.image, (f"the image of the article is not used: {error.message}",)
    return path.relative_to(place.root).as_posix(), ()
