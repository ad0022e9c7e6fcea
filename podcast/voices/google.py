# SPDX-License-Identifier: GPL-3.0-or-later
"""gTTS: Google's online voices, on request. The text leaves this machine; the service is unofficial and easily tired.

gTTS knows the protocol and builds the requests; they are sent here: one at a time with a pause between, with TLS
checked and time limits, and again after what may pass (429 with its Retry-After, 5xx, cut connections, answers without sound).
Texts are cut at sentences and clauses with their punctuation, so that the melody stays.
"""

import base64
import datetime as dt
import email.utils
import io
import re
import threading
import time
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.metadata import version
from importlib.util import find_spec
from typing import Any, Literal
from urllib.parse import urlsplit, urlunsplit

from podcast.errors import EngineMissing, SynthesisError
from podcast.model import Speech, Voice
from podcast.voices import settings_of

MAX_CHARS = 100
"""What the service takes in one request."""

THROTTLE_S = 0.6
TIMEOUT_S = 20.0
ATTEMPTS = 5
LONGEST_WAIT_S = 60.0
"""A service that asks for more patience is given up on, and says so."""

AUDIO = re.compile(r'jQ1olc","\[\\"([^"\\]+)\\"\]')
"""The one line of the answer that holds the sound: MP3 in base64, in JSON in JSON."""

OFTEN = ("fr", "en", "es", "it", "pt", "de")


class Google:
    """The engine of gTTS."""

    name = "gtts"
    runs_in: Literal["threads", "processes", "one"] = "one"
    max_chars = MAX_CHARS
    min_chars = 8

    def __init__(self, settings: Mapping[str, object]) -> None:
        known = {"url": str, "throttle_s": float, "timeout_s": float, "attempts": int}
        given = settings_of(self.name, settings, known)
        self.url = str(given.get("url", ""))
        self.throttle_s = float(str(given.get("throttle_s", THROTTLE_S)))
        self.timeout_s = float(str(given.get("timeout_s", TIMEOUT_S)))
        self.attempts = int(str(given.get("attempts", ATTEMPTS)))
        self.lock = threading.Lock()
        self.next_at = 0.0
        self.session: Any = None

    def revision(self) -> str:
        """See Engine."""
        return f"gtts {version('gtts')}"

    def voices(self) -> Sequence[Voice]:
        """See Engine."""
        return [] if self.missing() else _voices()

    def missing(self) -> str:
        """See Engine."""
        return "" if find_spec("gtts") else "install it with: pip install gtts"

    def speak(self, text: str, voice: Voice) -> Speech:
        """See Engine."""
        import numpy as np

        if not any(c.isalnum() for c in text):
            raise SynthesisError(f"{voice.ref}: nothing to say", hint="give some words")
        if self.missing():
            raise EngineMissing("gTTS is not installed", hint=self.missing())
        with self.lock:
            answers = [self._patiently(request) for request in self._requests(text, voice)]
        speeches = [_decode(answer) for answer in answers]
        samples = np.concatenate([speech.samples for speech in speeches])
        return _at_speed(Speech(samples, speeches[0].rate_hz), voice.speed)

    def _requests(self, text: str, voice: Voice) -> Sequence[Any]:
        from gtts import gTTS

        language, _, domain = voice.name.partition("@")
        made = gTTS(
            text, lang=language, tld=domain or "com", lang_check=False, pre_processor_funcs=[], tokenizer_func=wrap
        )
        requests = made._prepare_requests()  # noqa: SLF001 - gTTS sends them with TLS unchecked and no time limit
        for request in requests:
            if self.url:
                there = urlsplit(self.url)
                request.url = urlunsplit(urlsplit(request.url)._replace(scheme=there.scheme, netloc=there.netloc))
        return list(requests)

    def _patiently(self, request: Any) -> bytes:
        import stamina

        def passing(error: Exception) -> bool | float:
            if not isinstance(error, SynthesisError) or not error.transient:
                return False
            return True if error.retry_after_s is None else error.retry_after_s

        for attempt in stamina.retry_context(
            on=passing, attempts=self.attempts, timeout=None, wait_initial=self.throttle_s, wait_max=LONGEST_WAIT_S / 2
        ):
            with attempt:
                return self._send(request)
        raise AssertionError  # the last attempt either returned or raised

    def _send(self, request: Any) -> bytes:
        import requests

        if self.session is None:
            self.session = requests.Session()
        time.sleep(max(0.0, self.next_at - time.monotonic()))
        try:
            answer = self.session.send(request, timeout=self.timeout_s)
        except requests.exceptions.SSLError as error:
            raise SynthesisError(
                "gtts: the service cannot prove who it is (TLS)", hint="is there a proxy between?"
            ) from error
        except requests.exceptions.RequestException as error:
            kind = type(error).__name__
            raise SynthesisError(
                f"gtts: no answer from {urlsplit(request.url).hostname} ({kind})",
                hint="is this machine online? A local voice needs no network: podcast voices",
                transient=True,
            ) from error
        finally:
            self.next_at = time.monotonic() + self.throttle_s
        return _sound(answer)


