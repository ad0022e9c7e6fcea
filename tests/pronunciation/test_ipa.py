# SPDX-License-Identifier: GPL-3.0-or-later
"""IPA of a show: checked, stressed, and respelt."""

import pytest

from podcast import languages
from podcast.pronunciation import annotate, respell, written
from podcast.pronunciation.ipa import given, respelt, stressed


@pytest.mark.parametrize(
    ("said", "ipa"),
    [
        ("/kɛʁɡɛn/", "kɛʁɡɛn"),
        (" /'gUd.b{i/ ".replace("U", "ʊ").replace("{", ""), "ˈɡʊdbi"),
        ("/t͡ʃɛk/", "tʃɛk"),
        ("kerguenne", None),
        ("/", None),
        ("//", None),
        ("9/11", None),
    ],
)
def test_an_entry_is_ipa_between_slashes(said, ipa):
    """Letters that people type for others are accepted; ties and dots are dropped."""
    assert given(said) == ipa


def test_what_is_not_ipa_is_an_error_that_names_the_character():
    """A digit, or a letter of another alphabet."""
    with pytest.raises(ValueError, match="'9' is not a letter of the IPA"):
        given("/ke9n/")
    with pytest.raises(ValueError, match="no letter"):
        given("/ˈˈ/")


@pytest.mark.parametrize(
    ("ipa", "language", "with_stress"),
    [("kɛʁɡɛn", "fr", "kɛʁɡˈɛn"), ("tabləθ", "fr-CA", "tˈabləθ"), ("lɛd", "en", "lˈɛd"),
     ("ˈa", "fr", "ˈa"), ("kano", "en", "kano")],
)  # fmt: skip
def test_a_stress_is_added_where_its_place_is_known(ipa, language, with_stress):
    """In French on the last full vowel, and on a single vowel in any language."""
    assert stressed(ipa, language) == with_stress


@pytest.mark.parametrize(
    ("language", "spelling"),
    [
        ("fr", "kèrguenne"),
        ("en", "kehrgehn"),
        ("de", "kärgän"),
        ("es", "kerguen"),
        ("it", "cherghen"),
        ("pt", "kérrguén"),
    ],
)
def test_ipa_is_respelt_in_each_language(language, spelling):
    """For engines that read letters."""
    assert respelt("kɛʁɡˈɛn", language) == spelling


@pytest.mark.parametrize("language", languages.known("ipa.toml"))
def test_every_sound_has_a_spelling(language):
    """No letter of the basic IPA is dropped, except the h of Italian."""
    for sound in "aɑæʌəeɛiɪoɔuʊøœbdfɡʒklmnɲŋpʁrɹɾsʃtθvwɥjz":
        assert respelt(sound, language) or sound == "h", sound


def test_an_elided_article_is_part_of_the_word():
    """Engines would read the letter alone."""
    said = f"à d'{written('Kerguen', '/kɛʁɡɛn/')} et qu'{written('X', '/iks/')}"

    assert annotate(said, "fr") == "à [d'Kerguen](/dkɛʁɡˈɛn/) et [qu'X](/kˈiks/)"
    assert respell(said, "fr") == "à d'kèrguenne et qu'ikss"
