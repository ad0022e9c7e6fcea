# SPDX-License-Identifier: GPL-3.0-or-later
"""The exception hierarchy.

PodcastError(text, hint, file, line, key)
├─ ConfigError         show.toml is missing, unreadable or wrong
├─ ReadError           a source cannot become an article (empty, binary, wrong encoding, not found)
├─ ScriptError         scripts/<slug>.md has an error
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

Only `podcast.cli.main.main` catches PodcastError: it prints `error:` and `hint:` and exits with 1.
Adapters turn a library's own exceptions into these with `raise … from`.
"""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path


class PodcastError(Exception):
    """Something that the producer can fix.

    `text` says what is wrong, `hint` what to do about it. Where it is wrong are fields of their own: `file` (a path or
    a URL), `line` (from 1) and `key` (dotted, such as `show.url`); `message` puts them in front of the text.
    `problems` are the single errors of one that has several.
    """

    traceback: str = ""
    """Of a plug-in that raised something else: the traceback, which survives the way back from another machine."""

    def __init__(
        self,
        text: str,
        *,
        hint: str = "",
        file: "Path | str | None" = None,
        line: int | None = None,
        key: str = "",
        problems: "Sequence[PodcastError]" = (),
    ) -> None:
        super().__init__(text)
        self.text, self.hint = text, hint
        self.file, self.line, self.key = str(file or ""), line, key
        self.problems = tuple(problems)
        self.cause = ""
        """The message as it was before a location was added."""

    @property
    def where(self) -> str:
        """Return the location as it stands before the text: `show.toml:3: show.url`; empty if there is none."""
        place = f"{self.file}:{self.line}" if self.file and self.line is not None else self.file
        return ": ".join(part for part in (place, self.key) if part)

    @property
    def message(self) -> str:
        """Return what is wrong and where, with a line for each of several problems."""
        problems = (f"{one.message}; {one.hint}" if one.hint else one.message for one in self.problems)
        listed = "".join(f"\n  - {problem}" for problem in problems)
        return f"{self.where}: {self.text}{listed}" if self.where else f"{self.text}{listed}"

    def locate(self, file: "Path | str | None" = None, line: int | None = None, key: str = "") -> None:
        """Add the location of what refers to where it is wrong, such as the line of a script that names a file."""
        self.cause = self.cause or self.message
        self.text = f"{self.where}: {self.text}" if self.where else self.text
        self.file, self.line, self.key = str(file or ""), line, key

    def __str__(self) -> str:
        return self.message

    def __reduce__(self) -> tuple[object, ...]:
        """Survive the way back from a worker process, with all fields."""
        return _rebuild, (type(self), self.args, dict(self.__dict__))


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
    """A script has an error."""


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
        self, text: str, *, transient: bool = False, retry_after_s: float | None = None, **location: Any
    ) -> None:
        super().__init__(text, **location)
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

    def __init__(self, text: str, *, transient: bool = False, **location: Any) -> None:
        super().__init__(text, **location)
        self.transient = transient


class TargetChanged(PublishError):
    """What is at the target is not what this show last put there."""
