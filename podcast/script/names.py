# SPDX-License-Identifier: GPL-3.0-or-later
"""Names that last: the slug of an episode (its file names and addresses) and its guid."""

import hashlib
import re
import unicodedata
import uuid

MAX_LENGTH = 60
"""Of a slug, in characters."""

LETTERS = str.maketrans({
    "œ": "oe", "Œ": "oe", "æ": "ae", "Æ": "ae", "ß": "ss", "ø": "o", "Ø": "o", "ł": "l", "Ł": "l", "đ": "d", "Đ": "d",
    "ð": "d", "þ": "th", "ı": "i", "’": " ", "'": " ", "&": " ",
})  # fmt: skip
"""Latin letters that do not decompose into an ASCII letter and its accent."""


def slugify(title: str) -> str:
    """Return an ASCII name for a title: a-z, 0-9 and hyphens, never empty.

    Titles that would lose letters (other scripts) get a digest of the whole, so that two of them stay distinct.
    """
    plain = unicodedata.normalize("NFKD", title.translate(LETTERS))
    kept = "".join(c for c in plain if not unicodedata.combining(c))
    lost = any(c.isalnum() and not c.isascii() for c in kept)
    words = re.findall(r"[a-z0-9]+", kept.lower())
    slug = ""
    for word in words:
        if len(slug) + len(word) >= MAX_LENGTH:
            break
        slug = f"{slug}-{word}" if slug else word
    slug = slug or "-".join(words)[:MAX_LENGTH].strip("-")
    if lost or not slug:
        digest = hashlib.sha256(unicodedata.normalize("NFC", title).encode("utf-8", "surrogatepass")).hexdigest()[:8]
        slug = f"{slug}-{digest}" if slug else f"episode-{digest}"
    return slug


def guid_for(show_guid: str, slug: str) -> str:
    """Return the guid of an episode: UUIDv5 of the show's guid and the slug. Minted once, then kept in the script."""
    return str(uuid.uuid5(uuid.UUID(show_guid), slug))
