# SPDX-License-Identifier: GPL-3.0-or-later
"""Publishing: only what changed, in an order in which the feed at the target is true at each moment, whatever fails."""

import datetime as dt
import gzip
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from http.server import BaseHTTPRequestHandler, SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import shows
import urllib3
from fakes import hosts
from fakes.website import Page, Website
from helpers import ROOT, edit
from lxml import etree

from podcast import produce
from podcast.cli.main import main
from podcast.config.load import load
from podcast.errors import ConfigError, FeedError, PublishError, TargetChanged
from podcast.produce.intake import scripts
from podcast.produce.release import upload as uploads
from podcast.produce.release.upload import UploadOptions, UploadResult, upload
from podcast.progress import Lines, Quiet
from podcast.publish.folder import Folder
from podcast.publish.headers import served
from podcast.publish.listing import NAME, Entry, Listing, decode
from podcast.publish.verify import examine
from podcast.workspace import Workspace

NOVEMBER = dt.date(2026, 11, 23)
FOLDER = '[target.web]\nkind = "folder"\npath = "../site"\n'


@pytest.fixture
def place(tmp_path):
    """Give a show with two episodes and a target folder beside it."""
    return shows.finished(tmp_path / "show", more=FOLDER)


@pytest.fixture
def site(tmp_path):
    """Give that folder."""
    return tmp_path / "site"


def publish(place: Workspace, **order: object) -> UploadResult:
    """Run what `podcast publish` runs, without its look at the public."""
    show = load(place.show)
    with place.lock():
        produce.publish(place, show)
        return upload(place, show, UploadOptions(**{"today": NOVEMBER, **order}), progress=Quiet())


def there(site: Path) -> dict[str, bytes]:
    """Return what is in a folder."""
    return {path.relative_to(site).as_posix(): path.read_bytes() for path in site.rglob("*") if path.is_file()}


def assert_true(files: dict[str, bytes]) -> None:
    """Every file that the feed names is there, sounds with the length that it tells."""
    if "feed.xml" not in files:
        return
    feed = etree.fromstring(files["feed.xml"])
    base = feed.findtext("channel/link")
    for sound in feed.iter("enclosure"):
        assert len(files[sound.get("url").removeprefix(base)]) == int(sound.get("length"))
    for node in feed.iter("{*}transcript", "{*}chapters", "{*}image", "link"):
        address = node.get("url") or node.get("href") or node.text or ""
        name = address.removeprefix(base)
        if address.startswith(base) and name:
            assert name in files, name


def test_all_of_the_feed_is_sent_once(place, site):
    """First everything, in a folder that did not exist; then nothing, not even a time of writing changes."""
    first = publish(place)
    times = {path: path.stat().st_mtime_ns for path in site.rglob("*")}
    second = publish(place)

    files = there(site)
    listing = decode(files.pop(NAME), "site")
    assert files == there(place.feed)
    assert set(first.sent) == set(files) == set(listing.files)
    assert first.bytes == sum(map(len, files.values()))
    assert len(listing.episodes) == 2
    assert second.sent == ()
    assert {path: path.stat().st_mtime_ns for path in site.rglob("*")} == times


def test_only_what_changed_is_sent(place, site):
    """A new episode: its files, the pages and the feed; the sound of the others is not sent again."""
    publish(place)
    shows.add(place, "nuit")
    done = publish(place)

    assert [name for name in done.sent if name.startswith("media/")] == [name for name in done.sent if "nuit" in name][
        :1
    ]
    assert done.sent[-1] == "feed.xml"
    assert len(done.sent) < len(there(site)) / 2
    assert_true(there(site))


def test_the_order_is_media_then_the_rest_then_pages_then_the_feed(place, monkeypatch):
    """Nothing is named by what is there before it, and the feed there is true after each single file."""
    sent, put = [], Folder.put

    def watched(self, name, source, served):
        put(self, name, source, served)
        sent.append(name)
        assert_true(there(self.root))

    monkeypatch.setattr(Folder, "put", watched)
    edit(place.show, "[target.web]", "[publish]\nparallel = 1\n\n[target.web]")
    publish(place)
    shows.add(place, "nuit")
    publish(place)

    for run in (sent[: sent.index("feed.xml") + 1], sent[sent.index("feed.xml") + 2 :]):
        kinds = ["list" if n == NAME else "media" if n.startswith("media") else "feed" if n == "feed.xml" else
                 "page" if n.endswith(".html") else "rest" for n in run]  # fmt: skip
        order = ["list", "media", "rest", "page", "feed"]
        assert sorted(kinds[: kinds.index("feed") + 1], key=order.index) == kinds[: kinds.index("feed") + 1]


