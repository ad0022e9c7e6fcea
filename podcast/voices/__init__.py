# SPDX-License-Identifier: GPL-3.0-or-later
"""The engines behind one small protocol: speakable text in, samples out.

`find` and `default` name a voice, `engine` gives the engine that has it, its `speak` says one utterance. Engines are
found by the entry point group `podcast.voices`; ours go through the same door as a stranger's. Listing voices and
asking for a revision is cheap; models are loaded by the first `speak`.
"""

import difflib
import threading
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.metadata import entry_points
from typing import Literal, Protocol

import msgspec

from podcast.errors import ConfigError, NarrationError, UnknownVoice
from podcast.model import Speech, Voice

PREVIEW = ("fr", "en", "de", "es", "it")
"""Languages that the quickest voice speaks."""

DEFAULTS = {"fr": "kokoro", "es": "kokoro", "it": "kokoro", "pt": "kokoro", "en": "hibari"}
"""Language -> engine; every other language is espeak-ng's."""


class Engine(Protocol):
    """A thing that turns text into samples. One instance serves all threads."""

    name: str
    runs_in: Literal["threads", "processes", "one"]
    """How calls may be spread: `threads` share the instance, `one` takes them in turn."""
    max_chars: int
    """Characters that it takes well in one call."""
    min_chars: int
    """Shorter texts are better said together with a neighbour."""

    def __init__(self, settings: Mapping[str, object]) -> None:
        """Take what `[engine.<name>]` of show.toml says. Raises ConfigError for what it does not know."""

    def revision(self) -> str:
        """Return engine and model revision, for the key of a clip. Cheap."""

    def voices(self) -> Sequence[Voice]:
        """Return the voices, each language's first choice first. Cheap."""

    def missing(self) -> str:
        """Return an empty text if it can be used here, else what to install or do. Cheap."""

    def speak(self, text: str, voice: Voice) -> Speech:
        """Say a speakable text. Raises EngineMissing, or SynthesisError."""


@cache
def engines() -> Mapping[str, type[Engine]]:
    """Return the engines by name, as entry points give them."""
    found = {}
    for entry in sorted(entry_points(group="podcast.voices"), key=lambda entry: entry.name):
        try:
            found[entry.name] = entry.load()
        except (ImportError, AttributeError) as error:
            package = entry.dist.name if entry.dist else "an unknown package"
            raise NarrationError(
                f"voice engine {entry.name} of {package} cannot be loaded: {error}", hint=f"update or remove {package}"
            ) from error
    return found


_shared: dict[tuple[str, bytes], Engine] = {}
_lock = threading.Lock()


def engine(name: str, settings: Mapping[str, object]) -> Engine:
    """Return the engine called `name`, one shared instance for the same settings.

    Raises UnknownVoice if there is none, ConfigError for settings that it does not know.
    """
    if name not in engines():
        raise UnknownVoice(f"there is no voice engine {name!r}", hint=f"there are: {', '.join(engines())}")
    key = (name, msgspec.json.encode(settings, order="sorted"))
    with _lock:
        if key not in _shared:
            _shared[key] = engines()[name](settings)
        return _shared[key]


@cache
def _all() -> tuple[Voice, ...]:
    return tuple(voice for name in engines() for voice in engine(name, {}).voices())


def find(ref: str, language: str = "") -> Voice:
    """Return the voice that a person named, for a text in `language`.

    `kokoro/ff_siwis`, `ff_siwis` if one engine alone has it, `kokoro/es` for the engine's first of a language,
    `kokoro` for its first of this language. Raises UnknownVoice, with near names as a hint.
    """
    if ref in engines() and language:
        ref = f"{ref}/{language}"
    prefix, _, name = ref.rpartition("/")
    mine = engine(prefix, {}).voices() if prefix else _all()
    exact = [voice for voice in mine if voice.name == name]
    if len({voice.engine for voice in exact}) > 1:
        raise UnknownVoice(f"several engines have a voice {ref!r}", hint=f"name one: {', '.join(v.ref for v in exact)}")
    found = exact or [voice for voice in mine if prefix and _speaks(voice, name)]
    if found:
        return found[0]
    near = difflib.get_close_matches(ref, [*(v.ref for v in _all()), *(v.name for v in _all())], n=3, cutoff=0.5)
    raise UnknownVoice(
        f"there is no voice {ref!r}", hint=f"did you mean {', '.join(near)}?" if near else "podcast voices lists them"
    )


def _speaks(voice: Voice, language: str) -> bool:
    tags = voice.language.lower()
    return tags == language.lower() or tags.split("-")[0] == language.lower().split("-")[0]


def default(language: str, *, preview: bool = False) -> Voice:
    """Return the voice for a language that nobody chose: the best that is embedded, or the quickest.

    Raises UnknownVoice if no engine speaks it.
    """
    base = language.lower().split("-")[0]
    name = "pico" if preview and base in PREVIEW else "espeak" if preview else DEFAULTS.get(base, "espeak")
    ours = engine(name, {}).voices()
    for tag in (language.lower(), base):
        for voice in ours:
            if voice.language.lower() == tag:
                return voice
    for voice in ours:
        if _speaks(voice, language):
            return voice
    raise UnknownVoice(
        f"no voice speaks {language!r}", hint="name one in [voices] of show.toml; podcast voices lists them"
    )


def settings_of(engine_name: str, given: Mapping[str, object], known: Mapping[str, type]) -> dict[str, object]:
    """Return an engine's settings, checked against the keys and types it knows.

    Raises ConfigError that names `engine.<name>.<key>`.
    """
    for key, value in given.items():
        if key not in known:
            raise ConfigError(
                f"engine.{engine_name}.{key}: unknown key", hint=f"known are: {', '.join(known) or 'none'}"
            )
        if not isinstance(value, (int, float) if known[key] is float else known[key]) or isinstance(value, bool):
            raise ConfigError(
                f"engine.{engine_name}.{key}: {value!r} is not a {known[key].__name__}", hint="correct the value"
            )
    return dict(given)
