# SPDX-License-Identifier: GPL-3.0-or-later
"""Narration on several machines: `podcast make --cluster tcp://…` distributes it over a Dask cluster.

    RemoteJob (an utterance and its settings) -> work, on any worker -> FLAC and MP3 frames -> the local clip store

Workers need this package and its voices, but no shared disk. They return the same bytes that this machine would
produce; a worker with another version of an engine refuses. If a worker dies, its tasks are run on another one.
"""

import logging
from collections.abc import Iterator, Mapping
from concurrent.futures import Executor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from podcast import __version__, voices
from podcast.errors import NarrationError, PodcastError
from podcast.model import Utterance
from podcast.narrate import synthesis
from podcast.packages.distribution import NAME, install
from podcast.packages.imports import needed
from podcast.sound import mastering, mp3
from podcast.sound.mastering import Level

TIMEOUT_S = 10
"""Timeout for the connection to the scheduler."""

RETRIES = 3
"""How often a clip is retried after its worker died."""

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class RemoteJob:
    """A task for a worker. It contains neither paths nor API keys."""

    utterance: Utterance
    settings: Mapping[str, object]
    """Settings of its engine."""
    revision: str
    """Revision of its engine, as in the key of the clip."""
    level: Level | None
    """Mastering level; None to narrate only."""
    form: mp3.Format = field(default_factory=mp3.Format)


@needed("a worker of the cluster", NarrationError)
def work(task: RemoteJob) -> tuple[bytes, bytes]:
    """Return a clip as FLAC, and its mastered frames (empty if not requested).

    Raises NarrationError if the engine fails, or if its revision on this worker differs.
    """
    voice = task.utterance.voice
    engine = voices.engine(voice.engine, task.settings)
    if (found := engine.revision(voice)) != task.revision:
        raise NarrationError(
            f"a cluster worker has another version of the engine: {found!r} instead of {task.revision!r}",
            hint=f"install {NAME} {__version__} with the same dependencies on every machine",
        )
    flac = synthesis.synthesize_flac(task.utterance, engine)
    if task.level is None:
        return flac, b""
    return flac, mastering.master(synthesis.decode_clip(flac), task.level, task.form).to_bytes()


def run_all(executor: Executor, tasks: Mapping[str, RemoteJob]) -> Iterator[tuple[str, bytes, bytes]]:
    """Yield the name, FLAC and frames of each task as it completes; the longest are started first.

    The first error is raised, and cancels tasks that have not started.
    """
    by_length = sorted(tasks, key=lambda name: (-len(tasks[name].utterance.said), name))
    futures = {executor.submit(work, tasks[name]): name for name in by_length}
    try:
        for future in as_completed(list(futures)):
            name = futures.pop(future)  # so that its bytes can be freed
            yield name, *_result(future)
    finally:
        for future in futures:
            future.cancel()


def _result(future: Any) -> tuple[bytes, bytes]:
    from distributed import KilledWorker

    try:
        flac, frames = future.result()
    except KilledWorker as error:
        hint = "check the logs of the workers (out of memory?), or reword the sentence"
        raise NarrationError(f"a sentence crashed {RETRIES + 1} cluster workers", hint=hint) from error
    except PodcastError as error:
        if error.traceback:
            logger.debug("on a cluster worker:\n%s", error.traceback)
        raise
    return flac, frames


@contextmanager
def connected(address: str) -> Iterator[Executor]:
    """Connect to the cluster at `address` (tcp://host:8786), and yield its executor.

    Raises NarrationError if `distributed` is not installed, or if the cluster does not answer.
    """
    try:
        import distributed
    except ImportError:
        raise NarrationError("Dask is not installed", hint=install("cluster")) from None
    make_client: Any = distributed.Client
    try:
        client = make_client(address, timeout=TIMEOUT_S)
    except (OSError, ValueError, TimeoutError) as error:
        hint = "start it with: dask scheduler, and on each machine: dask worker tcp://HOST:8786"
        raise NarrationError(f"no answer from a Dask cluster at {address}", hint=hint) from error
    with client:
        if not client.scheduler_info()["workers"]:
            raise NarrationError(
                f"the cluster at {address} has no workers", hint=f"start one with: dask worker {address}"
            )
        yield client.get_executor(retries=RETRIES)
