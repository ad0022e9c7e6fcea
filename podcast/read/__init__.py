# SPDX-License-Identifier: GPL-3.0-or-later
"""Source -> Article.

`open_source` fetches the bytes of a file or of standard input, `articles` finds the reader that knows them.
A reader is a function `read(source: Source) -> Sequence[Article]`, found by the entry point group
`podcast.readers`; its module says which file names and which contents it `accepts(source)`.
What every reader needs (decoding, white space, boilerplate, titles, languages) is in `common`.
"""

from collections.abc import Sequence
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

from podcast.errors import ReadError
from podcast.model import Article
from podcast.read.common import Source

MAX_BYTES = 64 * 1024 * 1024
"""A larger text is a mistake: an hour of speech is 60 kB."""


def open_source(name: str, *, stdin: bytes | None = None, **options: str) -> Source:
    """Return the bytes of the source called `name`: a file, or `-` for what came on standard input.

    Raises ReadError if there is no such file, or if it is empty, too large or not text.
    """
    if name == "-":
        data, path = stdin or b"", None
    else:
        path = Path(name)
        try:
            if path.is_file() and path.stat().st_size > MAX_BYTES:
                raise ReadError(f"{name}: larger than {MAX_BYTES >> 20} MiB", hint="is it the right file? Split it")
            data = path.read_bytes()
        except FileNotFoundError:
            raise ReadError(
                f"{name}: no such file", hint="give a text, Markdown or HTML file, or - for standard input"
            ) from None
        except IsADirectoryError:
            raise ReadError(f"{name}: is a folder", hint="name the files in it") from None
        except OSError as error:
            raise ReadError(f"{name}: {error.strerror}", hint="check the file and its rights") from error
    source = Source(name="standard input" if path is None else name, path=path, data=data, **options)
    if not data.strip(b" \t\r\n\f\v\x00\xef\xbb\xbf"):
        raise ReadError(f"{source.name}: is empty", hint="there is nothing to read aloud in it")
    return source


def articles(source: Source) -> Sequence[Article]:
    """Return what the source holds, by the first reader that accepts it.

    Raises ReadError if no reader does, or if there is nothing to read aloud.
    """
    readers = [(entry.name, entry.load()) for entry in sorted(entry_points(group="podcast.readers"), key=_order)]
    for _name, read in readers:
        accepts: Any = getattr(read, "accepts", None) or _module_of(read).accepts
        if accepts(source):
            found: Sequence[Article] = read(source)
            return found
    names = ", ".join(name for name, _ in readers)
    raise ReadError(f"{source.name}: no reader for this kind of file", hint=f"there are readers for: {names}")


def _order(entry: Any) -> tuple[bool, str]:
    """Plain text accepts almost anything, so it is asked last."""
    return entry.name == "text", entry.name


def _module_of(function: Any) -> Any:
    import sys

    return sys.modules[function.__module__]
