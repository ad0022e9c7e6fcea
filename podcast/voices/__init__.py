# SPDX-License-Identifier: GPL-3.0-or-later
"""Voice engines behind a small protocol: speakable text in, audio samples out.

`find` and `default` select a voice, `engine` returns its engine, whose `speak` synthesizes one utterance. Engines are
found by the entry point group `podcast.voices`, the built-in ones like those of other packages. Listing voices and
asking for a revision is cheap; models are loaded by the first `speak`.

`clean`, `settings_of` and `release` are helpers for authors of engines.
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
from podcast.voices.concurrency import thread_safe

PREVIEW = ("fr", "en", "de", "es", "it")
"""Languages of the fastest engine."""

DEFAULTS = {"fr": "kokoro", "es": "kokoro", "it": "kokoro", "pt": "kokoro", "en": "hibari"}
"""Language -> engine; espeak-ng for every other language."""

NO_SETTINGS: Mapping[str, Mapping[str, object]] = MappingProxyType({})
"""Engine settings of show.toml without a show."""

LONGEST = 10_000
"""Maximum characters in one call. The engines would take more, but also minutes and gigabytes."""

EMOJI = re.compile("[\U0001f000-\U0001faff\u2600-\u27bf][\ufe0e\ufe0f\u200d]*|[\ufe0e\ufe0f]")
"""Emoji with variation selectors and joiners. Voices would read their names, or skip the sentence after them."""

REPLACED_CATEGORIES = {"Cc": " ", "Cs": " ", "Co": " ", "Cn": " ", "Cf": ""}
"""Unicode categories (control, surrogate, private use, unassigned, format) -> replacement."""

JOINERS = "\u200c\u200d"
"""Format characters that are part of the spelling of Persian and the languages of India."""


class Engine(Protocol):
    """A text-to-speech engine. One instance serves all threads.

    Optional attributes: `price_per_million_characters` if it costs money, None if the price is unknown; `effort`, the
    seconds of one core's time, or of waiting for a service, per second of speech, if significant; `has_pitch`, True
    if it supports a voice's pitch; and a method `phonemes(text, voice)`, which returns the phonemes that the model is
    given for a text. To an engine with `phonemes`, both methods are given texts in which some words have their IPA:
    `Ses trois [fils](/fis/)`, see podcast.pronunciation.notation.
    """

    name: str
    runs_in: Literal["threads", "processes", "one"]
    """Concurrency: `threads` share the instance, `one` serializes calls, `processes` have an instance each."""
    max_chars: int
    """Preferred maximum of characters in one call. Longer texts are split by the engine, or rejected."""
    min_chars: int
    """Shorter texts sound better joined to a neighbour."""

    def __init__(self, settings: Mapping[str, object]) -> None:
        """Take the settings of `[engine.<name>]` in show.toml. Raises ConfigError for invalid or unknown ones."""

    def revision(self, voice: Voice, /) -> str:
        """Return the versions that affect a voice's audio: those of engine, library and model. Cheap."""

    def voices(self) -> Sequence[Voice]:
        """Return the voices, the default of each language first. Cheap."""

    def missing(self) -> str:
        """Return "" if the engine can be used, else what to install or do. Cheap."""

    def speak(self, text: str, voice: Voice) -> Speech:
        """Synthesize a speakable text at the voice's speed (0.5 to 2.0), with word times if they are known.

        Raises EngineMissing, or SynthesisError.
        """


@cache
def engine_classes() -> Mapping[str, type[Engine]]:
    """Return the engines of all entry points by name; see plugins.Plugins."""
    return plugins.Plugins("podcast.voices", "voice engine", NarrationError)


_shared: dict[tuple[str, bytes], Engine] = {}
_lock = threading.Lock()


