# SPDX-License-Identifier: GPL-3.0-or-later
"""Publishing targets: one small protocol for a flat set of named files.

    open_target("web", show.targets, root) -> Target -> list, read, put, delete

Names are those of the feed folder: relative, ASCII, with `/`. Targets are found by the entry point group
`podcast.targets`, built-in ones like those of other packages. `produce.release.upload` decides what is uploaded and in
which order; a target only transfers files. `headers` has the HTTP headers of each file, `verify` checks the web host,
`websub` notifies apps of changes.

`settings_of`, `secret` and `redacted` are for authors of targets. Secrets come from the environment, from an SSH agent
or from key files; they are never written to a file, a log or an error.
"""

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol, cast

from podcast.config.toml import TomlFile
from podcast.errors import ConfigError, PublishError
from podcast.log import hide
from podcast.packages import plugins
from podcast.packages.plugins import Settings
from podcast.publish.headers import Served
from podcast.text import truncated

__all__ = ["Served", "Target", "kinds", "open_target", "redacted", "secret", "settings_of"]


class Target(Protocol):
    """A destination for uploads. Its methods are called from several threads at once.

    All of them raise PublishError, with `transient` set where a retry may help.
    """

    where: str
    """Name of the destination in messages, without secrets."""

    def __init__(self, settings: Mapping[str, object], root: Path) -> None:
        """Take the settings `[target.<name>]` of show.toml without `kind`; `root` is the show folder. Does not connect.

        Raises ConfigError for an invalid setting, PublishError if a library is not installed.
        """

    def list(self) -> Mapping[str, int]:
        """Return the files there: name -> size in bytes. Empty if the destination does not exist yet."""

    def read(self, name: str) -> bytes | None:
        """Return the content of a small file, or None if it does not exist."""

    def put(self, name: str, source: Path | bytes, served: Served) -> None:
        """Store a file atomically: readers see the old one or the new one, never a part."""

    def delete(self, name: str) -> None:
        """Remove a file, if it exists."""

    def close(self) -> None:
        """Close connections. The target is not used afterwards."""


def kinds() -> Mapping[str, type[Target]]:
    """Return the target classes by the names of their entry points.

    Raises PublishError, with the name of the package, for one that cannot be loaded.
    """
    return {name: plugin.load() for name, plugin in _kinds().items()}


def _kinds() -> Mapping[str, plugins.Plugin]:
    return plugins.registered("podcast.targets", "target kind", PublishError)


RETURN_CHECKS: Mapping[str, Callable[[Any], bool]] = {
    "list": lambda answer: isinstance(answer, Mapping),
    "read": lambda answer: answer is None or isinstance(answer, bytes),
}
"""Checks of the return values of a target's methods."""


def _guarded(plugin: plugins.Plugin, settings: Mapping[str, object], root: Path) -> Target:
    """Return a new target whose other exceptions are turned into PublishError."""
    kind = plugin.load()
    with plugins.guarded(plugin):
        made = kind(settings, root)
        plugins.require(made, {"where": str})
    return cast("Target", plugins.Guarded(made, plugin, RETURN_CHECKS))


@contextmanager
def open_target(name: str, targets: Mapping[str, Mapping[str, object]], root: Path) -> Iterator[Target]:
    """Open the target `[target.<name>]`, and close it at the end.

    Raises ConfigError if show.toml does not have it, or has invalid settings for it.
    """
    if name not in targets:
        known = (
            f"targets in show.toml: {', '.join(targets)}" if targets else f"add a section [target.{name}] to show.toml"
        )
        raise ConfigError(f"unknown target {name!r}", hint=known)
    settings = dict(targets[name])
    kind = str(settings.pop("kind"))
    source = TomlFile.of(root / "show.toml")
    known_kinds = _kinds()
    if kind not in known_kinds:
        raise source.wrong(
            f"target.{name}.kind", f"unknown kind of target {kind!r}", f"available kinds: {', '.join(known_kinds)}"
        )
    try:
        target = _guarded(known_kinds[kind], settings, root)
    except ConfigError as error:
        raise source.wrong(f"target.{name}.{error.key}".rstrip("."), error.text, error.hint) from error
    try:
        yield target
    finally:
        target.close()


# --- for authors of targets -------------------------------------------------------------------------------------


def settings_of(given: Mapping[str, object], kind: type[Settings]) -> Settings:
    """Return a target's settings as its settings class, whose fields have the keys, defaults and bounds.

    Raises ConfigError with the key.
    """
    return plugins.settings_of("", given, kind)


def secret(variable: str) -> str:
    """Return the secret in the environment variable that a setting names; empty if no variable is named.

    Raises PublishError if the variable is not set.
    """
    if not variable:
        return ""
    if not os.environ.get(variable):
        raise PublishError(
            f"the environment variable {variable} is not set",
            hint=f'set it before publishing: export {variable}=…  (in PowerShell: $env:{variable} = "…")',
        )
    return hide(os.environ[variable])


def redacted(text: str, *secrets: str) -> str:
    """Return a library's message on one line, without secrets, of at most 300 characters."""
    for hidden in sorted((one for one in secrets if len(one) > 3), key=len, reverse=True):
        text = text.replace(hidden, "***")
    return truncated(" ".join(text.split()), 300)
