# SPDX-License-Identifier: GPL-3.0-or-later
"""Lines that say who wrote a text and when: tests/data/bylines.tsv."""

import pytest
from helpers import TESTS

from podcast.read.byline import byline

ROWS = [
    line.split("\t")
    for line in (TESTS / "data" / "bylines.tsv").read_text(encoding="utf-8").splitlines()
    if not line.startswith("#")
]


@pytest.mark.parametrize(("line", "language", "author", "day"), ROWS, ids=[row[0] for row in ROWS])
def test_a_line_says_who_and_when_or_something_else(line, language, author, day):
    """The name as it is spelt, the day as people of that language write it."""
    said = byline(line.removeprefix("="), language, bare=line.startswith("="))
    found = (said.author, said.published.date().isoformat() if said.published else "") if said else ("", "")

    assert found == (author, day)
    assert (said is None) == (not author and not day)
