# SPDX-License-Identifier: GPL-3.0-or-later
"""One utterance of espeak-ng: arguments LIBRARY DATA VOICE WORDS_A_MINUTE, text on standard input, samples out.

A program of its own that needs the standard library alone; see fresh.py for why, espeak.py for who calls it.
"""

import ctypes
import sys

RETRIEVAL, UTF8, RATE = 1, 1, 1
"""espeak_AUDIO_OUTPUT, text mode and parameter of speak_lib.h."""


def main(library: str, data: str, voice: str, words_a_minute: str) -> None:
    """Say standard input."""
    text = sys.stdin.buffer.read()
    espeak = ctypes.CDLL(library)
    if espeak.espeak_Initialize(RETRIEVAL, 0, data.encode(), 0) <= 0:
        sys.exit("espeak-ng does not find its data")
    kind = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.c_void_p)
    parts: list[bytes] = []

    def take(samples, count, _events):  # type: ignore[no-untyped-def] # noqa: ANN001, ANN202 - ctypes calls it
        if samples and count > 0:
            parts.append(ctypes.string_at(samples, count * 2))
        return 0

    callback = kind(take)
    espeak.espeak_SetSynthCallback(callback)
    if espeak.espeak_SetVoiceByName(voice.encode()) != 0:
        sys.exit(f"espeak-ng has no voice {voice}")
    espeak.espeak_SetParameter(RATE, int(words_a_minute), 0)
    espeak.espeak_Synth(text, len(text) + 1, 0, 1, 0, UTF8, None, None)
    espeak.espeak_Synchronize()
    sys.stdout.buffer.write(b"".join(parts))


if __name__ == "__main__":
    main(*sys.argv[1:])
