# SPDX-License-Identifier: GPL-3.0-or-later
"""Covers, drawn and given, against Apple's artwork requirements."""

import hashlib
import io
from pathlib import Path

import pytest
from PIL import Image, ImageChops

from podcast.config.settings import Show
from podcast.errors import FeedError
from podcast.feed import art

LONG = "L’Économie du numérique expliquée à celles et ceux qui n’ont pas le temps de lire, tous les matins"


def show(title: str, guid: str = "9b024349-ccf0-5f69-a609-6b82873eab3c") -> Show:
    """Return a show with that title."""
    return Show(title=title, language="fr", url="https://example.org/", guid=guid)


def opened(data: bytes) -> Image.Image:
    """Return the picture, read in full."""
    picture = Image.open(io.BytesIO(data))
    picture.load()
    return picture


def noise(side: int) -> Image.Image:
    """Return a picture of which every pixel is different, always the same one."""
    return Image.frombytes("L", (side, side), hashlib.shake_256(b"noise").digest(side * side))


def white(picture: Image.Image) -> Image.Image:
    """Return a mask of the white parts, which are the title."""
    return picture.convert("L").point(lambda value: 255 if value > 250 else 0)


@pytest.fixture(scope="module")
def drawn() -> bytes:
    """Draw a cover in full size."""
    return art.cover(show("À voix haute"))


def test_a_drawn_cover_is_what_directories_take(drawn):
    """3000 px, square, RGB without alpha, JPEG, 72 dpi, at most half a megabyte, no metadata."""
    picture = opened(drawn)

    assert (picture.size, picture.mode, picture.format) == ((3_000, 3_000), "RGB", "JPEG")
    assert picture.info["dpi"] == (72, 72)
    assert not picture.getexif()
    assert len(drawn) <= 500_000


@pytest.mark.parametrize(
    "title", ["À voix haute", LONG, "Donaudampfschifffahrtsgesellschaft", "W" * 40, "Mot " * 50, "Журнал"]
)
def test_the_title_stays_in_its_place(title):
    """The title is within the margins and above the bottom fifth, however long it or a word of it is."""
    left, top, right, bottom = white(opened(art.cover(show(title), size=600))).getbbox()

    assert left >= 0.07 * 600
    assert top >= 0.05 * 600
    assert right <= 0.94 * 600
    assert bottom <= 0.8 * 600


def test_a_short_title_is_legible_as_a_thumbnail(drawn):
    """At 55 px the letters of a short title are about eight pixels tall and stand out from the ground."""
    small = opened(art.small(drawn, 55)).convert("L")
    letters = small.crop((4, 4, 51, 32))
    rows = [row for row in range(letters.height) if max(letters.crop((0, row, letters.width, row + 1)).tobytes()) > 200]

    assert len(rows) >= 16
    assert max(letters.tobytes()) - min(letters.tobytes()) > 150


@pytest.mark.parametrize("colours", art.PALETTES)
def test_white_is_easy_to_read_on_every_ground(colours):
    """The contrast of the title with both tones is at least 4.5 : 1 (WCAG 2.2, 1.4.3)."""

    def luminance(colour: str) -> float:
        parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    for ground in colours[:2]:
        assert 1.05 / (luminance(ground) + 0.05) >= 4.5


def test_the_same_show_keeps_its_cover():
    """The same guid and title give the same bytes; another guid gives another picture."""
    assert art.cover(show("Fil"), size=400) == art.cover(show("Fil"), size=400)
    assert art.cover(show("Fil"), size=400) != art.cover(show("Fil", "917393e3-1b1e-5cef-ace4-edaa54e1f810"), size=400)


def test_a_script_that_the_font_lacks_gives_a_picture_without_text():
    """Rather no title than boxes: nothing is white, and the wave is there."""
    picture = opened(art.cover(show("日本語の記事"), size=600))

    assert white(picture).getbbox() is None
    assert len(picture.getcolors(1_000_000)) > 100


@pytest.mark.parametrize(
    "title", ["Ça & là", "Žluťoučký kůň", "Straße, Ærø, œuvre", "Ελληνικά", "Їжак", "Việt ngữ", "½ « € »"]
)
def test_the_font_has_the_letters_of_europe(title):
    """Such titles are drawn whole, decomposed accents too."""
    assert art._drawable(title) == title
    assert art._drawable("e\u0301te\u0301") == "été"


def test_emoji_are_left_out_of_the_title():
    """A sign that is no letter is not worth losing the title for."""
    assert art._drawable("Code 🎙️ & Coffee") == "Code & Coffee"
    assert art._drawable("🎙") == ""


def test_a_title_that_nobody_could_read_is_left_out():
    """Letters too small for a cover are not drawn."""
    assert art._drawable("W" * 41) == ""
    assert art._drawable("mot " * 51) == ""


def saved(path: Path, picture: Image.Image, **options: object) -> Path:
    """Save the picture and return its path."""
    picture.save(path, **options)
    return path


