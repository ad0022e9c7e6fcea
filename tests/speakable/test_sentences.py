# SPDX-License-Identifier: GPL-3.0-or-later
"""Sentences: where they end, in tables that anyone can extend; and nothing of a text is lost."""

import pytest
from helpers import TESTS
from hypothesis import given
from hypothesis import strategies as st

from podcast.speakable import sentences

TABLES = TESTS / "data" / "sentences"


def cases(table: str) -> list[list[str]]:
    """Return the lines of a table, each cut at ` ¦ `."""
    lines = (TABLES / f"{table}.txt").read_text(encoding="utf-8").split("\n")
    return [line.split(" ¦ ") for line in lines if line.strip() and not line.startswith("#")]


@pytest.mark.parametrize("language", ["fr", "en"])
def test_at_most_one_in_a_hundred_is_cut_wrongly(language):
    """Abbreviations, initials, quotations, lists and ellipses do not end sentences."""
    every = cases(language)
    wrong = [parts for parts in every if [s.strip() for s in sentences(" ".join(parts), language)] != parts]

    assert len(every) >= 200
    assert len(wrong) <= len(every) / 100, wrong


@pytest.mark.parametrize("parts", cases("others"), ids=lambda parts: parts[0][:20])
def test_abbreviations_of_languages_without_tables_end_no_sentence(parts):
    """tests/data/sentences/others.txt: months cut short, titles, pages, quotations in the marks of each language."""
    language, first = parts[0].split(": ", 1)
    whole = [first, *parts[1:]]

    assert [part.strip() for part in sentences(" ".join(whole), language)] == whole


@pytest.mark.parametrize(
    ("language", "text", "parts"),
    [
        ("fr", "Il est parti.Elle est restée.", ("Il est parti.", "Elle est restée.")),
        ("fr", "Quelle horreur !Elle pleure.", ("Quelle horreur !", "Elle pleure.")),
        ("en", "He left.She stayed.", ("He left.", "She stayed.")),
        ("en", "How awful!She cries.", ("How awful!", "She cries.")),
        ("en", "Use Node.js and README.md.", ("Use Node.js and README.md.",)),
        ("en", "He left.Mr. Stone stayed.", ("He left.", "Mr. Stone stayed.")),
        ("da", "Hej.Jeg er her.", ("Hej.", "Jeg er her.")),
        ("ja", "彼は来た。彼女は去った。", ("彼は来た。", "彼女は去った。")),
        ("zh", "他来了。你呢？好！", ("他来了。", "你呢？", "好！")),
        ("ar", "هل أنت هنا؟ نعم.", ("هل أنت هنا؟ ", "نعم.")),
        ("hi", "वह आया। वह गई।", ("वह आया। ", "वह गई।")),
        ("hi", 'उसने कहा, "हाँ।" वह गई।', ('उसने कहा, "हाँ।" ', "वह गई।")),
        ("ja", "物価は３．５％上昇した。本当？", ("物価は３．５％上昇した。", "本当？")),
        ("ja", "「そうです。」と言った。次。", ("「そうです。」と言った。", "次。")),
        ("el", "Είναι αλήθεια; Ναι! Ο κ. Παππάς ήρθε.", ("Είναι αλήθεια; ", "Ναι! ", "Ο κ. Παππάς ήρθε.")),
        ("ru", "Он жил в г. Москве. Проф. Иванов пришёл.", ("Он жил в г. Москве. ", "Проф. Иванов пришёл.")),
    ],
)
def test_a_sentence_may_end_without_a_space_and_in_any_script(language, text, parts):
    """Where the space was forgotten, or there is none, the sentence ends all the same; in a file name it does not."""
    assert sentences(text, language) == parts


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("It rained for all \nof the day.", ("It rained for all \nof the day.",)),
        ("The board is two yards\n(1.83 m).", ("The board is two yards\n(1.83 m).",)),
        ("milk\neggs and flour\nsugar", ("milk\n", "eggs and flour\n", "sugar")),
        ("flour\nsugar, two cups.\nmilk", ("flour\n", "sugar, two cups.\n", "milk")),
        ("(1). the first of four\n(2). the next", ("(1). the first of four\n", "(2). the next")),
        ("It rained.\nthe sun came.", ("It rained.\n", "the sun came.")),
        ("The title\n\nit rained all day.", ("The title\n\n", "it rained all day.")),
        ("The Title\nIt rained.", ("The Title\n", "It rained.")),
    ],
)
def test_a_line_break_ends_a_sentence_unless_it_goes_on(text, parts):
    """It goes on in lower case up to a mark, or with a source in brackets; items of a list have no marks."""
    assert sentences(text, "en") == parts


def test_an_ellipsis_after_a_full_stop_belongs_to_the_next_sentence():
    """`. . . .` are a full stop and an omission."""
    assert sentences("It was all there. . . . The rest is lost.", "en") == (
        "It was all there. ",
        ". . . The rest is lost.",
    )


@given(st.text(max_size=400), st.sampled_from(["fr", "en", "de", "zh", "ja", "ar", "th", "hi", "hy", "el", "ru", "xx"]))
def test_sentences_make_up_the_text(text, language):
    """Joined, they are the text."""
    parts = sentences(text, language)

    assert "".join(parts) == text
    assert all(parts)


_MARKS = [
    "1. ",
    "2. ",
    "a) ",
    "b) ",
    "• ",
    "A",
    "b",
    " ",
    "\n",
    ". ",
    "! ",
    "... ",
    ":) ",
    '" ',
    "'' ",
    "[1] ",
    "www.a ",
    "a@b ",
    "5 p.m. ",
]


@given(st.lists(st.sampled_from(_MARKS), max_size=40).map("".join), st.sampled_from(["fr", "en", "de", "hy", "nl"]))
def test_lists_and_marks_make_up_the_text(text, language):
    """Joined, the sentences are the text, whatever marks are in it."""
    assert "".join(sentences(text, language)) == text


@pytest.mark.parametrize(
    ("language", "parts"),
    [
        ("ru", ["См. рис. 3 и т.е. Москва.", "Она ела рис.", "Он пил."]),
        ("ru", ["Это было в 1812 г.", "Затем он уехал в г. Тверь."]),
        ("ru", ["Война шла в 1941–1945 гг.", "Она изменила всё."]),
        ("ru", ["Храм построен в XVI в.", "В нём служат.", "В 1812 г. Наполеон ушёл.", "Т.е. он проиграл."]),
        ("ru", ["Купили хлеб, соль и т.д.", "После этого пошли домой.", "Стоит 5 руб.", "Это дорого."]),
        ("uk", ["Це було в 1991 р.", "Потім він поїхав.", "У 1991 р. Кравчук підписав."]),
        ("pl", ["Było to w 1812 r.", "Potem wyjechał.", "W 1812 r. Napoleon odszedł."]),
        ("bg", ["Това беше през 1878 г.", "След това той замина.", "През 1878 г. Русия победи."]),
        ("uk", ["Див. рис. 3 на стор. 15.", "Там усе."]),
        ("pl", ["Dr hab. Jan i św. Piotr.", "Ok. 5 mln. Art. 5 ust. 2 mówi."]),
        ("nl", ["Zie vol. 3 van mevr. De Vries.", "Hij is lid.", "Zij niet."]),
        ("cs", ["Viz obr. Novák a str. 5.", "Je to tak."]),
    ],
)
def test_languages_without_tables_have_abbreviations_too(language, parts):
    """languages/*/sentences.toml: no sentence ends after them; after some, none before a number."""
    assert [one.strip() for one in sentences(" ".join(parts), language)] == parts
