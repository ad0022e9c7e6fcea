# SPDX-License-Identifier: GPL-3.0-or-later
"""What makes any engine one that all threads can call at once, whatever it says it `runs_in`.

`threads`: it can already. `one`: calls take turns. `processes`: each call goes to a pool of processes, in which the
engine is built again from its class and settings, and the thread that called waits. The bytes are the same.
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


def spread(kind: "type[Engine]", settings: Mapping[str, object]) -> "Engine":
    """Return an engine of a class that all threads can call."""
    engine = kind(settings)
    if engine.runs_in == "one":
        return cast("Engine", _InTurn(engine))
    if engine.runs_in == "processes":
        return cast("Engine", _Elsewhere(engine, msgspec.json.encode(settings)))
    return engine


class _InTurn:
    """An engine that is called by one thread at a time; all else is as it is."""

    def __init__(self, engine: "Engine") -> None:
        self._engine = engine
        self._turn = threading.Lock()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._engine, name)

    def speak(self, text: str, voice: Voice) -> Speech:
        """See Engine."""
        with self._turn:
            return self._engine.speak(text, voice)


class _Elsewhere:
    """An engine that speaks in processes of its own; all else is as it is."""

    def __init__(self, engine: "Engine", told: bytes) -> None:
        self._engine = engine
        self._told = told
        self._lock = threading.Lock()
        self._pool: ProcessPoolExecutor | None = None

    def __getattr__(self, name: str) -> Any:
        return getattr(self._engine, name)

    def speak(self, text: str, voice: Voice) -> Speech:
        """See Engine. Raises SynthesisError if a process dies of it; the next call gets new ones."""
        import multiprocessing
        from concurrent.futures import ProcessPoolExecutor
        from concurrent.futures.process import BrokenProcessPool

        with self._lock:
            if self._pool is None:  # started afresh, for a copy of a process with threads may hang
                self._pool = ProcessPoolExecutor(mp_context=multiprocessing.get_context("spawn"))
            pool = self._pool
        try:
            return pool.submit(_say, type(self._engine), self._told, text, voice).result()
        except BrokenProcessPool as error:
            with self._lock:
                if self._pool is pool:
                    self._pool = None
            raise SynthesisError(
                f"{voice.ref}: the process of the engine crashed", hint="reword the sentence, or use another voice"
            ) from error


@cache
def _here(kind: "type[Engine]", told: bytes) -> "Engine":
    return kind(msgspec.json.decode(told))


def _say(kind: "type[Engine]", told: bytes, text: str, voice: Voice) -> Speech:
    """Speak in a process of the pool."""
    return _here(kind, told).speak(text, voice)
