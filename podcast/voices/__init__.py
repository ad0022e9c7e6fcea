# SPDX-License-Identifier: GPL-3.0-or-later
"""The engines behind one small protocol: speakable text in, samples out.

`find` and `default` name a voice, `engine` gives the engine that has it, its `speak` says one utterance. Engines are
found by the entry point group `podcast.voices`; ours go through the same door as a stranger's. Listing voices and
asking for a revision is cheap; models are loaded by the first `speak`.

`clean`, `settings_of` and `release` are for writers of engines.
"""

import difflib
import re
import threading
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from types import MappingProxyType
from typing import Any, Literal, Protocol, cast

import msgspec

from podcast.errors import EngineMissing, NarrationError, SynthesisError, UnknownVoice, did_you_mean
from podcast.langtag import same_language, spoken
from podcast.model import Speech, Voice
from podcast.packages import plugins
from podcast.packages.plugins import Settings
from podcast.voices.concurrency import spread

PREVIEW = ("fr", "en", "de", "es", "it")
"""Languages that the quickest voice speaks."""

DEFAULTS = {"fr": "kokoro", "es": "kokoro", "it": "kokoro", "pt": "kokoro", "en": "hibari"}
"""Language -> engine; every other language is espeak-ng's."""

NO_SETTINGS: Mapping[str, Mapping[str, object]] = MappingProxyType({})
"""What show.toml says of engines where there is no show."""

LONGEST = 10_000
"""Characters in one call. The engines would take more, and minutes, and gigabytes."""

EMOJI = re.compile("[\U0001f000-\U0001faff\u2600-\u27bf][\ufe0e\ufe0f\u200d]*|[\ufe0e\ufe0f]")
"""Pictures, with what varies and joins them. Voices would read their names, or lose the sentence after them."""

UNHEARD = {"Cc": " ", "Cs": " ", "Co": " ", "Cn": " ", "Cf": ""}
"""Unicode categories (control, half a character, private, unassigned, formatting) -> what stands in their place."""

JOINERS = "\u200c\u200d"
"""Formatting, yet part of how Persian and the scripts of India are spelt."""


class Engine(Protocol):
    """A thing that turns text into samples. One instance serves all threads.

    It may have besides: `price_per_million_characters` if it costs money, None where that is not known; `effort`, the
    seconds that a second of speech takes, of one core or in waiting for a service, if that is not next to nothing; and
    `has_pitch`, True if it heeds a voice's pitch.
    """

    name: str
    runs_in: Literal["threads", "processes", "one"]
    """How calls may be spread: `threads` share the instance, `one` takes them in turn, `processes` have one each."""
    max_chars: int
    """Characters that it takes well in one call. Longer texts are cut inside, at a good place, or refused."""
    min_chars: int
    """Shorter texts are better said together with a neighbour."""

    def __init__(self, settings: Mapping[str, object]) -> None:
        """Take what `[engine.<name>]` of show.toml says. Raises ConfigError for what it does not know."""

    def revision(self, voice: Voice, /) -> str:
        """Return what changes with the sound of a voice: revisions of engine, library and model. Cheap."""

    def voices(self) -> Sequence[Voice]:
        """Return the voices, each language's first choice first. Cheap."""

    def missing(self) -> str:
        """Return an empty text if it can be used here, else what to install or do. Cheap."""

    def speak(self, text: str, voice: Voice) -> Speech:
        """Say a speakable text at the voice's speed (0.5 to 2.0), and with its words' times if they are known.

        Raises EngineMissing, or SynthesisError.
        """


@cache
def engine_classes() -> Mapping[str, type[Engine]]:
    """Return the engines by name, as entry points give them; see plugins.Plugins."""
    return plugins.Plugins("podcast.voices", "voice engine", NarrationError)


_shared: dict[tuple[str, bytes], Engine] = {}
_lock = threading.Lock()


