# SPDX-License-Identifier: GPL-3.0-or-later
"""ID3 tags are judged by mutagen's own reader and by ffmpeg, which most players are built on."""

import datetime as dt
import re
import shutil
import struct
import subprocess
from dataclasses import replace

import imageio_ffmpeg
import lameenc
import pytest
from mutagen.id3 import ID3
from mutagen.mp3 import MP3

from podcast.errors import AudioError
from podcast.metadata.id3 import COVER_BYTES, Tags, iso639, tag
from podcast.model import Chapter

LONG = "Où l’on apprend, après un long détour par l’histoire des sciences, que " * 3
CHAPTERS = (
    Chapter(0, "Introduction, assez longue pour être la plus grande de toutes les trames " * 2),
    Chapter(10_000, "日本語の章"),
    Chapter(20_000, LONG.strip(), "https://example.org/longue"),
    Chapter(30_000, "Fin"),
)
TAGS = Tags(
    title="DeepSeek & l’open source",
    show="À voix haute",
    date=dt.datetime(2026, 11, 3, 6, 5, tzinfo=dt.timezone(dt.timedelta(hours=-5))),
    language="fr-CA",
    guid="3f0c9c1e-0000-5000-8000-000000000001",
    duration_ms=40_000,
    author="Ada Lovelace",
    show_author="La rédaction",
    number=12,
    season=2,
    feed_url="https://example.org/feed.xml",
    summary="Premier paragraphe.\n\nSecond.",
    category="Technology",
    keywords=("IA", "voix"),
    copyright="© La rédaction",
    source="https://example.com/article?a=1&b=é",
    page="https://example.org/deepseek.html",
    text="Bonjour.\n\nÇa va ?",
    chapters=CHAPTERS,
    cover=b"\xff\xd8\xff\xe0 a picture \xff\xd9",
)


@pytest.fixture(scope="module")
def sound() -> bytes:
    """Forty seconds of silence as MP3."""
    encoder = lameenc.Encoder()
    encoder.set_bit_rate(64)
    encoder.set_in_sample_rate(48_000)
    encoder.set_channels(1)
    encoder.silence()
    return bytes(encoder.encode(struct.pack("<h", 0) * 48_000 * 40) + encoder.flush())


@pytest.fixture
def mp3(sound, tmp_path):
    """Write a file with that sound."""
    path = tmp_path / "episode.mp3"
    path.write_bytes(sound)
    return path


def ffmpegs() -> list[str]:
    """Every ffmpeg there is: the one that comes with the tests, and the machine's."""
    return sorted({imageio_ffmpeg.get_ffmpeg_exe(), shutil.which("ffmpeg") or imageio_ffmpeg.get_ffmpeg_exe()})


def test_every_frame_is_there(mp3):
    """Each value is read back from its frame, in version 2.3."""
    tag(mp3, TAGS)
    read = ID3(mp3, translate=False)

    assert read.version == (2, 3, 0)
    expected = {
        "TIT2": "DeepSeek & l’open source",
        "TPE1": "Ada Lovelace",
        "TPE2": "La rédaction",
        "TALB": "À voix haute",
        "TRCK": "12",
        "TPOS": "2",
        "TCON": "Podcast",
        "TYER": "2026",
        "TDAT": "0311",
        "TIME": "0605",
        "TLAN": "fra",
        "TLEN": "40000",
        "TCOP": "2026 La rédaction",
        "TGID": TAGS.guid,
        "TCAT": "Technology",
        "TKWD": "IA, voix",
        "TDES": "Premier paragraphe. Second.",
    }
    assert expected == {name: str(read[name]) for name in expected}
    assert read["WFED"].url == "https://example.org/feed.xml"
    assert read["WOAS"].url == "https://example.com/article?a=1&b=%C3%A9"
    assert read["WOAF"].url == "https://example.org/deepseek.html"
    assert read["PCST"].value == 1
    assert read["COMM::fra"].text == ["Premier paragraphe.\n\nSecond."]
    assert read["USLT::fra"].text == "Bonjour.\n\nÇa va ?"
    assert (read["APIC:"].type, read["APIC:"].mime, read["APIC:"].data) == (3, "image/jpeg", TAGS.cover)
    assert not any(name.startswith("TDR") for name in read)


def test_chapters_follow_the_standard(mp3):
    """One top-level, ordered table of contents names the chapters; each has title, start and end."""
    tag(mp3, TAGS)
    read = ID3(mp3)
    (contents,) = read.getall("CTOC")
    found = [read[f"CHAP:{name}"] for name in contents.child_element_ids]

    assert contents.flags == 3
    assert [chapter.title.strip() for chapter in CHAPTERS] == [str(chapter.sub_frames["TIT2"]) for chapter in found]
    assert [(chapter.start_time, chapter.end_time) for chapter in found] == [
        (0, 10_000),
        (10_000, 20_000),
        (20_000, 30_000),
        (30_000, 40_000),
    ]
    assert {chapter.start_offset for chapter in found} == {0xFFFFFFFF}
    assert found[2].sub_frames["WXXX:"].url == "https://example.org/longue"


def test_frames_lie_in_the_order_that_players_need(mp3):
    """The title is first, then contents, chapters by time, and the picture last."""
    tag(mp3, TAGS)
    names = re.findall(rb"(TIT2|CTOC|CHAP|USLT|APIC)[\x00-\xff]{4}\x00\x00(chp\d)?", mp3.read_bytes())
    outer = [name + element for name, element in names if name != b"TIT2"]

    assert outer == [b"CTOC", b"CHAPchp0", b"CHAPchp1", b"CHAPchp2", b"CHAPchp3", b"USLT", b"APIC"]
    assert mp3.read_bytes()[10:14] == b"TIT2"


