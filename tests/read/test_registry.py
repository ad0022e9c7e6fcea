# SPDX-License-Identifier: GPL-3.0-or-later
"""The reader of a source is found; what no reader takes is refused."""

import re
from pathlib import Path

import pytest
from helpers import DATA
from texts import NOTE, read

from podcast.errors import ReadError
from podcast.read import articles, open_source
from podcast.read.source import Source

ARTICLES = DATA / "articles"


def test_the_format_of_standard_input_is_recognised():
    """HTML, Markdown and text are recognised without a name."""
    page = (ARTICLES / "blog.html").read_bytes()
    note = (ARTICLES / "mer-salee.md").read_bytes()

    assert articles(open_source("-", stdin=page))[0].author == "Élise Marchand"
    assert articles(open_source("-", stdin=note))[0].author == "Camille Verdier"
    assert articles(open_source("-", stdin=NOTE.encode()))[0].author == "Camille Verdier"


BAD = [
    ("note.txt", b"", "is empty", "the text of the article"),
    ("note.txt", b" \n\t\n", "is empty", "the text of the article"),
    ("note.txt", b"\x89PNG\r\n\x1a\n\0\0\0", "PNG image", "text, Markdown or HTML"),
    ("note.txt", b"ab\0cd", "a binary file", "text, Markdown or HTML"),
    ("note.txt", "Une ligne\nété".encode("latin-1"), r"note\.txt:2: not valid UTF-8", "--encoding cp1252"),
    ("note.txt", b"https://a.example/x", "no text to narrate", "only links"),
    ("note.md", b"---\ntitle: [a\n---\n\nMots.\n", r"note\.md:\d: front matter", "quotation marks"),
    ("note.md", b"---\ndate: hier\n---\n\nMots.\n", "is not a valid date", "2026"),
    ("note.html", b"<html><body></body></html>", "no article", "."),
    ("note.xyz", b"abc", "files of this kind cannot be read", "text"),
]


@pytest.mark.parametrize(("name", "data", "message", "hint"), BAD)
def test_bad_input_is_refused_with_a_hint(tmp_path, name, data, message, hint):
    """Empty, binary, wrongly encoded and broken files each get their own error."""
    path = tmp_path / name
    path.write_bytes(data)

    with pytest.raises(ReadError, match=message) as caught:
        read(path)

    assert re.search(hint, caught.value.hint)


def test_a_package_missing_in_another_process_is_named(tmp_path, monkeypatch):
    """A PDF is read in another process; its missing package is named all the same."""
    (tmp_path / "pdfminer").mkdir()
    (tmp_path / "pdfminer" / "__init__.py").write_text("import not_there")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))

    with pytest.raises(ReadError) as caught:
        articles(Source("a.pdf", Path("a.pdf"), b"%PDF-1.7\n"))

    assert caught.value.message == (
        "a.pdf: the pdf reader needs the package not_there, which cannot be loaded: No module named 'not_there'"
    )
