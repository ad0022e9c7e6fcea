# SPDX-License-Identifier: GPL-3.0-or-later
"""`podcast watch`: what appears becomes episodes; what fails is told once, tried again later, and stops nothing."""

import datetime as dt
import json
import subprocess
import sys
import threading
import time

import pytest
import shows
from fakes.website import Page, Website
from helpers import SHOW_TOML, edit

from podcast.cli.main import main
from podcast.errors import ConfigError, WorkspaceError
from podcast.produce import records, watch
from podcast.produce.watch import Watch, WatchState, one_round, rounds
from podcast.workspace import Workspace

FEED = """<?xml version="1.0"?><rss version="2.0"><channel><title>Blog</title><link>{base}</link>
<description>d</description>{items}</channel></rss>"""
ENTRY = """<item><title>{title}</title><guid>{title}</guid><link>{base}{title}</link>
<pubDate>Mon, 23 Nov 2026 06:00:{second:02} +0000</pubDate></item>"""
WORDS = "Le vent pousse les vagues vers la côte, et le phare éclaire la nuit des marins. " * 12


class Clock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now = dt.datetime(2026, 11, 23, 6, tzinfo=dt.UTC)

    def __call__(self) -> dt.datetime:
        return self.now

    def forward(self, **by: float) -> None:
        """Let time pass."""
        self.now += dt.timedelta(**by)


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch):
    """Files that a test has just written are taken at once, but where that is the subject."""
    monkeypatch.setattr(watch, "SETTLED_S", 0.0)


@pytest.fixture
def place(tmp_path):
    """Give an empty show that speaks in tones, without music."""
    place = Workspace(tmp_path / "show")
    place.root.mkdir()
    text = SHOW_TOML.replace("https://phare.example/", "http://127.0.0.1:9/")
    more = '\n[music]\nintro = ""\noutro = ""\n\n[target.web]\nkind = "folder"\npath = "../site"\n'
    place.show.write_text(text + more, encoding="utf-8")
    return place


@pytest.fixture
def inbox(tmp_path):
    """Give a folder to watch, with one article in it."""
    folder = tmp_path / "inbox"
    folder.mkdir()
    drop(folder, "sel")
    return folder


def drop(folder, slug, text=""):
    """Put an article into the folder."""
    (folder / f"{slug}.md").write_text(text or shows.TEXTS[slug], encoding="utf-8")


class Watcher:
    """Rounds of one watch; `said` is what was told."""

    def __init__(self, place, *sources: object, publish: bool = False) -> None:
        self.place, self.said, self.clock = place, [], Clock()
        self.watch = Watch(
            [str(one) for one in sources], publish=publish, say=self.said.append, now=self.clock, private=True
        )

    def round(self) -> WatchState:
        """Go a round."""
        self.said.clear()
        return one_round(self.place, self.watch)

    def slugs(self) -> list[str]:
        """Return what is finished."""
        return [episode.slug for episode in records.finished(self.place)]


def test_what_appears_becomes_an_episode(place, inbox):
    """The first round takes what is there, the next one what came since; then nothing happens."""
    watcher = Watcher(place, inbox)
    assert watcher.round().ok
    assert watcher.slugs() == ["le-sel"]
    drop(inbox, "nuit")
    assert watcher.round().ok
    assert watcher.slugs() == ["la-nuit", "le-sel"]
    assert any("la-nuit.mp3" in line for line in watcher.said)
    files = {path: path.stat().st_mtime_ns for path in place.root.rglob("*") if path.is_file()}
    assert watcher.round().ok
    assert watcher.said == []
    assert {path: path.stat().st_mtime_ns for path in files} == files


def test_a_changed_article_is_made_again(place, inbox):
    """A new version of a file updates its episode, with the same guid."""
    watcher = Watcher(place, inbox)
    watcher.round()
    before = records.load(place, "le-sel")
    drop(inbox, "sel", shows.TEXTS["sel"].replace("pluie", "neige"))
    watcher.round()
    after = records.load(place, "le-sel")

    assert (after.guid, len(watcher.slugs())) == (before.guid, 1)
    assert after.enclosure.sha256 != before.enclosure.sha256


