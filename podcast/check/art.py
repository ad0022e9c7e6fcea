# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules for cover art (Apple, support/896-artwork-requirements)."""

import io
from collections.abc import Iterator
from urllib.parse import urlsplit

from podcast.check.findings import Finding

EXTENSIONS = {"JPEG": (".jpg", ".jpeg"), "PNG": (".png",)}
SMALLEST, LARGEST = 1400, 3000
"""Pixels."""
MAX_BYTES = 1_000_000


def check(data: bytes, url: str, place: str, about: str = "") -> Iterator[Finding]:
    """Yield the findings on a cover image."""
    from PIL import Image, UnidentifiedImageError

    def wrong(rule: str, said: object = "") -> Finding:
        return Finding(rule, place, about, str(said))

    try:
        with Image.open(io.BytesIO(data)) as image:
            kind, (width, height), mode = str(image.format), image.size, image.mode
            alpha = "A" in image.getbands() or "transparency" in image.info
            image.load()
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        unknown = isinstance(error, UnidentifiedImageError)
        yield wrong("art-broken", "unknown image format" if unknown else error)
        return
    if kind not in EXTENSIONS:
        yield wrong("art-format", kind)
    elif not urlsplit(url).path.lower().endswith(EXTENSIONS[kind]):
        yield wrong("art-extension", f"{kind}: {url}")
    if width != height:
        yield wrong("art-square", f"{width} x {height}")
    elif not SMALLEST <= width <= LARGEST:
        yield wrong("art-size", f"{width} x {height}")
    if alpha:
        yield wrong("art-alpha", mode)
    elif mode != "RGB":
        yield wrong("art-colour", mode)
    if len(data) > MAX_BYTES:
        yield wrong("art-bytes", f"{len(data):,} bytes")
