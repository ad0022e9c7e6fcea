# SPDX-License-Identifier: GPL-3.0-or-later
"""Which episodes are out of date: a digest of each thing that shapes an episode, compared with its record.

    scripts/<slug>.md    -> ScriptInputs  its text, voices, files; cached in audio/.scripts.json
    ScriptInputs + show  -> Ingredients   name of each ingredient -> its digest; equal to the record: up to date

Parsing a script takes a hundred times as long as hashing its file. So a script whose bytes have not changed is not
parsed again, and what all episodes share is hashed once a run.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path

import msgspec

from podcast import voices, workspace
from podcast.config.settings import Show, lexicon
from podcast.config.toml import located
from podcast.errors import FeedError, ScriptError, WorkspaceError, reason_of
from podcast.model import Episode, Script
from podcast.produce import cover, program, published_state, records
from podcast.produce.checksummed import decode_checksummed, encode_checksummed
from podcast.produce.render import fallbacks
from podcast.produce.render.needs import ScriptInputs, lexicon_digest, script_inputs
from podcast.workspace import Workspace

FILE = re.compile(r"!\[[^\]]*\]\(([^()]+)\)")
"""An image or audio file that a line of a script references."""
IGNORED_IF_PUBLISHED = {"show", "cover", "program", "engines"}
"""Ingredients whose change does not justify re-rendering a published episode: those that only affect its tags, since
apps show what the feed contains, and newer versions of the program or a voice, which nobody asked for."""
NAMES = {
    "show": "show settings",
    "engines": "voice engine",
    "formats": "audio formats",
    "cover": "cover art",
    "program": "program version",
    "fallbacks": "fallback voices",
}
"""Ingredient -> its display name; the others have their own."""
NEEDS = ".scripts.json"
"""Cache file in audio/; without it, all scripts are parsed again."""


@dataclass(frozen=True, slots=True)
class Ingredients:
    """The digest of each thing that shapes an episode."""

    digests: Mapping[str, str]
    earlier: Mapping[str, str]
    """Digests that versions before 1.0 recorded for some of them; equally valid."""

    def differing(self, done: Episode) -> list[str]:
        """Return the names of the ingredients that have changed since an episode was rendered."""
        before = done.made_from
        return [
            name
            for name, digest in self.digests.items()
            if before.get(name) not in {digest, self.earlier.get(name, digest)}
        ]

    def renewed(self, made_from: Mapping[str, str]) -> Mapping[str, str]:
        """Return the recorded ingredients of an episode with digests of versions before 1.0 replaced by today's."""
        same = {name for name, digest in self.earlier.items() if made_from.get(name) == digest}
        return {name: self.digests[name] if name in same else digest for name, digest in made_from.items()}


@contextmanager
def named_by(path: Path, shown: Path | None = None) -> Iterator[None]:
    """Prefix errors about a file with the script line that references the file. `shown` is the path to display."""
    try:
        yield
    except (WorkspaceError, FeedError) as error:
        lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
        named = (number for number, line in enumerate(lines, 1) if _names(line, error.file))
        if number := next(named, 0):
            error.locate(shown or path, number)
        raise


def _names(line: str, file: str) -> bool:
    """Return True if a line of a script references a file, which may be given by a longer path."""
    return any(Path(file).parts[-len(Path(name).parts) :] == Path(name).parts for name in FILE.findall(line))


def changed(done: Episode, wanted: Ingredients, show: Show, *, fixed: Collection[str]) -> list[str]:
    """Return why an episode is out of date: names of ingredients, and `fallbacks` if its fallback voices were removed.

    `fixed` are the published audio files (published_state.fixed), for which IGNORED_IF_PUBLISHED does not count.
    """
    names = [] if ignored_changes(done, wanted, fixed=fixed) else wanted.differing(done)
    return names if fallbacks.are_current(done, show) else [*names, "fallbacks"]


def ignored_changes(done: Episode, wanted: Ingredients, *, fixed: Collection[str]) -> list[str]:
    """Return the changes that are ignored because the episode is published; empty if it has to be rendered again."""
    names = wanted.differing(done)
    return names if IGNORED_IF_PUBLISHED.issuperset(names) and records.sound_name(done) in fixed else []


def in_words(names: Collection[str]) -> str:
    """Return the changes as text: `script and voices changed`."""
    shown = [NAMES.get(name, name) for name in names if name != "engines" or "voices" not in names]  # one is enough
    listed = ", ".join(shown[:-1])
    return f"{listed} and {shown[-1]} changed" if listed else f"{shown[-1]} changed"


