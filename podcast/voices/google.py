# SPDX-License-Identifier: GPL-3.0-or-later
"""gTTS: Google's online voices, on request. The text leaves this machine; the service is unofficial and easily tired.

gTTS knows the protocol and builds the requests; they are sent here: one at a time with a pause between, with TLS
checked and time limits, and again after what may pass (429 with its Retry-After, 5xx, cut connections, answers that
are not whole). Texts are cut at sentences and clauses with their punctuation, so that the melody stays.
"""

import base64
import email.utils
import io
import json
import logging
import re
import threading
import time
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.util import find_spec
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit, urlunsplit

import msgspec

from podcast.errors import ConfigError, EngineMissing, SynthesisError
from podcast.model import Speech, Voice
from podcast.voices import clean, release, settings_of
from podcast.voices.pace import at_speed

MAX_CHARS = 100
"""What the service takes in one request."""

LONGEST_WAIT_S = 60.0
"""A service that asks for more patience is given up on, and says so."""

RPC = "jQ1olc"
"""The service's name of its text to speech; in an answer, the sound follows it: MP3 in base64, in JSON in JSON."""

SOUND = re.compile(rf'"{RPC}","\[(\\".*?\\")')
NO_SOUND = re.compile(rf'"{RPC}",null')

OFTEN = ("fr", "en", "es", "it", "pt", "de")

TAGS = {"iw": "he", "jw": "jv"}
"""gTTS's name of a language -> BCP 47, where they differ."""

LOCAL = "the service is unofficial and limits use: wait an hour, or use a local voice (podcast voices lists them)"


class Settings(msgspec.Struct, frozen=True):
    """`[engine.gtts]` of show.toml."""

    url: str = ""
    """Scheme and host of a mirror, in place of the service's."""
    throttle_s: Annotated[float, msgspec.Meta(ge=0)] = 0.6
    """Pause between requests; doubled for each attempt after a failed one."""
    timeout_s: Annotated[float, msgspec.Meta(gt=0)] = 20.0
    attempts: Annotated[int, msgspec.Meta(ge=1)] = 5


class Google:
    """The engine of gTTS."""

    name = "gtts"
    runs_in: Literal["threads", "processes", "one"] = "one"
    max_chars = MAX_CHARS
    min_chars = 8

    def __init__(self, settings: Mapping[str, object]) -> None:
        self.settings = settings_of(self.name, settings, Settings)
        self.there = urlsplit(self.settings.url)
        if self.settings.url and not (self.there.scheme in {"http", "https"} and self.there.netloc):
            raise ConfigError(
                f"engine.gtts.url: {self.settings.url!r} is not a web address", hint="such as https://mirror.example"
            )
        self.lock = threading.Lock()
        self.next_at = 0.0
        self.session: Any = None

    def revision(self) -> str:
        """See Engine."""
        return f"gtts-1 {release('gtts')}"

    def voices(self) -> Sequence[Voice]:
        """See Engine."""
        return [] if self.missing() else _voices()

    def missing(self) -> str:
        """See Engine."""
        return "" if find_spec("gtts") else "install it with: pip install gtts"

    def speak(self, text: str, voice: Voice) -> Speech:
        """See Engine."""
        import numpy as np

        if lacking := self.missing():
            raise EngineMissing("gTTS is not installed", hint=lacking)
        with self.lock:
            parts = [self._patiently(request) for request in self._requests(clean(text, voice), voice)]
        samples = np.concatenate([part.samples for part in parts])
        return at_speed(Speech(samples, parts[0].rate_hz), voice.speed)

    def _requests(self, text: str, voice: Voice) -> Sequence[Any]:
        from gtts import gTTS

        made = gTTS(text, lang=voice.name, lang_check=False, pre_processor_funcs=[], tokenizer_func=wrap)
        requests = made._prepare_requests()  # noqa: SLF001 - its public methods send with TLS unchecked
        for request in requests:
            if self.settings.url:
                service = urlsplit(request.url)
                request.url = urlunsplit(service._replace(scheme=self.there.scheme, netloc=self.there.netloc))
        return list(requests)

    def _patiently(self, request: Any) -> Speech:
        import stamina

        logging.getLogger("stamina").addHandler(logging.NullHandler())  # else it writes a line a retry to stderr

        def passing(error: Exception) -> bool | float:
            if not isinstance(error, SynthesisError) or not error.transient:
                return False
            return True if error.retry_after_s is None else error.retry_after_s

        for attempt in stamina.retry_context(
            on=passing,
            attempts=self.settings.attempts,
            timeout=None,
            wait_initial=self.settings.throttle_s,
            wait_max=LONGEST_WAIT_S,
            wait_jitter=self.settings.throttle_s,
        ):
            with attempt:
                return _decode(_sound(self._send(request)))
        raise AssertionError  # the last attempt either returned or raised

    def _send(self, request: Any) -> Any:
        import requests

        if self.session is None:
            self.session = requests.Session()
        time.sleep(max(0.0, self.next_at - time.monotonic()))
        try:
            # proxy and certificates of the environment, which a session forgets for prepared requests
            around = self.session.merge_environment_settings(request.url, {}, None, None, None)
            return self.session.send(request, timeout=self.settings.timeout_s, **around)
        except requests.exceptions.SSLError as error:
            raise SynthesisError(
                "gtts: the service cannot prove who it is (TLS)", hint="is there a proxy between?"
            ) from error
        except requests.exceptions.RequestException as error:
            raise SynthesisError(
                f"gtts: no whole answer from {urlsplit(request.url).hostname} ({type(error).__name__})",
                hint="is this machine online? A local voice needs no network: podcast voices lists them",
                transient=True,
            ) from error
        finally:
            self.next_at = time.monotonic() + self.settings.throttle_s


def _sound(answer: Any) -> bytes:
    """Return the MP3 in an answer.

    Raises SynthesisError, transient where waiting may help.
    """
    if answer.status_code == 429 or answer.status_code >= 500:
        wait_s = _retry_after(answer.headers.get("Retry-After", ""))
        words = "asks for patience" if answer.status_code == 429 else "has a fault"
        after = "" if wait_s is None else f", for {wait_s:.0f} s"
        raise SynthesisError(
            f"gtts: the service {words} ({answer.status_code}{after})",
            hint=LOCAL,
            transient=wait_s is None or wait_s <= LONGEST_WAIT_S,
            retry_after_s=wait_s,
        )
    if answer.status_code != 200:
        raise SynthesisError(
            f"gtts: the service refuses ({answer.status_code})", hint="update gTTS: pip install -U gtts"
        )
    body = answer.content.decode("utf-8", "replace")
    if NO_SOUND.search(body):
        raise SynthesisError("gtts: the service has no sound for this text", hint="reword it, or use a local voice")
    found = SOUND.search(body)
    if not found:
        raise SynthesisError("gtts: the answer has no sound in it", hint=LOCAL, transient=True)
    try:
        return base64.b64decode(json.loads(json.loads(f'"{found[1]}"')), validate=True)
    except ValueError as error:
        raise SynthesisError("gtts: the sound in the answer is damaged", hint=LOCAL, transient=True) from error


def _retry_after(text: str) -> float | None:
    """Return the wait in seconds that a header asks for (RFC 9110, 10.2.3: seconds or a date)."""
    if text.strip().isdecimal():
        return float(text)
    try:
        moment = email.utils.parsedate_to_datetime(text)
    except ValueError:
        return None
    return max(0.0, moment.timestamp() - time.time())


def _decode(mp3: bytes) -> Speech:
    import soundfile

    try:
        samples, rate = soundfile.read(io.BytesIO(mp3), dtype="float32", always_2d=True)
    except soundfile.SoundFileError as error:
        raise SynthesisError("gtts: what came is no sound", hint=LOCAL, transient=True) from error
    if not len(samples):
        raise SynthesisError("gtts: the sound that came is empty", hint=LOCAL, transient=True)
    return Speech(samples.mean(axis=1), rate)


def wrap(text: str) -> list[str]:
    """Return a text in parts of at most 100 characters: cut after sentences, else after clauses, else at spaces."""
    parts = []
    rest = text.strip()
    while len(rest) > MAX_CHARS:
        head = rest[: MAX_CHARS + 1]
        at = MAX_CHARS
        for mark in (r"[.!?…]['\"”’»)\]]* |[。！？]", r"[,;:—–)] |[、，；：]", " "):
            ends = [found.end() for found in re.finditer(mark, head)]
            if ends and (ends[-1] > MAX_CHARS // 3 or mark == " "):
                at = ends[-1]
                break
        parts.append(rest[:at].strip())
        rest = rest[at:].strip()
    return [*parts, rest] if rest else parts


@cache
def _voices() -> tuple[Voice, ...]:
    from gtts.lang import tts_langs

    names = sorted(tts_langs(), key=lambda name: (OFTEN.index(name) if name in OFTEN else len(OFTEN), name))
    return tuple(Voice("gtts", name, TAGS.get(name, name), online=True) for name in names)
