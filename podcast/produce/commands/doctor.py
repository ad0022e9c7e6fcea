# SPDX-License-Identifier: GPL-3.0-or-later
"""`podcast doctor`: check this machine and this show, and report how to fix problems."""

import platform
import shutil
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from podcast import __version__, ffmpeg, voices
from podcast.config import load as shows
from podcast.config.settings import Show
from podcast.errors import ConfigError, EngineMissing, PodcastError
from podcast.packages.distribution import NAME, install
from podcast.packages.imports import EXTRAS
from podcast.packages.plugins import Plugin, guarded, registered
from podcast.produce.commands import dependencies
from podcast.produce.commands.say import player
from podcast.produce.intake import scripts
from podcast.publish import open_target
from podcast.workspace import Workspace

LOW_DISK_SPACE = 1 << 30
"""Free disk space in bytes below which a note is shown: an hour of clips takes 130 MB."""


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """The result of one check."""

    state: Literal["ok", "note", "error"]
    """`error` prevents work; `note` does not."""
    message: str
    fix: str = ""


def examine(place: Workspace) -> Iterator[Diagnosis]:
    """Check the machine and the installation, then the show, if there is one."""
    yield Diagnosis("ok", f"{NAME} {__version__}, Python {platform.python_version()} on {sys.platform}")
    yield from _check_plugins("podcast.readers", "reader", dependencies.READERS)
    yield from _check_engines()
    yield from _check_plugins("podcast.targets", "upload target", dependencies.TARGETS)
    yield from _check_packages()
    yield _check_ffmpeg()
    if player() is None:
        yield Diagnosis(
            "note",
            "no audio player found: podcast say writes say.wav instead of playing it",
            "install ffmpeg, which comes with the player ffplay",
        )
    free = shutil.disk_usage(place.root if place.root.exists() else ".").free
    yield (
        Diagnosis("ok", f"{free / 1e9:.1f} GB of free disk space")
        if free > LOW_DISK_SPACE
        else Diagnosis(
            "note",
            f"only {free / 1e9:.1f} GB of free disk space",
            "free some disk space: an hour of speech takes about 200 MB",
        )
    )
    if not place.show.exists():
        yield Diagnosis("note", "no show in this folder", "create one: podcast init")
        return
    yield from _check_show(place)


def _loaded(
    group: str, what: str, ask: Callable[[Any], str] = lambda _plugin: ""
) -> Iterator[tuple[str, str, PodcastError | None]]:
    """Yield each entry point of a group: its name, the result of `ask`, and the error if it fails."""
    for name, plugin in registered(group, what, PodcastError).items():
        try:
            yield name, _asked(plugin, ask), None
        except PodcastError as error:
            yield name, "", error


def _asked(plugin: Plugin, ask: Callable[[Any], str]) -> str:
    found = plugin.load()
    with guarded(plugin):
        return ask(found)


def _check_plugins(group: str, what: str, needs: Mapping[str, str]) -> Iterator[Diagnosis]:
    """Check readers or targets: one line for all that work, and one for each that does not."""
    usable = []
    for name, _, error in _loaded(group, what):
        modules = needs.get(name, "")
        if error is None and not dependencies.installed(modules):
            extra = EXTRAS[modules.split()[0]]
            yield Diagnosis("note", f"{what} {name} is not installed", install(extra))
            continue
        errors = [error] if error else list(dependencies.broken(f"{what} {name}", modules))
        yield from (Diagnosis("error", one.message, one.hint) for one in errors)
        usable += [] if errors else [name]
    if usable:
        yield Diagnosis("ok", f"{what}s: {', '.join(usable)}")


def _check_engines() -> Iterator[Diagnosis]:
    """Check the voice engines, with the reason if one is not available."""
    for name, missing, error in _loaded("podcast.voices", "voice engine", lambda kind: str(kind({}).missing())):
        who = f"voice engine {name}"
        if missing:
            yield Diagnosis("note", f"{who}: not available", missing)
            continue
        errors = [error] if error else list(dependencies.broken(who, dependencies.VOICES.get(name, "")))
        yield from (Diagnosis("error", one.message, one.hint) for one in errors)
        if not errors:
            yield Diagnosis("ok", f"{who}: ready")


