# SPDX-License-Identifier: GPL-3.0-or-later
"""A file of TOML that a person writes: what is wrong in it is said with the line where it stands."""

import re
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

from podcast.errors import ConfigError, PodcastError

MENDS = {
    "Cannot declare": "merge the two sections into one",
    "Cannot overwrite": "the key is set twice: remove one of the two lines",
    "Expected '='": 'write the line as key = "value"; put a key with spaces or special characters in quotes',
    "Illegal character '\\n'": 'close the text with a quotation mark: "…"',
    "Invalid hex value": r"write / instead of \, or put the text in single quotes: '…'",
    "Invalid value": 'put text in straight quotes: "…"; write true and false in lower case',
    "Unescaped '\\\\'": r"write / instead of \, or put the text in single quotes: '…'",
}
"""How a message of tomllib begins -> what to do."""

NAMED = re.compile(
    r"""(?xm) ^(\s*-\ )?
    (?: show\.toml:\ (?: (?:voices|sections)\.[^\n]*?:\ (?=engine\.) | (?=(?:show|voices|sections)\.) ) | (?=engine\.) )
    ( sections\.[^:\n]+ | [\w-]+ (?:\.[\w-]+)+ ) (?=\W)"""
)
"""A key at the beginning of a line of a message; a setting of an engine is named instead of the voice that needs it."""


class TomlFile:
    """The file as text, to find the line of a key and to raise errors there."""

    def __init__(self, path: Path, text: str) -> None:
        self.path = path
        self.text = text

    @classmethod
    def of(cls, path: Path) -> Self:
        """Return a file that was read before; if it is gone since, nothing of it has a line."""
        return cls(path, path.read_text(encoding="utf-8-sig") if path.is_file() else "")

    def wrong(self, key: str, message: str, hint: str = "") -> ConfigError:
        """Return the error for the dotted `key`."""
        return ConfigError.at(self.path, self._line(key), f"{key}: {message}", hint=hint)

    def tables(self) -> dict[str, Any]:
        """Return what the file holds.

        Raises ConfigError with the line that is no TOML.
        """
        try:
            return tomllib.loads(self.text)
        except tomllib.TOMLDecodeError as error:
            message, _, where = str(error).partition(" (at ")
            mend = next((mend for begins, mend in MENDS.items() if message.startswith(begins)), "correct that line")
            if message.startswith("Cannot declare"):
                heading = ".".join(re.findall("'(.+?)'", message))
                message = f"the section [{heading}] appears twice"
            line = re.search(r"line (\d+)", where)
            number = int(line[1]) if line else len(self.text.splitlines())
            raise ConfigError.at(self.path, number, f"not valid TOML: {message}", hint=mend) from error

    def _line(self, key: str) -> int | None:
        key = re.sub(r"\[[^\]]*\]| ", "", key)  # an entry of a list stands in the line of its key
        section = ""
        best = None
        for number, line in enumerate(self.text.splitlines(), start=1):
            if header := re.match(r"\s*\[+\s*([^\]]+?)\s*\]+", line):
                section = header[1].replace('"', "").replace(" ", "")
                if key == section or key.startswith(section + ".") or section.startswith(key + "."):
                    best = number
            elif name := re.match(r"""\s*["']?([^"'=]+?)["']?\s*=""", line):
                here = f"{section}.{name[1]}".replace(" ", "")
                if here == key:
                    return number
                best = number if here == key.rsplit(".", 1)[0] else best
        return best


def with_line(message: str, path: Path) -> str:
    """Return a message in which each key of show.toml that a line names has the place where it stands."""
    if not NAMED.search(message):
        return message
    source = TomlFile.of(path)
    return NAMED.sub(lambda key: f"{key[1] or ''}{source.wrong(key[2], '').message.removesuffix(': ')}", message)


@contextmanager
def located(path: Path) -> Iterator[None]:
    """Have errors that begin with a key of the file say in which line it stands."""
    try:
        yield
    except PodcastError as error:
        error.message = with_line(error.message, path)
        error.args = (error.message,)
        raise


@contextmanager
def placed(path: Path, key: str) -> Iterator[None]:
    """Have errors about what a key of the file names begin with the line where it stands."""
    try:
        yield
    except PodcastError as error:
        error.within(TomlFile.of(path).wrong(key, "").message.removesuffix(": "))
        raise
