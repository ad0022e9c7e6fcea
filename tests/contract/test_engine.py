# SPDX-License-Identifier: GPL-3.0-or-later
"""The contract of every engine that an entry point names, built in or of another package."""

import hashlib
import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest
from fakes.google_tts import GoogleTTS
from fakes.openai_tts import OpenAITTS

from podcast import voices
from podcast.errors import ConfigError, SynthesisError
from podcast.model import Speech, Utterance, Voice
from podcast.narrate.synthesis import fault

TEXTS = {
    "fr": ("Bonjour à tous.", "La mer est calme."),
    "en": ("Good morning to all.", "The sea is calm."),
    "mul": ("Bonjour à tous.", "The sea is calm."),
}
"""Language -> two texts that are not alike; short, for good voices are slow."""

LANGTAG = re.compile(
    r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?(-([a-z0-9]{5,8}|[0-9][a-z0-9]{3}))*(-x(-[a-z0-9]{1,8})+)?"
)
"""RFC 5646, 2.1, in its canonical case, without the extensions and grandfathered tags that no voice needs."""


@dataclass(frozen=True)
class Subject:
    """An engine under test."""

    engine: voices.Engine
    settings: dict[str, object]
    voice: Voice
    texts: tuple[str, str]

    def speak(self, text: str, speed: float = 1.0) -> Speech:
        """Say it with the engine's first voice."""
        return self.engine.speak(text, replace(self.voice, speed=speed))


@pytest.fixture(scope="module", params=sorted({*voices.engine_classes(), "morse"}))
def subject(request: pytest.FixtureRequest, strangers: Path) -> Iterator[Subject]:
    """Give each engine, built in or of another package; those of services speak to fake servers."""
    with GoogleTTS() as google, OpenAITTS() as openai:
        told: dict[str, dict[str, object]] = {
            "gtts": {"url": google.url, "throttle_s": 0.0},
            "openai": {"url": openai.url},
        }
        settings = told.get(request.param, {})
        engine = voices.engine(request.param, settings)
        voice = engine.voices()[0]
        yield Subject(engine, settings, voice, TEXTS.get(voice.language.split("-")[0], TEXTS["en"]))


@pytest.fixture(scope="module")
def spoken(subject: Subject) -> tuple[Speech, Speech]:
    """Give what the engine says for its two texts."""
    return subject.speak(subject.texts[0]), subject.speak(subject.texts[1])


def digest(speech: Speech) -> str:
    """Return a digest of the samples."""
    return hashlib.sha256(speech.samples.tobytes()).hexdigest()


def seconds(speech: Speech) -> float:
    """Return how long it is."""
    return len(speech.samples) / speech.rate_hz


def test_it_can_be_used_here(subject):
    """All of ours are installed with the program."""
    assert subject.engine.missing() == ""


def test_voices_have_an_engine_a_language_and_a_name_of_their_own(subject):
    """A reference names one voice, and its language is a well-formed tag."""
    table = subject.engine.voices()

    assert len({voice.ref for voice in table}) == len(table) > 0
    assert {voice.engine for voice in table} == {subject.engine.name}
    assert [voice.language for voice in table if not LANGTAG.fullmatch(voice.language)] == []
    told = {subject.engine.name: subject.settings}
    assert [voice for voice in table if voices.find(voice.ref, settings=told) != voice] == []


def test_speech_is_mono_in_range_audible_and_as_long_as_its_text(subject, spoken):
    """Samples are floats of one channel, and what the program refuses as no speech is not among them."""
    for speech, text in zip(spoken, subject.texts, strict=True):
        assert speech.samples.dtype == np.float32
        assert speech.samples.ndim == 1
        assert np.abs(speech.samples).max() <= 1.0
        assert 8_000 <= speech.rate_hz <= 48_000
        assert 0.5 < seconds(speech) < 4
        assert fault(speech, Utterance(subject.voice, text, text, 0)) == ""


def test_times_of_words_are_those_of_the_text_in_order(subject, spoken):
    """All of its words and no others, inside of the sound; an engine that does not know them tells none."""
    for speech, text in zip(spoken, subject.texts, strict=True):
        times = [ms for word in speech.words for ms in (word.start_ms, word.end_ms)]
        assert " ".join(word.text for word in speech.words) in {text, ""}
        assert times == sorted(times)
        assert not times or 0 <= times[0] < times[-1] <= 1000 * seconds(speech) + 1
    if subject.engine.name in {"espeak", "hibari", "kokoro", "piper", "tone"}:
        assert all(speech.words for speech in spoken)


def test_different_texts_sound_different(spoken):
    """The audio depends on the text."""
    assert digest(spoken[0]) != digest(spoken[1])


def test_the_same_text_gives_the_same_bytes_whatever_came_before(subject, spoken):
    """Clips are kept by their text, so nothing else may shape them."""
    assert [digest(subject.speak(text)) for text in reversed(subject.texts)] == [digest(s) for s in reversed(spoken)]


