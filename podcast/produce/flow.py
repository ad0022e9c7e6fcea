# SPDX-License-Identifier: GPL-3.0-or-later
"""The pipeline: articles -> scripts -> clips -> episodes -> feed.

    scripts_of  write scripts/<slug>.md from sources               (intake.scripts)
    stale       or select the scripts of out-of-date episodes      (render.staleness)
    make        for each script that is out of date:
                  split it into utterances                         (narrate.utterances)
                  narrate and master each sentence, in parallel    (narrate.synthesis, sound.mastering)
                  lay out, mix with music, join, measure           (sound.timeline, sound.stitch, sound.loudness)
                  write tags and the record                        (metadata.id3, records)
    publish     build feed/ from the finished episodes             (release.publication)

Nothing outside this package knows the order of the stages. Call with the show's lock held.
"""

import difflib
from collections.abc import Callable, Collection, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from podcast import read, workspace
from podcast.config import load as shows
from podcast.config.settings import Show
from podcast.errors import PodcastError, ScriptError
from podcast.model import Episode, Script
from podcast.narrate import synthesis
from podcast.packages.imports import needed
from podcast.produce import published_state, records
from podcast.produce.intake import scripts
from podcast.produce.intake.scripts import Intake
from podcast.produce.render import episode, fallbacks
from podcast.produce.render import plan as plans
from podcast.produce.render.context import RenderContext
from podcast.produce.render.episode import RenderedEpisode
from podcast.produce.render.plan import Plan
from podcast.produce.render.staleness import ScriptCache
from podcast.progress import Progress, Quiet
from podcast.text import clock
from podcast.workspace import Workspace

if TYPE_CHECKING:
    from podcast.produce.published_state import Change
    from podcast.produce.render.preflight import Preflight


__all__ = ["Intake", "Plan", "RenderedEpisode", "ScriptSelection"]


@dataclass(frozen=True, slots=True)
class ScriptSelection:
    """The scripts selected for rendering, and the errors of those that cannot be read."""

    scripts: list[Script]
    failures: list[PodcastError]
    current: list[RenderedEpisode] = field(default_factory=list)
    """Selected episodes that are up to date."""


def write_scripts(place: Workspace, show: Show, names: Sequence[str], intake: Intake) -> ScriptSelection:
    """Write scripts from sources; one that cannot be read does not stop the others."""
    found, failures = scripts.write_all(place, show, names, intake)
    return ScriptSelection(list({script.slug: script for script in found}.values()), failures)


def scripts_of(place: Workspace, show: Show, things: Sequence[str], intake: Intake) -> ScriptSelection:
    """Select scripts by slug, by path or by source; all if `things` is empty.

    Every script is read before anything is rendered, so that an error in the last one is not found after an hour.
    """
    if not things and not place.script_files():
        raise ScriptError("no scripts yet", hint="name an article: podcast make ARTICLE")
    found: list[Script] = []
    failures: list[PodcastError] = []
    sources: list[str] = []
    for thing in _expanded(place, things):
        try:
            if slug := _slug_of(place, thing):
                found.append(scripts.load(place, slug))
            else:
                sources.append(_checked_source(place, thing))
        except ScriptError as error:
            failures.append(error)
    if sources:
        written, unread = scripts.write_all(place, show, sources, intake)
        found, failures = found + written, failures + unread
    return ScriptSelection(list({script.slug: script for script in found}.values()), failures)


def _expanded(place: Workspace, things: Sequence[str]) -> list[str]:
    """Return the arguments, with all scripts instead of the scripts folder; all scripts without arguments.

    Raises ScriptError if the scripts folder is named and empty.
    """
    every = [path.stem for path in place.script_files()]
    found: list[str] = []
    for thing in things:
        if not _is_scripts_folder(place, thing):
            found.append(thing)
        elif every:
            found += every
        else:
            raise ScriptError("no scripts yet", hint="name an article: podcast make ARTICLE")
    return found if things else every


