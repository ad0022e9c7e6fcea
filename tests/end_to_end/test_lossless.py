# SPDX-License-Identifier: GPL-3.0-or-later
"""Any article in, exactly its words out: every text in every layout, no word lost, no word of boilerplate added."""

import datetime as dt
import re
import time
from pathlib import Path

import pytest
from helpers import TESTS
from layouts import FURNITURE, LAYOUTS, Text, load

from podcast.config.settings import Show
from podcast.model import Article
from podcast.read import articles
from podcast.read.source import Source
from podcast.script import draft, render, shown

ARTICLES = TESTS / "data" / "articles"
TEXTS = [load(path) for path in sorted(ARTICLES.glob("*.md"))]
SHOW = Show("Le Phare", "fr", "https://phare.example/", "917393e3-1b1e-5cef-ace4-edaa54e1f810", opening="", closing="")
DATE = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)


def read(text: Text, layout: str) -> Article:
    """Return the article that is read from a layout of a text."""
    suffix, make = LAYOUTS[layout]
    name = f"{text.name}{suffix}"
    (article,) = articles(Source(name, Path(name), make(text)))
    assert isinstance(article, Article)
    return article


def words(article: Article) -> list[str]:
    """Return the words of the article's script; the sentences that name tables and pictures are not its own."""
    script = draft(article, SHOW, slug="x", date=DATE)
    named = ("L’article présente ici", "The article shows", "Une image", "A picture")
    said = [shown(segment.text) for segment in script.segments]
    return re.findall(r"[^\W_]+", "\n".join(line for line in said if not line.startswith(named)))


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("text", TEXTS, ids=lambda text: text.name)
def test_the_words_of_an_article_are_the_words_of_its_script(text, layout):
    """In their order, none missing, none more; title and language are known."""
    article = read(text, layout)

    assert words(article) == text.words
    assert article.title == text.title
    assert article.language.split("-")[0] == text.language


@pytest.mark.parametrize("layout", [name for name in LAYOUTS if name not in {"plain", "book", "tables", "wiki"}])
@pytest.mark.parametrize("text", TEXTS, ids=lambda text: text.name)
def test_author_and_date_are_known(text, layout):
    """Author and date are found wherever the layout has them."""
    article = read(text, layout)

    assert article.author == text.author
    assert article.published is not None
    assert article.published.date().isoformat() == text.date


def test_there_are_many_layouts():
    """Texts times layouts; and the furniture is really there."""
    assert len(TEXTS) * len(LAYOUTS) >= 30
    french = next(text for text in TEXTS if text.language == "fr")
    whole = b"".join(make(french) for _, make in LAYOUTS.values()).decode(errors="replace")
    assert sum(phrase in whole for phrase in FURNITURE["fr"]) >= 18


TIDE = "La marée monte deux fois par jour, et M. Kerguen le sait. Il note 3,5 m à 14h30… « Rien ne presse », dit-il. "


@pytest.mark.parametrize("suffix", [".txt", ".md", ".html"])
def test_a_megabyte_becomes_a_script_in_seconds(suffix):
    """The time of the processor, not of the clock."""
    paragraph = TIDE * 4
    count = 1_000_000 // len(paragraph.encode())
    body = f"<p>{paragraph}</p>" * count if suffix == ".html" else f"{paragraph}\n\n" * count
    data = f"<html lang=fr><body><article>{body}</article></body></html>" if suffix == ".html" else body
    start = time.process_time()
    (article,) = articles(Source(f"a{suffix}", Path(f"a{suffix}"), data.encode()))
    assert isinstance(article, Article)
    render(draft(article, SHOW, slug="x", date=DATE))

    assert time.process_time() - start < 10  # it takes one; a busy machine is no reason to fail


def test_a_line_of_ten_megabytes_does_no_harm():
    """A text without a line break is one block."""
    long = TIDE * (10_000_000 // len(TIDE.encode()))
    (article,) = articles(Source("b.txt", Path("b.txt"), long.encode()))
    assert isinstance(article, Article)
    assert len(article.blocks[0].text) > 9_000_000
