# SPDX-License-Identifier: GPL-3.0-or-later
# ruff: noqa: INP001 - a program of its own, in no package
"""The entry of CHANGELOG.md for a tag: python .github/release_notes.py v1.2.3.

It ends with an error if the tag is not the version in pyproject.toml, or if the version has no entry.
"""

import re
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).parent.parent


def notes(tag: str, version: str, changelog: str) -> str:
    """Return the text below the heading of a version, up to the next version.

    Raises ValueError if the tag is another one, or if there is nothing.
    """
    if tag != f"v{version}":
        message = f"the tag is {tag}, but the version in pyproject.toml is {version}"
        raise ValueError(message)
    entry = re.search(
        rf"^## \[?{re.escape(version)}\]?(?: [^\n]*)?\n(.*?)(?=^## |\Z)", changelog, re.DOTALL | re.MULTILINE
    )
    if entry is None or not entry[1].strip():
        message = f"CHANGELOG.md has no entry for {version}"
        raise ValueError(message)
    return entry[1].strip() + "\n"


def main(tag: str) -> None:
    """Print the entry."""
    version = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    try:
        sys.stdout.write(notes(tag, version, (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")))
    except ValueError as error:
        sys.exit(f"error: {error}")


if __name__ == "__main__":
    main(*sys.argv[1:])
