# SPDX-License-Identifier: GPL-3.0-or-later
"""Narration on a real Dask cluster gives the same bytes as here, and outlives its workers."""

import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from helpers import SHOW_TOML, TESTS

from podcast import produce
from podcast.config.load import load
from podcast.errors import NarrationError
from podcast.model import Utterance
from podcast.produce.render import cluster
from podcast.progress import Quiet
from podcast.voices import find
from podcast.workspace import Workspace

ARTICLE = TESTS / "data" / "articles" / "mer-salee.md"
WORKER = ("worker", "--nthreads", "2", "--no-dashboard", "--no-nanny", "--host", "127.0.0.1")


def start(folder: Path, *command: str) -> subprocess.Popen[bytes]:
    """Start a part of the cluster; what it writes is in <folder>/log."""
    folder.mkdir(parents=True)
    with (folder / "log").open("wb") as log:
        return subprocess.Popen([sys.executable, "-m", "dask", *command], cwd=folder, stdout=log, stderr=log)


def said(folder: Path, pattern: str) -> str:
    """Wait until a part of the cluster has said something, and return it."""
    for _ in range(600):
        if found := re.search(pattern, (folder / "log").read_text(errors="replace")):
            return found[1]
        time.sleep(0.05)
    raise AssertionError((folder / "log").read_text(errors="replace"))


@pytest.fixture(scope="module")
def dask(tmp_path_factory) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """Give the address of a scheduler, and its two workers: processes of their own."""
    folder = tmp_path_factory.mktemp("dask")
    parts = [start(folder / "scheduler", "scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard")]
    try:
        address = said(folder / "scheduler", r"Scheduler at:\s+(tcp://\S+)")
        parts += [start(folder / name, *WORKER, address) for name in ("one", "two")]
        for name in ("one", "two"):
            said(folder / name, r"Registered to:\s+(tcp://\S+)")
        yield address, parts[1:]
    finally:
        for part in parts:
            part.kill()
            part.wait()


def make(place: Workspace, address: str = "") -> None:
    """Make the episode of the article, here or on the cluster."""
    show = load(place.show)
    with place.lock():
        meant = produce.scripts_of(place, show, [str(ARTICLE)], produce.Intake())
        _, failures = produce.make(place, show, meant.scripts, progress=Quiet(), cluster=address)
    for failure in failures:
        raise failure


def slow(place: Workspace) -> None:
    """Make every clip take a while."""
    place.show.write_text(f"{SHOW_TOML}\n[engine.tone]\ncost_ms = 150\n", encoding="utf-8")


def files(place: Workspace) -> dict[str, bytes]:
    """Return all that was made."""
    return {
        path.relative_to(place.root).as_posix(): path.read_bytes()
        for folder in (place.audio, place.feed)
        for path in folder.rglob("*")
        if path.is_file() and path.name != ".lock"
    }


@pytest.fixture
def here(tmp_path) -> dict[str, bytes]:
    """Give what this machine makes."""
    place = Workspace(tmp_path / "here")
    place.root.mkdir()
    place.show.write_text(SHOW_TOML, encoding="utf-8")
    make(place)
    return files(place)


def test_a_cluster_makes_the_same_bytes_and_survives_a_worker(dask, here, workspace):
    """Clips, mastered clips, episode and feed; a worker that is killed in the middle costs only what it was at."""
    address, workers = dask
    slow(workspace)
    # in the middle of the work, as soon as the first clips have come back
    victim = threading.Thread(target=lambda: (_wait_for_clips(workspace, 4), workers[0].send_signal(signal.SIGKILL)))
    victim.start()
    make(workspace, address)
    victim.join()

    assert workers[0].wait(timeout=10) == -signal.SIGKILL
    made = files(workspace)
    clips = [name for name in here if "/clips/" in name or name.endswith(".mp3")]
    assert clips
    assert {name: made[name] for name in clips} == {name: here[name] for name in clips}
    before = {path: path.stat().st_mtime_ns for path in workspace.clips.rglob("*.flac")}
    make(workspace, address)
    assert {path: path.stat().st_mtime_ns for path in workspace.clips.rglob("*.flac")} == before


def _wait_for_clips(place: Workspace, count: int) -> None:
    while sum(1 for _ in place.clips.rglob("*.flac")) < count:
        time.sleep(0.02)


def test_a_worker_with_another_version_of_an_engine_refuses(dask):
    """Its bytes would not be those of this machine."""
    task = cluster.RemoteJob(Utterance(find("tone/low"), "x", "x", 0), {}, "tone-0", None)
    with cluster.connected(dask[0]) as executor:
        assert executor is not None
        with pytest.raises(
            NarrationError, match="a cluster worker has another version of the engine: 'tone-1' instead of 'tone-0'"
        ):
            list(cluster.run_all(executor, {"x": task}))


def test_an_absent_cluster_is_reported(workspace, monkeypatch):
    """With the commands that start one; nothing is made."""
    monkeypatch.setattr(cluster, "TIMEOUT_S", 1)
    with pytest.raises(NarrationError, match="no answer from a Dask cluster at tcp://") as caught:
        make(workspace, "tcp://127.0.0.1:9")
    assert "dask scheduler" in caught.value.hint
    assert not list(workspace.audio.glob("*.mp3"))
