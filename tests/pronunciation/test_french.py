# SPDX-License-Identifier: GPL-3.0-or-later
"""French pronunciation: exceptions, homographs and liaisons."""

import re

import pytest
from helpers import DATA

from podcast import languages
from podcast.errors import ConfigError
from podcast.pronunciation import annotate, french, plain
from podcast.pronunciation.exceptions import exceptions
from podcast.pronunciation.homographs import homographs
from podcast.speakable import said
from podcast.voices.engines import espeak
from podcast.voices.engines.phonemes import symbols

CASES = [
    line.split("\t")
    for line in (DATA / "pronunciation" / "fr.tsv").read_text(encoding="utf-8").splitlines()
    if line and line[0] != "#"
]
SPELT = str.maketrans(
    {"ʤ": "dʒ", "ʧ": "tʃ", "ɔ": "o", "ɛ": "e", "œ": "ø", "ɲ": "ɲ", "ˈ": "", "ˌ": "", "ː": "", " ": ""}
)


def folded(phonemes):
    """Return phonemes without stress, length and spaces, open and close vowels alike."""
    return phonemes.translate(SPELT).replace("nj", "ɲ")


@pytest.mark.parametrize(("text", "pattern"), CASES, ids=[text for text, _ in CASES])
def test_a_sentence_is_pronounced(text, pattern):
    """As French people would."""
    annotated = annotate(said(text, "fr"), "fr")
    assert re.search(folded(pattern), folded(symbols(annotated, "fr"))), annotated


def test_every_exception_is_needed():
    """espeak-ng mispronounces the word, joins it to `les`, or reads it as English after `qu'`."""
    for word, ipa in exceptions("fr").items():
        if word == word.lower():
            texts = f"les [{word}](/{ipa}/)", f"[qu'{word}](/k{ipa}/)"
            assert any(espeak.phonemes(text, "fr") != espeak.phonemes(plain(text), "fr") for text in texts), word


def test_words_are_kept_and_the_rest_of_the_text_is_unchanged():
    """Only annotations are added; a text that needs none is returned as it is."""
    text = "L’est, « l'Est » : cent ans de plus, aujourd'hui à Reims – et [Kerguen](/kɛʁɡˈɛn/) !"
    assert plain(annotate(text, "fr")) == plain(text)
    assert "[L’est](/lˈɛst/), " in annotate(text, "fr")
    assert "[Kerguen](/kɛʁɡˈɛn/) !" in annotate(text, "fr")
    assert annotate("Il fait beau.", "fr") == "Il fait beau."
    assert annotate("Le déficit, déjà [déficit](/x/).", "fr-CA") == "Le [déficit](/defisˈit/), déjà [déficit](/x/)."


def test_a_key_with_capitals_stands_only_for_itself():
    """The town of Cassis, and the drink."""
    assert annotate("Du cassis à Cassis.", "fr") == "Du [cassis](/kasˈis/) à [Cassis](/kasˈi/)."


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("pronunciation.tsv", "mot\tmo\n", "must be IPA between slashes"),
        ("pronunciation.tsv", "mot\t/m9/\n", "'9' is not a letter of the IPA"),
        ("homographs.toml", '[words]\n"mot" = [["", ""]]\n', r"must be \[before, after, IPA\]"),
        ("homographs.toml", '[words]\n"mot" = [["(", "", "mo"]]\n', "missing \\)"),
        ("homographs.toml", '[words]\n"mot" = [["{nom}", "", "mo"]]\n', "unknown class {nom}"),
    ],
)
def test_invalid_data_is_an_error_that_names_the_file(tmp_path, monkeypatch, name, content, message):
    """For people who add words."""
    (tmp_path / "fr").mkdir()
    (tmp_path / "fr" / name).write_text(content, encoding="utf-8")
    monkeypatch.setattr(languages, "ROOT", tmp_path)
    caches = (languages.known, languages.pairs, languages.table, exceptions, homographs)
    for one in caches:
        one.cache_clear()
    try:
        with pytest.raises(ConfigError, match=message) as error:
            french.annotate("Un mot.")
        assert name in str(error.value)
    finally:
        monkeypatch.undo()
        for one in caches:
            one.cache_clear()