def engine(name: str, settings: Mapping[str, object]) -> Engine:
    """Return the engine called `name`, one shared instance for the same settings.

    Raises UnknownVoice if there is none, ConfigError for settings that it does not know.
    """
    if name not in engine_classes():
        raise UnknownVoice(f"unknown voice engine {name!r}", hint=did_you_mean(name, engine_classes()))
    key = (name, msgspec.json.encode(settings, order="sorted"))
    with _lock:
        if key not in _shared:
            _shared[key] = _guarded(name, settings)
        return _shared[key]


ATTRIBUTES = {"name": str, "runs_in": str, "max_chars": int, "min_chars": int}
ANSWERS: Mapping[str, Callable[[Any], bool]] = {
    "revision": lambda answer: isinstance(answer, str),
    "voices": lambda answer: isinstance(answer, Sequence) and all(isinstance(voice, Voice) for voice in answer),
    "missing": lambda answer: isinstance(answer, str),
    "speak": lambda answer: isinstance(answer, Speech) and hasattr(answer.samples, "dtype"),
}
"""What an engine has, and what its methods return: see Engine."""


def _guarded(name: str, settings: Mapping[str, object]) -> Engine:
    """Return a new engine that raises nothing but PodcastErrors, a SynthesisError where it has none of its own."""
    plugin = plugins.registered("podcast.voices", "voice engine", SynthesisError)[name]
    with plugins.guarded(plugin):
        made = spread(engine_classes()[name], settings)
        plugins.require(made, ATTRIBUTES)
    return cast("Engine", plugins.Guarded(made, plugin, ANSWERS))


def find(ref: str, language: str = "", settings: Mapping[str, Mapping[str, object]] = NO_SETTINGS) -> Voice:
    """Return the voice that a person named, for a text in `language`; `settings` are those of each engine.

    `kokoro/ff_siwis`, `ff_siwis` if one engine alone has it, `kokoro/es` for the engine's first of a language,
    `kokoro` for its first of this language. Raises UnknownVoice, with near names as a hint, and EngineMissing if it is
    not known what voices an engine would have.
    """
    any_language = ref in engine_classes() and bool(language)
    ref = f"{ref}/{language}" if any_language else ref
    prefix, _, name = ref.rpartition("/")
    mine = _voices_of(prefix, settings) if prefix else _all(settings)
    found = _named(name, mine, ref)
    if found is None and prefix:
        found = _speaking(mine, name)
    if found is None and any_language:  # the engine alone was named, so a voice of all languages will do
        found = next((voice for voice in mine if voice.language == "mul"), None)
    if found is None:
        raise _unknown(ref, _all(settings))
    return found


def _named(name: str, voices: Sequence[Voice], ref: str) -> Voice | None:
    """Return the voice of a name. Raises UnknownVoice if several engines have one."""
    exact = [voice for voice in voices if voice.name == name]
    if len({voice.engine for voice in exact}) > 1:
        raise UnknownVoice(
            f"several engines have a voice {ref!r}", hint=f"use the full name: {', '.join(v.ref for v in exact)}"
        )
    return exact[0] if exact else None


def _unknown(ref: str, known: Sequence[Voice]) -> UnknownVoice:
    """Return the error for a voice that no engine has, with near names as a hint."""
    words = {voice.name: voice.ref for voice in known} | {voice.ref: voice.ref for voice in known}
    near = dict.fromkeys(words[word] for word in difflib.get_close_matches(ref, words, n=3, cutoff=0.5))
    hint = f"did you mean {', '.join(near)}?" if near else "podcast voices lists all voices"
    return UnknownVoice(f"unknown voice {ref!r}", hint=hint)


def default(language: str, *, preview: bool = False) -> Voice:
    """Return the voice for a language that nobody chose: the best that is embedded, or the quickest.

    Which engine that is does not depend on what is installed. Raises UnknownVoice if it does not speak the language.
    """
    base = spoken(language)
    name = "espeak" if preview else DEFAULTS.get(base, "espeak")
    if preview and base in PREVIEW:
        name = "pico"
    voice = _speaking(_voices_of(name, NO_SETTINGS), language)
    if voice is None:
        raise UnknownVoice(
            f"no voice for language {language!r}",
            hint="set one in [voices] of show.toml (podcast voices lists them), or give another --language",
        )
    return voice


