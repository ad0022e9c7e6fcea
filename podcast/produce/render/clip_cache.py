# SPDX-License-Identifier: GPL-3.0-or-later
"""`podcast clips`: what lies in audio/clips/, what of it is needed, and whether it is whole.

Needed is what the scripts as they stand now would be spoken from (the FLAC of each sentence), and what each episode
was put together from when it was made last: a list, audio/clips/<slug>.used, that making it leaves there.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from podcast import workspace
from podcast.config.settings import Show
from podcast.errors import AudioError
from podcast.model import Script, Utterance
from podcast.narrate import synthesis
from podcast.produce import cover, records
from podcast.produce.intake import scripts
from podcast.produce.render import fallbacks
from podcast.produce.render.context import RenderContext
from podcast.produce.render.plan import spoken
from podcast.progress import Quiet
from podcast.workspace import Workspace

SUFFIX = ".frames"
"""Of mastered clips and mixed spans; see clips."""

USED = ".used"
"""Of the list of mastered clips and mixed spans that an episode was put together from."""


@dataclass(frozen=True, slots=True)
class FileSet:
    """Some files of the store."""

    files: tuple[Path, ...]

    @property
    def bytes(self) -> int:
        """Their size."""
        return sum(path.stat().st_size for path in self.files)


@dataclass(frozen=True, slots=True)
class Survey:
    """What lies in the store."""

    narrated: FileSet
    """What voices said, and scripts need."""
    mastered: FileSet
    """What was made of that, and episodes need; the cover too."""
    others: FileSet
    """What nothing needs any more."""

    def rows(self) -> list[tuple[str, str, str]]:
        """Return it for a person: what, how many, how large."""
        told = (("narrated", self.narrated), ("mastered, cover art", self.mastered), ("not needed", self.others))
        return [(what, str(len(one.files)), f"{one.bytes / 1e6:.1f} MB") for what, one in told]

    def as_json(self) -> dict[str, dict[str, int]]:
        """Return it for programs."""
        told = (("narrated", self.narrated), ("mastered", self.mastered), ("not_needed", self.others))
        return {what: {"files": len(one.files), "bytes": one.bytes} for what, one in told}


def used(place: Workspace, slug: str, names: Collection[str]) -> None:
    """Keep what an episode was put together from."""
    workspace.write(place.clips / f"{slug}{USED}", "".join(f"{name}\n" for name in sorted(names)))


def survey(place: Workspace, show: Show) -> Survey:
    """Look at every file of the store.

    Raises PodcastError if a script cannot be read: then nobody knows what it needs.
    """
    lists = _used_lists(place)
    speech = {f"{name}.flac" for name in _wanted(RenderContext(place, show, Quiet(), 1))}
    derived = _derived(place, show, lists)
    files = sorted(path for path in place.clips.rglob("*") if path.is_file() and path not in lists)
    sorts: dict[str, list[Path]] = {"narrated": [], "mastered": [], "others": []}
    for path in files:
        sorts[_sort(path, speech, derived)].append(path)
    return Survey(**{sort: FileSet(tuple(paths)) for sort, paths in sorts.items()})


def _used_lists(place: Workspace) -> list[Path]:
    """Return the lists that the episodes of the scripts have left."""
    slugs = {path.stem for path in place.script_files()}
    return [path for path in place.clips.glob(f"*{USED}") if path.stem in slugs]


def _derived(place: Workspace, show: Show, lists: Sequence[Path]) -> set[str]:
    """Return the names of the mastered clips and mixed spans that episodes use, and of the pictures made for them."""
    names = {name for path in lists for name in path.read_text(encoding="ascii").split()}
    every = _scripts(place)
    images = {"", *(one.image for one in every)}
    images |= {segment.file for one in every for segment in one.segments if segment.kind == "picture"}
    return names | {cover.name(place, show, image) for image in images}


def _sort(path: Path, speech: Collection[str], derived: Collection[str]) -> str:
    """Return whether a file of the store is `narrated`, `mastered`, or neither that anything needs: `others`."""
    if path.name in speech:
        return "narrated"
    if path.suffix != ".flac" and path.name.partition(".")[0] in derived:
        return "mastered"
    return "others"


def prune(found: Survey) -> None:
    """Remove what nothing needs, and folders that are empty then. Call with the show's lock held."""
    for path in found.others.files:
        path.unlink(missing_ok=True)
    for folder in {path.parent for path in found.others.files}:
        if not any(folder.iterdir()):
            folder.rmdir()


def repair(context: RenderContext) -> list[Path]:
    """Look into every file, and return those that were damaged: sentences are narrated again, the rest is removed.

    What is removed is made again when an episode needs it. Call with the show's lock held.
    """
    damaged = [path for path in sorted(context.place.clips.rglob("*.*")) if not _is_whole(context, path)]
    for path in damaged:
        path.unlink()
    wanted = _wanted(context)
    lost = [path.stem for path in damaged if path.suffix == ".flac" and path.stem in wanted]

    def say(name: str) -> None:
        synthesis.speak(wanted[name], context.engine(wanted[name].voice), context.store, name)

    with synthesis.threads(context.jobs) as executor:
        synthesis.in_parallel(lost, say, executor)
    return damaged


def _wanted(context: RenderContext) -> Mapping[str, Utterance]:
    """Return what the scripts would be spoken from, by key."""
    told = _scripts(context.place)
    every = [one for script in told for one in spoken(script, context.show)]
    for script in told:  # what the first voice has said is kept for when it is back
        if stand_ins := fallbacks.still_allowed(records.load(context.place, script.slug), context.show):
            every += spoken(script, context.show, stand_ins)
    return synthesis.distinct(every, lambda one: context.engine(one.voice))


def _scripts(place: Workspace) -> list[Script]:
    return [scripts.load(place, path.stem) for path in place.script_files()]


def _is_whole(context: RenderContext, path: Path) -> bool:
    from podcast.produce.render import encodings as alternates
    from podcast.sound.clip_format import Mastered

    if path.suffix == ".flac":
        return context.store.speech(path.stem) is not None
    if path.suffix in alternates.SUFFIXES:
        return alternates.is_whole(path)
    if path.suffix == SUFFIX:
        try:
            Mastered.from_bytes(path.read_bytes())
        except AudioError:
            return False
    return True
