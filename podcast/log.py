# SPDX-License-Identifier: GPL-3.0-or-later
"""`--log FILE`: a log with time stamps, without secrets.

    2026-11-23T06:00:00.123+00:00 DEBUG podcast.workspace: wrote feed/feed.xml, 48123 bytes

Modules log to `logging.getLogger(__name__)`; messages on the terminal are logged, too. Secrets are replaced by ***:
values of environment variables with names such as PASSWORD, values passed to `hide`, and passwords and signatures in
URLs.
"""

import logging
import os
import re
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from podcast import __version__
from podcast.errors import WorkspaceError, reason_of

NAMES = re.compile(r"(?i)(pass|secret|token|credential|key|sas)")
"""Names of environment variables that hold secrets."""

ADDRESS = re.compile(r"(://[^/@\s:]*:)[^/@\s]+@")
SIGNED = re.compile(r"(?i)\b((?:sig|signature|token|key|password|secret|x-(?:amz|goog)-[a-z]+)=)[^&\s\"']+")

LIBRARIES = ("urllib3", "asyncssh", "stamina", "obstore", "uvicorn", "distributed")
"""Libraries that are logged at level DEBUG; others only from WARNING."""

SHORTEST = 6
"""Minimum length of a secret: shorter ones would also match ordinary words."""

_hidden: set[str] = set()


def hide(secret: str) -> str:
    """Return a secret, and replace it in the log from now on."""
    if len(secret) >= SHORTEST:
        _hidden.add(secret)
    return secret


class _Lines(logging.Formatter):
    """Formats lines as above, without secrets; further lines, such as a traceback, are indented by two spaces."""

    def formatTime(self, record: logging.LogRecord, datefmt: str | None = None) -> str:  # noqa: N802, ARG002
        return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")

    def format(self, record: logging.LogRecord) -> str:
        text = super().format(record)
        secrets = {value for name, value in os.environ.items() if NAMES.search(name) and len(value) >= SHORTEST}
        for secret in sorted(secrets | _hidden, key=len, reverse=True):
            text = text.replace(secret, "***")
        return SIGNED.sub(r"\1***", ADDRESS.sub(r"\1***@", text)).replace("\n", "\n  ")


class Log:
    """An open log file."""

    def __init__(self, path: Path, arguments: Sequence[str]) -> None:
        """Open the file for appending, and log the version and the command line.

        Raises WorkspaceError if it cannot be written.
        """
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self.handler = logging.FileHandler(path, encoding="utf-8", errors="backslashreplace")
        except OSError as error:
            raise WorkspaceError(reason_of(error), file=path, hint="choose another file for --log") from error
        self.handler.setFormatter(_Lines("%(asctime)s %(levelname)s %(name)s: %(message)s"))
        self.levels = {name: logging.getLogger(name).level for name in ("podcast", *LIBRARIES, "")}
        for name in self.levels:
            logging.getLogger(name).setLevel(logging.DEBUG if name else logging.WARNING)
        logging.getLogger().addHandler(self.handler)
        self.logger = logging.getLogger("podcast")
        self.logger.info("podcast %s, Python %s: %s", __version__, sys.version.split()[0], " ".join(arguments))

    def message(self, text: str) -> None:
        """Log a message that was shown on the terminal."""
        self.logger.info("%s", text)

    def failed(self, error: BaseException) -> None:
        """Log the traceback of an error."""
        self.logger.debug("traceback of the error:", exc_info=error)

    def end(self, code: int) -> None:
        """Log the exit code, and close the file."""
        self.logger.info("exit code %d", code)
        logging.getLogger().removeHandler(self.handler)
        for name, level in self.levels.items():
            logging.getLogger(name).setLevel(level)
        self.handler.close()
