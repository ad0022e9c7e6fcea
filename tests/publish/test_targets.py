# SPDX-License-Identifier: GPL-3.0-or-later
"""The contract of targets, against real servers on loopback: what is put is there whole, and nothing else changes."""

import os
import resource
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from fakes import hosts

from podcast.errors import ConfigError, PublishError
from podcast.publish import Served, kinds, open_target
from podcast.publish.headers import is_hashed, served

PLAIN = Served("text/plain; charset=utf-8", "public, max-age=300")
LARGE = os.urandom(20 << 20)
"""More than two parts of a large upload."""


def test_headers_reach_the_store(servers, tmp_path):
    """Content-Type and Cache-Control are what apps get, as the S3 server's own client tells."""
    import boto3

    given = servers("moto")
    with open_target("web", {"web": given}, tmp_path) as target:
        for name in ("feed.xml", "media/a-0123456789.mp3", "chapters/a-0123456789.json"):
            target.put(name, b"x" * 10, served(name))
    client = boto3.client(
        "s3",
        endpoint_url=given["endpoint"],
        region_name="us-east-1",
        aws_access_key_id=os.environ["TEST_MOTO_ID"],
        aws_secret_access_key=os.environ["TEST_MOTO_SECRET"],
    )
    heads = {one["Key"]: client.head_object(Bucket="show", Key=one["Key"])
             for one in client.list_objects_v2(Bucket="show", Prefix="site/")["Contents"]}  # fmt: skip

    assert heads["site/feed.xml"]["ContentType"] == "application/rss+xml; charset=utf-8"
    assert heads["site/feed.xml"]["CacheControl"] == "public, max-age=300"
    assert heads["site/media/a-0123456789.mp3"]["ContentType"] == "audio/mpeg"
    assert "immutable" in heads["site/media/a-0123456789.mp3"]["CacheControl"]
    assert heads["site/chapters/a-0123456789.json"]["ContentType"] == "application/json+chapters"


WRONG = {
    "a key that the server does not know": ("sshd", {"key": "stranger"}, "refused the login"),
    "a server that is not known": ("sshd", {"known_hosts": "unknown"}, "host key is not known"),
    "a key file that is not there": ("sshd", {"key": "nowhere"}, "nowhere: file not found"),
    "a port on which nobody listens": ("sshd", {"port": 1}, "sftp://127.0.0.1:1/"),
    "a folder that may not be written": ("sshd", {"path": "/proc/podcast"}, "sftp://"),
    "a wrong secret": ("moto", {"secret_env": "TEST_WRONG"}, "refused the access key .SignatureDoesNotMatch"),
    "a wrong key": ("moto", {"key_id_env": "TEST_WRONG"}, "refused the access key"),
    "a variable that is not set": ("moto", {"secret_env": "TEST_UNSET"}, "TEST_UNSET is not set"),
    "a bucket that is not there": ("moto", {"url": "s3://nowhere/site"}, "NoSuchBucket"),
    "another server's wrong secret": ("rclone-s3", {"secret_env": "TEST_WRONG"}, "refused the access key"),
    "a key of Azure that is none": ("azure", {"secret_env": "TEST_WRONG"}, "az://show|refused the access key"),
    "a wrong key of Azure": ("azure", {"secret_env": "TEST_OTHER"}, "refused the access key"),
    "a container that is not there": ("azure", {"url": "az://nowhere/site"}, "ContainerNotFound"),
    "a bucket of Google's that is not there": ("gcs", {"url": "gs://nowhere/site"}, "NoSuchBucket"),
    "an endpoint at which nobody listens": ("moto", {"endpoint": "http://127.0.0.1:1", "timeout_s": 2.0}, "s3://show"),
    "a remote that is not set up": ("webdav", {"remote": "nowhere:site"}, "nowhere:site"),
    "a remote's wrong password": ("webdav", {"config": "wrong.conf"}, "401|[Uu]nauthorized"),
}


