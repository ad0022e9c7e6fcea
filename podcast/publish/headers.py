# SPDX-License-Identifier: GPL-3.0-or-later
"""HTTP headers of the files in the feed folder: media type and caching.

Files with a digest in their name never change, so they may be cached for ever (RFC 8246); the feed and the pages expire
after five minutes.
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
"""File extension -> media type. Apps require those of the feed, of transcripts and of chapters."""

CHAPTERS = "application/json+chapters"
"""Media type of chapters/*.json (podcast namespace, docs/tags/chapters.md)."""

IMMUTABLE = "public, max-age=31536000, immutable"
SHORT_LIVED = "public, max-age=300"

HASHED = re.compile(r"-[0-9a-f]{10}\.[a-z0-9]+")
"""Matches the end of a name with a digest of the file's bytes."""


@dataclass(frozen=True, slots=True)
class Served:
    """Headers of a response."""

    type: str
    """Content-Type."""
    cache: str
    """Cache-Control."""


def is_hashed(name: str) -> bool:
    """Return True if the name holds a digest of the file's bytes."""
    return HASHED.search(name[-20:]) is not None


def served(name: str) -> Served:
    """Return the headers of a file of the feed folder."""
    kind = TYPES.get("." + name.rpartition(".")[2].lower(), "application/octet-stream")
    if name.startswith("chapters/"):
        kind = CHAPTERS
    return Served(kind, IMMUTABLE if is_hashed(name) else SHORT_LIVED)
