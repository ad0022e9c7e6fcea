# SPDX-License-Identifier: GPL-3.0-or-later
"""Words as they are written get the times at which they are said, whatever was done to them in between."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from podcast import alignment, speakable
from podcast.model import Cue, Said, Word


def spoken(text: str) -> list[Word]:
    """Say each word in 100 ms, with 10 ms of silence after it."""
    return [Word(word, 110 * place, 110 * place + 100) for place, word in enumerate(text.split())]


def told(words: tuple[Word, ...]) -> str:
    """Return words with the numbers of the said words that they last for."""
    return " | ".join(f"{word.text} {word.start_ms // 110}-{word.end_ms // 110}" for word in words)


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("fr", "La mer est calme.", "La 0-0 | mer 1-1 | est 2-2 | calme. 3-3"),
        ("fr", "Il coûte 3,5 M€ en 2026.", "Il 0-0 | coûte 1-1 | 3,5 M€ 2-6 | en 7-7 | 2026. 8-10"),
        ("fr", "Hier, M. Dupont dort.", "Hier, 0-0 | M. 1-1 | Dupont 2-2 | dort. 3-3"),
        ("fr", "La SNCF est là.", "La 0-0 | SNCF 1-4 | est 5-5 | là. 6-6"),
        ("fr", "L’été « fini » 🌞 aujourd’hui", "L’été 0-0 | « fini » 🌞 1-1 | aujourd’hui 2-2"),
        ("en", "It weighs 12 kg — really?", "It 0-0 | weighs 1-1 | 12 kg 2-3 | — really? 5-5"),
        ("en", "He met Dr. Smith.", "He 0-0 | met 1-1 | Dr. 2-2 | Smith. 3-3"),
    ],
)
def test_rewritten_words_share_their_time(language, text, expected):
    """Numbers, acronyms and abbreviations last as long as what is said for them; the words around keep theirs."""
    parts = speakable.speak(text, language)
    said = "".join(part.said for part in parts)

    assert told(alignment.align(parts, text, spoken(said))) == expected


def test_words_that_the_voice_said_as_one_are_one():
    """`of the` in one breath, a hyphen cut in two, an unknown sound: each is where it was heard."""
    text = "One of the well-known"
    heard = [Word("One", 0, 90), Word("of the", 100, 190), Word("well", 200, 250), Word("known", 260, 300)]

    assert alignment.align([Said(text, text)], text, heard) == (
        Word("One", 0, 90),
        Word("of the", 100, 190),
        Word("well-known", 200, 300),
    )


def test_a_pronunciation_that_a_person_gave_takes_its_place():
    """What a script says with [word](say:…) is timed by what was said."""
    parts = [Said("Voici ", "Voici "), Said("DeepSeek", "dip sik"), Said(" et moi", " et moi")]

    assert told(alignment.align(parts, "Voici DeepSeek et moi", spoken("Voici dip sik et moi"))) == (
        "Voici 0-0 | DeepSeek 1-2 | et 3-3 | moi 4-4"
    )


def test_nothing_known_is_nothing_told():
    """A voice without times, or words that have nothing in common with what was said, give none."""
    assert alignment.align([Said("un mot", "un mot")], "un mot", []) == ()
    assert alignment.align([Said("—", "")], "—", spoken("rien")) == ()


texts = st.text(st.sampled_from("abcé ’-.,1«»🌞 \u00a0"), max_size=30)
rows = st.lists(st.tuples(texts, texts | st.none()).map(lambda two: Said(two[0], two[0] if two[1] is None else two[1])))
times = st.lists(st.integers(0, 400), max_size=40).map(sorted)


@given(rows, times)
def test_no_word_is_lost_out_of_order_or_outside(parts, moments):
    """Whatever was rewritten and whatever the voice tells: all words that are shown, in order, inside of the speech."""
    shown = " ".join("".join(part.shown for part in parts).split())
    said = "".join(part.said for part in parts).split()
    heard = [Word(*one) for one in zip(said, moments[::2], moments[1::2], strict=False)]
    words = alignment.align(parts, shown, heard)

    assert not words or " ".join(word.text for word in words) == shown
    ends = [ms for word in words for ms in (word.start_ms, word.end_ms)]
    assert ends == sorted(ends)
    assert all(word.start_ms < word.end_ms for word in words)
    assert not words or heard[0].start_ms <= ends[0] < ends[-1] <= heard[-1].end_ms
    if heard:
        cue = Cue(5_000, 6_000, shown, words=alignment.pack(words, 0))
        assert alignment.unpack(cue) == alignment.shifted(words, 5_000)


def test_times_of_other_words_are_none():
    """Where the text of a cue is not what was timed, its times are not used."""
    assert alignment.unpack(Cue(0, 900, "un deux", words="0-90")) == ()
    assert alignment.unpack(Cue(0, 900, "un", words="0-90 100-200")) == ()
    assert alignment.unpack(Cue(0, 900, "un deux", words="0-90*2")) == (Word("un deux", 0, 90),)


def test_words_are_moved_and_cut():
    """What would begin before the sound begins with it, what would go on after it ends with it."""
    assert alignment.shifted([Word("a", 10, 60), Word("b", 70, 200)], -40, 120) == (
        Word("a", 0, 20),
        Word("b", 30, 120),
    )
