# SPDX-License-Identifier: GPL-3.0-or-later
"""Client of an online speech service: retries with back-off, rate limit and circuit breaker, for HTTP voices.

    Request -> Service.ask -> Answer -> `read` of the engine -> Speech

Transient failures (429 with its Retry-After, 5xx, lost connections, time-outs, incomplete responses, responses without
valid audio) are retried with growing pauses. After too many failures in a row a circuit breaker stops all requests for
a while, so that a thousand sentences do not overload a service that is down. TLS is verified. Errors never hold request
headers, and so no API key.
"""

import io
import re
import struct
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated, TypeVar
from urllib.parse import urlsplit

import msgspec

from podcast.errors import ConfigError, ServiceDown, SynthesisError
from podcast.http_client import Client, retry_after_s, retrying
from podcast.model import Speech

if TYPE_CHECKING:
    import urllib3

LONGEST_WAIT_S = 60.0
"""The longest Retry-After that is waited for; a longer one is an error that names it."""

MOST_FAILURES = 10
"""Failed requests in a row after which the circuit breaker opens."""

REST_S = 60.0
"""How long the circuit breaker stays open; then one request tests whether the service is back."""

MAX_BYTES = 100 << 20
"""Largest answer: an hour of speech, far more than a sentence."""

LOOPBACK = {"localhost", "127.0.0.1", "::1"}
"""Hosts that are this machine."""

CHECK_PORT = "check that the service is running on this port, or use a local voice: podcast voices lists them"

T = TypeVar("T")


class Patience(msgspec.Struct, frozen=True):
    """Settings that all online engines have."""

    throttle_s: Annotated[float, msgspec.Meta(ge=0)] = 0.0
    """Pause between two requests, in seconds, such as 0.5; 0 for none."""
    backoff_s: Annotated[float, msgspec.Meta(ge=0)] = 1.0
    """Pause before a failed request is tried again, in seconds; doubled after each further failure."""
    timeout_s: Annotated[float, msgspec.Meta(gt=0)] = 60.0
    """How long to wait for an answer of the service, in seconds; must be more than 0."""
    attempts: Annotated[int, msgspec.Meta(ge=1)] = 5
    """How many times a request is tried before it counts as failed; at least 1."""


