# SPDX-License-Identifier: GPL-3.0-or-later
"""The same narration on many machines: `podcast make --cluster tcp://…` spreads it over a Dask cluster.

    RemoteJob (an utterance, and what shapes its sound) -> work, on any worker -> FLAC and frames -> the clip store here

Workers need this package and its voices, and nothing else: no shared disk. They return bytes, the same that this
machine would make; a worker with another version of an engine refuses. What a worker held when it died, another does.
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

PATIENCE_S = 10
"""For a scheduler that does not answer."""

RETRIES = 3
"""How many workers may die over one clip."""

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class RemoteJob:
    """What a worker elsewhere has to know. It names no path and holds no key of a service."""

    utterance: Utterance
    settings: Mapping[str, object]
    """Of its engine."""
    revision: str
    """Of its engine, as the clip's key has it."""
    level: Level | None
    """None: only what the voice says is wanted."""
    form: mp3.Format = field(default_factory=mp3.Format)


@needed("a worker of the cluster", NarrationError)
def work(task: RemoteJob) -> tuple[bytes, bytes]:
    """Return a clip as FLAC, and mastered (empty if that was not asked for).

    Raises NarrationError, with the engine's reason or because this worker is not like the machine that asks.
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


def each(executor: Executor, tasks: Mapping[str, RemoteJob]) -> Iterator[tuple[str, bytes, bytes]]:
    """Yield the name, FLAC and frames of each task as they come, the longest begun first; nothing is held back.

    The first error stops what has not begun, and is raised.
    """
    by_length = sorted(tasks, key=lambda name: (-len(tasks[name].utterance.said), name))
    futures = {executor.submit(work, tasks[name]): name for name in by_length}
    try:
        for future in as_completed(list(futures)):
            name = futures.pop(future)  # so that its bytes can be forgotten
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
    """Give the executor of the cluster at `address` (tcp://host:8786).

    Raises NarrationError if `distributed` is not installed, or if nobody answers.
    """
    try:
        import distributed
    except ImportError:
        raise NarrationError("Dask is not installed", hint=install("cluster")) from None
    make_client: Any = distributed.Client
    try:
        client = make_client(address, timeout=PATIENCE_S)
    except (OSError, ValueError, TimeoutError) as error:
        hint = "start it with: dask scheduler, and on each machine: dask worker tcp://HOST:8786"
        raise NarrationError(f"no answer from a Dask cluster at {address}", hint=hint) from error
    with client:
        if not client.scheduler_info()["workers"]:
            raise NarrationError(
                f"the cluster at {address} has no workers", hint=f"start one with: dask worker {address}"
            )
        yield client.get_executor(retries=RETRIES)
