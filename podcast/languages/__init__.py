# SPDX-License-Identifier: GPL-3.0-or-later
"""The words of each language, as data: one folder for each, named by its BCP 47 tag in lower case.

    reading.toml     how articles are read: boilerplate, bylines, headings
    speaking.toml    how numbers, units and abbreviations are spoken
    lexicon.tsv      words that voices mispronounce
    sentences.toml   abbreviations that end no sentence, for a language without speaking.toml
    script.toml      sentences that a script begins and ends with
    disclosure.toml  sentences in the feed, such as "narrated by a synthetic voice"
    page.toml        labels of the web pages
    init.toml        examples in a new show.toml

A language is added by adding a folder, with any of these files: nothing else lists languages. Files are read when they
are first needed. A module names the files it uses in its source, so that the program knows which episodes are made
again when a file changes.
"""

import re
import tomllib
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from podcast.errors import ConfigError
from podcast.langtag import kin

ROOT = Path(__file__).parent
"""The folder that has the languages; tests use another."""
HINT = "see `podcast help adding-a-language`"

T = TypeVar("T")


@cache
def known(name: str) -> tuple[str, ...]:
    """Return the tags of all languages that have a file, in order: German, English and others for `page.toml`."""
    return tuple(sorted(path.parent.name for path in ROOT.glob(f"*/{name}")))


def find(language: str, name: str, default: str = "") -> str:
    """Return the tag of the folder that serves a language: `zh-hant` for `zh-TW`, `no` for `nb`, else the default."""
    return next((tag for tag in kin(language) if tag in known(name)), default)


@cache
def table(tag: str, name: str) -> Mapping[str, Any]:
    """Return a TOML file of a language, empty if it has none. Raises ConfigError if it is not valid TOML."""
    if tag not in known(name):
        return {}
    path = ROOT / tag / name
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(str(error), hint=HINT, file=path) from error


@cache
def pairs(tag: str, name: str) -> Mapping[str, str]:
    """Return a file with two columns, `as written<TAB>as said`, empty if there is none; `#` begins a comment."""
    if tag not in known(name):
        return {}
    path = ROOT / tag / name
    rows = [line.split("\t", 1) for line in path.read_text(encoding="utf-8").splitlines() if line and line[0] != "#"]
    for row in rows:
        if len(row) != 2:
            raise ConfigError(f"{row[0]!r} has no tab", hint=HINT, file=path)
    return dict(rows)


def words(tag: str, name: str, required: Collection[str], optional: Collection[str] = ()) -> Mapping[str, str]:
    """Return a file of which every key is a text.

    Raises ConfigError, with file and key, for a key that is missing, unknown or not text.
    """
    row, path = table(tag, name), ROOT / tag / name
    for key in required:
        if key not in row:
            raise ConfigError("is missing", hint=HINT, file=path, key=key)
    for key, value in row.items():
        if key not in {*required, *optional}:
            raise ConfigError("unknown key", hint=HINT, file=path, key=key)
        if not isinstance(value, str):
            raise ConfigError("must be text", hint=HINT, file=path, key=key)
    return row


def filled(kind: type[T], tag: str, name: str) -> T:
    """Return a NamedTuple of `language` and the keys of a file; raises as `words` does.

    Keys with a default may be left out.
    """
    fields, optional = kind._fields, kind._field_defaults  # type: ignore[attr-defined]
    required = [field for field in fields if field != "language" and field not in optional]
    return kind(language=tag, **words(tag, name, required, optional))  # type: ignore[call-arg]


def strings(tag: str, name: str, *keys: str) -> Sequence[str]:
    """Return the list of strings at a key, empty if it is not there; `keys` leads to it through tables.

    Raises ConfigError, with file and key, if it is something else.
    """
    found = _at(tag, name, keys)
    if not isinstance(found, list) or not all(isinstance(one, str) for one in found):
        raise ConfigError("must be a list of strings", hint=HINT, file=ROOT / tag / name, key=".".join(keys))
    return found


def everywhere(name: str, *keys: str) -> Sequence[str]:
    """Return the strings at a key in all languages, each once."""
    return list(dict.fromkeys(one for tag in known(name) for one in strings(tag, name, *keys)))


def patterns(name: str, *keys: str) -> Sequence[str]:
    """Return the patterns at a key in all languages: its rows are `[pattern, example]`. Raises as `examples` does."""
    return [pattern for tag in known(name) for pattern, _ in examples(tag, name, *keys)]


def examples(tag: str, name: str, *keys: str) -> Sequence[tuple[str, str]]:
    """Return the patterns at a key of a language, each with a text that it finds.

    Raises ConfigError, with file and key, for a row without an example, and for a pattern that is not valid.
    """
    rows, path, key = _at(tag, name, keys), ROOT / tag / name, ".".join(keys)
    if not isinstance(rows, list):
        raise ConfigError("must be a list of rows", hint=HINT, file=path, key=key)
    for row in rows:
        if not isinstance(row, list) or len(row) != 2 or not all(isinstance(one, str) for one in row):
            raise ConfigError(f"{row!r} must be a pattern and an example", hint=HINT, file=path, key=key)
    return [(pattern, example) for pattern, example in rows]


def compiled(pattern: str, name: str, flags: re.RegexFlag | int = re.IGNORECASE) -> re.Pattern[str]:
    """Compile a pattern that is made of those in a file of all languages.

    Raises ConfigError, with file and row, if one of them is not valid.
    """
    try:
        return re.compile(pattern, flags)
    except re.error as error:
        for tag in known(name):
            for row in _leaves(table(tag, name)):
                _check(row, ROOT / tag / name)
        raise ConfigError(str(error), hint=HINT, file=ROOT / "*" / name) from error


def _check(pattern: str, path: Path) -> None:
    try:
        re.compile(pattern)
    except re.error as error:
        raise ConfigError(f"{pattern!r}: {error}", hint=HINT, file=path) from error


def _leaves(found: object) -> Iterator[str]:
    """Yield the patterns in a table: all strings in lists, but not the second of a row, which is an example."""
    if isinstance(found, Mapping):
        for value in found.values():
            yield from _leaves(value)
    for one in found if isinstance(found, list) else ():
        yield one[0] if isinstance(one, list) else one


def _at(tag: str, name: str, keys: Sequence[str]) -> object:
    """Return what is at a key; an empty list if it is not there."""
    found: Any = table(tag, name)
    for key in keys:
        found = found.get(key, {}) if isinstance(found, Mapping) else None
    return [] if found == {} else found
