# SPDX-License-Identifier: GPL-3.0-or-later
"""The table of sites and products: each row does something for its example."""

import re
from pathlib import Path

import pytest

from podcast.model import Article
from podcast.read import Source, articles
from podcast.read.sites import Product, products

PAGE = """<html lang=en><head><title>On Tides</title></head><body><article><h1>On Tides</h1>
<p>The tide at our harbour rises twice a day, and each time it takes the boats some four metres up with it.</p>
<p>Nobody who lives here looks at a clock to know when to leave: the smell of the mud is enough, they all say.</p>
{example}
<p>When the moon is full or new, the water climbs over the quay and into the cellars of the lower street.</p>
<p>Then the people carry their barrels up the stairs and wait for the morning, as their parents did before.</p>
</article></body></html>"""


def read(row: Product, example: str) -> Article:
    """Return the article of a page, or of a Markdown file, with an example in it."""
    if row.use == "badge":
        source = Source("a.md", Path("a.md"), f"# On Tides\n\nThe tide rises.\n\n{example}\n\nIt falls.\n".encode())
    else:
        source = Source("a.html", Path("a.html"), PAGE.format(example=example).encode())
    [article] = articles(source)
    assert isinstance(article, Article)
    return article


def outcome(row: Product, article: Article) -> object:
    """Return what a row changes: the author, the captions, or the text."""
    if row.use == "author-id":
        return article.author
    if row.use == "caption":
        return [block.text for block in article.blocks if block.kind == "image"]
    return any("that are no part" in block.text or "Build" in block.text for block in article.blocks)


EXPECTED: dict[str, object] = {"author-id": "Ann Field", "caption": ["The harbour at dawn."]}


@pytest.mark.parametrize("row", products(), ids=lambda row: f"{row.use}-{row.product}")
def test_a_row_is_needed_for_its_example(row):
    """With its name the example is understood, or not read; with another name, it is not."""
    other = re.sub(row.names, "other", row.example)

    assert outcome(row, read(row, row.example)) == EXPECTED.get(row.use, False)
    assert outcome(row, read(row, other)) != EXPECTED.get(row.use, False)
