# SPDX-License-Identifier: GPL-3.0-or-later
"""What is published: the feed itself (rss), the words that go with an episode (notes) and the picture (art).

    Show + [Published] + Art -> problems -> rss     feed.xml; catalogue divides a large one
    Show + Episode           -> notes               description and content:encoded
    Show or a picture        -> art                 the cover, and smaller ones
    Show + Art               -> style               how a browser shows the feed

Everything here is values in, values out; `podcast.produce` writes the files.
"""

from podcast.feed.episode import items, weight
from podcast.feed.rss import document, refuse, rss
from podcast.feed.style import css

__all__ = ["css", "document", "items", "refuse", "rss", "weight"]