def test_a_cut_at_any_moment_leaves_a_true_feed_and_the_next_run_finishes(place, site, tmp_path, monkeypatch):
    """The target fails at the first write, at the second, and so on through all of an update."""
    publish(place)
    memory = (place.audio / ".targets.json").read_bytes()
    shutil.copytree(site, tmp_path / "before")
    shows.add(place, "nuit")
    put, monkey = Folder.put, {"left": 0}

    def failing(self, name, source, served):
        monkey["left"] -= 1
        if monkey["left"] < 0:
            raise PublishError("cut")
        put(self, name, source, served)

    publish(place)
    whole = there(site)
    monkeypatch.setattr(Folder, "put", failing)
    for step in range(100):
        shutil.rmtree(site)
        shutil.copytree(tmp_path / "before", site)
        (place.audio / ".targets.json").write_bytes(memory)
        monkey["left"] = step
        try:
            publish(place)
        except PublishError:
            assert_true(there(site))
            monkey["left"] = 1000
            publish(place)
        else:
            break
        assert there(site) == whole, step
    assert step > 8


def test_an_episode_may_be_dropped_after_a_cut(place, site, monkeypatch):
    """A run that dropped an episode and was cut off is resumed: its feed is not taken for another program's."""
    publish(place)
    for path in (place.script("le-vent"), place.sound("le-vent"), place.record("le-vent")):
        path.unlink()
    put = Folder.put

    def failing(self, name, source, served):
        if name == "feed.xml":
            raise PublishError("cut")
        put(self, name, source, served)

    with monkeypatch.context() as patched:
        patched.setattr(Folder, "put", failing)
        with pytest.raises(PublishError, match="cut"):
            publish(place)
    publish(place)

    assert b"Le vent" not in (site / "feed.xml").read_bytes()
    assert [name for name in there(site) if name.startswith("media/le-vent")]


# --- what is not ours -------------------------------------------------------------------------------------------


def test_others_files_are_not_touched(place, site):
    """What lies beside ours stays, also with --prune, also in our folders."""
    others = {"robots.txt": b"a", "media/mine.mp3": b"b", ".tmp-notes": b"c", "media/x-0123456789.mp3": b"d"}
    for name, data in others.items():
        (site / name).parent.mkdir(parents=True, exist_ok=True)
        (site / name).write_bytes(data)
    publish(place)
    publish(place, prune=True, today=NOVEMBER + dt.timedelta(days=400))

    assert {name: there(site).get(name) for name in others} == others


def test_a_page_of_somebody_else_is_not_overwritten(place, site):
    """An index.html that is there already is refused, and stays; --force replaces it."""
    site.mkdir()
    (site / "index.html").write_bytes(b"hello")
    with pytest.raises(TargetChanged, match=r"files that this show has not uploaded: .*index.html"):
        publish(place)
    assert there(site) == {"index.html": b"hello"}

    publish(place, force=True)
    assert (site / "index.html").read_bytes() == (place.feed / "index.html").read_bytes()


def test_another_show_is_not_overwritten(place, site, tmp_path):
    """Neither one that this program put there, nor a feed of something else."""
    other = shows.finished(tmp_path / "other", more=FOLDER)
    edit(other.show, 'title = "Le Phare"', 'title = "Autre"\nguid = "9b024349-ccf0-5f69-a609-6b82873eab3c"')
    publish(other)
    before = there(site)
    with pytest.raises(TargetChanged, match="another show"):
        publish(place)
    assert there(site) == before

    shutil.rmtree(site)
    site.mkdir()
    (site / "feed.xml").write_bytes(b"<rss><channel><title>Blog</title></channel></rss>")
    with pytest.raises(TargetChanged, match=r"feed.xml there belongs to another program"):
        publish(place)


def test_force_takes_a_place_over_and_still_removes_nothing(place, site, tmp_path):
    """After --force the feed there is ours, and the other show's sound is still there."""
    other = shows.finished(tmp_path / "other", more=FOLDER)
    edit(other.show, 'title = "Le Phare"', 'title = "Autre"\nguid = "9b024349-ccf0-5f69-a609-6b82873eab3c"')
    shows.add(other, "nuit")
    publish(other)
    publish(place, force=True, prune=True)
    publish(place, prune=True, today=NOVEMBER + dt.timedelta(days=400))

    assert b"<title>Le Phare" in (site / "feed.xml").read_bytes()
    assert [name for name in there(site) if name.startswith("media/la-nuit")]


