# SPDX-License-Identifier: GPL-3.0-or-later
"""Render one episode: script -> audio/<slug>.mp3 and audio/<slug>.json.

Stages: split into utterances, narrate and master each sentence, lay out, join, measure, tag, record. An episode is
rendered again only if an ingredient has changed (`staleness`); then only the changed sentences are narrated and
mastered, as the others are cached in audio/clips/ (see `clips`).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from podcast import script, workspace
from podcast.config.toml import located
from podcast.errors import AudioError, NarrationError, WorkspaceError
from podcast.metadata import chapters
from podcast.metadata.id3 import Tags, tag
from podcast.model import Chapter, Cue, Enclosure, Episode, Loudness, Script, Segment, SegmentKind, Utterance
from podcast.narrate import utterances
from podcast.narrate.utterances import Piece
from podcast.produce import records
from podcast.produce.cover import cover
from podcast.produce.render import clip_cache, fallbacks, staleness
from podcast.produce.render.context import RenderContext
from podcast.produce.render.fallbacks import FallbackVoices
from podcast.produce.render.needs import script_inputs
from podcast.script import inline

CHAPTER_AHEAD_MS = 96
"""A chapter starts this long before its first word, in the silence, for players that seek imprecisely."""


@dataclass(frozen=True, slots=True)
class RenderedEpisode:
    """An episode, and whether it was rendered in this run."""

    episode: Episode
    changed: bool


def make(context: RenderContext, made_of: Script) -> RenderedEpisode:
    """Render the episode of a script, unless it is up to date.

    Raises NarrationError that names the sentence, or AudioError; sentences narrated before the error stay cached.
    """
    place = context.place
    with located(place.show), staleness.named_by(place.script(made_of.slug), made_of.path):
        wanted = staleness.IngredientDigests(place, context.show).of(script_inputs(made_of, context.show))
    done = _previous(context, made_of.slug)
    if (
        done
        and not staleness.changed(done, wanted, context.show, fixed=context.fixed)
        and records.is_intact(place, done)
    ):
        return RenderedEpisode(done, changed=False)
    path = place.sound(made_of.slug)
    if context.show.output.also:
        from podcast.produce.render import encodings as alternates

        alternates.check(context.show.output)
    pieces, (cues, marks, duration_ms, loudness) = _render(
        context, made_of, fallbacks.still_allowed(done, context.show), path
    )
    spoken = [piece for piece in pieces if isinstance(piece, Utterance)]
    episode = Episode(
        slug=made_of.slug,
        guid=made_of.guid,
        title=made_of.title,
        published=made_of.date,
        language=made_of.language,
        enclosure=records.enclosure(path, duration_ms),
        alternates=_alternates(context, path, duration_ms),
        chapters=marks,
        cues=cues,
        loudness=loudness,
        number=made_of.episode,
        season=made_of.season,
        author=made_of.author,
        summary=made_of.summary,
        source=made_of.source,
        links=made_of.links,
        kind=made_of.kind,
        publish=made_of.publish,
        image=made_of.image,
        voices=tuple(dict.fromkeys(piece.voice.ref for piece in spoken)),
        stand_ins=fallbacks.used_in(pieces),
        made_from=wanted.digests,
    )
    records.keep(place, episode)
    return RenderedEpisode(episode, changed=True)


def _render(
    context: RenderContext, made_of: Script, stand_ins: FallbackVoices, path: Path
) -> tuple[Sequence[Piece], tuple[tuple[Cue, ...], tuple[Chapter, ...], int, Loudness]]:
    """Render the audio of an episode, with fallback voices if necessary.

    Each change of voice starts the whole episode again, so that its voice does not change in the middle.
    """
    while True:
        pieces = utterances.pieces(made_of, context.show, stand_ins=stand_ins)
        stand_ins = {**stand_ins, **fallbacks.used_in(pieces)}
        for note in utterances.respelt(pieces):
            context.progress.say(note)
        try:
            return pieces, _write(context, made_of, pieces, path)
        except NarrationError as error:
            other = fallbacks.next_choice(error, context.show, stand_ins)
            if other is None:
                raise
            if other != stand_ins:
                context.progress.say(f"{error.message}; starting the episode again with {fallbacks.describe(other)}")
            stand_ins = other


def _previous(context: RenderContext, slug: str) -> Episode | None:
    try:
        return records.load(context.place, slug)
    except WorkspaceError as error:
        context.progress.say(f"{error.message}; rendering the episode again")
        return None


def preview(context: RenderContext, made_of: Script) -> Path:
    """Render a preview with the fastest voice to audio/<slug>.preview.mp3, and return that path."""
    path = context.place.audio / f"{made_of.slug}.preview.mp3"
    plain = replace(context, show=replace(context.show, output=replace(context.show.output, also=())))
    _write(plain, made_of, utterances.pieces(made_of, context.show, preview=True), path)
    return path


def _write(
    context: RenderContext, made_of: Script, pieces: Sequence[Piece], path: Path
) -> tuple[tuple[Cue, ...], tuple[Chapter, ...], int, Loudness]:
    """Write the audio of an episode; return its cues, chapters, duration in milliseconds and loudness."""
    from podcast.produce.render import encodings as alternates
    from podcast.produce.render.clips import EpisodeClips
    from podcast.sound import loudness, mp3, stitch

    clips = EpisodeClips(context, made_of, pieces)
    mix = clips.mix()
    cues = tuple(_cues(made_of, clips.timed_pieces(mix.timeline)))
    marks = chapters.normalized(_chapters(made_of, cues), mix.timeline.duration_ms)
    with staleness.named_by(context.place.script(made_of.slug), made_of.path):
        pictures = {one.picture: cover(context.place, context.show, 600, one.picture) for one in marks if one.picture}
    names = {file: records.thumbnail_name(picture) for file, picture in pictures.items()}
    marks = tuple(replace(one, image=names.get(one.picture, "")) for one in marks)
    channels = context.show.output.channels
    with workspace.replacing(path) as temporary:
        stitch.write(mix.timeline, temporary, mastered=clips.mastered, spans=mix.spans, form=mp3.Format(channels))
        measured = stitch.measure(mix.timeline, clips.mastered, mix.spans, channels=channels)
        try:
            loudness.judge(measured, path.name, channels=channels)
        except AudioError as error:
            raise AudioError(f"{error.message}; {clips.describe_outliers(mix)}", hint=error.hint) from error
        tags = _tags(context, made_of, cues, marks, mix.timeline.duration_ms)
        tags = replace(tags, pictures={names[file]: picture for file, picture in pictures.items()})
        tag(temporary, tags)
        alternates.write(context, clips, mix, path, tags)
    clip_cache.write_used_list(context.place, path.stem, clips.used)
    return cues, marks, mix.timeline.duration_ms, measured


def _cues(made_of: Script, pieces: Sequence[tuple[Piece, int, int, str]]) -> Sequence[Cue]:
    """Return a cue for each utterance or recording, with the speaker if the script names one."""
    return [
        Cue(
            start_ms,
            end_ms,
            one.shown,
            one.segment,
            _kind(segment),
            segment.speaker,
            words,
            voice=_fallback_voice(one),
            level=segment.level,
        )
        for one, start_ms, end_ms, words in pieces
        for segment in [made_of.segments[one.segment]]
    ]


def _fallback_voice(piece: Piece) -> str:
    """Return the voice of a piece if it is a fallback voice; otherwise empty."""
    return piece.voice.ref if isinstance(piece, Utterance) and piece.asked else ""


def _kind(segment: Segment) -> SegmentKind:
    """Return the kind of a segment for display: a recording is a paragraph."""
    return "paragraph" if segment.kind == "sound" else segment.kind


def _chapters(made_of: Script, cues: Sequence[Cue]) -> Sequence[Chapter]:
    """Return a chapter for each heading, with its link and its first image, and one for the text before.

    The first chapter links to the article.
    """
    found = [Chapter(0, made_of.title, made_of.source, picture=_image(made_of, 0))]
    seen = set()
    for cue in cues:
        segment: Segment = made_of.segments[cue.segment]
        if segment.kind == "heading" and segment.level <= utterances.CHAPTER_LEVEL and cue.segment not in seen:
            seen.add(cue.segment)
            start_ms = max(0, cue.start_ms - CHAPTER_AHEAD_MS)
            link = inline.link(segment.text)
            found.append(Chapter(start_ms, script.shown(segment.text), link, picture=_image(made_of, cue.segment + 1)))
    if made_of.segments[cues[0].segment].kind == "heading":
        first = found[1:2]
        found[0:2] = [replace(one, start_ms=0, url=one.url or made_of.source) for one in first] or found[0:2]
    return found


def _image(made_of: Script, start: int) -> str:
    """Return the first image of the chapter whose text starts at a segment; empty if it has none."""
    for segment in made_of.segments[start:]:
        if segment.kind == "heading" and segment.level <= utterances.CHAPTER_LEVEL:
            break
        if segment.kind == "picture":
            return segment.file
    return ""


def _tags(
    context: RenderContext, made_of: Script, cues: Sequence[Cue], marks: tuple[Chapter, ...], duration_ms: int
) -> Tags:
    show = context.show
    paragraphs: dict[int, list[str]] = {}
    for cue in cues:
        paragraphs.setdefault(cue.segment, []).append(cue.text)
    return Tags(
        title=made_of.title,
        show=show.title,
        date=made_of.date,
        language=made_of.language,
        guid=made_of.guid,
        duration_ms=duration_ms,
        author=made_of.author,
        show_author=show.author,
        number=made_of.episode,
        season=made_of.season,
        feed_url=show.feed_url,
        summary=made_of.summary,
        category=show.category,
        copyright=show.copyright,
        source=made_of.source,
        page=show.url + records.page_name(made_of.slug),
        text="\n\n".join(" ".join(words) for words in paragraphs.values()),
        chapters=marks,
        cover=cover(context.place, show, 600, made_of.image),
    )


def _alternates(context: RenderContext, path: Path, duration_ms: int) -> tuple[Enclosure, ...]:
    from podcast.produce.render import encodings as alternates

    return alternates.enclosures(context.show.output, path, duration_ms)
