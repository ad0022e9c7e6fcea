# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks before anything is narrated, so that errors in show.toml or a script are not found after an hour.

    show.toml     what a feed must have, a changed URL, music, cover, formats    -> nothing is rendered
    each script   its voices and their API keys, files that it names, its number and guid,
                  whether its audio is published and may be replaced             -> only this script is left out

`podcast make` and `podcast make --dry-run` run the same checks. An error that several scripts share is reported once.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext, suppress
from dataclasses import dataclass, replace
from functools import cache, partial
from itertools import chain
from typing import get_args

from podcast.config.settings import MusicKind, Section, Show, is_jingle
from podcast.config.toml import named_by
from podcast.errors import EngineMissing, FeedError, PodcastError, ScriptError
from podcast.feed.rss import refuse_channel
from podcast.model import Episode, Script
from podcast.narrate import sections, utterances
from podcast.produce import cover, published_state, records
from podcast.produce.release import manifest
from podcast.produce.render import fallbacks, plan, staleness
from podcast.produce.render.context import RenderContext
from podcast.produce.render.needs import script_inputs
from podcast.script.slug import guid_for
from podcast.sound.music import hook
from podcast.workspace import Workspace

Wanted = Callable[[str], staleness.Ingredients]
"""Slug -> ingredients of its episode. Raises PodcastError."""


@dataclass(frozen=True, slots=True)
class Preflight:
    """Result of the checks."""

    ready: list[Script]
    """The scripts that can be rendered: none if there is an error in show.toml."""
    errors: list[PodcastError]
    """All errors, without duplicates."""
    stops: bool
    """True if there is an error in show.toml: neither episodes nor the feed can be made."""


def check(context: RenderContext, selected: Sequence[Script], *, allowed: Collection[str] = ()) -> Preflight:
    """Check show.toml and the scripts to be rendered. Nothing is written, and no voice is loaded.

    `allowed` is as in published_state.refuse.
    """
    place = context.place
    shared = staleness.IngredientDigests(place, context.show)
    by_slug = {script.slug: script for script in selected}
    wanted = cache(lambda slug: _ingredients(shared, by_slug[slug]))
    before = published_state.published(place)
    heads = list(records.summaries(place, lenient=True))
    known = {head.slug: head for head, _whole in reversed(heads)}  # of two with the same slug, the rendered one
    owners = _owners(place, selected, [head for head, whole in heads if whole])
    of_show = _errors_of_show(context, selected, before, known, wanted, allowed=allowed)
    of_scripts = {script.slug: _errors_of_script(context, script, owners, known, wanted) for script in selected}
    fine = [script for script in selected if not of_scripts[script.slug]]
    replaced = _replacements(context, fine, before, known, wanted)
    ready = [] if of_show else [script for script in fine if script.slug not in replaced]
    errors = _each_once([*of_show, *chain.from_iterable(of_scripts.values()), *_refuse_replacing(replaced)])
    return Preflight(ready, errors, stops=bool(of_show))


def _errors_of_show(
    context: RenderContext,
    selected: Sequence[Script],
    before: published_state.PublishedState,
    known: Mapping[str, Episode],
    wanted: Wanted,
    *,
    allowed: Collection[str],
) -> list[PodcastError]:
    """Return the errors in show.toml, each of which stops all episodes."""
    place, show = context.place, context.show
    new = [script for script in selected if not _has_same_music(known, script, wanted)]
    return _run_checks(
        partial(refuse_channel, show),
        partial(_known_to_apps, place, show, before, allowed),
        partial(_music, context, new, len(selected)),
        partial(cover.check, place, show),
        partial(_formats, show),
    )


def _errors_of_script(
    context: RenderContext, script: Script, owners: Mapping[str, str], known: Mapping[str, Episode], wanted: Wanted
) -> list[PodcastError]:
    """Return the errors of a script."""
    return _run_checks(
        partial(_number, context.show, script),
        partial(_guid, script, owners),
        partial(_voices, context, script, known.get(script.slug)),
        partial(wanted, script.slug),
        partial(_image, context, script),
    )


