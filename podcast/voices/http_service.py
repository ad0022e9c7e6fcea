# SPDX-License-Identifier: GPL-3.0-or-later
"""What engines of online services share: patience with a service, and an end to it.

    request -> Service.ask -> Answer -> the engine's own `read` -> Speech

What may pass (429 with its Retry-After, 5xx, cut connections, time-outs, answers that are not whole or hold no sound)
is tried again with growing pauses, and after too many failures in a row nothing is asked for a while: a circuit
breaker, so that a thousand sentences do not hammer a service that is down. TLS is checked. Errors never hold what was
sent, so no key gets into them.
"""

import email.utils
import io
import logging
import re
import struct
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, TypeVar
from urllib.parse import urlsplit

import msgspec

from podcast.errors import ConfigError, ServiceDown, SynthesisError
from podcast.model import Speech

LONGEST_WAIT_S = 60.0
"""A service that asks for more patience is given up on, and says so."""

MOST_FAILURES = 10
"""So many failed requests in a row, and a service is taken to be down."""

REST_S = 60.0
"""How long a service that is down is left alone; then one request finds out whether it is back."""

LARGEST = 100 << 20
"""Bytes of an answer: an hour of speech. More of them are no sentence."""

HERE = {"localhost", "127.0.0.1", "::1"}
"""Hosts that are this machine."""

LOCAL = "check that the service is running on this port, or use a local voice: podcast voices lists them"

T = TypeVar("T")


class Patience(msgspec.Struct, frozen=True):
    """What can be set of every online engine."""

    throttle_s: Annotated[float, msgspec.Meta(ge=0)] = 0.0
    """Pause between two requests, in seconds, such as 0.5; 0 for none."""
    backoff_s: Annotated[float, msgspec.Meta(ge=0)] = 1.0
    """Pause before a failed request is tried again, in seconds; doubled after each further failure."""
    timeout_s: Annotated[float, msgspec.Meta(gt=0)] = 60.0
    """How long to wait for an answer of the service, in seconds; must be more than 0."""
    attempts: Annotated[int, msgspec.Meta(ge=1)] = 5
    """How many times a request is tried before it counts as failed; at least 1."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole answer."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Service:
    """One service as all threads ask it; `at_once` is how many of them may do so."""

    def __init__(self, name: str, patience: Patience, *, hint: str, at_once: int = 8) -> None:
        self.name = name
        self.patience = patience
        self.hint = hint
        self.turns = threading.Semaphore(at_once)
        self.lock = threading.Lock()
        self.session: Any = None
        self.next_at = 0.0
        self.failures = 0
        self.closed_until = 0.0
        self.reason = ""

    def ask(self, request: Any, read: Callable[[Answer], T]) -> T:
        """Send a prepared request until `read` can make something of the answer.

        Raises SynthesisError: of the last attempt, of a refusal, or because the service has failed too often.
        """
        import stamina

        logging.getLogger("stamina").addHandler(logging.NullHandler())  # else it writes a line a retry to stderr
        with self.turns:
            for attempt in stamina.retry_context(
                on=_passing,
                attempts=self.patience.attempts,
                timeout=None,
                wait_initial=self.patience.backoff_s,
                wait_max=LONGEST_WAIT_S,
                wait_jitter=self.patience.backoff_s,
            ):
                with attempt:
                    return self._watched(lambda: read(self._send(request)))
        raise AssertionError  # the last attempt either returned or raised

    def fault(self, message: str, *, hint: str = "", transient: bool = True) -> SynthesisError:
        """Return the error for something that came from the service, or did not."""
        return SynthesisError(f"{self.name}: {message}", hint=hint or self.hint, transient=transient)

    def check(self, answer: Answer) -> None:
        """Raise SynthesisError for an answer that says to come again later (408, 429, 5xx)."""
        if answer.status not in {408, 429} and answer.status < 500:
            return
        wait_s = _retry_after(answer.headers.get("Retry-After", ""))
        words = "limits requests" if answer.status == 429 else "failed"
        after = "" if wait_s is None else f", try again in {wait_s:.0f} s"
        error = self.fault(f"the service {words} ({answer.status}{after})")
        error.transient = wait_s is None or wait_s <= LONGEST_WAIT_S
        error.retry_after_s = wait_s
        raise error

    def speech(self, data: bytes) -> Speech:
        """Return the sound in a file of any format that libsndfile reads, as one channel.

        Raises SynthesisError, transient, if it is none, is cut off or is empty.
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

    def _watched(self, attempt: Callable[[], T]) -> T:
        """Count failures in a row; after too many, fail at once."""
        if self.failures >= MOST_FAILURES and time.monotonic() < self.closed_until:
            raise ServiceDown(f"{self.name}: the service is unavailable: {self.reason}", hint=self.hint)
        try:
            result = attempt()
        except SynthesisError as error:
            wait_s = error.retry_after_s or 0.0
            with self.lock:
                if not error.transient and wait_s <= LONGEST_WAIT_S:  # refused: it is there
                    self.failures = 0
                elif wait_s > LONGEST_WAIT_S:
                    self._leave_alone(wait_s, f"it asked to wait {wait_s:.0f} s")
                else:
                    self.failures += 1
                    if self.failures >= MOST_FAILURES:
                        last = error.message.removeprefix(f"{self.name}: ")
                        self._leave_alone(REST_S, f"it failed {self.failures} times in a row: {last}")
            raise
        self.failures = 0
        return result

    def _leave_alone(self, seconds: float, reason: str) -> None:
        self.failures = max(self.failures, MOST_FAILURES)
        self.closed_until = time.monotonic() + seconds
        self.reason = reason

    def _send(self, request: Any) -> Answer:
        import requests
        import urllib3

        time.sleep(max(0.0, self.next_at - time.monotonic()))
        host = urlsplit(request.url).hostname or ""
        try:
            return self._whole(request)
        except requests.exceptions.SSLError as error:
            _forget_request(error)
            raise self.fault(
                "the certificate of the service is not valid (TLS)",
                hint="start its url with http:// if it does not use TLS"
                if host in HERE
                else "check the url, and your proxy if you use one",
                transient=False,
            ) from error
        except (requests.exceptions.RequestException, urllib3.exceptions.HTTPError) as error:
            _forget_request(error)
            hint = "check your internet connection, or use a local voice: podcast voices lists them"
            raise self.fault(
                f"no complete answer from {host} ({type(error).__name__})",
                hint=LOCAL if host in HERE else hint,
            ) from error
        finally:
            self.next_at = time.monotonic() + self.patience.throttle_s

    def _whole(self, request: Any) -> Answer:
        import requests

        with self.lock:
            if self.session is None:
                self.session = requests.Session()
        # proxy and certificates of the environment, which a session forgets for prepared requests
        around = self.session.merge_environment_settings(request.url, {}, True, None, None)  # noqa: FBT003 - stream
        end_at = time.monotonic() + 10 * self.patience.timeout_s
        with self.session.send(request, timeout=self.patience.timeout_s, **around) as answer:
            body = bytearray()
            while part := answer.raw.read1(1 << 16, decode_content=True):
                body += part
                if len(body) > LARGEST or time.monotonic() > end_at:  # a drip would never be silent
                    raise requests.exceptions.ReadTimeout
            return Answer(answer.status_code, answer.headers, bytes(body))


