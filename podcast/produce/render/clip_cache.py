# SPDX-License-Identifier: GPL-3.0-or-later
"""`podcast clips`: list, verify and prune the clip cache in audio/clips/.

Needed are the FLAC files of all sentences in the present scripts, and the mastered clips that each episode was last
assembled from: rendering writes their names to audio/clips/<slug>.used.
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
"""Suffix of mastered clips and mixed spans; see clips."""

USED = ".used"
"""Suffix of the list of mastered clips and mixed spans that an episode was assembled from."""


@dataclass(frozen=True, slots=True)
class FileSet:
    """A set of files in the cache."""

    files: tuple[Path, ...]

    @property
    def bytes(self) -> int:
        """Total size of the files."""
        return sum(path.stat().st_size for path in self.files)


@dataclass(frozen=True, slots=True)
class Survey:
    """All files in the cache, by use."""

    narrated: FileSet
    """Narrated sentences that scripts need."""
    mastered: FileSet
    """Mastered clips and cover art that episodes need."""
    others: FileSet
    """Files that nothing needs."""

    def rows(self) -> list[tuple[str, str, str]]:
        """Return the rows of a table: kind, number of files, size."""
        kinds = (("narrated", self.narrated), ("mastered, cover art", self.mastered), ("not needed", self.others))
        return [(what, str(len(one.files)), f"{one.bytes / 1e6:.1f} MB") for what, one in kinds]

    def as_json(self) -> dict[str, dict[str, int]]:
        """Return the number of files and bytes of each kind."""
        kinds = (("narrated", self.narrated), ("mastered", self.mastered), ("not_needed", self.others))
        return {what: {"files": len(one.files), "bytes": one.bytes} for what, one in kinds}


def write_used_list(place: Workspace, slug: str, names: Collection[str]) -> None:
    """Write the list of clips that an episode was assembled from."""
    workspace.write(place.clips / f"{slug}{USED}", "".join(f"{name}\n" for name in sorted(names)))


def survey(place: Workspace, show: Show) -> Survey:
    """Sort all files of the cache by use.

    Raises PodcastError if a script cannot be read, as its clips are then unknown.
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
    """Return the `.used` lists of the episodes that have a script."""
    slugs = {path.stem for path in place.script_files()}
    return [path for path in place.clips.glob(f"*{USED}") if path.stem in slugs]


def _derived(place: Workspace, show: Show, lists: Sequence[Path]) -> set[str]:
    """Return the names of the mastered clips, mixed spans and images that episodes use."""
    names = {name for path in lists for name in path.read_text(encoding="ascii").split()}
    every = _scripts(place)
    images = {"", *(one.image for one in every)}
    images |= {segment.file for one in every for segment in one.segments if segment.kind == "picture"}
    return names | {cover.cache_key(place, show, image) for image in images}


def _sort(path: Path, speech: Collection[str], derived: Collection[str]) -> str:
    """Return the kind of a file: `narrated`, `mastered`, or `others` if nothing needs it."""
    if path.name in speech:
        return "narrated"
    if path.suffix != ".flac" and path.name.partition(".")[0] in derived:
        return "mastered"
    return "others"


def prune(found: Survey) -> None:
    """Remove the files that nothing needs, and empty folders. Call with the show's lock held."""
    for path in found.others.files:
        path.unlink(missing_ok=True)
    for folder in {path.parent for path in found.others.files}:
        if not any(folder.iterdir()):
            folder.rmdir()


def repair(context: RenderContext) -> list[Path]:
    """Verify every file; narrate damaged sentences again, and remove other damaged files. Return the damaged files.

    Removed files are created again when an episode needs them. Call with the show's lock held.
    """
    damaged = [path for path in sorted(context.place.clips.rglob("*.*")) if not _is_intact(context, path)]
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
    """Return the utterances of all scripts, by clip name."""
    found = _scripts(context.place)
    every = [one for script in found for one in spoken(script, context.show)]
    for script in found:  # clips of the requested voice are kept for when it is available again
        if stand_ins := fallbacks.still_allowed(records.load(context.place, script.slug), context.show):
            every += spoken(script, context.show, stand_ins)
    return synthesis.distinct(every, lambda one: context.engine(one.voice))


def _scripts(place: Workspace) -> list[Script]:
    return [scripts.load(place, path.stem) for path in place.script_files()]


def _is_intact(context: RenderContext, path: Path) -> bool:
    from podcast.produce.render import encodings as alternates
    from podcast.sound.clip_format import Mastered

    if path.suffix == ".flac":
        return context.store.speech(path.stem) is not None
    if path.suffix in alternates.SUFFIXES:
        return alternates.is_intact(path)
    if path.suffix == SUFFIX:
        try:
            Mastered.from_bytes(path.read_bytes())
        except AudioError:
            return False
    return True
