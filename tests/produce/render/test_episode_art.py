# SPDX-License-Identifier: GPL-3.0-or-later
"""An episode's own picture: from a file of the show folder, or from the article if the show asks for that."""

import hashlib
import io
import json
import re
import subprocess

import mutagen
import pytest
import shows
from fakes.website import Page, Website
from helpers import edit
from lxml import etree, html
from PIL import Image

from podcast import produce
from podcast.config.load import load
from podcast.errors import FeedError, WorkspaceError
from podcast.feed.namespaces import NAMESPACES
from podcast.produce import records
from podcast.produce.render import clip_cache
from podcast.progress import Quiet
from podcast.workspace import Workspace

PAGE = """<html lang="fr"><head><title>La digue</title><meta property="og:image" content="{image}">
<meta property="og:title" content="La digue"></head><body><article><h1>La digue</h1>
<p>La digue protège le port depuis un siècle. Elle a vu passer bien des tempêtes, et des enfants qui pêchent.</p>
<p>Chaque pierre y a été posée à la main, à marée basse, par des gens du pays.</p></article></body></html>"""


def picture(colour: str, size: tuple[int, int] = (1_200, 800)) -> bytes:
    """Return a picture as PNG."""
    file = io.BytesIO()
    Image.new("RGB", size, colour).save(file, "PNG")
    return file.getvalue()


def make(place: Workspace) -> list[produce.RenderedEpisode]:
    """Run what `podcast make` runs."""
    show = load(place.show)
    with place.lock():
        meant = produce.stale(place, show)
        made, failures = produce.make(place, show, meant.scripts, progress=Quiet(), current=meant.current)
    for failure in [*meant.failures, *failures]:
        raise failure
    return made


@pytest.fixture
def place(tmp_path):
    """Give a show with two episodes, one of which has a picture of its own."""
    place = shows.finished(tmp_path / "show")
    (place.root / "phare.png").write_bytes(picture("#c02020"))
    edit(place.script("le-sel"), "title: ", "image: phare.png\ntitle: ")
    make(place)
    return place


def told(place: Workspace) -> dict[str, tuple[str, list[tuple[str, str, str]]]]:
    """Return of each item its itunes:image, and address, width and text of each podcast:image."""
    found = {}
    for item in etree.parse(place.feed / "feed.xml").getroot().iter("item"):
        images = item.findall("podcast:image", NAMESPACES)
        found[item.findtext("title")] = (
            item.find("itunes:image", NAMESPACES).get("href"),
            [(image.get("href"), image.get("width"), image.get("alt")) for image in images],
        )
    return found


def file(place: Workspace, address: str) -> Image.Image:
    """Return the picture that an address of the feed names."""
    return Image.open(io.BytesIO((place.feed / address.removeprefix(load(place.show).url)).read_bytes()))


def test_it_is_everywhere(place):
    """In the item (iTunes, podcast:image in two sizes), in the tag, on the page and in its preview; nowhere else."""
    own, images = told(place)["Le sel"]
    others, none = told(place)["Le vent"]
    assert "/art/picture-" in own
    assert "/art/cover-" in others
    assert none == []
    assert [(width, alt) for _, width, alt in images] == [("1400", "Le sel"), ("600", "Le sel")]
    assert [file(place, address).size for address, _, _ in images] == [(1_400, 1_400), (600, 600)]
    red, green, _ = file(place, own).getpixel((700, 700))
    assert red > 170
    assert green < 60

    small = (place.feed / images[1][0].removeprefix(load(place.show).url)).read_bytes()
    tags = {slug: mutagen.File(place.sound(slug)).tags["APIC:"].data for slug in ("le-sel", "le-vent")}
    assert tags["le-sel"] == small
    assert tags["le-vent"] != small

    page = html.fromstring((place.feed / "episodes" / "le-sel.html").read_bytes())
    assert page.xpath("//meta[@property='og:image']/@content") == [own]
    assert page.cssselect("img.picture")[0].get("src").startswith("../art/thumbnail-")
    other = html.fromstring((place.feed / "episodes" / "le-vent.html").read_bytes())
    assert other.cssselect("img.picture") == []
    assert other.xpath("//meta[@property='og:image']/@content") == [others]


