# SPDX-License-Identifier: GPL-3.0-or-later
"""Every way in which the program says no.

PodcastError(message, hint)
├─ ConfigError         show.toml is missing, unreadable or wrong: file, line and key are in the message
├─ ReadError           a source cannot become an article (empty, binary, wrong encoding, not found)
├─ ScriptError         scripts/<slug>.md has a mistake: file and line are in the message
├─ NarrationError      a sentence cannot be spoken
│  ├─ EngineMissing    the engine is not installed; the hint says how to get it
│  ├─ UnknownVoice     no engine has this voice; the hint names some that exist
│  └─ SynthesisError   the engine failed or gave bad sound; `transient` if trying again may help
│     └─ ServiceDown   a service has failed too often, or is not to be asked for a while
├─ AudioError          music or a recording cannot be used, or the mastered file misses its target
├─ ListenError         nothing here recognises speech, or not in this language
├─ FeedError           the feed cannot be built from what the show says
├─ WorkspaceError      a folder or file of the show is missing, locked, damaged or cannot be written
└─ PublishError        the target cannot be reached, refuses, or breaks off; `transient` if trying again may help
   └─ TargetChanged    what is at the target is not what this show last put there

Only `podcast.cli.main` catches PodcastError: it prints `error:` and `hint:` and exits with 1.
Adapters turn a library's own exceptions into these with `raise … from`.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from pathlib import Path


class PodcastError(Exception):
    """Something the person can mend.

    `message` says what is wrong and where; `hint` says what to do about it.
    """

    traceback: str = ""
    """Of a plug-in that raised something else: the traceback, which survives the way back from another machine."""

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def within(self, where: str) -> None:
        """Put the place where it arose in front of its message."""
        self.message = f"{where}: {self.message}"
        self.args = (self.message,)

    def __reduce__(self) -> tuple[object, ...]:
        """Survive the way back from a worker process, hint and all."""
        return _rebuild, (type(self), self.args, dict(self.__dict__))

    @classmethod
    def at(cls, path: "Path", line: int | None, message: str, *, hint: str = "") -> Self:
        """Return the error for line `line` (from 1) of the file `path`."""
        where = str(path) if line is None else f"{path}:{line}"
        return cls(f"{where}: {message}", hint=hint)


def _rebuild(kind: type[PodcastError], args: tuple[str], state: dict[str, object]) -> PodcastError:
    error = kind(*args)
    error.__dict__.update(state)
    return error


REASONS: dict[type[OSError], str] = {
    FileNotFoundError: "file not found",
    PermissionError: "permission denied",
    IsADirectoryError: "is a folder",
}
"""Why a file cannot be used -> the words for it; other errors have those of the system."""


def reason_of(error: OSError) -> str:
    """Return why a file cannot be read or written, in the same words on every system."""
    return REASONS.get(type(error)) or error.strerror or str(error)


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return the hint for a word that is none of the known ones: the nearest of them, else all."""
    import difflib

    lower = {one.lower(): one for one in known}
    near = difflib.get_close_matches(word.lower(), lower, n=1)
    return f"did you mean {lower[near[0]]}?" if near else f"choose from: {', '.join(sorted(lower.values()))}"


class ConfigError(PodcastError):
    """show.toml is missing, unreadable or wrong."""


class ReadError(PodcastError):
    """A source cannot become an article."""

    part: str = ""
    """The entry that it is about, of a feed of which the others can be read."""


class ScriptError(PodcastError):
    """A script has a mistake."""


class NarrationError(PodcastError):
    """A sentence cannot be spoken. `voice` is the reference of the voice that should have, where that is known."""

    voice: str = ""


class EngineMissing(NarrationError):
    """The engine is not installed."""


class UnknownVoice(NarrationError):
    """No engine has the voice that was asked for."""


class SynthesisError(NarrationError):
    """The engine failed, or what it gave is not speech.

    `transient` says that trying again may help; `retry_after_s` is the wait the service asked for, in seconds.
    """

    def __init__(
        self, message: str, *, hint: str = "", transient: bool = False, retry_after_s: float | None = None
    ) -> None:
        super().__init__(message, hint=hint)
        self.transient = transient
        self.retry_after_s = retry_after_s


class ServiceDown(SynthesisError):
    """A service has failed too often in a row, or wants to be left alone: nothing is asked of it for a while."""


class AudioError(PodcastError):
    """Music or a recording cannot be used, or the mastered file misses its target."""


class ListenError(PodcastError):
    """Nothing here recognises speech, or not in this language."""


class FeedError(PodcastError):
    """The feed cannot be built from what the show says."""


class WorkspaceError(PodcastError):
    """A folder or file of the show is missing, locked, damaged or cannot be written."""


class PublishError(PodcastError):
    """The target cannot be reached, refuses, or breaks off; `transient` says that trying again may help."""

    def __init__(self, message: str, *, hint: str = "", transient: bool = False) -> None:
        super().__init__(message, hint=hint)
        self.transient = transient


class TargetChanged(PublishError):
    """What is at the target is not what this show last put there."""
