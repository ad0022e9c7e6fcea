# SPDX-License-Identifier: GPL-3.0-or-later
"""From text to Kokoro's alphabet: nothing lost, nothing leaked. Add a row to data/voices/symbols.tsv for a mistake."""

import json
from importlib.resources import files

import pytest
from helpers import TESTS
from hypothesis import example, given, settings
from hypothesis import strategies as st

from podcast.errors import SynthesisError
from podcast.voices.engines import phonemes
from podcast.voices.engines.phonemes import ESPEAK, JOINED, RESPELT, TOKENS, respell, stretches, symbols

ROWS = [
    line.split("\t")
    for line in (TESTS / "data" / "voices" / "symbols.tsv").read_text(encoding="utf-8").splitlines()
    if not line.startswith("#")
]

STOPLISTS = {
    "fr": "French", "en-US": "English", "en-GB": "English", "es": "Spanish", "it": "Italian", "pt-BR": "Portuguese",
}  # fmt: skip


@pytest.mark.parametrize(("language", "text", "expected"), ROWS)
def test_a_text_is_spelt_as_kokoro_learnt_it(language, text, expected):
    """Phonemes, stress and punctuation are those of the table."""
    assert symbols(text, language) == expected


@pytest.mark.parametrize("language", ESPEAK)
def test_no_phoneme_is_lost(language):
    """All that espeak-ng says of the commonest words of a language has a symbol."""
    import justext

    words = sorted(word for word in justext.get_stoplist(STOPLISTS[language]) if word.isalpha())
    said = [
        respell(phonemes.phonemes(" ".join(words[at : at + 8]), ESPEAK[language]), RESPELT.get(language, JOINED))
        for at in range(0, len(words), 8)
    ]

    assert len(words) > 200
    assert {symbol for line in said for symbol in line} - set(TOKENS) == set()
    assert not {"^", "-", "(", "_"} & set("".join(said))


def test_the_alphabet_is_the_one_of_the_model():
    """hibari, distilled from the same model, carries its vocabulary: every symbol has the same token."""
    theirs = json.loads(files("hibari").joinpath("assets", "vocab.json").read_text(encoding="utf-8"))

    assert theirs == TOKENS


def test_a_change_of_language_leaves_no_mark():
    """English words in a French sentence are said in English, without the flags that espeak-ng puts around them."""
    line = symbols("Le machine learning de Google, l'open source et les startups : c'est cool, non ?", "fr")

    assert not set("()^_") & set(line)
    assert "(en)" in _raw("Google")
    assert "fr" not in line


def _raw(text: str) -> str:
    """Return what espeak-ng says before marks are taken out."""
    import ctypes

    from podcast.voices.engines.espeak import IPA, TIE, UTF8, _library

    library = _library()
    library.espeak_SetVoiceByName(b"fr")
    return (
        library.espeak_TextToPhonemes(ctypes.byref(ctypes.c_char_p(text.encode())), UTF8, IPA | TIE)
        .decode()
        .replace("^", "")
    )


def test_a_sentence_is_said_alike_whatever_came_before():
    """espeak-ng keeps state, but none that shapes its phonemes."""
    first = [symbols(text, language) for language, text, _ in ROWS]
    again = [symbols(text, language) for language, text, _ in reversed(ROWS)]

    assert first == again[::-1]


def test_a_long_line_is_cut_after_a_mark_and_whole():
    """Stretches are as long as the model takes, end where a voice may rest, and together are the line."""
    text = "La mer est calme, le vent tombe, et la nuit vient. " * 30
    parts = list(stretches(text, "fr", 510))

    assert len(parts) > 2
    assert all(len(part) <= 510 and part[-1] in ",." for part in parts)
    assert " ".join(parts) == symbols(text, "fr")


@settings(deadline=None, max_examples=60)
@given(st.text(alphabet="aé nœ,.!?«»()'’-3:…—xqz", max_size=120), st.integers(5, 60))
@example("x" * 120, 20)
def test_no_stretch_is_too_long_and_no_symbol_is_lost(text, longest):
    """Whatever the text: only spaces may go where it is cut."""
    line = symbols(text, "fr")
    try:
        parts = list(stretches(text, "fr", longest))
    except SynthesisError:
        assert not any(symbol.isalpha() for symbol in line)
        return

    assert all(0 < len(part) <= longest for part in parts)
    assert "".join(parts).replace(" ", "") == line.replace(" ", "")
    assert set(line) <= set(TOKENS)


def test_other_scripts_are_spelt_rather_than_left_out():
    """A Greek or Russian name in a French text is heard."""
    assert len(symbols("αβγ", "fr")) >= 3
    assert len(symbols("Мир", "fr")) >= 3
