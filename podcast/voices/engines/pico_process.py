# SPDX-License-Identifier: GPL-3.0-or-later
"""One utterance of Pico: arguments FOLDER VOICE SPEED PITCH, text on standard input, an empty line and samples out.

FOLDER is where the package py_nanotts lies. A program of its own; see isolated.py for why, pico.py for who calls it.
"""

import sys

VOLUME = 0.5
"""At its own volume Pico clips: of Spanish one sample in seventy."""


def main(folder: str, voice: str, speed: str, pitch: str) -> None:
    """Say standard input."""
    sys.path.insert(0, folder)
    from py_nanotts import NanoTTS

    text = sys.stdin.buffer.read().decode()
    own = {"pitch": float(pitch)} if pitch != "1.0" else {}
    sys.stdout.buffer.write(b"\n" + NanoTTS().speak(text, voice=voice, speed=float(speed), volume=VOLUME, **own))


if __name__ == "__main__":
    main(*sys.argv[1:])
