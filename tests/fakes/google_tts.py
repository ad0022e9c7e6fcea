# SPDX-License-Identifier: GPL-3.0-or-later
"""A stand-in for the service that gTTS asks, with faults to be played (see service.py).

    with GoogleTTS(["500", "reset"]) as service:      # the first two requests fail so, those after them succeed
        Google({"url": service.url, "throttle_s": 0.0}).speak(…)

It takes `batchexecute` as gTTS sends it and answers in the service's format: a tone as MPEG-2 Layer III at 24 kHz,
60 ms a character, pitched by the text. It refuses what the service would: texts above 100 characters and unknown
languages.
"""

import base64
import json
import time
import urllib.parse
import zlib
from dataclasses import dataclass

import lameenc
import numpy as np
from fakes.service import Handler, Service
from gtts.lang import tts_langs

RATE_HZ = 24_000
PATH = "/_/TranslateWebserverUi/data/batchexecute"


@dataclass(frozen=True)
class Asked:
    """A request as it came."""

    text: str
    language: str
    at: float
    """Monotonic clock."""
    agent: str


def mp3_of(text: str) -> bytes:
    """Return the tone of a text, as the service encodes: mono, 24 kHz, 32 kbit/s."""
    at = np.arange(RATE_HZ * 60 * len(text) // 1000) / RATE_HZ
    pitch_hz = 150 + zlib.crc32(text.encode()) % 200
    wave = 0.3 * np.sin(2 * np.pi * pitch_hz * at)
    encoder = lameenc.Encoder()
    encoder.silence()
    encoder.set_channels(1)
    encoder.set_in_sample_rate(RATE_HZ)
    encoder.set_out_sample_rate(RATE_HZ)
    encoder.set_bit_rate(32)
    return bytes(encoder.encode((wave * 32767).astype("<i2").tobytes()) + encoder.flush())


def envelope(sound: str | None) -> bytes:
    """Return the body of an answer: `sound` is base64, or None where the service has none."""
    payload = None if sound is None else json.dumps([sound], separators=(",", ":"))
    rows = [["wrb.fr", "jQ1olc", payload, None, None, None, "generic"], ["di", 27], ["af.httprm", 27, "31725553", 8]]
    lines = [json.dumps(row, separators=(",", ":")) for row in rows]
    return (")]}'\n\n[" + "\n,".join(lines) + "\n]").encode()


class _Handler(Handler):
    def read(self, body: bytes) -> Asked:
        rpc = json.loads(urllib.parse.parse_qs(body.decode())["f.req"][0])
        self.name, parameters, *_ = rpc[0][0]
        text, language, *_ = json.loads(parameters)
        return Asked(text, language, time.monotonic(), self.headers["User-Agent"])

    def refuse(self, asked: Asked) -> bool:
        if self.path != PATH or self.name != "jQ1olc":
            self.send(b"<html>Not Found</html>", status=404)
            return True
        if asked.language not in tts_langs() or len(asked.text) > 100:
            self.send(envelope(None))
            return True
        return False

    def answer(self, asked: Asked) -> bytes:
        return envelope(base64.b64encode(mp3_of(asked.text)).decode())

    def fault(self, name: str, asked: Asked) -> None:
        good = self.answer(asked)
        sound = base64.b64encode(mp3_of(asked.text)).decode()
        bodies = {
            "half": good[:500],  # as many bytes as announced, and the end is missing
            "empty": b"",
            "null": envelope(None),
            "damaged": envelope(sound[:-7] + "!"),
            "text": envelope(base64.b64encode(b"no sound at all").decode()),
            "escaped": good.replace(b"/", b"\\\\u002f").replace(b"=", b"\\\\u003d"),
        }
        self.send(bodies[name])


class GoogleTTS(Service[Asked]):
    """The service."""

    handler = _Handler
