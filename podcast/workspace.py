# SPDX-License-Identifier: GPL-3.0-or-later
"""Paths of the files in a show folder, its lock, and atomic writes.

A show folder is show.toml + scripts/ + audio/ + feed/. There is no database: `ls` shows the state.
Every file is written under a temporary name in the same folder, synced, and renamed, so that a reader (or the next run
after a power cut) never sees a partial file. A file whose content would not change is not written.
"""

import datetime as dt
import logging
import os
import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from podcast.errors import WorkspaceError, reason_of

logger = logging.getLogger(__name__)

TEMPORARY = ".tmp-"
"""Prefix of unfinished files; `sweep` removes those that a killed run left."""

UNWRITABLE = "check free disk space, permissions, and whether another program has the file open"

WORKING = ".working"
"""In audio/ during a run, with its process id and start time. If it exists when the lock is acquired, the last run was
killed."""

BUSY_S = (0.05, 0.1, 0.2, 0.4, 0.8)
"""Pauses before retrying a file that another program has open; on Windows it cannot be replaced until it is closed."""


@dataclass(frozen=True, slots=True)
class Workspace:
    """The folders and files of one show."""

    root: Path

    @property
    def show(self) -> Path:
        """The settings of the show."""
        return self.root / "show.toml"

    @property
    def scripts(self) -> Path:
        """Folder of the scripts."""
        return self.root / "scripts"

    @property
    def audio(self) -> Path:
        """Folder of the finished episodes and their records."""
        return self.root / "audio"

    @property
    def music(self) -> Path:
        """Folder of the producer's music."""
        return self.audio / "music"

    @property
    def imported(self) -> Path:
        """Folder of imported episodes, which cannot be rendered again."""
        return self.audio / "imported"

    @property
    def clips(self) -> Path:
        """Cache of narrated and mastered sentences; it can be deleted, at the cost of narrating again."""
        return self.audio / "clips"

    @property
    def heard(self) -> Path:
        """Cache of speech recognition results, by the digest of the MP3."""
        return self.audio / ".listen"

    @property
    def feed(self) -> Path:
        """The feed folder, which is published."""
        return self.root / "feed"

    def script(self, slug: str) -> Path:
        """Return the path of an episode's script."""
        return self.scripts / f"{slug}.md"

    def script_files(self) -> list[Path]:
        """Return the scripts by name, without hidden files and a README."""
        paths = (path for path in self.scripts.glob("*.md") if not path.name.startswith((".", "README")))
        return sorted(paths, key=lambda path: path.name)

    def draft(self, slug: str) -> Path:
        """Return the path of a script's original draft, to detect later edits."""
        return self.scripts / ".drafts" / f"{slug}.md"

    @property
    def pictures(self) -> Path:
        """Folder of the lead images of articles."""
        return self.scripts / "art"

    @property
    def versions(self) -> Path:
        """HTTP validators (ETag, Last-Modified) of fetched pages, for conditional requests."""
        return self.audio / ".web.json"

    def sound(self, slug: str) -> Path:
        """Return the path of an episode's finished MP3."""
        return self.audio / f"{slug}.mp3"

    def record(self, slug: str) -> Path:
        """Return the path of an episode's record."""
        return self.audio / f"{slug}.json"

    def file(self, relative: str) -> Path:
        """Return the path of a file that show.toml or a script names; it must be in the show folder.

        Raises WorkspaceError if it is missing or outside.
        """
        path = (self.root / relative).resolve()
        if not path.is_relative_to(self.root.resolve()):
            raise WorkspaceError("is outside the show folder", file=relative, hint="copy the file into the show folder")
        if not path.is_file():
            raise WorkspaceError(
                "file not found in the show folder",
                file=relative,
                hint="check the path: it is relative to the folder of show.toml",
            )
        return path

    @contextmanager
    def lock(self, wait: Callable[[str], None] | None = None) -> Iterator[None]:
        """Lock the show: only one run at a time writes to it. Unfinished files of a killed run are removed first.

        The operating system releases the lock when its process ends, even if killed. If another run has the lock,
        `wait` is called with a message that names it, and this run waits; without `wait`, WorkspaceError is raised.
        """
        lock = FileLock(self.audio / ".lock")
        try:
            self.audio.mkdir(parents=True, exist_ok=True)
            lock.acquire(timeout=0)
        except Timeout:
            busy = f"another podcast command{self._holder()} is working on {self.root}"
            if wait is None:
                raise WorkspaceError(busy, hint="wait until it has finished, or stop it") from None
            wait(f"{busy}; waiting for it to finish (press Ctrl-C to stop waiting)")
            lock.acquire()
        except OSError as error:
            raise _unwritable(self.audio, error) from error
        working = self.audio / WORKING
        try:
            if working.exists():  # sweeping takes a look into every folder, so only after a killed run
                self.sweep()
            self._write_holder(working)
            yield
        finally:
            with suppress(PermissionError):  # another program has it open; the next run removes it
                remove(working)
            lock.release()

    def _write_holder(self, working: Path) -> None:
        try:
            working.write_bytes(f"{os.getpid()} {dt.datetime.now().astimezone():%Y-%m-%d %H:%M:%S}".encode())
        except OSError as error:
            raise _unwritable(working, error) from error

    def _holder(self) -> str:
        """Return which process holds the lock, as text; empty if it has not written that yet."""
        try:
            process, _, since = (self.audio / WORKING).read_text(encoding="ascii").partition(" ")
        except FileNotFoundError:
            return ""
        return f" (process {process}, started {since})" if since else ""

    def sweep(self) -> None:
        """Remove unfinished files of a killed run. Call only with the lock held."""
        for folder in (self.root, self.audio, self.music, self.heard):
            for path in folder.glob(f"{TEMPORARY}*"):
                remove(path)
        for folder in (self.clips, self.feed, self.scripts):
            for path in folder.rglob(f"{TEMPORARY}*"):
                remove(path)


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Yield a temporary path in the same folder; it replaces `path` at the end, or is removed on error."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f"{TEMPORARY}{secrets.token_hex(6)}-{path.name[-80:]}")
    try:
        yield temporary
        with temporary.open("rb+") as file:
            os.fsync(file.fileno())
        move(temporary, path)
        logger.debug("wrote %s, %d bytes", path, path.stat().st_size)
    except OSError as error:
        raise _unwritable(path, error) from error
    finally:
        remove(temporary)


