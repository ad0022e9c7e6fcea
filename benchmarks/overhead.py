# SPDX-License-Identifier: GPL-3.0-or-later
"""What the producer costs beyond the voice: its CPU over that of the bare engine for the same sentences.

    .venv/bin/python benchmarks/overhead.py [ARTICLE]     (RUNS=3 for medians)

`narration` is sentences through engine, checks and clip store, on all cores; `podcast make` is everything from starting
Python to the feed, with the one sentence more by which a new voice is levelled. All run in one session, in turn, each
in a process of its own.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

ARTICLE = Path(__file__).parent.parent / "tests" / "data" / "articles" / "mer-salee.md"

TOLD = """
import json, pathlib, sys
from podcast import voices
from podcast.narrate import synthesis as narrate
from podcast.model import Utterance
told = [(Utterance(voices.find(one["voice"]), one["said"], one["said"], 0)) for one in json.load(open(sys.argv[1]))]
told.sort(key=lambda one: -len(one.said))
engines = {one.voice.engine: voices.engine(one.voice.engine, {}) for one in told}
"""

BARE = f"""{TOLD}
from concurrent.futures import ThreadPoolExecutor
with ThreadPoolExecutor(narrate.workers()) as pool:
    list(pool.map(lambda one: engines[one.voice.engine].speak(one.said, one.voice), told))
"""

NARRATION = f"""{TOLD}
store = narrate.ClipStore(pathlib.Path(sys.argv[2]))
with narrate.threads() as pool:
    narrate.in_parallel(told, lambda one: narrate.speak(one, engines[one.voice.engine], store), pool)
"""


def cpu_seconds(*command: str, folder: Path) -> float:
    """Return user and system seconds of a process and all that it started."""
    before = os.times()
    subprocess.run(command, cwd=folder, check=True, capture_output=True)
    after = os.times()
    return after.children_user + after.children_system - before.children_user - before.children_system


def sentences(show: Path) -> list[dict[str, str]]:
    """Return what the voices are given for the one script of a show."""
    from podcast.config.load import load
    from podcast.narrate import utterances
    from podcast.produce.intake import scripts
    from podcast.workspace import Workspace

    place = Workspace(show)
    (path,) = place.script_files()
    pieces = utterances.pieces(scripts.load(place, path.stem), load(place.show))
    spoken = [piece for piece in pieces if isinstance(piece, utterances.Utterance)]
    return [{"voice": piece.voice.ref, "said": piece.said} for piece in spoken]


def main(article: Path, runs: int) -> None:
    """Print the figures."""
    podcast = str(Path(sys.executable).with_name("podcast"))
    seconds: dict[str, list[float]] = {"bare engine": [], "narration": [], "podcast make": []}
    for _ in range(runs):
        with tempfile.TemporaryDirectory() as name:
            show = Path(name)
            subprocess.run([podcast, "init", ".", "--title", "Bench"], cwd=show, check=True, capture_output=True)
            subprocess.run([podcast, "script", str(article)], cwd=show, check=True, capture_output=True)
            jobs = show / "jobs.json"
            jobs.write_text(json.dumps(sentences(show)))
            bare = cpu_seconds(sys.executable, "-c", BARE, str(jobs), folder=show)
            narrated = cpu_seconds(sys.executable, "-c", NARRATION, str(jobs), str(show / "clips"), folder=show)
            made = cpu_seconds(podcast, "make", "-q", folder=show)
        for what, took in zip(seconds, (bare, narrated, made), strict=True):
            seconds[what].append(took)
    least = statistics.median(seconds["bare engine"])
    for what, took in seconds.items():
        print(f"{what:14}{statistics.median(took):8.1f} s of CPU   x {statistics.median(took) / least:.3f}")


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve() if len(sys.argv) > 1 else ARTICLE, runs=int(os.environ.get("RUNS", "1")))
