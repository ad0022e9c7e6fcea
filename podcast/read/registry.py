# SPDX-License-Identifier: GPL-3.0-or-later
"""The registry of readers, with the file name extensions, media types and magic bytes that they declare.

    Reader(read, label="notebook", suffixes=(".ipynb",), media_types=("application/x-ipynb+json",))

Readers are entry points of the group `podcast.readers`, both the built-in ones (`formats`) and those of plug-ins. No
other module lists formats. Looking a reader up is cheap: it imports its libraries when it reads.
"""

import re
import sys
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from podcast.errors import ReadError
from podcast.model import Article
from podcast.packages.imports import needed
from podcast.packages.plugins import Plugin, either, guarded, registered
from podcast.read.source import Source

SUFFIX = re.compile(r"\.\S+")
MEDIA_TYPE = re.compile(r"[^\s/+]+/\S+|\+[^\s/+]+")


@dataclass(frozen=True, kw_only=True)
class Reader:
    """A reader, as declared by an entry point of `podcast.readers`: a function, and the formats that it reads."""

    read: Callable[[Source], Sequence[Article | ReadError]]
    """Returns the articles of a source, and an error for each part of it that cannot be read. Raises ReadError."""
    label: str = ""
    """Name of the format in messages, such as `Markdown`; the name of the entry point if it is empty."""
    suffixes: Collection[str] = ()
    """File name extensions, lower case, with the dot; such files are read, also from folders and by `podcast watch`."""
    media_types: Collection[str] = ()
    """Media types of the format. `+xml` stands for all types with this suffix (RFC 6839)."""
    magic: Collection[tuple[int, bytes]] = ()
    """(offset, magic bytes) of the format; they take precedence over names: `((0, b"%PDF-"),)`."""
    accepts: Callable[[Source], bool] | None = None
    """Returns True for a source of this reader, where extension, media type and magic bytes are not enough."""
    last: bool = False
    """Tried after all others, because it accepts almost anything."""
    conversions: Mapping[str, str] = field(default_factory=dict)
    """Extension of a format without a reader -> the program to open it in, and the format to save it in."""

    def __post_init__(self) -> None:
        """Raise TypeError for a field of the wrong type, such as suffixes=(".ipynb")."""
        for name, each in (("suffixes", self.suffixes), ("media_types", self.media_types)):
            pattern = SUFFIX if name == "suffixes" else MEDIA_TYPE
            if isinstance(each, str) or not all(isinstance(one, str) and pattern.fullmatch(one) for one in each):
                raise TypeError(f"{name} must be a tuple such as {EXAMPLES[name]}, not {each!r}")
        if not all(_is_magic(one) for one in self.magic):
            raise TypeError(f"magic must be a tuple such as {EXAMPLES['magic']}, not {self.magic!r}")
        if not callable(self.read):
            raise TypeError(f"read must be a function, not {self.read!r}")

    def begins(self, data: bytes) -> bool:
        """Return True if the data contain the magic bytes of the format."""
        return any(data.startswith(mark, at) for at, mark in self.magic)

    def names(self, media_type: str) -> bool:
        """Return True if this is a media type of the format."""
        return any(media_type == one or (one.startswith("+") and media_type.endswith(one)) for one in self.media_types)

    def takes(self, source: Source) -> bool:
        """Return True if this reader can read a source."""
        if self.accepts is not None:
            return self.accepts(source)
        return self.begins(source.data) or source.suffix in self.suffixes or self.names(source.kind)


EXAMPLES = {
    "suffixes": '(".ipynb",)',
    "media_types": '("application/x-ipynb+json",)',
    "magic": '((0, b"%PDF-"),)',
}
"""Field -> a valid value, for messages."""


def _is_magic(value: object) -> bool:
    match value:
        case (int(), bytes()):
            return True
        case _:
            return False


# --- registered readers -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Registered:
    """A reader and the plug-in that provides it, or the error if it cannot be loaded."""

    plugin: Plugin
    reader: Reader | None
    error: ReadError | None = None

    @property
    def last(self) -> bool:
        """True if it is tried after all others."""
        return self.reader is not None and self.reader.last


