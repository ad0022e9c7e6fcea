# SPDX-License-Identifier: GPL-3.0-or-later
"""Script -> utterances: the voice, the speakable text and the pause after each sentence.

Each segment is cut into sentences (or parts that the voice's engine accepts), each of which is converted to speakable
text; pauses depend on the kinds of the segments. Sounds keep their position among the utterances.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from types import MappingProxyType
from typing import Literal

from podcast import languages, pronunciation, voices
from podcast.config.settings import Section, Show, Track, lexicon, of_language
from podcast.errors import EngineMissing, NarrationError, PodcastError, ScriptError, UnknownVoice
from podcast.langtag import primary
from podcast.model import Said, Script, Segment, Speaker, Utterance, Voice
from podcast.narrate import sections
from podcast.script import Pause, runs
from podcast.script import shown as words_of

NO_FALLBACKS: Mapping[str, str] = MappingProxyType({})
"""No fallback voices."""

COUNTING = "1 2 3 4 5 6 7 8 9 10 11 12"
"""Calibration sentence for languages without one of their own: every engine can count."""

CHAPTER_LEVEL = 2
"""Headings up to this level start a chapter; deeper ones are only spoken."""

UNSPOKEN = frozenset({"pause", "sound", "picture"})
"""Kinds of segments that are not narrated."""

SENTENCE_END = re.compile(r"[.!?…。！？؟।]['\"”’»›)\]\s]*$")


@dataclass(frozen=True, slots=True)
class Sound:
    """An audio file between utterances: a sting, a sound effect, or recorded speech."""

    file: str
    """Path relative to the show folder; for a sting: the value in `[music]`, which may be a built-in style."""
    segment: int
    pause_ms: int = 0
    kind: Literal["sound", "sting", "recording"] = "sound"
    shown: str = ""
    """For a recording: its text, for transcripts and pages."""


Piece = Utterance | Sound


def pieces(
    script: Script, show: Show, *, preview: bool = False, stand_ins: Mapping[str, str] = NO_FALLBACKS
) -> tuple[Piece, ...]:
    """Return everything that is heard except music, in order; `preview` uses the fastest voice for all of it.

    `stand_ins` maps voices to the fallback voices of the last run. If an engine is not installed, the first fallback in
    show.toml that is available is used, too. Raises UnknownVoice for a voice that no engine has, EngineMissing,
    ScriptError if there is no text to narrate.
    """
    cast = _VoiceAssigner(script, show, preview=preview, stand_ins=stand_ins)
    found: list[Piece] = []
    begun = sections.by_heading(script, show)
    for index, (segment, section) in enumerate(zip(script.segments, sections.of_segments(script, show), strict=True)):
        if segment.kind == "pause":
            _set_pause(found, segment.pause_ms or show.pauses.long_ms)
        elif segment.kind == "sound":
            found.append(_sound(segment, index, show))
        elif segment.kind not in UNSPOKEN:
            if segment.kind == "heading":
                _begin_chapter(found, script, show, index, begun[index].sting if index in begun else "")
            found += _utterances(script, show, index, cast.part(segment, section))
    if not any(isinstance(piece, Utterance) or piece.shown for piece in found):
        raise ScriptError(
            f"{script.path or script.slug}: no text to narrate", hint="write some text below the front matter"
        )
    _set_pause(found, 0)  # the timeline adds the silence or outro after the last word
    return tuple(found)


def _begin_chapter(found: list[Piece], script: Script, show: Show, index: int, music: str) -> None:
    """Put a pause, and the chapter's sting, before a heading that is not the first piece."""
    if not found or _after_pause(script.segments, index):
        return
    _set_pause(found, show.pauses.before_heading_ms)
    if music or script.segments[index].level <= CHAPTER_LEVEL:
        found.extend(sting(show, index, music))


