# SPDX-License-Identifier: GPL-3.0-or-later
"""Bytes become text: encodings, and files that do not exist."""

import pytest
from texts import NOTE, read

from podcast.errors import ReadError
from podcast.read import open_source


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_encodings_are_found_by_mark_or_given(tmp_path, encoding):
    """A byte order mark is enough; an old encoding is named by the producer."""
    path = tmp_path / "note.txt"
    text = NOTE.rsplit("\n", 1)[0]
    path.write_bytes(text.encode(encoding))

    article = read(path, encoding="cp1252") if encoding == "cp1252" else read(path)

    assert article.blocks[0].text == text.split("\n")[2]


def test_a_missing_file_is_named():
    """A wrong path is the commonest mistake."""
    with pytest.raises(ReadError, match=r"absent\.txt: file not found"):
        open_source("absent.txt")
