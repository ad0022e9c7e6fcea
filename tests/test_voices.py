# SPDX-License-Identifier: GPL-3.0-or-later
"""The contract of every engine that an entry point names, ours and strangers'; and how voices are found."""

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

from podcast import voices
from podcast.errors import ConfigError, EngineMissing, NarrationError, SynthesisError, UnknownVoice
from podcast.model import Speech, Utterance, Voice
from podcast.narrate import fault

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


@pytest.fixture(scope="module", params=sorted(voices.engines()))
def subject(request: pytest.FixtureRequest) -> Iterator[Subject]:
    """Give each engine; gTTS speaks to a stand-in for its service."""
    with GoogleTTS() as service:
        settings: dict[str, object] = {"url": service.url, "throttle_s": 0.0} if request.param == "gtts" else {}
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


# --- the contract -----------------------------------------------------------------------------------------------


def test_it_can_be_used_here(subject):
    """All of ours are installed with the program."""
    assert subject.engine.missing() == ""


def test_voices_have_an_engine_a_language_and_a_name_of_their_own(subject):
    """A reference names one voice, and its language is a well-formed tag."""
    table = subject.engine.voices()

    assert len({voice.ref for voice in table}) == len(table) > 0
    assert {voice.engine for voice in table} == {subject.engine.name}
    assert [voice.language for voice in table if not LANGTAG.fullmatch(voice.language)] == []
    assert [voice for voice in table if voices.find(voice.ref) != voice] == []


def test_speech_is_mono_in_range_audible_and_as_long_as_its_text(subject, spoken):
    """Samples are floats of one channel, and what the program refuses as no speech is not among them."""
    for speech, text in zip(spoken, subject.texts, strict=True):
        assert speech.samples.dtype == np.float32
        assert speech.samples.ndim == 1
        assert np.abs(speech.samples).max() <= 1.0
        assert 8_000 <= speech.rate_hz <= 48_000
        assert 0.5 < seconds(speech) < 4
        assert fault(speech, Utterance(subject.voice, text, text, 0)) == ""


def test_different_texts_sound_different(spoken):
    """It does say what it is given."""
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
        engine, voice = voices.engine(name, settings), voices.find(ref)
        digests = [hashlib.sha256(engine.speak(text, voice).samples.tobytes()).hexdigest() for text in texts]
        print(json.dumps([engine.revision(), *digests]))
    """
    job = [subject.engine.name, subject.settings, subject.voice.ref, subject.texts[::-1]]
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, input=json.dumps(job), capture_output=True, text=True, check=False)

    assert done.stderr == ""
    assert json.loads(done.stdout) == [subject.engine.revision(), digest(spoken[1]), digest(spoken[0])]


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


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("🎉 Vive\u00a0l’été 👩‍👩‍👧 !", "Vive l’été !"),
        ("e\u0301te\u0301\tou\r\nhiver", "été ou hiver"),
        ("dé\u00adcou\u200bpé\u2060", "découpé"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("क्\u200dष", "क्\u200dष"),
        ("20 °C, 50 %, n° 3 — « oui »", "20 °C, 50 %, n° 3 — « oui »"),
        ("☀️ soleil ✓", "soleil"),
    ],
)
def test_words_stay_as_they_are_spelt(text, said):
    """Only what has no sound goes; signs that are read, and joiners that are spelling, stay."""
    assert voices.clean(text, voices.find("tone/low")) == said


def test_markup_is_not_obeyed(subject):
    """Signs that mean something to a library do not to a listener."""
    heard = subject.speak("[<b>Anna & Co</b>](x) {} \\")

    assert seconds(heard) > 0.5


def test_far_too_long_a_text_is_refused(subject):
    """A whole book in one call would take all memory: it is refused at once, with the mend."""
    with pytest.raises(SynthesisError, match="200000 characters") as caught:
        subject.speak("mot " * 50_000)

    assert "sentence at a time" in caught.value.hint


def test_revision_is_stable_and_knows_no_machine(subject):
    """Two instances agree, and no path is part of it."""
    again = type(subject.engine)(subject.settings)

    assert subject.engine.revision() == again.revision() != ""
    assert not re.search(r"[/\\]", subject.engine.revision())


@pytest.mark.parametrize("settings", [{"colour": "red"}, {"": 1}])
def test_an_unknown_setting_is_named(subject, settings):
    """A slip in show.toml is told with its key."""
    with pytest.raises(ConfigError, match=rf"engine\.{subject.engine.name}\.{next(iter(settings))}: ") as caught:
        type(subject.engine)(settings)

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
        for name, kind in voices.engines().items():
            engine = voices.engine(name, {})
            engine.voices(), engine.revision(), engine.missing()
        print({"numpy", "onnxruntime", "scipy", "soundfile", "hibari"} & set(sys.modules))
    """
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert done.stdout == "set()\n"


