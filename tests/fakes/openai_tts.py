# SPDX-License-Identifier: GPL-3.0-or-later
"""A stand-in for services that speak OpenAI's protocol, with faults to be played (see service.py).

    with OpenAITTS(["500", "short"], key="sk-…") as service:
        OpenAI({"url": service.url}).speak(…)

`POST /v1/audio/speech` is answered by a tone at 24 kHz, 60 ms a character, pitched by text and voice, in the format
that was asked for. With a key, requests without it are refused as OpenAI does, half of the key in the answer.
"""

import io
import json
import struct
import time
import zlib
from dataclasses import dataclass
from typing import Any

import numpy as np
import soundfile
from fakes.service import Handler, Service

RATE_HZ = 24_000
PATH = "/v1/audio/speech"
FORMATS = {"wav": ("WAV", "PCM_16"), "flac": ("FLAC", "PCM_16"), "mp3": ("MP3", None), "opus": ("OGG", "OPUS")}


@dataclass(frozen=True)
class Asked:
    """A request as it came."""

    body: dict[str, Any]
    authorization: str
    at: float
    """Monotonic clock."""

    @property
    def text(self) -> str:
        """What was to be said."""
        return str(self.body["input"])


def sound(body: dict[str, Any]) -> bytes:
    """Return the tone for a request."""
    length = round(RATE_HZ * 0.06 * len(body["input"]) / body.get("speed", 1.0))
    pitch_hz = 150 + zlib.crc32(f"{body['input']}{body['voice']}".encode()) % 200
    wave = 0.3 * np.sin(2 * np.pi * pitch_hz * np.arange(length) / RATE_HZ)
    kind, subtype = FORMATS[body["response_format"]]
    file = io.BytesIO()
    soundfile.write(file, wave.astype(np.float32), RATE_HZ, format=kind, subtype=subtype)
    return file.getvalue()


def told(message: str, code: str = "") -> bytes:
    """Return an error as the protocol writes it."""
    return json.dumps({"error": {"message": message, "type": "error", "param": None, "code": code or None}}).encode()


class _Handler(Handler):
    service: "OpenAITTS"

    def read(self, body: bytes) -> Asked:
        return Asked(json.loads(body), self.headers.get("Authorization", ""), time.monotonic())

    def refuse(self, asked: Asked) -> bool:
        wanted = f"Bearer {self.service.key}" if self.service.key else ""
        if self.path != PATH:
            self.send(told(f"Invalid URL (POST {self.path})"), status=404)
        elif asked.authorization != wanted:
            self.send(told(f"Incorrect API key provided: {asked.authorization[7:]}", "invalid_api_key"), status=401)
        elif asked.body["voice"] == "nobody":
            self.send(told("Voice nobody is not one of: alloy, echo"), status=400)
        else:
            return False
        return True

    def answer(self, asked: Asked) -> bytes:
        return sound(asked.body)

    def fault(self, name: str, asked: Asked) -> None:
        whole = sound(asked.body)
        if name == "stream":  # no fault: a WAV file that was sent before its length was known
            self.send(
                whole[:4] + struct.pack("<I", 0xFFFF_FFFF) + whole[8:40] + struct.pack("<I", 0xFFFF_FFFF) + whole[44:]
            )
        elif name == "short":  # as many bytes as announced, and the end of the sound is missing
            self.send(whole[: len(whole) // 2])
        elif name == "empty":
            self.send(b"")
        elif name == "silent":
            self.send(sound({**asked.body, "input": ""}))
        elif name == "json":
            self.send(told("overloaded"))
        elif name == "credit":
            self.send(told("You exceeded your current quota", "insufficient_quota"), status=429)
        elif name == "echo":  # an error that repeats what it should not
            self.send(told(f"cannot read the header {asked.authorization.upper()}"), status=400)


class OpenAITTS(Service[Asked]):
    """The service; it wants `key`, if one is given."""

    handler = _Handler

    def __init__(self, faults: list[str] | None = None, *, key: str = "") -> None:
        super().__init__(faults)
        self.key = key

    @property
    def url(self) -> str:
        """What comes before /audio/speech."""
        return f"{super().url}/v1"