def _replacements(
    context: RenderContext,
    fine: Sequence[Script],
    before: published_state.PublishedState,
    known: Mapping[str, Episode],
    wanted: Wanted,
) -> dict[str, list[str]]:
    """Return slug -> changes, for the scripts that would replace published audio."""
    published = _published(context, before)
    reasons = {script.slug: _changes_of_published(context, script, known, published, wanted) for script in fine}
    return {slug: why for slug, why in reasons.items() if why}


def _each_once(errors: Iterable[PodcastError]) -> list[PodcastError]:
    """Return errors without duplicates, which may differ in their location."""
    once: dict[str, PodcastError] = {}
    for error in errors:
        once.setdefault(error.cause or error.message, error)
    return list(once.values())


def _run_checks(*checks: Callable[[], object]) -> list[PodcastError]:
    found = []
    for one in checks:
        try:
            one()
        except PodcastError as error:
            found.append(error)
    return found


def _known_to_apps(
    place: Workspace, show: Show, before: published_state.PublishedState, allowed: Collection[str]
) -> None:
    """Raise FeedError if the URL or guid of the show differs from the published one."""
    after = replace(published_state.now(show, ()), episodes=before.episodes)
    published_state.refuse(
        show, published_state.changes(before, after), allowed=allowed, known=manifest.load(place).allowed
    )


def _published(context: RenderContext, before: published_state.PublishedState) -> frozenset[str]:
    """Return the guids of the published episodes whose audio must not be replaced."""
    if not context.fixed or published_state.by_hand(context.show):
        return frozenset()
    return frozenset(fact.guid for fact in before.episodes if not fact.gone)


def _changes_of_published(
    context: RenderContext, script: Script, known: Mapping[str, Episode], published: frozenset[str], wanted: Wanted
) -> list[str]:
    """Return the changes for which rendering a script would replace published audio; empty if it would not."""
    done = known.get(script.slug) if script.guid in published else None
    return staleness.changed(done, wanted(script.slug), context.show, fixed=context.fixed) if done else []


def _refuse_replacing(replaced: Mapping[str, list[str]]) -> Iterator[FeedError]:
    """Yield the error for published episodes that would be rendered again, each with its changes."""
    if not replaced:
        return
    lines = [f"  - {slug}: {staleness.in_words(why)}" for slug, why in list(replaced.items())[: published_state.SHOWN]]
    more = [f"  - and {len(replaced) - published_state.SHOWN} more"] if len(replaced) > published_state.SHOWN else []
    only = f" {next(iter(replaced))}" if len(replaced) == 1 else ""
    yield FeedError(
        "the audio of published episodes would be replaced:\n" + "\n".join([*lines, *more]),
        hint=f"undo the change, or allow it: podcast make --allow-audio{only}",
    )


def _formats(show: Show) -> None:
    """Raise AudioError if a format in show.toml cannot be encoded here."""
    if show.output.also:
        from podcast.produce.render import encodings as alternates  # takes a tenth of a second to load, as music does

        alternates.check(show.output)


def _music(context: RenderContext, new: Sequence[Script], count: int) -> None:
    """Raise PodcastError if music that show.toml names, or the producer's own code for it, cannot be used.

    Only music that is used is checked. `new` are those of `count` episodes that were not rendered with this music
    before: if any was, it is not opened again.
    """
    place, show = context.place, context.show
    code = show.hooks.get("music", "")
    shape = hook.load(code, place.root) if code and new else None
    if len(new) == count:
        from podcast.sound.music import tracks

        for kind in _kinds(new):
            file = show.music.track(kind).file
            with named_by(place.show, f"music.{kind}"):
                if _is_opened(file, shape):
                    tracks.track(context.source(file), kind, show.music, hook=shape)
    begun = [section for script in new for section in sections.by_heading(script, show).values()]
    for name, section in show.sections.items():
        if section in begun:
            with named_by(place.show, f"sections.{name}"):
                _section(context, section, shape)


def _kinds(selected: Iterable[Script]) -> list[MusicKind]:
    """Return the kinds of music in use: stings only if there are headings."""
    has_headings = any(segment.kind == "heading" for script in selected for segment in script.segments)
    return [kind for kind in get_args(MusicKind) if kind != "sting" or has_headings]


