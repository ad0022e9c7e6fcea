# SPDX-License-Identifier: GPL-3.0-or-later
"""The times of words are those at which the words are heard, whatever the voice."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from podcast import voices
from podcast.model import Speech, Word
from podcast.voices import word_times
from podcast.voices.word_times import Group

NEAR_MS = 100
"""How far a time may be from what is heard."""

SPOKEN = {
    "espeak/fr": "Demain, la mer, loin d'ici, jamais, rien.",
    "espeak/en-US": "Monday; one of the best; never; in the kitchen.",
    "kokoro/ff_siwis": "Demain. La mer est calme ? Le vent dort encore.",
    "hibari/heart": "One of the best. On the table. Never again.",
    "piper/en_US-joe-medium": "Monday. One of the best. Never. In the kitchen.",
}
"""Voice -> what it says: a pause stands after each mark."""


def heard(speech: Speech, pause_ms: int = 90) -> list[tuple[int, int]]:
    """Return the beginning and end of each stretch of sound, in milliseconds, as an ear finds them."""
    size = speech.rate_hz // 200
    windows = speech.samples[: len(speech.samples) // size * size].reshape(-1, size)
    levels = np.sqrt(np.mean(np.square(windows, dtype=np.float64), axis=1))
    found: list[tuple[int, int]] = []
    for place in np.flatnonzero(levels > levels.max() * 10 ** (-34 / 20)):
        start, end = int(place) * 5, int(place) * 5 + 5
        if found and start - found[-1][1] < pause_ms:
            found[-1] = found[-1][0], end
        else:
            found.append((start, end))
    return [(start, end) for start, end in found if end - start > 30]


@pytest.mark.parametrize("ref", SPOKEN)
def test_words_are_where_they_are_heard(ref):
    """Around every pause that is heard, a word ends and the next one begins within a tenth of a second of it."""
    text = SPOKEN[ref]
    voice = voices.find(ref)
    speech = voices.engine(voice.engine, {}).speak(text, voice)
    words, stretches = speech.words, heard(speech)

    assert " ".join(word.text for word in words).split() == [word for word in text.split() if word != "?"]
    assert len(stretches) >= 2
    assert abs(words[0].start_ms - stretches[0][0]) <= NEAR_MS
    for (_, end), (start, _) in pairwise(stretches):
        assert min(abs(word.end_ms - end) for word in words) <= NEAR_MS, (end, words)
        assert min(abs(word.start_ms - start) for word in words) <= NEAR_MS, (start, words)
        assert not [word for word in words if word.start_ms < end - NEAR_MS and word.end_ms > start + NEAR_MS]


@pytest.mark.parametrize("ref", ["espeak/fr", "tone/low"])
def test_speed_moves_words(ref):
    """At half the pace, words come about half as soon."""
    voice = voices.find(ref)
    engine = voices.engine(voice.engine, {})
    usual, slow = (
        engine.speak("La mer est calme ce matin.", replace(voice, speed=speed)).words for speed in (1.0, 0.5)
    )

    assert [word.text for word in usual] == [word.text for word in slow]
    assert 1.6 < slow[-1].end_ms / usual[-1].end_ms < 2.2


def test_groups_are_what_stands_between_spaces():
    """Marks and the symbols around a sentence are no sound, and take their time."""
    timed = [("", 100.0), *[(c, 10.0) for c in "ab, cd. “e”"], ("", 50.0)]

    assert word_times.groups(timed, ",.“”") == [Group("ab", 100, 120), Group("cd", 140, 160), Group("e", 190, 200)]


def spelt(word: str) -> str:
    """Say letters."""
    return "".join(c for c in word.casefold() if c.isalpha())


def row(*symbols: str) -> list[Group]:
    """Return groups of 100 ms each."""
    return [Group(one, 100 * number, 100 * number + 100) for number, one in enumerate(symbols)]


@pytest.mark.parametrize(
    ("text", "said", "times"),
    [
        ("one of the best", ["one", "ofthe", "best"], "one 0-100|of the 100-200|best 200-300"),
        ("forty-two, please", ["forty", "two", "please"], "forty-two, 0-200|please 200-300"),
        ("— yes — no", ["yes", "no"], "yes 0-100|no 100-200"),
        ("on & on", ["on", "and", "on"], "on 0-200|on 200-300"),
        ("all in one", ["allinone"], "all in one 0-100"),
        ("quite other", ["zzz"], "quite other 0-100"),
        ("…", ["e"], ""),
        ("word", [], ""),
    ],
)
def test_each_group_belongs_to_its_words(text, said, times):
    """Words that are said in one breath share its time; a word of two breaths has both; none is out of order."""
    words = word_times.words(text, row(*said), spelt)

    assert words == tuple(_word(entry) for entry in times.split("|") if entry)


def _word(entry: str) -> Word:
    text, _, times = entry.rpartition(" ")
    start, end = map(int, times.split("-"))
    return Word(text, start, end)
