# SPDX-License-Identifier: GPL-3.0-or-later
"""OpenAI's protocol, against a service on loopback that fails in every way such services do."""

import itertools
import logging
import pickle
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest
from fakes.openai_tts import OpenAITTS

from podcast import voices
from podcast.errors import ConfigError, EngineMissing, PodcastError, SynthesisError
from podcast.model import Speech, Utterance, Voice
from podcast.narrate import synthesis
from podcast.voices.engines.openai import OpenAI

ALLOY = Voice("openai", "alloy", "mul")
QUICK = {"backoff_s": 0.0, "timeout_s": 5.0}
KEY = "sk-proj-N0tARealKey-4711"


def say(service: OpenAITTS, text: str = "Bonjour à tous.", voice: Voice = ALLOY, **settings: object) -> Speech:
    """Return what the engine says through the service."""
    return OpenAI({"url": service.url, **QUICK, **settings}).speak(text, voice)


def seconds(speech: Speech) -> float:
    """Return how long it is."""
    return len(speech.samples) / speech.rate_hz


@pytest.mark.parametrize("kind", ["wav", "flac", "mp3", "opus"])
def test_a_text_is_asked_for_as_the_protocol_has_it(kind):
    """Model, text, voice and format go out; the sound comes back, whatever its format."""
    with OpenAITTS() as service:
        speech = say(service, "Où est l’été ?", model="kokoro", format=kind)

    (asked,) = service.asked
    assert asked.body == {"model": "kokoro", "input": "Où est l’été ?", "voice": "alloy", "response_format": kind}
    assert asked.authorization == ""
    assert speech.samples.dtype == np.float32
    assert seconds(speech) == pytest.approx(14 * 0.06, abs=0.1)


FAULTS = [
    "429",
    "429 0",
    "429 date 0",
    "408",
    "500",
    "502",
    "503",
    "reset",
    "cut",
    "chunk",
    "short",
    "html",
    "json",
    "empty",
    "silent",
]


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("times", [1, 2])
def test_what_passes_is_tried_again(fault, times):
    """Overload, faults of the server, cut connections, pages and half a sound cost an attempt, not the run."""
    with OpenAITTS([fault] * times) as service:
        speech = say(service)

    assert seconds(speech) == pytest.approx(15 * 0.06, abs=0.1)
    assert len(service.asked) == times + 1


def test_a_service_that_hangs_is_given_up_on_after_the_time_limit():
    """No request waits for ever."""
    with OpenAITTS(["hang"]) as service:
        begun = time.monotonic()
        speech = say(service, timeout_s=0.3)

    assert seconds(speech) > 0.5
    assert 0.3 <= time.monotonic() - begun < 3


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ("429", "limits requests (429)"),
        ("503", "failed (503)"),
        ("reset", "no complete answer from 127.0.0.1 (ConnectionError)"),
        ("cut", "no complete answer from 127.0.0.1 (ProtocolError)"),
        ("short", "the service sent incomplete audio"),
        ("html", "the service sent text instead of audio"),
        ("json", "the service sent text instead of audio"),
        ("empty", "sent no valid audio"),
        ("silent", "the service sent empty audio"),
    ],
)
def test_attempts_are_bounded_and_the_last_error_is_reported(fault, words):
    """A fault that stays ends the run with its cause and a hint."""
    with OpenAITTS([fault] * 99) as service, pytest.raises(SynthesisError) as caught:
        say(service, attempts=3)

    assert len(service.asked) == 3
    assert words in caught.value.message
    assert caught.value.transient
    assert caught.value.hint


def test_pauses_grow_and_are_bounded():
    """Each pause is at least twice the first of the one before; Retry-After is kept."""
    with OpenAITTS(["500", "500", "429 1"]) as service:
        say(service, backoff_s=0.1)

    pauses = [later - earlier for earlier, later in itertools.pairwise(asked.at for asked in service.asked)]
    assert 0.1 <= pauses[0] < 0.6
    assert 0.2 <= pauses[1] < 0.8
    assert 1.0 <= pauses[2] < 2.0