def engine(name: str, settings: Mapping[str, object]) -> Engine:
    """Return the engine called `name`, one shared instance for the same settings.

    Raises UnknownVoice if there is none, ConfigError for invalid or unknown settings.
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
    "phonemes": lambda answer: isinstance(answer, str),
    "speak": lambda answer: isinstance(answer, Speech) and hasattr(answer.samples, "dtype"),
}
"""Attributes of an engine, and checks of what its methods return: see Engine."""


def _guarded(name: str, settings: Mapping[str, object]) -> Engine:
    """Create an engine whose unexpected exceptions become SynthesisErrors."""
    plugin = plugins.registered("podcast.voices", "voice engine", SynthesisError)[name]
    with plugins.guarded(plugin):
        made = thread_safe(engine_classes()[name], settings)
        plugins.require(made, ATTRIBUTES)
    return cast("Engine", plugins.Guarded(made, plugin, ANSWERS))


def find(ref: str, language: str = "", settings: Mapping[str, Mapping[str, object]] = NO_SETTINGS) -> Voice:
    """Return the voice that `ref` names, for a text in `language`; `settings` are those of each engine.

    `ref` is `kokoro/ff_siwis`, `ff_siwis` if only one engine has it, `kokoro/es` for the engine's default of a
    language, or `kokoro` for its default of `language`. Raises UnknownVoice, with similar names as a hint, and
    EngineMissing if the engine's voices are unknown because it is not installed.
    """
    any_language = ref in engine_classes() and bool(language)
    ref = f"{ref}/{language}" if any_language else ref
    prefix, _, name = ref.rpartition("/")
    mine = _voices_of(prefix, settings) if prefix else _all(settings)
    found = _named(name, mine, ref)
    if found is None and prefix:
        found = _speaking(mine, name)
    if found is None and any_language:  # only the engine was given, so a multilingual voice will do
        found = next((voice for voice in mine if voice.language == "mul"), None)
    if found is None:
        raise _unknown(ref, _all(settings))
    return found


def _named(name: str, voices: Sequence[Voice], ref: str) -> Voice | None:
    """Return the voice with a name. Raises UnknownVoice if several engines have one."""
    exact = [voice for voice in voices if voice.name == name]
    if len({voice.engine for voice in exact}) > 1:
        raise UnknownVoice(
            f"several engines have a voice {ref!r}", hint=f"use the full name: {', '.join(v.ref for v in exact)}"
        )
    return exact[0] if exact else None


def _unknown(ref: str, known: Sequence[Voice]) -> UnknownVoice:
    """Return the error for an unknown voice, with similar names as a hint."""
    words = {voice.name: voice.ref for voice in known} | {voice.ref: voice.ref for voice in known}
    near = dict.fromkeys(words[word] for word in difflib.get_close_matches(ref, words, n=3, cutoff=0.5))
    hint = f"did you mean {', '.join(near)}?" if near else "podcast voices lists all voices"
    return UnknownVoice(f"unknown voice {ref!r}", hint=hint)


def default(language: str, *, preview: bool = False) -> Voice:
    """Return the default voice of a language: the best of the built-in engines, or the fastest one.

    The choice of the engine does not depend on what is installed. Raises UnknownVoice if it does not support the
    language.
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
    """Return the price of synthesizing a text, or None if it is unknown."""
    million: float | None = getattr(engine, "price_per_million_characters", 0.0)
    return None if million is None else million * len(text) / 1e6


def effort(engine: Engine) -> float:
    """Return the estimated seconds of one core's time, or of waiting for a service, per second of speech."""
    return float(getattr(engine, "effort", 0.01))


def has_pitch(engine: Engine | type[Engine]) -> bool:
    """Return True if an engine supports the pitch of a voice."""
    return bool(getattr(engine, "has_pitch", False))


def reads_ipa(engine: Engine) -> bool:
    """Return True if an engine speaks phonemes, so that words can be given in IPA."""
    return callable(getattr(engine, "phonemes", None))


def phonemes(engine: Engine, text: str, voice: Voice) -> str:
    """Return the phonemes that a voice is given for a text, or the text itself if its engine reads letters."""
    return cast("Callable[[str, Voice], str]", engine.phonemes)(text, voice) if reads_ipa(engine) else text  # type: ignore[attr-defined]


def speaks(voice: Voice, language: str) -> bool:
    """Return True if a voice speaks a language: `fr` matches any region, `fr-CA` only its own."""
    tag = voice.language.lower()
    return tag == language.lower() or ("-" not in language and same_language(tag, language))


def _all(settings: Mapping[str, Mapping[str, object]]) -> Sequence[Voice]:
    return [voice for name in engine_classes() for voice in engine(name, settings.get(name, {})).voices()]


def _voices_of(name: str, settings: Mapping[str, Mapping[str, object]]) -> Sequence[Voice]:
    """Return an engine's voices. Raises EngineMissing if it has to be installed first."""
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


# --- helpers for authors of engines ------------------------------------------------------------------------------


def clean(text: str, voice: Voice) -> str:
    """Remove what voices cannot read: emoji, control characters, unpaired surrogates.

    Superscript, subscript and circled digits become plain ones: hibari fails on them.

    Raises SynthesisError if no words are left, or the text is longer than LONGEST.
    """
    if len(text) > LONGEST:
        raise SynthesisError(
            f"{voice.ref}: {len(text)} characters at once, the maximum is {LONGEST}",
            hint="split the text into sentences",
        )
    text = unicodedata.normalize("NFC", EMOJI.sub(" ", text))
    text = "".join(c if c.isdecimal() or not c.isdigit() else str(unicodedata.digit(c)) for c in text)
    text = "".join(REPLACED_CATEGORIES.get(unicodedata.category(c), c) if c not in JOINERS else c for c in text)
    if not any(c.isalnum() for c in text):
        raise SynthesisError(f"{voice.ref}: no words to speak in {text.strip()[:60]!r}", hint="write some words")
    return " ".join(text.split())


@cache  # called for each clip, and reads a file
def release(package: str) -> str:
    """Return name and version of an installed package, for a revision."""
    try:
        return f"{package} {version(package)}"
    except PackageNotFoundError:
        return f"{package} none"


def settings_of(name: str, given: Mapping[str, object], kind: type[Settings]) -> Settings:
    """Parse an engine's settings into its own type: fields are keys, with defaults and bounds.

    Raises ConfigError that names `engine.<name>.<key>`.
    """
    return plugins.settings_of(f"engine.{name}.", given, kind)


class NoSettings(msgspec.Struct, frozen=True):
    """Settings of an engine without any."""
