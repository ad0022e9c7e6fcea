# SPDX-License-Identifier: GPL-3.0-or-later
"""A target that keeps all files in one SQLite database, for a web server that serves from it."""

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path

import msgspec

from podcast.errors import PublishError
from podcast.publish import Served, settings_of


class Settings(msgspec.Struct, frozen=True):
    """`[target.NAME]` of show.toml with `kind = "sqlite"`."""

    file: str


class Sqlite:
    """The target."""

    def __init__(self, settings: Mapping[str, object], root: Path) -> None:
        self.path = root / settings_of(settings, Settings).file
        self.where = str(self.path)

    @contextmanager
    def _database(self) -> Iterator[sqlite3.Connection]:
        """Give a connection of one call's own, for calls come from several threads; all or nothing is written."""
        try:
            with closing(sqlite3.connect(self.path, timeout=30)) as database, database:
                database.execute("CREATE TABLE IF NOT EXISTS files (name TEXT PRIMARY KEY, type TEXT, data BLOB)")
                yield database
        except sqlite3.Error as error:
            raise PublishError(f"{self.where}: {error}", hint="check the file and its folder") from error

    def list(self) -> Mapping[str, int]:
        """Return the size in bytes of each file."""
        with self._database() as database:
            return dict(database.execute("SELECT name, length(data) FROM files"))

    def read(self, name: str) -> bytes | None:
        """Return a file."""
        with self._database() as database:
            found = database.execute("SELECT data FROM files WHERE name = ?", (name,)).fetchone()
        return found[0] if found else None

    def put(self, name: str, source: Path | bytes, served: Served) -> None:
        """Store a file."""
        data = source if isinstance(source, bytes) else source.read_bytes()
        with self._database() as database:
            database.execute("REPLACE INTO files VALUES (?, ?, ?)", (name, served.type, data))

    def delete(self, name: str) -> None:
        """Remove a file."""
        with self._database() as database:
            database.execute("DELETE FROM files WHERE name = ?", (name,))

    def close(self) -> None:
        """Do nothing: each call has ended its connection."""
