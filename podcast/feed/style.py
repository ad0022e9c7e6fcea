# SPDX-License-Identifier: GPL-3.0-or-later
"""The CSS stylesheet with which browsers display the feed.

    Show + Art -> css()  feed.css with the show's language and cover -> assets/feed-<digest>.css
               -> name() its name for the documents of the feed

Not XSLT, which browsers are removing. CSS cannot create links or hide HTML tags in show notes, so the page has only the
description of the show, how to subscribe, and the list of episodes. Apps do not read it.
"""

import hashlib
import json
from functools import lru_cache
from importlib.resources import files

from podcast.config.settings import Show
from podcast.disclosure import words
from podcast.model import Art


def css(show: Show, art: Art) -> dict[str, bytes]:
    """Return the stylesheet: name in the feed folder -> bytes."""
    return {name(show, art): _css(show.language, art.thumbnail)}


def name(show: Show, art: Art) -> str:
    """Return the name of the stylesheet in the feed folder."""
    return f"assets/feed-{hashlib.sha256(_css(show.language, art.thumbnail)).hexdigest()[:10]}.css"


@lru_cache
def _css(language: str, picture: str) -> bytes:
    pattern = files("podcast.feed").joinpath("feed.css").read_text("utf-8")
    # a CSS string is escaped like a JSON string except for \\u, which ensure_ascii=False avoids
    said = pattern.replace('"how to subscribe"', json.dumps(words(language).feed, ensure_ascii=False))
    return said.replace("cover.jpg", f"../{picture}").encode()
