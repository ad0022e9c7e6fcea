# SPDX-License-Identifier: GPL-3.0-or-later
"""Does memory grow with length? Peak memory of `podcast make` for 6 and 60 minutes of tones.

    .venv/bin/python benchmarks/memory.py [MINUTES…]

The first run narrates and masters; the second mixes from the cache alone, after one word of the script has changed.
"""

import os
import sys
import tempfile
from pathlib import Path

SHOW = """\
[show]
title = "Bench"
language = "en"
url = "https://bench.example/"
description = "Tones."
author = "Bench"
email = "bench@bench.example"
[voices]
en = "tone/low"
"""

SCRIPT = """\
---
title: {minutes} minutes
guid: 3bf623e1-fd31-5b8d-be89-e5840df4cec5
date: 2026-11-23T06:00:00+00:00
language: en
---
"""

SENTENCE = (
    "This is sentence number {number} of a long text that says nothing, yet takes about six seconds to be heard by you."
)


def run(*command: str, folder: Path) -> tuple[float, float]:
    """Return the CPU seconds and the largest resident set, in MB, of a process."""
    pid = os.fork()
    if pid == 0:
        os.chdir(folder)
        quiet = os.open(os.devnull, os.O_WRONLY)
        os.dup2(quiet, 1)
        os.execv(command[0], command)  # noqa: S606 - the command is our own
    _, status, usage = os.wait4(pid, 0)
    if status:
        raise SystemExit(f"{' '.join(command)} failed")
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024 / 1e6


def main(lengths: list[int]) -> None:
    """Print the figures."""
    podcast = str(Path(sys.executable).with_name("podcast"))
    print("minutes   narrate and mix   mix alone   (peak MB)")
    for minutes in lengths:
        with tempfile.TemporaryDirectory() as name:
            show = Path(name)
            (show / "show.toml").write_text(SHOW)
            (show / "scripts").mkdir()
            script = show / "scripts" / "long.md"
            lines = [SENTENCE.format(number=number) for number in range(minutes * 9)]
            script.write_text(SCRIPT.format(minutes=minutes) + "\n" + "\n\n".join(lines) + "\n")
            _, cold = run(podcast, "make", "-q", folder=show)
            script.write_text(script.read_text().replace("number 7 ", "number seven "))
            _, warm = run(podcast, "make", "-q", folder=show)
        print(f"{minutes:7}   {cold:15.0f}   {warm:9.0f}")


if __name__ == "__main__":
    main([int(word) for word in sys.argv[1:]] or [6, 60])
