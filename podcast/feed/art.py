# SPDX-License-Identifier: GPL-3.0-or-later
"""Cover art: draw a default cover, validate and convert given images, and resize them.

    Show            -> cover()    \
    a show's cover  -> load()      -> JPEG, square, 1400 to 3000 px, RGB -> small() for the MP3's tag and the pages
    any image file  -> squared()  /

The default cover is the title in large letters on a gradient, above a waveform. Colours and waveform are derived from
the show's guid, so they differ by show and never change. The font is bundled (cover.otf): the image is the same on any
machine.
"""

import hashlib
import io
import math
import unicodedata
import warnings
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from podcast import text
from podcast.config.settings import Show
from podcast.errors import FeedError

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageFont import FreeTypeFont

SMALLEST, LARGEST = 1_400, 3_000
"""Side of a cover in pixels (Apple, artwork requirements)."""

MIN_EPISODE_SIDE = 600
"""Minimum of the longer side of an episode image, in pixels: a smaller one would look blurred when enlarged."""

MAX_RATIO = 4
"""Maximum aspect ratio of an episode image, in either direction."""

COVER_BYTES = 500_000
TAG_BYTES = 200_000
"""Maximum of a small image: every MP3 holds one in front of its audio."""

PALETTES = (
    ("#0b1f3a", "#14507a", "#ffb454"),
    ("#1b1036", "#59308c", "#ff8fa3"),
    ("#06302f", "#0f6b62", "#ffd166"),
    ("#2b0f1e", "#8a2440", "#ffc48c"),
    ("#101418", "#39485a", "#7fe0c3"),
    ("#16213e", "#3a3f9e", "#7ee8fa"),
    ("#1d2b12", "#45702a", "#f4e285"),
    ("#2a1503", "#8c4313", "#ffe0a3"),
)
"""Two background colours on which white text is readable, and the colour of the waveform."""

MARGIN = 0.085
BARS = 17

LONGEST_TITLE, LONGEST_WORD = 200, 40
"""Maximum characters that fit in the smallest font size."""

VARIATIONS = "\ufe0e\ufe0f"
"""Variation selectors for text and emoji style."""


def cover(show: Show, *, size: int = LARGEST) -> bytes:
    """Draw the default cover of a show, `size` pixels square, as JPEG.

    A title in a script that the font does not have is left out; the waveform is then larger.
    """
    from PIL import Image

    seed = hashlib.sha256(show.guid.encode("utf-8", "replace")).digest()
    dark, deep, accent = PALETTES[seed[0] % len(PALETTES)]
    picture = Image.new("RGB", (size, size), dark)
    picture.paste(deep, (0, 0, size, size), _gradient(size))
    if title := _drawable(show.title):
        _wave(picture, seed, accent, place=(_write(picture, title) + 0.07 * size, 0.93 * size))
    else:
        _wave(picture, seed, accent, place=(0.18 * size, 0.82 * size))
    return _jpeg(picture, COVER_BYTES)


def load(path: Path) -> bytes:
    """Return the cover file of a show as a JPEG that directories accept.

    Transparency becomes white, EXIF rotation is applied, more than 3000 px are reduced.
    Raises FeedError if it is not an image, damaged, not square or smaller than 1400 px.
    """
    picture = _opened(path, "correct show.cover in show.toml")
    width, height = picture.size
    large = f"use a square image of at least {SMALLEST} x {SMALLEST} pixels, ideally {LARGEST} x {LARGEST} pixels"
    if width != height:
        raise FeedError(
            f"cover art must be square, but is {width} x {height} pixels",
            file=path,
            hint=f"crop it to {side} x {side} pixels" if (side := min(width, height)) >= SMALLEST else large,
        )
    if width < SMALLEST:
        raise FeedError(f"cover art is too small: {width} x {height} pixels", file=path, hint=large)
    return _sized_jpeg(picture)