def _sound(answer: Any) -> bytes:
    """Return the MP3 in an answer.

    Raises SynthesisError, transient where waiting may help.
    """
    hint = "the service is unofficial and limits use: wait an hour, or use a local voice"
    if answer.status_code == 429 or answer.status_code >= 500:
        wait_s = _retry_after(answer.headers.get("Retry-After"))
        patient = wait_s is None or wait_s <= LONGEST_WAIT_S
        words = "asks for patience" if answer.status_code == 429 else "has a fault"
        after = "" if wait_s is None else f", for {wait_s:.0f} s"
        raise SynthesisError(
            f"gtts: the service {words} ({answer.status_code}{after})",
            hint=hint,
            transient=patient,
            retry_after_s=wait_s,
        )
    if answer.status_code != 200:
        raise SynthesisError(
            f"gtts: the service refuses ({answer.status_code})", hint="update gTTS: pip install -U gtts"
        )
    found = AUDIO.search(answer.content.decode("utf-8", "replace"))
    if not found:
        raise SynthesisError("gtts: the answer has no sound in it", hint=hint, transient=True)
    try:
        return base64.b64decode(found[1], validate=True)
    except ValueError as error:
        raise SynthesisError("gtts: the sound in the answer is damaged", hint=hint, transient=True) from error


def _retry_after(text: str | None) -> float | None:
    """Return the wait in seconds that a header asks for (RFC 9110, 10.2.3: seconds or a date)."""
    if not text:
        return None
    if text.strip().isdigit():
        return float(text)
    try:
        moment = email.utils.parsedate_to_datetime(text)
    except ValueError:
        return None
    return max(0.0, (moment - dt.datetime.now(dt.UTC)).total_seconds())


def _decode(mp3: bytes) -> Speech:
    import soundfile

    try:
        samples, rate = soundfile.read(io.BytesIO(mp3), dtype="float32", always_2d=True)
    except soundfile.SoundFileError as error:
        raise SynthesisError("gtts: what came is no sound", hint="try again later, or use a local voice") from error
    return Speech(samples.mean(axis=1), rate)


def _at_speed(speech: Speech, speed: float) -> Speech:
    """Return speech at another pace; the service has one pace only, so stretches of it are moved closer or apart."""
    if speed == 1.0:
        return speech
    import numpy as np

    # overlap-add: windows of 40 ms, each placed where it fits its neighbour best within 10 ms, so that pitch stays
    size, reach = speech.rate_hz * 40 // 1000, speech.rate_hz * 10 // 1000
    step = size // 2
    window = np.hanning(size + 1)[:size].astype(np.float32)
    source = np.concatenate([np.zeros(reach, np.float32), speech.samples, np.zeros(size + 2 * reach, np.float32)])
    count = max(1, int(len(speech.samples) / speed / step))
    out = np.zeros(count * step + size, np.float32)
    at = reach
    for number in range(count):
        middle = reach + int(number * step * speed)
        if number:
            wanted = source[at + step : at + step + size]
            if len(wanted) < size:
                break
            near = source[middle - reach : middle + reach + size]
            at = middle - reach + int(np.argmax(np.correlate(near, wanted, mode="valid")))
        else:
            at = middle
        out[number * step : number * step + size] += source[at : at + size] * window
    return Speech(out, speech.rate_hz)


def wrap(text: str) -> list[str]:
    """Return a text in parts of at most 100 characters: cut after sentences, else after clauses, else at spaces."""
    parts = []
    rest = text.strip()
    while len(rest) > MAX_CHARS:
        head = rest[: MAX_CHARS + 1]
        for mark in (r"[.!?…]['\"”’»)\]]* ", r"[,;:—–)] ", " "):
            ends = [found.end() for found in re.finditer(mark, head)]
            if ends and (ends[-1] > MAX_CHARS // 3 or mark == " "):
                at = ends[-1]
                break
        else:
            at = MAX_CHARS
        parts.append(rest[:at].strip())
        rest = rest[at:].strip()
    return [*parts, rest] if rest else parts


@cache
def _voices() -> tuple[Voice, ...]:
    from gtts.lang import tts_langs

    names = sorted(tts_langs(), key=lambda name: (OFTEN.index(name) if name in OFTEN else len(OFTEN), name))
    tags = {name: {"iw": "he", "jw": "jv"}.get(name, name) for name in names}
    return tuple(Voice("gtts", name, tag, quality="natural", online=True) for name, tag in tags.items())
