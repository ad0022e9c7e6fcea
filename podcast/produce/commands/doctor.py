# SPDX-License-Identifier: GPL-3.0-or-later
"""`podcast doctor`: what does not work on this machine or in this show, and how to fix it."""

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

ROOM = 1 << 30
"""Less free disk space than this is worth a note, in bytes: an hour of clips takes 130 MB."""


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """One thing that was looked at."""

    state: Literal["ok", "note", "error"]
    """An `error` stops the work; a `note` does not."""
    message: str
    fix: str = ""


def examine(place: Workspace) -> Iterator[Diagnosis]:
    """Look at the machine and at what is installed, then at the show, if there is one."""
    yield Diagnosis("ok", f"{NAME} {__version__}, Python {platform.python_version()} on {sys.platform}")
    yield from _plain("podcast.readers", "reader", dependencies.READERS)
    yield from _engines()
    yield from _plain("podcast.targets", "upload target", dependencies.TARGETS)
    yield from _parts()
    yield _ffmpeg()
    if player() is None:
        yield Diagnosis(
            "note",
            "no audio player found: podcast say writes say.wav instead of playing it",
            "install ffmpeg, which comes with the player ffplay",
        )
    free = shutil.disk_usage(place.root if place.root.exists() else ".").free
    yield (
        Diagnosis("ok", f"{free / 1e9:.1f} GB of free disk space")
        if free > ROOM
        else Diagnosis(
            "note",
            f"only {free / 1e9:.1f} GB of free disk space",
            "free some disk space: an hour of speech takes about 200 MB",
        )
    )
    if not place.show.exists():
        yield Diagnosis("note", "no show in this folder", "create one: podcast init")
        return
    yield from _show(place)


def _loaded(
    group: str, what: str, ask: Callable[[Any], str] = lambda _plugin: ""
) -> Iterator[tuple[str, str, PodcastError | None]]:
    """Give each entry point of a group by name: what it answers when it is asked, or why it cannot."""
    for name, plugin in registered(group, what, PodcastError).items():
        try:
            yield name, _asked(plugin, ask), None
        except PodcastError as error:
            yield name, "", error


def _asked(plugin: Plugin, ask: Callable[[Any], str]) -> str:
    found = plugin.load()
    with guarded(plugin):
        return ask(found)


def _plain(group: str, what: str, needs: Mapping[str, str]) -> Iterator[Diagnosis]:
    """Look at readers or targets: one line for all that can be used, and one for each that cannot."""
    usable = []
    for name, _, error in _loaded(group, what):
        modules = needs.get(name, "")
        if error is None and not dependencies.installed(modules):
            extra = EXTRAS[modules.split()[0]]
            yield Diagnosis("note", f"{what} {name} is not installed", install(extra))
            continue
        lost = [error] if error else list(dependencies.broken(f"{what} {name}", modules))
        yield from (Diagnosis("error", one.message, one.hint) for one in lost)
        usable += [] if lost else [name]
    if usable:
        yield Diagnosis("ok", f"{what}s: {', '.join(usable)}")


def _engines() -> Iterator[Diagnosis]:
    """Look at the voice engines, with what each says of itself."""
    for name, missing, error in _loaded("podcast.voices", "voice engine", lambda kind: str(kind({}).missing())):
        who = f"voice engine {name}"
        if missing:
            yield Diagnosis("note", f"{who}: not available", missing)
            continue
        lost = [error] if error else list(dependencies.broken(who, dependencies.VOICES.get(name, "")))
        yield from (Diagnosis("error", one.message, one.hint) for one in lost)
        if not lost:
            yield Diagnosis("ok", f"{who}: ready")


def _parts() -> Iterator[Diagnosis]:
    """Look at what is neither reader, voice nor target."""
    there = {
        f"extra {name}": modules for name, modules in dependencies.OPTIONAL.items() if dependencies.installed(modules)
    }
    usable = []
    for who, modules in {**dependencies.PARTS, **there}.items():
        lost = list(dependencies.broken(who, modules))
        yield from (Diagnosis("error", one.message, one.hint) for one in lost)
        usable += [] if lost else [who]
    if usable:
        yield Diagnosis("ok", f"packages for: {', '.join(usable)}")


def _plugged(place: Workspace, show: Show) -> Iterator[Diagnosis]:
    """Look at the sections of engines and targets, which nothing else reads before they are used."""
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


def _voices(show: Show) -> Iterator[Diagnosis]:
    """Look at the voices that show.toml names; a fallback voice may be not available, but not unknown."""
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
            if ref not in voices.engine_classes():  # an engine alone is of any language
                voices.find(ref, show.language, show.settings)
        except PodcastError as error:
            absent = isinstance(error, EngineMissing)
            yield Diagnosis("note" if absent else "error", f"fallback voice: {error.message}", error.hint)


def _ffmpeg() -> Diagnosis:
    if ffmpeg.path():
        return Diagnosis("ok", "ffmpeg")
    use = "AAC audio, and music in other formats than WAV, FLAC, MP3, Ogg and Opus"
    return Diagnosis("note", f"ffmpeg is not installed; only needed for {use}", ffmpeg.HOW)


def _show(place: Workspace) -> Iterator[Diagnosis]:
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
    yield from _voices(show)
    yield from _plugged(place, show)
    if "aac" in show.output.also and not ffmpeg.path():
        yield Diagnosis("error", 'show.toml: [sound] also = ["aac"] needs ffmpeg, which is not installed', ffmpeg.HOW)
    for path in place.script_files():
        try:
            scripts.load(place, path.stem)
        except PodcastError as error:
            yield Diagnosis("error", error.message, error.hint)
