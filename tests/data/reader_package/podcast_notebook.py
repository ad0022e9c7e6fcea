# SPDX-License-Identifier: GPL-3.0-or-later
"""A reader of Jupyter notebooks: their text is read, their code is not."""

from collections.abc import Sequence
from dataclasses import replace

from podcast.errors import ReadError
from podcast.model import Article
from podcast.read import Reader, Source
from podcast.read.formats import MARKDOWN


def read(source: Source) -> Sequence[Article]:
    """Return the one article of a notebook: its Markdown cells."""
    import msgspec  # not above: asking what can be read stays quick

    class Cell(msgspec.Struct):
        cell_type: str
        source: str | list[str] = ""

    class Notebook(msgspec.Struct):
        cells: list[Cell]

    try:
        notebook = msgspec.json.decode(source.data, type=Notebook)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise ReadError(
            f"{source.name}: is not a notebook: {error}", hint="open it in Jupyter and save it as .ipynb again"
        ) from error
    text = "\n\n".join("".join(cell.source) for cell in notebook.cells if cell.cell_type == "markdown")
    return MARKDOWN.read(replace(source, data=text.encode()))  # finds title and language, and refuses an empty text


NOTEBOOK = Reader(
    read=read,
    label="notebook",
    suffixes=(".ipynb",),
    media_types=("application/x-ipynb+json",),
    magic=((0, b'{\n "cells"'), (0, b'{"cells"')),
)
