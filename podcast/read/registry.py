# SPDX-License-Identifier: GPL-3.0-or-later
"""The registered readers, and what they declare: names of files, media types, first bytes.

    Reader(read, label="notebook", suffixes=(".ipynb",), media_types=("application/x-ipynb+json",))

Readers are found by the entry point group `podcast.readers`; ours (`formats`) go through the same door as a stranger's.
Nothing else in the program knows what can be read. To ask is cheap: the libraries that read are loaded by `read`.
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
    """What an entry point of `podcast.readers` names: a function that reads, and what it reads."""

    read: Callable[[Source], Sequence[Article | ReadError]]
    """Returns the articles of a source, and an error for each part of it that cannot be read. Raises ReadError."""
    label: str = ""
    """What people call the format, such as `Markdown`; the name of the entry point if it is empty."""
    suffixes: Collection[str] = ()
    """Ends of file names, lower case, with the dot: such files are read, taken from folders and watched."""
    media_types: Collection[str] = ()
    """What a web server may call it. `+xml` stands for all types that end so (RFC 6839)."""
    magic: Collection[tuple[int, bytes]] = ()
    """Bytes that tell the format, and where they begin: they count more than a name. `((0, b"%PDF-"),)`."""
    accepts: Callable[[Source], bool] | None = None
    """Says whether a source is for this reader, where name, media type and magic bytes are not enough to tell."""
    last: bool = False
    """Whether it is asked after all others, because it takes almost anything."""
    conversions: Mapping[str, str] = field(default_factory=dict)
    """Suffix of a format that nobody reads -> where to open such a file, and how to save it for this reader."""

    def __post_init__(self) -> None:
        """Raise TypeError for what is not of its type: a slip such as suffixes=(".ipynb")."""
        for name, each in (("suffixes", self.suffixes), ("media_types", self.media_types)):
            pattern = SUFFIX if name == "suffixes" else MEDIA_TYPE
            if isinstance(each, str) or not all(isinstance(one, str) and pattern.fullmatch(one) for one in each):
                raise TypeError(f"{name} must be a tuple such as {EXAMPLES[name]}, not {each!r}")
        if not all(_is_magic(one) for one in self.magic):
            raise TypeError(f"magic must be a tuple such as {EXAMPLES['magic']}, not {self.magic!r}")
        if not callable(self.read):
            raise TypeError(f"read must be a function, not {self.read!r}")

    def begins(self, data: bytes) -> bool:
        """Return True if the data have the magic bytes of the format."""
        return any(data.startswith(mark, at) for at, mark in self.magic)

    def names(self, media_type: str) -> bool:
        """Return True if a web server may call the format so."""
        return any(media_type == one or (one.startswith("+") and media_type.endswith(one)) for one in self.media_types)

    def takes(self, source: Source) -> bool:
        """Return True if a source is for this reader."""
        if self.accepts is not None:
            return self.accepts(source)
        return self.begins(source.data) or source.suffix in self.suffixes or self.names(source.kind)


EXAMPLES = {
    "suffixes": '(".ipynb",)',
    "media_types": '("application/x-ipynb+json",)',
    "magic": '((0, b"%PDF-"),)',
}
"""What to write, for messages."""


def _is_magic(value: object) -> bool:
    match value:
        case (int(), bytes()):
            return True
        case _:
            return False


# --- what is registered -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Registered:
    """A reader, and who brought it; or why it cannot be loaded."""

    plugin: Plugin
    reader: Reader | None
    error: ReadError | None = None

    @property
    def last(self) -> bool:
        """Whether it is asked after all others."""
        return self.reader is not None and self.reader.last


def readers() -> Sequence[Registered]:
    """Return all readers in the order of their names, those that are asked `last` at the end.

    One that cannot be loaded is among them, with its error: the others go on reading.
    """
    return _readers(tuple(sys.path))


@cache
def _readers(_path: tuple[str, ...]) -> Sequence[Registered]:
    """Look once for each path on which packages are found."""
    found = [_loaded(plugin) for plugin in registered("podcast.readers", "reader", ReadError).values()]
    return tuple(sorted(found, key=lambda one: (one.last, one.plugin.name)))


def _loaded(plugin: Plugin) -> Registered:
    try:
        with guarded(plugin):
            return Registered(plugin, _as_reader(plugin.load()))
    except ReadError as error:
        return Registered(plugin, None, error)


def _as_reader(found: Any) -> Reader:
    """Return a reader as it is, or the one of a function `read` in a module that has `accepts(source)`.

    Such a reader declares nothing: it reads files that are named one by one.
    """
    if isinstance(found, Reader):
        return found
    return Reader(read=found, accepts=getattr(found, "accepts", None) or sys.modules[found.__module__].accepts)


def _declared() -> Iterator[Reader]:
    return (one.reader for one in readers() if one.reader)


def suffixes() -> Sequence[str]:
    """Return the ends of the names of all files that can be read, in order."""
    return sorted({suffix for reader in _declared() for suffix in reader.suffixes})


def is_media_type(kind: str) -> bool:
    """Return True if there is a reader for what a web server calls so."""
    return any(reader.names(kind) for reader in _declared())


def what_to_give() -> str:
    """Return the hint for what is no source: `give a DOCX, EPUB or text file, a folder of such files, …`."""
    return f"give a {either(_labels())} file, a folder of such files, a URL, or - for standard input"


def what_to_do(suffix: str) -> str:
    """Return the hint for a file that no reader takes: what to open it in, if a reader knows that."""
    for reader in _declared():
        if suffix in reader.conversions:
            return f"open it in {reader.conversions[suffix]}"
    return f"save it in a supported format: {', '.join(_labels())}"


def _labels() -> Sequence[str]:
    return [one.reader.label or one.plugin.name for one in readers() if one.reader]


# --- reading ----------------------------------------------------------------------------------------------------


def read(source: Source) -> Sequence[Article | ReadError]:
    """Return what a source holds, by the first reader that takes it; one whose magic bytes it has goes first.

    Raises ReadError if no reader takes it. A reader that fails while it is asked is passed over, and is to blame if no
    other one takes the source.
    """
    blamed: list[ReadError] = []
    for one in sorted(readers(), key=lambda one: not (one.reader and one.reader.begins(source.data))):
        try:
            taken = _takes(one, source)
        except ReadError as error:
            blamed.append(error)
            continue
        if taken:
            return _articles(one, source)
    if blamed:
        raise blamed[0]
    raise ReadError("files of this kind cannot be read", file=source.name, hint=what_to_do(source.suffix))


@contextmanager
def _at_work(one: Registered, source: Source) -> Iterator[Reader]:
    """Give a reader; whatever it raises inside becomes a ReadError that names the source.

    Raises the error of one that cannot be loaded.
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
    with _at_work(one, source) as reader:
        return bool(reader.takes(source))


def _articles(one: Registered, source: Source) -> Sequence[Article | ReadError]:
    """Return what a reader gives, all of it Articles and ReadErrors."""
    with _at_work(one, source) as reader:
        found = tuple(reader.read(source))
        for each in found:
            if not isinstance(each, Article | ReadError):
                raise TypeError(f"read() returned {each!r:.60}, not an Article")
        return found
