# SPDX-License-Identifier: GPL-3.0-or-later
"""What mastering costs: CPU of `podcast make` over CPU of a bare LAME encode of the same sound, and peak memory.

    .venv/bin/python benchmarks/mastering.py [VOICE]

All sentences are narrated before the clock starts. `cold` masters, mixes, measures and tags an hour; `one changed` does
it again after one word has changed, with that sentence narrated. `bare` is the decoded hour through lameenc, alone, in
the same run: the ratios are of user and system seconds of whole processes. The four hours repeat the sentences of one.
"""

import os
import sys
import tempfile
from pathlib import Path

from memory import SCRIPT, SENTENCE, SHOW

BARE = """
import resource, sys
import lameenc, numpy as np, soundfile
pcm, rate = soundfile.read(sys.argv[1], dtype="int16")
encoder = lameenc.Encoder()
encoder.set_channels(2); encoder.set_in_sample_rate(rate); encoder.set_bit_rate(128); encoder.set_quality(3)
encoder.silence()
data = pcm.tobytes()
before = resource.getrusage(resource.RUSAGE_SELF)
encoder.encode(data); encoder.flush()
after = resource.getrusage(resource.RUSAGE_SELF)
open(sys.argv[2], "w").write(str(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime))
"""


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


def write(show: Path, minutes: int, paragraphs: int) -> Path:
    """Write a script; after an hour of sentences it begins again."""
    path = show / "scripts" / f"of-{minutes}.md"
    guid = f"3bf623e1-fd31-5b8d-be89-e5840df4{minutes:04d}"
    head = SCRIPT.format(minutes=minutes).replace("3bf623e1-fd31-5b8d-be89-e5840df4cec5", guid)
    head = head.replace("2026-11-23", f"2026-11-{minutes // 10 + 1:02d}")  # no two episodes have a date in common
    lines = [SENTENCE.format(number=number % 600) for number in range(paragraphs)]
    path.write_text(head + "\n" + "\n\n".join(lines) + "\n")
    return path


def forget_mastered(show: Path) -> None:
    """Remove everything but what the voice has said."""
    for path in (show / "audio" / "clips").rglob("*.frames"):
        path.unlink()


def main(voice: str) -> None:
    """Print the figures."""
    podcast = str(Path(sys.executable).with_name("podcast"))
    with tempfile.TemporaryDirectory() as name:
        show = Path(name)
        (show / "show.toml").write_text(SHOW.replace("tone/low", voice))
        (show / "scripts").mkdir()
        hour = write(show, 60, 600)
        run(podcast, "make", "-q", "of-60", folder=show)
        forget_mastered(show)
        (show / "audio" / "of-60.json").unlink()
        cold, cold_mb = run(podcast, "make", "-q", "of-60", folder=show)
        sound, seconds = show / "audio" / "of-60.mp3", show / "bare.txt"
        run(sys.executable, "-c", BARE, str(sound), str(seconds), folder=show)
        bare = float(seconds.read_text())
        hour.write_text(hour.read_text().replace("number 300 ", "number three hundred "))
        one, _ = run(podcast, "make", "-q", "of-60", folder=show)
        length = sound.stat().st_size / 16_000 / 60
        print(f"{voice}: {length:.1f} min   bare LAME {bare:.1f} s of CPU")
        print(f"cold         {cold:6.1f} s   x {cold / bare:.2f}   peak {cold_mb:.0f} MB")
        print(f"one changed  {one:6.1f} s   x {one / bare:.3f}")
        for minutes in (6, 240):
            write(show, minutes, minutes * 10)
            _, peak_mb = run(podcast, "make", "-q", f"of-{minutes}", folder=show)
            print(f"{minutes:4d} min   peak {peak_mb:.0f} MB")


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "espeak/en")
