# SPDX-License-Identifier: GPL-3.0-or-later
"""The contract of every target, built in or of another package, against real servers on loopback.

What is put is there whole, and nothing else changes. What only one server or library does is in test_targets.py.
"""

import os
from concurrent.futures import ThreadPoolExecutor

import pytest
from fakes import hosts

from podcast.errors import ConfigError
from podcast.publish import Served, open_target
from podcast.publish.headers import served

PLAIN = Served("text/plain; charset=utf-8", "public, max-age=300")
LARGE = os.urandom(20 << 20)
"""More than two parts of a large upload."""


@pytest.fixture(params=["folder", "sqlite", *hosts.HOSTS])
def settings(request, servers, strangers):
    """Give the settings of a target of each kind."""
    return servers(request.param)


@pytest.fixture
def target(settings, tmp_path):
    """Give a target, with what the test before left in it removed."""
    with open_target("web", {"web": settings}, tmp_path) as opened:
        for name in opened.list():
            opened.delete(name)
        yield opened


def names(target):
    """Return the names of what is there."""
    return set(target.list())


def test_what_is_put_is_there(target, tmp_path):
    """Small and large files, from memory and from disk, in folders that did not exist, with their sizes."""
    file = tmp_path / "large.mp3"
    file.write_bytes(LARGE)

    assert target.list() == {}
    assert target.read(".podcast.json") is None
    target.put("feed.xml", b"<rss/>", served("feed.xml"))
    target.put("media/large-0123456789.mp3", file, served("media/large-0123456789.mp3"))
    target.put("episodes/deep/er/empty.txt", b"", PLAIN)

    assert target.list() == {"feed.xml": 6, "media/large-0123456789.mp3": 20 << 20, "episodes/deep/er/empty.txt": 0}
    assert target.read("feed.xml") == b"<rss/>"
    assert target.read("media/large-0123456789.mp3") == LARGE


def test_a_file_is_replaced_and_removed(target):
    """The newest bytes count, also of the same size; removing twice is no error."""
    for text in (b"one", b"two", b"three"):
        target.put("index.html", text, PLAIN)
        assert target.read("index.html") == text

    target.delete("index.html")
    target.delete("index.html")

    assert target.list() == {}


def test_many_at_once(target):
    """One target serves several threads."""
    wanted = {f"transcripts/{number}.vtt": f"WEBVTT {number}".encode() for number in range(12)}
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(lambda item: target.put(item[0], item[1], PLAIN), wanted.items()))
        read = dict(zip(wanted, pool.map(target.read, wanted), strict=True))

    assert read == wanted
    assert names(target) == set(wanted)


def test_others_files_stay(target):
    """What someone else put beside ours is neither changed nor lost."""
    target.put("others/notes.txt", b"mine", PLAIN)
    target.put("ours.txt", b"ours", PLAIN)
    target.delete("ours.txt")

    assert target.read("others/notes.txt") == b"mine"


@pytest.mark.parametrize("settings", ["folder", "sqlite", "sshd", "moto"], indirect=True)
def test_a_reader_never_sees_a_part(target):
    """While a file is replaced again and again, every look at it finds a whole one.

    rclone's own servers (S3, WebDAV) are left out: they promise less than S3, Apache and Nextcloud do, and show files
    while they write them.
    """
    bodies = [bytes([65 + number]) * (300_000 + number) for number in range(8)]
    target.put("feed.xml", bodies[0], PLAIN)
    with ThreadPoolExecutor(1) as pool:
        writing = pool.submit(lambda: [target.put("feed.xml", body, PLAIN) for body in bodies])
        seen = []
        while not writing.done():
            seen.append(target.read("feed.xml"))
        writing.result()

    assert all(body in bodies for body in seen)
    assert target.read("feed.xml") == bodies[-1]
    assert names(target) == {"feed.xml"}


def test_it_says_where_it_is(target):
    """For messages, without a secret."""
    assert target.where
    assert not any(secret in target.where for secret in ("hunter22", "mysecretkey"))


def test_an_unknown_setting_is_named(settings, tmp_path):
    """A misspelt key of show.toml is an error that names it, before anything is sent."""
    wrong = {"web": {**settings, "colour": "red"}}
    with (
        pytest.raises(ConfigError, match=r"target\.web\.colour: unknown key") as caught,
        open_target("web", wrong, tmp_path),
    ):
        pass

    assert caught.value.hint