def _section(context: RenderContext, section: Section, shape: hook.Hook | None) -> None:
    from podcast.sound.music import tracks

    settings = context.show.music
    if _is_opened(section.sting, shape):
        tracks.sting(context.source(section.sting), settings.with_sting(section.sting), hook=shape)
    if section.bed and _is_opened(section.bed.file, shape):
        tracks.bed(context.source(section.bed.file), settings.resolved(section.bed), hook=shape)


def _is_opened(file: str, shape: hook.Hook | None) -> bool:
    """Return True for music that has to be opened. Raises AudioError for an unknown built-in style."""
    if is_jingle(file):
        from podcast.sound.music import tracks

        tracks.style_of(file)
    return bool(file) and (shape is not None or not is_jingle(file))


def _has_same_music(known: Mapping[str, Episode], script: Script, wanted: Wanted) -> bool:
    done = known.get(script.slug)
    if done is None:
        return False
    with suppress(PodcastError):  # the check of the script reports it
        return done.made_from.get("music") == wanted(script.slug).digests["music"]
    return False


def _owners(place: Workspace, selected: Sequence[Script], every: Iterable[Episode]) -> dict[str, str]:
    """Return guid -> slug of its episode: a finished one that has a script takes precedence over a new one."""
    finished = [done for done in every if place.script(done.slug).exists()]
    named = {script.slug for script in selected}
    rendered = {done.slug for done in finished}
    known = [(done.guid, done.slug) for done in finished if done.slug not in named]
    new = sorted(selected, key=lambda script: script.slug not in rendered)
    owners: dict[str, str] = {}
    for guid, slug in (*known, *((script.guid, script.slug) for script in new)):
        owners.setdefault(guid, slug)
    return owners


def _guid(script: Script, owners: Mapping[str, str]) -> None:
    """Raise ScriptError if another script has the same guid, such as a copy: apps would show only one."""
    if (other := owners[script.guid]) != script.slug:
        raise ScriptError(
            f"{script.path or script.slug}: has the same guid as scripts/{other}.md",
            hint=f"give the newer script a guid of its own, such as guid: {guid_for(script.guid, script.slug)}",
        )


def _number(show: Show, script: Script) -> None:
    if show.type == "serial" and script.episode is None and script.publish:
        raise ScriptError(
            f"{script.path or script.slug}: a serial show needs a number for each episode",
            hint='add a line such as episode: 3, or set type = "episodic" in show.toml',
        )


def _image(context: RenderContext, script: Script) -> None:
    """Raise FeedError if the episode's own image cannot be used."""
    if cover.own_image(script.image):
        cover.check(context.place, context.show, script.image)


def _voices(context: RenderContext, script: Script, done: Episode | None) -> None:
    """Raise NarrationError if a voice is unknown, or not available for a sentence that is not narrated yet."""
    cast = utterances.cast(script, context.show)
    unavailable = {voice: why for voice in cast if (why := context.engine(voice).missing())}
    if all(context.show.fallbacks_of(voice.ref) for voice in unavailable):
        return
    for one in plan.spoken(script, context.show, fallbacks.still_allowed(done, context.show)):
        if one.voice in unavailable and not context.is_narrated(context.clip(one)):
            with _locating_voice(context, one.voice.ref):
                raise EngineMissing(f"voice {one.voice.ref} is not available here", hint=unavailable[one.voice])


def _locating_voice(context: RenderContext, voice: str) -> AbstractContextManager[None]:
    """Prefix errors about a voice with the line of show.toml that names it, if any."""
    of_show = [language for language, speaker in context.show.voices.items() if speaker.voice == voice]
    return named_by(context.place.show, f"voices.{of_show[0]}") if of_show else nullcontext()


def _ingredients(shared: staleness.IngredientDigests, script: Script) -> staleness.Ingredients:
    """Return the ingredients of an episode. Raises PodcastError, with the line, if a file is missing."""
    with staleness.named_by(shared.place.script(script.slug), script.path):
        return shared.of(script_inputs(script, shared.show))