def _sound(segment: Segment, index: int, show: Show) -> Sound:
    """Return the sound of a segment; with text, it is recorded speech."""
    shown = " ".join(words_of(segment.text).split())
    kind: Literal["sound", "recording"] = "recording" if shown else "sound"
    return Sound(segment.file, index, show.pauses.paragraph_ms, kind, shown)


def sting(show: Show, index: int, file: str = "") -> list[Sound]:
    """Return the sting before the chapter that segment `index` begins: `file`, or the show's, if there is one."""
    file = file or show.music.sting.file
    return [Sound(file, index, show.pauses.sentence_ms, "sting")] if file else []


def cast(script: Script, show: Show) -> tuple[Voice, ...]:
    """Return the voices of a script in order of appearance, each once.

    Fallback voices do not count, unless an engine's voices are unknown because it is not installed. Raises UnknownVoice
    for a voice that no engine has.
    """
    known = _VoiceAssigner(script, show, preview=False)
    spoken = zip(script.segments, sections.of_segments(script, show), strict=True)
    heard = (known.part(segment, section) for segment, section in spoken if segment.kind not in UNSPOKEN)
    return tuple(dict.fromkeys(part.asked or part.voice for part in heard))


def section_music(script: Script, show: Show) -> tuple[Track, ...]:
    """Return the stings and beds of a script's sections, each once; a sting only has its file."""
    begun = sections.by_heading(script, show).values()
    found = (track for section in begun for track in (Track(section.sting), section.bed) if track and track.file)
    return tuple(dict.fromkeys(found))


def beds(pieces: Sequence[Piece], script: Script, show: Show) -> Iterator[tuple[int, int, Track]]:
    """Yield the first and last index of the pieces over each section's bed, and that bed.

    The sting before a section is not over its bed.
    """
    within = [section.bed if section else None for section in sections.of_segments(script, show)]
    start = 0
    for bed, run in groupby(pieces, key=lambda piece: within[piece.segment]):
        own = list(run)
        lead = next((place for place, piece in enumerate(own) if not _is_sting(piece)), len(own))
        if bed and bed.file and lead < len(own):
            yield start + lead, start + len(own) - 1, show.music.resolved(bed)
        start += len(own)


def _is_sting(piece: Piece) -> bool:
    return isinstance(piece, Sound) and piece.kind == "sting"


def calibration(voice: Voice) -> Utterance:
    """Return the sentence that a voice's loudness is measured on: of medium length, without emphasis."""
    said = languages.table(primary(voice.language), "speaking.toml").get("calibration", COUNTING)
    return Utterance(voice, said, said, -1)


def _set_pause(found: list[Piece], pause_ms: int) -> None:
    if found:
        found[-1] = replace(found[-1], pause_ms=pause_ms)


def _after_pause(segments: Sequence[Segment], index: int) -> bool:
    """Return True if the script sets the pause before this segment."""
    before = segments[index - 1] if index else None
    return before is not None and (before.kind == "pause" or (before.kind == "sound" and not before.text.strip()))


@dataclass(frozen=True, slots=True)
class _Assignment:
    """A speaker's voice, and the voice that it replaces."""

    voice: Voice
    asked: Voice | None = None
    """The configured voice; None if its engine does not know it."""
    name: str = ""
    """Name of the configured voice if `voice` is a fallback, else empty."""


