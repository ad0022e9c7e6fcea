# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs of the program that are killed: python killed.py FOLDER KILLS SEED; what was seen comes out as JSON.

FOLDER has a show, `calm`. It is made once, undisturbed. Copies of what it was before are then made and killed at random
moments of their work until KILLS are done; a copy that is finished before is followed by the next. Each run is a
process of its own, a fork of this one, which has all modules loaded: so that the moments fall into the work.
`begin` and `end` are such a run for others too (see faults/).
"""

import json
import os
import random
import shutil
import signal
import sys
import time
import traceback
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

from podcast import speakable
from podcast.cli.main import main
from podcast.narrate import synthesis
from podcast.sound import mastering
from podcast.sound.mastering import Level
from podcast.voices import find
from podcast.voices.engines.tone import Tone

LOADED = ("feedgen.feed", "jinja2", "mutagen.id3", "nh3", "PIL.Image", "podcast.produce.release.publication", "pydub")
"""What takes long to import."""

MAKE = (("make", "-q"),)

CRASHED = 70
"""Exit code of a run that ended by an exception that nobody caught."""


def warm_up() -> None:
    """Do once what every run would begin with, so that the moments fall into what comes after."""
    for module in LOADED:
        import_module(module)
    speakable.speak("1 km", "fr")
    speech = Tone({}).speak("Un deux trois quatre cinq six.", find("tone/low"))
    mastering.master(speech, Level(mastering.calibration_db(speech)))


def begin(show: Path, commands: Sequence[Sequence[str]] = MAKE, output: str | Path = os.devnull) -> int:
    """Start a run of commands in a show folder, which ends with the first that fails; return its process id."""
    pid = os.fork()
    if pid:
        return pid
    told = os.open(output, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o644)
    for stream in (0, 1, 2):
        os.dup2(told, stream)
    os.chdir(show)
    try:
        for command in commands:
            try:
                main(command)
            except SystemExit as ended:
                if ended.code:
                    os._exit(int(ended.code))
        sys.stdout.flush()
        os._exit(0)
    except BaseException:  # noqa: BLE001 - the fork must not go on as its parent
        traceback.print_exc()
    finally:
        os._exit(CRASHED)


def end(pid: int) -> int:
    """Wait for a run; return its exit code, negative if a signal ended it."""
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def clips(show: Path) -> dict[str, int]:
    """Return what is narrated, and when it was written."""
    return {path.name: path.stat().st_mtime_ns for path in show.glob("audio/clips/*/[!.]*.flac")}


def count_narrations(log: Path) -> None:
    """Have the engine write a line for each sentence that it begins."""
    speak = Tone.speak

    def counted(self: Tone, text: str, voice: object) -> object:
        with log.open("a") as file:
            file.write(f"{text}\n")
        return speak(self, text, voice)

    Tone.speak = counted


def kill(
    untouched: Path, length_s: float, kills: int, seed: int, commands: Sequence[Sequence[str]] = MAKE, inside: str = "."
) -> tuple[int, list[Path], list[str]]:
    """Kill runs in copies of a show, until it was done so often, each time within a quarter of a run's length.

    The commands run in the folder `inside` of a copy. Return how often it was, the copies, which are finished, and the
    clips that were narrated more than once.
    """
    moments = random.Random(seed)  # noqa: S311 - repeatable on purpose
    shows: list[Path] = []
    again: list[str] = []
    before: dict[str, int] = {}
    done, show = 0, None
    while done < kills or show is not None:
        if show is None:
            before = {}
            show = untouched.with_name(f"killed{len(shows) + 1}")
            shutil.copytree(untouched, show)
            shows.append(show)
        pid = begin(show / inside, commands)
        if done < kills:
            time.sleep(moments.uniform(0, length_s / 4))
            os.kill(pid, signal.SIGKILL)
        code = end(pid)
        done += code == -signal.SIGKILL
        after = clips(show / inside)
        again += [name for name, written in before.items() if after.get(name) != written]
        before = after
        show = None if code == 0 else show
        assert code in {0, -signal.SIGKILL}, code
    return done, shows, again


def run(folder: Path, kills: int, seed: int) -> dict[str, object]:
    """Do what the module says."""
    warm_up()
    calm, untouched = folder / "calm", folder / "untouched"
    shutil.copytree(calm, untouched)
    start = time.monotonic()
    assert end(begin(calm)) == 0
    length_s = time.monotonic() - start
    log = folder / "narrated"
    log.touch()
    count_narrations(log)
    done, shows, again = kill(untouched, length_s, kills, seed)
    return {
        "kills": done,
        "shows": [str(show.relative_to(folder)) for show in shows],
        "again": again,
        "narrated": len(log.read_text().splitlines()),
        "at once": synthesis.workers(),
    }


if __name__ == "__main__":
    sys.stdout.write(json.dumps(run(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))))
