# SPDX-License-Identifier: GPL-3.0-or-later
"""The contract of every reader, built in or of another package: it is found by what it declares."""

import io
import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import docx
import pytest
from epubs import epub, page
from fakes.website import Page, Website
from helpers import SHOW_TOML
from pdf_maker import Sheet

from podcast.errors import ReadError
from podcast.model import Article
from podcast.produce.watch import Watch, one_round
from podcast.read import articles, is_readable, names, open_source, registry
from podcast.read.fetch import Web
from podcast.read.source import Source
from podcast.workspace import Workspace

TITLE = "Le phare"
TEXT = "La mer est calme ce matin, et le vent pousse les vagues vers la côte où les marins attendent la nuit."


def _docx() -> bytes:
    document, file = docx.Document(), io.BytesIO()
    document.add_heading(TITLE, 0)
    document.add_paragraph(TEXT)
    document.save(file)
    return file.getvalue()


def _pdf() -> bytes:
    sheet = Sheet(title=TITLE)
    for _ in range(4):
        sheet.paragraph(TEXT)
    sheet.canvas.save()
    return sheet.file.getvalue()


def _html() -> bytes:
    words = f"<p>{TEXT}</p>" * 4
    return f"<!doctype html><html lang=fr><title>{TITLE}</title><article><h1>{TITLE}</h1>{words}".encode()


def _feed() -> bytes:
    entry = (
        f"<item><title>{TITLE}</title><guid>1</guid><description>&lt;p&gt;{TEXT * 20}&lt;/p&gt;</description></item>"
    )
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>F</title>{entry}</channel></rss>'.encode()


def _notebook() -> bytes:
    cells = [{"cell_type": "code", "source": ["1 / 0"]}, {"cell_type": "markdown", "source": [f"# {TITLE}\n", TEXT]}]
    return json.dumps({"cells": cells}, indent=1, ensure_ascii=False).encode()


MAKE: dict[str, Callable[[], bytes]] = {
    "docx": _docx,
    "epub": lambda: epub({"a.xhtml": page(f"<h1>{TITLE}</h1><p>{TEXT * 20}</p>")}, title=TITLE),
    "feed": _feed,
    "html": _html,
    "markdown": f"# {TITLE}\n\n{TEXT}\n".encode,
    "notebook": _notebook,
    "pdf": _pdf,
    "text": f"{TITLE}\n\n{TEXT}\n".encode,
}
"""Entry point -> a source that it reads."""


@pytest.fixture(scope="module", params=sorted(MAKE))
def subject(request: pytest.FixtureRequest, strangers: Path) -> registry.Registered:
    """Give each reader, as it is registered."""
    return next(one for one in registry.readers() if one.plugin.name == request.param)


@pytest.fixture(scope="module")
def data(subject: Any) -> bytes:
    """Give a source for it."""
    return MAKE[subject.plugin.name]()


@pytest.fixture
def file(subject, data, tmp_path) -> Path:
    """Give the source as the only readable file of a folder, under the first name that the reader declares."""
    folder = tmp_path / "inbox"
    folder.mkdir()
    (folder / "notes.unknown").write_bytes(data)
    path = folder / f"article{subject.reader.suffixes[0].upper()}"
    path.write_bytes(data)
    return path


def check(found) -> None:
    """Check that an article came of it."""
    assert len(found) == 1
    (article,) = found
    assert isinstance(article, Article)
    assert (article.language, bool(article.title)) == ("fr", True)
    assert any("La mer est calme" in block.text for block in article.blocks)


def test_all_that_are_registered_are_tested(strangers):
    """A reader without a source here would go untested."""
    assert [one.plugin.name for one in registry.readers()] == [*sorted(MAKE.keys() - {"text"}), "text"]


def test_it_declares_what_it_reads(subject):
    """Names of files, media types, and what people call it."""
    reader = subject.reader

    assert reader.suffixes
    assert reader.media_types
    assert all(is_readable(Path(f"a{suffix}")) for suffix in reader.suffixes)
    assert all(
        registry.is_media_type(kind.replace("+", "application/x+", 1) if kind[0] == "+" else kind)
        for kind in reader.media_types
    )
    assert (reader.label or subject.plugin.name) in registry.what_to_give()


def test_a_file_of_a_folder_is_read(file):
    """Its name is enough, in any case; other files of the folder are passed over."""
    assert names(str(file.parent)) == [str(file)]

    check(articles(open_source(str(file))))


def test_what_a_server_sends_is_read(subject, data):
    """Under the first media type that the reader declares."""
    kind = subject.reader.media_types[0]
    with Website() as site:
        site.pages["/article"] = Page(data, kind)
        source = open_source(site.url("/article"), web=Web(private=True))

    assert source.kind == kind
    check(articles(source))


def test_standard_input_is_read(data):
    """Neither name nor media type is known: its first bytes tell."""
    check(articles(open_source("-", stdin=data)))


def test_magic_bytes_count_more_than_a_name(subject, data):
    """A file that was renamed is read all the same."""
    wrong = Path("article.docx" if subject.plugin.name != "docx" else "article.epub")
    if subject.reader.magic:
        check(articles(Source(wrong.name, wrong, data)))
    else:
        assert subject.reader.accepts is not None  # it has its own way to know a file without a name


def test_what_appears_in_a_watched_folder_becomes_a_script(file, tmp_path):
    """`podcast watch` takes what `podcast make FOLDER` takes."""
    place = Workspace(tmp_path / "show")
    place.root.mkdir()
    place.show.write_text(f'{SHOW_TOML}\n[music]\nintro = ""\noutro = ""\n', encoding="utf-8")

    state = one_round(place, Watch([str(file.parent)]))

    assert (state.ok, len(list(place.script_files()))) == (True, 1)


def test_nothing_random_or_damaged_does_more_than_be_refused(subject, data):
    """In words of its own: a failure of the reader would have a traceback."""
    chance = random.Random(1)  # noqa: S311 - repeatable on purpose
    damaged = [data[: len(data) // 2], data[:40] + chance.randbytes(200), chance.randbytes(500), b"", b"{}", b"\0" * 9]
    name = f"article{subject.reader.suffixes[0]}"
    refused = []
    for bad in damaged:
        try:
            subject.reader.read(Source(name, Path(name), bad))
        except ReadError as error:
            refused.append(error)

    assert refused
    assert [error.message for error in refused if not error.message.startswith(name) or not error.hint] == []