class _VoiceAssigner:
    """Assigns voices: the segment's speaker, else the section's, the kind's, the host, the show's, the default."""

    def __init__(
        self, script: Script, show: Show, *, preview: bool, stand_ins: Mapping[str, str] = NO_FALLBACKS
    ) -> None:
        self.script = script
        self.show = show
        self.preview = preview
        self.stand_ins = stand_ins
        self.known: dict[Speaker | None, _Assignment] = {}

    def part(self, segment: Segment, section: Section | None = None) -> _Assignment:
        speakers = self.script.speakers
        who = speakers.get(segment.speaker.casefold()) if segment.speaker else section and section.voice
        who = who or speakers.get(segment.kind)
        who = who or speakers.get("host") or of_language(self.show.voices, self.script.language)
        if who not in self.known:
            try:
                self.known[who] = self._find(who)
            except PodcastError as error:
                self._locate(error, who)
                raise
        return self.known[who]

    def _locate(self, error: PodcastError, who: Speaker | None) -> None:
        """Add the location that names a speaker to an error: a key of show.toml, or the script."""
        named: dict[str, Speaker | None] = {f"voices.{language}": one for language, one in self.show.voices.items()}
        named |= {f"sections.{name}.voice": one.voice for name, one in self.show.sections.items()}
        key = next((key for key, one in named.items() if one is who and who is not None), "")
        if not key:
            error.locate(self.script.path or self.script.slug)
        elif not error.key:  # else it is about an engine's setting, whose key is set
            error.locate("show.toml", key=key)

    def _find(self, who: Speaker | None) -> _Assignment:
        try:
            asked = self._configured(who)
        except (EngineMissing, UnknownVoice) as error:
            if who and self.show.fallbacks_of(who.voice) and _is_not_installed(who.voice, error):
                return self._fallback(who.voice, who, error.hint or error.message)
            raise
        if self.preview or not self.show.fallbacks_of(asked.ref):
            return _Assignment(asked)
        hint = self._engine(asked).missing()
        if asked.ref not in self.stand_ins and not hint:
            return _Assignment(asked)
        return replace(self._fallback(asked.ref, who, hint), asked=asked)

    def _configured(self, who: Speaker | None) -> Voice:
        if who is None or self.preview:
            return voices.default(self.script.language, preview=self.preview)
        voice = voices.find(who.voice, self.script.language, self.show.settings)
        if who.pitch != 1.0 and not voices.has_pitch(self._engine(voice)):
            able = ", ".join(name for name, kind in voices.engine_classes().items() if voices.has_pitch(kind))
            raise NarrationError(f"{voice.ref} cannot change its pitch", hint=f"remove pitch, or use a voice of {able}")
        return replace(voice, speed=who.speed, pitch=who.pitch)

    def _fallback(self, name: str, who: Speaker | None, hint: str) -> _Assignment:
        """Return the fallback for a voice: the one of the last run, else the first that is available."""
        named = self.show.fallbacks_of(name)
        for ref in [self.stand_ins[name]] if name in self.stand_ins else named:
            voice = voices.find(ref, self.script.language, self.show.settings)
            if name in self.stand_ins or not self._engine(voice).missing():
                own = Speaker(name) if who is None else who
                pitch = own.pitch if voices.has_pitch(self._engine(voice)) else 1.0
                return _Assignment(replace(voice, speed=own.speed, pitch=pitch), None, name)
        raise EngineMissing(f"{name} is not available, and neither is its fallback: {', '.join(named)}", hint=hint)

    def _engine(self, voice: Voice) -> voices.Engine:
        return voices.engine(voice.engine, self.show.engine_settings(voice.engine))


def _is_not_installed(ref: str, error: PodcastError) -> bool:
    """Return True if a voice is unknown because its engine is not installed, not because its name is wrong."""
    return isinstance(error, EngineMissing) or ("/" in ref and ref.partition("/")[0] not in voices.engine_classes())