@pytest.mark.parametrize("case", WRONG)
def test_wrong_settings_are_named(case, servers, tmp_path, monkeypatch):
    """Each mistake ends in an error that says what is wrong and what to do, and holds no secret."""
    name, wrong, message = WRONG[case]
    given = servers(name)
    monkeypatch.setenv("TEST_WRONG", "wrong-secret-4711")
    monkeypatch.setenv("TEST_OTHER", "d3Jvbmctc2VjcmV0LTQ3MTE=")
    folder = Path(str(given.get("key", given.get("config", "/")))).parent
    if name == "webdav":
        text = (folder / "rclone.conf").read_text(encoding="utf-8").replace("user = me", "user = you")
        (folder / "wrong.conf").write_text(text, encoding="utf-8")
    given |= {
        key: str(folder / value) if key in {"key", "known_hosts", "config"} else value for key, value in wrong.items()
    }

    with pytest.raises(PublishError, match=message) as caught, open_target("web", {"web": given}, tmp_path) as target:
        target.list()
        target.put("feed.xml", b"<rss/>", PLAIN)

    said = caught.value.message + caught.value.hint
    assert caught.value.hint
    hidden = ("wrong-secret-4711", os.environ["TEST_MOTO_SECRET"] if name == "moto" else "mysecretkey", "hunter22")
    assert not any(secret in said for secret in (*hidden, os.environ["TEST_OTHER"]))


def test_a_bucket_without_a_key_says_where_keys_come_from(tmp_path, monkeypatch):
    """The library then asks for the role of a machine that is none in a data centre; nobody knows that address."""
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_METADATA_ENDPOINT", "http://127.0.0.1:9")
    settings = {"kind": "s3", "url": "s3://tides/podcast", "timeout_s": 5}
    with (
        pytest.raises(PublishError, match=r"^s3://tides/podcast: no access key found$") as caught,
        open_target("web", {"web": settings}, tmp_path) as target,
    ):
        target.list()

    assert "AWS_ACCESS_KEY_ID" in caught.value.hint
    assert not caught.value.transient


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"kind": "pigeon"}, "unknown kind of target 'pigeon'"),
        ({"kind": "folder"}, "target.web.path: is missing"),
        ({"kind": "folder", "path": 3}, "target.web.path: must be text in quotes, not 3"),
        ({"kind": "folder", "path": "x", "color": "red"}, "target.web.color: unknown key"),
        ({"kind": "folder", "path": "."}, "overlaps the show's own files"),
        ({"kind": "folder", "path": "feed/site"}, "overlaps the show's own files"),
        ({"kind": "folder", "path": "audio"}, "overlaps the show's own files"),
        ({"kind": "folder", "path": "scripts/site"}, "overlaps the show's own files"),
        ({"kind": "folder", "path": ".."}, "overlaps the show's own files"),
        ({"kind": "s3", "url": "https://bucket.example"}, "is not a valid bucket URL"),
        ({"kind": "rclone", "remote": "drive"}, "no colon"),
    ],
)
def test_settings_are_checked(settings, message, tmp_path):
    """A mistake in show.toml is named with its key, before anything is sent."""
    with pytest.raises(ConfigError, match=message), open_target("web", {"web": settings}, tmp_path):
        pass


def test_a_target_that_is_not_there_names_those_that_are(tmp_path):
    """A name that was mistyped is found by a look at the hint."""
    with pytest.raises(ConfigError) as caught, open_target("wbe", {"web": {"kind": "folder"}}, tmp_path):
        pass

    assert "web" in caught.value.hint


def test_a_disk_that_is_not_mounted_is_no_folder_to_make(tmp_path):
    """Publishing to a mount point without its disk would fill the wrong one."""
    settings = {"kind": "folder", "path": str(tmp_path / "mnt" / "nas" / "site")}
    with (
        pytest.raises(PublishError, match="folder not found"),
        open_target("web", {"web": settings}, tmp_path) as target,
    ):
        target.list()


