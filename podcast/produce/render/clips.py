# SPDX-License-Identifier: GPL-3.0-or-later
"""The clips of one episode: narrated and mastered in parallel, each once, then laid out and mixed with music.

Two things are kept in audio/clips/: what a voice said (FLAC, dear) and its mastered form (MP3 frames, cheap).
Whatever is missing or damaged when it is asked for is made again on the spot. Sounds that the script inserts, what
people have recorded, and the spans under music are kept likewise.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeGuard

import numpy as np

from podcast import alignment
from podcast.config.settings import MusicKind
from podcast.config.toml import named_by
from podcast.errors import AudioError, EngineMissing, NarrationError
from podcast.model import Script, Speech, Utterance, Voice, Word
from podcast.narrate import synthesis, utterances
from podcast.narrate.utterances import Sound
from podcast.packages.imports import needed
from podcast.produce import records
from podcast.produce.render import cluster
from podcast.produce.render.context import RenderContext
from podcast.sound import mastering, mp3, stitch, timeline
from podcast.sound.clip_format import Mastered, finish
from podcast.sound.loudness import TARGET_LUFS
from podcast.sound.mastering import Level
from podcast.sound.music import hook, loop
from podcast.sound.music import tracks as music
from podcast.sound.music.loop import Loop
from podcast.sound.timeline import Bed, ClipLength, Span, Timeline
from podcast.sound.true_peak import Samples, amplitude

SUFFIX = ".frames"
"""Of a mastered clip, or of a mixed span."""

UNDER: tuple[MusicKind, ...] = ("intro", "bed", "outro")
"""Music of `[music]` that sounds with words."""

SOUND_COST = 10.0
"""What mastering a sound counts against narrating a character."""

CORRECTIONS = 3
"""How often the level of the whole is corrected: once is enough but for very short episodes."""


def _is_music(piece: utterances.Piece) -> TypeGuard[Sound]:
    """Return True for what is played as it is; a recording is mastered as what a voice says."""
    return isinstance(piece, Sound) and piece.kind != "recording"


@dataclass(frozen=True, slots=True)
class Mix:
    """An episode laid out, with the sound of the spans under music."""

    timeline: Timeline
    spans: tuple[Mastered, ...]


@dataclass(frozen=True, slots=True)
class ClipJob:
    """A piece of an episode, and under which names its sound is kept: worked out once, before anything is made."""

    piece: utterances.Piece
    key: str
    """Of the mastered clip."""
    name: str = ""
    """Of the clip that a voice says; empty for a sound."""
    level: Level | None = None
    """At which a voice is mastered; None for a sound, which is its own measure."""

    @property
    def cost(self) -> float:
        """About how much work it is, in characters to say."""
        return float(len(self.piece.said)) if isinstance(self.piece, Utterance) else SOUND_COST


@dataclass
class EpisodeClips:
    """What is heard in an episode, by the keys of the mastered clips."""

    context: RenderContext
    made_of: Script
    pieces: Sequence[utterances.Piece]
    offset_db: float = stitch.PAUSES_DB
    jobs: dict[str, ClipJob] = field(default_factory=dict)
    """By key."""
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
            jobs = [self._job(piece, name) for piece, name in zip(self.pieces, self._names, strict=True)]
            self._make_all(jobs)
            laid = [self._laid(job) for job in jobs]
            placed = timeline.lay(laid, self.context.show.music, **lengths, beds=beds)
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
        return alignment.pack(alignment.align(piece.parts, piece.shown, self.words[key]), 0)

    def blame(self, mix: Mix) -> str:
        """Return which clip or music is furthest from the target, and which peaks highest, in words."""
        found = [
            (self.mastered(place.key), self._described(self.jobs[place.key].piece)) for place in mix.timeline.apart
        ]
        for span, whole in zip(mix.timeline.spans, mix.spans, strict=True):
            heard = [layer.kind for layer in span.layers] + [
                self._described(self.jobs[one.key].piece) for one in span.clips
            ]
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
        return self._master(self.jobs[key]) if whole is None else whole

    def _kept(self, key: str) -> Mastered | None:
        """Return what was mastered or mixed before, or None if it is not here or was damaged."""
        data = self.context.store.derived(key, SUFFIX)
        if data is not None:
            try:
                return Mastered.from_bytes(data)
            except AudioError:
                self.context.progress.say(f"clip {key[:12]} is damaged and is created again")
        return None

    def sounds(self, mix: Mix, ceiling_dbtp: float) -> Iterator[Samples]:
        """Give all that is heard in parts, with no true peak over a ceiling, for formats that are not joined."""
        return stitch.sounds(
            mix.timeline, self.pcm, self._tracks, offset_db=self.offset_db, ceiling_dbtp=ceiling_dbtp, form=self._form
        )

    def _mixed(self, span: Span) -> Mastered:
        """Return a span under music; one that was mixed before is kept for as long as nothing in it changes."""
        key = records.digest(
            "span", self.music_digest, stitch.fingerprint(span), mastering.MASTERING, repr(self.offset_db)
        )
        self.used.add(key)
        whole = self._kept(key)
        if whole is None:
            whole = stitch.mix(span, self.pcm, self._tracks, offset_db=self.offset_db, form=self._form)
            self.context.store.keep_derived(key, SUFFIX, whole.to_bytes())
        return whole

    def pcm(self, key: str) -> Samples:
        """Return the sound of a clip, for mixing."""
        job = self.jobs[key]
        if _is_music(job.piece):
            return self._sound(job.piece)
        return mastering.shape(*self._spoken(job))

    def _laid(self, job: ClipJob) -> ClipLength:
        """Return a piece as the timeline lays it."""
        whole = self.mastered(job.key)
        self.words[job.key] = whole.words
        is_sting = isinstance(job.piece, Sound) and job.piece.kind == "sting"
        fade_ms = self.context.show.music.sting.fade_out_ms if is_sting else 0
        return ClipLength(job.key, whole.n_frames, whole.samples, job.piece.pause_ms, fade_ms)

    def _beds(self) -> list[Bed]:
        """Return the music under sections, and have its sound among the tracks."""
        found = []
        for first, last, track in utterances.beds(self.pieces, self.made_of, self.context.show):
            source = self.context.source(track.file)
            name = f"bed {records.digest(self.music_digest, repr(track), source.read_bytes() if source else b'')}"
            if name not in self._tracks:
                self._tracks[name] = music.bed(source, track, hook=self._hook)
            sound = self._tracks[name]
            found.append(Bed(name, first, last, track, None if isinstance(sound, Loop) else len(sound)))
        return found

    @cached_property
    def _names(self) -> tuple[str, ...]:
        """The name of the clip that each piece is said in; empty for sounds."""
        return tuple(self.context.clip(piece) if isinstance(piece, Utterance) else "" for piece in self.pieces)

    def _job(self, piece: utterances.Piece, name: str) -> ClipJob:
        if isinstance(piece, Sound):
            source = self.context.source(piece.file)
            content = source.read_bytes() if source else piece.file
            shaped = "" if piece.kind == "recording" else self.music_digest
            parts = (piece.kind, content, shaped, mastering.MASTERING, repr((self.offset_db, self._form)))
            return ClipJob(piece, records.digest(*parts))
        level = Level(self._gains[piece.voice], self.offset_db)
        return ClipJob(piece, records.digest(name, mastering.MASTERING, repr((level, self._form))), name, level)

    def _make_all(self, jobs: Sequence[ClipJob]) -> None:
        """Narrate and master what is not there yet, on all cores."""
        self.jobs = {job.key: job for job in jobs}
        self.used |= set(self.jobs)
        self._narrated_elsewhere()
        missing = [job for job in self.jobs.values() if not self.context.store.path(job.key, SUFFIX).exists()]
        if missing:
            is_new = any(job.name and not self.context.is_narrated(job.name) for job in missing)
            self._in_parallel("narrating" if is_new else "mastering", missing, self._make)

    def _in_parallel(self, stage: str, jobs: Sequence[ClipJob], task: Callable[[ClipJob], None]) -> None:
        """Do something for each job, and show the progress."""
        progress = self.context.progress
        progress.stage(stage, sum(job.cost for job in jobs))
        with synthesis.threads(self.context.jobs) as executor:
            synthesis.in_parallel(
                jobs, task, executor, cost=lambda job: job.cost, done=lambda job: progress.advance(job.cost)
            )

    def _narrated_elsewhere(self) -> None:
        """Have the cluster, if there is one, narrate and master what was never narrated."""
        progress, store = self.context.progress, self.context.store
        if self.context.cluster is None:
            return
        new = {job.key: job for job in self.jobs.values() if job.name and not self.context.is_narrated(job.name)}
        if not new:
            return
        progress.stage("narrating on the cluster", sum(job.cost for job in new.values()))
        tasks = {key: self._task(job) for key, job in new.items()}
        for key, flac, frames in cluster.each(self.context.cluster, tasks):
            store.keep_flac(new[key].name, flac)
            store.keep_derived(key, SUFFIX, frames)
            progress.advance(new[key].cost)

    def _task(self, job: ClipJob) -> cluster.RemoteJob:
        """Return what a worker of the cluster has to know of a job that a voice says."""
        piece = job.piece
        if not isinstance(piece, Utterance):
            raise TypeError(piece)
        revision = self.context.engine(piece.voice).revision(piece.voice)
        settings = self.context.show.engine_settings(piece.voice.engine)
        return cluster.RemoteJob(piece, settings, revision, job.level, self._form)

    def _make(self, job: ClipJob) -> None:
        """Make a clip, and leave it to the store: held in memory, an hour of them would add up."""
        self._master(job)

    def _master(self, job: ClipJob) -> Mastered:
        """Narrate if need be, master, keep."""
        if _is_music(job.piece):
            whole = finish(self._sound(job.piece), self._form)
        else:
            whole = mastering.master(*self._spoken(job), self._form)
        self.context.store.keep_derived(job.key, SUFFIX, whole.to_bytes())
        return whole

    def _speech(self, piece: Utterance, name: str) -> Speech:
        with self._placed(piece):
            return synthesis.speak(piece, self.context.engine(piece.voice), self.context.store, name)

    @contextmanager
    def _placed(self, piece: Utterance) -> Iterator[None]:
        """Have errors of a voice name it, and what it was to say."""
        try:
            with needed(f"the voice {piece.voice.ref}", EngineMissing):
                yield
        except NarrationError as error:
            error.voice = piece.voice.ref
            error.locate(*self._where(piece.segment))
            error.text = f"{_quoted(piece)}: {error.text}"
            raise

    def _spoken(self, job: ClipJob) -> tuple[Speech, Level]:
        """Return the speech of a job and its level; a recording is its own measure."""
        piece = job.piece
        if isinstance(piece, Utterance):
            return self._speech(piece, job.name), job.level or Level(self._gains[piece.voice], self.offset_db)
        try:
            speech = music.recording(self.context.place.file(piece.file))
            return speech, Level(mastering.calibration_db(speech), self.offset_db)
        except AudioError as error:
            error.locate(*self._where(piece.segment))
            raise

    def _sound(self, piece: Sound) -> Samples:
        settings = self.context.show.music
        try:
            if piece.kind == "sting":
                pcm = music.sting(
                    self.context.source(piece.file), self.context.show.music.with_sting(piece.file), hook=self._hook
                )
            else:
                pcm = music.sound(self.context.place.file(piece.file), settings)
        except AudioError as error:
            error.locate(*self._where(piece.segment))
            raise
        return np.asarray(pcm * np.float32(amplitude(self.offset_db)))

    def _described(self, piece: utterances.Piece) -> str:
        """Return the location of a piece and its words, cut, or its file."""
        file, line = self._where(piece.segment)
        return f"{file}{f':{line}' if line else ''}: {_quoted(piece)}"

    def _where(self, segment: int) -> tuple[str, int | None]:
        """Return the file and the line of a segment, for errors; a calibration sentence is in no line."""
        line = self.made_of.segments[segment].line if segment >= 0 else None
        return str(self.made_of.path or self.made_of.slug), line or None

    @cached_property
    def _gains(self) -> dict[Voice, float]:
        """Voice -> its calibration, from a sentence that is narrated once for all episodes."""
        cast = dict.fromkeys(piece.voice for piece in self.pieces if isinstance(piece, Utterance))
        samples = [utterances.calibration(voice) for voice in cast]
        names = [self.context.clip(sample) for sample in samples]
        self._calibrate(dict(zip(names, samples, strict=True)))
        return {
            sample.voice: mastering.calibration_db(self._speech(sample, name))
            for sample, name in zip(samples, names, strict=True)
        }

    def _calibrate(self, samples: Mapping[str, Utterance]) -> None:
        """Have the sentences narrated that voices are calibrated by, given by the names of their clips."""
        new = [ClipJob(piece, "", name) for name, piece in samples.items() if not self.context.is_narrated(name)]
        if self.context.cluster is not None:
            tasks = {job.name: self._task(job) for job in new}
            for name, flac, _ in cluster.each(self.context.cluster, tasks):
                self.context.store.keep_flac(name, flac)
        elif new:  # with all the rest that is new, so that no core waits for the one sentence
            said = {
                name: ClipJob(piece, "", name) for piece, name in zip(self.pieces, self._names, strict=True) if name
            }
            new += [job for name, job in said.items() if not self.context.is_narrated(name)]
            self._in_parallel("narrating", list({job.name: job for job in new}.values()), self._say)

    def _say(self, job: ClipJob) -> None:
        """Have a voice say what it never said; it is left to the store."""
        if isinstance(job.piece, Utterance):
            with self._placed(job.piece):
                synthesis.say(job.piece, self.context.engine(job.piece.voice), self.context.store, job.name)

    @property
    def _form(self) -> mp3.Format:
        return mp3.Format(self.context.show.output.channels)

    @cached_property
    def _hook(self) -> hook.Hook | None:
        """The producer's own code for music, if there is any."""
        reference = self.context.show.hooks.get("music")
        return hook.load(reference, self.context.place.root) if reference else None

    @cached_property
    def music_digest(self) -> str:
        """Digest of everything that shapes music."""
        return records.music(self.context.place, self.context.show)

    @cached_property
    def _tracks(self) -> dict[str, loop.Music]:
        """The music that lies under words, by its name; that of sections is added by `_beds`."""
        settings, shaped = self.context.show.music, self._hook
        found: dict[str, loop.Music] = {}
        for kind in UNDER:
            if file := settings.track(kind).file:
                with named_by(self.context.place.show, f"music.{kind}"):
                    found[kind] = music.track(self.context.source(file), kind, settings, hook=shaped)
        return found


def _quoted(piece: utterances.Piece) -> str:
    """Return the words of a piece, cut, or its file: `“The moon is late.”`."""
    words = piece.shown or (piece.file if isinstance(piece, Sound) else "")
    return f"“{words if len(words) <= 60 else f'{words[:59]}…'}”"
