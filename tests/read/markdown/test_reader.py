# SPDX-License-Identifier: GPL-3.0-or-later
"""Markdown: blocks, front matter and links."""

import pytest
from helpers import DATA
from texts import cases, of_text, read

from podcast.model import Link

ARTICLES = DATA / "articles"


@pytest.mark.parametrize("case", cases("markdown/reader"), ids=str)
def test_markdown_is_read_as_its_case_says(case):
    """See tests/data/markdown/reader; each case states what it guarantees."""
    assert case.read() == case.expected


def test_markdown_gives_its_blocks_front_matter_and_links():
    """Headings, quotes and lists keep their kinds; addresses go to the links."""
    article = read(ARTICLES / "mer-salee.md")

    assert article.title == "Pourquoi la mer est-elle salée ?"
    assert article.author == "Camille Verdier"
    assert article.published.isoformat() == "2026-11-20T06:00:00+01:00"
    assert article.url == "https://phare.example/articles/mer-salee"
    assert article.links == (Link("https://phare.example/fiches/salinite", "la fiche sur la salinité"),)
    kinds = [block.kind for block in article.blocks]
    assert kinds == [
        "paragraph",
        "heading",
        "paragraph",
        "quote",
        "heading",
        "paragraph",
        *["item"] * 3,
        "heading",
        "paragraph",
    ]


def test_a_heading_over_nothing_is_no_part_of_the_article(tmp_path):
    """A heading whose list of links was left out is left out too, with a remark."""
    article = of_text(tmp_path, "# A\n\nSome words.\n\n## Related\n", "a.md")

    assert [block.kind for block in article.blocks] == ["paragraph"]
    assert any("Related" in remark for remark in article.remarks)


@pytest.mark.parametrize(
    ("front", "author", "day"),
    [
        ("---\ntitle: T\nauthor: {name: Anne, url: x}\ndate: March 5, 2024\n---\n", "Anne", "2024-03-05"),
        ("---\ntitle: T\nauthors: [{name: Anne}, Bob]\nlang: fr\ndate: 5 mars 2024\n---\n", "Anne, Bob", "2024-03-05"),
        ("---\ntitle: T\nauthor: [Anne, Bob]\ndate: '`r Sys.Date()`'\n---\n", "Anne, Bob", "None"),
        ("% T\n% Anne; Bob\n% 2024/03/05\n", "Anne, Bob", "2024-03-05"),
    ],
)
def test_front_matter_as_programs_write_it(tmp_path, front, author, day):
    """People with more than a name, days as people write them, what another program fills in, Pandoc's lines."""
    article = of_text(tmp_path, f"{front}\nDes mots.\n", "n.mdx")

    assert (article.title, article.author, str(article.published)[:10]) == ("T", author, day)