class IngredientDigests:
    """Computes the digests of what shapes episodes of a show; what episodes share is hashed once."""

    def __init__(self, place: Workspace, show: Show) -> None:
        self.place, self.show = place, show
        self._content = cache(lambda file: records.digest(place.file(file).read_bytes()) if file else "")
        self._revision = cache(
            lambda voice: voices.engine(voice.engine, show.engine_settings(voice.engine)).revision(voice)
        )
        self._lexicon = cache(lambda language: lexicon_digest(lexicon(show, language)))
        self._shared: Mapping[str, str] | None = None

    def of(self, asked: ScriptInputs) -> Ingredients:
        """Return the digest of each thing that shapes an episode; cheap, as no voice is loaded."""
        shared = self._shared = self._shared or self._of_show()
        digests = {
            "script": asked.script,
            "show": shared["show"],
            "pauses": shared["pauses"],
            "lexicon": asked.lexicon,
            "voices": records.digest(*map(str, asked.cast)),
            "engines": records.digest(*map(self._revision, asked.cast)),
            "music": records.digest(shared["music"], asked.music, *(self._content(file) for file in asked.sounds)),
            "formats": shared["formats"],
            "cover": self._images(asked) or shared["cover"],
            "program": shared["program"],
        }
        return Ingredients(digests, earlier={"lexicon": self._lexicon(asked.language)})

    def _images(self, asked: ScriptInputs) -> str:
        """Return the digest of the episode's own images; empty if it has none."""
        files = [file for file in (asked.picture, *asked.pictures) if file]
        shared = [] if asked.picture or not files or self._shared is None else [self._shared["cover"]]
        return records.digest(*shared, *map(self._content, files)) if files else ""

    def _of_show(self) -> Mapping[str, str]:
        show = self.show
        return {
            "show": records.digest(show.title, show.author, show.category, show.copyright, show.url),
            "pauses": records.digest(repr(show.pauses)),
            "music": records.music(self.place, show),
            "formats": records.digest(*sorted(set(show.output.also))),
            "cover": records.digest(records.digest(cover.show_cover(self.place, show)) if show.cover else ""),
            "program": program.digest(program.AUDIO),
        }


@dataclass(frozen=True)
class ScriptCacheFile:
    """Content of audio/.scripts.json."""

    made_from: str = ""
    """Digest of what else the entries depend on: the show's voices and the program."""
    scripts: dict[str, tuple[str, ScriptInputs]] = field(default_factory=dict)
    """Slug -> SHA-256 of the script file, and its inputs."""


class ScriptCache:
    """The scripts of a show, parsed only if they have changed."""

    def __init__(self, place: Workspace, show: Show, *, allowed: Collection[str] = ()) -> None:
        """Read the cache. `allowed` are the permitted changes to published episodes, as in publication.publish."""
        self.place, self.show = place, show
        self.recipe = IngredientDigests(place, show)
        self.fixed = published_state.fixed(place, show, allowed)
        self.path = place.audio / NEEDS
        shaped = repr((show.voices, show.fallbacks, show.sections, show.settings, show.lexicon, self._availability()))
        made_from = records.digest(shaped, program.digest(program.NEEDS))
        try:
            cached = decode_checksummed(self.path.read_bytes(), ScriptCacheFile)
        except (FileNotFoundError, msgspec.DecodeError):
            cached = ScriptCacheFile()  # every script is then parsed
        self.before = cached.scripts if cached.made_from == made_from else {}
        self.now = ScriptCacheFile(made_from)
        self.scripts: dict[str, Script] = {}

    def _availability(self) -> list[tuple[str, bool]]:
        """Return all engines; for those that have fallbacks, with True if they are available."""
        replaceable = {voice.partition("/")[0] for voice in self.show.fallbacks}
        return [
            (name, name in replaceable and not voices.engine(name, self.show.engine_settings(name)).missing())
            for name in sorted(voices.engine_classes())
        ]

    def ingredients(self, slug: str) -> Ingredients:
        """Return what shapes the episode of a script.

        Raises ScriptError for an error in it, UnknownVoice for a voice that no engine has.
        """
        path = self.place.script(slug)
        try:
            digest = records.digest(path.read_bytes())
        except OSError as error:
            raise ScriptError(
                reason_of(error), file=path, hint="check that you have permission to read it, or remove it"
            ) from error
        known, asked = self.before.get(slug, ("", None))
        if asked is None or known != digest:
            with located(self.place.show):
                asked = script_inputs(self.read(slug), self.show)
        self.now.scripts[slug] = digest, asked
        with named_by(path):
            return self.recipe.of(asked)

    def read(self, slug: str) -> Script:
        """Return a script, parsed once. Raises ScriptError for an error in it."""
        if slug not in self.scripts:
            from podcast.produce.intake import scripts

            self.scripts[slug] = scripts.load(self.place, slug)
        return self.scripts[slug]

    def is_current(self, slug: str, done: Episode | None) -> bool:
        """Return True if an episode, whose audio is present, is up to date. Raises as `ingredients` does.

        A record from before 1.0 is rewritten: its digest covers the whole lexicon, not only the words it contains.
        """
        now = self.ingredients(slug)
        if done is None or self.changed(done, now):
            return False
        if now.renewed(done.made_from) != done.made_from and (whole := records.load(self.place, slug)):
            records.keep(self.place, replace(whole, made_from=now.renewed(whole.made_from)))
        return True

    def changed(self, done: Episode, now: Ingredients) -> list[str]:
        """Return why an episode is out of date; see the function `changed`."""
        return changed(done, now, self.show, fixed=self.fixed)

    def ignored_changes(self, done: Episode, now: Ingredients) -> list[str]:
        """Return the changes that are ignored because it is published; see the function `ignored_changes`."""
        return ignored_changes(done, now, fixed=self.fixed)

    def keep(self) -> None:
        """Write the cache. Call with the show's lock held, after all scripts were checked."""
        workspace.write(self.path, encode_checksummed(self.now))