# --- finding a voice --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("ref", "language", "found"),
    [
        ("kokoro/ff_siwis", "", "kokoro/ff_siwis"),
        ("ff_siwis", "", "kokoro/ff_siwis"),
        ("kokoro/fr", "", "kokoro/ff_siwis"),
        ("kokoro/fr-CA", "", "kokoro/ff_siwis"),
        ("kokoro/es", "", "kokoro/ef_dora"),
        ("kokoro/pt", "", "kokoro/pf_dora"),
        ("kokoro/en-GB", "", "kokoro/bf_emma"),
        ("kokoro", "it", "kokoro/if_sara"),
        ("espeak", "de-AT", "espeak/de"),
        ("espeak/fr", "", "espeak/fr"),
        ("espeak/fr-ch", "", "espeak/fr-CH"),
        ("espeak/en", "", "espeak/en-US"),
        ("espeak/no", "", "espeak/nb"),
        ("espeak/cmn", "", "espeak/zh"),
        ("espeak/zh-Hant-TW", "", "espeak/zh"),
        ("gtts/zh-Hant-TW", "", "gtts/zh"),
        ("gtts/zh-tw", "", "gtts/zh-TW"),
        ("pico/en", "", "pico/en-US"),
        ("heart", "", "hibari/heart"),
        ("low", "fr", "tone/low"),
    ],
)
def test_a_voice_is_found_by_what_people_write(ref, language, found):
    """Engine and name, a name that one engine has, or engine and language."""
    assert voices.find(ref, language).ref == found


@pytest.mark.parametrize(
    ("ref", "language", "message", "hint"),
    [
        ("ff_siwi", "", "no voice 'ff_siwi'", "did you mean"),
        ("kokoro/ff_siwi", "", "no voice 'kokoro/ff_siwi'", "kokoro/ff_siwis"),
        ("kokoro/de", "", "no voice 'kokoro/de'", ""),
        ("kokoro", "ja", "no voice 'kokoro/ja'", ""),
        ("kokoro", "", "no voice 'kokoro'", ""),
        ("zzzzzz", "", "no voice 'zzzzzz'", "podcast voices"),
        ("kokro/ff_siwis", "", "no voice engine 'kokro'", "kokoro"),
        ("fr", "", "several engines have a voice 'fr'", "pico/fr"),
    ],
)
def test_an_unknown_voice_is_named_with_near_ones(ref, language, message, hint):
    """Nobody has to guess."""
    with pytest.raises(UnknownVoice) as caught:
        voices.find(ref, language)

    assert message in caught.value.message
    assert hint in caught.value.hint
    assert caught.value.hint


@pytest.mark.parametrize(
    ("language", "full", "preview"),
    [
        ("fr", "kokoro/ff_siwis", "pico/fr"),
        ("fr-CA", "kokoro/ff_siwis", "pico/fr"),
        ("FR", "kokoro/ff_siwis", "pico/fr"),
        ("en", "hibari/heart", "pico/en-US"),
        ("en-GB", "hibari/heart", "pico/en-GB"),
        ("es-MX", "kokoro/ef_dora", "pico/es"),
        ("it", "kokoro/if_sara", "pico/it"),
        ("pt", "kokoro/pf_dora", "espeak/pt"),
        ("pt-BR", "kokoro/pf_dora", "espeak/pt-BR"),
        ("de", "espeak/de", "pico/de"),
        ("zh-CN", "espeak/zh", "espeak/zh"),
        ("no", "espeak/nb", "espeak/nb"),
        ("ar", "espeak/ar", "espeak/ar"),
    ],
)
def test_each_language_has_a_voice_of_its_own(language, full, preview):
    """The best that is embedded; for previews the quickest."""
    assert voices.default(language).ref == full
    assert voices.default(language, preview=True).ref == preview