def test_a_lost_connection_is_made_again(servers, tmp_path):
    """The server ends the connection between two calls, as it does after a while; the next call works."""
    given = servers("sshd")
    cutter = hosts.Cutter(int(str(given["port"])))
    known = Path(str(given["known_hosts"]))
    again = tmp_path / "known"
    again.write_text(
        known.read_text(encoding="ascii").replace(f":{given['port']} ", f":{cutter.port} "), encoding="ascii"
    )
    settings = given | {"port": cutter.port, "known_hosts": str(again), "path": str(tmp_path / "site")}
    with open_target("web", {"web": settings}, tmp_path) as target:
        target.put("a.txt", b"a", PLAIN)
        cutter.cut_after = cutter.passed
        with pytest.raises(PublishError, match="lost") as caught:
            target.put("b.txt", LARGE, PLAIN)
        cutter.cut_after = None
        target.put("c.txt", b"c", PLAIN)
        kept = {name for name in target.list() if not name.startswith(".tmp-")}

    cutter.close()
    assert caught.value.transient
    assert kept == {"a.txt", "c.txt"}


def test_a_server_that_says_nothing_is_given_up(servers, tmp_path):
    """After `timeout_s` the upload ends with an error that says so."""
    given = servers("sshd")
    cutter = hosts.Cutter(int(str(given["port"])))
    known = tmp_path / "known"
    text = Path(str(given["known_hosts"])).read_text(encoding="ascii")
    known.write_text(text.replace(f":{given['port']} ", f":{cutter.port} "), encoding="ascii")
    settings = given | {"port": cutter.port, "known_hosts": str(known), "timeout_s": 1.0}
    with open_target("web", {"web": settings}, tmp_path) as target:
        target.list()
        cutter.stalled = True
        with pytest.raises(PublishError, match=r"did not respond for 1 s|connection was lost") as caught:
            target.put("b.txt", b"b", PLAIN)
        cutter.stalled = False
    cutter.close()
    assert caught.value.transient


def behind(cutter, given, tmp_path):
    """Return the settings of a target that is reached through a line that can be cut."""
    if "endpoint" in given:
        return given | {"endpoint": f"http://127.0.0.1:{cutter.port}", "timeout_s": 2.0}
    text = Path(str(given["config"])).read_text(encoding="utf-8")
    (tmp_path / "rclone.conf").write_text(text.replace(f":{cutter.to}/", f":{cutter.port}/"), encoding="utf-8")
    return given | {"config": str(tmp_path / "rclone.conf"), "timeout_s": 2.0}


@pytest.mark.parametrize("name", ["moto", "webdav"])
def test_a_line_that_is_cut_or_stalled(name, servers, tmp_path):
    """In the middle of a large file: an error that may pass, no file that looks whole, and the next try succeeds."""
    given = servers(name)
    address = (
        str(given.get("endpoint")) if "endpoint" in given else Path(str(given["config"])).read_text(encoding="utf-8")
    )
    cutter = hosts.Cutter(int(address.partition("127.0.0.1:")[2].partition("/")[0].split()[0]))
    with open_target("web", {"web": behind(cutter, given, tmp_path)}, tmp_path) as target:
        target.put("small.txt", b"s", PLAIN)
        cutter.cut_after = cutter.passed + 3_000_000
        with pytest.raises(PublishError) as cut:
            target.put("media/large.mp3", LARGE, PLAIN)
        cutter.cut_after, cutter.stalled = None, True
        with pytest.raises(PublishError) as stalled:
            target.put("small.txt", b"S", PLAIN)
        cutter.stalled = False
        assert target.list().get("media/large.mp3") != len(LARGE)
        target.put("media/large.mp3", LARGE, PLAIN)
        assert target.list()["media/large.mp3"] == len(LARGE)
        target.delete("media/large.mp3")
    cutter.close()
    assert cut.value.transient
    assert stalled.value.transient
    for error in (cut.value, stalled.value):
        assert "check the connection" in error.hint
        assert not any(noise in error.message for noise in ("ERROR", "CRITICAL", "Attempt"))


