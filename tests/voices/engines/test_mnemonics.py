# SPDX-License-Identifier: GPL-3.0-or-later
"""IPA in espeak-ng's own names of phonemes."""

import pytest

from podcast import voices
from podcast.errors import SynthesisError
from podcast.pronunciation.notation import annotated
from podcast.voices.engines.espeak import Espeak, phonemes, with_mnemonics


@pytest.mark.parametrize(
    ("voice", "ipa"),
    [
        ("fr", "kɛʁɡˈɛn"), ("fr", "ɑ̃ɡlˈɛ"), ("fr", "bʁˈœ̃"), ("fr", "defisˈit"), ("fr", "blumbˈɛʁɡ"), ("fr", "mɔ̃tˈaɲ"),
        ("en-us", "ɹˈɛkɚd"), ("en-us", "lˈɛd"), ("en-us", "fɹæŋswˈɑː"), ("en", "tʃˈɑːns"), ("de", "ʃtˈʊt^sə"),
        ("es", "xwˈan"), ("it", "d^ʒˈɔja"),
    ],
)  # fmt: skip
def test_what_is_asked_for_is_what_espeak_says(voice, ipa):
    """The phonemes that come out are those that went in."""
    asked = ipa.replace("^", "")
    said = phonemes(annotated("x", asked), voice).replace("^", "")

    assert said.replace("ˈ", "") == asked.replace("ˈ", "")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Les [amis](/amˈi/) arrivent.", "le-z amˈi aʁˈiv"),
        ("Ces [prix](/pʁˈi/), [hauts](/ʔˈo/).", "se pʁˈi ˈo"),
        ("Un [cent](/sˈɑ̃t‿/) ans", "œ̃ sˈɑ̃t ˈɑ̃"),
        ("Un [cent](/sˈɑ̃t‿/) de", "œ̃ sˈɑ̃ də-"),
    ],
)
def test_liaisons_go_on_around_an_annotated_word(text, said):
    """The words before and after keep their context, and a consonant with a tie is spoken only before a vowel."""
    assert phonemes(text, "fr").replace("^", "") == said


def test_a_foreign_sound_becomes_the_most_similar_one():
    """A voice has only the sounds of its language."""
    assert phonemes(annotated("Hugh", "hjˈuː"), "fr") == "hjˈuː"
    assert phonemes(annotated("Rousseau", "ʁusˈo"), "en-us") == "ɹusˈo"


def test_a_sign_that_is_no_sound_is_an_error_that_names_it():
    """The message says which letter, and what to do."""
    with pytest.raises(SynthesisError, match="no sound for 'ʘ'") as caught:
        phonemes(annotated("x", "ʘa"), "fr")
    assert caught.value.hint


def test_brackets_of_the_text_are_not_mnemonics():
    """`[[` in a text does not make espeak-ng read phonemes."""
    assert with_mnemonics("a [[x]] b", "fr") == "a ((x]] b"


def test_espeak_times_an_annotated_word_as_one():
    """The displayed words are those of the text, also with a space inside an annotation."""
    speech = Espeak({}).speak("Selon [Las Vegas](/lˈas veɡˈas/), [fils](/fˈis/).", voices.find("espeak/fr"))

    assert [word.text for word in speech.words] == ["Selon", "Las Vegas,", "fils."]
    assert all(word.start_ms <= word.end_ms for word in speech.words)
