# SPDX-License-Identifier: GPL-3.0-or-later
"""The input of a reader: bytes with their origin and the options given by the user."""

import codecs
from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from podcast.errors import ReadError

BINARY = {
    b"PK\x03\x04": "a ZIP archive (an EPUB or an office document?)",
    b"\x89PNG": "a PNG image",
    b"\xff\xd8\xff": "a JPEG image",
    b"GIF8": "a GIF image",
    b"ID3": "an MP3 file",
    b"\x7fELF": "a program",
    b"\x1f\x8b": "a gzip archive",
    b"fLaC": "a FLAC audio file",
    b"RIFF": "an audio, video or image file (RIFF)",
    b"{\\rtf": "an RTF document",
}
"""Magic bytes of formats without a reader -> their name, for error messages."""

OLE = b"\xd0\xcf\x11\xe0"
"""Magic bytes of an OLE file: .doc, or a .docx with a password. The DOCX reader reports how to convert them."""


@dataclass(frozen=True)
class Source:
    """Bytes to read, with their origin and the options given by the user."""

    name: str
    """As shown in messages: a path, a URL, or `standard input`."""
    path: Path | None
    data: bytes
    url: str = ""
    """Of a page or file from the web: its URL after redirects."""
    kind: str = ""
    """Of a page or file from the web: its media type, such as `text/html`."""
    encoding: str = ""
    """Given by the user or the server; not needed for UTF-8 or text with a byte order mark."""
    language: str = ""
    """Given by the user, BCP 47."""
    title: str = ""
    """Given by the user."""
    whole: bool = False
    """Return a book as one article with chapters, rather than one article a chapter."""
    latest: int = 0
    """Of a feed: the number of newest entries to read; 0 for all."""
    known: Collection[str] = ()
    """Parts (see Article.part) that already have scripts; their pages are not fetched again."""
    fetch: "Callable[[str], Source] | None" = None
    """Fetches a page that the source refers to; raises ReadError."""

    @property
    def suffix(self) -> str:
        """The file name extension in lower case, with its dot; empty for standard input and URLs."""
        return self.path.suffix.lower() if self.path else ""

    @cached_property
    def head(self) -> str:
        """The first kilobyte as text, for detecting the format."""
        return self.data[:1024].decode("utf-8", "replace").lstrip("\ufeff \t\r\n")

    def text(self) -> str:
        """Decode the bytes; line ends become line feeds.

        Raises ReadError if they are binary or not valid in the encoding, with the line.
        """
        text = _decode(self)
        return text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\u2029", "\n\n")


def _decode(source: Source) -> str:
    data = source.data
    kind = next((kind for magic, kind in BINARY.items() if data.startswith(magic)), "")
    marks = (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    )
    encoding = next((encoding for mark, encoding in marks if data.startswith(mark)), "")
    if not encoding:
        encoding = source.encoding or "utf-8"
        if kind or (b"\0" in data and "16" not in encoding and "32" not in encoding):
            raise ReadError(
                f"is {kind or 'a binary file'}, not text",
                file=source.name,
                hint="give a text, Markdown or HTML file; save an office document as .docx first",
            )
    try:
        return data.decode(encoding)
    except LookupError:
        raise ReadError(
            f"unknown encoding {encoding!r}", file=source.name, hint="give a name such as: --encoding cp1252"
        ) from None
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise ReadError(
            f"not valid {encoding.upper()} (byte 0x{data[error.start]:02x})",
            file=source.name,
            line=line,
            hint="save the file as UTF-8, or give its encoding: --encoding cp1252 (older Windows files), latin-1, "
            "cp1251 (Russian), gb18030 (Chinese), shift_jis (Japanese) …",
        ) from error