@pytest.mark.parametrize("ffmpeg", ffmpegs())
def test_ffmpeg_sees_the_chapters_in_order(mp3, ffmpeg):
    """A reader that ignores the table of contents finds all titles, long and non-Latin ones too, in order of time."""
    tag(mp3, replace(TAGS, cover=b""))
    run = subprocess.run(
        [ffmpeg, "-v", "error", "-i", mp3, "-f", "ffmetadata", "-"], capture_output=True, check=True, timeout=60
    )
    meta = run.stdout.decode()
    titles = [re.sub(r"\\(.)", r"\1", title) for title in re.findall(r"^title=(.*)$", meta, re.MULTILINE)]
    starts = [int(start) for start in re.findall(r"^START=(\d+)$", meta, re.MULTILINE)]

    assert titles == [TAGS.title, *(chapter.title.strip() for chapter in CHAPTERS)]
    assert all(abs(start - chapter.start_ms) <= 100 for start, chapter in zip(starts, CHAPTERS, strict=True))


def test_the_sound_is_left_alone(mp3, sound):
    """The bytes behind the tag are those that were there before it, after a second tag as well."""
    tag(mp3, TAGS)
    once = mp3.read_bytes()
    tag(mp3, replace(TAGS, title="Autre", cover=b"x" * 50_000))
    tag(mp3, TAGS)

    assert once.endswith(sound)
    assert len(once) - len(sound) == ID3(mp3).size
    assert once == mp3.read_bytes()
    assert MP3(mp3).info.length == pytest.approx(40, abs=0.1)


def test_the_same_values_give_the_same_bytes(tmp_path, sound):
    """Two files with the same sound and tags are equal."""
    paths = [tmp_path / "a.mp3", tmp_path / "b.mp3"]
    for path in paths:
        path.write_bytes(sound)
        tag(path, TAGS)

    assert paths[0].read_bytes() == paths[1].read_bytes()


def test_old_tags_are_gone(mp3, sound):
    """An ID3v1 tag at the end does not survive: it would say something else."""
    mp3.write_bytes(sound + b"TAG" + b"old".ljust(125, b"\0"))
    tag(mp3, TAGS)

    assert mp3.read_bytes().endswith(sound)


def test_many_chapters_are_divided(mp3):
    """More chapters than one table can hold hang in tables below the top one, and none is lost."""
    many = tuple(Chapter(index * 100, f"Chapitre {index}") for index in range(400))
    tag(mp3, replace(TAGS, chapters=many))
    read = ID3(mp3)
    top = [contents for contents in read.getall("CTOC") if contents.flags & 2]
    leaves = [leaf for name in top[0].child_element_ids for leaf in read[f"CTOC:{name}"].child_element_ids]

    assert len(top) == 1
    assert [str(read[f"CHAP:{leaf}"].sub_frames["TIT2"]) for leaf in leaves] == [chapter.title for chapter in many]


def test_little_is_enough(mp3):
    """Without author, number, chapters or picture the tag holds what is known, and nothing empty."""
    tag(mp3, Tags(title="T", show="S", date=TAGS.date, language="xx", guid="g", duration_ms=40_000))
    read = ID3(mp3)

    assert (str(read["TPE1"]), str(read["TPE2"]), str(read["TLAN"])) == ("S", "S", "und")
    assert not {"TRCK", "TPOS", "TCOP", "TDES", "WFED", "WOAS"} & set(read)
    assert not read.getall("CTOC") + read.getall("COMM") + read.getall("USLT") + read.getall("APIC")


def test_a_long_text_stays_out(mp3):
    """The words of a long episode would delay its start; they are in the transcripts."""
    tag(mp3, replace(TAGS, text="mot " * 10_000))

    assert not ID3(mp3).getall("USLT")


def test_a_large_picture_is_refused(mp3):
    """The error gives the size and what to do."""
    with pytest.raises(AudioError, match=f"{COVER_BYTES + 1} bytes") as caught:
        tag(mp3, replace(TAGS, cover=b"x" * (COVER_BYTES + 1)))
    assert "600 x 600 pixels" in caught.value.hint


def test_a_missing_file_is_an_error(tmp_path):
    """The error of mutagen does not come through."""
    with pytest.raises(AudioError, match=r"none\.mp3"):
        tag(tmp_path / "none.mp3", TAGS)


@pytest.mark.parametrize(
    ("language", "code"),
    [
        ("fr", "fra"),
        ("en-GB", "eng"),
        ("pt-BR", "por"),
        ("zh-Hans", "zho"),
        ("DE", "deu"),
        ("gsw", "gsw"),
        ("q", "und"),
    ],
)
def test_languages_have_three_letters(language, code):
    """BCP 47 tags become ISO 639-2 codes."""
    assert iso639(language) == code


@pytest.mark.parametrize(
    ("given", "written"),
    [("© Ada", "2026 Ada"), ("(c) 2019 Ada", "2019 Ada"), ("2020 Ada", "2020 Ada"), ("Copyright Ada", "2026 Ada")],
)
def test_a_copyright_begins_with_a_year(mp3, given, written):
    """ID3v2.3 wants a year and a space in front."""
    tag(mp3, replace(TAGS, copyright=given))

    assert str(ID3(mp3)["TCOP"]) == written
