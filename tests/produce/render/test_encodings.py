# SPDX-License-Identifier: GPL-3.0-or-later
"""Episodes as Opus and AAC beside the MP3: the same sound at the same time, tagged, in the feed, made only once."""

import base64
import hashlib
import json
import re
import subprocess
import sys

import lxml.etree
import mutagen
import numpy as np
import pytest
from helpers import edit
from mutagen.ogg import OggPage
from sound_helpers import FFMPEG, heard, middle, shift

from podcast.cli.main import main
from podcast.config.load import load
from podcast.errors import AudioError, ConfigError
from podcast.model import RATE_HZ
from podcast.produce.intake import scripts
from podcast.produce.render import clip_cache, episode
from podcast.produce.render.context import RenderContext
from podcast.progress import Quiet
from podcast.publish.headers import served
from podcast.sound import encode, loudness
from podcast.sound.true_peak import Limiter
from tests.produce.render.test_clips import MUSIC, SCRIPT, made

NAMESPACE = "{https://podcastindex.org/namespace/1.0}"
FORMATS = {".opus": "audio/ogg", ".m4a": "audio/mp4"}
SOUND = '\n[sound]\nalso = ["opus", "aac"]\n'


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    """Make a show with music in every place, whose episodes come in all formats: once, as it takes its time."""
    return tmp_path_factory.mktemp("formats")


@pytest.fixture
def essay(workspace, template):
    """Give that show, with its episode made."""
    text = workspace.show.read_text(encoding="utf-8") + MUSIC.partition("[hooks]")[0] + SOUND
    workspace.show.write_text(text, encoding="utf-8")
    workspace.scripts.mkdir()
    script = SCRIPT.replace("![Ici parle une *vraie* personne.](voice/intro.flac)\n\n", "")
    workspace.script("essai").write_text(script, encoding="utf-8")
    kept = template / "audio"
    if kept.exists():
        subprocess.run(["cp", "-a", kept, template / "feed", workspace.root], check=True)
    else:
        made(workspace)
        subprocess.run(["cp", "-a", workspace.audio, workspace.feed, template], check=True)
    return workspace


@pytest.fixture
def encoded(monkeypatch):
    """Count what is encoded."""
    kinds: list[str] = []
    write = encode.write
    monkeypatch.setattr(encode, "write", lambda kind, *rest: kinds.append(kind) or write(kind, *rest))
    return kinds


def record(place) -> dict:
    """Return what is known of the episode."""
    return json.loads(place.record("essai").read_text(encoding="utf-8"))


def test_every_format_has_the_same_sound_at_the_same_time(essay):
    """Ffmpeg hears the length of the MP3 to the sample, each sentence where it is there, and the same loudness."""
    mp3 = heard(essay.sound("essai"))
    starts = [cue["start_ms"] * 48 for cue in record(essay)["cues"]]

    for suffix in FORMATS:
        other = heard(essay.sound("essai").with_suffix(suffix))
        assert len(other.sound) == len(mp3.sound)
        assert other.lufs == pytest.approx(-16, abs=0.3)
        assert other.peak_dbtp <= -1.0
        found = [shift(other.sound, middle(mp3.sound[start : start + 48_000]), start) for start in starts]
        assert max(map(abs, found)) <= 240  # 5 ms
        assert np.std(other.sound[:96_000, 0] - other.sound[:96_000, 1]) > 0.005  # music is in stereo
        assert re.sub(r".*timescale not set", "", other.complaints).strip() == ""  # of the track of chapters


