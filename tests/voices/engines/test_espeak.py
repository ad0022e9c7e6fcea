# SPDX-License-Identifier: GPL-3.0-or-later
"""espeak-ng: every language has a voice that speaks. The contract of all engines is in contract/test_engine.py."""

import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from podcast import voices
from podcast.errors import ConfigError, EngineMissing, SynthesisError
from podcast.model import Utterance
from podcast.narrate.synthesis import fault
from podcast.voices.engines.espeak import TAGS, Espeak, _names, phonemes

WITHOUT_NUMBERS = {"chr": "ᎣᏏᏲ tsalagi", "cv": "сывлӑх сунатӑп", "sjn": "mae govannen mellon"}
"""Languages whose dictionary has no word for a number."""


def test_every_language_is_spoken():
    """Each of more than 130 voices says something that passes for speech."""
    engine = Espeak({})

    def wrong(voice: voices.Voice) -> str:
        text = WITHOUT_NUMBERS.get(voice.name, "1 2 3")
        return fault(engine.speak(text, voice), Utterance(voice, text, text, 0))

    with ThreadPoolExecutor(4) as pool:
        table = engine.voices()
        found = dict(zip((voice.ref for voice in table), pool.map(wrong, table), strict=True))

    assert len(found) > 130
    assert {ref: words for ref, words in found.items() if words} == {}


def test_voices_are_called_by_their_language():
    """Codes are those of BCP 47, not espeak-ng's own; what has no dictionary is not offered."""
    names = _names()

    assert names["zh"] == "cmn"
    assert names["en-GB"] == "en"
    assert not set(TAGS) - {"en", "py"} & set(names)
    assert set(TAGS) <= set(names.values())
    assert not {"xex", "fo", "kaa"} & set(names)
    assert list(names)[:2] == ["fr", "en-US"]


def test_languages_sound_their_own():
    """The same letters are said otherwise in another language."""
    assert len({phonemes("gente", name) for name in ("fr", "es", "it", "pt-br", "de")}) == 5


def test_an_unknown_name_is_an_error():
    """A library without its voices is reported."""
    with pytest.raises(SynthesisError, match="no voice zz"):
        phonemes("bonjour", "zz")


def test_threads_take_turns_at_the_library():
    """The library has one state for the process; unguarded, it crashes."""
    jobs = [("Le vent tourne vers le large.", "fr"), ("The wind turns towards the sea.", "en-us")] * 40
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda job: phonemes(*job), jobs))

    assert found == [phonemes(*jobs[0]), phonemes(*jobs[1])] * 40


def test_without_the_wheel_it_says_what_to_install(monkeypatch):
    """No voice is listed that could not speak."""
    voice = voices.find("espeak/fr")
    monkeypatch.setitem(sys.modules, "espeakng_loader", None)
    engine = Espeak({})

    assert "pip install --force-reinstall espeakng-loader" in engine.missing()
    assert engine.voices() == []
    with pytest.raises(EngineMissing, match="not installed"):
        engine.speak("Bonjour.", voice)


def test_it_has_no_settings():
    """The hint says so."""
    with pytest.raises(ConfigError) as caught:
        Espeak({"voice": "fr"})
    assert caught.value.hint == "remove the line: there are no settings in this section"


def test_chinese_characters_are_refused_by_voices_that_only_name_them():
    """“Chinese letter, Chinese letter” is no narration: Japanese is read in kana, Chinese and Cantonese as they are."""
    engine = Espeak({})
    table = {voice.name: voice for voice in engine.voices()}

    with pytest.raises(SynthesisError, match="cannot read Chinese characters in ja") as caught:
        engine.speak("東京は日本の首都です", table["ja"])
    assert "say:" in str(caught.value.hint)
    assert len(engine.speak("とうきょう", table["ja"]).samples) > 5_000
    assert len(engine.speak("北京是中国的首都", table["zh"]).samples) > 5_000