def readers() -> Sequence[Registered]:
    """Return all readers by name, those with `last` at the end.

    A reader that cannot be loaded is included, with its error, so that the others can still be used.
    """
    return _readers(tuple(sys.path))


@cache
def _readers(_path: tuple[str, ...]) -> Sequence[Registered]:
    """Load the readers once for each `sys.path`."""
    found = [_loaded(plugin) for plugin in registered("podcast.readers", "reader", ReadError).values()]
    return tuple(sorted(found, key=lambda one: (one.last, one.plugin.name)))


def _loaded(plugin: Plugin) -> Registered:
    try:
        with guarded(plugin):
            return Registered(plugin, _as_reader(plugin.load()))
    except ReadError as error:
        return Registered(plugin, None, error)


def _as_reader(found: Any) -> Reader:
    """Return the Reader of an entry point: itself, or one made from a function and `accepts` of its module.

    The latter declares no extensions, so it reads only files that are given by name.
    """
    if isinstance(found, Reader):
        return found
    return Reader(read=found, accepts=getattr(found, "accepts", None) or sys.modules[found.__module__].accepts)


def _declared() -> Iterator[Reader]:
    return (one.reader for one in readers() if one.reader)


def suffixes() -> Sequence[str]:
    """Return the extensions of all files that can be read, sorted."""
    return sorted({suffix for reader in _declared() for suffix in reader.suffixes})


def is_media_type(kind: str) -> bool:
    """Return True if there is a reader for a media type."""
    return any(reader.names(kind) for reader in _declared())


def what_to_give() -> str:
    """Return the hint for an invalid source: `give a DOCX, EPUB or text file, a folder of such files, …`."""
    return f"give a {either(_labels())} file, a folder of such files, a URL, or - for standard input"


def what_to_do(suffix: str) -> str:
    """Return the hint for a file without a reader: the program to open it in, if a reader declares one."""
    for reader in _declared():
        if suffix in reader.conversions:
            return f"open it in {reader.conversions[suffix]}"
    return f"save it in a supported format: {', '.join(_labels())}"


def _labels() -> Sequence[str]:
    return [one.reader.label or one.plugin.name for one in readers() if one.reader]


# --- reading ----------------------------------------------------------------------------------------------------


def read(source: Source) -> Sequence[Article | ReadError]:
    """Return the articles of a source, read by the first reader that accepts it; magic bytes take precedence.

    Raises ReadError if no reader accepts it: the error of the first reader that failed in `accepts`, if any did.
    """
    failures: list[ReadError] = []
    for one in sorted(readers(), key=lambda one: not (one.reader and one.reader.begins(source.data))):
        try:
            taken = _takes(one, source)
        except ReadError as error:
            failures.append(error)
            continue
        if taken:
            return _articles(one, source)
    if failures:
        raise failures[0]
    raise ReadError("files of this kind cannot be read", file=source.name, hint=what_to_do(source.suffix))


@contextmanager
def _guarded_reader(one: Registered, source: Source) -> Iterator[Reader]:
    """Yield a reader; any exception that it raises becomes a ReadError with the name of the source.

    Raises the error of a reader that could not be loaded.
    """
    if one.reader is None:
        raise one.error or AssertionError
    try:
        with needed(f"{source.name}: the {one.plugin.name} reader", ReadError), guarded(one.plugin):
            yield one.reader
    except ReadError as error:
        if error.traceback:
            error.locate(source.name)
        raise


def _takes(one: Registered, source: Source) -> bool:
    with _guarded_reader(one, source) as reader:
        return bool(reader.takes(source))


def _articles(one: Registered, source: Source) -> Sequence[Article | ReadError]:
    """Return the result of a reader; raises ReadError if it contains anything but Articles and ReadErrors."""
    with _guarded_reader(one, source) as reader:
        found = tuple(reader.read(source))
        for each in found:
            if not isinstance(each, Article | ReadError):
                raise TypeError(f"read() returned {each!r:.60}, not an Article")
        return found
