# SPDX-License-Identifier: GPL-3.0-or-later
"""The language of a text, by its function words or by a model."""

import py3langid
import pytest
from texts import read

from podcast.read.detect_language import LIKELY, _by_function_words, language_of


@pytest.mark.parametrize(
    ("text", "language", "name"),
    [
        ("Hello there", "en", "English"),
        ("Bonjour à tous", "fr", "French"),
        ("日本語の文章です", "ja", "Japanese"),
        ("Привет, как дела?", "ru", "Russian"),
        ("OK", None, ""),
    ],
)
def test_the_language_of_a_few_words_is_a_likely_one(text, language, name):
    """They look like any of a hundred languages."""
    found, remark = language_of(text)

    assert found == language or (language is None and found in LIKELY)
    assert remark.startswith(f"detected language: {name}")
    assert "--language" in remark
    assert language_of(text, "pt_BR") == ("pt-BR", "")


CLEAR = {
    "en": "The harbour has been kept by the same family since the year in which the lighthouse was built. "
    "She walks down to the water and writes what she sees in a book that is kept with the others. ",
    "fr": "Le port est tenu par la même famille depuis que le phare est là. Elle descend avec les autres dans la "
    "brume et note ce que dit la règle, qui est sur le quai et ne ment pas. ",
    "de": "Der Hafen ist in der Hand einer Familie, und die Frau geht auf den Steg und liest von dem Stab ab, was "
    "sich mit der Flut auch im Buch nicht ohne eine Zahl sagen lässt. ",
}


@pytest.mark.parametrize("language", CLEAR)
def test_function_words_tell_the_language_as_the_model_does(language):
    """Where they are clear, the model is not loaded; it would have said the same."""
    text = CLEAR[language] * 3

    assert _by_function_words(text) == language == py3langid.classify(text)[0]
    assert language_of(text)[0] == language


@pytest.mark.parametrize(
    "text",
    [
        "Het is in de haven van de stad dat de boten in de winter liggen, en het was er altijd druk. " * 5,
        "Els vaixells són al port de la ciutat, i la gent que hi ve a l’hivern no sap on és el far. " * 5,
        "O porto está na mão da mesma família desde que o farol foi construído na ponta da baía. " * 5,
        "The of and to in is that",
        "",
    ],
)
def test_function_words_say_nothing_of_related_languages_and_few_words(text):
    """What is not clear is left to the model."""
    assert not _by_function_words(text)


def test_hebrew_with_vowel_points_is_modern_hebrew():
    """No voice speaks Biblical Hebrew; poems and books for children are written with vowels."""
    assert language_of("בַּחֹרֶף הַהוּא יָרַד הַשֶּׁלֶג מֻקְדָּם. הַזָּקֵן יָשַׁב בַּפֶּתַח וְהִבִּיט אֶל הֶהָרִים.")[0] == "he"


def test_long_quotations_do_not_decide_the_language(tmp_path):
    """A French article that quotes English at length is French."""
    quoted = "> The lamp turns above the rocks, and the sea answers every night, for twelve years now.\n\n" * 5
    own = "Le gardien du phare écrivait chaque soir, et toujours en anglais. Voici ce qu'il notait dans son cahier.\n\n"
    (tmp_path / "a.md").write_text(f"# Le gardien\n\n{own}{quoted}Nous n'avons rien changé.\n", encoding="utf-8")

    assert read(tmp_path / "a.md").language == "fr"


@pytest.mark.parametrize(
    ("text", "home", "language"),
    [
        ("3,5 M€ en 2026", ("fr", "en"), "fr"),  # to Dutch it lies nearer
        ("14 h 30", ("fr-CA", "en"), "fr-CA"),  # nothing tells
        ("2026", ("fr", "en"), "fr"),
        ("2026", ("en",), "en"),
        ("Hello", ("fr", "en"), "en"),
        ("Bonjour", ("en",), "fr"),
        ("Guten Tag", ("fr", "en"), "de"),
        ("Merci", ("xx", "fr"), "fr"),  # a language that nothing is known of
    ],
)
def test_a_few_words_are_in_a_language_of_the_show_unless_another_is_clear(text, home, language):
    """A number that is said to try a French show is said in French."""
    assert language_of(text, home=home)[0] == language
