# SPDX-License-Identifier: GPL-3.0-or-later
"""A TOML file with the line numbers of its keys, for error messages."""

import re
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

from podcast.errors import ConfigError, PodcastError

FIXES = {
    "Cannot declare": "merge the two sections into one",
    "Cannot overwrite": "the key is set twice: remove one of the two lines",
    "Expected '='": 'write the line as key = "value"; put a key with spaces or special characters in quotes',
    "Illegal character '\\n'": 'close the text with a quotation mark: "…"',
    "Invalid hex value": r"write / instead of \, or put the text in single quotes: '…'",
    "Invalid value": 'put text in straight quotes: "…"; write true and false in lower case',
    "Unescaped '\\\\'": r"write / instead of \, or put the text in single quotes: '…'",
}
"""Prefix of a message of tomllib -> hint."""


class TomlFile:
    """The text of a TOML file, with methods that find the line of a key and create errors."""

    def __init__(self, path: Path, text: str) -> None:
        self.path = path
        self.text = text

    @classmethod
    def of(cls, path: Path) -> Self:
        """Read a file; if it does not exist, errors have no line."""
        return cls(path, path.read_text(encoding="utf-8-sig") if path.is_file() else "")

    def wrong(self, key: str, message: str, hint: str = "") -> ConfigError:
        """Return the error for the dotted `key`."""
        return ConfigError(message, hint=hint, file=self.path, line=self.line(key), key=key)

    def locate(self, error: PodcastError) -> None:
        """Add the file and the line to an error, and to its problems, that have only a key."""
        for one in (error, *error.problems):
            if one.key and one.line is None and one.file in {"", self.path.name}:
                one.file, one.line = str(self.path), self.line(one.key)

    def tables(self) -> dict[str, Any]:
        """Parse the file.

        Raises ConfigError with the line that is not valid TOML.
        """
        try:
            return tomllib.loads(self.text)
        except tomllib.TOMLDecodeError as error:
            message, _, where = str(error).partition(" (at ")
            fix = next((fix for begins, fix in FIXES.items() if message.startswith(begins)), "correct that line")
            if message.startswith("Cannot declare"):
                heading = ".".join(re.findall("'(.+?)'", message))
                message = f"the section [{heading}] appears twice"
            line = re.search(r"line (\d+)", where)
            number = int(line[1]) if line else len(self.text.splitlines())
            raise ConfigError(f"not valid TOML: {message}", hint=fix, file=self.path, line=number) from error

    def line(self, key: str) -> int | None:
        """Return the line (from 1) of a dotted key, else that of its section; None if there is neither."""
        key = re.sub(r"\[[^\]]*\]| ", "", key)  # entries of a list have the line of their key
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


@contextmanager
def located(path: Path) -> Iterator[None]:
    """Add the file and the line to errors that have only a key of show.toml."""
    try:
        yield
    except PodcastError as error:
        TomlFile.of(path).locate(error)
        raise


@contextmanager
def named_by(path: Path, key: str) -> Iterator[None]:
    """Prefix errors about what a key refers to, such as a file, with the line of the key."""
    try:
        yield
    except PodcastError as error:
        source = TomlFile.of(path)
        error.locate(path, source.line(key), key)
        raise