def test_a_feed_that_was_put_there_by_hand_is_taken_over(place, site):
    """Whoever copied feed/ before goes on with publish; hashed files are not sent again."""
    shutil.copytree(place.feed, site)
    done = publish(place)

    assert not [name for name in done.sent if name.startswith(("media/", "transcripts/", "art/"))]
    assert publish(place).sent == ()


def test_a_feed_that_was_changed_there_is_noticed(place, site):
    """A feed.xml that another program has written is reported, and overwritten only if forced."""
    publish(place)
    (site / "feed.xml").write_bytes((site / "feed.xml").read_bytes() + b"<!-- mine -->")
    with pytest.raises(TargetChanged, match=r"feed\.xml was changed there by another program"):
        publish(place)
    publish(place, force=True)
    assert (site / "feed.xml").read_bytes() == (place.feed / "feed.xml").read_bytes()


def test_force_also_replaces_what_has_kept_its_length(place, site):
    """A letter was changed in the feed and on a page there: --force sends them, and sound only if it is not there."""
    publish(place)
    for name, old, new in (("feed.xml", b"Le sel", b"Le cel"), ("index.html", b"Le vent", b"Le Vent")):
        text = (site / name).read_bytes()
        assert old in text
        (site / name).write_bytes(text.replace(old, new))
    done = publish(place, force=True)

    assert {name: data for name, data in there(site).items() if name != NAME} == there(place.feed)
    assert not [name for name in done.sent if name.startswith("media/")]
    assert publish(place).sent == ()


def test_episodes_that_are_not_here_are_not_dropped(place, tmp_path, site):
    """A folder that lacks an episode which another one has published does not take it from listeners."""
    other = shows.finished(tmp_path / "other", more=FOLDER)
    publish(place)
    shows.add(other, "nuit")
    publish(other)
    with pytest.raises(TargetChanged, match="1 episode"):
        publish(place)
    assert b"La nuit" in (site / "feed.xml").read_bytes()

    shows.add(place, "nuit")  # now it is here too
    publish(place)
    assert_true(there(site))


def test_what_was_lost_or_cut_short_there_is_sent_again(place, site):
    """A file that somebody deleted, one that has another size, the listing itself, all of it."""
    publish(place)
    whole = there(site)
    media = sorted((site / "media").iterdir())
    media[0].unlink()
    media[1].write_bytes(b"half")
    assert len(publish(place).sent) == 2
    (site / NAME).unlink()
    publish(place)
    assert there(site) == whole
    shutil.rmtree(site)
    publish(place)
    assert there(site) == whole


def test_a_damaged_listing_is_reported(place, site):
    """Nothing is guessed from it."""
    publish(place)
    (site / NAME).write_bytes(b'{"show": 3')
    with pytest.raises(TargetChanged, match="damaged"):
        publish(place)
    publish(place, force=True)
    assert decode((site / NAME).read_bytes(), "").episodes


# --- days of grace ----------------------------------------------------------------------------------------------


def test_old_media_stay_for_the_days_of_grace(place, site):
    """What the feed names no more is removed only by --prune, only after the days of grace, and only then."""
    publish(place)
    old = {path.name for path in (site / "media").iterdir()}
    edit(place.script("le-vent"), "pousse", "poussait")
    with place.lock():
        produce.make(place, load(place.show), [scripts.load(place, "le-vent")], progress=Quiet())

    done = publish(place)
    assert len([name for name in done.sent if name.startswith("media/")]) == 1
    early = publish(place, prune=True, today=NOVEMBER + dt.timedelta(days=29))
    skewed = publish(place, prune=True, today=NOVEMBER - dt.timedelta(days=400))
    assert early.removed == skewed.removed == ()
    assert old <= {path.name for path in (site / "media").iterdir()}

    late = NOVEMBER + dt.timedelta(days=30)
    told = publish(place, today=late)
    assert told.removed == ()
    assert told.expired
    assert publish(place, prune=True, dry=True, today=late).removed == told.expired
    pruned = publish(place, prune=True, today=late)

    assert pruned.removed == told.expired
    assert [name.startswith("media/le-vent") for name in pruned.removed if name.startswith("media/")] == [True]
    assert set(there(site)) == {*there(place.feed), NAME} - set(pruned.removed)
    assert_true(there(site))
    assert publish(place, prune=True, today=late).removed == ()


