# SPDX-License-Identifier: GPL-3.0-or-later
"""Engines that cannot be called by all threads at once: they are called as they say, and give the same bytes."""

import hashlib
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from podcast.errors import SynthesisError
from podcast.model import Voice
from podcast.voices.concurrency import thread_safe

CODE = """\
import os, threading, time
from pathlib import Path
from podcast.errors import SynthesisError
from podcast.voices.engines.tone import Tone

class Alone(Tone):
    runs_in = "one"
    busy = threading.Lock()

    def speak(self, text, voice):
        assert self.busy.acquire(blocking=False), "two at once"
        time.sleep(0.01)
        self.busy.release()
        return super().speak(text, voice)

class Heavy(Tone):
    runs_in = "processes"

    def __init__(self, settings):
        self.folder = settings["folder"]
        super().__init__({})

    def speak(self, text, voice):
        if text == "crash":
            os._exit(9)
        if text == "fail":
            raise SynthesisError("no", hint="say yes", transient=True, retry_after_s=3.0)
        time.sleep(0.3)
        Path(self.folder, str(os.getpid())).touch()
        return super().speak(text, voice)
"""

LOW = Voice("tone", "low", "mul")
TEXTS = [f"Phrase numéro {number}." for number in range(8)]


@pytest.fixture
def kinds(tmp_path, monkeypatch):
    """Give the module with the two engines."""
    (tmp_path / "two_engines.py").write_text(CODE)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "two_engines", raising=False)
    import two_engines

    return two_engines


def digests(engine) -> list[str]:
    """Return what eight threads hear."""
    with ThreadPoolExecutor(8) as pool:
        speeches = list(pool.map(lambda text: engine.speak(text, LOW), TEXTS))
    return [hashlib.sha256(speech.samples.tobytes()).hexdigest() for speech in speeches]


def test_one_at_a_time_is_kept(kinds):
    """Eight threads take turns."""
    assert digests(thread_safe(kinds.Alone, {})) == digests(thread_safe(kinds.Tone, {}))


def test_processes_give_the_same_bytes(kinds, tmp_path):
    """Each call runs in a process of a pool, never in this one, and settings reach it."""
    folder = tmp_path / "pids"
    folder.mkdir()
    engine = thread_safe(kinds.Heavy, {"folder": str(folder)})

    assert digests(engine) == digests(thread_safe(kinds.Tone, {}))
    assert 1 <= len(list(folder.iterdir())) <= 8
    assert (engine.name, engine.max_chars, engine.revision(LOW)) == ("tone", 400, "tone-1")


def test_a_process_that_dies_costs_its_sentence_only(kinds, tmp_path):
    """The error names the voice; the next call gets a new process. Errors come back with all that they know."""
    engine = thread_safe(kinds.Heavy, {"folder": str(tmp_path)})

    with pytest.raises(SynthesisError, match="tone/low: the process of the engine crashed"):
        engine.speak("crash", LOW)
    assert len(engine.speak("Bonjour.", LOW).samples) > 0
    with pytest.raises(SynthesisError) as caught:
        engine.speak("fail", LOW)
    assert (caught.value.hint, caught.value.transient, caught.value.retry_after_s) == ("say yes", True, 3.0)
