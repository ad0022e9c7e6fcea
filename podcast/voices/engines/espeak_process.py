# SPDX-License-Identifier: GPL-3.0-or-later
"""Synthesize one utterance with espeak-ng: arguments LIBRARY DATA VOICE WORDS_A_MINUTE PITCH, text on standard input.

Writes a line of JSON, then the samples. The line has for each word the index of its first character in the text, and of
its first and last sample. A separate program that only needs the standard library and is called by espeak.py; see
isolated.py for the reasons.
"""

import ctypes
import sys

RETRIEVAL, UTF8, PHONEME_INPUT, RATE, PITCH, PHONEMES = 1, 1, 0x100, 1, 3, 1
"""espeak_AUDIO_OUTPUT, text modes, parameters and option of initialisation of speak_lib.h."""

LAST, WORD, END, PHONEME = 0, 1, 5, 7
"""espeak_EVENT_TYPE: end of the list, beginnings of a word and of a phoneme, end of a clause."""

PAUSE = b"_"
"""Prefix of the names of phonemes that are silence."""


class Event(ctypes.Structure):
    """espeak_EVENT; the last field is a union, of which only the name of a phoneme (8 bytes) is used."""

    _fields_ = (
        ("type", ctypes.c_int),
        ("unique_identifier", ctypes.c_uint),
        ("text_position", ctypes.c_int),
        ("length", ctypes.c_int),
        ("audio_position", ctypes.c_int),
        ("sample", ctypes.c_int),
        ("user_data", ctypes.c_void_p),
        ("name", ctypes.c_char * 8),
    )


def native(path: str) -> bytes:
    """Encode a path for a C library: on Windows in the system's encoding, elsewhere in UTF-8."""
    return path.encode("mbcs" if sys.platform == "win32" else "utf-8")


def note(events: "ctypes._Pointer[Event]", words: list[list[int]]) -> None:
    """Add the start of each word, and its end: at the next word, a pause, or the end of the clause."""
    number = 0
    while (event := events[number]).type != LAST:
        silent = event.type == END or (event.type == PHONEME and event.name.startswith(PAUSE))
        if words and len(words[-1]) == 2 and (silent or event.type == WORD):
            words[-1].append(event.sample)
        if event.type == WORD:
            words.append([event.text_position - 1, event.sample])
        number += 1


def main(library: str, data: str, voice: str, words_a_minute: str, pitch: str) -> None:
    """Synthesize the text on standard input."""
    text = sys.stdin.buffer.read()
    espeak = ctypes.CDLL(library)
    if espeak.espeak_Initialize(RETRIEVAL, 0, native(data), PHONEMES) <= 0:
        sys.exit("espeak-ng cannot find its data")
    kind = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.POINTER(Event))
    parts: list[bytes] = []
    words: list[list[int]] = []

    def take(samples, count, events):  # type: ignore[no-untyped-def] # noqa: ANN001, ANN202 - ctypes calls it
        if samples and count > 0:
            parts.append(ctypes.string_at(samples, count * 2))
        note(events, words)
        return 0

    callback = kind(take)
    espeak.espeak_SetSynthCallback(callback)
    if espeak.espeak_SetVoiceByName(voice.encode()) != 0:
        sys.exit(f"espeak-ng has no voice {voice}")
    espeak.espeak_SetParameter(RATE, int(words_a_minute), 0)
    if pitch != "50":
        espeak.espeak_SetParameter(PITCH, int(pitch), 0)
    mode = UTF8 | PHONEME_INPUT if b"[[" in text else UTF8
    espeak.espeak_Synth(text, len(text) + 1, 0, 1, 0, mode, None, None)
    espeak.espeak_Synchronize()
    sys.stdout.buffer.write(f"{[word for word in words if len(word) == 3]}\n".encode())
    sys.stdout.buffer.write(b"".join(parts))


if __name__ == "__main__":
    main(*sys.argv[1:])