def test_what_comes_back_is_not_removed():
    """A file that the feed names again is current, whenever it was retired."""
    before = Listing("g", {"a": Entry(1, "x", "2026-01-01"), "b": Entry(1, "y")})
    after = before.settle({"a": Entry(1, "x")}, ["e"], NOVEMBER)

    assert after.files == {"a": Entry(1, "x"), "b": Entry(1, "y", "2026-11-23")}
    assert after.expired(NOVEMBER, 0) == ["b"]
    assert decode(after.encode(), "") == after


# --- before anything is sent ------------------------------------------------------------------------------------


def test_dry_run_writes_nothing(place, site):
    """Neither there nor here."""
    produce.publish(place, load(place.show))
    before = there(place.root)
    done = publish(place, dry=True)

    assert done.sent[-1] == "feed.xml"
    assert not site.exists()
    assert {name: data for name, data in there(place.root).items() if name != "audio/.lock"} == before


def test_a_placeholder_address_is_refused(tmp_path):
    """Nobody could reach what such a feed names."""
    place = shows.finished(tmp_path / "show", url="https://phare.example/", more=FOLDER)
    with pytest.raises(ConfigError, match="placeholder"):
        publish(place)


def test_a_feed_that_is_not_whole_is_refused(place, site):
    """A missing local file is reported before anything is sent."""
    show = load(place.show)
    produce.publish(place, show)
    next(place.feed.glob("media/*.mp3")).unlink()
    with pytest.raises(FeedError, match="feed/ is incomplete or damaged"):
        upload(place, show, UploadOptions(), progress=Quiet())
    assert not site.exists()


def test_where_to_publish_must_be_said(tmp_path):
    """No target, or two and none of them named."""
    none = shows.finished(tmp_path / "none")
    with pytest.raises(ConfigError, match="no target to publish to"):
        publish(none)
    two = FOLDER + FOLDER.replace("web", "other").replace("site", "second")
    both = shows.finished(tmp_path / "both", more=two)
    with pytest.raises(ConfigError, match="several targets: web, other") as caught:
        publish(both)
    assert "podcast publish web" in caught.value.hint
    assert publish(both, target="other").where == str(tmp_path / "second")
    edit(both.show, "[target.web]", '[publish]\ntarget = "web"\n\n[target.web]')
    assert publish(both).where == str(tmp_path / "site")


@pytest.mark.parametrize(
    "line",
    [
        'password = "hunter2"',
        'secret_access_key = "x"',
        'token = "x"',
        'passphrase = "x"',
        'host = "sftp://me:hunter2@host.example"',
        'key = "-----BEGIN OPENSSH PRIVATE KEY-----"',
        'remote = ":webdav,url=https://host.example,user=me,pass=hunter2:site"',
        'url = "az://box/site?sig=abc"',
    ],
)
def test_secrets_in_show_toml_are_refused(tmp_path, line):
    """The key is named with its line, the value is not repeated."""
    place = shows.finished(tmp_path / "show", more=f'[target.web]\nkind = "sftp"\n{line}\n')
    with pytest.raises(ConfigError, match=r"must not contain a secret") as caught:
        load(place.show)

    assert "hunter2" not in caught.value.message + caught.value.hint
    assert f":{len(place.show.read_text(encoding='utf-8').splitlines())}:" in caught.value.message
    assert "_env" in caught.value.hint


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ("[publish]\ngrace_days = -1\n", "publish.grace_days"),
        ("[publish]\nparallel = 0\n", "publish.parallel"),
        ('[publish]\nhub = "hub"\n', "publish.hub"),
        ('[publish]\ntraget = "web"\n', "publish.traget: unknown key"),
        ('[target.web]\npath = "x"\n', "target.web.kind: is missing"),
        ('[target]\nweb = "x"\n', "target.web: must be a section, not 'x'"),
    ],
)
def test_mistakes_in_show_toml_are_named(tmp_path, more, message):
    """With the key, as everywhere in the file."""
    with pytest.raises(ConfigError, match=message):
        load(shows.finished(tmp_path / "show", more=more).show)