@pytest.mark.parametrize(
    ("faults", "settings", "words"),
    [
        (["404"], {}, "rejected the request (404)"),
        (["413"], {}, "rejected the request (413)"),
        (["credit"], {}, "no credit left"),
        (["402"], {}, "no credit left"),
        ([], {"voices": ["nobody"]}, "rejected the request (400: Voice nobody is not one of: alloy, echo)"),
        ([], {"url": "/elsewhere"}, "rejected the request (404: Invalid URL (POST /elsewhere/audio/speech))"),
    ],
)
def test_what_does_not_pass_is_not_tried_again(faults, settings, words):
    """A refusal is final, and says what the service says."""
    with OpenAITTS(faults * 9) as service, pytest.raises(SynthesisError) as caught:
        url = service.url.removesuffix("/v1") + settings.get("url", "/v1")
        engine = OpenAI({**QUICK, **settings, "url": url})
        engine.speak("Bonjour.", engine.voices()[0])

    assert len(service.asked) == 1
    assert words in caught.value.message
    assert not caught.value.transient
    assert caught.value.hint


def test_a_sound_sent_before_its_length_was_known_is_whole():
    """Services that write while they speak put the largest number into the header of a WAV file."""
    with OpenAITTS(["stream"]) as service:
        streamed, plain = say(service), say(service)

    assert np.array_equal(streamed.samples, plain.samples)


def test_a_long_text_goes_in_parts_and_nothing_is_lost():
    """Parts end at sentences and together are the text."""
    text = "La marée monte deux fois par jour. " * 4 + "Demain, il fera beau."
    with OpenAITTS() as service:
        speech = say(service, text, max_chars=80)

    asked = [one.text for one in service.asked]
    assert " ".join(asked) == text
    assert all(len(part) <= 80 for part in asked)
    assert seconds(speech) == pytest.approx(len(text) * 0.06, abs=0.3)


@pytest.mark.parametrize(("model", "asked_for"), [("tts-1", 1.5), ("kokoro", 1.5), ("gpt-4o-mini-tts", None)])
def test_speed_is_kept_whether_or_not_the_model_can(model, asked_for):
    """Who can is asked for it; the rest is quickened here."""
    text = "Une phrase assez longue pour être mesurée."
    with OpenAITTS() as service:
        speech = say(service, text, replace(ALLOY, speed=1.5), model=model)

    assert service.asked[0].body.get("speed") == asked_for
    assert seconds(speech) == pytest.approx(len(text) * 0.06 / 1.5, rel=0.05)


def test_instructions_go_out_and_are_part_of_the_revision():
    """What shapes the sound changes the clips; what does not, does not. No address or key is in it."""
    with OpenAITTS() as service:
        say(service, instructions="Calmly.")
    assert service.asked[0].body["instructions"] == "Calmly."

    revisions = [
        OpenAI(settings).revision(ALLOY)
        for settings in (
            {}, {"model": "tts-1"}, {"url": "http://127.0.0.1:8880/v1"}, {"format": "mp3"}, {"instructions": "Calmly."},
        )
    ]  # fmt: skip
    assert len(set(revisions)) == 5
    same = {"attempts": 9, "key_from": "OTHER", "url": "https://api.openai.com/v1/"}
    assert OpenAI(same).revision(ALLOY) == revisions[0]


def test_several_threads_ask_at_once():
    """A service takes several requests, and each sentence gets its own sound."""
    texts = [f"Phrase numéro {number}, {'x' * number}." for number in range(12)]
    with OpenAITTS() as service:
        engine = OpenAI({"url": service.url, **QUICK})
        with ThreadPoolExecutor(4) as pool:
            lengths = list(pool.map(lambda text: seconds(engine.speak(text, ALLOY)), texts))

    assert lengths == pytest.approx([len(text) * 0.06 for text in texts], abs=0.02)


# --- the key ----------------------------------------------------------------------------------------------------


def test_the_key_is_taken_from_the_named_variable(monkeypatch):
    """A service of one's own gets the key that was meant for it."""
    monkeypatch.setenv("SPEECH_KEY", f" {KEY}\n")
    with OpenAITTS(key=KEY) as service:
        assert seconds(say(service, key_from="SPEECH_KEY")) > 0.5

    assert service.asked[0].authorization == f"Bearer {KEY}"


def test_the_key_of_openai_goes_to_openai_alone(monkeypatch):
    """Another address does not get it by default, not even as a mistake."""
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    with OpenAITTS() as service:
        say(service)

    assert service.asked[0].authorization == ""
    assert OpenAI({})._request("Bonjour.", "alloy", 1.0).headers["Authorization"] == f"Bearer {KEY}"