def _is_scripts_folder(place: Workspace, thing: str) -> bool:
    path = Path(thing)
    return path.is_dir() and path.resolve() == place.scripts.resolve()


def _slug_of(place: Workspace, thing: str) -> str:
    """Return the slug if `thing` is the slug or the path of a script; empty for a source.

    `essay` and `scripts/essay.md` -> `essay`; a file `essay` in the current folder is a source.
    """
    path = Path(thing)
    if path.suffix == ".md" and path.resolve().parent == place.scripts.resolve():
        return path.stem
    is_script = not read.is_address(thing) and place.script(thing).is_file() and not path.is_file()
    return thing if is_script else ""


def _checked_source(place: Workspace, thing: str) -> str:
    """Return a source. Raises ScriptError if it does not exist but resembles the name of a script."""
    if near := _nearest(place, thing):
        raise ScriptError(f"{thing}: file or script not found", hint=f"did you mean {near}?")
    return thing


def _nearest(place: Workspace, thing: str) -> str:
    """Return the slug that resembles a name that is not a source; empty for a source, or if there is none."""
    if thing == "-" or read.is_address(thing) or Path(thing).exists():
        return ""
    slugs = [path.stem for path in place.script_files()]
    begun = [slug for slug in slugs if slug.startswith(f"{thing.lower()}-")]
    near = difflib.get_close_matches(thing.lower(), slugs, n=1, cutoff=0.7)
    if near:
        return near[0]
    return begun[0] if len(begun) == 1 else ""


def stale(place: Workspace, show: Show, *, fallback: bool = True, allowed: Collection[str] = ()) -> ScriptSelection:
    """Select the scripts whose episodes are out of date; unchanged scripts are not even parsed.

    Without `fallback`, an episode with a fallback voice is out of date; `allowed` is as in `make`.
    """
    paths = place.script_files()
    if not paths:
        raise ScriptError("no scripts yet", hint="name an article: podcast make ARTICLE")
    cache = ScriptCache(place, show, allowed=allowed)
    finished = {head.slug: head for head in records.finished(place, lenient=True)}
    selection = ScriptSelection([], [])
    for path in paths:
        slug = path.stem
        try:
            done = finished.get(slug)
            if cache.is_current(slug, done) and (fallback or not finished[slug].stand_ins):
                selection.current.append(RenderedEpisode(finished[slug], changed=False))
            else:
                selection.scripts.append(cache.read(slug))
        except ScriptError as error:
            selection.failures.append(error)
        except PodcastError:  # such as a missing file: the checks before narration report it
            selection.scripts.append(cache.read(slug))
    cache.keep()
    return selection


def make(
    place: Workspace,
    show: Show,
    selected: Sequence[Script],
    *,
    progress: Progress,
    jobs: int | None = None,
    cluster: str = "",
    fallback: bool = True,
    current: Sequence[RenderedEpisode] = (),
    allowed: Collection[str] = (),
) -> tuple[list[RenderedEpisode], list[PodcastError]]:
    """Render the episodes of scripts and build the feed; return the finished episodes, and the errors of the others.

    `current` are episodes that are known to be up to date. `cluster` is the address of a Dask cluster for narration,
    if any; without `fallback` no fallback voices are used; `allowed` is as in publication.publish.
    A failed episode does not stop the others. An error in show.toml stops all before anything is narrated.
    """
    asked = show if fallback else replace(show, fallbacks={})
    jobs = synthesis.workers() if jobs is None else jobs
    context = RenderContext(place, asked, progress, jobs, fixed=published_state.fixed(place, show, allowed))
    checked = _checked(context, selected, allowed)
    if checked.stops:
        return [], checked.errors
    _keep_guid(place, show)
    made = list(current)
    if cluster:
        from podcast.produce.render.cluster import connected
    with connected(cluster) if cluster else nullcontext() as executor:
        rendered, failed = _rendered(replace(context, cluster=executor), checked.ready)
    made, failures = made + rendered, checked.errors + failed
    if made or not failures:
        publish(place, show, allowed=allowed, tell=progress.say)
    return sorted(made, key=lambda one: one.episode.slug) if current else made, failures