def test_a_new_target_does_not_make_the_feed_again(place):
    """Where it is uploaded is not part of the feed; the hub is."""
    show = load(place.show)
    produce.publish(place, show)
    place.show.write_text(place.show.read_text(encoding="utf-8") + FOLDER.replace("web", "more"), encoding="utf-8")
    assert not produce.publish(place, load(place.show))
    edit(place.show, "[target.web]", '[publish]\nhub = "https://hub.example/"\n\n[target.web]')
    assert produce.publish(place, load(place.show))
    feed = etree.fromstring((place.feed / "feed.xml").read_bytes())
    assert [one.get("href") for one in feed.iter("{http://www.w3.org/2005/Atom}link") if one.get("rel") == "hub"] == [
        "https://hub.example/"
    ]


# --- over the wire ----------------------------------------------------------------------------------------------


def toml(settings: dict[str, object]) -> str:
    """Return a target's section."""
    return "[target.web]\n" + "".join(f"{key} = {json.dumps(value)}\n" for key, value in settings.items())


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """Give a real sshd."""
    with hosts.sshd(tmp_path_factory.getbasetemp() / "publish-sshd") as settings:
        yield settings


def through(cutter, settings, tmp_path):
    """Return the settings of a target that is reached through a line that can be cut."""
    known = tmp_path / "known"
    text = Path(str(settings["known_hosts"])).read_text(encoding="ascii")
    known.write_text(text.replace(f":{settings['port']} ", f":{cutter.port} "), encoding="ascii")
    return settings | {"port": cutter.port, "known_hosts": str(known), "path": str(tmp_path / "site")}


def test_a_line_that_is_cut_in_mid_upload(server, tmp_path, site, monkeypatch):
    """The old feed stays true, half a file is not trusted, and the next run sends what is left."""
    cutter = hosts.Cutter(int(str(server["port"])))
    place = shows.finished(tmp_path / "show", more=toml(through(cutter, server, tmp_path)))
    publish(place)
    shows.add(place, "nuit")
    cutter.cut_after = cutter.passed + 120_000
    with pytest.raises(PublishError, match=r"cut|refused|reset|lost|[Bb]roken"):
        publish(place)
    assert_true(there(site))
    assert b"La nuit" not in (site / "feed.xml").read_bytes()

    cutter.cut_after = None
    publish(place)
    cutter.close()
    files = there(site)
    assert_true(files)
    assert b"La nuit" in files["feed.xml"]
    assert set(files) == {*there(place.feed), NAME}


def test_a_line_that_is_cut_for_a_moment_is_no_failure(server, tmp_path, site):
    """A lost connection is made again, and the file sent again."""
    cutter = hosts.Cutter(int(str(server["port"])))
    place = shows.finished(tmp_path / "show", more=toml(through(cutter, server, tmp_path)))
    cutter.cut_after, cutter.once = 60_000, True
    publish(place)
    cutter.close()
    assert cutter.cut_after is None
    assert_true(there(site))
    assert set(there(site)) == {*there(place.feed), NAME}


def test_a_killed_run_is_resumed(server, tmp_path, site):
    """A stalled line and kill -9: no half file in its place, no temporary one after the next run."""
    cutter = hosts.Cutter(int(str(server["port"])))
    place = shows.finished(tmp_path / "show", more=toml(through(cutter, server, tmp_path)))
    code = "from podcast.cli.main import main; main(['publish', '--no-verify'])"
    process = subprocess.Popen([sys.executable, "-c", code], cwd=place.root, stderr=subprocess.DEVNULL)
    end = time.monotonic() + 20
    while cutter.passed < 150_000 and time.monotonic() < end:
        time.sleep(0.002)
    cutter.stalled = True
    time.sleep(0.2)
    process.send_signal(signal.SIGKILL)
    process.wait()
    cutter.close()
    cut = there(site)
    assert NAME in cut
    assert "feed.xml" not in cut

    place.show.write_text(
        place.show.read_text(encoding="utf-8")
        .replace(str(cutter.port), str(server["port"]))
        .replace(str(tmp_path / "known"), str(server["known_hosts"])),
        encoding="utf-8",
    )
    publish(place)
    assert set(there(site)) == {*there(place.feed), NAME}
    assert_true(there(site))


