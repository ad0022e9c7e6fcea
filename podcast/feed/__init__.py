# SPDX-License-Identifier: GPL-3.0-or-later
"""The RSS feed, the show notes, and the cover art.

    Show + [Published] + Art -> validate -> rss     feed.xml; `paging` divides a large one
    Show + Episode           -> show_notes          description and content:encoded
    Show or an image file    -> art                 the cover, and smaller sizes
    Show + Art               -> style               CSS for browsers

All functions are pure; `podcast.produce` writes the files.
"""

from podcast.feed.episode import items, weight
from podcast.feed.rss import document, refuse, rss
from podcast.feed.style import css

__all__ = ["css", "document", "items", "refuse", "rss", "weight"]
