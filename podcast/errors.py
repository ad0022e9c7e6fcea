# SPDX-License-Identifier: GPL-3.0-or-later
"""The exception hierarchy.

PodcastError(text, hint, file, line, key)
├─ ConfigError         show.toml is missing, unreadable or wrong
├─ ReadError           a source cannot become an article (empty, binary, wrong encoding, not found)
├─ ScriptError         scripts/<slug>.md has an error
├─ NarrationError      a sentence cannot be spoken
│  ├─ EngineMissing    the engine is not installed; the hint says how to get it
│  ├─ UnknownVoice     no engine has this voice; the hint names some that exist
│  └─ SynthesisError   the engine failed or gave bad audio; `transient` if trying again may help
│     └─ ServiceDown   a service has failed too often, or asks for no requests for a while
├─ AudioError          music or a recording cannot be used, or the mastered file misses its target
├─ ListenError         speech recognition is not available, or not in this language
├─ FeedError           the feed cannot be built from the settings and episodes
├─ WorkspaceError      a folder or file of the show is missing, locked, damaged or cannot be written
└─ PublishError        the target is unreachable, refuses or disconnects; `transient` if trying again may help
   └─ TargetChanged    the target has changed since this show's last upload

Only `podcast.cli.main.main` catches PodcastError: it prints `error:` and `hint:` and exits with 1.
Adapters turn a library's own exceptions into these with `raise … from`.
"""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path


class PodcastError(Exception):
    """An error that the user can fix.

    `text` is what is wrong, `hint` how to fix it. The location is in fields of its own: `file` (a path or a URL),
    `line` (from 1) and `key` (dotted, such as `show.url`); `message` has them before the text. `problems` are the
    individual errors of a combined one.
    """

    traceback: str = ""
    """Original traceback of an exception in a plug-in, kept when the error is pickled on another machine."""

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
        """The message before a location was added."""

    @property
    def where(self) -> str:
        """Return the location as in `message`: `show.toml:3: show.url`; empty if there is none."""
        place = f"{self.file}:{self.line}" if self.file and self.line is not None else self.file
        return ": ".join(part for part in (place, self.key) if part)

    @property
    def message(self) -> str:
        """Return the location and the text, with a line for each of several problems."""
        problems = (f"{one.message}; {one.hint}" if one.hint else one.message for one in self.problems)
        listed = "".join(f"\n  - {problem}" for problem in problems)
        return f"{self.where}: {self.text}{listed}" if self.where else f"{self.text}{listed}"

    def locate(self, file: "Path | str | None" = None, line: int | None = None, key: str = "") -> None:
        """Add the location that refers to the present one, such as the script line that names a file."""
        self.cause = self.cause or self.message
        self.text = f"{self.where}: {self.text}" if self.where else self.text
        self.file, self.line, self.key = str(file or ""), line, key

    def __str__(self) -> str:
        return self.message

    def __reduce__(self) -> tuple[object, ...]:
        """Pickle all fields, for errors from worker processes."""
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
"""Type of error -> its text; other types have the text of the operating system."""


def reason_of(error: OSError) -> str:
    """Return why a file cannot be read or written, with the same text on all operating systems."""
    return REASONS.get(type(error)) or error.strerror or str(error)


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return the hint for an unknown word: the most similar known one, else all of them."""
    import difflib

    lower = {one.lower(): one for one in known}
    near = difflib.get_close_matches(word.lower(), lower, n=1)
    return f"did you mean {lower[near[0]]}?" if near else f"choose from: {', '.join(sorted(lower.values()))}"


class ConfigError(PodcastError):
    """show.toml is missing, unreadable or wrong."""


class ReadError(PodcastError):
    """A source cannot become an article."""

    part: str = ""
    """Id of the feed entry concerned; other entries of the feed may be fine."""


class ScriptError(PodcastError):
    """A script has an error."""


class NarrationError(PodcastError):
    """A sentence cannot be spoken. `voice` is the reference of its voice, if known."""

    voice: str = ""


class EngineMissing(NarrationError):
    """The engine is not installed."""


class UnknownVoice(NarrationError):
    """No engine has the requested voice."""


class SynthesisError(NarrationError):
    """The engine failed, or its output is not speech.

    `transient` means that trying again may help; `retry_after_s` is the wait that the service requests, in seconds.
    """

    def __init__(
        self, text: str, *, transient: bool = False, retry_after_s: float | None = None, **location: Any
    ) -> None:
        super().__init__(text, **location)
        self.transient = transient
        self.retry_after_s = retry_after_s


class ServiceDown(SynthesisError):
    """A service has failed too often in a row, or requests a pause: no requests are sent for a while."""


class AudioError(PodcastError):
    """Music or a recording cannot be used, or the mastered file misses its target."""


class ListenError(PodcastError):
    """Speech recognition is not available, or not in this language."""


class FeedError(PodcastError):
    """The feed cannot be built from the settings and episodes."""


class WorkspaceError(PodcastError):
    """A folder or file of the show is missing, locked, damaged or cannot be written."""


class PublishError(PodcastError):
    """The target is unreachable, refuses or disconnects; `transient` means that trying again may help."""

    def __init__(self, text: str, *, transient: bool = False, **location: Any) -> None:
        super().__init__(text, **location)
        self.transient = transient


class TargetChanged(PublishError):
    """The target has changed since this show's last upload."""