def squared(path: Path) -> bytes:
    """Return an image of any aspect ratio as a square JPEG that directories accept, on its own blurred background.

    Raises FeedError if it is not an image, damaged, or too small.
    """
    from PIL import Image, ImageFilter

    picture = _opened(path, "correct image in the script, or remove the line")
    longest, shortest = max(picture.size), min(picture.size)
    if longest < MIN_EPISODE_SIDE or shortest * MAX_RATIO < longest:
        width, height = picture.size
        hint = (
            f"use an image of {MIN_EPISODE_SIDE} pixels or more on its longer side, at most {MAX_RATIO} times the other"
        )
        raise FeedError(
            f"this image is too small or too narrow for an episode: {width} x {height} pixels", file=path, hint=hint
        )
    side = min(max(longest, SMALLEST), LARGEST)
    scale = side / longest
    fitted = picture.resize(
        (max(1, round(picture.width * scale)), max(1, round(picture.height * scale))), Image.Resampling.LANCZOS
    )
    if fitted.size == (side, side):
        return _sized_jpeg(fitted)
    left, top = (picture.width - shortest) // 2, (picture.height - shortest) // 2
    # blurred at a small size, which is fast and gives the same result for any image size
    middle = picture.crop((left, top, left + shortest, top + shortest)).resize((64, 64), Image.Resampling.LANCZOS)
    ground = middle.filter(ImageFilter.GaussianBlur(3)).resize((side, side), Image.Resampling.BICUBIC)
    ground = Image.blend(ground, Image.new("RGB", ground.size), 0.25)
    ground.paste(fitted, ((side - fitted.width) // 2, (side - fitted.height) // 2))
    return _sized_jpeg(ground)


def _opened(path: Path, hint: str) -> "Image":
    """Return an image file in RGB, with EXIF rotation applied.

    Raises FeedError if it is not an image or damaged; `hint` is for a file that does not exist.
    """
    from PIL import Image, ImageOps, UnidentifiedImageError

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(path, formats=("JPEG", "PNG", "WEBP")) as given:
                given.load()
                return _rgb(ImageOps.exif_transpose(given))
    except FileNotFoundError:
        raise FeedError("file not found", file=path, hint=hint) from None
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombWarning, Image.DecompressionBombError) as error:
        reason = "unknown image format" if isinstance(error, UnidentifiedImageError) else error
        raise FeedError(
            f"cannot read this image: {reason}",
            file=path,
            hint="use an undamaged JPEG, PNG or WebP file, ideally 3000 x 3000 pixels",
        ) from error


def _sized_jpeg(picture: "Image") -> bytes:
    """Return a square image as JPEG of at most 3000 px and 500 kB; one that is too large is scaled down."""
    from PIL import Image

    width = picture.width
    for side in (min(width, LARGEST), *(side for side in (2_400, 2_000, 1_700, SMALLEST) if side < width)):
        sized = picture if side == width else picture.resize((side, side), Image.Resampling.LANCZOS)
        data = _jpeg(sized, COVER_BYTES)
        if len(data) <= COVER_BYTES:
            break
    return data


def small(jpeg: bytes, size: int) -> bytes:
    """Scale a square image down to `size` pixels and at most 200 kB."""
    from PIL import Image

    with Image.open(io.BytesIO(jpeg)) as picture:
        return _jpeg(picture.convert("RGB").resize((size, size), Image.Resampling.LANCZOS), TAG_BYTES, worst=20)


def _rgb(picture: "Image") -> "Image":
    """Return the image in RGB, with transparent parts white."""
    from PIL import Image

    if picture.mode.startswith("I"):  # 16-bit grey, which convert("RGB") would clip at 255
        picture = picture.convert("I").point(lambda level: level * (1 / 257)).convert("L")
    if not picture.has_transparency_data:
        return picture.convert("RGB")
    layer = picture.convert("RGBA")
    ground = Image.new("RGBA", layer.size, "white")
    return Image.alpha_composite(ground, layer).convert("RGB")


def _jpeg(picture: "Image", limit: int, *, worst: int = 72) -> bytes:
    """Encode as JPEG without metadata, in the best quality that stays within `limit` bytes, but not below `worst`."""
    for quality in range(92, worst - 1, -4):
        file = io.BytesIO()
        picture.save(file, "JPEG", quality=quality, optimize=True, dpi=(72, 72))
        if file.tell() <= limit:
            break
    return file.getvalue()


def _gradient(size: int) -> "Image":
    """Return a gradient mask from dark at the bottom left to bright at the top right."""
    from PIL import Image

    across = Image.linear_gradient("L").rotate(90)
    return Image.blend(across, Image.linear_gradient("L").rotate(180), 0.5).resize(
        (size, size), Image.Resampling.BICUBIC
    )


def _wave(picture: "Image", seed: bytes, colour: str, *, place: tuple[float, float]) -> None:
    """Draw the waveform as rounded bars between two heights; the seed determines their lengths."""
    from PIL import Image, ImageDraw

    top, bottom = place
    pitch = picture.width * (1 - 2 * MARGIN) / (BARS - 0.45)
    thick = pitch * 0.55
    mask = Image.new("L", (picture.width, picture.height))
    draw = ImageDraw.Draw(mask)
    for index in range(BARS):
        swell = 0.35 + 0.65 * math.sin(math.pi * (index + 0.5) / BARS)
        share = swell * (0.25 + 0.75 * seed[1 + index] / 255)
        half = max(thick, share * (bottom - top)) / 2
        left, middle = picture.width * MARGIN + index * pitch, (top + bottom) / 2
        draw.rounded_rectangle((left, middle - half, left + thick, middle + half), thick / 2, fill=255)
    picture.paste(colour, (0, 0, *picture.size), mask)


def _font(size: float) -> "FreeTypeFont":
    from PIL import ImageFont

    data = files("podcast.feed").joinpath("cover.otf").read_bytes()
    # the basic layout, because the Raqm layout is not available on every machine
    return ImageFont.truetype(io.BytesIO(data), size, layout_engine=ImageFont.Layout.BASIC)


def _drawable(title: str) -> str:
    """Return the title without symbols that the font does not have, such as emoji.

    Empty if the font does not have one of its letters, or if the title or a word of it is too long for a cover.
    """
    font = _font(100)
    missing = bytes(font.getmask("\uffff"))
    title = unicodedata.normalize("NFC", text.line(title))
    lacking = {char for char in title if not char.isspace() and bytes(font.getmask(char)) == missing}
    if any(unicodedata.category(char)[0] in "LMN" and char not in VARIATIONS for char in lacking):
        return ""
    title = text.line("".join(char for char in title if char not in lacking))
    return title if len(title) <= LONGEST_TITLE and max(map(len, title.split(" "))) <= LONGEST_WORD else ""


def _write(picture: "Image", title: str) -> float:
    """Draw the title from the top left, as large as fits above the waveform; return the height at which it ends."""
    from PIL import ImageDraw

    side = picture.width
    room = side * (1 - 2 * MARGIN), side * 0.56
    for percent in range(240, 15, -4):
        font = _font(side * percent / 1000)
        lines = _wrapped(title, font, room[0])
        height = font.size * 1.04
        if height * len(lines) <= room[1] and max(map(font.getlength, lines)) <= room[0]:
            break
    draw = ImageDraw.Draw(picture)
    for number, line in enumerate(lines):
        draw.text((side * MARGIN, side * MARGIN + (number + 0.86) * height), line, "white", font, anchor="ls")
    return side * MARGIN + len(lines) * height


def _wrapped(title: str, font: "FreeTypeFont", width: float) -> list[str]:
    """Wrap the title into lines; a word that is too long gets a line of its own."""
    lines = [""]
    for word in title.split(" "):
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and font.getlength(longer) > width:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines
