# SPDX-License-Identifier: GPL-3.0-or-later
"""Voices of OpenAI and of services with the same API, such as a self-hosted Kokoro-FastAPI or LocalAI.

    POST <url>/audio/speech {"model", "input", "voice", "response_format", …} -> an audio file

The API key is read from the environment only and used in the request only: OPENAI_API_KEY for OpenAI, the variable
named in `key_from` for another service. See http_service.py for retries.
"""

import hashlib
import json
import os
import re
from collections.abc import Mapping, Sequence
from typing import Annotated, Literal
from urllib.parse import urlsplit

import msgspec

from podcast.errors import ConfigError, EngineMissing
from podcast.http_client import is_valid
from podcast.log import hide
from podcast.model import Speech, Voice
from podcast.voices import clean, settings_of
from podcast.voices.http_service import LOOPBACK, Answer, Patience, Request, Service, address, wrap
from podcast.voices.time_stretch import at_speed

OPENAI = "https://api.openai.com/v1"
KEY = "OPENAI_API_KEY"

NO_SPEED_PREFIX = "gpt-"
"""Prefix of models that ignore `speed`; their audio is time-stretched here instead."""

NO_CREDIT = {"insufficient_quota", "billing_hard_limit_reached"}
"""OpenAI's error codes that come with 429 but are final."""

RESUME_HINT = "the next run resumes here; or use a local voice (podcast voices lists them)"


class Settings(Patience, frozen=True):
    """`[engine.openai]` of show.toml."""

    url: str = OPENAI
    """Base URL of the service, to which `/audio/speech` is added, such as `http://localhost:8880/v1`."""
    model: str = "gpt-4o-mini-tts"
    """Name of the model at the service."""
    voices: Annotated[tuple[str, ...], msgspec.Meta(min_length=1)] = (
        "alloy", "ash", "ballad", "coral", "echo", "fable", "nova", "onyx", "sage", "shimmer",
    )  # fmt: skip
    """Names of the voices at the service, such as `["af_sky", "bm_george"]`; at least one."""
    format: Literal["wav", "flac", "mp3", "opus"] = "wav"
    """Audio format to request from the service."""
    instructions: str = ""
    """How to speak, for models that support it, such as `Speak calmly and warmly`."""
    key_from: str = ""
    """Environment variable that holds the API key; if empty, `OPENAI_API_KEY` for OpenAI and no key for other
    services."""
    max_chars: Annotated[int, msgspec.Meta(ge=20, le=4096)] = 600
    """Maximum characters in one request, from 20 to 4096."""
    price_per_million_characters: Annotated[float, msgspec.Meta(ge=0)] | None = None
    """Price of a million characters, in any currency, such as 15.0; used by `podcast make --dry-run`."""


class OpenAI:
    """Engine for OpenAI's speech API."""

    name = "openai"
    runs_in: Literal["threads", "processes", "one"] = "threads"
    min_chars = 8
    effort = 0.3

    def __init__(self, settings: Mapping[str, object]) -> None:
        asked = settings_of(self.name, settings, Settings)
        if asked.key_from and not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", asked.key_from):
            raise ConfigError(  # without the value: it may be the key itself
                "engine.openai.key_from: not the name of an environment variable",
                hint=f"keep the key itself out of show.toml: set the variable {KEY}, and write its name here",
            )
        self.settings = asked
        self.url = address(self.name, asked.url)
        self.key_from = asked.key_from or (KEY if self.url == OPENAI else "")
        self.max_chars = asked.max_chars
        self.price_per_million_characters = asked.price_per_million_characters
        self.service = Service(self.name, asked, hint=RESUME_HINT)

    def revision(self, _voice: Voice) -> str:
        """See Engine."""
        asked = self.settings
        what = json.dumps([self.url, asked.model, asked.format, asked.instructions])
        return f"openai-1 {hashlib.sha256(what.encode()).hexdigest()[:16]}"

    def voices(self) -> Sequence[Voice]:
        """See Engine."""
        online = urlsplit(self.url).hostname not in LOOPBACK
        return [Voice("openai", name, "mul", online=online) for name in dict.fromkeys(self.settings.voices)]

    def missing(self) -> str:
        """See Engine."""
        if self.key_from and not os.environ.get(self.key_from, "").strip():
            return f"set the environment variable {self.key_from} to the API key of the service"
        return ""

    def speak(self, text: str, voice: Voice) -> Speech:
        """See Engine."""
        import numpy as np

        if lacking := self.missing():
            raise EngineMissing(f"no API key for {self.url}", hint=lacking)
        native = voice.speed if not self.settings.model.startswith(NO_SPEED_PREFIX) else 1.0
        requests = [self._request(part, voice.name, native) for part in wrap(clean(text, voice), self.max_chars)]
        parts = [self.service.ask(request, self._speech) for request in requests]
        whole = Speech(np.concatenate([part.samples for part in parts]), parts[0].rate_hz)
        return at_speed(whole, voice.speed / native)

    def _key(self) -> str:
        key = hide(os.environ.get(self.key_from, "").strip()) if self.key_from else ""
        if key and not re.fullmatch(r"[!-~]+", key):
            raise EngineMissing(
                f"the value of {self.key_from} is not a valid API key",
                hint="set it again, without spaces or line breaks",
            )
        return key

    def _request(self, text: str, name: str, speed: float) -> Request:
        if not is_valid(self.url):
            raise ConfigError(
                f"{self.url!r} is not a valid URL (InvalidURL)", key="engine.openai.url", hint="correct the URL"
            )
        asked = self.settings
        body: dict[str, object] = {"model": asked.model, "input": text, "voice": name, "response_format": asked.format}
        body |= {"instructions": asked.instructions} if asked.instructions else {}
        body |= {"speed": speed} if speed != 1.0 else {}
        key = self._key()
        headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {key}"} if key else {})
        return Request("POST", f"{self.url}/audio/speech", headers, json.dumps(body).encode())

    def _speech(self, answer: Answer) -> Speech:
        """Return the audio in a response. Raises SynthesisError, transient where a retry may help."""
        code, message = _error_of(answer.body)
        if code in NO_CREDIT or answer.status == 402:
            raise self.service.fault(
                "the account has no credit left", hint="add credit at the service", transient=False
            )
        self.service.check(answer)
        if answer.status in {401, 403}:  # the message of the service often holds parts of the key
            hint = (
                f"check the API key in {self.key_from}"
                if self.key_from
                else "set key_from to the variable with its API key"
            )
            raise self.service.fault(
                f"the service does not accept the API key ({answer.status})", hint=hint, transient=False
            )
        if answer.status != 200:
            words = f": {message}" if message and not _holds_key(message, self._key()) else ""
            hint = "check url, model and voice in [engine.openai]"
            raise self.service.fault(
                f"the service rejected the request ({answer.status}{words})", hint=hint, transient=False
            )
        return self.service.speech(answer.body)


def _error_of(body: bytes) -> tuple[str, str]:
    """Return code and message of a JSON error of OpenAI or a similar service; empty if there is none."""
    if body.lstrip()[:1] != b"{":
        return "", ""
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return "", ""
    error = found.get("error", found)
    if not isinstance(error, dict):
        return "", " ".join(str(error).split())[:200]
    message = error.get("message") or error.get("detail") or ""
    return str(error.get("code")), " ".join(str(message).split())[:200]


def _holds_key(message: str, key: str) -> bool:
    """Return True if the message holds six consecutive characters of the key."""
    words, secret = message.casefold(), key.casefold()
    return any(secret[at : at + 6] in words for at in range(max(1, len(secret) - 5))) if secret else False
