# SPDX-License-Identifier: GPL-3.0-or-later
"""A shell completes commands, options, episodes and targets."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from helpers import edit

PROGRAM = Path(sys.executable).parent / "podcast"


@pytest.fixture
def scripts(folder: Path) -> Path:
    """Give a show with two scripts and a target."""
    (folder / "scripts").mkdir()
    for slug in ("le-sel", "le-vent"):
        (folder / "scripts" / f"{slug}.md").write_text("", encoding="utf-8")
    edit(folder / "show.toml", "[voices]", '[target.website]\nkind = "folder"\npath = "../site"\n\n[voices]')
    return folder


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("podcast ma", ["make"]),
        ("podcast make --dr", ["--dry-run"]),
        ("podcast make le-", ["le-sel", "le-vent"]),
        ("podcast make le-sel le-v", ["le-vent"]),
        ("podcast publish w", ["website"]),
        ("podcast music --format f", ["flac"]),
    ],
)
def test_bash_completes(scripts, line, expected):
    """A real bash, with the line of docs/commands.md in it, completes commands, options, episodes and targets."""
    ask = (
        'eval "$(_PODCAST_COMPLETE=bash_source podcast)"\n'
        f"COMP_WORDS=({line}); COMP_CWORD={len(line.split()) - 1}\n"
        'complete -p podcast >/dev/null && _podcast_completion podcast && printf "%s\\n" "${COMPREPLY[@]}"'
    )
    path = f"{PROGRAM.parent}:{os.environ['PATH']}"
    done = subprocess.run(
        [str(shutil.which("bash")), "-c", ask],
        check=True,
        capture_output=True,
        text=True,
        env=os.environ | {"PATH": path},
    )

    assert done.stdout.split() == expected


@pytest.mark.parametrize("shell", ["zsh", "fish"])
def test_other_shells_are_answered(scripts, shell):
    """What their functions ask for, as click's protocol has it."""
    given = {"_PODCAST_COMPLETE": f"{shell}_complete", "COMP_WORDS": "podcast make le-", "COMP_CWORD": "2"}
    if shell == "fish":
        given["COMP_CWORD"] = "le-"
    done = subprocess.run([str(PROGRAM)], check=True, capture_output=True, text=True, env=os.environ | given)
    source = subprocess.run(
        [str(PROGRAM)],
        check=True,
        capture_output=True,
        text=True,
        env=os.environ | {"_PODCAST_COMPLETE": f"{shell}_source"},
    )

    assert "le-sel" in done.stdout
    assert "le-vent" in done.stdout
    assert "_PODCAST_COMPLETE" in source.stdout


def test_a_folder_without_a_show_completes_to_files(tmp_path, monkeypatch):
    """Nothing is guessed, and no error disturbs the line."""
    monkeypatch.chdir(tmp_path)
    given = {"_PODCAST_COMPLETE": "bash_complete", "COMP_WORDS": "podcast make ar", "COMP_CWORD": "2"}
    done = subprocess.run([str(PROGRAM)], check=True, capture_output=True, text=True, env=os.environ | given)

    assert (done.stdout.strip(), done.stderr) == ("file,ar", "")
