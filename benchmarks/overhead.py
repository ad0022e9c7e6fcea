# SPDX-License-Identifier: GPL-3.0-or-later
"""What the producer costs beyond the voice: CPU of `podcast make` over CPU of the bare engine for the same sentences.

    .venv/bin/python benchmarks/overhead.py [ARTICLE]

Both run in one session, one after the other, each in a process of its own, in turn; the ratio is of their medians.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

ARTICLE = Path(__file__).parent.parent / "tests" / "data" / "articles" / "mer-salee.md"

BARE = """
import json, sys
from concurrent.futures import ThreadPoolExecutor
from podcast import voices
from podcast.narrate import workers
jobs = json.load(open(sys.argv[1]))
def speak(job):
    voice = voices.find(job["voice"])
    voices.engine(voice.engine, {}).speak(job["said"], voice)
with ThreadPoolExecutor(workers()) as pool:
    list(pool.map(speak, sorted(jobs, key=lambda job: -len(job["said"]))))
"""


def cpu_seconds(*command: str, folder: Path) -> float:
    """Return user and system seconds of a process and all that it started."""
    before = os.times()
    subprocess.run(command, cwd=folder, check=True, capture_output=True)
    after = os.times()
    return after.children_user + after.children_system - before.children_user - before.children_system


def sentences(show: Path) -> list[dict[str, str]]:
    """Return what the voices are given for the one script of a show."""
    from podcast import utterance
    from podcast.produce import scripts
    from podcast.show import load
    from podcast.workspace import Workspace

    place = Workspace(show)
    (path,) = place.script_files()
    pieces = utterance.pieces(scripts.load(place, path.stem), load(place.show))
    spoken = [piece for piece in pieces if isinstance(piece, utterance.Utterance)]
    return [{"voice": piece.voice.ref, "said": piece.said} for piece in spoken]


def main(article: Path, runs: int) -> None:
    """Print the figures."""
    podcast = str(Path(sys.executable).with_name("podcast"))
    made, bare = [], []
    for _ in range(runs):
        with tempfile.TemporaryDirectory() as name:
            show = Path(name)
            subprocess.run([podcast, "init", ".", "--title", "Bench"], cwd=show, check=True, capture_output=True)
            subprocess.run([podcast, "script", str(article)], cwd=show, check=True, capture_output=True)
            jobs = show / "jobs.json"
            jobs.write_text(json.dumps(sentences(show)))
            bare.append(cpu_seconds(sys.executable, "-c", BARE, str(jobs), folder=show))
            made.append(cpu_seconds(podcast, "make", "-q", folder=show))
    print(f"bare engine   {statistics.median(bare):8.1f} s of CPU")
    print(f"podcast make  {statistics.median(made):8.1f} s of CPU")
    print(f"ratio         {statistics.median(made) / statistics.median(bare):8.3f}")


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve() if len(sys.argv) > 1 else ARTICLE, runs=int(os.environ.get("RUNS", "1")))
