# SPDX-License-Identifier: GPL-3.0-or-later
"""show.toml with other values, and everything else in it, comments too, as its producer wrote it."""

from collections.abc import Mapping

from podcast import workspace
from podcast.config.load import load
from podcast.config.settings import Show
from podcast.errors import ConfigError
from podcast.workspace import Workspace

Value = str | bool | tuple[str, ...]
"""What a key of `[show]` may have."""


def revised(text: str, values: Mapping[str, Value]) -> str:
    """Return the text of a show.toml whose `[show]` has these values; an empty one removes its key."""
    import tomlkit
    from tomlkit.items import Table

    document = tomlkit.parse(text)
    table = document["show"]
    assert isinstance(table, Table)  # noqa: S101 - `load` has read it
    for key, value in values.items():
        if value in ("", ()):
            table.pop(key, None)
        else:
            table[key] = list(value) if isinstance(value, tuple) else value
    return tomlkit.dumps(document)


def revise(place: Workspace, values: Mapping[str, Value]) -> Show:
    """Write values into show.toml, and return the show that it is then.

    Raises ConfigError for a value that a show cannot have; the file is then what it was.
    """
    text = place.show.read_text(encoding="utf-8-sig")
    workspace.write(place.show, revised(text, values))
    try:
        return load(place.show)
    except ConfigError:
        workspace.write(place.show, text)
        raise