def test_a_failure_is_reported_once_and_stops_nothing(place, inbox):
    """A file that is no text: the others become episodes, the error is reported once, its state is on disk."""
    (inbox / "aaa.md").write_bytes(b"\x00\x01\x02" * 50)
    watcher = Watcher(place, inbox)
    state = watcher.round()

    assert watcher.slugs() == ["le-sel"]
    assert [line.split("\n")[0] for line in watcher.said if line.startswith("error")] == [
        f"error: {state.items[str(inbox / 'aaa.md')].errors[0]}"
    ]
    assert not state.ok
    kept = json.loads((place.audio / ".watch.json").read_bytes())
    assert kept["ok"] is False
    assert kept["items"][str(inbox / "aaa.md")]["tries"] == 1
    watcher.clock.forward(days=3)
    watcher.round()
    assert watcher.said == []


def test_it_is_tried_again_ever_more_rarely(place, inbox, monkeypatch):
    """After one minute, two, four … a day at most; a source that works again is reported."""
    looked = []
    write = watch.produce.write_scripts
    monkeypatch.setattr(
        watch.produce, "write_scripts", lambda *a, **k: (looked.append(watcher.clock.now), write(*a, **k))[1]
    )
    (inbox / "sel.md").write_bytes(b"\x00" * 50)
    watcher = Watcher(place, inbox)
    for _minute in range(40):
        watcher.round()
        watcher.clock.forward(minutes=1)
    start = looked[0]
    assert [(moment - start).seconds // 60 for moment in looked] == [0, 1, 3, 7, 15, 31]
    item = next(iter(watcher.round().items.values()))
    assert item.since == start.isoformat()
    for _day in range(20):
        watcher.clock.forward(days=1, seconds=1)
        watcher.round()
    assert looked[-1] - looked[-2] <= dt.timedelta(days=1, seconds=1)

    drop(inbox, "sel")  # mended: a change is looked at at once
    state = watcher.round()
    assert state.ok
    assert any("works again" in line for line in watcher.said)
    assert watcher.slugs() == ["le-sel"]


def test_an_episode_that_cannot_be_made_stops_no_other(place, inbox):
    """A script with a mistake fails by itself, and is made once it is corrected."""
    drop(inbox, "nuit")
    watcher = Watcher(place, inbox)
    watcher.round()
    script = place.script("la-nuit")
    good = script.read_text(encoding="utf-8")
    place.record("la-nuit").unlink()
    (inbox / "nuit.md").write_text(shows.TEXTS["nuit"] + "\nElle dure.\n", encoding="utf-8")
    script.write_text(good.replace("guid:", "gid:"), encoding="utf-8")
    drop(inbox, "vent")
    state = watcher.round()

    assert not state.ok
    assert "le-vent" in watcher.slugs()
    assert "la-nuit" not in watcher.slugs()
    script.write_text(good, encoding="utf-8")
    watcher.clock.forward(hours=1)
    assert watcher.round().ok
    assert "la-nuit" in watcher.slugs()


def test_a_feed_is_watched(place):
    """New entries become episodes; a server that is down is reported once; a bad entry stops no good one."""
    with Website() as web:
        base = web.url("/")
        entries = {}
        for second, name in enumerate(("un", "deux", "trois")):
            entries[name] = ENTRY.format(title=name, base=base, second=second)
            page = f"<html><body><article><h1>{name}</h1><p>{WORDS} {name}</p></article></body></html>"
            web.pages[f"/{name}"] = Page(page.encode())
        bad = web.pages.pop("/trois")

        def feed(*names: str) -> Page:
            items = "".join(entries[name] for name in names)
            return Page(FEED.format(base=base, items=items).encode(), kind="application/rss+xml")

        web.pages["/feed"] = feed("un")
        watcher = Watcher(place, web.url("/feed"))
        assert watcher.round().ok, watcher.said
        assert watcher.slugs() == ["un"]
        assert watcher.round().ok

        web.pages["/feed"] = Page(b"gone", status=404)
        assert not watcher.round().ok
        assert len(watcher.said) == 1
        watcher.clock.forward(minutes=2)
        watcher.round()
        assert watcher.said == []

        web.pages["/feed"] = feed("trois", "un", "deux")
        watcher.clock.forward(hours=1)
        assert not watcher.round().ok
        assert sorted(watcher.slugs()) == ["deux", "un"]
        web.pages["/trois"] = bad
        watcher.clock.forward(minutes=1)
        assert watcher.round().ok
        assert len(watcher.slugs()) == 3


def test_a_bad_entry_keeps_no_later_one_waiting(place):
    """It is tried ever more rarely by itself; the feed is asked each round. Once it is out of the feed, all is well."""
    with Website() as web:
        base = web.url("/")
        for name in ("un", "deux"):
            page = f"<html><body><article><h1>{name}</h1><p>{WORDS} {name}</p></article></body></html>"
            web.pages[f"/{name}"] = Page(page.encode())
        web.pages["/membres"] = Page(b"no", status=403)

        def feed(*names: str) -> Page:
            items = "".join(ENTRY.format(title=name, base=base, second=len(name)) for name in names)
            return Page(
                FEED.format(base=base, items=items).encode(), "application/rss+xml", headers={"ETag": f'"{names}"'}
            )

        web.pages["/feed"] = feed("membres", "un")
        watcher = Watcher(place, web.url("/feed"))
        for _round in range(12):
            assert not watcher.round().ok
            watcher.clock.forward(minutes=15)
        tries = sum(path == "/membres" for path, _ in web.asked)
        web.pages["/feed"] = feed("deux", "membres", "un")
        assert not watcher.round().ok
        assert sorted(watcher.slugs()) == ["deux", "un"]
        web.pages["/feed"] = feed("deux", "un")
        watcher.clock.forward(days=1)
        assert watcher.round().ok

    assert 4 < tries < 9


def test_a_page_where_a_feed_was_is_no_article(place):
    """A host that says "back soon" with 200 at the address of a feed: told, not narrated."""
    with Website() as web:
        page = f"<html><body><article><h1>un</h1><p>{WORDS}</p></article></body></html>"
        web.pages["/un"] = Page(page.encode())
        entry = ENTRY.format(title="un", base=web.url("/"), second=1)
        feed = Page(FEED.format(base=web.url("/"), items=entry).encode(), "application/rss+xml")
        web.pages["/feed"] = [feed, Page(page.replace("un<", "We are back soon<").encode()), feed]
        watcher = Watcher(place, web.url("/feed"))
        assert watcher.round().ok
        state = watcher.round()
        assert state.items[web.url("/feed")].errors == (
            f"{web.url('/feed')}: was a feed before, and is a web page now",
        )
        watcher.clock.forward(hours=1)
        assert watcher.round().ok
        assert watcher.slugs() == ["un"]


def test_a_source_that_is_gone_does_not_stop_others(place, inbox, tmp_path):
    """A folder whose disk is missing is reported; the other one is watched."""
    watcher = Watcher(place, tmp_path / "nas", inbox)
    state = watcher.round()
    assert watcher.slugs() == ["le-sel"]
    assert "file or folder not found" in state.items[str(tmp_path / "nas")].errors[0]
    (tmp_path / "nas").mkdir()
    assert watcher.round().ok


def test_what_was_taken_away_fails_no_longer(place, inbox, tmp_path):
    """A bad file that a person removed, a script that was deleted, a feed whose address was mistyped: all is well."""
    (inbox / "aaa.md").write_bytes(b"\x00" * 50)
    watcher = Watcher(place, inbox, tmp_path / "mistyped")
    assert not watcher.round().ok
    (inbox / "aaa.md").unlink()
    state = watcher.round()
    assert not state.ok
    assert str(inbox / "aaa.md") not in state.items
    assert Watcher(place, inbox).round().ok

    drop(inbox, "nuit")
    watcher = Watcher(place, inbox)
    watcher.round()
    place.record("la-nuit").unlink()
    (inbox / "nuit.md").write_text(shows.TEXTS["nuit"] + "\nElle dure.\n", encoding="utf-8")
    edit(place.script("la-nuit"), "guid:", "gid:")
    assert not watcher.round().ok
    place.script("la-nuit").unlink()
    (inbox / "nuit.md").unlink()
    assert watcher.round().ok


def test_it_publishes_what_it_made(place, inbox, tmp_path):
    """Once for each new feed; a target that fails is reported once and tried again; episodes are made all the same."""
    site = tmp_path / "site"
    site.write_text("in the way", encoding="utf-8")
    watcher = Watcher(place, inbox, publish=True)
    state = watcher.round()
    assert watcher.slugs() == ["le-sel"]
    assert state.items["publish"].errors
    site.unlink()
    watcher.clock.forward(minutes=2)
    assert watcher.round().ok
    assert (site / "feed.xml").read_bytes() == (place.feed / "feed.xml").read_bytes()
    times = {path: path.stat().st_mtime_ns for path in site.rglob("*")}
    watcher.round()
    assert {path: path.stat().st_mtime_ns for path in site.rglob("*")} == times
    drop(inbox, "nuit")
    watcher.round()
    assert b"La nuit" in (site / "feed.xml").read_bytes()


def test_a_file_that_is_still_being_written_waits(place, inbox, monkeypatch):
    """Half an article does not become an episode."""
    monkeypatch.setattr(watch, "SETTLED_S", 1.0)
    file = inbox / "nuit.md"
    file.write_text("# La nuit\n\nLa nuit", encoding="utf-8")
    threading.Timer(0.4, lambda: file.write_text(shows.TEXTS["nuit"], encoding="utf-8")).start()
    watcher = Watcher(place, inbox)
    watcher.round()
    assert "la-nuit" not in watcher.slugs()
    watcher.round()
    assert records.load(place, "la-nuit").cues[-1].text.endswith(".")


def test_a_damaged_note_costs_a_round_not_an_episode(place, inbox):
    """What is not known any more is looked at again, and nothing is made twice."""
    watcher = Watcher(place, inbox)
    watcher.round()
    made = place.sound("le-sel").stat().st_mtime_ns
    (place.audio / ".watch.json").write_bytes(b"{")
    assert watcher.round().ok
    assert place.sound("le-sel").stat().st_mtime_ns == made


def test_mistakes_and_other_runs_are_errors(place, inbox):
    """One round at a time; show.toml has to be right."""
    with place.lock(), pytest.raises(WorkspaceError, match="another podcast command"):
        Watcher(place, inbox).round()
    place.show.write_text("[show]\n", encoding="utf-8")
    with pytest.raises(ConfigError):
        Watcher(place, inbox).round()


def test_rounds_follow_changes_at_once(place, inbox):
    """What appears in a folder, also during a round, does not wait for the next quarter of an hour."""
    stop, watcher = threading.Event(), Watcher(place, inbox)
    began = time.monotonic()
    for state in rounds(place, watcher.watch, 900.0, stop):
        assert isinstance(state, WatchState)
        if "la-nuit" in watcher.slugs():
            stop.set()
        elif not (inbox / "nuit.md").exists():
            drop(inbox, "nuit")
    assert time.monotonic() - began < 60


def test_the_command_for_cron(place, inbox, capsys):
    """--once: exit code 0 if all went well, 1 if anything did not; the second run has nothing to do."""
    for _run in range(2):
        assert main_code("--show", str(place.root), "watch", str(inbox), "--once", "--publish") == 0
    (inbox / "aaa.md").write_bytes(b"\x00" * 50)
    assert main_code("--show", str(place.root), "watch", str(inbox), "--once") == 1
    err = capsys.readouterr().err
    assert "aaa.md" in err
    assert ".watch.json" in err

    assert main_code("--show", str(place.root), "watch", str(inbox), "--once") == 1
    assert capsys.readouterr().err == ""  # told once: cron mails what is printed
    (inbox / "aaa.md").unlink()
    assert main_code("--show", str(place.root), "watch", str(inbox), "--once") == 0


def main_code(*arguments: str) -> int:
    """Return the exit code of a command."""
    with pytest.raises(SystemExit) as ended:
        main(list(arguments))
    return int(ended.value.code or 0)


def test_the_command_goes_on_until_it_is_stopped(place, inbox):
    """As a service: it makes what is there, waits, makes what comes, and ends on a signal without a traceback."""
    code = "from podcast.cli.main import main; main()"
    process = subprocess.Popen(
        [sys.executable, "-c", code, "--show", str(place.root), "watch", str(inbox), "--every", "0.05"],
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )
    try:
        wait_for(place.record("le-sel"))
        drop(inbox, "nuit")
        wait_for(place.record("la-nuit"))
    finally:
        process.send_signal(2)
        _out, err = process.communicate(timeout=30)
    assert process.returncode == 130
    assert "Traceback" not in err


def wait_for(path):
    """Wait until a file is there."""
    end = time.monotonic() + 60
    while not path.exists() and time.monotonic() < end:
        time.sleep(0.05)
    assert path.exists()