def test_another_picture_makes_one_episode_again(place):
    """A new picture gets a new name; only its episode is made again, from what is narrated; then nothing is."""
    before = told(place)["Le sel"][0]
    (place.root / "phare.png").write_bytes(picture("#2020c0"))
    assert [one.episode.slug for one in make(place) if one.changed] == ["le-sel"]
    assert told(place)["Le sel"][0] != before
    assert not any(one.changed for one in make(place))

    clip_cache.prune(clip_cache.survey(place, load(place.show)))
    kept = {path.name for path in place.clips.rglob("*.jpg")}
    assert len(kept) == 4, "the cover and the picture, each in two sizes"


def test_a_picture_that_is_missing_is_named(place):
    """A file that is not there, or outside of the show folder, is an error that names it."""
    edit(place.script("le-vent"), "title: ", "image: nowhere.png\ntitle: ")
    with pytest.raises(WorkspaceError, match=r"nowhere\.png: file not found"):
        make(place)
    edit(place.script("le-vent"), "nowhere.png", "../secret.png")
    with pytest.raises(WorkspaceError, match="outside the show folder"):
        make(place)


@pytest.fixture
def web():
    """Give a site with an article and its picture."""
    with Website() as found:
        found.pages["/digue"] = Page(PAGE.format(image=found.url("/digue.png")).encode())
        found.pages["/digue.png"] = Page(picture("#208020"), kind="image/png")
        yield found


def take(place: Workspace, address: str) -> tuple[str, list[str]]:
    """Write the script of an article; return its `image`, and what was told."""
    told: list[str] = []
    with place.lock():
        done = produce.write_scripts(place, load(place.show), [address], produce.Intake(private=True, tell=told.append))
    assert done.failures == []
    return done.scripts[0].image, told


def test_an_article_s_picture_is_taken_only_if_asked_for(workspace, web):
    """By default the script only says where the picture is; with article_pictures it is fetched, once, as a file."""
    image, _ = take(workspace, web.url("/digue"))
    assert image == web.url("/digue.png")
    assert "/digue.png" not in [path for path, _ in web.asked]

    workspace.script("la-digue").unlink()
    edit(workspace.show, "[voices]", "article_pictures = true\n\n[voices]")
    edit(workspace.show, "[voices]", '[music]\nintro = ""\noutro = ""\n\n[voices]')
    image, remarks = take(workspace, web.url("/digue"))
    assert (image, remarks) == ("scripts/art/la-digue.png", [])
    kept = (workspace.root / image).read_bytes()
    assert hashlib.sha256(kept).digest() == hashlib.sha256(picture("#208020")).digest()

    web.pages.clear()
    make(workspace)
    assert "/art/picture-" in told(workspace)["La digue"][0]


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (Page(picture("red", (90, 90)), kind="image/png"), "90 x 90 pixels"),
        (Page(b"<svg/>", kind="image/svg+xml"), "cannot read this image: unknown image format"),
        (Page(b"", status=404), "404"),
        (Page(b"\x89PNG and no more", kind="image/png"), "cannot read this image"),
    ],
)
def test_a_bad_picture_does_not_stop_an_article(workspace, web, answer, why):
    """An image that is too small, of another format, missing or damaged is reported; the cover replaces it."""
    edit(workspace.show, "[voices]", "article_pictures = true\n\n[voices]")
    web.pages["/digue.png"] = answer
    image, remarks = take(workspace, web.url("/digue"))
    assert image == web.url("/digue.png")
    assert any("the image of the article is not used" in remark and why in remark for remark in remarks)
    assert not list(workspace.pictures.glob("*"))


CHAPTER = """## [Le quai](https://phare.example/quai)

![Le quai à l’aube](quai.png)

Une phrase du quai.
"""


