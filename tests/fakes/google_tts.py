# SPDX-License-Identifier: GPL-3.0-or-later
"""A stand-in for the service that gTTS asks: a real HTTP server on loopback, with faults to be played.

    with GoogleTTS(["500", "reset"]) as service:      # the first two requests fail so, those after them succeed
        Google({"url": service.url, "throttle_s": 0.0}).speak(…)

It takes `batchexecute` as gTTS sends it and answers in the service's format: a tone as MPEG-2 Layer III at 24 kHz,
60 ms a character, pitched by the text. It refuses what the service would: texts above 100 characters and unknown
languages.
"""

import base64
import json
import socket
import struct
import threading
import time
import urllib.parse
import zlib
from dataclasses import dataclass
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

import lameenc
import numpy as np
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


class GoogleTTS:
    """The service; `asked` are the requests so far, `most` how many were under way at once."""

    def __init__(self, faults: list[str] | None = None) -> None:
        self.faults = list(faults or [])
        self.asked: list[Asked] = []
        self.most = 0
        self.under_way = 0
        self.lock = threading.Lock()
        self.closing = threading.Event()

    def __enter__(self) -> Self:
        handler = type("Handler", (_Handler,), {"service": self})
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self.server.daemon_threads = True
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True)
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.closing.set()
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.server.server_address[1]}"


class _Handler(BaseHTTPRequestHandler):
    service: GoogleTTS
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: Any) -> None:
        """Keep quiet."""

    def do_POST(self) -> None:
        """Answer, or play the next fault."""
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        with self.service.lock:
            self.service.under_way += 1
            self.service.most = max(self.service.most, self.service.under_way)
        try:
            self._answer(body)
        finally:
            with self.service.lock:
                self.service.under_way -= 1

    def _answer(self, body: str) -> None:
        rpc = json.loads(urllib.parse.parse_qs(body)["f.req"][0])
        name, parameters, *_ = rpc[0][0]
        text, language, *_ = json.loads(parameters)
        with self.service.lock:
            self.service.asked.append(Asked(text, language, time.monotonic(), self.headers["User-Agent"]))
            fault = self.service.faults.pop(0) if self.service.faults else ""
        if self.path != PATH or name != "jQ1olc":
            self._send(b"<html>Not Found</html>", status=404)
        elif fault:
            self._play(fault, text)
        elif language not in tts_langs() or len(text) > 100:
            self._send(envelope(None))
        else:
            self._send(envelope(base64.b64encode(mp3_of(text)).decode()))

    def _play(self, fault: str, text: str) -> None:
        sound = base64.b64encode(mp3_of(text)).decode()
        name, _, argument = fault.partition(" ")
        if name.isdecimal():
            after = formatdate(time.time() + float(argument[5:]), usegmt=True) if argument[:5] == "date " else argument
            self._send(b"<html>Sorry</html>", status=int(name), headers={"Retry-After": after} if after else {})
        elif name == "reset":
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.close_connection = True
            self.connection.close()
        elif name == "hang":
            self.service.closing.wait(10)
            self.close_connection = True
        elif name == "cut":  # fewer bytes than announced
            self._send(envelope(sound)[:500], length=len(envelope(sound)))
        else:
            bodies = {
                "half": envelope(sound)[:500],  # as many bytes as announced, and the end is missing
                "html": b"<!doctype html><html><title>Sorry...</title>unusual traffic</html>",
                "empty": b"",
                "null": envelope(None),
                "damaged": envelope(sound[:-7] + "!"),
                "text": envelope(base64.b64encode(b"no sound at all").decode()),
                "escaped": envelope(sound).replace(b"/", b"\\\\u002f").replace(b"=", b"\\\\u003d"),
            }
            self._send(bodies[name])

    def _send(
        self, body: bytes, *, status: int = 200, headers: dict[str, str] | None = None, length: int | None = None
    ) -> None:
        self.send_response(status)
        for key, value in (headers or {}).items():
            self.send_header(key, value)
        self.send_header("Content-Length", str(len(body) if length is None else length))
        self.end_headers()
        self.wfile.write(body)
        if length is not None:
            self.close_connection = True