def test_a_language_that_nobody_speaks_is_said_to_be():
    """No other language is spoken in its place."""
    with pytest.raises(UnknownVoice, match="no voice speaks 'tpi'"):
        voices.default("tpi")


def test_a_missing_engine_is_not_replaced_by_another(monkeypatch):
    """The voice stays the one that was chosen, and what to install is told."""
    monkeypatch.setitem(sys.modules, "espeakng_loader", None)

    with pytest.raises(EngineMissing) as caught:
        voices.default("de")
    assert "pip install espeakng-loader" in caught.value.hint
    with pytest.raises(EngineMissing):
        voices.find("espeak/de")
    assert voices.default("fr").ref == "kokoro/ff_siwis"
    assert "espeakng-loader" in voices.engine("kokoro", {}).missing()


# --- engines of strangers ---------------------------------------------------------------------------------------


def install(folder, monkeypatch, code: str) -> None:
    """Install a package with a voice engine, as pip would."""
    (folder / "parrot.py").write_text(code)
    info = folder / "parrot_voice-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: parrot-voice\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[podcast.voices]\nparrot = parrot:Parrot\n")
    monkeypatch.syspath_prepend(folder)
    monkeypatch.delitem(sys.modules, "parrot", raising=False)
    voices.engines.cache_clear()
    voices._all.cache_clear()


@pytest.fixture
def _only_ours_afterwards() -> Iterator[None]:
    yield
    voices.engines.cache_clear()
    voices._all.cache_clear()


@pytest.mark.usefixtures("_only_ours_afterwards")
def test_a_strangers_engine_comes_in_by_the_same_door(tmp_path, monkeypatch):
    """A package that declares an engine is all it takes."""
    code = """if True:
        import msgspec
        from podcast.model import Voice
        from podcast.voices import settings_of

        class Settings(msgspec.Struct):
            loud: bool = False

        class Parrot:
            name, runs_in, max_chars, min_chars = "parrot", "threads", 100, 1
            def __init__(self, settings): self.loud = settings_of("parrot", settings, Settings).loud
            def voices(self): return [Voice("parrot", "polly", "pap")]
    """
    install(tmp_path, monkeypatch, code)

    assert voices.find("polly").ref == "parrot/polly"
    assert voices.engine("parrot", {"loud": True}).loud is True
    with pytest.raises(ConfigError, match=r"engine\.parrot\.loud: expected true or false"):
        voices.engine("parrot", {"loud": "yes"})


@pytest.mark.usefixtures("_only_ours_afterwards")
@pytest.mark.parametrize("code", ["import not_there", "Other = 1", "1/0", "def ("])
def test_a_broken_engine_is_named_with_its_package(tmp_path, monkeypatch, code):
    """The person learns what to update or remove."""
    install(tmp_path, monkeypatch, code)

    with pytest.raises(NarrationError, match="voice engine parrot of parrot-voice cannot be loaded") as caught:
        voices.find("ff_siwis")
    assert "parrot-voice" in caught.value.hint


def test_one_instance_serves_the_same_settings():
    """A model is loaded once, and other settings get an engine of their own."""
    with ThreadPoolExecutor(8) as pool:
        instances = set(pool.map(lambda _: id(voices.engine("tone", {"cost_ms": 3})), range(64)))

    assert len(instances) == 1
    assert voices.engine("tone", {"cost_ms": 3}) is not voices.engine("tone", {})


def test_all_that_pyproject_declares_are_there():
    """The contract above ran for each of them."""
    declared = tomllib.loads((Path(__file__).parent.parent / "pyproject.toml").read_text(encoding="utf-8"))

    assert set(declared["project"]["entry-points"]["podcast.voices"]) <= set(voices.engines())
