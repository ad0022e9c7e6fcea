# SPDX-License-Identifier: GPL-3.0-or-later
"""Language data: one folder a language, named by its BCP 47 tag in lower case.

    reading.toml       patterns for reading articles: boilerplate, bylines, headings
    speaking.toml      how numbers, units and abbreviations are spoken
    lexicon.tsv        words that voices mispronounce
    pronunciation.tsv  words that voices which speak phonemes mispronounce, in IPA
    pronunciation.LICENSE  the licence of the data that some of it is from
    names.tsv          the same for foreign names and words
    homographs.toml    words whose pronunciation depends on the words around them
    homograph_readings.tsv  the readings of homographs
    homograph_weights.tsv   a model that chooses between them
    homograph_weights.LICENSE  the licence of the data that it was trained on
    ipa.toml           how sounds are spelt for voices that cannot read IPA
    sentences.toml     abbreviations that do not end a sentence, for a language without speaking.toml
    script.toml        standard opening and closing of a script
    disclosure.toml    sentences in the feed, such as "narrated by a synthetic voice"
    page.toml          labels of the web pages
    init.toml          examples in a new show.toml

To add a language, add a folder with any of these files; languages are listed nowhere else. Files are loaded when first
needed. A module must contain the names of the files that it uses as string literals: the program searches its source
for them, to find the episodes that are out of date when a file changes.
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
"""The folder of all languages; tests replace it."""
HINT = "see `podcast help adding-a-language`"

T = TypeVar("T")


@cache
def known(name: str) -> tuple[str, ...]:
    """Return the tags of all languages that have a file of this name, sorted."""
    return tuple(sorted(path.parent.name for path in ROOT.glob(f"*/{name}")))


def find(language: str, name: str, default: str = "") -> str:
    """Return the tag of the closest language that has a file: `zh-hant` for `zh-TW`, `no` for `nb`; else `default`."""
    return next((tag for tag in kin(language) if tag in known(name)), default)


@cache
def table(tag: str, name: str) -> Mapping[str, Any]:
    """Load a TOML file of a language, empty if it has none. Raises ConfigError if it is not valid TOML."""
    if tag not in known(name):
        return {}
    path = ROOT / tag / name
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(str(error), hint=HINT, file=path) from error


@cache
def pairs(tag: str, name: str) -> Mapping[str, str]:
    """Load a file with two columns, `written<TAB>spoken`, empty if there is none; `#` begins a comment."""
    if tag not in known(name):
        return {}
    path = ROOT / tag / name
    rows = [line.split("\t", 1) for line in path.read_text(encoding="utf-8").splitlines() if line and line[0] != "#"]
    for row in rows:
        if len(row) != 2:
            raise ConfigError(f"{row[0]!r} has no tab", hint=HINT, file=path)
    return dict(rows)


def words(tag: str, name: str, required: Collection[str], optional: Collection[str] = ()) -> Mapping[str, str]:
    """Load a TOML file that has only strings as values.

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
    """Load a TOML file into a NamedTuple whose fields are `language` and the keys; raises as `words` does.

    Keys with a default are optional.
    """
    fields, optional = kind._fields, kind._field_defaults  # type: ignore[attr-defined]
    required = [field for field in fields if field != "language" and field not in optional]
    return kind(language=tag, **words(tag, name, required, optional))  # type: ignore[call-arg]


def strings(tag: str, name: str, *keys: str) -> Sequence[str]:
    """Return the list of strings at a key, empty if the key is missing; `keys` is its path through nested tables.

    Raises ConfigError, with file and key, if it is not a list of strings.
    """
    found = _value_at(tag, name, keys)
    if not isinstance(found, list) or not all(isinstance(one, str) for one in found):
        raise ConfigError("must be a list of strings", hint=HINT, file=ROOT / tag / name, key=".".join(keys))
    return found


def everywhere(name: str, *keys: str) -> Sequence[str]:
    """Return the strings at a key in all languages, without duplicates."""
    return list(dict.fromkeys(one for tag in known(name) for one in strings(tag, name, *keys)))


def patterns(name: str, *keys: str) -> Sequence[str]:
    """Return the patterns at a key, a list of `[pattern, example]`, in all languages. Raises as `examples` does."""
    return [pattern for tag in known(name) for pattern, _ in examples(tag, name, *keys)]


def examples(tag: str, name: str, *keys: str) -> Sequence[tuple[str, str]]:
    """Return the patterns at a key of a language, each with a text that it matches.

    Raises ConfigError, with file and key, for a row that is not `[pattern, example]`.
    """
    rows, path, key = _value_at(tag, name, keys), ROOT / tag / name, ".".join(keys)
    if not isinstance(rows, list):
        raise ConfigError("must be a list of rows", hint=HINT, file=path, key=key)
    for row in rows:
        if not isinstance(row, list) or len(row) != 2 or not all(isinstance(one, str) for one in row):
            raise ConfigError(f"{row!r} must be a pattern and an example", hint=HINT, file=path, key=key)
    return [(pattern, example) for pattern, example in rows]


def compiled(pattern: str, name: str, flags: re.RegexFlag | int = re.IGNORECASE) -> re.Pattern[str]:
    """Compile a pattern that was assembled from those in a file of all languages.

    Raises ConfigError, with file and pattern, if one of them is not valid.
    """
    try:
        return re.compile(pattern, flags)
    except re.error as error:
        for tag in known(name):
            for row in _patterns_in(table(tag, name)):
                _check_pattern(row, ROOT / tag / name)
        raise ConfigError(str(error), hint=HINT, file=ROOT / "*" / name) from error


def _check_pattern(pattern: str, path: Path) -> None:
    try:
        re.compile(pattern)
    except re.error as error:
        raise ConfigError(f"{pattern!r}: {error}", hint=HINT, file=path) from error


def _patterns_in(found: object) -> Iterator[str]:
    """Yield the patterns in a table: all strings in lists, but of `[pattern, example]` only the first."""
    if isinstance(found, Mapping):
        for value in found.values():
            yield from _patterns_in(value)
    for one in found if isinstance(found, list) else ():
        yield one[0] if isinstance(one, list) else one


def _value_at(tag: str, name: str, keys: Sequence[str]) -> object:
    """Return the value at a key; an empty list if the key is missing."""
    found: Any = table(tag, name)
    for key in keys:
        found = found.get(key, {}) if isinstance(found, Mapping) else None
    return [] if found == {} else found
