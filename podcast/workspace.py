# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the things of a show lie, and how they are written: whole or not at all.

A show folder is show.toml + scripts/ + audio/ + feed/. No database: `ls` shows the state.
Every file is written to a temporary name beside its place, synced, and renamed, so that a reader (or the next run
after a power cut) never sees half of it. A file that would get the bytes it has is left alone.
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
"""How the name of an unfinished file begins; `sweep` removes those that a killed run left."""

UNWRITABLE = "check free disk space, permissions, and whether another program has the file open"

WORKING = ".working"
"""In audio/ while a run is at work, with its process id and when it began. One that finds it there, and has the lock,
knows that the last one was killed."""

BUSY_S = (0.05, 0.1, 0.2, 0.4, 0.8)
"""Pauses before a file that another program has open is tried again; Windows keeps it in place until it is closed."""


@dataclass(frozen=True, slots=True)
class Workspace:
    """The folders and files of one show."""

    root: Path

    @property
    def show(self) -> Path:
        """The file that describes the show."""
        return self.root / "show.toml"

    @property
    def scripts(self) -> Path:
        """What will be said."""
        return self.root / "scripts"

    @property
    def audio(self) -> Path:
        """What is heard."""
        return self.root / "audio"

    @property
    def music(self) -> Path:
        """Intro and outro."""
        return self.audio / "music"

    @property
    def imported(self) -> Path:
        """Episodes that were made elsewhere, as import took them over: nothing can make them again."""
        return self.audio / "imported"

    @property
    def clips(self) -> Path:
        """Narrated and mastered sentences: a cache that can be thrown away, at the price of narrating again."""
        return self.audio / "clips"

    @property
    def heard(self) -> Path:
        """What a machine recognised in finished episodes: a cache, by the MP3's digest."""
        return self.audio / ".listen"

    @property
    def feed(self) -> Path:
        """What is published."""
        return self.root / "feed"

    def script(self, slug: str) -> Path:
        """Return the place of an episode's script."""
        return self.scripts / f"{slug}.md"

    def script_files(self) -> list[Path]:
        """Return the scripts by name; hidden files and a README are none."""
        paths = (path for path in self.scripts.glob("*.md") if not path.name.startswith((".", "README")))
        return sorted(paths, key=lambda path: path.name)

    def draft(self, slug: str) -> Path:
        """Return the place of a script as it was drafted, to see later what a person has changed."""
        return self.scripts / ".drafts" / f"{slug}.md"

    @property
    def pictures(self) -> Path:
        """Pictures of articles, for their episodes."""
        return self.scripts / "art"

    @property
    def versions(self) -> Path:
        """What web servers said of the versions of their pages, so that they are asked only for newer ones."""
        return self.audio / ".web.json"

    def sound(self, slug: str) -> Path:
        """Return the place of an episode's finished MP3."""
        return self.audio / f"{slug}.mp3"

    def record(self, slug: str) -> Path:
        """Return the place of what is known about a finished episode."""
        return self.audio / f"{slug}.json"

    def file(self, relative: str) -> Path:
        """Return the path of a file that show.toml or a script names; it must lie in the show folder.

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
        """Hold the show: one run at a time writes to it. What a killed run left unfinished is removed first.

        The operating system frees the lock when its holder ends, however that ends. If another run has it: with
        `wait`, that is told who has it, and its end is waited for; else WorkspaceError is raised, which says so too.
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
            if working.exists():  # a look into every folder, which a run that ended by itself spares the next one
                self.sweep()
            self._say_who(working)
            yield
        finally:
            with suppress(PermissionError):  # another program looks into it; the next run removes it
                remove(working)
            lock.release()

    def _say_who(self, working: Path) -> None:
        try:
            working.write_bytes(f"{os.getpid()} {dt.datetime.now().astimezone():%Y-%m-%d %H:%M:%S}".encode())
        except OSError as error:
            raise _unwritable(working, error) from error

    def _holder(self) -> str:
        """Return who holds the lock, in words; nothing if that run has not said so yet."""
        try:
            process, _, since = (self.audio / WORKING).read_text(encoding="ascii").partition(" ")
        except FileNotFoundError:
            return ""
        return f" (process {process}, started {since})" if since else ""

    def sweep(self) -> None:
        """Remove what a killed run left unfinished. Call only with the lock held."""
        for folder in (self.root, self.audio, self.music, self.heard):
            for path in folder.glob(f"{TEMPORARY}*"):
                remove(path)
        for folder in (self.clips, self.feed, self.scripts):
            for path in folder.rglob(f"{TEMPORARY}*"):
                remove(path)


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Give a temporary path beside `path`; what was written there takes its place at the end, or vanishes on error."""
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
    """Remove a file, if it is there."""
    _once_free(lambda: path.unlink(missing_ok=True))


def _once_free(act: Callable[[], object]) -> None:
    """Do what Windows refuses while another program has a file open, such as a virus scanner for a moment."""
    for pause_s in BUSY_S:
        try:
            act()
        except PermissionError:
            time.sleep(pause_s)
        else:
            return
    act()


def write(path: Path, data: bytes | str) -> bool:
    """Write a whole file atomically; text is UTF-8. Return False, and touch nothing, if it has these bytes already."""
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
    """Return the size of each file in a folder and below, by its name with `/`."""
    return {name: size for name, (size, _) in stats(folder).items()}


def stats(folder: Path, below: str = "") -> dict[str, tuple[int, int]]:
    """Return size and time of change (ns) of each file in a folder and below, by its name with `/`."""
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
