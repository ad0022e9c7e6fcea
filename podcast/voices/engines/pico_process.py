# SPDX-License-Identifier: GPL-3.0-or-later
"""Synthesize one utterance with Pico: arguments FOLDER VOICE SPEED PITCH, text on standard input.

Writes an empty line, then samples. FOLDER contains the package py_nanotts. A separate program that pico.py calls; see
isolated.py for the reasons.
"""

import sys

VOLUME = 0.5
"""At full volume Pico clips: in Spanish, one sample in seventy."""


def main(folder: str, voice: str, speed: str, pitch: str) -> None:
    """Synthesize the text on standard input."""
    sys.path.insert(0, folder)
    from py_nanotts import NanoTTS

    text = sys.stdin.buffer.read().decode()
    own = {"pitch": float(pitch)} if pitch != "1.0" else {}
    sys.stdout.buffer.write(b"\n" + NanoTTS().speak(text, voice=voice, speed=float(speed), volume=VOLUME, **own))


if __name__ == "__main__":
    main(*sys.argv[1:])