def test_ctrl_c_does_not_wait_for_a_slow_line(server, tmp_path, site):
    """Files that are under way are cut off; none of them is seen, and the next run goes on."""
    cutter = hosts.Cutter(int(str(server["port"])))
    place = shows.finished(tmp_path / "show", more=toml(through(cutter, server, tmp_path)))
    cutter.slowly = 5_000.0
    command = [sys.executable, "-m", "podcast", "--show", str(place.root), "publish", "--no-verify"]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    end = time.monotonic() + 30
    while not (site / "media").is_dir() and time.monotonic() < end:
        time.sleep(0.02)
    began = time.monotonic()
    process.send_signal(signal.SIGINT)
    _out, err = process.communicate(timeout=120)
    took = time.monotonic() - began
    cutter.slowly = None
    assert (process.returncode, err.splitlines()[-1]) == (130, "stopped; the next run resumes here")
    assert "Traceback" not in err
    assert took < 8
    assert "feed.xml" not in there(site)

    publish(place)
    cutter.close()
    assert set(there(site)) == {*there(place.feed), NAME}


def test_publishing_to_a_bucket(tmp_path):
    """The same with an S3 server that checks signatures: all is there, then nothing is sent."""
    with hosts.moto(tmp_path / "moto") as settings:
        place = shows.finished(tmp_path / "show", more=toml(settings))
        first = publish(place)
        assert publish(place).sent == ()
        shows.add(place, "nuit")
        second = publish(place)
        wrong = settings | {"secret_env": "TEST_WRONG"}
        os.environ["TEST_WRONG"] = "wrong-secret-4711"
        edit(place.show, "TEST_MOTO_SECRET", "TEST_WRONG")
        with pytest.raises(PublishError, match="refused the access key") as caught:
            publish(place)

    assert first.sent[-1] == second.sent[-1] == "feed.xml"
    assert 0 < len(second.sent) < len(first.sent)
    assert wrong["secret_env"] == "TEST_WRONG"
    assert "wrong-secret-4711" not in str(caught.value)
    kept = there(place.root)
    secrets = (b"wrong-secret-4711", os.environ["TEST_MOTO_SECRET"].encode())
    assert not any(secret in data for secret in secrets for data in kept.values())


# --- what the public gets ---------------------------------------------------------------------------------------

DOCS = ROOT / "docs" / "hosting.md"


def nginx_sample(site: Path) -> str:
    """Return the nginx sample of docs/hosting.md, for a folder and without its certificate."""
    text = DOCS.read_text(encoding="utf-8")
    sample = text.partition("```nginx\n")[2].partition("```")[0]
    assert "listen 443 ssl;" in sample
    lines = [line for line in sample.splitlines() if "ssl_certificate" not in line]
    changed = (
        "\n".join(lines).replace("listen 443 ssl;", "listen 127.0.0.1:PORT;").replace("/var/www/podcast", str(site))
    )
    assert str(site) in changed
    return changed


def test_the_nginx_sample_is_found_without_fault(tmp_path, site):
    """A real nginx with the settings of docs/hosting.md: right types, and nothing to find but the missing HTTPS."""
    with hosts.nginx(tmp_path / "nginx", nginx_sample(site)) as port:
        place = shows.finished(tmp_path / "show", url=f"http://127.0.0.1:{port}/", more=FOLDER)
        publish(place)
        found = uploads.verify(place, load(place.show))
        for name in ("media/le-sel.opus", "media/le-sel.m4a"):
            (site / name).touch()
        names = [path.relative_to(site).as_posix() for path in site.rglob("[!.]*") if path.is_file()]
        types = {
            name: urllib3.request("HEAD", f"http://127.0.0.1:{port}/{name}").headers["Content-Type"] for name in names
        }
        at = f"http://127.0.0.1:{port}/feed.xml"
        kinds = [
            urllib3.request("GET", at, headers={"Accept": accept}).headers["Content-Type"]
            for accept in ("*/*", "text/html,application/xml;q=0.9,*/*;q=0.8")
        ]

    assert [finding.what for finding in found] == ["the feed is not served over HTTPS"]
    assert types == {name: served(name).type for name in names}
    assert kinds == ["application/rss+xml; charset=utf-8", "application/xml; charset=utf-8"]


