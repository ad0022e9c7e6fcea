# SPDX-License-Identifier: GPL-3.0-or-later
"""hibari: English, quick and always the same. The contract of all engines is in contract/test_engine.py."""

import resource
import sys

import numpy as np
import pytest

from podcast import voices
from podcast.errors import EngineMissing, SynthesisError
from podcast.voices.engines.hibari import MAX_PHONEMES, Hibari, _split_phonemes

HEART = voices.find("hibari/heart")


@pytest.fixture(scope="module")
def engine() -> Hibari:
    """Give an engine that is loaded once."""
    return Hibari({})


def test_a_run_without_marks_is_cut_before_it_takes_all_memory(engine):
    """In one piece, 2,000 characters without punctuation would take most of a gigabyte; nothing of them is lost."""
    alone = engine.speak("and then the wind turned once more", HEART)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    long = engine.speak("and then the wind turned once more " * 57, HEART)

    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 300_000  # KiB
    assert len(long.samples) > 0.6 * 57 * len(alone.samples)


@pytest.mark.parametrize("word", ["ba" * 20, "Donaudampfschifffahrtsgesellschaftskapitän", "ba" * 1_000])
def test_a_long_word_is_said_to_its_end(engine, word):
    """By itself, hibari leaves out what follows the 24th letter of a word that it does not know."""
    model = engine._loaded()
    said = "".join(model.phonemize(word))
    parts = "".join("".join(model.phonemize(word[at : at + 20])) for at in range(0, len(word), 20))

    assert len(said) > 0.8 * len(parts)
    assert len(engine.speak(word, HEART).samples) / 24_000 > len(word) * 0.04


@pytest.mark.parametrize("text", ["9" * 200, "1," * 100, "0.5" * 70, "a-" * 150, "/" * 290 + "x", "5" + "%" * 290])
def test_endless_words_and_numbers_are_said(engine, text):
    """By itself, hibari cannot name a number of 40 digits, and takes ten seconds for 150 hyphens."""
    assert len(engine.speak(text, HEART).samples) / 24_000 > 0.5


def test_raised_digits_are_said(engine):
    """By itself, hibari takes them for a number that it then cannot read."""
    assert len(engine.speak("squared ⁶Al", HEART).samples) / 24_000 > 0.5


@pytest.mark.parametrize("line", ["", "a", "a " * 900, "x" * 2_000, "one two" + " x" * 199 + "y" * 500 + " z"])
def test_cutting_loses_nothing(line):
    """Stretches are short enough, and together have every phoneme."""
    parts = list(_split_phonemes(line))

    assert all(0 < len(part) <= MAX_PHONEMES for part in parts)
    assert "".join(parts).replace(" ", "") == line.replace(" ", "")


def test_its_own_markup_is_off(engine):
    """Brackets, which would set a pronunciation, are as if they were not there."""
    assert np.array_equal(
        engine.speak("The [sea] is calm.", HEART).samples, engine.speak("The  sea  is calm.", HEART).samples
    )


def test_what_it_cannot_read_is_an_error(engine):
    """A text in Chinese alone is not silence in English."""
    with pytest.raises(SynthesisError, match="no words to speak") as caught:
        engine.speak("海很平静。", HEART)
    assert "English" in caught.value.hint


def test_without_the_wheel_it_says_what_to_install(monkeypatch):
    """Its voice stays listed, for a show may name it."""
    monkeypatch.setitem(sys.modules, "hibari", None)

    assert [voice.ref for voice in Hibari({}).voices()] == ["hibari/heart"]
    with pytest.raises(EngineMissing) as caught:
        Hibari({}).speak("Good morning.", HEART)
    assert "pip install --force-reinstall hibari-tts" in caught.value.hint


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("King Henry opened the gate.", "kˈɪŋ hˈɛnɹi ˈOpᵊnd ðə ɡˈAt."),
        ("Pope Clement, Mark Lively and James Corden.", "pˈOp klˈɛmᵊnt, mˈɑɹk lˈIvli ænd ʤˈAmz kˈɔɹdən."),
        ("Queen Clarissa met Nicholas Lind in Part Car.", "kwˈin klæɹˈɪsə mˈɛt nˈɪkᵊləs lˈɪnd ɪn pˈɑɹt kˈɑɹ."),
        ("It isn’t today’s paper.", "ˌɪt ˈɪzᵊnt tədˈAz pˈApəɹ."),
        ("Level Design is a club.", "lˈɛvᵊl dəzˈIn ɪz ɐ klˈʌb."),
        ("She [read](/ɹˈɛd/) it with [tears](/tˈɛɹz/).", "ʃˌi ɹˈɛd ɪt wɪð tˈɛɹz."),
        ("[Truffaut](/tɹuːfˈoʊ/)'s films.", "tɹufˈOz fˈɪlmz."),
    ],
)
def test_words_become_the_phonemes_that_they_should(engine, text, said):
    """No word is added after a name, and an annotated word has its IPA in the model's notation."""
    assert engine.phonemes(text, HEART) == said


def test_an_annotated_word_has_its_time(engine):
    """One word for each of the text."""
    speech = engine.speak("She [read](/ɹˈɛd/) it to [Truffaut](/tɹuːfˈoʊ/).", HEART)

    assert [word.text for word in speech.words] == ["She", "read", "it", "to", "Truffaut."]
