# SPDX-License-Identifier: GPL-3.0-or-later
"""What other packages bring: classes found by entry point, and their own sections of show.toml.

Engines (`podcast.voices`), targets (`podcast.targets`) and readers (`podcast.readers`) are found in this way, ours
through the same door as a stranger's. Whatever they raise becomes one error that names the package: `guarded`.
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
"""No room on the disk: nobody's mistake, and the command line words it."""

LONGEST = 300
"""Characters of what a plug-in says of its failure."""

MISSING = object()
"""In place of an attribute that an object does not have."""

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
"""msgspec's names of types -> what to write in show.toml."""

BOUNDS = {
    r" of length >= 1$": " that is not empty",
    r" >= (\S+?)(?:\.0)?$": r" of at least \1",
    r" <= (\S+?)(?:\.0)?$": r" of at most \1",
    r" > (\S+?)(?:\.0)?$": r" greater than \1",
    r" < (\S+?)(?:\.0)?$": r" less than \1",
}
"""How msgspec writes a bound -> how a message words it."""


@dataclass(frozen=True, slots=True)
class Plugin:
    """An entry point, and who brought it: `the reader notebook of the package podcast-notebook`."""

    entry: EntryPoint
    what: str
    """What its group is called in messages, such as `reader`."""
    error: type[PodcastError]
    """What it raises here, whatever it raises itself."""

    @property
    def name(self) -> str:
        """The name of the entry point."""
        return self.entry.name

    @property
    def package(self) -> str:
        """The distribution that it is part of."""
        return self.entry.dist.name if self.entry.dist else "an unknown package"

    def __str__(self) -> str:
        return f"the {self.what} {self.name} of the package {self.package}"

    def load(self) -> Any:
        """Return what the entry point names. Raises `error`, which names the package, if it cannot be loaded."""
        try:
            return self.entry.load()
        except Exception as cause:  # a stranger's module may raise anything while it is imported
            if self.package == NAME and isinstance(cause, ImportError):
                raise unloadable(cause, f"{self.what} {self.name}", self.error) from cause
            logger.debug("%s cannot be loaded", self, exc_info=cause)
            raise self.error(
                f"the {self.what} {self.name} of {self.package} cannot be loaded: {cause}",
                hint=f"update or uninstall {self.package}",
            ) from cause


def registered(group: str, what: str, error: type[PodcastError]) -> Mapping[str, Plugin]:
    """Return the entry points of a group by name, in the order of their names. Nothing is loaded."""
    found = sorted(entry_points(group=group), key=lambda entry: entry.name)
    return {entry.name: Plugin(entry, what, error) for entry in found}


class Plugins(Mapping[str, Any]):
    """What the entry points of a group name, by name. Each is loaded when it is first asked for, as they take a while.

    Asking raises the group's error, which names the package, for one that cannot be loaded.
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


# --- the boundary: what a plug-in raises ------------------------------------------------------------------------


@contextmanager
def guarded(plugin: Plugin) -> Iterator[None]:
    """Raise the plug-in's `error` for any exception inside that is not worded yet; its traceback goes to the log.

        the reader notebook of the package podcast-notebook failed: KeyError: 'cells'

    A PodcastError passes, and so does what is not the plug-in's fault: no memory, a full disk, a package that is not
    installed (see imports.needed).
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
    """Return True for a full disk, and for a package that cannot be imported and is not the plug-in's own mistake.

    Our own plug-ins word what goes wrong with files; what is left is about files of this machine.
    """
    if isinstance(cause, ImportError):
        return plugin.package == NAME or culprit(cause) not in {"", OURS}
    return isinstance(cause, OSError) and (plugin.package == NAME or cause.errno in FULL)


def failure(plugin: Plugin, cause: Exception) -> PodcastError:
    """Return the error for a plug-in that has raised something of its own, and log its traceback."""
    logger.debug("%s failed", plugin, exc_info=cause)
    reason = " ".join(f"{type(cause).__name__}: {cause}".split())[:LONGEST].removesuffix(": ")
    error = plugin.error(
        f"{plugin} failed: {reason}",
        hint=f"report this to the authors of {plugin.package}; with --log FILE, the details are in the file",
    )
    error.traceback = "".join(traceback.format_exception(cause))
    return error


class Guarded:
    """A plug-in's object whose every call is `guarded`, and whose answers are of the types that its protocol names."""

    def __init__(self, inner: object, plugin: Plugin, answers: Mapping[str, Callable[[Any], bool]]) -> None:
        """Take the object, and for each method that must answer what says whether an answer is right."""
        self._inner = inner
        self._plugin = plugin
        self._answers = answers

    def __getattr__(self, name: str) -> Any:
        if name in {"_inner", "_plugin", "_answers"}:
            raise AttributeError(name)  # of an object that is being copied
        with guarded(self._plugin):
            found = getattr(self._inner, name, MISSING)
        if found is MISSING:
            raise AttributeError(name)  # many attributes are optional
        return partial(self._call, name, found) if callable(found) else found

    def _call(self, name: str, method: Callable[..., Any], *args: Any, **options: Any) -> Any:
        with guarded(self._plugin):
            answer = method(*args, **options)
            if name in self._answers and not self._answers[name](answer):
                raise TypeError(f"{name}() returned {reprlib.repr(answer)}")
            return answer


def require(inner: object, types: Mapping[str, type | tuple[type, ...]]) -> None:
    """Raise TypeError unless an object has these attributes, each of its type."""
    for name, kind in types.items():
        value = getattr(inner, name, None)
        if not isinstance(value, kind):
            raise TypeError(f"{name} must not be {reprlib.repr(value)}")


# --- sections of show.toml --------------------------------------------------------------------------------------


def settings_of(where: str, given: Mapping[str, object], kind: type[Settings]) -> Settings:
    """Return a section of show.toml as a type of its own: fields are keys, with their defaults and bounds.

    `where` is what stands before the key in messages, such as `engine.kokoro.`. Raises ConfigError.
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
    """Return the place (such as `.intro.gain_db`, empty for the whole) and what is wrong there, in the file's words.

    `kind` is the type that `value` was to become.
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
    """Return the choices as a sentence has them: `a, b or c`."""
    *first, last = choices
    return f"{', '.join(first)} or {last}" if first else last


def _given(value: object, place: str) -> str:
    """Return what stands at a place of a value, as it is written in TOML; empty if it is not a single value."""
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
    """Return what may stand at a place of a type."""
    for field in re.findall(r"\.(\w+)", place):
        kind = get_type_hints(kind).get(field) if isinstance(kind, type) else None
    return _literals(kind)


def _literals(kind: Any) -> tuple[object, ...]:
    if get_origin(kind) is Literal:
        return get_args(kind)
    return tuple(one for inner in get_args(kind) for one in _literals(inner))
