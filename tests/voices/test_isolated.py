# SPDX-License-Identifier: GPL-3.0-or-later
"""One process for each call: a crash in it does not reach the program."""

import os
import threading
import time

import numpy as np
import pytest

from podcast.errors import SynthesisError
from podcast.packages import imports
from podcast.voices import isolated


def script(folder, code: str):
    """Write a program that stands for a voice."""
    path = folder / "voice_process.py"
    path.write_text(f"import os, sys, time\n{code}\n")
    return path


def test_samples_and_words_go_through(tmp_path):
    """Text goes in as UTF-8; a line and 16-bit samples, as floats, come out; the environment is passed on."""
    code = (
        "text = sys.stdin.buffer.read().decode()\n"
        "assert (text, sys.argv[1], os.environ['EXTRA']) == ('été 中', 'one', 'yes')\n"
        "sys.stdout.buffer.write(b'[[0, 1]]\\n\\x00\\x80\\x00\\x00\\xff\\x7f')"
    )
    samples, line = isolated.synthesize(script(tmp_path, code), ["one"], "été 中", environment={"EXTRA": "yes"})

    assert samples.dtype == np.float32
    assert samples.tolist() == [-1.0, 0.0, 32767 / 32768]
    assert line == b"[[0, 1]]"


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("sys.exit('no such voice')", "failed: no such voice"),
        ("1 / 0", "failed: ZeroDivisionError: division by zero"),
        ("sys.exit(3)", "failed: exit 3"),
        ("os.abort()", "it crashed (Aborted)"),
        ("import ctypes; ctypes.string_at(0)", "it crashed (Segmentation fault)"),
        ("sys.stdout.write('abc'); os._exit(1)", "failed: exit 1"),
        ("pass", "returned no audio"),
    ],
)
def test_a_failure_is_reported_with_its_cause(tmp_path, code, words):
    """A crash takes one sentence with it, not the program."""
    with pytest.raises(SynthesisError) as caught:
        isolated.synthesize(script(tmp_path, code), [], "Bonjour.")

    assert words in caught.value.message
    assert caught.value.hint


def test_a_voice_that_hangs_is_ended(tmp_path, monkeypatch):
    """After the limit its process is gone, and the next call works."""
    monkeypatch.setattr(isolated, "LIMIT_S", 0.5)
    pid = tmp_path / "pid"
    hung = script(tmp_path, f"open({str(pid)!r}, 'w').write(str(os.getpid()))\ntime.sleep(60)")
    begun = time.monotonic()

    with pytest.raises(SynthesisError, match="gave no result within"):
        isolated.synthesize(hung, [], "Bonjour.")

    assert time.monotonic() - begun < 10
    with pytest.raises(ProcessLookupError):
        os.kill(int(pid.read_text()), 0)


def test_a_program_that_cannot_be_started_is_reported(tmp_path, monkeypatch):
    """The machine's reason is in the message."""
    monkeypatch.setattr("sys.executable", str(tmp_path / "nowhere"))

    with pytest.raises(SynthesisError, match="cannot be started: No such file"):
        isolated.synthesize(tmp_path / "voice_process.py", [], "Bonjour.")


def test_many_can_run_at_once(tmp_path):
    """Calls from threads do not mix."""
    echo = script(tmp_path, "sys.stdout.buffer.write(bytes([10, int(sys.stdin.read()), 0]))")
    found = {}

    def one(number: int) -> None:
        found[number] = round(float(isolated.synthesize(echo, [], str(number))[0][0]) * 32768)

    threads = [threading.Thread(target=one, args=(number,)) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert found == {number: number for number in range(12)}


def test_a_voice_in_another_process_names_the_package_too(tmp_path):
    """Pico and espeak-ng speak in processes of their own."""
    script = tmp_path / "odd.py"
    script.write_text("from not_there.data import x", encoding="utf-8")

    with pytest.raises(ImportError) as caught:
        isolated.synthesize(script, [], "Bonjour.")
    assert imports.culprit(caught.value) == "not_there"

    script.write_text("raise ValueError('odd')", encoding="utf-8")
    with pytest.raises(SynthesisError, match="odd failed: ValueError: odd"):
        isolated.synthesize(script, [], "Bonjour.")
