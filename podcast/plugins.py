# SPDX-License-Identifier: GPL-3.0-or-later
"""What other packages bring: classes found by entry point, and their own sections of show.toml.

Engines (`podcast.voices`), targets (`podcast.targets`) and readers (`podcast.readers`) are found in this way, ours
through the same door as a stranger's.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from importlib.metadata import EntryPoint, entry_points
from typing import Any, Literal, TypeVar, get_args, get_origin, get_type_hints

import msgspec

from podcast.distribution import NAME
from podcast.errors import ConfigError, PodcastError, did_you_mean
from podcast.imports import unloadable

Settings = TypeVar("Settings", bound=msgspec.Struct)

TYPES = {
    "str": "text in quotes",
    "int": "a whole number",
    "float": "a number",
    "bool": "true or false",
    "array": "a list in [ ]",
    "object": "a table in { }",
    "null": "empty",
}
"""msgspec's names of types -> what to write in show.toml."""

BOUNDS = {
    r" of length >= 1$": " that is not empty",
    r" >= (\S+?)(?:\.0)?$": r" of at least \1",
    r" <= (\S+?)(?:\.0)?$": r" of at most \1",
    r" > (\S+?)(?:\.0)?$": r" greater than \1",
    r" < (\S+?)(?:\.0)?$": r" less than \1",
}
"""How msgspec writes a bound -> how a message words it."""


def plugins(group: str, what: str, error: type[PodcastError]) -> Mapping[str, Any]:
    """Return what the entry points of a group name, in the order of their names.

    Raises `error`, which calls it `what` and names the package, for one that cannot be loaded.
    """
    found = {}
    for name, load in entries(group, what, error):
        found[name] = load()
    return found


def entries(group: str, what: str, error: type[PodcastError]) -> Iterator[tuple[str, Callable[[], Any]]]:
    """Give the name of each entry point of a group, and what loads it or raises `error`: see `plugins`."""
    for entry in sorted(entry_points(group=group), key=lambda entry: entry.name):
        yield entry.name, partial(_load, entry, what, error)


def _load(entry: EntryPoint, what: str, error: type[PodcastError]) -> Any:
    package = entry.dist.name if entry.dist else "an unknown package"
    try:
        return entry.load()
    except Exception as cause:  # a stranger's module may raise anything while it is imported
        if package == NAME and isinstance(cause, ImportError):
            raise unloadable(cause, f"{what} {entry.name}", error) from cause
        raise error(
            f"the {what} {entry.name} of {package} cannot be loaded: {cause}", hint=f"update or uninstall {package}"
        ) from cause


def settings_of(where: str, given: Mapping[str, object], kind: type[Settings]) -> Settings:
    """Return a section of show.toml as a type of its own: fields are keys, with their defaults and bounds.

    `where` is what stands before the key in messages, such as `engine.kokoro.`. Raises ConfigError.
    """
    known = kind.__struct_fields__
    for key in given:
        if key not in known:
            hint = did_you_mean(key, known) if known else "remove the line: there are no settings in this section"
            raise ConfigError("unknown key", hint=hint, key=f"{where}{key}")
    try:
        return msgspec.convert(dict(given), kind)
    except msgspec.ValidationError as error:
        place, message = worded(error, kind, given)
        if message.endswith(": is missing"):
            missing = message.removesuffix(": is missing")
            raise ConfigError(
                "is missing", hint=f"add a line to the section: {missing} = …", key=f"{where}{missing}"
            ) from error
        key = place.removeprefix(".")
        raise ConfigError(message, hint="correct the value in show.toml", key=f"{where}{key}") from error


def worded(error: msgspec.ValidationError, kind: Any, value: object = None) -> tuple[str, str]:
    """Return the place (such as `.intro.gain_db`, empty for the whole) and what is wrong there, in the file's words.

    `kind` is the type that `value` was to become.
    """
    message, _, place = str(error).partition(" - at ")
    place = place.strip("`").removeprefix("$")
    if found := re.match(r"Invalid enum value (.+)", message):
        return place, f"must be {either(str(one) for one in _choices(kind, place) if one != '')}, not {found[1]}"
    if found := re.match(r"Object missing required field `(\w+)`", message):
        return place, f"{found[1]}: is missing"
    wanted, _, got = re.sub(r"`(\w+)(?: \| null)?`", lambda found: TYPES.get(found[1], found[0]), message).partition(
        ", got "
    )
    if not wanted.startswith("Expected "):
        return place, wanted[:1].lower() + wanted[1:]
    for bound, words in BOUNDS.items():
        wanted = re.sub(bound, words, wanted)
    choices = [str(one) for one in _choices(kind, place) if one != ""] if "array" not in message else []
    wanted = either(choices) if choices else wanted.removeprefix("Expected ")
    given = _given(value, place) or got
    return place, f"must be {wanted}" + (f", not {given}" if given else "")


def either(choices: Iterable[str]) -> str:
    """Return the choices as a sentence has them: `a, b or c`."""
    *first, last = choices
    return f"{', '.join(first)} or {last}" if first else last


def _given(value: object, place: str) -> str:
    """Return what stands at a place of a value, as it is written in TOML; empty if it is not a single value."""
    for name, number in re.findall(r"\.(\w+)|\[(\d+|\.\.\.)\]", place):
        if isinstance(value, Mapping) and name:
            value = value.get(name)
        elif isinstance(value, list | tuple) and number.isdigit():
            value = value[int(number)]
        else:
            return ""
    if isinstance(value, bool):
        return str(value).lower()
    return repr(value) if isinstance(value, str | int | float) else ""


def _choices(kind: Any, place: str) -> tuple[object, ...]:
    """Return what may stand at a place of a type."""
    for field in re.findall(r"\.(\w+)", place):
        kind = get_type_hints(kind).get(field) if isinstance(kind, type) else None
    return _literals(kind)


def _literals(kind: Any) -> tuple[object, ...]:
    if get_origin(kind) is Literal:
        return get_args(kind)
    return tuple(one for inner in get_args(kind) for one in _literals(inner))
