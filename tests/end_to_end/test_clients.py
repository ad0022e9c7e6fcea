# SPDX-License-Identifier: GPL-3.0-or-later
"""Real podcast clients, gPodder and newsboat with podboat: they subscribe, update and download from this machine."""

import os
import pty
import select
import shutil
import sqlite3
import subprocess
import time
from pathlib import Path

import catalogues
import shows
from test_serve import serving, wait

from podcast.produce import records

SECONDS = 60


def gpo(home: Path, *arguments: str) -> str:
    """Run gPodder's command line in a home of its own; return what it says."""
    home.mkdir(exist_ok=True)
    environment = os.environ | {"HOME": str(home), "GPODDER_HOME": str(home), "GPODDER_DOWNLOAD_DIR": str(home / "got")}
    done = subprocess.run(
        ["gpo", *arguments], env=environment, capture_output=True, text=True, timeout=SECONDS, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def known(home: Path) -> list[tuple[str, str, str]]:
    """Return guid, title and address of the episodes in gPodder's database, the newest first."""
    with sqlite3.connect(home / "Database") as base:
        return base.execute("SELECT guid, title, url FROM episode ORDER BY published DESC").fetchall()


def test_gpodder_subscribes_downloads_and_hears_of_new_episodes(tmp_path):
    """It has our titles and guids, gets our bytes, and lists nothing twice after an update."""
    assert shutil.which("gpo"), "gPodder is needed: tests/setup.sh installs it"
    place, home = shows.finished(tmp_path / "show"), tmp_path / "gpodder"
    with serving(place) as (url, _process):
        wait(url)
        gpo(home, "subscribe", f"{url}feed.xml")
        before = known(home)
        gpo(home, "download")
        got = sorted(path.read_bytes() for path in (home / "got").rglob("*.mp3"))
        shows.add(place, "nuit")
        gpo(home, "update")
        after = known(home)
        pending = gpo(home, "pending")

    ours = {episode.guid: episode for episode in records.finished(place)}
    assert [title for _, title, _ in before] == ["Le vent", "Le sel"]
    assert got == sorted(place.sound(slug).read_bytes() for slug in ("le-sel", "le-vent"))
    assert [title for _, title, _ in after] == ["La nuit", "Le vent", "Le sel"]
    assert {guid for guid, _, _ in after} == set(ours)
    assert after[1:] == before
    assert "La nuit" in pending
    assert "Le sel" not in pending


def test_gpodder_follows_a_feed_in_pages(tmp_path):
    """Every episode once, from first page to last (RFC 5005, section 3)."""
    place = catalogues.catalogue(tmp_path / "show", 60, more="[publish]\nfeed_bytes = 50000\npage_bytes = 50000\n")
    catalogues.publish(place)
    pages = list(place.feed.glob("feed-*.xml"))
    with serving(place) as (url, _process):
        wait(url)
        gpo(tmp_path / "gpodder", "set", "limit.episodes", "1000")
        gpo(tmp_path / "gpodder", "subscribe", f"{url}feed.xml")

    assert len(pages) > 1
    assert sorted(title for _, title, _ in known(tmp_path / "gpodder")) == sorted(f"Marée {n}" for n in range(60))


def newsboat(home: Path, url: str) -> None:
    """Have newsboat fetch a feed, and put its enclosures into podboat's queue."""
    home.mkdir(exist_ok=True)
    (home / "urls").write_text(f"{url}\n", encoding="utf-8")
    (home / "config").write_text(
        f'podcast-auto-enqueue yes\ndownload-path "{home}/got/"\ndownload-filename-format "%u"\nmax-downloads 2\n',
        "utf-8",
    )
    files = ["-u", home / "urls", "-c", home / "cache.db", "-C", home / "config"]
    (home / ".newsboat").mkdir(exist_ok=True)
    done = subprocess.run(
        ["newsboat", *map(str, files), "-x", "reload"],
        env=os.environ | {"HOME": str(home)},
        capture_output=True,
        timeout=SECONDS,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def podboat(home: Path, wanted: int) -> list[bytes]:
    """Have podboat, which wants a terminal, download what is in its queue; return the files."""
    child, terminal = pty.fork()
    if child == 0:
        os.environ.update(HOME=str(home), TERM="xterm", LINES="24", COLUMNS="80")
        os.execvp("podboat", ["podboat", "-a", "-C", str(home / "config"), "-q", str(home / ".newsboat" / "queue")])  # noqa: S606 - arguments of its own
    end = time.monotonic() + SECONDS
    done: list[Path] = []
    while time.monotonic() < end:
        if select.select([terminal], [], [], 0.1)[0]:
            try:
                os.read(terminal, 65536)
            except OSError:
                break
        done = list((home / "got").rglob("*.mp3"))
        if len(done) == wanted:
            os.write(terminal, b"q")
    os.close(terminal)
    os.waitpid(child, 0)
    return sorted(path.read_bytes() for path in done)


def test_newsboat_lists_and_podboat_downloads(tmp_path):
    """Titles, addresses and the bytes are ours; a second look lists nothing twice."""
    assert shutil.which("newsboat"), "newsboat is needed: tests/setup.sh installs it"
    place, home = shows.finished(tmp_path / "show"), tmp_path / "newsboat"
    with serving(place) as (url, _process):
        wait(url)
        newsboat(home, f"{url}feed.xml")
        newsboat(home, f"{url}feed.xml")
        got = podboat(home, 2)

    with sqlite3.connect(home / "cache.db") as base:
        rows = base.execute("SELECT title, guid, enclosure_type FROM rss_item ORDER BY pubDate DESC").fetchall()
    ours = {episode.title: episode.guid for episode in records.finished(place)}
    assert [(title, guid) for title, guid, _ in rows] == [(title, ours[title]) for title in ("Le vent", "Le sel")]
    assert {kind for _, _, kind in rows} == {"audio/mpeg"}
    assert got == sorted(place.sound(slug).read_bytes() for slug in ("le-sel", "le-vent"))