def test_transparency_is_laid_on_white(tmp_path):
    """A PNG with alpha becomes plain RGB, its holes white."""
    clear = Image.new("RGBA", (1_400, 1_400), (255, 0, 0, 0))
    picture = opened(art.load(saved(tmp_path / "cover.png", clear)))

    assert (picture.mode, picture.format, picture.size) == ("RGB", "JPEG", (1_400, 1_400))
    assert picture.getpixel((700, 700)) == (255, 255, 255)


@pytest.mark.parametrize(
    ("mode", "kind"), [("CMYK", "jpg"), ("L", "jpg"), ("P", "png"), ("LA", "png"), ("RGB", "webp")]
)
def test_any_kind_of_colour_becomes_rgb(tmp_path, mode, kind):
    """Printers' CMYK, grey, palettes and WebP are converted."""
    given = Image.new("RGB", (1_400, 1_400), (200, 40, 40)).convert("L" if mode == "LA" else mode).convert(mode)
    picture = opened(art.load(saved(tmp_path / f"cover.{kind}", given)))

    assert (picture.mode, picture.format) == ("RGB", "JPEG")


def test_grey_of_16_bits_keeps_its_shades(tmp_path):
    """A 16-bit grey PNG, as scanners write, is scaled to 8 bits and not cut off at white."""
    grey = Image.new("I;16", (1_400, 1_400), 0x4000)
    picture = opened(art.load(saved(tmp_path / "cover.png", grey)))

    assert picture.getpixel((700, 700)) == pytest.approx((64, 64, 64), abs=2)


def test_a_phone_photo_stands_upright(tmp_path):
    """The rotation that EXIF asks for is done, and EXIF (with the place of the photo) is gone."""
    given = Image.new("RGB", (1_400, 1_400), "white")
    given.paste((0, 0, 0), (0, 0, 1_400, 700))
    exif = Image.Exif()
    exif[0x0112] = 6  # turn clockwise
    picture = opened(art.load(saved(tmp_path / "cover.jpg", given, exif=exif)))

    assert picture.getpixel((1_300, 700))[0] < 50
    assert picture.getpixel((100, 700))[0] > 200
    assert not picture.getexif()


def test_a_large_picture_is_made_smaller(tmp_path):
    """More than 3000 px become 3000."""
    data = art.load(saved(tmp_path / "cover.jpg", Image.linear_gradient("L").resize((3_200, 3_200))))

    assert opened(data).size == (3_000, 3_000)


def test_a_heavy_picture_loses_size_rather_than_quality(tmp_path):
    """A photo full of detail is made smaller until it has half a megabyte."""
    grain = noise(400).resize((1_800, 1_800), Image.Resampling.BICUBIC)
    data = art.load(saved(tmp_path / "cover.png", grain))

    assert 1_400 <= opened(data).width < 1_800
    assert len(data) <= 500_000


def test_the_name_of_the_file_does_not_matter(tmp_path):
    """A PNG that is called .jpg is read for what it is."""
    path = saved(tmp_path / "cover.jpg", Image.new("RGB", (1_500, 1_500)), format="PNG")

    assert opened(art.load(path)).format == "JPEG"


@pytest.mark.parametrize(
    ("size", "words", "fix"),
    [
        ((1_600, 1_500), "must be square, but is 1600 x 1500 pixels", "crop it to 1500 x 1500 pixels"),
        (
            (1_500, 1_000),
            "must be square, but is 1500 x 1000 pixels",
            "use a square image of at least 1400 x 1400 pixels",
        ),
        ((1_399, 1_399), "too small: 1399 x 1399 pixels", "at least 1400 x 1400"),
    ],
)
def test_a_picture_of_the_wrong_size_is_refused(tmp_path, size, words, fix):
    """The error names the file, its size and what to do."""
    path = saved(tmp_path / "cover.png", Image.new("RGB", size))

    with pytest.raises(FeedError, match=words) as caught:
        art.load(path)
    assert str(path) in caught.value.message
    assert fix in caught.value.hint


