# SPDX-License-Identifier: GPL-3.0-or-later
"""`podcast doctor`: what this machine and this show lack, and how to get it."""

import platform
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from podcast import ffmpeg, voices
from podcast import show as shows
from podcast.errors import ConfigError, EngineMissing, PodcastError
from podcast.produce import scripts
from podcast.produce.voicing import player
from podcast.publish import open_target
from podcast.settings import Show
from podcast.workspace import Workspace

ROOM = 1 << 30
"""Less free disk than this is worth a word, in bytes: an hour of clips takes 130 MB."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at."""

    state: Literal["ok", "note", "bad"]
    """`bad` stops the work; a `note` does not."""
    what: str
    mend: str = ""


def examine(place: Workspace) -> Iterator[Finding]:
    """Look at the machine, then at the show, if there is one."""
    yield Finding("ok", f"Python {platform.python_version()} on {sys.platform}")
    for name in voices.engines():
        missing = voices.engine(name, {}).missing()
        state = "not usable here" if missing else "ready"
        yield Finding("note" if missing else "ok", f"voice engine {name}: {state}", missing)
    yield _ffmpeg()
    if player() is None:
        yield Finding("note", "no program to play sound", "podcast say then writes say.wav; ffplay comes with ffmpeg")
    free = shutil.disk_usage(place.root if place.root.exists() else ".").free
    yield (
        Finding("ok", f"{free >> 20} MiB of free disk", "")
        if free > ROOM
        else Finding(
            "note", f"only {free >> 20} MiB of free disk", "an hour of speech takes about 200 MiB: make some room"
        )
    )
    if not place.show.exists():
        yield Finding("note", "no show in this folder", "make one: podcast init")
        return
    yield from _show(place)


def _plugged(place: Workspace, show: Show) -> Iterator[Finding]:
    """Look at the sections of engines and targets, which nothing else reads before they are used."""
    for name, settings in show.settings.items():
        try:
            voices.engine(name, settings)
        except PodcastError as error:
            yield Finding("bad", f"show.toml: [engine.{name}]: {error.message}", error.hint)
    for name in show.targets:
        try:
            with open_target(name, show.targets, place.root) as target:
                yield Finding("ok", f"target {name}: {target.where}")
        except PodcastError as error:
            yield Finding(
                "bad" if isinstance(error, ConfigError) else "note", f"target {name}: {error.message}", error.hint
            )


def _voices(show: Show) -> Iterator[Finding]:
    """Look at the voices that show.toml names; one that stands in for another may be lacking, but not unknown."""
    for language, who in show.voices.items():
        try:
            found = voices.find(who.voice, language, show.settings)
            missing = voices.engine(found.engine, show.settings.get(found.engine, {})).missing()
        except PodcastError as error:
            yield Finding("bad", f"voice for {language}: {error.message}", error.hint)
            continue
        yield Finding("bad" if missing else "ok", f"voice for {language}: {found.ref}", missing)
    named = dict.fromkeys(ref for refs in show.fallbacks.values() for ref in refs)
    for ref in (ref for ref in named if ref not in voices.engines()):  # an engine alone is of any language
        try:
            voices.find(ref, show.language, show.settings)
        except PodcastError as error:
            absent = isinstance(error, EngineMissing)
            yield Finding("note" if absent else "bad", f"voice that stands in: {error.message}", error.hint)


def _ffmpeg() -> Finding:
    if ffmpeg.path():
        return Finding("ok", "ffmpeg")
    use = "only for AAC, and for music in other formats than WAV, FLAC, MP3, Ogg and Opus"
    return Finding("note", "ffmpeg is not installed", f"needed {use}: {ffmpeg.HOW}")


def _show(place: Workspace) -> Iterator[Finding]:
    try:
        show = shows.load(place.show)
    except ConfigError as error:
        yield Finding("bad", error.message, error.hint)
        return
    yield Finding("ok", f"show.toml: {show.title}")
    if shows.is_placeholder(show):
        yield Finding("note", f"url {show.url} is a placeholder", "set it in show.toml before you publish")
    for key in ("description", "author", "email"):
        if not getattr(show, key):
            yield Finding("note", f"show.toml has no {key}", f"directories ask for it; add {key} to [show]")
    yield from _voices(show)
    yield from _plugged(place, show)
    if "aac" in show.output.also and not ffmpeg.path():
        yield Finding("bad", 'show.toml: [sound] also = ["aac"] needs ffmpeg, which is not here', ffmpeg.HOW)
    for path in place.script_files():
        try:
            scripts.load(place, path.stem)
        except PodcastError as error:
            yield Finding("bad", error.message, error.hint)
