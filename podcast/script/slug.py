# SPDX-License-Identifier: GPL-3.0-or-later
"""Permanent identifiers of an episode: its slug, used in file names and URLs, and its guid."""

import hashlib
import re
import unicodedata
import uuid

MAX_LENGTH = 60
"""Of a slug, in characters."""

SPACES = str.maketrans("’'&", "   ")


def slugify(title: str) -> str:
    """Return a slug for a title: a-z, 0-9 and hyphens, never empty.

    Titles in other scripts are transliterated and get a digest, because two titles may have the same transliteration.
    """
    from anyascii import anyascii

    plain = unicodedata.normalize("NFKC", title).translate(SPACES)
    lost = any(c.isalpha() and not unicodedata.name(c, "").startswith("LATIN") for c in plain)
    worded = "".join(c if unicodedata.category(c) != "So" else " " for c in plain)  # anyascii would name emoji
    latin = re.sub("[\"'`]", "", anyascii(worded))  # transliterated soft and hard signs of Cyrillic
    words = re.findall(r"[a-z0-9]+", re.sub(r"(?<=[a-z])(?=[A-Z])" if lost else "(?!)", " ", latin).lower())
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
    """Return the guid of an episode: UUIDv5 of the show's guid and the slug. Created once, then kept in the script."""
    return str(uuid.uuid5(uuid.UUID(show_guid), slug))
