# SPDX-License-Identifier: GPL-3.0-or-later
"""How much quicker two workers narrate than one: wall time of the same sentences, by turns, in one run.

    .venv/bin/python benchmarks/speedup.py [VOICE…]     (kokoro/ff_siwis pico/fr by default; RUNS=3 for medians)

`engine` is the bare engine behind a queue and nothing else; `narrate` is the same sentences through engine, checks and
clip store; both with the model loaded. `make` is the whole of `podcast make -j`, from starting Python to the feed.
`cores` is what two processes that only compute gain here: where it is far from 2, the machine is not quiet, and no
other figure counts. Workers share the memory bus and the cache: nothing above the engine gains more than it does.
"""

import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

from overhead import ARTICLE, sentences

from podcast import voices
from podcast.model import Utterance
from podcast.narrate import synthesis

VOICES = ("kokoro/ff_siwis", "pico/fr")
WORKERS = (1, 2)


def compute(_number: int) -> int:
    """Keep a core busy for a while."""
    return sum(number * number for number in range(6_000_000))


def computed(workers: int) -> float:
    """Return the seconds that eight computations take."""
    with ProcessPoolExecutor(workers) as pool:
        list(pool.map(int, range(workers)))  # they have started
        start = time.perf_counter()
        list(pool.map(compute, range(8)))
        return time.perf_counter() - start


def prepared(folder: Path, ref: str) -> Path:
    """Return a show that has the article's script for a voice."""
    show = folder / ref.replace("/", "-")
    show.mkdir()
    podcast = [str(Path(sys.executable).with_name("podcast")), "--show", str(show)]
    subprocess.run([*podcast[:1], "init", str(show), "--title", "Bench"], check=True, capture_output=True)
    toml = show / "show.toml"
    text = toml.read_text(encoding="utf-8")
    toml.write_text(re.sub(r"(?m)^(\[voices\].*)$", rf'\1\nfr = "{ref}"', text), encoding="utf-8")
    subprocess.run([*podcast, "script", str(ARTICLE)], check=True, capture_output=True)
    return show


def ready(show: Path, ref: str) -> tuple[voices.Engine, list[Utterance]]:
    """Return a voice's engine with its model loaded, and the article's sentences, longest first."""
    voice = voices.find(ref)
    engine = voices.engine(voice.engine, {})
    engine.speak("La mer est calme.", voice)
    told = [Utterance(voice, job["said"], job["said"], 0) for job in sentences(show)]
    return engine, sorted(told, key=lambda one: -len(one.said))


def spoken(engine: voices.Engine, told: list[Utterance], workers: int) -> float:
    """Return the seconds that the bare engine takes."""
    with synthesis.threads(workers) as executor:
        start = time.perf_counter()
        list(executor.map(lambda one: engine.speak(one.said, one.voice), told))
        return time.perf_counter() - start


def narrated(engine: voices.Engine, told: list[Utterance], workers: int) -> float:
    """Return the seconds that narrating takes into an empty clip store."""
    with tempfile.TemporaryDirectory() as folder, synthesis.threads(workers) as executor:
        store = synthesis.ClipStore(Path(folder))
        start = time.perf_counter()
        synthesis.in_parallel(
            told, lambda one: synthesis.speak(one, engine, store), executor, cost=lambda one: float(len(one.said))
        )
        return time.perf_counter() - start


def made(show: Path, workers: int) -> float:
    """Return the seconds that `podcast make` takes when nothing is kept."""
    for path in [*show.glob("audio/clips/*/*"), *show.glob("audio/*.json")]:
        path.unlink()
    command = [str(Path(sys.executable).with_name("podcast")), "make", "-q", "-j", str(workers)]
    start = time.perf_counter()
    subprocess.run(command, cwd=show, check=True, capture_output=True)
    return time.perf_counter() - start


def compared(what: str, runs: int, timed: Callable[[int], float]) -> None:
    """Print the medians for one and two workers, taken by turns, and their ratio."""
    seconds: dict[int, list[float]] = {workers: [] for workers in WORKERS}
    for _ in range(runs):
        for workers in WORKERS:
            seconds[workers].append(timed(workers))
    one, two = (statistics.median(seconds[workers]) for workers in WORKERS)
    print(f"{what:28} {one:8.2f} s {two:8.2f} s   x {one / two:.2f}", flush=True)


def main(refs: list[str], runs: int) -> None:
    """Print the figures."""
    print(f"{'':28} {'1 worker':>10} {'2 workers':>10}")
    compared("cores", runs, computed)
    with tempfile.TemporaryDirectory() as folder:
        for ref in refs:
            show = prepared(Path(folder), ref)
            engine, told = ready(show, ref)
            compared(f"{ref}: engine", runs, partial(spoken, engine, told))
            compared(f"{ref}: narrate", runs, partial(narrated, engine, told))
            compared(f"{ref}: make", runs, partial(made, show))


if __name__ == "__main__":
    main(sys.argv[1:] or list(VOICES), int(os.environ.get("RUNS", "1")))