def _keep_guid(place: Workspace, show: Show) -> None:
    """Write the show's guid into show.toml if it is missing: the only change the program makes to it here."""
    if shows.is_placeholder(show) or show.guid != shows.guid_for(show.url + "feed.xml"):  # it is in the file already
        return
    text = place.show.read_text(encoding="utf-8-sig")
    if (kept := shows.with_guid(text, show)) != text:
        workspace.write(place.show, kept)


def _rendered(context: RenderContext, ready: Sequence[Script]) -> tuple[list[RenderedEpisode], list[PodcastError]]:
    """Render episodes one after another, reporting the overall progress."""
    progress = context.progress
    made: list[RenderedEpisode] = []
    failures: list[PodcastError] = []
    progress.episodes(_sizes(ready))
    for script in ready:
        progress.episode(script.title)
        try:
            with needed(f"{script.path or script.slug}: this episode"):
                done = episode.make(context, script)
        except PodcastError as error:
            failures.append(error)
            progress.finished("failed")
        else:
            made.append(done)
            length = clock(done.episode.enclosure.duration_ms)
            progress.finished(f"{length} rendered" if done.changed else "up to date")
    return made, failures


def _sizes(selected: Sequence[Script]) -> list[float]:
    """Return the length of each script, in characters."""
    return [sum(len(segment.text) for segment in script.segments) for script in selected]


def _checked(context: RenderContext, selected: Sequence[Script], allowed: Collection[str]) -> "Preflight":
    from podcast.produce.render.preflight import Preflight, check

    return check(context, selected, allowed=allowed) if selected else Preflight([], [], stops=False)


def preview(
    place: Workspace, show: Show, selected: Sequence[Script], *, progress: Progress, jobs: int | None = None
) -> list[Path]:
    """Render previews with the fastest voice to audio/<slug>.preview.mp3; records and feed do not change."""
    context = RenderContext(place, show, progress, synthesis.workers() if jobs is None else jobs)
    progress.episodes(_sizes(selected))
    found = []
    for script in selected:
        progress.episode(script.title)
        found.append(episode.preview(context, script))
        progress.finished("preview")
    return found


def plan(
    place: Workspace,
    show: Show,
    selected: Sequence[Script],
    *,
    jobs: int | None = None,
    fallback: bool = True,
    allowed: Collection[str] = (),
) -> tuple[list[Plan], list[PodcastError]]:
    """Return what `make` would narrate, and the errors it would report. Nothing is written."""
    asked = show if fallback else replace(show, fallbacks={})
    context = RenderContext(place, asked, Quiet(), synthesis.workers() if jobs is None else jobs)
    return plans.plan(context, selected), _checked(context, selected, allowed).errors


def fallback_note(place: Workspace, show: Show, done: Episode) -> str:
    """Return a note about the fallback voices of an episode, and what narrating it without them would take."""
    note = f"note: {done.slug} uses a fallback voice: {fallbacks.describe(done.stand_ins)}"
    context = RenderContext(place, replace(show, fallbacks={}), Quiet(), synthesis.workers())
    for own in plans.plan(context, [scripts.load(place, done.slug)]):
        return f"{note}; to use its own voice: podcast make --no-fallback {done.slug} ({own.what})"
    return note  # the requested voice is unknown here


def publish(
    place: Workspace, show: Show, *, allowed: Collection[str] = (), tell: Callable[[str], None] = lambda _text: None
) -> bool:
    """Bring feed/ up to date. Return False if it was up to date already."""
    from podcast.produce.release import publication

    return publication.publish(place, show, allowed=allowed, tell=tell)


def diff(place: Workspace, show: Show) -> "list[Change]":
    """Return the changes that listeners will notice in the feed that `publish` would write."""
    from podcast.produce.release import publication

    return publication.diff(place, show)
