# SPDX-License-Identifier: GPL-3.0-or-later
"""Commands that a test runs: in this process, or at a terminal."""

import os
import pty
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from podcast.cli.main import main


def run(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    """Return exit code, standard output and standard error of a command."""
    with pytest.raises(SystemExit) as ended:
        main([str(argument) for argument in arguments])
    printed = capsys.readouterr()
    return int(ended.value.code or 0), printed.out, printed.err


def files(folder: Path) -> set[str]:
    """Return the names of the files in a folder."""
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def at_terminal(folder, arguments, typed):
    """Run a command at a terminal where `typed` is typed; return its exit code and what the person sees."""
    terminal, inner = pty.openpty()
    code = f"from podcast.cli.main import main; main({arguments!r})"
    streams = dict.fromkeys(("stdin", "stdout", "stderr"), inner)
    child = subprocess.Popen([sys.executable, "-c", code], cwd=folder, start_new_session=True, **streams)
    os.close(inner)
    os.write(terminal, typed.encode())
    said = b""
    with suppress(OSError):  # Linux's way to say that the other side is closed
        while more := os.read(terminal, 4096):
            said += more
    os.close(terminal)
    return child.wait(), said.decode()
