# SPDX-License-Identifier: GPL-3.0-or-later
"""The tutorial works as written: its commands are run in one shell, and what it shows is what comes out.

In a ```console block, `$ ` begins a command (a here-document goes on to its END, a line that ends
with a backslash on the next), and the lines below are what it
prints; `…` stands for anything, a line of it for any lines.
"""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from helpers import ROOT

MARK = "--- command "


def steps(text: str) -> list[tuple[str, str]]:
    """Return (command, what it prints) of every console block, in order."""
    found: list[tuple[str, str]] = []
    for block in re.findall(r"^```console\n(.*?)^```$", text, re.MULTILINE | re.DOTALL):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command = re.match(r"[^\n]*<<'END'\n.*?^END\n|(?:[^\n]*\\\n)*[^\n]*\n", part, re.MULTILINE | re.DOTALL)
            assert command, part
            found.append((command[0], part[command.end() :]))
    return found


def pattern(expected: str) -> re.Pattern[str]:
    """Return what the output of a command has to match."""
    lines = [
        r"(?:[^\n]*\n)*" if line == "…" else ".*".join(map(_escaped, line.split("…"))) + r"\n"
        for line in expected.splitlines()
    ]
    return re.compile("".join(lines))


def _escaped(text: str) -> str:
    return r"\s+".join(map(re.escape, re.split(" {2,}|\t", text)))


@pytest.fixture(scope="module")
def printed(tmp_path_factory):
    """Run all commands of the tutorial, and return what each printed."""
    commands = [command for command, _ in steps((ROOT / "docs" / "tutorial.md").read_text(encoding="utf-8"))]
    script = "".join(f"echo '{MARK}{number}'\n{command}" for number, command in enumerate(commands))
    environment = {**os.environ, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}", "LC_ALL": "C.UTF-8"}
    done = subprocess.run(
        ["bash", "-eu"],
        input=script,
        cwd=tmp_path_factory.mktemp("tutorial"),
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-2000:]
    return re.split(rf"^{MARK}\d+\n", done.stdout, flags=re.MULTILINE)[1:]


STEPS = steps((ROOT / "docs" / "tutorial.md").read_text(encoding="utf-8"))


@pytest.mark.parametrize("number", range(len(STEPS)), ids=lambda number: STEPS[number][0].split("\n")[0][:40])
def test_a_step_prints_what_the_tutorial_shows(number, printed):
    """Whoever follows the page sees what stands on it."""
    _, expected = STEPS[number]

    if expected.strip():
        assert pattern(expected).fullmatch(printed[number]), printed[number]


def test_there_are_steps():
    """The page has not lost its commands."""
    assert len(STEPS) >= 9
