# SPDX-License-Identifier: GPL-3.0-or-later
"""How each file of the feed folder is served: its media type, and how long it may be kept.

Files with a digest in their name never change, so they may be kept for ever (RFC 8246); the feed and the pages are
asked for again after five minutes.
"""

import re
from dataclasses import dataclass

TYPES = {
    ".xml": "application/rss+xml; charset=utf-8",
    ".opml": "text/x-opml; charset=utf-8",
    ".mp3": "audio/mpeg",
    ".m4a": "audio/mp4",
    ".opus": "audio/ogg",
    ".vtt": "text/vtt; charset=utf-8",
    ".srt": "application/x-subrip; charset=utf-8",
    ".json": "application/json",
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
    ".jpg": "image/jpeg",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".webp": "image/webp",
    ".ico": "image/x-icon",
}
"""By the end of the name. Those of the feed, of transcripts and of chapters are what apps ask for."""

CHAPTERS = "application/json+chapters"
"""Of chapters/*.json (podcast namespace, docs/tags/chapters.md)."""

KEPT = "public, max-age=31536000, immutable"
FRESH = "public, max-age=300"

HASHED = re.compile(r"-[0-9a-f]{10}\.[a-z0-9]+")
"""End of a name with a digest of the file's bytes."""


@dataclass(frozen=True, slots=True)
class Served:
    """Headers of an answer."""

    type: str
    """Content-Type."""
    cache: str
    """Cache-Control."""


def is_hashed(name: str) -> bool:
    """Return True if a name tells the bytes: other bytes would have another name."""
    return HASHED.search(name[-20:]) is not None


def served(name: str) -> Served:
    """Return how a file of the feed folder is to be served."""
    kind = TYPES.get("." + name.rpartition(".")[2].lower(), "application/octet-stream")
    if name.startswith("chapters/"):
        kind = CHAPTERS
    return Served(kind, KEPT if is_hashed(name) else FRESH)