def chapters(place: Workspace, slug: str) -> list[list[tuple[str, str, str]]]:
    """Return (title, link, picture) of each chapter in the forms that have a place for them; pictures by bytes."""
    item = next(i for i in etree.parse(place.feed / "feed.xml").getroot().iter("item") if slug in i.findtext("link"))
    named = item.find("podcast:chapters", NAMESPACES).get("url").removeprefix(load(place.show).url)
    found = json.loads((place.feed / named).read_bytes())["chapters"]
    frames = mutagen.File(place.sound(slug)).tags.getall("CHAP")

    def seen(address: str) -> str:
        name = address.removeprefix(load(place.show).url)
        return hashlib.sha256((place.feed / name).read_bytes()).hexdigest() if name else ""

    return [
        [(one["title"], one.get("url", ""), seen(one.get("img", ""))) for one in found],
        [
            (one.get("title"), one.get("href", ""), seen(one.get("image", "")))
            for one in item.iterfind(".//psc:chapter", NAMESPACES)
        ],
        [
            (
                str(frame.sub_frames["TIT2"]),
                "".join(link.url for link in frame.sub_frames.getall("WXXX")),
                "".join(hashlib.sha256(one.data).hexdigest() for one in frame.sub_frames.getall("APIC")),
            )
            for frame in frames
        ],
    ]


def test_a_chapter_has_its_link_and_its_picture_in_every_form(tmp_path):
    """JSON, Podlove and ID3 say the same; players made with ffmpeg find all; the words of the picture are not said."""
    place = shows.finished(tmp_path / "show")
    (place.root / "quai.png").write_bytes(picture("#20c020"))
    path = place.script("le-vent")
    path.write_text(f"{path.read_text(encoding='utf-8')}\n{CHAPTER}", encoding="utf-8")
    make(place)

    as_json, podlove, frames = chapters(place, "le-vent")
    assert as_json == podlove == frames
    assert [one[:2] for one in as_json][1:] == [("Le quai", "https://phare.example/quai")]
    assert as_json[1][2]
    assert not as_json[0][2]
    command = ["ffprobe", "-v", "error", "-show_chapters", place.sound("le-vent")]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert re.findall("TAG:title=(.*)", said) == [one[0] for one in as_json]
    episode = records.load(place, "le-vent")
    assert "l’aube" not in " ".join(cue.text for cue in episode.cues)
    page = html.parse(place.feed / "episodes" / "le-vent.html")
    assert len(page.xpath("//nav[@class='chapters']//img[@src]")) == 1
    assert not any(one.changed for one in make(place))

    (place.root / "quai.png").write_bytes(picture("#c0c020"))
    assert [one.episode.slug for one in make(place) if one.changed] == ["le-vent"]
    assert chapters(place, "le-vent")[0][1][2] != as_json[1][2]
    clip_cache.prune(clip_cache.survey(place, load(place.show)))
    assert not any(one.changed for one in make(place))


@pytest.mark.parametrize(
    ("content", "message"), [(None, "file not found"), (b"no picture", "cannot read this image: unknown image format")]
)
def test_a_cover_of_the_show_that_cannot_be_used_is_named_with_its_line(tmp_path, content, message):
    """show.toml, the line, the file, and what is wrong."""
    place = shows.finished(tmp_path / "show")
    text = place.show.read_text(encoding="utf-8").replace("[show]", '[show]\ncover = "phare.png"')
    place.show.write_text(text, encoding="utf-8")
    line = text.splitlines().index('cover = "phare.png"') + 1
    if content:
        (place.root / "phare.png").write_bytes(content)

    with pytest.raises((WorkspaceError, FeedError), match=rf"show\.toml:{line}: show\.cover: .*phare\.png: {message}"):
        make(place)


@pytest.mark.parametrize(
    ("content", "message"), [(None, "file not found"), (b"no picture", "cannot read this image: unknown image format")]
)
def test_a_picture_of_a_chapter_that_cannot_be_used_is_named_with_its_line(tmp_path, content, message):
    """The script, the line, the file, and what is wrong."""
    place = shows.finished(tmp_path / "show")
    path = place.script("le-vent")
    path.write_text(f"{path.read_text(encoding='utf-8')}\n{CHAPTER}", encoding="utf-8")
    line = path.read_text(encoding="utf-8").splitlines().index("![Le quai à l’aube](quai.png)") + 1
    if content:
        (place.root / "quai.png").write_bytes(content)

    with pytest.raises((WorkspaceError, FeedError), match=rf"le-vent\.md:{line}: .*quai\.png: {message}"):
        make(place)
