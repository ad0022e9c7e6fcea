# SPDX-License-Identifier: GPL-3.0-or-later
"""`podcast serve`: what a host has to do, asked for with real requests over a real socket."""

import re
import shutil
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import pytest
import shows
import urllib3
from helpers import edit

from podcast.errors import WorkspaceError
from podcast.publish.verify import examine
from podcast.serve import address, code, listen


@contextmanager
def serving(place, *options: str):
    """Run the command; give its address and the process."""
    command = "from podcast.cli.main import main; main()"
    process = subprocess.Popen(
        [sys.executable, "-c", command, "--show", str(place.root), "serve", "--port", "0", *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )
    try:
        yield process.stdout.readline().strip(), process
    finally:
        process.terminate()
        process.communicate(timeout=20)


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """Give the address of a server, and the show behind it."""
    place = shows.finished(tmp_path_factory.mktemp("served") / "show")
    with serving(place) as (url, _process):
        wait(url)
        yield url, place


def wait(url: str) -> None:
    """Wait until it answers."""
    urllib3.PoolManager(retries=urllib3.Retry(40, backoff_factor=0.05, backoff_max=0.2)).request("GET", url)


def ask(url, method="GET", **headers: str):
    """Return the answer to a request."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return urllib3.request(method, url, headers={"Accept-Encoding": "identity", **named}, redirect=False)


def sound(place) -> Path:
    """Return a published MP3."""
    return min(place.feed.glob("media/*.mp3"))


def test_a_host_that_passes_our_own_look(server):
    """The look at the public that follows publishing finds only what a preview cannot have."""
    url, _place = server
    found = examine(url + "feed.xml", ask(url + "feed.xml").data)

    assert {finding.what for finding in found} == {"the feed is not served over HTTPS", "the feed is sent uncompressed"}


def test_ranges(server):
    """First bytes, last bytes, middle, open end, beyond the end, several at once; HEAD (RFC 9110, section 14)."""
    url, place = server
    data = sound(place).read_bytes()
    at = f"{url}media/{sound(place).name}"
    whole, head = ask(at), ask(at, "HEAD")

    assert (whole.status, whole.data, whole.headers["Accept-Ranges"]) == (200, data, "bytes")
    assert (head.status, head.data, head.headers["Content-Length"]) == (200, b"", str(len(data)))
    for asked, wanted in (
        ("0-99", data[:100]),
        ("-100", data[-100:]),
        ("500-599", data[500:600]),
        ("9000-", data[9000:]),
    ):
        part = ask(at, Range=f"bytes={asked}")
        start = data.index(wanted) if asked != "-100" else len(data) - 100
        assert (part.status, part.data) == (206, wanted)
        assert part.headers["Content-Range"] == f"bytes {start}-{start + len(wanted) - 1}/{len(data)}"
        assert part.headers["Content-Type"] == "audio/mpeg"
    beyond = ask(at, Range=f"bytes={len(data)}-")
    assert (beyond.status, beyond.headers["Content-Range"]) == (416, f"bytes */{len(data)}")
    assert ask(at, Range="bytes=0-9", If_Range='"another"').status == 200
    assert ask(at, Range="bytes=0-9", If_Range=whole.headers["ETag"]).status == 206


def test_nothing_new_is_304(server):
    """For ETag and date, for the feed and for files."""
    url, place = server
    for name in ("feed.xml", f"media/{sound(place).name}", "index.html"):
        first = ask(url + name)
        again = ask(url + name, If_None_Match=first.headers["ETag"])
        assert (again.status, again.data) == (304, b"")
        assert ask(url + name, If_None_Match='"other"').status == 200
    date = ask(url + "index.html").headers["Last-Modified"]
    assert ask(url + "index.html", If_Modified_Since=date).status == 304


def test_types_and_cors(server):
    """Each file as what it is; any page may read transcripts and chapters."""
    url, place = server
    kinds = {".vtt": "text/vtt", ".srt": "application/x-subrip", ".mp3": "audio/mpeg", ".jpg": "image/jpeg",
             ".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".xml": "application/rss+xml",
             ".opml": "text/x-opml"}  # fmt: skip
    for path in (path for path in place.feed.rglob("*") if path.is_file()):
        name = path.relative_to(place.feed).as_posix()
        answer = ask(url + name, "HEAD", Origin="https://player.example")
        kind = "application/json" + ("+chapters" if name.startswith("chapters/") else "")
        assert answer.headers["Content-Type"].partition(";")[0] == kinds.get(path.suffix, kind), name
        assert answer.headers["Access-Control-Allow-Origin"] == "*", name
    asked = {"Origin": "https://player.example", "Access-Control-Request-Method": "GET",
             "Access-Control-Request-Headers": "Range"}  # fmt: skip
    allowed = urllib3.request("OPTIONS", f"{url}media/{sound(place).name}", headers=asked)
    assert allowed.status == 200
    assert "Range" in allowed.headers["Access-Control-Allow-Headers"]


def test_the_feed_leads_here(server):
    """An app that subscribes here fetches everything from here; the file on the disk is not changed."""
    url, place = server
    text = ask(url + "feed.xml").data.decode()

    assert f'<enclosure url="{url}media/' in text
    assert "http://127.0.0.1:9/podcast/" not in text
    assert "http://127.0.0.1:9/podcast/media/" in (place.feed / "feed.xml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "path", ["show.toml", "../show.toml", "%2e%2e/show.toml", "..%2fshow.toml", ".hidden", "art/.x", "a%00b", "none"]
)
def test_nothing_else_is_served(server, path):
    """Neither what lies beside the feed folder, nor hidden files."""
    url, place = server
    (place.feed / ".hidden").write_text("x", encoding="utf-8")
    (place.feed / "art" / ".x").write_text("x", encoding="utf-8")
    pool = urllib3.HTTPConnectionPool("127.0.0.1", int(url.rstrip("/").rpartition(":")[2]))
    with pool:
        assert pool.urlopen("GET", f"/{path}", redirect=False).status == 404


def test_only_this_machine_by_default(tmp_path):
    """Loopback, unless the network is let in."""
    with listen(0, lan=False) as near, listen(0, lan=True) as far:
        assert near.getsockname()[0] == "127.0.0.1"
        assert far.getsockname()[0] == "0.0.0.0"  # noqa: S104 - what --lan asks for
        assert address(near, lan=False) == f"http://127.0.0.1:{near.getsockname()[1]}/"
        with pytest.raises(WorkspaceError, match="port") as caught:
            listen(near.getsockname()[1], lan=False)
    assert "--port" in caught.value.hint


def test_the_code_can_be_read(tmp_path):
    """The code in the terminal is that of the address: its half blocks, painted, are read by another program."""
    from PIL import Image

    url = "http://192.168.1.20:8000/feed.xml"
    lines = code(url).splitlines()
    shown = [re.sub(r"\x1b\[[0-9;]*m", "", line) for line in lines]
    width = max(map(len, shown))
    picture = Image.new("1", (width, 2 * len(shown)))
    marks = {"█": (1, 1), "▀": (1, 0), "▄": (0, 1), " ": (0, 0)}
    for y, line in enumerate(shown):
        for x, mark in enumerate(line.ljust(width)):
            for half in (0, 1):
                picture.putpixel((x, 2 * y + half), marks[mark][half])

    import segno

    bits = [[bool(bit) for bit in row] for row in segno.make(url, micro=False).matrix_iter(border=2)]
    read = [[picture.getpixel((x, y)) == 0 for x in range(len(bits[0]))] for y in range(len(bits))]
    assert read == bits or [[not bit for bit in row] for row in read] == bits


def test_lan_shows_address_and_code(tmp_path):
    """What a phone needs is printed: the address of this machine in its network, and the code."""
    place = shows.finished(tmp_path / "show")
    with serving(place, "--lan") as (url, process):
        port = url.rstrip("/").rpartition(":")[2]
        wait(f"http://127.0.0.1:{port}/")
        feed = process.stdout.readline().strip()
        process.terminate()
        _out, err = process.communicate(timeout=20)
    assert re.fullmatch(r"http://\d+\.\d+\.\d+\.\d+:\d+/", url)
    assert feed == f"{url}feed.xml"
    assert "█" in err


def test_ffmpeg_seeks(server):
    """A real player reads the last second without reading what is before it."""
    url, place = server
    seconds = 1.0
    command = ["ffmpeg", "-v", "error", "-ss", "3", "-i", f"{url}media/{sound(place).name}", "-t", str(seconds),
               "-f", "s16le", "-ac", "1", "-ar", "8000", "-"]  # fmt: skip
    assert shutil.which("ffmpeg")
    done = subprocess.run(command, capture_output=True, check=True, timeout=60)
    assert len(done.stdout) == pytest.approx(seconds * 16_000, rel=0.1)


def test_watch_makes_again(tmp_path):
    """An edited script is served a moment later; one with a mistake is reported, and serving goes on."""
    place = shows.finished(tmp_path / "show")
    with serving(place, "--watch") as (url, process):
        wait(url)
        edit(place.script("le-vent"), "title: Le vent", "title: Le grand vent")
        end = time.monotonic() + 60
        while b"Le grand vent" not in ask(url + "feed.xml").data and time.monotonic() < end:
            time.sleep(0.1)
        assert b"Le grand vent" in ask(url + "feed.xml").data
        edit(place.script("le-vent"), "title: Le grand vent", "titel: Le vent")
        assert any("le-vent.md" in line for line in process.stderr)
        assert ask(url + "feed.xml").status == 200


def test_no_feed_no_server(tmp_path):
    """A folder without a feed says what to do."""
    place = shows.finished(tmp_path / "show")
    (place.feed / "feed.xml").unlink()
    with serving(place) as (url, process):
        out, err = process.communicate(timeout=20)
    assert (url, out, process.returncode) == ("", "", 1)
    assert "podcast make" in err
