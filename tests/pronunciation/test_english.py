# SPDX-License-Identifier: GPL-3.0-or-later
"""English homographs, by the words around them."""

import re

import pytest
from helpers import TESTS

from podcast.pronunciation import annotate, plain
from podcast.pronunciation.english import candidates
from podcast.pronunciation.homographs import homographs
from podcast.pronunciation.notation import ANNOTATED
from podcast.voices.engines.hibari import MISAKI
from podcast.voices.engines.phonemes import TOKENS, respell, symbols

LINES = (TESTS / "data" / "pronunciation" / "en_homographs.tsv").read_text(encoding="utf-8").splitlines()
ROWS = [line.split("\t") for line in LINES if line and line[0] != "#"]


@pytest.mark.parametrize(("text", "ipa"), ROWS, ids=[row[0] for row in ROWS])
def test_a_homograph_is_read_by_the_words_around_it(text, ipa):
    """Every row of the table; the words themselves stay as they are."""
    said = annotate(text, "en")

    assert " ".join(match["ipa"] for match in ANNOTATED.finditer(said)) == ipa
    assert plain(said) == text


def test_british_english_has_its_own_sounds():
    """No r at the end of a syllable, and the diphthong of `home`."""
    assert annotate("A world record, close to perfect.", "en-GB") == (
        "A world [record](/ɹˈɛkəd/), [close](/klˈəʊs/) to [perfect](/pəfˈɛkt/)."
    )
    assert annotate("Donald and Mozart", "en-GB") == "[Donald](/dˈɒnəld/) and [Mozart](/mˈəʊtsɑːt/)"


@pytest.mark.parametrize("name", ["candidates", "patterns"])
def test_every_reading_can_be_spoken(name):
    """Each symbol of an IPA has one in the notation of the English voices."""
    ipas = {
        "candidates": [one.ipa for known in candidates().values() for one in known],
        "patterns": [one.ipa for rows in homographs("en").values() for one in rows if one.ipa],
    }[name]

    assert len(ipas) > 40
    for ipa in ipas:
        assert set(respell(ipa, MISAKI)) <= set(TOKENS), ipa


def test_every_word_of_the_model_has_readings_that_differ():
    """Otherwise there would be nothing to choose."""
    for word, known in candidates().items():
        assert len({one.ipa for one in known}) == len(known) > 1, word
        assert re.fullmatch("[a-z]+", word)


def test_kokoro_is_given_the_sounds_that_were_asked_for():
    """By way of espeak-ng, which has its own ideas of r and n."""
    plain = str.maketrans({"ˈ": "", "ˌ": "", "ᵊ": "ə", "T": "t", "ŋ": "n"})
    for ipa in {one.ipa for known in candidates().values() for one in known}:
        got = symbols(f"[x](/{ipa}/)", "en-US").translate(plain)
        assert got == respell(ipa, MISAKI).translate(plain), ipa
