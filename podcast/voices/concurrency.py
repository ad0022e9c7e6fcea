# SPDX-License-Identifier: GPL-3.0-or-later
"""Adapters that make an engine thread-safe, depending on its `runs_in`.

`threads`: it is thread-safe already. `one`: a lock serializes its calls. `processes`: each call runs in a process pool,
where the engine is created from its class and settings, and the calling thread waits. The output is the same.
"""

import threading
from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any, cast

import msgspec

from podcast.errors import SynthesisError
from podcast.model import Speech, Voice

if TYPE_CHECKING:
    from concurrent.futures import ProcessPoolExecutor

    from podcast.voices import Engine


def thread_safe(kind: "type[Engine]", settings: Mapping[str, object]) -> "Engine":
    """Create an engine that all threads can call."""
    engine = kind(settings)
    if engine.runs_in == "one":
        return cast("Engine", _Serialized(engine))
    if engine.runs_in == "processes":
        return cast("Engine", _InProcessPool(engine, msgspec.json.encode(settings)))
    return engine


class _Serialized:
    """An engine whose calls to `speak` are serialized by a lock."""

    def __init__(self, engine: "Engine") -> None:
        self._engine = engine
        self._turn = threading.Lock()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._engine, name)

    def speak(self, text: str, voice: Voice) -> Speech:
        """See Engine."""
        with self._turn:
            return self._engine.speak(text, voice)


class _InProcessPool:
    """An engine whose calls to `speak` run in a process pool."""

    def __init__(self, engine: "Engine", settings_json: bytes) -> None:
        self._engine = engine
        self._settings_json = settings_json
        self._lock = threading.Lock()
        self._pool: ProcessPoolExecutor | None = None

    def __getattr__(self, name: str) -> Any:
        return getattr(self._engine, name)

    def speak(self, text: str, voice: Voice) -> Speech:
        """See Engine. Raises SynthesisError if a process crashes; the next call starts a new pool."""
        import multiprocessing
        from concurrent.futures import ProcessPoolExecutor
        from concurrent.futures.process import BrokenProcessPool

        with self._lock:
            if self._pool is None:  # spawned, because a fork of a process with threads may deadlock
                self._pool = ProcessPoolExecutor(mp_context=multiprocessing.get_context("spawn"))
            pool = self._pool
        try:
            return pool.submit(_speak_in_process, type(self._engine), self._settings_json, text, voice).result()
        except BrokenProcessPool as error:
            with self._lock:
                if self._pool is pool:
                    self._pool = None
            raise SynthesisError(
                f"{voice.ref}: the process of the engine crashed", hint="reword the sentence, or use another voice"
            ) from error


@cache
def _engine_in_process(kind: "type[Engine]", settings_json: bytes) -> "Engine":
    return kind(msgspec.json.decode(settings_json))


def _speak_in_process(kind: "type[Engine]", settings_json: bytes, text: str, voice: Voice) -> Speech:
    """Synthesize in a process of the pool."""
    return _engine_in_process(kind, settings_json).speak(text, voice)