def test_no_key_is_said_before_anything_is_sent(monkeypatch):
    """The person learns which variable to set."""
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)

    with pytest.raises(EngineMissing) as caught:
        OpenAI({}).speak("Bonjour.", ALLOY)

    assert "OPENAI_API_KEY" in caught.value.hint


@pytest.mark.parametrize("fault", ["", "echo", "403", "401", "500", "429", "reset", "html", "json", "short", "404"])
def test_the_key_is_in_no_error_and_no_log(fault, monkeypatch, caplog):
    """Whatever goes wrong, and whatever the service repeats: neither the key nor a half of it is printed.

    What Dask sends of an error from a worker has its cause too.
    """
    import distributed  # noqa: F401 - it changes how errors are pickled

    monkeypatch.setenv("SPEECH_KEY", KEY)
    caplog.set_level(logging.DEBUG)
    with OpenAITTS([fault] * 9, key="" if fault else "sk-another") as service, pytest.raises(PodcastError) as caught:
        say(service, key_from="SPEECH_KEY", attempts=2)

    told = "\n".join([repr(caught.value), caught.value.hint, repr(pickle.dumps(caught.value)), caplog.text]).casefold()
    assert service.asked[0].authorization == f"Bearer {KEY}"
    assert [KEY[at : at + 6] for at in range(len(KEY) - 5) if KEY[at : at + 6].casefold() in told] == []


@pytest.mark.parametrize("key", ["sk-no\nheader", "sk-ключ-4711", "sk with spaces"])
def test_what_cannot_be_a_key_is_not_repeated(key, monkeypatch):
    """Libraries would name it in their errors; so it is looked at first."""
    monkeypatch.setenv("SPEECH_KEY", key)
    with OpenAITTS() as service, pytest.raises(EngineMissing) as caught:
        say(service, key_from="SPEECH_KEY")

    assert service.asked == []
    assert key[3:] not in f"{caught.value!r} {caught.value.hint}"


def test_a_key_in_show_toml_is_refused_and_not_repeated():
    """It belongs into the environment."""
    for settings in ({"key_from": KEY}, {"api_key": KEY}, {"key": KEY}):
        with pytest.raises(ConfigError) as caught:
            OpenAI(settings)
        assert KEY not in f"{caught.value} {caught.value.hint}"


# --- voices -----------------------------------------------------------------------------------------------------


def test_the_voices_are_those_that_show_toml_names():
    """Each service has its own; what stays on this machine is not called online."""
    mine = {"openai": {"url": "http://localhost:8880/v1", "voices": ["ff_siwis", "af_heart"]}}

    assert [voice.ref for voice in OpenAI(mine["openai"]).voices()] == ["openai/ff_siwis", "openai/af_heart"]
    assert not voices.find("openai/af_heart", settings=mine).online
    assert voices.find("openai", "fr", mine).name == "ff_siwis"
    assert voices.find("openai/nova").online


def test_a_clip_is_kept_under_what_shapes_it(tmp_path):
    """Another model is another clip; the same one is asked for once."""
    store = synthesis.ClipStore(tmp_path)
    one = Utterance(ALLOY, "Bonjour à tous.", "Bonjour à tous.", 0)
    with OpenAITTS() as service:
        for model in ("a", "a", "b"):
            synthesis.speak(one, OpenAI({"url": service.url, "model": model}), store)

    assert [asked.body["model"] for asked in service.asked] == ["a", "b"]


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"format": "aac"}, "engine.openai.format: must be wav, flac, mp3 or opus, not 'aac'"),
        ({"voices": []}, "engine.openai.voices: must be a list in [ ] that is not empty"),
        ({"voices": [1]}, "engine.openai.voices[0]: must be text in quotes, not 1"),
        ({"url": "localhost:8880"}, "engine.openai.url: 'localhost:8880' is not a valid URL"),
        ({"max_chars": 5000}, "engine.openai.max_chars: must be a whole number of at most 4096, not 5000"),
        (
            {"price_per_million_characters": -1},
            "engine.openai.price_per_million_characters: must be a number of at least 0, not -1",
        ),
    ],
)
def test_a_wrong_setting_is_named(settings, words):
    """The message has the key as it stands in show.toml."""
    with pytest.raises(ConfigError) as caught:
        OpenAI(settings)

    assert caught.value.message.startswith(words)
    assert caught.value.hint