def _utterances(script: Script, show: Show, index: int, part: _Assignment) -> list[Utterance]:
    """Return the utterances of one segment."""
    from podcast import speakable  # takes a while to load; a run that has nothing to do needs none of it

    segment, voice = script.segments[index], part.voice
    engine = voices.engine(voice.engine, show.engine_settings(voice.engine))
    words = {word: pronunciation.written(word, said) for word, said in lexicon(show, script.language).items()}
    found: list[Utterance] = []
    for parts, pause_ms in _split_at_pauses(segment, show):
        for chunk in _chunks(parts, script.language, engine.max_chars, engine.min_chars):
            spoken = speakable.speak(chunk, script.language, words)
            shown = " ".join("".join(part.shown for part in spoken).split())
            said = " ".join("".join(part.said for part in spoken).split())
            if any(c.isalnum() for c in said):
                rest = show.pauses.sentence_ms if SENTENCE_END.search(shown) else show.pauses.clause_ms
                found.append(Utterance(voice, shown, said, index, rest, tuple(spoken), part.name))
            elif found and shown:  # an emoji alone is displayed, not spoken
                found[-1] = replace(found[-1], shown=f"{found[-1].shown} {shown}")
        if found:
            found[-1] = replace(found[-1], pause_ms=pause_ms)
    if found and segment.kind in {"heading", "item"}:
        found[-1] = _ended(found[-1])
    return [_pronounced(one, script.language, ipa=voices.reads_ipa(engine)) for one in found]


def _ended(one: Utterance) -> Utterance:
    """Return an utterance with a mark at its end, for a falling intonation."""
    return one if re.search(r"[.!?…:;,。！？]\W*$", one.said) else replace(one, said=f"{one.said}.")


def _pronounced(one: Utterance, language: str, *, ipa: bool) -> Utterance:
    """Return an utterance with the pronunciation of its words: as IPA if the engine reads it, else respelt."""
    if not ipa:
        respelt = pronunciation.respellings(one.said, language)
        parts = tuple(replace(part, said=pronunciation.respell(part.said, language)) for part in one.parts)
        return replace(one, said=pronunciation.respell(one.said, language), parts=parts, respelt=respelt)
    said = pronunciation.plain(one.said)
    given = pronunciation.annotate(one.said, language)
    parts = tuple(replace(part, said=pronunciation.plain(part.said)) for part in one.parts)
    return replace(one, said=said, parts=parts, annotated=given if given != said else "")


def respelt(pieces: Iterable[Piece]) -> Iterator[str]:
    """Yield a note for each word in IPA that its voice cannot read, once for each voice."""
    spoken = (piece for piece in pieces if isinstance(piece, Utterance))
    words = ((piece.voice.ref, word, spelling) for piece in spoken for word, spelling in piece.respelt)
    for voice, word, spelling in dict.fromkeys(words):
        yield f"{voice} cannot read IPA: {word!r} is spoken as {spelling!r}"


def _split_at_pauses(segment: Segment, show: Show) -> Iterator[tuple[list[str | Said], int]]:
    """Yield the parts of a segment between inline pauses, with the pause after each."""
    pauses = show.pauses
    after = {"heading": pauses.heading_ms, "item": pauses.item_ms, "quote": pauses.quote_ms}
    parts: list[str | Said] = []
    for run in runs(segment.text):
        if isinstance(run, Pause):
            yield parts, run.ms
            parts = []
        elif isinstance(run, Said):
            parts.append(Said(run.shown, pronunciation.written(run.shown, run.said)))
        else:
            parts.append(run)
    yield parts, after.get(segment.kind, pauses.paragraph_ms)


def _chunks(parts: Sequence[str | Said], language: str, max_chars: int, min_chars: int) -> Iterator[list[str | Said]]:
    """Cut the parts where their joined text would be cut; words with a given pronunciation stay whole."""
    from podcast import speakable

    text = "".join(part if isinstance(part, str) else part.shown for part in parts)
    rest = list(parts)
    surplus = 0
    for chunk in speakable.chunks(text, language, max_chars=max_chars, min_chars=min_chars):
        wanted = len(chunk) - surplus
        taken: list[str | Said] = []
        while wanted > 0 and rest:
            part = rest.pop(0)
            size = len(part) if isinstance(part, str) else len(part.shown)
            if isinstance(part, str) and size > wanted:
                taken.append(part[:wanted])
                rest.insert(0, part[wanted:])
            else:
                taken.append(part)
            wanted -= size
        surplus = max(0, -wanted) if taken and isinstance(taken[-1], Said) else 0
        if taken:
            yield taken
