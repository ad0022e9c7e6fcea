# SPDX-License-Identifier: GPL-3.0-or-later
"""Pico: six voices, and what would hang, crash or clip it. For all engines: contract/test_engine.py."""

import sys

import numpy as np
import pytest

from podcast import voices
from podcast.errors import EngineMissing, SynthesisError
from podcast.model import Utterance
from podcast.narrate.synthesis import fault
from podcast.voices.engines.pico import NAMES, Pico

SENTENCES = {
    "fr": "La mer est calme ce matin, et le vent du large porte jusqu'au port une odeur de sel.",
    "en-US": "The sea is calm this morning, and the wind carries a smell of salt as far as the harbour.",
    "en-GB": "The sea is calm this morning, and the wind carries a smell of salt as far as the harbour.",
    "de": "Das Meer ist ruhig an diesem Morgen, und der Wind trägt den Geruch von Salz bis zum Hafen.",
    "es": "El mar está tranquilo esta mañana, y el viento lleva hasta el puerto un olor a sal.",
    "it": "Il mare è calmo questa mattina, e il vento porta fino al porto un odore di sale.",
}


def seconds(text: str, name: str = "fr") -> float:
    """Return how long a text is when said."""
    return len(Pico({}).speak(text, voices.find(f"pico/{name}")).samples) / 16_000


@pytest.mark.parametrize("name", NAMES)
def test_every_voice_speaks_without_clipping(name):
    """No sample is at full scale: at Pico's own volume, one in seventy of the Spanish voice would be."""
    voice = voices.find(f"pico/{name}")
    speech = Pico({}).speak(SENTENCES[name], voice)

    assert np.abs(speech.samples).max() < 0.95
    assert fault(speech, Utterance(voice, SENTENCES[name], SENTENCES[name], 0)) == ""


def test_each_call_gives_the_same_bytes():
    """It reads memory that it never wrote; ten calls differ in nothing."""
    voice = voices.find("pico/fr")

    assert len({Pico({}).speak(SENTENCES["fr"], voice).samples.tobytes() for _ in range(10)}) == 1


@pytest.mark.parametrize("dots", ["...", "…", ".."])
def test_dots_are_a_breath_and_no_hole(dots):
    """Three dots in a sentence are a comma, and at its end a full stop: Pico would be silent for seconds."""
    assert seconds(f"Et puis{dots} rien{dots}") == seconds("Et puis, rien.")


def test_an_endless_word_is_said_in_pieces():
    """A word of hundreds of letters, which loses some or hangs Pico, is cut; all of it is said."""
    assert seconds("ba" * 400) == pytest.approx(seconds(" ".join(["ba" * 25] * 16)), rel=0.01)


@pytest.mark.parametrize(("name", "value"), [("MALLOC_PERTURB_", "90"), ("GLIBC_TUNABLES", "glibc.malloc.perturb=77")])
def test_the_environment_does_not_change_the_sound(monkeypatch, name, value):
    """What fills memory elsewhere does not reach it."""
    voice = voices.find("pico/fr")
    usual = Pico({}).speak(SENTENCES["fr"], voice).samples
    monkeypatch.setenv(name, value)

    assert np.array_equal(Pico({}).speak(SENTENCES["fr"], voice).samples, usual)


@pytest.mark.parametrize("text", ["a < b, puis c", "sel & poivre, voilà", "<pitch level='200'>la mer", "fin </p>"])
def test_markup_is_taken_for_words(text):
    """`<` and `&` neither end the speech nor change the voice."""
    words = text.replace("<", " ").replace(">", " ").replace("&", " ")

    assert seconds(text) == pytest.approx(seconds(words), rel=0.01)


@pytest.mark.parametrize("text", ["你好，世界", "Привет мир", "مرحبا"])
def test_what_it_cannot_read_is_an_error(text):
    """Pico itself gives a click for other scripts, which is not what the text says."""
    with pytest.raises(SynthesisError, match="no words to speak"):
        seconds(text)


def test_a_leading_emoji_does_not_cost_the_sentence():
    """Pico itself would fall silent after it."""
    assert seconds("🚀 La mer est calme.") == seconds("La mer est calme.")


def test_without_the_wheel_it_says_what_to_install(monkeypatch):
    """Its voices stay listed, for a show may name them."""
    monkeypatch.setitem(sys.modules, "py_nanotts", None)

    assert [voice.name for voice in Pico({}).voices()] == list(NAMES)
    assert "pip install --force-reinstall py-nanotts" in Pico({}).missing()
    with pytest.raises(EngineMissing) as caught:
        seconds("Bonjour.")
    assert "pip install --force-reinstall py-nanotts" in caught.value.hint
