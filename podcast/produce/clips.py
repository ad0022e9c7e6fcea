# SPDX-License-Identifier: GPL-3.0-or-later
"""The clips of one episode: narrated and mastered in parallel, each once, then laid out and mixed with music.

Two things are kept in audio/clips/: what a voice said (FLAC, dear) and its mastered form (MP3 frames, cheap).
Whatever is missing or damaged when it is asked for is made again on the spot. Sounds that the script inserts, what
people have recorded, and the spans under music are kept likewise.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from podcast import narrate, timing, utterance
from podcast.errors import AudioError, EngineMissing, NarrationError
from podcast.imports import needed
from podcast.model import Script, Speech, Utterance, Voice, Word
from podcast.produce import cluster, records
from podcast.produce.studio import Studio
from podcast.settings import MusicKind
from podcast.sound import clip, hook, loop, mp3, music, stitch, timeline
from podcast.sound.clip import Level
from podcast.sound.loop import Loop
from podcast.sound.loudness import TARGET_LUFS
from podcast.sound.mastered import Mastered, finish
from podcast.sound.peak import Samples, amplitude
from podcast.sound.timeline import Bed, Piece, Span, Timeline
from podcast.toml_file import named_by
from podcast.utterance import Sound

SUFFIX = ".frames"
"""Of a mastered clip, or of a mixed span."""

UNDER: tuple[MusicKind, ...] = ("intro", "bed", "outro")
"""Music of `[music]` that sounds with words."""

CORRECTIONS = 3
"""How often the level of the whole is corrected: once is enough but for very short episodes."""


@dataclass(frozen=True, slots=True)
class Mix:
    """An episode laid out, with the sound of the spans under music."""

    timeline: Timeline
    spans: tuple[Mastered, ...]


@dataclass
class Clips:
    """What is heard in an episode, by the keys of the mastered clips."""

    studio: Studio
    made_of: Script
    pieces: Sequence[utterance.Piece]
    offset_db: float = stitch.PAUSES_DB
    by_key: dict[str, utterance.Piece] = field(default_factory=dict)
    words: dict[str, tuple[Word, ...]] = field(default_factory=dict)
    """What is said in each mastered clip, if that is known."""
    used: set[str] = field(default_factory=set)
    """Keys of all mastered clips and mixed spans that it takes to put the episode together."""

    def mix(self) -> Mix:
        """Narrate, master, lay out and mix; correct the level of the whole where music or few words have shifted it."""
        tracks = self._tracks.items()
        lengths = {f"{kind}_samples": len(track) for kind, track in tracks if not isinstance(track, Loop)}
        beds = self._beds()
        for _ in range(CORRECTIONS):
            keys = self._prepared()
            laid = [self._piece(key, piece) for key, piece in zip(keys, self.pieces, strict=True)]
            placed = timeline.lay(laid, self.studio.show.music, **lengths, beds=beds)
            spans = tuple(map(self._mixed, placed.spans))
            step_db = stitch.correction_db(stitch.measure(placed, self.mastered, spans).integrated_lufs)
            if not step_db:
                break
            self.offset_db = round(self.offset_db + step_db, 1)
        return Mix(placed, spans)

    def placed(self, laid: Timeline) -> list[tuple[Utterance | Sound, int, int, str]]:
        """Return each utterance, and each recording with its words, with its start and end in milliseconds.

        Last are the times of its words, from its start, as a Cue keeps them; empty if they are not known.
        """
        return [
            (piece, place.start_ms, place.end_ms, self._times(piece, place.key))
            for piece, place in zip(self.pieces, laid.clips, strict=True)
            if isinstance(piece, Utterance) or piece.shown
        ]

    def _times(self, piece: Utterance | Sound, key: str) -> str:
        if not isinstance(piece, Utterance):
            return ""
        return timing.pack(timing.align(piece.parts, piece.shown, self.words[key]), 0)

    def blame(self, mix: Mix) -> str:
        """Return which clip or music is furthest from the target, and which peaks highest, in words."""
        found = [(self.mastered(place.key), self._name(self.by_key[place.key])) for place in mix.timeline.apart]
        for span, whole in zip(mix.timeline.spans, mix.spans, strict=True):
            heard = [layer.kind for layer in span.layers] + [self._name(self.by_key[one.key]) for one in span.clips]
            found.append((whole, f"the mix of {', '.join(heard)}"))
        level, far = max(found, key=lambda part: abs(part[0].lufs - TARGET_LUFS))
        peak, high = max(found, key=lambda part: part[0].true_peak_dbtp)
        return (
            f"furthest from the target: {far} ({level.lufs:.1f} LUFS), "
            f"highest peak: {high} ({peak.true_peak_dbtp:.1f} dBTP)"
        )

    def mastered(self, key: str) -> Mastered:
        """Return a clip in its final form; a missing or damaged one is made again."""
        whole = self._kept(key)
        return self._master(key) if whole is None else whole

    def _kept(self, key: str) -> Mastered | None:
        """Return what was mastered or mixed before, or None if it is not here or was damaged."""
        data = self.studio.store.derived(key, SUFFIX)
        if data is not None:
            try:
                return Mastered.from_bytes(data)
            except AudioError:
                self.studio.progress.say(f"clip {key[:12]} is damaged and is created again")
        return None

    def sounds(self, mix: Mix, ceiling_dbtp: float) -> Iterator[Samples]:
        """Give all that is heard in parts, with no true peak over a ceiling, for formats that are not joined."""
        return stitch.sounds(
            mix.timeline, self.pcm, self._tracks, offset_db=self.offset_db, ceiling_dbtp=ceiling_dbtp, form=self._form
        )

    def _mixed(self, span: Span) -> Mastered:
        """Return a span under music; one that was mixed before is kept for as long as nothing in it changes."""
        key = records.digest("span", self.music_digest, stitch.fingerprint(span), clip.MASTERING, repr(self.offset_db))
        self.used.add(key)
        whole = self._kept(key)
        if whole is None:
            whole = stitch.mix(span, self.pcm, self._tracks, offset_db=self.offset_db, form=self._form)
            self.studio.store.keep_derived(key, SUFFIX, whole.to_bytes())
        return whole

    def pcm(self, key: str) -> Samples:
        """Return the sound of a clip, for mixing."""
        piece = self.by_key[key]
        if isinstance(piece, Sound) and piece.kind != "recording":
            return self._sound(piece)
        return clip.shape(*self._spoken(piece))

    def _piece(self, key: str, piece: utterance.Piece) -> Piece:
        whole = self.mastered(key)
        self.words[key] = whole.words
        is_sting = isinstance(piece, Sound) and piece.kind == "sting"
        fade_ms = self.studio.show.music.sting.fade_out_ms if is_sting else 0
        return Piece(key, whole.n_frames, whole.samples, piece.pause_ms, fade_ms)

    def _beds(self) -> list[Bed]:
        """Return the music under sections, and have its sound among the tracks."""
        found = []
        for first, last, track in utterance.beds(self.pieces, self.made_of, self.studio.show):
            source = self.studio.source(track.file)
            name = f"bed {records.digest(self.music_digest, repr(track), source.read_bytes() if source else b'')}"
            if name not in self._tracks:
                self._tracks[name] = music.bed(source, track, hook=self._hook)
            sound = self._tracks[name]
            found.append(Bed(name, first, last, track, None if isinstance(sound, Loop) else len(sound)))
        return found

    def _prepared(self) -> list[str]:
        """Make what is not there yet, on all cores, and return the keys of all pieces in order."""
        keys = [self._key(piece) for piece in self.pieces]
        self.by_key = dict(zip(keys, self.pieces, strict=True))
        self.used |= set(self.by_key)
        store, progress = self.studio.store, self.studio.progress
        self._narrated_elsewhere()
        missing = [key for key in self.by_key if not store.path(key, SUFFIX).exists()]
        if missing:
            is_new = any(isinstance(one := self.by_key[key], Utterance) and self.studio.is_new(one) for key in missing)
            what = "narrating" if is_new else "mastering"
            progress.stage(what, sum(map(self._cost, missing)))
            with narrate.threads(self.studio.jobs) as executor:
                narrate.in_parallel(
                    missing, self._make, executor, cost=self._cost, done=lambda key: progress.advance(self._cost(key))
                )
        return keys

    def _narrated_elsewhere(self) -> None:
        """Have the cluster, if there is one, narrate and master what was never narrated."""
        progress = self.studio.progress
        new = {
            key: piece
            for key, piece in self.by_key.items()
            if isinstance(piece, Utterance) and self.studio.is_new(piece)
        }
        if self.studio.cluster is None or not new:
            return
        progress.stage("narrating on the cluster", sum(map(self._cost, new)))
        tasks = {key: self._task(piece, self._level(piece.voice)) for key, piece in new.items()}
        for key, flac, frames in cluster.each(self.studio.cluster, tasks):
            self.studio.store.keep_flac(self.studio.clip(new[key]), flac)
            self.studio.store.keep_derived(key, SUFFIX, frames)
            progress.advance(self._cost(key))

    def _task(self, piece: Utterance, level: Level | None) -> cluster.Task:
        voice = piece.voice
        revision = self.studio.engine(voice).revision(voice)
        return cluster.Task(piece, self.studio.show.engine_settings(voice.engine), revision, level, self._form)

    def _cost(self, key: str) -> float:
        piece = self.by_key[key]
        return float(len(piece.said)) if isinstance(piece, Utterance) else 10.0

    def _key(self, piece: utterance.Piece) -> str:
        if isinstance(piece, Sound):
            source = self.studio.source(piece.file)
            content = source.read_bytes() if source else piece.file
            shaped = "" if piece.kind == "recording" else self.music_digest
            return records.digest(piece.kind, content, shaped, clip.MASTERING, repr((self.offset_db, self._form)))
        name = self.studio.clip(piece)
        return records.digest(name, clip.MASTERING, repr((self._level(piece.voice), self._form)))

    def _make(self, key: str) -> None:
        """Make a clip, and leave it to the store: held in memory, an hour of them would add up."""
        self._master(key)

    def _master(self, key: str) -> Mastered:
        """Narrate if need be, master, keep."""
        piece = self.by_key[key]
        if isinstance(piece, Sound) and piece.kind != "recording":
            whole = finish(self._sound(piece), self._form)
        else:
            whole = clip.master(*self._spoken(piece), self._form)
        self.studio.store.keep_derived(key, SUFFIX, whole.to_bytes())
        return whole

    def _speech(self, piece: Utterance) -> Speech:
        try:
            with needed(f"the voice {piece.voice.ref}", EngineMissing):
                return narrate.speak(piece, self.studio.engine(piece.voice), self.studio.store)
        except NarrationError as error:
            error.voice = piece.voice.ref
            error.locate(*self._where(piece.segment))
            error.text = f"{_quoted(piece)}: {error.text}"
            raise

    def _spoken(self, piece: utterance.Piece) -> tuple[Speech, Level]:
        """Return speech and its level; a recording is its own measure."""
        if isinstance(piece, Utterance):
            return self._speech(piece), self._level(piece.voice)
        try:
            speech = music.recording(self.studio.place.file(piece.file))
            return speech, Level(clip.calibration_db(speech), self.offset_db)
        except AudioError as error:
            error.locate(*self._where(piece.segment))
            raise

    def _sound(self, piece: Sound) -> Samples:
        settings = self.studio.show.music
        try:
            if piece.kind == "sting":
                pcm = music.sting(
                    self.studio.source(piece.file), self.studio.show.music.with_sting(piece.file), hook=self._hook
                )
            else:
                pcm = music.sound(self.studio.place.file(piece.file), settings)
        except AudioError as error:
            error.locate(*self._where(piece.segment))
            raise
        return np.asarray(pcm * np.float32(amplitude(self.offset_db)))

    def _name(self, piece: utterance.Piece) -> str:
        """Return the location of a piece and its words, cut, or its file."""
        file, line = self._where(piece.segment)
        return f"{file}{f':{line}' if line else ''}: {_quoted(piece)}"

    def _where(self, segment: int) -> tuple[str, int | None]:
        """Return the file and the line of a segment, for errors; a calibration sentence is in no line."""
        line = self.made_of.segments[segment].line if segment >= 0 else None
        return str(self.made_of.path or self.made_of.slug), line or None

    def _level(self, voice: Voice) -> Level:
        return Level(self._gains[voice], self.offset_db)

    @cached_property
    def _gains(self) -> dict[Voice, float]:
        """Voice -> its calibration, from a sentence that is narrated once for all episodes."""
        cast = list(dict.fromkeys(piece.voice for piece in self.pieces if isinstance(piece, Utterance)))
        samples = [utterance.calibration(voice) for voice in cast]
        new = [piece for piece in samples if self.studio.is_new(piece)]
        if self.studio.cluster is not None:
            tasks = {self.studio.clip(piece): self._task(piece, None) for piece in new}
            for name, flac, _ in cluster.each(self.studio.cluster, tasks):
                self.studio.store.keep_flac(name, flac)
        elif new:  # with all the rest that is new, so that no core waits for the one sentence
            self._narrate(
                [*new, *(one for one in self.pieces if isinstance(one, Utterance) and self.studio.is_new(one))]
            )
        return {voice: clip.calibration_db(self._speech(piece)) for voice, piece in zip(cast, samples, strict=True)}

    def _narrate(self, pieces: Sequence[Utterance]) -> None:
        """Have the voices say what they never said; it is left to the store."""
        progress = self.studio.progress
        clips = {self.studio.clip(piece): piece for piece in pieces}
        progress.stage("narrating", sum(len(piece.said) for piece in clips.values()))

        def say(name: str) -> None:
            self._speech(clips[name])

        with narrate.threads(self.studio.jobs) as executor:
            narrate.in_parallel(
                list(clips),
                say,
                executor,
                cost=lambda name: len(clips[name].said),
                done=lambda name: progress.advance(len(clips[name].said)),
            )

    @property
    def _form(self) -> mp3.Format:
        return mp3.Format(self.studio.show.output.channels)

    @cached_property
    def _hook(self) -> hook.Hook | None:
        """The producer's own code for music, if there is any."""
        reference = self.studio.show.hooks.get("music")
        return hook.load(reference, self.studio.place.root) if reference else None

    @cached_property
    def music_digest(self) -> str:
        """Digest of everything that shapes music."""
        return records.music(self.studio.place, self.studio.show)

    @cached_property
    def _tracks(self) -> dict[str, loop.Music]:
        """The music that lies under words, by its name; that of sections is added by `_beds`."""
        settings, shaped = self.studio.show.music, self._hook
        found: dict[str, loop.Music] = {}
        for kind in UNDER:
            if file := settings.track(kind).file:
                with named_by(self.studio.place.show, f"music.{kind}"):
                    found[kind] = music.track(self.studio.source(file), kind, settings, hook=shaped)
        return found


def _quoted(piece: utterance.Piece) -> str:
    """Return the words of a piece, cut, or its file: `“The moon is late.”`."""
    words = piece.shown or (piece.file if isinstance(piece, Sound) else "")
    return f"“{words if len(words) <= 60 else f'{words[:59]}…'}”"
