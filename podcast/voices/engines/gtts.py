# SPDX-License-Identifier: GPL-3.0-or-later
"""gTTS: the voices of Google Translate. Text is sent to an unofficial service that limits requests strictly.

gTTS builds the requests; they are sent here, one at a time with pauses, with verified TLS, time-outs and retries (see
http_service.py). Text is split after sentences and clauses and keeps its punctuation, for natural intonation.
"""

import base64
import json
import re
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.util import find_spec
from typing import Annotated, Literal
from urllib.parse import urlsplit, urlunsplit

import msgspec

from podcast.errors import EngineMissing
from podcast.model import Speech, Voice
from podcast.packages.distribution import repair
from podcast.voices import clean, release, settings_of
from podcast.voices.http_service import Answer, Patience, Request, Service, address, wrap
from podcast.voices.time_stretch import at_speed

MAX_CHARS = 100
"""Limit of the service for one request."""

RPC = "jQ1olc"
"""Id of the text-to-speech call; in a response the audio follows it: base64 MP3 in JSON within JSON."""

AUDIO = re.compile(rf'"{RPC}","\[(\\".*?\\")')
NO_AUDIO = re.compile(rf'"{RPC}",null')

COMMON_LANGUAGES = ("fr", "en", "es", "it", "pt", "de")

TAGS = {"iw": "he", "jw": "jv"}
"""gTTS language code -> BCP 47, where they differ."""

LIMIT_HINT = "the service is unofficial and limits use: wait an hour, or use a local voice (podcast voices lists them)"


class Settings(Patience, frozen=True):
    """`[engine.gtts]` of show.toml."""

    url: str = ""
    """URL of a mirror to use instead of the official service; only its scheme and host are used. Usually empty."""
    throttle_s: Annotated[float, msgspec.Meta(ge=0)] = 0.6
    timeout_s: Annotated[float, msgspec.Meta(gt=0)] = 20.0


class Google:
    """Engine for gTTS."""

    name = "gtts"
    runs_in: Literal["threads", "processes", "one"] = "one"
    max_chars = MAX_CHARS
    min_chars = 8
    effort = 0.3

    def __init__(self, settings: Mapping[str, object]) -> None:
        asked = settings_of(self.name, settings, Settings)
        self.mirror = urlsplit(address(self.name, asked.url)) if asked.url else None
        self.service = Service(self.name, asked, hint=LIMIT_HINT, at_once=1)

    def revision(self, _voice: Voice) -> str:
        """See Engine."""
        return f"gtts-1 {release('gtts')}"

    def voices(self) -> Sequence[Voice]:
        """See Engine."""
        return [] if self.missing() else _voices()

    def missing(self) -> str:
        """See Engine."""
        return "" if find_spec("gtts") else f"install it with: {repair('gtts')}"

    def speak(self, text: str, voice: Voice) -> Speech:
        """See Engine."""
        import numpy as np

        if lacking := self.missing():
            raise EngineMissing("gTTS is not installed", hint=lacking)
        requests = self._requests(clean(text, voice), voice)
        parts = [self.service.ask(request, lambda got: self.service.speech(self._mp3(got))) for request in requests]
        samples = np.concatenate([part.samples for part in parts])
        return at_speed(Speech(samples, parts[0].rate_hz), voice.speed)

    def _requests(self, text: str, voice: Voice) -> Sequence[Request]:
        from gtts import gTTS

        made = gTTS(text, lang=voice.name, lang_check=False, pre_processor_funcs=[], tokenizer_func=_split)
        prepared = made._prepare_requests()  # noqa: SLF001 - its public methods send with TLS unchecked
        return [Request(one.method, self._mirrored(one.url), dict(one.headers), one.body) for one in prepared]

    def _mirrored(self, url: str) -> str:
        """Return the URL at the mirror, if one is set."""
        if not self.mirror:
            return url
        return urlunsplit(urlsplit(url)._replace(scheme=self.mirror.scheme, netloc=self.mirror.netloc))

    def _mp3(self, answer: Answer) -> bytes:
        """Return the MP3 in a response.

        Raises SynthesisError, transient where a retry may help.
        """
        fault = self.service.fault
        self.service.check(answer)
        if answer.status != 200:
            raise fault(
                f"the service rejected the request ({answer.status})",
                hint="update gTTS: pip install -U gtts",
                transient=False,
            )
        body = answer.body.decode("utf-8", "replace")
        if NO_AUDIO.search(body):
            raise fault(
                "the service has no audio for this text", hint="reword it, or use a local voice", transient=False
            )
        found = AUDIO.search(body)
        if not found:
            raise fault("the answer contains no audio")
        try:
            return base64.b64decode(json.loads(json.loads(f'"{found[1]}"')), validate=True)
        except (ValueError, RecursionError) as error:
            raise fault("the audio in the answer is damaged") from error


def _split(text: str) -> list[str]:
    return wrap(text, MAX_CHARS)


@cache
def _voices() -> tuple[Voice, ...]:
    from gtts.lang import tts_langs

    names = sorted(
        tts_langs(),
        key=lambda name: (COMMON_LANGUAGES.index(name) if name in COMMON_LANGUAGES else len(COMMON_LANGUAGES), name),
    )
    return tuple(Voice("gtts", name, TAGS.get(name, name), online=True) for name in names)
