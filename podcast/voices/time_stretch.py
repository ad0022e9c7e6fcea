# SPDX-License-Identifier: GPL-3.0-or-later
"""Time stretching at constant pitch (WSOLA), for voices with a single speaking rate."""

from dataclasses import replace

from podcast.model import Speech

WINDOW_MS, REACH_MS = 40, 10
"""Window length, and how far each window may be shifted to match the previous one."""


def at_speed(speech: Speech, speed: float) -> Speech:
    """Return speech `speed` times as fast, by overlap-add of windows with matching waveforms (WSOLA)."""
    if speed == 1.0:
        return speech
    import numpy as np

    size, reach = speech.rate_hz * WINDOW_MS // 1000, speech.rate_hz * REACH_MS // 1000
    step = size // 2
    window = np.hanning(size + 1)[:size].astype(np.float32)  # two windows that overlap by half add up to 1
    count = max(1, round(len(speech.samples) / speed / step))
    silence = np.zeros(2 * size + 2 * reach, np.float32)
    source = np.concatenate([silence[:reach], speech.samples, silence])
    out = np.zeros((count + 1) * step, np.float32)
    at = reach
    for number in range(count):
        middle = reach + int(number * step * speed)
        if number:
            continuation = source[at + step : at + step + size]
            near = source[middle - reach : middle + reach + size]
            at = middle - reach + int(np.argmax(np.correlate(near, continuation, mode="valid")))
        out[number * step : number * step + size] += source[at : at + size] * window
    words = tuple(replace(w, start_ms=round(w.start_ms / speed), end_ms=round(w.end_ms / speed)) for w in speech.words)
    return Speech(out, speech.rate_hz, words)