def test_every_format_says_what_it_is(essay):
    """Title, show, cover and chapters are read by mutagen and by ffmpeg, which finds the chapters in place."""
    chapters = [(one["start_ms"], one["title"]) for one in record(essay)["chapters"]]

    for suffix in FORMATS:
        path = essay.sound("essai").with_suffix(suffix)
        told = subprocess.run([FFMPEG, "-i", path, "-f", "ffmetadata", "-"], check=True, capture_output=True)
        text = told.stdout.decode()
        starts = re.findall(r"TIMEBASE=1/(\d+)\nSTART=(\d+)", text)
        titles = re.findall(r"^title=(.*)$", text.partition("[CHAPTER]")[2], re.MULTILINE)
        assert [round(int(start) * 1000 / int(base)) for base, start in starts] == [start for start, _ in chapters]
        assert titles == [title for _, title in chapters]
        assert "Video: mjpeg" in told.stderr.decode()  # the cover
        tags = mutagen.File(path).tags
        assert (tags.get("title") or tags.get("©nam")) == ["Un essai"]
        assert (tags.get("album") or tags.get("©alb")) == ["Le Phare"]


def test_the_feed_offers_every_format(essay):
    """Each stands in the feed with type, length, bit rate and a digest that are true, and lies there to be served."""
    item = lxml.etree.parse(essay.feed / "feed.xml").find(".//item")
    offers = item.findall(f"{NAMESPACE}alternateEnclosure")

    assert [one.get("type") for one in offers] == ["audio/mpeg", *FORMATS.values()]
    assert [one.get("default") for one in offers] == ["true", None, None]
    assert item.find("enclosure").get("type") == "audio/mpeg"
    for one in offers:
        name = one.find(f"{NAMESPACE}source").get("uri").partition("/podcast/")[2]
        data = (essay.feed / name).read_bytes()
        assert int(one.get("length")) == len(data)
        seconds = record(essay)["enclosure"]["duration_ms"] / 1000
        assert int(one.get("bitrate")) == pytest.approx(len(data) * 8 / seconds, rel=0.001)
        value = one.find(f"{NAMESPACE}integrity").get("value")
        assert value == "sha384-" + base64.b64encode(hashlib.sha384(data).digest()).decode()
        assert served(name).type == one.get("type")


def test_only_what_changes_is_made_again(essay, encoded):
    """A second run makes nothing; another title writes tags, not sound; another word encodes; the bytes come back."""
    paths = [essay.sound("essai").with_suffix(suffix) for suffix in FORMATS]
    before = [path.read_bytes() for path in paths]
    made(essay)
    assert [path.read_bytes() for path in paths] == before

    edit(essay.script("essai"), "title: Un essai", "title: Deux essais")
    made(essay)
    assert encoded == []
    assert mutagen.File(paths[0]).tags["title"] == ["Deux essais"]
    assert [path.read_bytes() for path in paths] != before

    edit(essay.script("essai"), "title: Deux essais", "title: Un essai")
    for path in essay.clips.rglob("*.*"):
        if path.suffix in FORMATS:
            path.unlink()
    made(essay)
    assert encoded == ["opus", "aac"]
    assert [path.read_bytes() for path in paths] == before


def test_what_is_lost_or_damaged_is_made_again(essay, encoded):
    """A format that is missing, and one of which what is kept has a bit turned, come back as they were."""
    paths = [essay.sound("essai").with_suffix(suffix) for suffix in FORMATS]
    before = [path.read_bytes() for path in paths]
    (kept,) = essay.clips.rglob("*.opus")
    data = bytearray(kept.read_bytes())
    data[5_000] ^= 1
    kept.write_bytes(data)
    paths[0].unlink()

    made(essay)

    assert [path.read_bytes() for path in paths] == before
    assert encoded == ["opus"]
    kept.write_bytes(data)
    context = RenderContext(essay, load(essay.show), Quiet(), 1)
    assert clip_cache.repair(context) == [kept]


def test_a_format_that_is_not_wanted_any_more_goes(essay, encoded, capsys):
    """It is stale, then gone from audio/ and from the feed; the other one stays as it is, and nothing is encoded."""
    edit(essay.show, '["opus", "aac"]', '["opus"]')
    with pytest.raises(SystemExit):
        main(["status"])
    assert "out of date: audio formats changed" in capsys.readouterr().out

    made(essay)

    assert not essay.sound("essai").with_suffix(".m4a").exists()
    assert essay.sound("essai").with_suffix(".opus").exists()
    feed = (essay.feed / "feed.xml").read_text(encoding="utf-8")
    assert ".m4a" not in feed
    assert ".opus" in feed
    assert encoded == []


