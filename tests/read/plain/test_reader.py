# SPDX-License-Identifier: GPL-3.0-or-later
"""Plain text: paragraphs, titles, bylines, lists and headings are recognised by their shape."""

import pytest
from texts import NOTE, cases, of_text


@pytest.mark.parametrize("case", cases("plain/reader"), ids=str)
def test_a_text_is_read_as_its_case_says(case):
    """See tests/data/plain/reader; each case states what it guarantees."""
    assert case.read() == case.expected


def test_a_missing_title_is_made_with_a_remark(tmp_path):
    """The first sentence serves, cut at a word; a file name that a person gave is better; an option is best."""
    made = of_text(tmp_path, NOTE, "000_1e467aae5acee47d.txt")
    named = of_text(tmp_path, NOTE, "le-phare-d-eckmuhl.txt")
    given = of_text(tmp_path, NOTE, title="Eckmühl")

    assert made.title == "Le phare d’Eckmühl, construit en 1897, domine la pointe de Penmarc’h"
    assert any("first sentence" in remark for remark in made.remarks)
    assert named.title == "Le phare d eckmuhl"
    assert any("file name" in remark for remark in named.remarks)
    assert given.title == "Eckmühl"
    assert len(given.blocks) == 3


def test_two_capitalised_words_are_a_title_unless_a_reference_follows(tmp_path):
    """`Ocean Tides` is no author."""
    article = of_text(tmp_path, "Ocean Tides\n\nThe sea rises twice a day, and nobody has to ask it.\n")

    assert (article.title, article.author) == ("Ocean Tides", "")


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("東京は日本の首都です。人口は約1,400万人です。", "東京は日本の首都です"),
        ("दिल्ली भारत की राजधानी है। यहाँ लोग रहते हैं।", "दिल्ली भारत की राजधानी है"),
        ("ما هي القاهرة؟ هي عاصمة مصر.", "ما هي القاهرة؟"),
    ],
)
def test_the_first_sentence_of_any_script_is_the_title(tmp_path, text, title):
    """Sentences that end without a space are known by their marks."""
    assert of_text(tmp_path, text).title == title


@pytest.mark.parametrize(
    ("line", "heading"),
    [
        ("CHAPTER I.", True),
        ("Chapitre 2 : Le vent", True),
        ("Part Two", True),
        ("Lettre première", True),
        ("Глава 3", True),
        ("Часть вторая", True),
        ("Rozdział II. Wiatr", True),
        ("Erstes Kapitel", True),
        ("2. fejezet", True),
        ("第一章　初雪", True),
        ("第12回 风雪", True),
        ("제3장 눈", True),
        ("الفصل الأول", True),
        ("פרק א׳", True),
        ("Часть людей ушла.", False),
        ("第一章是最好的。", False),
        ("الفصل الدراسي بدأ.", False),
        ("Book club tonight", False),
        ("Act now, or never.", False),
        ("Partie hier, elle revient.", False),
    ],
)
def test_what_begins_a_chapter_is_a_heading(tmp_path, line, heading):
    """A number, in figures or words, follows."""
    words = "The tide came in over the sand, and nobody on the pier had thought of the boat."
    blocks = of_text(tmp_path, f"{words}\n\n{line}\n\n{words}\n").blocks

    assert (blocks[1].kind == "heading") is heading
