# SPDX-License-Identifier: GPL-3.0-or-later
"""Texts with what is read from them: pairs of files in tests/data, so that a case can be added without Python.

tests/data/<folder>/name.txt is the text, name.yaml beside it what is expected:

    guarantees   the sentence that the case tests
    file         file name that the reader sees, if it matters; by default that of the text
    options      what the producer gives: title, language, encoding
    blocks       all blocks, each as `kind: text`; the number of an item and the level of a heading follow the kind,
                 as in `item 2: text`; `text: text` if the kind does not matter
    title, author, published, language, book    as in the article
    links        each as [URL, text]
    remarks      parts of remarks, in their order

What a .yaml does not name is not compared.
"""

from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from typing import Any

import yaml
from helpers import DATA

from podcast.model import Article, Block
from podcast.read import articles, open_source
from podcast.read.source import Source

ABOUT = ("guarantees", "file", "options")

NOTE = (DATA / "plain" / "reader" / "note-with-byline-and-link.txt").read_text(encoding="utf-8")


def read(path: Path, **options: str) -> Article:
    """Return the one article of a file."""
    (article,) = articles(open_source(str(path), **options))
    return article


def of_text(tmp_path: Path, text: str, name: str = "note.txt", **options: str) -> Article:
    """Return the article of a text."""
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return read(path, **options)


@dataclass(frozen=True)
class Case:
    """A text and what its .yaml says."""

    path: Path
    about: dict[str, Any]
    expected: dict[str, Any]

    def __str__(self) -> str:
        """Name the case in the list of tests."""
        return self.path.stem

    def read(self) -> dict[str, Any]:
        """Return the values of the article that the case names."""
        path = Path(self.about.get("file", self.path.name))
        (article,) = articles(Source(str(path), path, self.path.read_bytes(), **self.about.get("options", {})))
        assert isinstance(article, Article)
        return {key: value(article, key, self.expected[key]) for key in self.expected}


def value(article: Article, key: str, expected: Any) -> Any:
    """Return a value of an article as a .yaml writes it."""
    if key == "blocks":
        kinds = [next(iter(block)) for block in expected]
        pairs = zip_longest(article.blocks, kinds[: len(article.blocks)])
        return [{kind if kind == "text" else shown(block): block.text} for block, kind in pairs]
    if key == "links":
        return [[link.url, link.text] for link in article.links]
    if key == "published":
        return article.published and article.published.isoformat()
    if key == "remarks":
        return [part for remark in article.remarks for part in expected if part in remark]
    return getattr(article, key)


def shown(block: Block) -> str:
    """Return the kind of a block with its level, if it has one."""
    return f"{block.kind} {block.level}" if block.level else block.kind


def cases(folder: str) -> list[Case]:
    """Return the cases of a folder of tests/data, by name."""
    found = []
    for about in sorted((DATA / folder).glob("*.yaml")):
        (path,) = (one for one in about.parent.glob(f"{about.stem}.*") if one != about)
        said = yaml.safe_load(about.read_text(encoding="utf-8"))
        assert said.get("guarantees"), f"{about}: the sentence that the case tests is missing"
        found.append(Case(path, {key: said.pop(key) for key in ABOUT if key in said}, said))
    assert found, folder
    return found