def move(source: Path, target: Path) -> None:
    """Rename a file over another one."""
    _once_free(lambda: source.replace(target))


def remove(path: Path) -> None:
    """Remove a file, if it exists."""
    _once_free(lambda: path.unlink(missing_ok=True))


def _once_free(act: Callable[[], object]) -> None:
    """Call a function; retry while another program, such as a virus scanner, has the file open on Windows."""
    for pause_s in BUSY_S:
        try:
            act()
        except PermissionError:
            time.sleep(pause_s)
        else:
            return
    act()


def write(path: Path, data: bytes | str) -> bool:
    """Write a file atomically; text is UTF-8. Return False, without writing, if its content is the same already."""
    if isinstance(data, str):
        data = data.encode()
    try:
        if path.stat().st_size == len(data) and path.read_bytes() == data:
            return False
    except FileNotFoundError:
        pass  # the usual case: it is new
    with replacing(path) as temporary:
        temporary.write_bytes(data)
    return True


def sizes(folder: Path) -> dict[str, int]:
    """Return relative path (with `/`) -> size, for all files in a folder and its sub-folders."""
    return {name: size for name, (size, _) in stats(folder).items()}


def stats(folder: Path, below: str = "") -> dict[str, tuple[int, int]]:
    """Return relative path (with `/`) -> (size, mtime_ns), for all files in a folder and its sub-folders."""
    found: dict[str, tuple[int, int]] = {}
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    found |= stats(folder / entry.name, f"{below}{entry.name}/")
                elif entry.is_file():
                    known = entry.stat()
                    found[below + entry.name] = known.st_size, known.st_mtime_ns
    except FileNotFoundError:
        return {}
    return found


def _unwritable(path: Path, error: OSError) -> WorkspaceError:
    return WorkspaceError(reason_of(error), file=path, hint=UNWRITABLE)