def price(engine: Engine, text: str) -> float | None:
    """Return what saying a text costs, or None if that is not known."""
    million: float | None = getattr(engine, "price_per_million_characters", 0.0)
    return None if million is None else million * len(text) / 1e6


def effort(engine: Engine) -> float:
    """Return the seconds that a second of speech takes, of one core or in waiting for a service; about."""
    return float(getattr(engine, "effort", 0.01))


def has_pitch(engine: Engine | type[Engine]) -> bool:
    """Return True if an engine heeds the pitch of a voice."""
    return bool(getattr(engine, "has_pitch", False))


def speaks(voice: Voice, language: str) -> bool:
    """Return True if a voice is of a language: `fr` takes those of any region, `fr-CA` its own alone."""
    tag = voice.language.lower()
    return tag == language.lower() or ("-" not in language and same_language(tag, language))


def _all(settings: Mapping[str, Mapping[str, object]]) -> Sequence[Voice]:
    return [voice for name in engine_classes() for voice in engine(name, settings.get(name, {})).voices()]


def _voices_of(name: str, settings: Mapping[str, Mapping[str, object]]) -> Sequence[Voice]:
    """Return an engine's voices; one that must be installed before it knows them says so."""
    it = engine(name, settings.get(name, {}))
    voices = it.voices()
    if not voices and it.missing():
        raise EngineMissing(f"voice engine {name} is not available", hint=it.missing())
    return voices


def _speaking(voices: Sequence[Voice], language: str) -> Voice | None:
    """Return the first voice of a language: zh-Hant-TW, zh-Hant, zh (RFC 4647, 3.4), else of any region of it."""
    tag = language.lower()
    while tag:
        if found := next((voice for voice in voices if voice.language.lower() == tag), None):
            return found
        tag = tag.rpartition("-")[0]
    return next((voice for voice in voices if same_language(voice.language, language)), None)


# --- for writers of engines -------------------------------------------------------------------------------------


def clean(text: str, voice: Voice) -> str:
    """Return a text without what voices stumble over: emoji, control characters, halves of characters.

    Digits that are raised, lowered or circled become plain ones: hibari takes them for numbers that it cannot read.

    Raises SynthesisError if nothing is left to say, or if it is far too long.
    """
    if len(text) > LONGEST:
        raise SynthesisError(
            f"{voice.ref}: {len(text)} characters at once, the maximum is {LONGEST}",
            hint="split the text into sentences",
        )
    text = unicodedata.normalize("NFC", EMOJI.sub(" ", text))
    text = "".join(c if c.isdecimal() or not c.isdigit() else str(unicodedata.digit(c)) for c in text)
    text = "".join(UNHEARD.get(unicodedata.category(c), c) if c not in JOINERS else c for c in text)
    if not any(c.isalnum() for c in text):
        raise SynthesisError(f"{voice.ref}: no words to speak in {text.strip()[:60]!r}", hint="write some words")
    return " ".join(text.split())


@cache  # each clip asks, and the answer is in a file
def release(package: str) -> str:
    """Return the version of an installed package, for a revision."""
    try:
        return f"{package} {version(package)}"
    except PackageNotFoundError:
        return f"{package} none"


def settings_of(name: str, given: Mapping[str, object], kind: type[Settings]) -> Settings:
    """Return an engine's settings as its own type: fields are keys, defaults and bounds those of the field.

    Raises ConfigError that names `engine.<name>.<key>`.
    """
    return plugins.settings_of(f"engine.{name}.", given, kind)


class NoSettings(msgspec.Struct, frozen=True):
    """Of an engine that has nothing to set."""
