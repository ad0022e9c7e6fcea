# SPDX-License-Identifier: GPL-3.0-or-later
"""Files are written whole or not at all, and one run at a time has the show."""

import os
import subprocess
import sys

import pytest

from podcast import workspace as module
from podcast.errors import WorkspaceError


def test_the_same_bytes_are_not_written_again(tmp_path):
    """A file that is right already keeps its time stamp, so that nothing downstream stirs."""
    path = tmp_path / "a" / "b.txt"

    assert module.write(path, "é")
    os.utime(path, (1, 1))
    assert not module.write(path, "é")
    assert path.stat().st_mtime == 1
    assert module.write(path, "ee")
    assert path.read_text() == "ee"  # of the same size


def test_an_error_in_mid_writing_leaves_the_old_file(tmp_path):
    """Nothing half-written takes a place, and nothing unfinished stays."""
    path = tmp_path / "b.txt"
    module.write(path, "old")

    with pytest.raises(ZeroDivisionError), module.replacing(path) as temporary:
        temporary.write_text("new")
        raise ZeroDivisionError

    assert path.read_text() == "old"
    assert [left.name for left in tmp_path.iterdir()] == ["b.txt"]


def test_a_place_that_cannot_be_written_is_named(tmp_path):
    """A file where a folder should be is an error message, not a traceback."""
    (tmp_path / "a").write_text("")

    with pytest.raises((WorkspaceError, NotADirectoryError, FileExistsError)):
        module.write(tmp_path / "a" / "b", "x")


def test_a_second_run_is_told_that_the_show_is_busy(workspace):
    """The lock holds between processes, and goes with its holder however that ends."""
    code = (
        "import sys, os, signal; from pathlib import Path; from podcast.workspace import Workspace\n"
        "with Workspace(Path(sys.argv[1])).lock():\n"
        "    print('held', flush=True); sys.stdin.read()\n"
    )
    holder = subprocess.Popen(
        [sys.executable, "-c", code, str(workspace.root)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    who = rf"another podcast command \(process {holder.pid}, started \d{{4}}-\d\d-\d\d \d\d:\d\d:\d\d\)"
    with pytest.raises(WorkspaceError, match=who), workspace.lock():
        pass
    holder.kill()
    holder.communicate()
    with workspace.lock():
        pass


def test_a_lock_that_nobody_holds_blocks_nobody(workspace):
    """Neither its file nor the name of a process that lives, and never had it, keeps a run from its work."""
    workspace.audio.mkdir()
    (workspace.audio / ".lock").touch()
    (workspace.audio / module.WORKING).write_text(f"{os.getpid()} 2026-11-23 06:00:00")
    told = []

    with workspace.lock(wait=told.append):
        assert (workspace.audio / module.WORKING).read_text().startswith(f"{os.getpid()} ")
    assert told == []
    assert not (workspace.audio / module.WORKING).exists()


def test_what_a_killed_run_left_is_swept(workspace):
    """Unfinished files go; everything else stays."""
    for folder in (workspace.scripts, workspace.clips / "ab", workspace.feed / "media", workspace.audio):
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{module.TEMPORARY}1234-x.mp3").write_text("half")
        (folder / "whole").write_text("whole")
    (workspace.audio / module.WORKING).touch()  # as a run leaves it that does not end by itself

    with workspace.lock():
        pass

    ours = {"show.toml", ".lock"}
    left = [path.name for path in workspace.root.rglob("*") if path.is_file() and path.name not in ours]
    assert left == ["whole"] * 4


def test_files_that_a_show_names_must_be_in_it(workspace):
    """A path out of the folder, or to nothing, is an error that names it."""
    with pytest.raises(WorkspaceError, match="outside the show"):
        workspace.file("../secret.flac")
    with pytest.raises(WorkspaceError, match=r"audio/x\.flac: file not found"):
        workspace.file("audio/x.flac")
