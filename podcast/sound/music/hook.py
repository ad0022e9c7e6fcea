# SPDX-License-Identifier: GPL-3.0-or-later
"""A producer's own code for music: `[hooks] music = "module:function"` of show.toml.

`module` is a Python file of the show folder, or anything that can be imported. The function is called once for each
piece of music, with its kind (`intro`, `bed`, `sting`, `outro`) and the pydub AudioSegment that was opened for it, and
returns the AudioSegment that is to be played: another level, a filter, something composed on the spot. It has to give
the same audio for the same input; `fingerprint` detects a change of its file.
"""

import importlib
import importlib.util
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

from podcast.config.settings import MusicKind
from podcast.errors import AudioError, ConfigError

if TYPE_CHECKING:
    from pydub import AudioSegment

Hook = Callable[[MusicKind, "AudioSegment"], "AudioSegment"]

WRITTEN = 'write it as [hooks] music = "module:function"; module.py must be in the show folder, or be installed'


def load(reference: str, folder: Path) -> Hook:
    """Return the function that a reference `module:function` names.

    Raises ConfigError if there is none; the result of the function itself is checked at each call.
    """
    module, _, function = reference.partition(":")
    path = _file(reference, folder)
    try:
        found = getattr(_execute(path) if path else importlib.import_module(module), function)
    except Exception as error:  # third-party code may raise anything
        raise ConfigError(
            f"{type(error).__name__}: {error}",
            file=reference,
            key="hooks.music",
            hint="fix that code, or correct its name in [hooks]",
        ) from error
    if not callable(found):
        raise ConfigError(f"{reference} is not a function", key="hooks.music", hint=WRITTEN)
    return _checked(found, reference)


def fingerprint(reference: str, folder: Path) -> bytes:
    """Return the source of the hook's module, so that a change invalidates the music; it is not executed."""
    path = _file(reference, folder)
    if path is None:
        spec = importlib.util.find_spec(reference.partition(":")[0])
        path = Path(spec.origin) if spec and spec.origin else None
    return path.read_bytes() if path and path.is_file() else b""


def _file(reference: str, folder: Path) -> Path | None:
    """Return the module's file in the show folder, or None if the module has to be importable.

    Raises ConfigError if it is neither.
    """
    module, colon, function = reference.partition(":")
    if not (colon and function.isidentifier() and all(part.isidentifier() for part in module.split("."))):
        raise ConfigError(f"{reference!r} does not name a function", key="hooks.music", hint=WRITTEN)
    path = folder.joinpath(*module.split(".")).with_suffix(".py")
    if path.is_file():
        return path
    try:
        known = importlib.util.find_spec(module)
    except ModuleNotFoundError:
        known = None
    if known is None:
        raise ConfigError(f"module {module!r} not found", key="hooks.music", hint=WRITTEN)
    return None


def _execute(path: Path) -> ModuleType:
    """Execute a file as a module, registered as `show_<name>` so that it shadows no other; writes no bytecode."""
    module = ModuleType(f"show_{path.stem}")
    module.__file__ = str(path)
    sys.modules[module.__name__] = module
    exec(compile(path.read_bytes(), str(path), "exec"), module.__dict__)  # noqa: S102 - the producer asked for it
    return module


def _checked(function: Callable[..., Any], reference: str) -> Hook:
    """Wrap the function: its errors and invalid results become an AudioError that names it."""

    def hook(kind: MusicKind, segment: "AudioSegment") -> "AudioSegment":
        try:
            shaped = function(kind, segment)
        except Exception as error:
            raise AudioError(
                f"{reference} failed on the {kind}: {type(error).__name__}: {error}",
                key="hooks.music",
                hint="fix that code",
            ) from error
        if not isinstance(shaped, type(segment)):
            raise AudioError(
                f"{reference} returned {type(shaped).__name__} for the {kind}, not a pydub AudioSegment",
                key="hooks.music",
                hint="return the AudioSegment to play; to change nothing, return the one that was passed in",
            )
        return shaped

    return hook