@pytest.mark.parametrize("damage", ["truncated", "text", "empty", "gif", "missing", "folder"])
def test_what_is_no_picture_is_refused(tmp_path, damage):
    """A half JPEG, a text, an empty file, another format or none at all: an error that names the file."""
    path = tmp_path / "cover.jpg"
    if damage == "truncated":
        whole = saved(path, noise(1_400)).read_bytes()
        path.write_bytes(whole[: len(whole) // 2])
    elif damage == "gif":
        saved(path, Image.new("P", (1_400, 1_400)), format="GIF")
    elif damage == "folder":
        path.mkdir()
    elif damage != "missing":
        path.write_bytes(b"no picture" if damage == "text" else b"")

    with pytest.raises(FeedError, match=r"cover\.jpg") as caught:
        art.load(path)
    assert caught.value.hint


def test_a_small_one_fits_into_a_tag(drawn):
    """600 px and at most 200 kB, the same bytes each time, noise included."""
    small = art.small(drawn, 600)
    grain = io.BytesIO()
    noise(1_400).convert("RGB").save(grain, "JPEG")

    assert opened(small).size == (600, 600)
    assert small == art.small(drawn, 600)
    assert len(small) <= 200_000
    assert len(art.small(grain.getvalue(), 600)) <= 200_000
    assert ImageChops.difference(opened(small), opened(drawn).resize((600, 600))).getextrema()[0][1] < 80


# --- an episode's own picture


@pytest.mark.parametrize(
    ("size", "side"), [((1_200, 630), 1_400), ((630, 1_200), 1_400), ((2_000, 2_000), 2_000), ((6_000, 2_000), 3_000)]
)
def test_any_picture_becomes_square(tmp_path, size, side):
    """A picture of an article is shown whole, in the middle of a square that directories take."""
    picture = Image.new("RGB", size, "#406080")
    for corner in ((0, 0), (size[0] - 40, 0), (0, size[1] - 40), (size[0] - 40, size[1] - 40)):
        picture.paste("#ff0000", (*corner, corner[0] + 40, corner[1] + 40))
    picture.save(tmp_path / "lead.png")

    data = art.squared(tmp_path / "lead.png")

    square = opened(data)
    assert (square.size, square.mode, square.format) == ((side, side), "RGB", "JPEG")
    assert len(data) <= 500_000
    scale = side / max(size)
    left, top = (side - size[0] * scale) / 2, (side - size[1] * scale) / 2
    for x, y in ((left + 10, top + 10), (side - left - 10, side - top - 10)):
        red, green, blue = square.getpixel((x, y))
        assert red > 180, "the corners are there"
        assert max(green, blue) < 90
    assert art.squared(tmp_path / "lead.png") == data


def test_pictures_from_phones_and_with_alpha(tmp_path):
    """A picture that a phone calls turned stands upright; transparent parts are white, whatever colour hides there."""
    turned = Image.new("RGB", (1_500, 1_000), "#204060")
    turned.paste("#ffcc00", (0, 0, 1_500, 300))
    exif = Image.Exif()
    exif[274] = 6  # the camera was held upright
    turned.save(tmp_path / "phone.jpg", exif=exif, quality=95)
    square = opened(art.squared(tmp_path / "phone.jpg"))
    red, _, blue = square.getpixel((square.width // 2 + 450, 700))
    assert red > 200
    assert blue < 90

    Image.new("RGBA", (1_500, 1_500), (255, 0, 0, 0)).save(tmp_path / "alpha.png")
    assert min(opened(art.squared(tmp_path / "alpha.png")).getpixel((700, 700))) > 250


@pytest.mark.parametrize(("size", "what"), [((400, 300), "400 x 300"), ((3_000, 200), "3000 x 200")])
def test_what_makes_no_picture_is_refused(tmp_path, size, what):
    """Icons and strips are refused, by their size; so are files that are no pictures."""
    Image.new("RGB", size).save(tmp_path / "x.png")
    with pytest.raises(FeedError, match=what):
        art.squared(tmp_path / "x.png")
    (tmp_path / "x.png").write_bytes(b"no picture")
    with pytest.raises(FeedError, match="cannot read this image: unknown image format"):
        art.squared(tmp_path / "x.png")
    with pytest.raises(FeedError, match="file not found"):
        art.squared(tmp_path / "y.png")


@pytest.mark.parametrize(("size", "fits"), [((600, 150), True), ((599, 599), False), ((604, 150), False)])
def test_how_small_and_how_narrow_an_episode_s_image_may_be(tmp_path, size, fits):
    """600 pixels on the longer side, which may be four times the other."""
    path = saved(tmp_path / "a.png", Image.new("RGB", size, "teal"))

    if fits:
        assert opened(art.squared(path)).size == (1_400, 1_400)
    else:
        with pytest.raises(FeedError, match=f"too small or too narrow for an episode: {size[0]} x {size[1]} pixels"):
            art.squared(path)


@pytest.mark.parametrize("wide", [True, False])
def test_an_image_that_is_not_square_stands_in_the_middle_of_its_own_colours(tmp_path, wide):
    """The ground is a blurred copy of its middle, a quarter darker."""
    half = Image.new("RGB", (1_400, 350), (0, 80, 160))
    image = Image.new("RGB", (1_400, 700), (200, 120, 40))
    image.paste(half, (0, 350))
    path = saved(tmp_path / "a.png", image if wide else image.transpose(Image.Transpose.ROTATE_90))

    made = opened(art.squared(path))

    upright = made if wide else made.transpose(Image.Transpose.ROTATE_270)
    expected = {100: (150, 90, 30), 400: (200, 120, 40), 1_000: (0, 80, 160), 1_300: (0, 60, 120)}
    for y, colour in expected.items():
        for x in (5, 700, 1_395):
            assert upright.getpixel((x, y)) == pytest.approx(colour, abs=6), (x, y)