def address(engine: str, url: str) -> str:
    """Return a service's address from show.toml without a final slash.

    Raises ConfigError if it is none, or has a password in it.
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
    """Return a text in parts of at most `longest` characters: cut after sentences, else clauses, else at spaces."""
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


def _forget_request(error: Exception) -> None:
    """Take the request out of an error: its headers hold the key, and pickles of an error may hold its cause."""
    for name in ("request", "response"):
        if hasattr(error, name):
            setattr(error, name, None)


def _passing(error: Exception) -> bool | float:
    """Tell stamina whether to try again, or in how many seconds."""
    if not isinstance(error, SynthesisError) or not error.transient:
        return False
    return True if error.retry_after_s is None else error.retry_after_s


def _retry_after(text: str) -> float | None:
    """Return the wait in seconds that a header asks for (RFC 9110, 10.2.3: seconds or a date)."""
    if text.strip().isdecimal():
        return float(text)
    try:
        moment = email.utils.parsedate_to_datetime(text)
    except ValueError:
        return None
    return max(0.0, moment.timestamp() - time.time())


def _is_whole(data: bytes) -> bool:
    """Return False for a WAV file with fewer samples than it says; libsndfile reads such without a word.

    Services that write while they speak say 0 or about the largest number for a length that they do not know yet.
    """
    at = 12
    while data[:4] == b"RIFF" and at + 8 <= len(data):
        size: int
        name, size = struct.unpack_from("<4sI", data, at)
        if name == b"data":
            return size >= 0x7FFF_F000 or at + 8 + size <= len(data)
        at += 8 + size + size % 2
    return data[:4] != b"RIFF"
