# SPDX-License-Identifier: GPL-3.0-or-later
"""Words that are mispronounced anywhere, and French names in English."""

import re

import pytest
from helpers import DATA

from podcast import languages
from podcast.pronunciation import annotate, exceptions
from podcast.speakable import said
from podcast.voices.engines import espeak
from podcast.voices.engines.phonemes import symbols

CASES = [
    line.split("\t")
    for line in (DATA / "pronunciation" / "en.tsv").read_text(encoding="utf-8").splitlines()
    if line and line[0] != "#"
]


@pytest.mark.parametrize(("text", "pattern"), CASES, ids=[text for text, _ in CASES])
def test_an_english_sentence_is_pronounced(text, pattern):
    """As American newsreaders would say the French names in it."""
    annotated = annotate(said(text, "en"), "en-US")
    phonemes = re.sub("[ˈˌ]", "", symbols(annotated, "en-US"))
    assert pattern in phonemes, f"{annotated}: {phonemes}"


@pytest.mark.parametrize("voice", ["en-us", "en"])
def test_every_english_exception_has_phonemes_in_espeak(voice):
    """American and British: a sound without a name is an error."""
    for word, ipa in exceptions.exceptions("en").items():
        assert espeak.phonemes(f"[{word}](/{ipa}/)", voice)


def test_a_possessive_is_part_of_the_annotation():
    """espeak-ng would spell the letter after phonemes."""
    assert annotate("Kerguen's and Binoche’s", "en") == "Kerguen's and [Binoche’s](/binˈoʊʃɪz/)"
    assert annotate("[Kerguen](/kˈɛɹɡɛt/)'s", "en-GB") == "[Kerguen's](/kˈɛɹɡɛts/)"
    assert annotate("Sarkozy", "en-GB") == "[Sarkozy](/sɑːkəʊzˈi/)"
    assert annotate("[Bo](/bˈoʊ/)'s", "en") == "[Bo's](/bˈoʊz/)"
    assert annotate("[Bo](/bo/)'s", "de") == "[Bo](/bˈo/)'s"


def test_a_key_may_have_several_words_and_an_article_is_part_of_it():
    """The longest key counts, and no part of a word."""
    assert annotate("Un week-end, l'e-sport.", "fr") == "Un week-end, [l'e-sport](/lispˈɔʁ/)."
    assert annotate("the Côte d'Azur", "en") == "the [Côte d'Azur](/kˈoʊtdəzˈʊɹ/)"
    assert "[Saint-Denis]" in annotate("Saint-Denis", "en")
    assert annotate("Saint-Denis-Nord", "en") == "Saint-Denis-Nord"


def test_an_article_before_a_name_with_a_silent_h_is_joined():
    """`ʔ` prevents a liaison, but not the elision that is written."""
    assert annotate("d'Hollywood", "fr") == "[d'Hollywood](/dɔliwˈud/)"
    assert annotate("d’[Hollywood](/ʔɔliwˈud/)", "fr") == "[d’Hollywood](/dɔliwˈud/)"


def test_a_language_needs_only_data(tmp_path, monkeypatch):
    """Names of a language without grammar of its own."""
    (tmp_path / "nl").mkdir()
    (tmp_path / "nl" / "names.tsv").write_text("Truffaut\t/tryfˈoː/\n", encoding="utf-8")
    monkeypatch.setattr(languages, "ROOT", tmp_path)
    for module, name in (
        (languages, "known"),
        (exceptions, "exceptions"),
        (exceptions, "pattern"),
        (exceptions, "_word"),
    ):
        monkeypatch.setattr(module, name, getattr(module, name).__wrapped__)
    assert annotate("Film van Truffaut.", "nl-BE") == "Film van [Truffaut](/tryfˈoː/)."
