# SPDX-License-Identifier: GPL-3.0-or-later
"""A run may be killed at any moment: the next one goes on, and the outcome is the same to the byte."""

import hashlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from conftest import SHOW_TOML

from podcast.workspace import TEMPORARY

ARTICLES = Path(__file__).parent / "data" / "articles"
MAKE = [sys.executable, "-c", "from podcast.cli import main; main(['make', '-q'])"]
SLOW = "\n[engine.tone]\ncost_ms = {cost}\n"


def prepared(folder: Path, cost_ms: int) -> Path:
    """Return a show with a script, in which a sentence takes so long."""
    folder.mkdir()
    (folder / "show.toml").write_text(SHOW_TOML + SLOW.format(cost=cost_ms), encoding="utf-8")
    code = f"from podcast.cli import main; main(['script', {str(ARTICLES / 'mer-salee.md')!r}])"
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
    """Killed five times in the midst of its work, the show is as if it never had been."""
    calm = prepared(tmp_path / "calm", 0)
    subprocess.run(MAKE, cwd=calm, check=True, capture_output=True)
    rough = prepared(tmp_path / "rough", 40)
    clips = []
    for count in (0, 2, 7, 15, 24):
        run = subprocess.Popen(MAKE, cwd=rough, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        wait_for(rough, count, run)
        os.kill(run.pid, signal.SIGKILL)
        run.wait()
        clips.append({path: path.stat().st_mtime_ns for path in finished(rough)})

    subprocess.run(MAKE, cwd=rough, check=True, capture_output=True)

    assert digests(rough) == digests(calm)
    assert clips[-1]
    for earlier in clips:
        for path, written in earlier.items():
            assert path.stat().st_mtime_ns == written, "a finished clip was narrated again"
    assert not list(rough.rglob(f"{TEMPORARY}*"))


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