def test_what_a_host_lacks_is_reported(tmp_path, site):
    """Python's own server has no ranges, lacks media types and sends no CORS header: each is reported with its fix."""
    site.mkdir()

    class Handler(SimpleHTTPRequestHandler):
        def log_message(self, *_arguments: object):
            """Keep quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, directory=str(site)))
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    place = shows.finished(tmp_path / "show", url=f"http://127.0.0.1:{server.server_port}/", more=FOLDER)
    publish(place)
    found = uploads.verify(place, load(place.show))
    text = (site / "feed.xml").read_bytes()
    (site / "feed.xml").write_bytes(text + b"\n")
    stale = uploads.verify(place, load(place.show))
    next(site.glob("media/*vent*")).unlink()
    gone = uploads.verify(place, load(place.show))
    server.shutdown()
    server.server_close()
    thread.join()

    said = {finding.what for finding in found}
    assert any("returns 200 for a request for bytes=0-1" in what for what in said)
    assert any(what.startswith("the transcript (application/x-subrip) is served as") for what in said)
    assert any("no CORS header" in what for what in said)
    assert all(finding.fix for finding in found)
    assert any("is not the feed that was uploaded" in finding.what for finding in stale)
    assert any("returns 404 for HEAD" in finding.what for finding in gone) or any("404" in f.what for f in gone)


class Host(BaseHTTPRequestHandler):
    """A good host of a folder; what it answers, a fault makes worse."""

    protocol_version = "HTTP/1.1"
    folder: Path
    fault: Callable[["Host", int, dict[str, str], bytes], tuple[int, dict[str, str], bytes]]

    def log_message(self, *_arguments: object):
        """Keep quiet."""

    def do_HEAD(self):
        self.do_GET()

    def do_GET(self):
        status, headers, data = self.fault(*self.good())
        if status == 304:
            headers.pop("Transfer-Encoding", None)
        self.send_response(status)
        pieces = "Transfer-Encoding" in headers
        for name, value in (({} if pieces else {"Content-Length": str(len(data))}) | headers).items():
            self.send_header(name, value)
        self.end_headers()
        if self.command == "GET" and status in {200, 206, 404}:
            with suppress(OSError):  # it reads no more than it needs
                self.wfile.write(b"%x\r\n%s\r\n0\r\n\r\n" % (len(data), data) if pieces else data)

    def good(self) -> tuple[int, dict[str, str], bytes]:
        name = self.path.strip("/").removeprefix("new/")
        data = (self.folder / name).read_bytes()
        headers = {"Content-Type": served(name).type, "ETag": f'"{len(data)}"', "Access-Control-Allow-Origin": "*"}
        if self.headers.get("If-None-Match") == headers["ETag"]:
            return 304, headers, b""
        if name == "feed.xml" and "gzip" in self.headers["Accept-Encoding"]:
            return 200, headers | {"Content-Encoding": "gzip"}, gzip.compress(data)
        if asked := self.headers.get("Range"):
            begin, _, end = asked.removeprefix("bytes=").partition("-")
            first = int(begin) if begin else len(data) - int(end)
            last = int(end) if begin and end else len(data) - 1
            span = {"Content-Range": f"bytes {first}-{last}/{len(data)}"}
            return (206 if first < len(data) else 416), headers | span, data[first : last + 1]
        return 200, headers, data


def where(part: str, *changed: Callable, only: str | None = None):
    """Return a fault: another answer for addresses with this part, perhaps to one method only."""

    def fault(host: Host, *good: object):
        hit = part in host.path and not host.path.startswith("/new/") and only in {None, host.command}
        return tuple(new(old) for new, old in zip(changed, good, strict=True)) if hit else good

    return fault


def same(value):
    """Change nothing."""
    return value


def page(part):
    """Return a fault: a page instead."""
    return where(part, lambda _: 200, lambda _: {"Content-Type": "text/html; charset=utf-8"}, lambda _: b"<html>")


POOR = {
    "a page for browsers instead of the feed": (page("/"), ["the feed: URL returns a web page"]),
    "a page for browsers instead of sound": (page("/media/"), ["the audio: URL returns a web page"]),
    "HEAD is refused": (
        where("/", lambda _: 405, same, same, only="HEAD"),
        ["the audio: URL returns 405 for HEAD, but 200 for GET"],
    ),
    "all is compressed": (
        where("/", same, lambda head: head | {"Content-Encoding": "gzip"}, lambda data: data and gzip.compress(data)),
        ["the audio is sent compressed (gzip), even if the app does not ask for it"],
    ),
    "sound is sent in pieces": (
        where("/media/", same, lambda h: h if "Content-Range" in h else h | {"Transfer-Encoding": "chunked"}, same),
        ["the audio has no Content-Length"],
    ),
    "the feed has moved": (
        where("/feed.xml", lambda _: 301, lambda _: {"Location": "/new/feed.xml"}, lambda _: b""),
        ["URL redirects to URL"],
    ),
    "a transcript is missing": (
        where(".vtt", lambda _: 404, same, same),
        ["the transcript (text/vtt): URL returns 404 for GET"],
    ),
    "the line is cut": (
        where("/feed.xml", same, lambda h: h | {"Content-Length": "100", "Connection": "close"}, lambda _: b"x" * 9),
        ["URL cannot be fetched: Connection broken: IncompleteRead(9 bytes read, 91 more expected)"],
    ),
}


@pytest.mark.parametrize("case", POOR)
def test_each_fault_of_a_host_is_reported_once_and_as_what_it_is(case, place):
    """No list of what follows from it, and no advice that would not help."""
    fault, expected = POOR[case]
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Poor", (Host,), {"folder": place.feed, "fault": fault}))
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    base = f"http://127.0.0.1:{server.server_port}/"
    edit(place.show, "http://127.0.0.1:9/podcast/", base)
    produce.publish(place, load(place.show))
    found = uploads.verify(place, load(place.show))
    server.shutdown()
    server.server_close()
    thread.join()

    said = [
        re.sub(rf"{base}[^ ]+?(?= |$)", "URL", one.what) for one in found if "not served over HTTPS" not in one.what
    ]
    assert said == expected
    assert all(one.fix for one in found)


def test_a_host_that_is_not_there_is_reported_once():
    """One finding, not one for each file."""
    found = examine("http://127.0.0.1:9/feed.xml", b"<rss><channel/></rss>")
    assert [finding.level for finding in found] == ["bad"]
    assert found[0].what.startswith(
        "http://127.0.0.1:9/feed.xml cannot be fetched: Failed to establish a new connection"
    )
    (unknown,) = examine("https://nobody.invalid/feed.xml", b"<rss><channel/></rss>")
    assert unknown.what == "https://nobody.invalid/feed.xml cannot be fetched: no server found with this name"


def test_the_hub_is_told_of_changes_only(tmp_path):
    """Once for each changed feed; a hub that did not answer is notified again the next time."""
    told = []

    with Website() as web:
        handler = web.server.RequestHandlerClass

        def do_post(self):
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            told.append((self.path, body))
            self.send_response(503 if len(told) == 1 else 204)
            self.end_headers()

        handler.do_POST = do_post
        web.pages["/"] = Page(b"")
        place = shows.finished(tmp_path / "show", more=f'[publish]\nhub = "{web.url("/hub")}"\n\n{FOLDER}')
        where, show = publish(place).where, load(place.show)
        with pytest.raises(PublishError, match="returned 503"):
            uploads.notify_hub(place, show, where)
        assert uploads.notify_hub(place, show, where)
        assert not uploads.notify_hub(place, show, where)
        shows.add(place, "nuit")
        publish(place)
        assert uploads.notify_hub(place, show, where)

    assert len(told) == 3
    assert told[0][0] == "/hub"
    assert "hub.mode=publish" in told[0][1]
    assert "feed.xml" in told[0][1]


# --- the command ------------------------------------------------------------------------------------------------


def run(capsys, *arguments: object):
    """Return exit code, standard output and standard error of a command."""
    with pytest.raises(SystemExit) as ended:
        main([str(argument) for argument in arguments])
    printed = capsys.readouterr()
    return int(ended.value.code or 0), printed.out, printed.err


def test_the_command(place, site, capsys):
    """What it would do, what it did, for people and for programs; a host that cannot be reached is exit code 1."""
    at = ("--show", str(place.root), "publish")
    code, out, _ = run(capsys, *at, "--dry-run")
    assert (code, site.exists()) == (0, False)
    assert "would upload  feed.xml" in out
    code, out, err = run(capsys, *at)
    assert code == 1
    assert "uploaded  feed.xml" in out
    assert "error: http://127.0.0.1:9/podcast/feed.xml cannot be fetched" in err
    assert "hint:" in err
    code, out, _ = run(capsys, *at, "--no-verify", "--json")
    assert code == 0
    assert json.loads(out)["sent"] == []
    code, out, err = run(capsys, *at, "nowhere")
    assert code == 1
    assert "targets in show.toml: web" in err


def test_progress_is_printed(place, capsys):
    """A line for each quarter where there is no terminal."""
    show = load(place.show)
    produce.publish(place, show)
    upload(place, show, UploadOptions(), progress=Lines())
    assert "uploading to" in capsys.readouterr().err