@dataclass(frozen=True, slots=True)
class Request:
    """An HTTP request; its headers may hold an API key, so they are not in its repr."""

    method: str
    url: str
    headers: Mapping[str, str] = field(repr=False)
    body: bytes | str | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class Answer:
    """A complete HTTP response."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class ServiceFault(SynthesisError):
    """A failure of an online service; `reason` is the message without the name of the engine."""

    reason: str = ""


class Service:
    """One online service, shared by all threads; at most `at_once` requests are sent at the same time."""

    def __init__(self, name: str, patience: Patience, *, hint: str, at_once: int = 8) -> None:
        self.name = name
        self.patience = patience
        self.hint = hint
        self.turns = threading.Semaphore(at_once)
        self.lock = threading.Lock()
        self.client = Client(timeout_s=patience.timeout_s)
        self.next_at = 0.0
        self.failures = 0
        self.closed_until = 0.0
        self.reason = ""

    def ask(self, request: Request, read: Callable[[Answer], T]) -> T:
        """Send a request until `read` accepts the response, and return what `read` returns.

        Raises SynthesisError: that of the last attempt or of a final refusal; ServiceDown while the breaker is open.
        """
        with self.turns:
            return retrying(
                lambda: self._with_breaker(lambda: read(self._send(request))),
                on=_retry,
                attempts=self.patience.attempts,
                wait_initial_s=self.patience.backoff_s,
                wait_max_s=LONGEST_WAIT_S,
                wait_jitter_s=self.patience.backoff_s,
            )

    def fault(self, reason: str, *, hint: str = "", transient: bool = True) -> ServiceFault:
        """Return the error for a failure of the service."""
        error = ServiceFault(f"{self.name}: {reason}", hint=hint or self.hint, transient=transient)
        error.reason = reason
        return error

    def check(self, answer: Answer) -> None:
        """Raise SynthesisError for a status that means to try again later (408, 429, 5xx)."""
        if answer.status not in {408, 429} and answer.status < 500:
            return
        wait_s = retry_after_s(answer.headers.get("Retry-After", ""))
        words = "limits requests" if answer.status == 429 else "failed"
        after = "" if wait_s is None else f", try again in {wait_s:.0f} s"
        error = self.fault(f"the service {words} ({answer.status}{after})")
        error.transient = wait_s is None or wait_s <= LONGEST_WAIT_S
        error.retry_after_s = wait_s
        raise error

    def speech(self, data: bytes) -> Speech:
        """Decode an audio file of any format that libsndfile reads, mixed down to mono.

        Raises SynthesisError, transient, if it is not audio, incomplete or empty.
        """
        import numpy as np
        import soundfile

        try:
            with soundfile.SoundFile(io.BytesIO(data)) as file:
                samples, rate = file.read(dtype="float32", always_2d=True), file.samplerate
                whole = _is_whole(data) and (file.format != "FLAC" or len(samples) == file.frames)
        except soundfile.SoundFileError as error:
            page = data.lstrip()[:1] in {b"<", b"{"}
            raise self.fault(
                "the service sent text instead of audio" if page else "the service sent no valid audio"
            ) from error
        if not whole:
            raise self.fault("the service sent incomplete audio")
        if not len(samples):
            raise self.fault("the service sent empty audio")
        return Speech(np.clip(samples.mean(axis=1), -1.0, 1.0), rate)

    def _with_breaker(self, attempt: Callable[[], T]) -> T:
        """Call with the circuit breaker: count failures in a row; after too many, raise ServiceDown without a call."""
        if self.failures >= MOST_FAILURES and time.monotonic() < self.closed_until:
            raise ServiceDown(f"{self.name}: the service is unavailable: {self.reason}", hint=self.hint)
        try:
            result = attempt()
        except SynthesisError as error:
            wait_s = error.retry_after_s or 0.0
            with self.lock:
                if not error.transient and wait_s <= LONGEST_WAIT_S:  # refused, so the service is up
                    self.failures = 0
                elif wait_s > LONGEST_WAIT_S:
                    self._open_breaker(wait_s, f"it asked to wait {wait_s:.0f} s")
                else:
                    self.failures += 1
                    if self.failures >= MOST_FAILURES:
                        reason = error.reason if isinstance(error, ServiceFault) else error.message
                        self._open_breaker(REST_S, f"it failed {self.failures} times in a row: {reason}")
            raise
        self.failures = 0
        return result

    def _open_breaker(self, seconds: float, reason: str) -> None:
        self.failures = max(self.failures, MOST_FAILURES)
        self.closed_until = time.monotonic() + seconds
        self.reason = reason

    def _send(self, request: Request) -> Answer:
        import urllib3

        time.sleep(max(0.0, self.next_at - time.monotonic()))
        host = urlsplit(request.url).hostname or ""
        try:
            answer = self.client.follow(
                request.method,
                request.url,
                headers=dict(request.headers),
                body=request.body,
                preload_content=False,
                decode_content=False,
            )
            return self._read_all(answer, host)
        except urllib3.exceptions.SSLError as error:
            raise self.fault(
                "the certificate of the service is not valid (TLS)",
                hint="start its url with http:// if it does not use TLS"
                if host in LOOPBACK
                else "check the url, and your proxy if you use one",
                transient=False,
            ) from error
        except urllib3.exceptions.HTTPError as error:
            raise self._no_answer(host, _reason(error)) from error
        finally:
            self.next_at = time.monotonic() + self.patience.throttle_s

    def _read_all(self, answer: "urllib3.BaseHTTPResponse", host: str) -> Answer:
        """Read the body, within bounds of size and time."""
        import urllib3

        end_at = time.monotonic() + 10 * self.patience.timeout_s
        body = bytearray()
        try:
            while part := answer.read1(1 << 16, decode_content=True):
                body += part
                if len(body) > MAX_BYTES or time.monotonic() > end_at:  # a slow stream never reaches the time-out
                    raise self._no_answer(host, "ReadTimeout")
        except urllib3.exceptions.HTTPError as error:
            raise self._no_answer(host, type(error).__name__) from error
        finally:
            answer.close()
            answer.release_conn()
        return Answer(answer.status, answer.headers, bytes(body))

    def _no_answer(self, host: str, reason: str) -> ServiceFault:
        hint = "check your internet connection, or use a local voice: podcast voices lists them"
        return self.fault(f"no complete answer from {host} ({reason})", hint=CHECK_PORT if host in LOOPBACK else hint)


def address(engine: str, url: str) -> str:
    """Return the URL of a service in show.toml, without a trailing slash.

    Raises ConfigError if it is not valid, or has a user name, a password or a query.
    """
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ConfigError(
            f"{url!r} is not a valid URL", key=f"engine.{engine}.url", hint="write it as https://speech.example/v1"
        )
    if "@" in parts.netloc or parts.query or parts.fragment:
        raise ConfigError(
            "must not contain a user name, a password, ? or #",
            key=f"engine.{engine}.url",
            hint="write the URL alone; set keys in environment variables",
        )
    return url.rstrip("/")


def wrap(text: str, longest: int) -> list[str]:
    """Split text into parts of at most `longest` characters: after sentences, else clauses, else words."""
    parts = []
    rest = text.strip()
    while len(rest) > longest:
        head = rest[: longest + 1]
        at = longest
        for mark in (r"[.!?…]['\"”’»)\]]* |[。！？]", r"[,;:—–)] |[、，；：]", " "):
            ends = [found.end() for found in re.finditer(mark, head) if len(head[: found.end()].rstrip()) <= longest]
            if ends and (ends[-1] > longest // 3 or mark == " "):
                at = ends[-1]
                break
        parts.append(rest[:at].strip())
        rest = rest[at:].strip()
    return [*parts, rest] if rest else parts


def _reason(error: Exception) -> str:
    """Return the short name for why no answer came."""
    from urllib3.exceptions import (
        ConnectTimeoutError,
        NewConnectionError,
        ProxyError,
        ReadTimeoutError,
        ResponseError,
    )

    names = {
        NewConnectionError: "ConnectionError",  # a subclass of the next
        ConnectTimeoutError: "ConnectTimeout",
        ReadTimeoutError: "ReadTimeout",
        ProxyError: "ProxyError",
        ResponseError: "TooManyRedirects",
    }
    return next((name for kind, name in names.items() if isinstance(error, kind)), "ConnectionError")


def _retry(error: Exception) -> bool | float:
    """Return whether to try again after an error, or the wait in seconds that the service asks for."""
    if not isinstance(error, SynthesisError) or not error.transient:
        return False
    return True if error.retry_after_s is None else error.retry_after_s


def _is_whole(data: bytes) -> bool:
    """Return False for a WAV file shorter than its header declares; libsndfile reads one without an error.

    Services that stream declare 0 or about the largest number, because they do not know the length yet.
    """
    at = 12
    while data[:4] == b"RIFF" and at + 8 <= len(data):
        size: int
        name, size = struct.unpack_from("<4sI", data, at)
        if name == b"data":
            return size >= 0x7FFF_F000 or at + 8 + size <= len(data)
        at += 8 + size + size % 2
    return data[:4] != b"RIFF"
