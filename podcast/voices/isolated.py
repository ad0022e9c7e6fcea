# SPDX-License-Identifier: GPL-3.0-or-later
"""Synthesize speech in a separate process, started for one call.

espeak-ng and Pico keep state between calls, so that a sentence would depend on the ones before it, and both can crash
or hang on odd input. A fresh process gives the same bytes every time, cannot crash the program, and has a time limit.
It costs 30 to 100 ms.
"""

import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from podcast.errors import SynthesisError
from podcast.packages.imports import in_words

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

LIMIT_S = 20.0
"""Time limit of a call with 400 characters, a hundred times what it needs. Longer texts get more."""


def synthesize(
    script: Path, arguments: Sequence[str], text: str, *, environment: Mapping[str, str] | None = None
) -> tuple["NDArray[np.float32]", bytes]:
    """Run an engine's script on a text; return its samples, and the line that it wrote before them.

    The script writes to standard output: a line, and after it 16-bit mono samples, which are returned as floats.

    Raises SynthesisError if it fails, crashes, hangs or returns no audio, ImportError if it lacks a package.
    """
    import numpy as np

    # -I -S: without the user's environment and site-packages, to start in 15 ms
    command = [sys.executable, "-I", "-S", str(script), *arguments]
    limit_s = LIMIT_S * max(1.0, len(text) / 400)
    hint = "reword the sentence, or use another voice"
    try:
        done = subprocess.run(
            command,
            input=text.encode(),
            capture_output=True,
            check=False,
            timeout=limit_s,
            env={**os.environ, **(environment or {})},
        )
    except subprocess.TimeoutExpired as error:
        raise SynthesisError(
            f"{script.stem.removesuffix('_process')} gave no result within {limit_s:.0f} s", hint=hint
        ) from error
    except OSError as error:
        raise SynthesisError(
            f"{script.stem.removesuffix('_process')} cannot be started: {error.strerror}",
            hint="close other programs and try again",
        ) from error
    if done.returncode:
        if lost := in_words(_reason(done)):
            raise lost
        raise SynthesisError(f"{script.stem.removesuffix('_process')} failed: {_reason(done)}", hint=hint)
    line, _, samples = done.stdout.partition(b"\n")
    if not samples:
        raise SynthesisError(f"{script.stem.removesuffix('_process')} returned no audio", hint=hint)
    return np.frombuffer(samples, "<i2").astype(np.float32) / np.float32(32768), line


def _reason(done: subprocess.CompletedProcess[bytes]) -> str:
    if done.returncode < 0:
        return f"it crashed ({signal.strsignal(-done.returncode)})"
    if done.returncode >= 0x8000_0000:  # the exit codes of a crash on Windows
        return f"it crashed (0x{done.returncode:08X})"
    lines = done.stderr.decode(errors="replace").strip().splitlines()
    return lines[-1] if lines else f"exit {done.returncode}"
