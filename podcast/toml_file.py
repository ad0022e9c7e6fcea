# SPDX-License-Identifier: GPL-3.0-or-later
"""A file of TOML that a person writes: what is wrong in it is said with the line where it stands."""

import re
from pathlib import Path

from podcast.errors import ConfigError


class TomlFile:
    """The file as text, to find the line of a key and to raise errors there."""

    def __init__(self, path: Path, text: str) -> None:
        self.path = path
        self.text = text

    def wrong(self, key: str, message: str, hint: str = "") -> ConfigError:
        """Return the error for the dotted `key`."""
        return ConfigError.at(self.path, self._line(key), f"{key}: {message}", hint=hint)

    def _line(self, key: str) -> int | None:
        key = re.sub(r"\[[^\]]*\]", "", key)  # an entry of a list stands in the line of its key
        section = ""
        best = None
        for number, line in enumerate(self.text.splitlines(), start=1):
            if header := re.match(r"\s*\[+\s*([^\]]+?)\s*\]+", line):
                section = header[1].replace('"', "").replace(" ", "")
                if key == section or key.startswith(section + ".") or section.startswith(key + "."):
                    best = number
            elif (name := re.match(r"""\s*["']?([^"'=]+?)["']?\s*=""", line)) and f"{section}.{name[1]}" in {
                key,
                key.rsplit(".", 1)[0],
            }:
                best = number
                if f"{section}.{name[1]}" == key:
                    return number
        return best
