# SPDX-License-Identifier: GPL-3.0-or-later
"""THE FLOW: articles -> scripts -> clips -> episodes -> feed.

    scripts_of  sources become scripts/<slug>.md                    (scripts)
    make        each script that is not up to date:
                  who says what                                     (utterance)
                  each sentence narrated and mastered, in parallel  (narrate, sound.clip)
                  laid out, mixed with music, joined, measured      (sound.timeline, sound.stitch, sound.loudness)
                  tagged and recorded                               (tag, records)
    publish     finished episodes become feed/                      (publication)

Nothing outside this package knows the order of the stages. Call with the show's lock held.
"""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from podcast import narrate, read, workspace
from podcast import show as shows
from podcast.errors import ScriptError
from podcast.model import Script, Show
from podcast.produce import episode, scripts
from podcast.produce.episode import Made, Plan
from podcast.produce.studio import Studio
from podcast.terminal import Progress
from podcast.workspace import Workspace

__all__ = ["Made", "Plan", "make", "plan", "preview", "publish", "scripts_of", "write_scripts"]

Stdin = Callable[[], bytes]
Tell = Callable[[str], None]


def write_scripts(
    place: Workspace,
    show: Show,
    sources: Sequence[str],
    *,
    date: dt.datetime | None = None,
    options: Mapping[str, str] | None = None,
    stdin: Stdin = bytes,
    tell: Tell = lambda _text: None,
    dry: bool = False,
) -> list[Script]:
    """Turn sources into scripts, and return the scripts. `dry` writes nothing.

    Raises ReadError if a source cannot be read; the scripts of those before it stay.
    """
    found = []
    for name in sources:
        source = read.open_source(name, stdin=stdin() if name == "-" else None, **(options or {}))
        for written in scripts.write(place, show, source, date=date, dry=dry):
            for remark in written.remarks:
                tell(f"{source.name}: {remark}")
            found.append(written.script)
    return found


def scripts_of(
    place: Workspace, show: Show, things: Sequence[str], *, dry: bool = False, **options: object
) -> list[Script]:
    """Return the scripts that are meant: of slugs, of scripts' own paths, of sources; all if nothing is named.

    Every script is read before anything is made of one, so that a mistake in the last is not found after an hour.
    """
    if not things:
        slugs = [path.stem for path in scripts.paths(place)]
        if not slugs:
            raise ScriptError("there is nothing to make yet", hint="name an article: podcast make ARTICLE")
        return [scripts.load(place, slug) for slug in slugs]
    found: dict[str, Script] = {}
    for thing in things:
        path = Path(thing)
        own = path.suffix == ".md" and path.resolve().parent == place.scripts.resolve()
        slug = path.stem if own else thing
        if own or (place.script(slug).is_file() and not path.is_file()):
            found[slug] = scripts.load(place, slug)
        else:
            for script in write_scripts(place, show, [thing], dry=dry, **options):  # type: ignore[arg-type]
                found[script.slug] = script
    return list(found.values())


def make(
    place: Workspace, show: Show, meant: Sequence[Script], *, progress: Progress, jobs: int | None = None
) -> list[Made]:
    """Make the episodes of scripts, and the feed; what is up to date is left alone."""
    text = place.show.read_text(encoding="utf-8-sig")
    workspace.write(place.show, shows.with_guid(text, show))
    studio = Studio(place, show, progress, narrate.workers() if jobs is None else jobs)
    made = [episode.make(studio, script) for script in meant]
    publish(place, show)
    return made


def preview(
    place: Workspace, show: Show, meant: Sequence[Script], *, progress: Progress, jobs: int | None = None
) -> list[Path]:
    """Make the scripts heard with the quickest voice, in audio/<slug>.preview.mp3; neither record nor feed changes."""
    studio = Studio(place, show, progress, narrate.workers() if jobs is None else jobs)
    return [episode.preview(studio, script) for script in meant]


def plan(place: Workspace, show: Show, meant: Sequence[Script]) -> list[Plan]:
    """Say what `make` would narrate; nothing is written."""
    return [episode.plan(place, show, script) for script in meant]


def publish(place: Workspace, show: Show) -> bool:
    """Bring feed/ up to date. Return False if it was."""
    from podcast.produce import publication

    return publication.publish(place, show)
