# SPDX-License-Identifier: GPL-3.0-or-later
"""What other packages bring: classes found by entry point, and their own sections of show.toml.

Engines (`podcast.voices`), targets (`podcast.targets`) and readers (`podcast.readers`) are found in this way, ours
through the same door as a stranger's.
"""

from collections.abc import Mapping
from importlib.metadata import entry_points
from typing import Any, TypeVar

import msgspec

from podcast.errors import ConfigError, PodcastError

Settings = TypeVar("Settings", bound=msgspec.Struct)

TYPES = {"`str`": "a text in quotes", "`int`": "a whole number", "`float`": "a number", "`bool`": "true or false"}
"""msgspec's names of types -> what to write in show.toml."""


def plugins(group: str, what: str, error: type[PodcastError]) -> Mapping[str, Any]:
    """Return what the entry points of a group name, in the order of their names.

    Raises `error`, which calls it `what` and names the package, for one that cannot be loaded.
    """
    found = {}
    for entry in sorted(entry_points(group=group), key=lambda entry: entry.name):
        try:
            found[entry.name] = entry.load()
        except Exception as cause:  # a stranger's module may raise anything while it is imported
            package = entry.dist.name if entry.dist else "an unknown package"
            raise error(
                f"{what} {entry.name} of {package} cannot be loaded: {cause}", hint=f"update or remove {package}"
            ) from cause
    return found


def settings_of(where: str, given: Mapping[str, object], kind: type[Settings]) -> Settings:
    """Return a section of show.toml as a type of its own: fields are keys, with their defaults and bounds.

    `where` is what stands before the key in messages, such as `engine.kokoro.`. Raises ConfigError.
    """
    known = kind.__struct_fields__
    for key in given:
        if key not in known:
            hint = f"known are: {', '.join(known)}" if known else "remove it: there is nothing to set"
            raise ConfigError(f"{where}{key}: unknown key", hint=hint)
    try:
        return msgspec.convert(dict(given), kind)
    except msgspec.ValidationError as error:
        place, message = worded(error)
        if missing := message.partition("missing required field ")[2]:
            raise ConfigError(f"{where}{missing.strip('`')}: is missing", hint="add it to the section") from error
        key = place.removeprefix(".")
        raise ConfigError(f"{where}{key}: {message}", hint="correct the value in show.toml") from error


def worded(error: msgspec.ValidationError) -> tuple[str, str]:
    """Return the place (such as `.intro.gain_db`, empty for the whole) and what is wrong there, in the file's words."""
    message, _, place = str(error).partition(" - at ")
    for word, words in TYPES.items():
        message = message.replace(word, words)
    return place.strip("`").removeprefix("$"), message[:1].lower() + message[1:]
