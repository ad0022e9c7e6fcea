# SPDX-License-Identifier: GPL-3.0-or-later
"""Books of Project Gutenberg: header, licence and advertisements are not read."""

import pytest
from helpers import DATA
from texts import cases, of_text, read

ARTICLES = DATA / "articles"


@pytest.mark.parametrize("case", cases("plain/gutenberg"), ids=str)
def test_a_book_is_read_as_its_case_says(case):
    """See tests/data/plain/gutenberg; each case states what it guarantees."""
    assert case.read() == case.expected


def test_a_book_of_project_gutenberg_is_read_without_what_is_around_it():
    """Title and author come from the header, each chapter has one heading, and a remark names what is left out."""
    book = read(ARTICLES / "salt-road.txt")

    assert (book.title, book.author, book.language, book.book) == ("The Salt Road", "Mary Ann Holt", "en", True)
    assert [block.text for block in book.blocks if block.kind == "heading"] == [
        "CHAPTER I. THE MARSH",
        "CHAPTER II. THE CART",
    ]
    assert book.blocks[1].text.startswith("It was the year 1843, and my father—who had")
    assert "We shall see it," in book.blocks[1].text
    assert book.blocks[-1].text == "The cart broke."
    assert [block.kind for block in book.blocks].count("break") == 1
    assert [remark.partition(":")[0] for remark in book.remarks] == [
        "left out",
        "left out",
        "left out (before the first chapter)",
    ]


def test_advertisements_of_the_publisher_are_left_out(tmp_path):
    """They are left out where no chapter follows, with a remark."""
    book = (ARTICLES / "salt-road.txt").read_text(encoding="utf-8")
    mark = "*** END OF"
    lists = "\n\n_BY THE SAME AUTHOR_\n\nTHE MARSH. Crown 8vo, 6s.\n\nADVERTISEMENTS.\n\nEach volume 1s. net.\n\n"
    before = [block.text for block in of_text(tmp_path, book, "a.txt").blocks]
    article = of_text(tmp_path, book.replace(mark, lists + mark, 1), "b.txt")

    assert [block.text for block in article.blocks] == before
    assert "left out (after the text): “BY THE SAME AUTHOR” and everything below it" in article.remarks
