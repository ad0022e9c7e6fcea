# SPDX-License-Identifier: GPL-3.0-or-later
"""Speech from a process of its own, started for one call.

espeak-ng and Pico keep state from call to call, so that a sentence would sound a little different after another one,
and both can crash or hang on odd input. A process that has said nothing before gives the same bytes every time, cannot
take the program down with it, and can be given a time limit. It costs about 30 ms.
"""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from podcast.errors import SynthesisError

SECONDS_PER_CHARACTER = 0.05
"""Both engines need less than a hundredth of it."""


def say(script: str, arguments: list[str], text: str, *, environment: Mapping[str, str] | None = None) -> bytes:
    """Return what `script` (a file beside this one) writes to standard output for a text: 16-bit mono samples.

    Raises SynthesisError if it fails, hangs or says nothing.
    """
    # -I -S: neither the user's environment nor site-packages, for a start in 15 ms
    command = [sys.executable, "-I", "-S", str(Path(__file__).with_name(script)), *arguments]
    limit_s = 20 + SECONDS_PER_CHARACTER * len(text)
    hint = "reword the sentence, or choose another voice"
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
        raise SynthesisError(f"the voice said nothing for {limit_s:.0f} s", hint=hint) from error
    if done.returncode or not done.stdout:
        words = done.stderr.decode(errors="replace").strip().splitlines()
        raise SynthesisError(f"the voice failed: {words[-1] if words else f'exit {done.returncode}'}", hint=hint)
    return done.stdout
