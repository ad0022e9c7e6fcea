# SPDX-License-Identifier: GPL-3.0-or-later
"""Front matter is split from the body, and its YAML loaded as text with the lines of its keys."""

import pytest

from podcast import front_matter
from podcast.front_matter import ARTICLE, FrontMatterError, Loaded, Parts, load, split


def test_a_script_begins_with_yaml_between_lines_of_three_hyphens():
    """Front matter may be empty; the body knows its first line, also where the file ends without a line break."""
    assert split("---\ntitle: A\n---\n\nText\n") == Parts("title: A\n", "\nText\n", 4)
    assert split("---\n---\nText") == Parts("", "Text", 3)
    assert split("---\ntitle: A\n---") == Parts("title: A\n", "", 3)
    assert split("Text\n---\n---\n") is None


def test_an_article_may_also_have_toml_or_end_its_yaml_with_dots():
    """As Hugo and Pandoc write it."""
    assert split("+++\ntitle = 'A'\n+++\nText", ARTICLE) == Parts("title = 'A'", "Text", 4, is_toml=True)
    assert split("---\ntitle: A\n...\nText", ARTICLE) == Parts("title: A", "Text", 4)
    assert split("---\n---\nText", ARTICLE) is None


@pytest.mark.parametrize("fast", [False, True])
def test_values_stay_text_and_keys_have_their_lines(fast):
    """`no` is not a boolean; repeated keys are listed, for the caller to refuse."""
    assert load("no: 12:30\nlist: [1, yes]\nno: x", fast=fast) == Loaded(
        {"no": "x", "list": ["1", "yes"]}, [("no", 2), ("list", 3), ("no", 4)]
    )
    assert load("", fast=fast) == Loaded(None, [])
    assert load("- a", fast=fast) == Loaded(["a"], [])
    assert load("x: !!python/name:os.system ''", fast=fast).value == {"x": ""}


@pytest.mark.parametrize("fast", [False, True])
def test_an_error_has_problem_and_line(fast):
    """The line is that of the file, whose first line is `---`; a forbidden character has none."""
    with pytest.raises(FrontMatterError, match="mapping values are not allowed") as raised:
        load("a: b\nc: d: e", fast=fast)
    assert raised.value.line == 3
    with pytest.raises(FrontMatterError) as raised:
        load("a: \x01", fast=fast)
    assert raised.value.line is None


def test_the_fast_loader_is_optional(monkeypatch):
    """PyYAML may be built without libyaml."""
    monkeypatch.delattr("yaml.CBaseLoader")
    assert front_matter.load("a: 1", fast=True).value == {"a": "1"}