def test_mono_has_mono_formats(essay):
    """With one channel all formats have one, 3 LU lower on the meter."""
    edit(essay.show, "[sound]\n", "[sound]\nchannels = 1\n")
    made(essay)

    for suffix in FORMATS:
        other = heard(essay.sound("essai").with_suffix(suffix))
        assert other.sound.shape[1] == 1
        assert other.lufs == pytest.approx(-19, abs=0.3)


def test_without_ffmpeg_aac_is_refused_before_anything_is_narrated(essay, monkeypatch):
    """The error says what needs it and how to get it; Opus needs nothing."""
    monkeypatch.setenv("PATH", "")
    monkeypatch.setitem(sys.modules, "imageio_ffmpeg", None)
    edit(essay.script("essai"), "très lentement", "fort lentement")
    show, script = load(essay.show), scripts.load(essay, "essai")

    with pytest.raises(AudioError, match=r"also = \[\"aac\"\].* needs ffmpeg") as caught:
        episode.make(RenderContext(essay, show, Quiet(), 1), script)
    assert "pip install" in caught.value.hint
    edit(essay.show, '["opus", "aac"]', '["opus"]')
    assert episode.make(RenderContext(essay, load(essay.show), Quiet(), 1), script).episode.alternates


def test_what_peaks_too_high_is_limited_once_more(tmp_path, monkeypatch):
    """Loud noise in bursts, which encoders overshoot, ends under -1 dBTP in each format, after another try."""
    monkeypatch.setattr(loudness, "judge", lambda *_, **__: None)  # it is far too loud, which is not the point
    rng = np.random.default_rng(3)
    bursts = rng.standard_normal((3 * RATE_HZ, 2)) * (np.arange(3 * RATE_HZ) % 9_000 < 3_000)[:, None]
    noise = Limiter(bursts.astype(np.float32), 0.0)

    for kind, suffix in (("opus", ".opus"), ("aac", ".m4a")):
        path, ceilings = tmp_path / f"noise{suffix}", []

        def sound(ceiling, ceilings=ceilings):
            ceilings.append(ceiling)
            return iter([Limiter(noise.pcm, ceiling).at(0.0)])

        encode.write(kind, path, sound, 2)
        assert heard(path).peak_dbtp <= -1.0
        assert len(ceilings) > 1


def test_an_episode_out_of_tolerance_is_refused(tmp_path):
    """A format that comes out too soft is an error that names it."""
    tone = 0.01 * np.sin(np.arange(RATE_HZ)[:, None] * [0.05, 0.05])

    with pytest.raises(AudioError, match=r"soft\.opus \(opus\): loudness is -\d\d\.\d LUFS"):
        encode.write("opus", tmp_path / "soft.opus", lambda _ceiling: [tone.astype(np.float32)], 2)


def test_an_unknown_format_is_named(essay):
    """show.toml says which formats there are."""
    edit(essay.show, '["opus", "aac"]', '["vorbis"]')

    with pytest.raises(ConfigError, match=r"show\.toml:\d+: sound.also"):
        load(essay.show)


def test_every_page_of_an_opus_file_has_the_same_number(tmp_path):
    """Another number each time would be other bytes; what was read is not changed otherwise."""
    path = tmp_path / "a.opus"
    with encode._opus(path, 1) as write:
        write(np.sin(np.arange(3 * RATE_HZ, dtype=np.float32) / 20))

    serials = []
    with path.open("rb") as file:
        while file.tell() < path.stat().st_size:
            serials.append(OggPage(file).serial)
    assert set(serials) == {encode.SERIAL}
    assert len(serials) > 2
    assert mutagen.File(path).info.length == pytest.approx(3, abs=0.1)
