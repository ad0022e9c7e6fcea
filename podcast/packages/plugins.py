# SPDX-License-Identifier: GPL-3.0-or-later
"""Plug-ins: classes found by entry point, and their own sections of show.toml.

Engines (`podcast.voices`), targets (`podcast.targets`) and readers (`podcast.readers`) are plug-ins, both built-in and
third-party ones. Any exception of a plug-in becomes an error that names its package: `guarded`.
"""

import errno
import logging
import re
import reprlib
import traceback
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from importlib.metadata import EntryPoint, entry_points
from typing import Any, Literal, TypeVar, get_args, get_origin, get_type_hints

import msgspec

from podcast.errors import ConfigError, PodcastError, did_you_mean
from podcast.packages.distribution import NAME
from podcast.packages.imports import OURS, culprit, unloadable

Settings = TypeVar("Settings", bound=msgspec.Struct)

FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
"""Disk full: not the fault of a plug-in, and reported by the command line."""

LONGEST = 300
"""Maximum length of a plug-in's own error message, in characters."""

MISSING = object()
"""Sentinel for a missing attribute."""

logger = logging.getLogger(__name__)

TYPES = {
    "str": "text in quotes",
    "int": "a whole number",
    "float": "a number",
    "bool": "true or false",
    "array": "a list in [ ]",
    "object": "a table in { }",
    "null": "empty",
}
"""Type name of msgspec -> its description for show.toml."""

BOUNDS = {
    r" of length >= 1$": " that is not empty",
    r" >= (\S+?)(?:\.0)?$": r" of at least \1",
    r" <= (\S+?)(?:\.0)?$": r" of at most \1",
    r" > (\S+?)(?:\.0)?$": r" greater than \1",
    r" < (\S+?)(?:\.0)?$": r" less than \1",
}
"""Bound in messages of msgspec -> its wording in our messages."""


@dataclass(frozen=True, slots=True)
class Plugin:
    """An entry point and its package; as text: `the reader notebook of the package podcast-notebook`."""

    entry: EntryPoint
    what: str
    """Name of its group in messages, such as `reader`."""
    error: type[PodcastError]
    """Type of error that replaces its own exceptions."""

    @property
    def name(self) -> str:
        """The name of the entry point."""
        return self.entry.name

    @property
    def package(self) -> str:
        """The distribution that contains it."""
        return self.entry.dist.name if self.entry.dist else "an unknown package"

    def __str__(self) -> str:
        return f"the {self.what} {self.name} of the package {self.package}"

    def load(self) -> Any:
        """Return the object of the entry point. Raises `error`, which names the package, if it cannot be loaded."""
        try:
            return self.entry.load()
        except Exception as cause:  # a third-party module may raise anything while it is imported
            if self.package == NAME and isinstance(cause, ImportError):
                raise unloadable(cause, f"{self.what} {self.name}", self.error) from cause
            logger.debug("%s cannot be loaded", self, exc_info=cause)
            raise self.error(
                f"the {self.what} {self.name} of {self.package} cannot be loaded: {cause}",
                hint=f"update or uninstall {self.package}",
            ) from cause


def registered(group: str, what: str, error: type[PodcastError]) -> Mapping[str, Plugin]:
    """Return the entry points of a group by name, sorted. Nothing is imported."""
    found = sorted(entry_points(group=group), key=lambda entry: entry.name)
    return {entry.name: Plugin(entry, what, error) for entry in found}


class Plugins(Mapping[str, Any]):
    """The objects of the entry points of a group by name, sorted. Each is loaded on first use, as that takes a while.

    Raises the group's error, which names the package, on the use of one that cannot be loaded.
    """

    def __init__(self, group: str, what: str, error: type[PodcastError]) -> None:
        self.registered = registered(group, what, error)
        self.loaded: dict[str, Any] = {}

    def __getitem__(self, name: str) -> Any:
        if name not in self.loaded:
            self.loaded[name] = self.registered[name].load()
        return self.loaded[name]

    def __contains__(self, name: object) -> bool:
        return name in self.registered

    def __iter__(self) -> Iterator[str]:
        return iter(self.registered)

    def __len__(self) -> int:
        return len(self.registered)


# --- exceptions of plug-ins -------------------------------------------------------------------------------------


@contextmanager
def guarded(plugin: Plugin) -> Iterator[None]:
    """Raise the plug-in's `error` for any exception inside that is not a PodcastError; its traceback is logged.

        the reader notebook of the package podcast-notebook failed: KeyError: 'cells'

    A PodcastError is raised unchanged, as are errors that are not the plug-in's fault: out of memory, a full disk, a
    package that is not installed (see imports.needed).
    """
    try:
        yield
    except (PodcastError, MemoryError):
        raise
    except Exception as cause:
        if _is_of_the_machine(cause, plugin):
            raise
        raise failure(plugin, cause) from cause


def _is_of_the_machine(cause: Exception, plugin: Plugin) -> bool:
    """Return True for a full disk, and for a package that cannot be imported and is not the plug-in's own fault.

    Built-in plug-ins handle errors about their own files; the other OSErrors that they raise are the machine's.
    """
    if isinstance(cause, ImportError):
        return plugin.package == NAME or culprit(cause) not in {"", OURS}
    return isinstance(cause, OSError) and (plugin.package == NAME or cause.errno in FULL)


