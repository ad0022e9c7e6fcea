# SPDX-License-Identifier: GPL-3.0-or-later
"""HTTP services: the circuit breaker, what is accepted as audio, and texts in parts. Faults are in test_openai.py."""

import io
import struct
import time

import numpy as np
import pytest
import requests
import soundfile
from fakes.openai_tts import OpenAITTS
from hypothesis import example, given
from hypothesis import strategies as st

from podcast.errors import ConfigError, SynthesisError
from podcast.voices import http_service
from podcast.voices.http_service import Patience, Service, address, wrap

BODY = {"model": "m", "input": "La mer est calme.", "voice": "alloy", "response_format": "wav"}


def ask(service: Service, stand_in: OpenAITTS) -> int:
    """Return how many bytes of sound came."""
    request = requests.Request("POST", f"{stand_in.url}/audio/speech", json=BODY).prepare()

    def read(answer: http_service.Answer) -> int:
        service.check(answer)
        return len(service.speech(answer.body).samples)

    return service.ask(request, read)


def patient(attempts: int = 4) -> Service:
    """Return a service that is asked again at once."""
    return Service("double", Patience(backoff_s=0.0, timeout_s=5.0, attempts=attempts), hint="wait")


def test_a_service_that_is_down_is_left_alone():
    """After ten failures in a row nothing is sent any more: five hundred sentences cost ten requests."""
    service = patient()
    errors = []
    with OpenAITTS(["503"] * 2000) as stand_in:
        for _ in range(500):
            with pytest.raises(SynthesisError) as caught:
                ask(service, stand_in)
            errors.append(caught.value)

    assert len(stand_in.asked) == 10
    assert "failed (503)" in errors[0].message
    assert "the service is unavailable: it failed 10 times in a row: the service failed (503)" in errors[-1].message
    assert errors[0].transient
    assert not errors[-1].transient
    assert errors[-1].hint == "wait"


def test_one_request_finds_out_whether_it_is_back():
    """After a rest a single request is sent; its success opens the way, its failure closes it again at once."""
    service = patient(attempts=10)
    with OpenAITTS(["503"] * 11) as stand_in:
        for _ in range(3):
            with pytest.raises(SynthesisError):
                ask(service, stand_in)
        assert len(stand_in.asked) == 10

        service.closed_until = 0.0  # the rest is over
        with pytest.raises(SynthesisError):
            ask(service, stand_in)
        assert len(stand_in.asked) == 11

        service.closed_until = 0.0  # the rest is over
        assert [ask(service, stand_in) > 0 for _ in range(3)] == [True] * 3
        assert len(stand_in.asked) == 14


def test_failures_that_are_not_in_a_row_are_forgotten():
    """A success in between, and a service that stumbles now and then is asked for ever."""
    service = patient()
    with OpenAITTS(["503", "reset", "", "", "cut"] * 20) as stand_in:
        heard = [ask(service, stand_in) for _ in range(40)]

    assert len(set(heard)) == 1
    assert len(stand_in.asked) > 60


def test_an_hour_of_patience_is_asked_for_once():
    """A service that wants to be left alone is, by all sentences."""
    service = patient()
    with OpenAITTS(["429 3600"] * 99) as stand_in:
        messages = []
        for _ in range(20):
            with pytest.raises(SynthesisError) as caught:
                ask(service, stand_in)
            messages.append(caught.value.message)

    assert len(stand_in.asked) == 1
    assert "try again in 3600 s" in messages[0]
    assert "it asked to wait 3600 s" in messages[-1]


def test_a_drip_is_not_waited_for_without_end():
    """A byte now and then keeps a connection alive, but not the run waiting."""
    service = Service("double", Patience(backoff_s=0.0, timeout_s=0.1, attempts=2), hint="wait")
    with OpenAITTS(["drip"]) as stand_in:
        begun = time.monotonic()
        assert ask(service, stand_in) > 0

    assert time.monotonic() - begun < 4


def file_of(kind: str, subtype: str | None = None) -> bytes:
    """Return a second of sound in a format."""
    file = io.BytesIO()
    wave = 0.3 * np.sin(np.arange(24_000) / 20)
    soundfile.write(file, np.stack([wave, wave], 1), 24_000, format=kind, subtype=subtype)
    return file.getvalue()


@pytest.mark.parametrize("kind", ["WAV", "FLAC", "OGG", "MP3"])
def test_sound_of_any_format_becomes_one_channel(kind):
    """What the service sends is decoded, and a cut file is noticed where the format tells its length."""
    speech = patient().speech(file_of(kind))

    assert speech.samples.ndim == 1
    assert len(speech.samples) == pytest.approx(24_000, abs=1200)
    assert np.abs(speech.samples).max() == pytest.approx(0.3, abs=0.03)
    if kind in {"WAV", "FLAC"}:
        with pytest.raises(SynthesisError, match=r"incomplete audio|no valid audio") as caught:
            patient().speech(file_of(kind)[:-4000])
        assert caught.value.transient


def test_chunks_before_the_samples_do_not_hide_a_cut():
    """A WAV file may say other things first, even the word `data`."""
    whole = file_of("WAV")
    said = struct.pack("<4sI", b"junk", 9) + b"data\xff\xff\xff\xffx\0"
    whole = whole[:4] + struct.pack("<I", len(whole) + len(said) - 8) + whole[8:12] + said + whole[12:]

    assert len(patient().speech(whole).samples) == 24_000
    with pytest.raises(SynthesisError, match="incomplete audio"):
        patient().speech(whole[:-10])


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("It rained. The sun, late.", ["It rained.", "The sun, late."]),
        ("It rained, and the sun", ["It rained,", "and the sun"]),
        ("No. word word word word", ["No. word word word", "word"]),  # not after what is hardly a part
        ("a bbbbbbbbbbbbbbbbbbbbbb", ["a", "bbbbbbbbbbbbbbbbbbbb", "bb"]),
    ],
)
def test_a_text_is_cut_at_the_best_place(text, parts):
    """After a sentence, else a clause, else between words."""
    assert wrap(text, 20) == parts


@given(
    st.text(alphabet=st.sampled_from("abé .,!?;…中。 "), max_size=400),
    st.integers(20, 120),
)
@example("x" * 350, 100)
@example("Un. " * 60, 100)
@example("中" * 100 + "。" + "中" * 30, 100)
def test_wrapping_loses_nothing(text, longest):
    """Whatever the text, parts are short and carry every character but spaces, in order."""
    parts = wrap(text, longest)

    assert all(0 < len(part) <= longest for part in parts)
    assert "".join("".join(parts).split()) == "".join(text.split())


@pytest.mark.parametrize("url", ["speech.example", "ftp://speech.example", "https://", "https:///v1"])
def test_what_is_no_address_is_named(url):
    """The message has the key and the value."""
    with pytest.raises(ConfigError, match=r"engine\.openai\.url: '.*' is not a valid URL"):
        address("openai", url)


@pytest.mark.parametrize("url", ["https://me:secret@speech.example/v1", "https://speech.example/v1?key=secret"])
def test_an_address_holds_no_secret(url):
    """It would end in messages and logs; so it is refused, and not repeated."""
    with pytest.raises(ConfigError) as caught:
        address("openai", url)

    assert "secret" not in f"{caught.value} {caught.value.hint}"
