# SPDX-License-Identifier: GPL-3.0-or-later
"""Edit values in show.toml, keeping comments and formatting."""

from collections.abc import Mapping

from podcast import workspace
from podcast.config.load import load
from podcast.config.settings import Show
from podcast.errors import ConfigError
from podcast.workspace import Workspace

Value = str | bool | tuple[str, ...]
"""Types of values in `[show]`."""


def revised(text: str, values: Mapping[str, Value]) -> str:
    """Return the text of show.toml with these values in `[show]`; an empty value removes its key."""
    import tomlkit
    from tomlkit.items import Table

    document = tomlkit.parse(text)
    table = document["show"]
    assert isinstance(table, Table)  # noqa: S101 - validated by `load`
    for key, value in values.items():
        if value in ("", ()):
            table.pop(key, None)
        else:
            table[key] = list(value) if isinstance(value, tuple) else value
    return tomlkit.dumps(document)


def revise(place: Workspace, values: Mapping[str, Value]) -> Show:
    """Write values into show.toml, and return the new show.

    Raises ConfigError for an invalid value; the file is then unchanged.
    """
    text = place.show.read_text(encoding="utf-8-sig")
    workspace.write(place.show, revised(text, values))
    try:
        return load(place.show)
    except ConfigError:
        workspace.write(place.show, text)
        raise
