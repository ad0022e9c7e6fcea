# SPDX-License-Identifier: GPL-3.0-or-later
"""Target `folder`: a folder of this machine, served by a web server, mounted, or uploaded by another program."""

import os
from collections.abc import Mapping
from pathlib import Path

import msgspec

from podcast.errors import ConfigError, PublishError, WorkspaceError, reason_of
from podcast.publish import settings_of
from podcast.publish.headers import Served
from podcast.workspace import replacing, sizes

CHUNK = 1 << 20
"""Bytes copied at once."""


class Settings(msgspec.Struct, frozen=True):
    """`[target.<name>]` with `kind = "folder"`."""

    path: str
    """Folder to copy the feed folder to: absolute, or relative to the show folder; `~` is your home folder."""


class Folder:
    """See Target."""

    def __init__(self, settings: Mapping[str, object], root: Path) -> None:
        given = settings_of(settings, Settings).path
        if not given:
            raise ConfigError("must not be empty", key="path", hint="set it to the folder to publish to")
        self.root = (root / Path(given).expanduser()).resolve()
        show = root.resolve()
        own = any(self.root.is_relative_to((root / name).resolve()) for name in ("scripts", "audio", "feed"))
        if own or show.is_relative_to(self.root) or (root / "feed").resolve().is_relative_to(self.root):
            raise ConfigError(
                f"{given} overlaps the show's own files", key="path", hint="choose a folder outside the show folder"
            )
        self.where = os.fsencode(self.root).decode("utf-8", "backslashreplace")  # file names need not be valid UTF-8

    def list(self) -> Mapping[str, int]:
        """See Target."""
        try:
            if not self.root.parent.is_dir():
                raise PublishError(
                    "folder not found", file=self.root.parent, hint="create it, or mount the disk that it is on"
                )
            return sizes(self.root)
        except OSError as error:
            raise _publish_error(self.root, error) from error

    def read(self, name: str) -> bytes | None:
        """See Target."""
        try:
            return (self.root / name).read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise _publish_error(self.root / name, error) from error

    def put(self, name: str, source: Path | bytes, served: Served) -> None:
        """See Target. The web server sets the headers."""
        del served
        path = self.root / name
        try:
            with replacing(path) as temporary, temporary.open("wb") as file:
                if isinstance(source, bytes):
                    file.write(source)
                    return
                with source.open("rb") as read:
                    while chunk := read.read(CHUNK):
                        file.write(chunk)
        except WorkspaceError as error:
            raise PublishError(error.message, hint=error.hint) from error
        except OSError as error:
            raise _publish_error(path, error) from error

    def delete(self, name: str) -> None:
        """See Target."""
        try:
            (self.root / name).unlink(missing_ok=True)
        except OSError as error:
            raise _publish_error(self.root / name, error) from error

    def close(self) -> None:
        """See Target."""


def _publish_error(path: Path, error: OSError) -> PublishError:
    return PublishError(reason_of(error), file=path, hint="check free disk space and write permission")