def failure(plugin: Plugin, cause: Exception) -> PodcastError:
    """Return the error for a plug-in that has raised an unexpected exception, and log the traceback."""
    logger.debug("%s failed", plugin, exc_info=cause)
    reason = " ".join(f"{type(cause).__name__}: {cause}".split())[:LONGEST].removesuffix(": ")
    error = plugin.error(
        f"{plugin} failed: {reason}",
        hint=f"report this to the authors of {plugin.package}; with --log FILE, the details are in the file",
    )
    error.traceback = "".join(traceback.format_exception(cause))
    return error


class Guarded:
    """Proxy for a plug-in's object: each call is `guarded`, and return values are checked."""

    def __init__(self, inner: object, plugin: Plugin, answers: Mapping[str, Callable[[Any], bool]]) -> None:
        """Wrap the object; `answers` has method name -> predicate for a valid return value."""
        self._inner = inner
        self._plugin = plugin
        self._answers = answers

    def __getattr__(self, name: str) -> Any:
        if name in {"_inner", "_plugin", "_answers"}:
            raise AttributeError(name)  # the proxy is being copied
        with guarded(self._plugin):
            found = getattr(self._inner, name, MISSING)
        if found is MISSING:
            raise AttributeError(name)  # optional attributes
        return partial(self._call, name, found) if callable(found) else found

    def _call(self, name: str, method: Callable[..., Any], *args: Any, **options: Any) -> Any:
        with guarded(self._plugin):
            answer = method(*args, **options)
            if name in self._answers and not self._answers[name](answer):
                raise TypeError(f"{name}() returned {reprlib.repr(answer)}")
            return answer


def require(inner: object, types: Mapping[str, type | tuple[type, ...]]) -> None:
    """Raise TypeError unless an object has these attributes with these types."""
    for name, kind in types.items():
        value = getattr(inner, name, None)
        if not isinstance(value, kind):
            raise TypeError(f"{name} must not be {reprlib.repr(value)}")


# --- sections of show.toml --------------------------------------------------------------------------------------


def settings_of(where: str, given: Mapping[str, object], kind: type[Settings]) -> Settings:
    """Convert a section of show.toml to `kind`, whose fields are the keys, with their defaults and bounds.

    `where` is the prefix of the key in messages, such as `engine.kokoro.`. Raises ConfigError.
    """
    known = kind.__struct_fields__
    for key in given:
        if key not in known:
            hint = did_you_mean(key, known) if known else "remove the line: there are no settings in this section"
            raise ConfigError("unknown key", hint=hint, key=f"{where}{key}")
    try:
        return msgspec.convert(dict(given), kind)
    except msgspec.ValidationError as error:
        place, message = worded(error, kind, given)
        if message.endswith(": is missing"):
            missing = message.removesuffix(": is missing")
            raise ConfigError(
                "is missing", hint=f"add a line to the section: {missing} = …", key=f"{where}{missing}"
            ) from error
        key = place.removeprefix(".")
        raise ConfigError(message, hint="correct the value in show.toml", key=f"{where}{key}") from error


def worded(error: msgspec.ValidationError, kind: Any, value: object = None) -> tuple[str, str]:
    """Return location and message of a validation error; the location, such as `.intro.gain_db`, may be empty.

    `kind` is the type that `value` was to be converted to.
    """
    message, _, place = str(error).partition(" - at ")
    place = place.strip("`").removeprefix("$")
    if found := re.match(r"Invalid enum value (.+)", message):
        return place, f"must be {either(str(one) for one in _choices(kind, place) if one != '')}, not {found[1]}"
    if found := re.match(r"Object missing required field `(\w+)`", message):
        return place, f"{found[1]}: is missing"
    wanted, _, got = re.sub(r"`(\w+)(?: \| null)?`", lambda found: TYPES.get(found[1], found[0]), message).partition(
        ", got "
    )
    if not wanted.startswith("Expected "):
        return place, wanted[:1].lower() + wanted[1:]
    for bound, words in BOUNDS.items():
        wanted = re.sub(bound, words, wanted)
    choices = [str(one) for one in _choices(kind, place) if one != ""] if "array" not in message else []
    wanted = either(choices) if choices else wanted.removeprefix("Expected ")
    given = _given(value, place) or got
    return place, f"must be {wanted}" + (f", not {given}" if given else "")


def either(choices: Iterable[str]) -> str:
    """Join choices for a sentence: `a, b or c`."""
    *first, last = choices
    return f"{', '.join(first)} or {last}" if first else last


def _given(value: object, place: str) -> str:
    """Return the value at a location, as written in TOML; empty if it is not a scalar."""
    for name, number in re.findall(r"\.(\w+)|\[(\d+|\.\.\.)\]", place):
        if isinstance(value, Mapping) and name:
            value = value.get(name)
        elif isinstance(value, list | tuple) and number.isdigit():
            value = value[int(number)]
        else:
            return ""
    if isinstance(value, bool):
        return str(value).lower()
    return repr(value) if isinstance(value, str | int | float) else ""


def _choices(kind: Any, place: str) -> tuple[object, ...]:
    """Return the allowed values at a location of a type."""
    for field in re.findall(r"\.(\w+)", place):
        kind = get_type_hints(kind).get(field) if isinstance(kind, type) else None
    return _literals(kind)


def _literals(kind: Any) -> tuple[object, ...]:
    if get_origin(kind) is Literal:
        return get_args(kind)
    return tuple(one for inner in get_args(kind) for one in _literals(inner))
