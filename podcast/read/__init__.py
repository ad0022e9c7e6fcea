# SPDX-License-Identifier: GPL-3.0-or-later
"""Source -> Articles.

    names        a folder -> the files in it
    open_source  a file, a URL or standard input -> Source
    articles     Source -> Articles, by the first reader that accepts it

A `Reader` is an entry point of the group `podcast.readers` and declares the extensions, media types and magic bytes of
its format (`registry`; the built-in ones are in `formats`). Readers share `source` (bytes, decoding), `normalize`
(white space, titles, dates), `boilerplate`, `detect_language`, `article` (the last steps) and `dom` (HTML to blocks).
"""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from podcast.errors import ReadError, reason_of
from podcast.read import registry
from podcast.read.registry import Reader
from podcast.read.registry import read as articles
from podcast.read.source import Source

__all__ = ["Reader", "Source", "articles", "is_address", "is_readable", "names", "open_source"]

if TYPE_CHECKING:
    from podcast.read.fetch import Web

MAX_BYTES = 64 * 1024 * 1024
"""Limit of a file; an hour of speech is 60 kB of text."""

SITE = re.compile(r"(?i)www\.|[a-z0-9-]+(\.[a-z0-9-]+)*\.[a-z]{2,}/.")
"""The start of a URL without https://."""

RIGHTS_HINT = "check that the file exists and that you have permission to read it"


def is_address(name: str) -> bool:
    """Return True for a URL with a scheme, such as https://example.org."""
    return re.match(r"[A-Za-z][A-Za-z0-9+.-]+://", name) is not None  # C:// is a drive of Windows


def names(name: str) -> Sequence[str]:
    """Return the readable files of a folder, sorted by name; for anything else, the name itself.

    Raises ReadError for a folder without readable files.
    """
    folder = Path(name)
    if not name.strip():
        raise ReadError("the name of an article is empty", hint="check for an empty variable in your shell script")
    if name == "-" or is_address(name) or not folder.is_dir():
        return (name,)
    inside = folder.resolve()  # symbolic links out of the folder are skipped
    files = (
        path
        for path in folder.iterdir()
        if path.is_file() and not path.name.startswith(".") and path.resolve().is_relative_to(inside)
    )
    in_order = sorted(files, key=lambda path: path.name)  # numbers of episodes must not depend on the system
    found = [str(path) for path in in_order if is_readable(path)]
    if not found:
        endings = ", ".join(registry.suffixes())
        raise ReadError("no article in this folder", file=name, hint=f"a file that can be read ends in {endings}")
    return found


def open_source(name: str, *, stdin: bytes | None = None, web: "Web | None" = None, **options: Any) -> Source | None:
    """Return the source called `name`, or None for a web page that has not changed since `web` last fetched it.

    Raises ReadError if it does not exist, is empty or is too large.
    """
    if is_address(name):
        source = _from_web(name, web, options)
        if source is None:
            return None
    elif name == "-":
        source = Source("standard input", None, stdin or b"", **options)
    else:
        source = Source(name, Path(name), _bytes(name), **options)
    if not source.data.strip(b" \t\r\n\f\v\x00\xef\xbb\xbf"):
        raise ReadError("is empty", file=source.name, hint="check that it contains the text of the article")
    return source


def _from_web(name: str, web: "Web | None", options: dict[str, Any]) -> Source | None:
    from dataclasses import replace

    from podcast.read.fetch import Web

    web = web or Web()
    source = web.changed(name)
    given = {key: value for key, value in options.items() if value}
    return None if source is None else replace(source, fetch=web.fetch, **given)


def _bytes(name: str) -> bytes:
    path = Path(name)
    try:
        if path.is_file() and path.stat().st_size > MAX_BYTES:
            raise ReadError(
                f"larger than {MAX_BYTES >> 20} MB", file=name, hint="check that it is the right file, or split it"
            )
        return path.read_bytes()
    except FileNotFoundError:
        hint = "to read a web page, start its URL with https://" if SITE.match(name) else registry.what_to_give()
        raise ReadError("file not found", file=name, hint=hint) from None
    except IsADirectoryError:
        raise ReadError("is a folder", file=name, hint="give the files in it") from None
    except OSError as error:
        raise ReadError(reason_of(error), file=name, hint=RIGHTS_HINT) from error
    except ValueError as error:  # a null character in the name
        raise ReadError(str(error), file=name, hint=RIGHTS_HINT) from error


def is_readable(path: Path) -> bool:
    """Return True for a file with the extension of a reader; such files are read from folders and watched."""
    return path.suffix.lower() in registry.suffixes()
