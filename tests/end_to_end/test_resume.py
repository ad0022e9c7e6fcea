# SPDX-License-Identifier: GPL-3.0-or-later
"""A run may be killed at any moment: the next one goes on, and the outcome is the same to the byte."""

import hashlib
import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

from helpers import SHOW_TOML, TESTS

from podcast.workspace import TEMPORARY

KILLED = TESTS / "support" / "killed.py"
ARTICLES = TESTS / "data" / "articles"
MAKE = [sys.executable, "-c", "from podcast.cli.main import main; main(['make', '-q'])"]
QUIET = '\n[music]\nintro = ""\noutro = ""\n'
FEED = [sys.executable, "-c", "from podcast.cli.main import main; main(['feed'])"]
SLOW = "\n[engine.tone]\ncost_ms = {cost}\n"


def prepared(folder: Path, cost_ms: int, text: str = "") -> Path:
    """Return a show with the script of a text, in which a sentence takes so long."""
    folder.mkdir()
    (folder / "show.toml").write_text(SHOW_TOML + SLOW.format(cost=cost_ms) + QUIET, encoding="utf-8")
    (folder / "article.md").write_text(text or (ARTICLES / "mer-salee.md").read_text("utf-8"), encoding="utf-8")
    os.utime(folder / "article.md", (1_700_000_000, 1_700_000_000))  # an article without a date has its file's
    code = "from podcast.cli.main import main; main(['script', 'article.md', '--language', 'fr'])"
    subprocess.run([sys.executable, "-c", code], cwd=folder, check=True, capture_output=True)
    return folder


def waves(count: int) -> str:
    """Return an article of short sentences."""
    return "# Les vagues\n\n" + "\n\n".join(f"Vague {number}." for number in range(count))


def digests(folder: Path) -> dict[str, str]:
    """Return the digest of every outcome: not of what tells one show.toml from the other."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name not in {".lock", ".scripts.json", "show.toml"}
    }


def finished(folder: Path) -> list[Path]:
    """Return the clips that are narrated."""
    return [path for path in folder.rglob("*.flac") if not path.name.startswith(TEMPORARY)]


def wait_for(folder: Path, count: int, run: subprocess.Popen) -> None:
    """Wait until a run has narrated so many clips, and a moment more."""
    until = time.monotonic() + 60
    while len(finished(folder)) <= count:
        assert run.poll() is None, "the run ended before it could be killed"
        assert time.monotonic() < until, "the run narrates nothing"
        time.sleep(0.01)
    time.sleep(0.013 * (count % 4))


def test_killed_runs_leave_nothing_that_matters(tmp_path):
    """Killed at twenty random moments, a show ends with the same files; no finished clip is narrated again."""
    calm = prepared(tmp_path / "calm", 40, waves(20))
    done = subprocess.run(
        [sys.executable, str(KILLED), str(tmp_path), "20", "7"], check=True, capture_output=True, text=True
    )
    seen = json.loads(done.stdout)
    clips = len(list(calm.rglob("*.flac")))

    assert seen["kills"] == 20
    assert seen["again"] == []
    assert seen["narrated"] <= clips * len(seen["shows"]) + 20 * seen["at once"]  # what was being said when it died
    for name in seen["shows"]:
        show = tmp_path / name
        assert digests(show) == digests(calm)
        assert not list(show.rglob(f"{TEMPORARY}*"))


def test_a_second_run_waits_for_the_first(tmp_path):
    """It says who holds the show, and since when; then it finds everything done. No file is written twice or broken."""
    calm = prepared(tmp_path / "calm", 0, waves(6))
    subprocess.run(MAKE, cwd=calm, check=True, capture_output=True)
    show = prepared(tmp_path / "show", 300, waves(6))
    first = subprocess.Popen(MAKE, cwd=show, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    wait_for(show, 1, first)
    second = subprocess.Popen(MAKE, cwd=show, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    feed = subprocess.run(FEED, check=False, cwd=show, capture_output=True, text=True)
    told, said = first.communicate(timeout=60), second.communicate(timeout=60)

    who = rf"another podcast command \(process {first.pid}, started [-0-9]+ [:0-9]+\) is working on "
    assert (first.returncode, second.returncode, feed.returncode) == (0, 0, 1)
    assert re.search(f"{who}.*; waiting for it to finish", said[1])
    assert "another podcast command" not in told[1]
    assert re.search(f"error: {who}", feed.stderr)
    assert "  rendered\n" in told[0]
    assert "  up to date\n" in said[0]
    assert digests(show) == digests(calm)
    assert not list(show.rglob(f"{TEMPORARY}*"))


def test_a_run_that_was_killed_blocks_nobody(tmp_path):
    """Its lock went with it: the next run does not wait."""
    show = prepared(tmp_path / "show", 300, waves(6))
    run = subprocess.Popen(MAKE, cwd=show, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    wait_for(show, 1, run)
    run.kill()
    run.wait()
    done = subprocess.run(MAKE, cwd=show, check=True, capture_output=True, text=True)

    assert "another podcast command" not in done.stderr


def test_ctrl_c_stops_cleanly(tmp_path):
    """Exit code 130, one word about going on, no trace."""
    show = prepared(tmp_path / "show", 200)
    run = subprocess.Popen(MAKE, cwd=show, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    wait_for(show, 1, run)
    run.send_signal(signal.SIGINT)
    _, err = run.communicate(timeout=30)

    assert run.returncode == 130
    assert "the next run resumes here" in err
    assert "Traceback" not in err
    assert not list(show.rglob(f"{TEMPORARY}*"))