def test_a_slow_line_is_given_the_time_that_a_large_file_takes(servers, tmp_path):
    """`timeout_s` is for a server that says nothing, not for a part that takes longer than that to send."""
    given = servers("rclone-s3")
    cutter = hosts.Cutter(int(str(given["endpoint"]).rpartition(":")[2]))
    with open_target("web", {"web": behind(cutter, given, tmp_path) | {"timeout_s": 1.0}}, tmp_path) as target:
        cutter.slowly = 3_000_000
        target.put("media/large.mp3", LARGE[: 12 << 20], PLAIN)
        cutter.slowly = None
        assert target.list()["media/large.mp3"] == 12 << 20
        target.delete("media/large.mp3")
    cutter.close()


@pytest.mark.skipif(os.name == "nt" or os.getuid() != 0, reason="mounting a small disk needs root")
@pytest.mark.parametrize("name", ["folder", "sshd"])
def test_a_full_disk_is_reported(name, servers, tmp_path):
    """What was there stays whole, and nothing half-written is left in its place."""
    disk = tmp_path / "disk"
    disk.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(disk)], check=False).returncode:
        pytest.skip("this machine may not mount")
    try:
        settings = servers(name) | {"path": str(disk / "site")}
        with open_target("web", {"web": settings}, tmp_path) as target:
            target.put("feed.xml", b"<rss/>", PLAIN)
            with pytest.raises(PublishError, match=r"[Ff]ull|space|Failure") as caught:
                target.put("feed.xml", LARGE[: 2 << 20], PLAIN)
            assert "disk" in caught.value.hint
            assert target.read("feed.xml") == b"<rss/>"
            assert set(target.list()) == {"feed.xml"}
    finally:
        subprocess.run(["umount", str(disk)], check=True)


def test_a_file_that_is_too_large_for_the_disk_is_reported(servers, tmp_path):
    """The same for every user: the system refuses to write more, what was there stays."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    with open_target("web", {"web": servers("folder")}, tmp_path) as target:
        target.put("feed.xml", b"<rss/>", PLAIN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, before[1]))
        try:
            with pytest.raises(PublishError, match="too large") as caught:
                target.put("feed.xml", LARGE, PLAIN)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, before)
        assert caught.value.hint
        assert target.read("feed.xml") == b"<rss/>"
        assert not [name for name in target.list() if ".tmp-" in name]


def test_libraries_are_loaded_when_they_are_needed():
    """Asking what kinds there are loads none of their libraries."""
    code = (
        "import sys\nfrom podcast.publish import kinds\nkinds()\n"
        "sys.exit(str({'asyncssh', 'obstore'} & set(sys.modules)) if {'asyncssh', 'obstore'} & set(sys.modules) else 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], check=False, capture_output=True, text=True)
    assert (done.stderr, set(kinds())) == ("", {"folder", "sftp", "s3", "rclone"})


def test_what_is_served_as_what():
    """Types are those that apps ask for; only names that tell the bytes are kept for ever."""
    assert served("feed.xml").type.startswith("application/rss+xml")
    assert served("transcripts/a-0123456789.srt").type.startswith("application/x-subrip")
    assert served("transcripts/a-0123456789.json").type == "application/json"
    assert served("unknown.bin") == Served("application/octet-stream", served("index.html").cache)
    assert [is_hashed(name) for name in ("a-0123456789.mp3", "a-01234567.mp3", "feed.xml", "a-0123456789")] == [
        True,
        False,
        False,
        False,
    ]
    assert replace(PLAIN, cache="x").cache == "x"
