# SPDX-License-Identifier: GPL-3.0-or-later
"""What other packages bring: classes found by entry point, and their own sections of show.toml.

Engines (`podcast.voices`), targets (`podcast.targets`) and readers (`podcast.readers`) are found in this way, ours
through the same door as a stranger's.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from importlib.metadata import EntryPoint, entry_points
from typing import Any, Literal, TypeVar, get_args, get_origin, get_type_hints

import msgspec

from podcast.distribution import NAME
from podcast.errors import ConfigError, PodcastError, did_you_mean
from podcast.imports import unloadable

Settings = TypeVar("Settings", bound=msgspec.Struct)

TYPES = {
    "str": "a text in quotes",
    "int": "a whole number",
    "float": "a number",
    "bool": "true or false",
    "array": "a list in [ ]",
    "object": "a table in { }",
}
"""msgspec's names of types -> what to write in show.toml."""


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
            f"{what} {entry.name} of {package} cannot be loaded: {cause}", hint=f"update or remove {package}"
        ) from cause


def settings_of(where: str, given: Mapping[str, object], kind: type[Settings]) -> Settings:
    """Return a section of show.toml as a type of its own: fields are keys, with their defaults and bounds.

    `where` is what stands before the key in messages, such as `engine.kokoro.`. Raises ConfigError.
    """
    known = kind.__struct_fields__
    for key in given:
        if key not in known:
            hint = did_you_mean(key, known) if known else "remove it: there is nothing to set"
            raise ConfigError(f"{where}{key}: unknown key", hint=hint)
    try:
        return msgspec.convert(dict(given), kind)
    except msgspec.ValidationError as error:
        place, message = worded(error, kind)
        if message.endswith(": is missing"):
            raise ConfigError(f"{where}{message}", hint="add it to the section") from error
        key = place.removeprefix(".")
        raise ConfigError(f"{where}{key}: {message}", hint="correct the value in show.toml") from error


def worded(error: msgspec.ValidationError, kind: Any) -> tuple[str, str]:
    """Return the place (such as `.intro.gain_db`, empty for the whole) and what is wrong there, in the file's words.

    `kind` is the type that the value was to become.
    """
    message, _, place = str(error).partition(" - at ")
    place = place.strip("`").removeprefix("$")
    if found := re.match(r"Invalid enum value (.+)", message):
        return place, f"{found[1]} is none of {', '.join(str(one) for one in _choices(kind, place) if one != '')}"
    if found := re.match(r"Object missing required field `(\w+)`", message):
        return place, f"{found[1]}: is missing"
    message = re.sub(r"`(\w+)(?: \| null)?`", lambda found: TYPES.get(found[1], found[0]), message)
    return place, message[:1].lower() + message[1:]


def _choices(kind: Any, place: str) -> tuple[object, ...]:
    """Return what may stand at a place of a type."""
    for field in re.findall(r"\.(\w+)", place):
        kind = get_type_hints(kind)[field]
    return _literals(kind)


def _literals(kind: Any) -> tuple[object, ...]:
    if get_origin(kind) is Literal:
        return get_args(kind)
    return tuple(one for inner in get_args(kind) for one in _literals(inner))
