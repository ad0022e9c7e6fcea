# SPDX-License-Identifier: GPL-3.0-or-later
"""How narration scales over the workers of a Dask cluster, on this machine: efficiency, and overhead a clip.

    python benchmarks/scale.py [clips] [milliseconds a clip]     (10000 and 20 by default)

The tone engine waits so long a clip, in place of a voice on a core of its own; so eight workers can be tried on two
cores. Efficiency is the time that the clips would take without any overhead, divided by the time they took.
"""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from podcast.model import Utterance
from podcast.produce.render import cluster
from podcast.voices import engine, find

WORKERS = (1, 2, 4, 8)


def main(clips: int = 10_000, cost_ms: int = 20) -> None:
    """Print a line for each number of workers."""
    voice = find("tone/low")
    settings = {"cost_ms": cost_ms}
    revision = engine("tone", settings).revision(voice)
    tasks = {
        str(number): cluster.RemoteJob(Utterance(voice, f"n {number}", f"n {number}", 0), settings, revision, None)
        for number in range(clips)
    }
    print(f"{clips} clips of {cost_ms} ms")
    print("workers   seconds   efficiency   overhead a clip")
    for count in WORKERS:
        seconds = _timed(tasks, count)
        ideal = clips * cost_ms / 1000 / count
        print(f"{count:7} {seconds:9.1f} {ideal / seconds:12.2f} {(seconds - ideal) * count / clips * 1000:14.1f} ms")


def _timed(tasks: dict[str, cluster.RemoteJob], count: int) -> float:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "scheduler.json"
        dask = [sys.executable, "-m", "dask"]
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": folder}
        common = ["--host", "127.0.0.1", "--no-dashboard", "--scheduler-file", str(file)]
        # one thread of numbers a worker: their tones are not what is measured
        env = {**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
        parts = [subprocess.Popen([*dask, "scheduler", "--port", "0", *common], **quiet)]
        try:
            while not file.exists():
                time.sleep(0.1)
            worker = [*dask, "worker", "--nthreads", "1", "--no-nanny", *common]
            parts += [subprocess.Popen(worker, env=env, **quiet) for _ in range(count)]
            return _run(tasks, count, file)
        finally:
            for part in parts:
                part.kill()
                part.wait()


def _run(tasks: dict[str, cluster.RemoteJob], count: int, file: Path) -> float:
    import distributed

    with distributed.Client(scheduler_file=str(file)) as client:
        client.wait_for_workers(count)
        warm = client.get_executor()
        list(cluster.run_all(warm, {name: tasks[name] for name in list(tasks)[: count * 4]}))  # imports, first calls
        rest = {name: tasks[name] for name in list(tasks)[count * 4 :]}
        start = time.perf_counter()
        done = sum(1 for _ in cluster.run_all(client.get_executor(retries=cluster.RETRIES), rest))
        assert done == len(rest)
        return (time.perf_counter() - start) * len(tasks) / len(rest)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
