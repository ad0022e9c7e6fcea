# SPDX-License-Identifier: GPL-3.0-or-later
"""The places where a show is published, behind one small protocol: a flat set of named files.

    open_target("web", show.targets, root) -> Target -> list, read, put, delete

Names are those of the feed folder: relative, ASCII, with `/`. Targets are found by the entry point group
`podcast.targets`; ours go through the same door as a stranger's. What is uploaded, and in which order, is decided in
`produce.upload`; a target only moves files. `headers` says how each file is served, `verify` looks at what the public
sees, `websub` tells apps that the feed has changed.

`settings_of`, `secret` and `redacted` are for writers of targets. Secrets come from the environment, from an agent or
from key files; they are never written to a file, a log or an error.
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
    """A place that files are uploaded to. Its methods are called from several threads at once.

    All of them raise PublishError, with `transient` where trying again may help.
    """

    where: str
    """How the place is called in messages; without a secret."""

    def __init__(self, settings: Mapping[str, object], root: Path) -> None:
        """Take what `[target.<name>]` of show.toml says, without `kind`; `root` is the show folder. Cheap.

        Raises ConfigError for what it does not know, PublishError if a library is not installed.
        """

    def list(self) -> Mapping[str, int]:
        """Return what is there: name -> bytes. Nothing if the place itself does not exist yet."""

    def read(self, name: str) -> bytes | None:
        """Return a small file, or None if there is none of this name."""

    def put(self, name: str, source: Path | bytes, served: Served) -> None:
        """Store a file. Whoever reads it sees the old one or the new one, never a part."""

    def delete(self, name: str) -> None:
        """Remove a file; it is no error if there is none."""

    def close(self) -> None:
        """End connections. The target is not used afterwards."""


def kinds() -> Mapping[str, type[Target]]:
    """Return the kinds of targets by name, as entry points give them.

    Raises PublishError that names the package of one that cannot be loaded.
    """
    return {name: plugin.load() for name, plugin in _kinds().items()}


def _kinds() -> Mapping[str, plugins.Plugin]:
    return plugins.registered("podcast.targets", "target kind", PublishError)


ANSWERS: Mapping[str, Callable[[Any], bool]] = {
    "list": lambda answer: isinstance(answer, Mapping),
    "read": lambda answer: answer is None or isinstance(answer, bytes),
}
"""What the methods of a target return: see Target."""


def _guarded(plugin: plugins.Plugin, settings: Mapping[str, object], root: Path) -> Target:
    """Return a new target that raises nothing but PodcastErrors, a PublishError where it has none of its own."""
    kind = plugin.load()
    with plugins.guarded(plugin):
        made = kind(settings, root)
        plugins.require(made, {"where": str})
    return cast("Target", plugins.Guarded(made, plugin, ANSWERS))


@contextmanager
def open_target(name: str, targets: Mapping[str, Mapping[str, object]], root: Path) -> Iterator[Target]:
    """Give the target `[target.<name>]`, and close it at the end.

    Raises ConfigError if show.toml has none, or says something wrong of it.
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


# --- for writers of targets -------------------------------------------------------------------------------------


def settings_of(given: Mapping[str, object], kind: type[Settings]) -> Settings:
    """Return a target's settings as its own type: fields are keys, defaults and bounds those of the field.

    Raises ConfigError with the key.
    """
    return plugins.settings_of("", given, kind)


def secret(variable: str) -> str:
    """Return the secret in an environment variable that a setting names; nothing if none is named.

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
    """Return a library's words on one line, without secrets, and not endless."""
    for hidden in sorted((one for one in secrets if len(one) > 3), key=len, reverse=True):
        text = text.replace(hidden, "***")
    return truncated(" ".join(text.split()), 300)