def test_another_process_gives_the_same_bytes(subject, spoken):
    """Whichever worker or run says it, it is the same clip, under the same revision."""
    program = """if True:
        import hashlib, json, sys
        from podcast import voices
        name, settings, ref, texts = json.load(sys.stdin)
        engine, voice = voices.engine(name, settings), voices.find(ref, settings={name: settings})
        digests = [hashlib.sha256(engine.speak(text, voice).samples.tobytes()).hexdigest() for text in texts]
        print(json.dumps([engine.revision(voice), *digests]))
    """
    job = [subject.engine.name, subject.settings, subject.voice.ref, subject.texts[::-1]]
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, input=json.dumps(job), capture_output=True, text=True, check=False)

    assert done.stderr == ""
    assert json.loads(done.stdout) == [subject.engine.revision(subject.voice), digest(spoken[1]), digest(spoken[0])]


def test_threads_share_it(subject, spoken):
    """Many at once get what one would; an engine that takes them in turn may be slow about it, but not wrong."""
    texts = subject.texts * (2 if subject.engine.name == "kokoro" else 8)
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda text: digest(subject.speak(text)), texts))

    assert found == [digest(spoken[0]), digest(spoken[1])] * (len(texts) // 2)


def test_speed_is_honoured(subject, spoken):
    """Quicker is shorter, slower is longer, and silence around it may keep its length."""
    quick, slow = subject.speak(subject.texts[0], 1.5), subject.speak(subject.texts[0], 0.7)

    assert seconds(quick) < 0.9 * seconds(spoken[0])
    assert seconds(slow) > 1.1 * seconds(spoken[0])


def test_a_long_text_is_said_to_its_end(subject):
    """Beyond what it takes well, an engine cuts for itself or refuses; it never leaves the rest out."""
    sentence = subject.texts[1]
    count = subject.engine.max_chars * 5 // 4 // len(sentence)
    alone = subject.speak(sentence.removesuffix("."), 2.0)
    everything = subject.speak(" ".join([sentence] * count), 2.0)

    assert seconds(everything) > 0.5 * count * seconds(alone)


@pytest.mark.parametrize("text", ["", "   ", "…", "?!", "🎉", "\0\n"])
def test_nothing_to_say_is_an_error(subject, text):
    """Silence is never passed off as speech."""
    with pytest.raises(SynthesisError) as caught:
        subject.speak(text)

    assert subject.voice.ref in caught.value.message
    assert caught.value.hint
    assert not caught.value.transient


def test_what_has_no_sound_changes_nothing(subject, spoken):
    """Emoji, control characters, invisible ones and halves of characters are neither read out nor in the way."""
    text = subject.texts[0].replace(" ", " \u200b", 1)

    assert digest(subject.speak(f"🎉 {text}\0👩‍👩‍👧\ud83d ❤️\ue000\u200e")) == digest(spoken[0])


def test_markup_is_not_obeyed(subject):
    """Signs that mean something to a library do not to a listener."""
    heard = subject.speak("[<b>Anna & Co</b>](x) {} \\")

    assert seconds(heard) > 0.5


def test_far_too_long_a_text_is_refused(subject):
    """A whole book in one call would take all memory: it is refused at once, with a hint."""
    with pytest.raises(SynthesisError, match="200000 characters") as caught:
        subject.speak("mot " * 50_000)

    assert "into sentences" in caught.value.hint


def test_revision_is_stable_and_knows_no_machine(subject):
    """Two instances agree, and no path is part of it."""
    again = voices.engine_classes()[subject.engine.name](subject.settings)

    assert subject.engine.revision(subject.voice) == again.revision(subject.voice) != ""
    assert not re.search(r"[/\\]", again.revision(subject.voice))


@pytest.mark.parametrize("settings", [{"colour": "red"}, {"": 1}])
def test_an_unknown_setting_is_named(subject, settings):
    """A misspelt key of show.toml is an error that names it."""
    with pytest.raises(ConfigError, match=rf"engine\.{subject.engine.name}\.{next(iter(settings))}: ") as caught:
        voices.engine_classes()[subject.engine.name](settings)

    assert caught.value.hint


def test_it_says_how_it_is_to_be_called(subject):
    """What narration goes by is set and makes sense."""
    engine = subject.engine

    assert engine.runs_in in {"threads", "processes", "one"}
    assert 0 < engine.min_chars < engine.max_chars


def test_listing_all_of_them_loads_no_model_and_no_numerics():
    """`podcast voices` and keys of clips cost milliseconds, not seconds."""
    program = """if True:
        import sys
        from podcast import voices
        for name, kind in voices.engine_classes().items():
            engine = voices.engine(name, {})
            engine.missing(), [engine.revision(voice) for voice in engine.voices()]
        print({"numpy", "onnxruntime", "scipy", "soundfile", "hibari"} & set(sys.modules))
    """
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert done.stdout == "set()\n"


def test_all_that_pyproject_declares_are_there():
    """The contract above ran for each of them."""
    declared = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text(encoding="utf-8"))

    assert set(declared["project"]["entry-points"]["podcast.voices"]) <= set(voices.engine_classes())