def _check_packages() -> Iterator[Diagnosis]:
    """Check the packages of the other parts of the program."""
    there = {
        f"extra {name}": modules for name, modules in dependencies.OPTIONAL.items() if dependencies.installed(modules)
    }
    usable = []
    for who, modules in {**dependencies.PARTS, **there}.items():
        errors = list(dependencies.broken(who, modules))
        yield from (Diagnosis("error", one.message, one.hint) for one in errors)
        usable += [] if errors else [who]
    if usable:
        yield Diagnosis("ok", f"packages for: {', '.join(usable)}")


def _check_settings(place: Workspace, show: Show) -> Iterator[Diagnosis]:
    """Check the settings of engines and targets, which nothing else reads before they are used."""
    for name, settings in show.settings.items():
        try:
            voices.engine(name, settings)
        except PodcastError as error:
            yield Diagnosis("error", f"show.toml: [engine.{name}]: {error.message}", error.hint)
    for name in show.targets:
        try:
            with open_target(name, show.targets, place.root) as target:
                yield Diagnosis("ok", f"target {name}: {target.where}")
        except PodcastError as error:
            yield Diagnosis(
                "error" if isinstance(error, ConfigError) else "note", f"target {name}: {error.message}", error.hint
            )


def _check_voices(show: Show) -> Iterator[Diagnosis]:
    """Check the voices that show.toml names; a fallback voice may be unavailable, but not unknown."""
    for language, who in show.voices.items():
        try:
            found = voices.find(who.voice, language, show.settings)
            missing = voices.engine(found.engine, show.settings.get(found.engine, {})).missing()
        except PodcastError as error:
            yield Diagnosis("error", f"voice for {language}: {error.message}", error.hint)
            continue
        yield Diagnosis("error" if missing else "ok", f"voice for {language}: {found.ref}", missing)
    for ref in dict.fromkeys(ref for refs in show.fallbacks.values() for ref in refs):
        try:
            if ref not in voices.engine_classes():  # an engine without a voice fits any language
                voices.find(ref, show.language, show.settings)
        except PodcastError as error:
            absent = isinstance(error, EngineMissing)
            yield Diagnosis("note" if absent else "error", f"fallback voice: {error.message}", error.hint)


def _check_ffmpeg() -> Diagnosis:
    if ffmpeg.path():
        return Diagnosis("ok", "ffmpeg")
    use = "AAC audio, and music in other formats than WAV, FLAC, MP3, Ogg and Opus"
    return Diagnosis("note", f"ffmpeg is not installed; only needed for {use}", ffmpeg.HOW)


def _check_show(place: Workspace) -> Iterator[Diagnosis]:
    try:
        show = shows.load(place.show)
    except ConfigError as error:
        yield Diagnosis("error", error.message, error.hint)
        return
    yield Diagnosis("ok", f"show.toml: {show.title}")
    if shows.is_placeholder(show):
        yield Diagnosis(
            "note", f"show.toml: show.url: {show.url} is a placeholder", "set url in show.toml before you publish"
        )
    for key in ("description", "author", "email"):
        if not getattr(show, key):
            yield Diagnosis(
                "note", f"show.toml: show.{key}: is missing", f"add {key} below [show]: podcast directories ask for it"
            )
    yield from _check_voices(show)
    yield from _check_settings(place, show)
    if "aac" in show.output.also and not ffmpeg.path():
        yield Diagnosis("error", 'show.toml: [sound] also = ["aac"] needs ffmpeg, which is not installed', ffmpeg.HOW)
    for path in place.script_files():
        try:
            scripts.load(place, path.stem)
        except PodcastError as error:
            yield Diagnosis("error", error.message, error.hint)
