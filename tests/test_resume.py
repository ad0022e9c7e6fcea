# SPDX-License-Identifier: GPL-3.0-or-later
"""A run may be killed at any moment: the next one goes on, and the outcome is the same to the byte."""

import hashlib
import json
import signal
import subprocess
import sys
import time
from pathlib import Path

from conftest import SHOW_TOML

from podcast.workspace import TEMPORARY

KILLED = Path(__file__).parent / "killed.py"
ARTICLES = Path(__file__).parent / "data" / "articles"
MAKE = [sys.executable, "-c", "from podcast.cli import main; main(['make', '-q'])"]
QUIET = '\n[music]\nintro = ""\noutro = ""\n'
SLOW = "\n[engine.tone]\ncost_ms = {cost}\n"


def prepared(folder: Path, cost_ms: int, text: str = "") -> Path:
    """Return a show with the script of a text, in which a sentence takes so long."""
    folder.mkdir()
    (folder / "show.toml").write_text(SHOW_TOML + SLOW.format(cost=cost_ms) + QUIET, encoding="utf-8")
    (folder / "article.md").write_text(text or (ARTICLES / "mer-salee.md").read_text("utf-8"), encoding="utf-8")
    code = "from podcast.cli import main; main(['script', 'article.md', '--language', 'fr'])"
    subprocess.run([sys.executable, "-c", code], cwd=folder, check=True, capture_output=True)
    return folder


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
    """Killed at twenty random moments, shows are as if they never had been, and no finished clip is narrated again."""
    text = "# Les vagues\n\n" + "\n\n".join(f"Vague {number}." for number in range(20))
    calm = prepared(tmp_path / "calm", 40, text)
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


def test_ctrl_c_stops_cleanly(tmp_path):
    """Exit code 130, one word about going on, no trace."""
    show = prepared(tmp_path / "show", 200)
    run = subprocess.Popen(MAKE, cwd=show, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    wait_for(show, 1, run)
    run.send_signal(signal.SIGINT)
    _, err = run.communicate(timeout=30)

    assert run.returncode == 130
    assert "the next run goes on from here" in err
    assert "Traceback" not in err
    assert not list(show.rglob(f"{TEMPORARY}*"))
