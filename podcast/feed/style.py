# SPDX-License-Identifier: GPL-3.0-or-later
"""How the feed looks to people who open it in a browser: a stylesheet in CSS, which browsers apply to any XML.

    Show + Art -> css()  feed.css with the show's words and cover -> assets/feed-<digest>.css
               -> name() what the documents of the feed call it

Not XSLT, which browsers are giving up. CSS cannot make links or hide the tags that stand in notes, so the page says
what the show is, how to subscribe, and which episodes there are. Apps do not read it.
"""

import hashlib
import json
from functools import lru_cache
from importlib.resources import files

from podcast.config.settings import Show
from podcast.disclosure import words
from podcast.model import Art


def css(show: Show, art: Art) -> dict[str, bytes]:
    """Return the stylesheet by its name in the feed folder."""
    return {name(show, art): _css(show.language, art.thumbnail)}


def name(show: Show, art: Art) -> str:
    """Return the name of the stylesheet in the feed folder."""
    return f"assets/feed-{hashlib.sha256(_css(show.language, art.thumbnail)).hexdigest()[:10]}.css"


@lru_cache
def _css(language: str, picture: str) -> bytes:
    pattern = files("podcast.feed").joinpath("feed.css").read_text("utf-8")
    # a text of CSS is written as one of JSON but for \\u, which ensure_ascii=False avoids
    said = pattern.replace('"how to subscribe"', json.dumps(words(language).feed, ensure_ascii=False))
    return said.replace("cover.jpg", f"../{picture}").encode()
