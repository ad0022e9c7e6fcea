# SPDX-License-Identifier: GPL-3.0-or-later
"""The clips of one episode: narrated and mastered in parallel, then laid out and mixed with music.

The cache in audio/clips/ holds the narration of each sentence (FLAC, expensive) and the mastered clip (MP3 frames,
cheap), likewise for inserted audio files, recordings, and spans under music. Missing or damaged files are created
again when they are needed.
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
from podcast.text import truncated

SUFFIX = ".frames"
"""Suffix of mastered clips and mixed spans."""

UNDER_SPEECH: tuple[MusicKind, ...] = ("intro", "bed", "outro")
"""Kinds of music in `[music]` that overlap with speech."""

FILE_COST = 10.0
"""Cost of mastering an audio file, in characters to narrate."""

CORRECTIONS = 3
"""Maximum number of corrections of the overall level: one suffices except for very short episodes."""


def _is_music(piece: utterances.Piece) -> TypeGuard[Sound]:
    """Return True for audio that is not mastered like speech, as recordings are."""
    return isinstance(piece, Sound) and piece.kind != "recording"


@dataclass(frozen=True, slots=True)
class Mix:
    """The timeline of an episode, with the mixed audio of its spans under music."""

    timeline: Timeline
    spans: tuple[Mastered, ...]


@dataclass(frozen=True, slots=True)
class ClipJob:
    """A piece of an episode and the cache keys of its audio, computed before anything is rendered."""

    piece: utterances.Piece
    key: str
    """Key of the mastered clip."""
    name: str = ""
    """Key of the narration; empty for an audio file."""
    level: Level | None = None
    """Mastering level of the voice; None for an audio file, which is measured itself."""

    @property
    def cost(self) -> float:
        """Estimated work, in characters to narrate."""
        return float(len(self.piece.said)) if isinstance(self.piece, Utterance) else FILE_COST


@dataclass
class EpisodeClips:
    """The clips of one episode, by the keys of the mastered clips."""

    context: RenderContext
    made_of: Script
    pieces: Sequence[utterances.Piece]
    offset_db: float = stitch.PAUSES_DB
    jobs: dict[str, ClipJob] = field(default_factory=dict)
    """Key of the mastered clip -> its job."""
    words: dict[str, tuple[Word, ...]] = field(default_factory=dict)
    """Key of the mastered clip -> its words with time stamps, if known."""
    used: set[str] = field(default_factory=set)
    """Keys of all mastered clips and mixed spans of the episode."""

    def mix(self) -> Mix:
        """Narrate, master, lay out and mix; correct the overall level if music or a short text have shifted it."""
        tracks = self._tracks.items()
        lengths = {f"{kind}_samples": len(track) for kind, track in tracks if not isinstance(track, Loop)}
        beds = self._beds()
        for _ in range(CORRECTIONS):
            jobs = [self._job(piece, name) for piece, name in zip(self.pieces, self._names, strict=True)]
            self._make_all(jobs)
            laid = [self._length(job) for job in jobs]
            laid_out = timeline.lay(laid, self.context.show.music, **lengths, beds=beds)
            spans = tuple(map(self._mixed, laid_out.spans))
            step_db = stitch.correction_db(stitch.measure(laid_out, self.mastered, spans).integrated_lufs)
            if not step_db:
                break
            self.offset_db = round(self.offset_db + step_db, 1)
        return Mix(laid_out, spans)

    def timed_pieces(self, laid: Timeline) -> list[tuple[Utterance | Sound, int, int, str]]:
        """Return each utterance, and each recording that has words: (piece, start_ms, end_ms, words).

        `words` are the word timestamps in the format of Cue.words, relative to the start; empty if not known.
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

    def describe_outliers(self, mix: Mix) -> str:
        """Return a text that names the clip furthest from the target loudness, and the one with the highest peak."""
        found = [
            (self.mastered(place.key), self._describe(self.jobs[place.key].piece)) for place in mix.timeline.unmixed
        ]
        for span, whole in zip(mix.timeline.spans, mix.spans, strict=True):
            heard = [layer.kind for layer in span.layers] + [
                self._describe(self.jobs[one.key].piece) for one in span.clips
            ]
            found.append((whole, f"the mix of {', '.join(heard)}"))
        level, far = max(found, key=lambda part: abs(part[0].lufs - TARGET_LUFS))
        peak, high = max(found, key=lambda part: part[0].true_peak_dbtp)
        return (
            f"furthest from the target: {far} ({level.lufs:.1f} LUFS), "
            f"highest peak: {high} ({peak.true_peak_dbtp:.1f} dBTP)"
        )

    def mastered(self, key: str) -> Mastered:
        """Return a mastered clip; a missing or damaged one is created again."""
        whole = self._cached(key)
        return self._master(self.jobs[key]) if whole is None else whole

    def _cached(self, key: str) -> Mastered | None:
        """Return a mastered clip or mixed span from the cache, or None if it is missing or damaged."""
        data = self.context.store.derived(key, SUFFIX)
        if data is not None:
            try:
                return Mastered.from_bytes(data)
            except AudioError:
                self.context.progress.say(f"clip {key[:12]} is damaged and is created again")
        return None

    def sounds(self, mix: Mix, ceiling_dbtp: float) -> Iterator[Samples]:
        """Yield the audio of the episode in chunks, with true peaks below a ceiling, for formats other than MP3."""
        return stitch.audio_parts(
            mix.timeline, self.pcm, self._tracks, offset_db=self.offset_db, ceiling_dbtp=ceiling_dbtp, form=self._form
        )

    def _mixed(self, span: Span) -> Mastered:
        """Return the mix of a span under music, from the cache if nothing in it has changed."""
        key = records.digest(
            "span", self.music_digest, stitch.fingerprint(span), mastering.MASTERING, repr(self.offset_db)
        )
        self.used.add(key)
        whole = self._cached(key)
        if whole is None:
            whole = stitch.mix(span, self.pcm, self._tracks, offset_db=self.offset_db, form=self._form)
            self.context.store.keep_derived(key, SUFFIX, whole.to_bytes())
        return whole

    def pcm(self, key: str) -> Samples:
        """Return the samples of a clip, for mixing."""
        job = self.jobs[key]
        if _is_music(job.piece):
            return self._sound(job.piece)
        return mastering.shape(*self._spoken(job))

    def _length(self, job: ClipJob) -> ClipLength:
        """Return the length of a piece for the timeline, and record its word timestamps."""
        whole = self.mastered(job.key)
        self.words[job.key] = whole.words
        is_sting = isinstance(job.piece, Sound) and job.piece.kind == "sting"
        fade_ms = self.context.show.music.sting.fade_out_ms if is_sting else 0
        return ClipLength(job.key, whole.n_frames, whole.samples, job.piece.pause_ms, fade_ms)

    def _beds(self) -> list[Bed]:
        """Return the music under sections, and add its audio to the tracks."""
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
        """The clip name of each piece; empty for audio files."""
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
        """Narrate and master what is not in the cache yet, on all cores."""
        self.jobs = {job.key: job for job in jobs}
        self.used |= set(self.jobs)
        self._narrate_on_cluster()
        missing = [job for job in self.jobs.values() if not self.context.store.path(job.key, SUFFIX).exists()]
        if missing:
            is_new = any(job.name and not self.context.is_narrated(job.name) for job in missing)
            self._in_parallel("narrating" if is_new else "mastering", missing, self._make)

    def _in_parallel(self, stage: str, jobs: Sequence[ClipJob], task: Callable[[ClipJob], None]) -> None:
        """Run a task for each job in parallel, and report progress."""
        progress = self.context.progress
        progress.stage(stage, sum(job.cost for job in jobs))
        with synthesis.threads(self.context.jobs) as executor:
            synthesis.in_parallel(
                jobs, task, executor, cost=lambda job: job.cost, done=lambda job: progress.advance(job.cost)
            )

    def _narrate_on_cluster(self) -> None:
        """Narrate and master new sentences on the cluster, if there is one."""
        progress, store = self.context.progress, self.context.store
        if self.context.cluster is None:
            return
        new = {job.key: job for job in self.jobs.values() if job.name and not self.context.is_narrated(job.name)}
        if not new:
            return
        progress.stage("narrating on the cluster", sum(job.cost for job in new.values()))
        tasks = {key: self._task(job) for key, job in new.items()}
        for key, flac, frames in cluster.run_all(self.context.cluster, tasks):
            store.keep_flac(new[key].name, flac)
            store.keep_derived(key, SUFFIX, frames)
            progress.advance(new[key].cost)

    def _task(self, job: ClipJob) -> cluster.RemoteJob:
        """Return the task for a worker of the cluster; the job has to be an utterance."""
        piece = job.piece
        if not isinstance(piece, Utterance):
            raise TypeError(piece)
        revision = self.context.engine(piece.voice).revision(piece.voice)
        settings = self.context.show.engine_settings(piece.voice.engine)
        return cluster.RemoteJob(piece, settings, revision, job.level, self._form)

    def _make(self, job: ClipJob) -> None:
        """Create a clip in the store, without keeping it in memory: an hour of clips is large."""
        self._master(job)

    def _master(self, job: ClipJob) -> Mastered:
        """Narrate if necessary, master, and store a clip."""
        if _is_music(job.piece):
            whole = finish(self._sound(job.piece), self._form)
        else:
            whole = mastering.master(*self._spoken(job), self._form)
        self.context.store.keep_derived(job.key, SUFFIX, whole.to_bytes())
        return whole

    def _speech(self, piece: Utterance, name: str) -> Speech:
        with self._locating_errors(piece):
            return synthesis.speak(piece, self.context.engine(piece.voice), self.context.store, name)

    @contextmanager
    def _locating_errors(self, piece: Utterance) -> Iterator[None]:
        """Add the voice, the script line and the sentence to errors of a voice."""
        try:
            with needed(f"the voice {piece.voice.ref}", EngineMissing):
                yield
        except NarrationError as error:
            error.voice = piece.voice.ref
            error.locate(*self._where(piece.segment))
            error.text = f"{_quoted(piece)}: {error.text}"
            raise

    def _spoken(self, job: ClipJob) -> tuple[Speech, Level]:
        """Return the speech of a job and its mastering level; a recording is calibrated by itself."""
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

    def _describe(self, piece: utterances.Piece) -> str:
        """Return the location of a piece and its shortened text, or its file."""
        file, line = self._where(piece.segment)
        return f"{file}{f':{line}' if line else ''}: {_quoted(piece)}"

    def _where(self, segment: int) -> tuple[str, int | None]:
        """Return the file and the line of a segment, for errors; a calibration sentence has no line."""
        line = self.made_of.segments[segment].line if segment >= 0 else None
        return str(self.made_of.path or self.made_of.slug), line or None

    @cached_property
    def _gains(self) -> dict[Voice, float]:
        """Voice -> its gain in dB, from a calibration sentence that is narrated once for all episodes."""
        cast = dict.fromkeys(piece.voice for piece in self.pieces if isinstance(piece, Utterance))
        samples = [utterances.calibration(voice) for voice in cast]
        names = [self.context.clip(sample) for sample in samples]
        self._calibrate(dict(zip(names, samples, strict=True)))
        return {
            sample.voice: mastering.calibration_db(self._speech(sample, name))
            for sample, name in zip(samples, names, strict=True)
        }

    def _calibrate(self, samples: Mapping[str, Utterance]) -> None:
        """Narrate calibration sentences; `samples` are clip name -> utterance."""
        new = [ClipJob(piece, "", name) for name, piece in samples.items() if not self.context.is_narrated(name)]
        if self.context.cluster is not None:
            tasks = {job.name: self._task(job) for job in new}
            for name, flac, _ in cluster.run_all(self.context.cluster, tasks):
                self.context.store.keep_flac(name, flac)
        elif new:  # together with all other new sentences, so that no core is idle
            by_name = {
                name: ClipJob(piece, "", name) for piece, name in zip(self.pieces, self._names, strict=True) if name
            }
            new += [job for name, job in by_name.items() if not self.context.is_narrated(name)]
            self._in_parallel("narrating", list({job.name: job for job in new}.values()), self._narrate)

    def _narrate(self, job: ClipJob) -> None:
        """Narrate a sentence that is not in the cache, and store it."""
        if isinstance(job.piece, Utterance):
            with self._locating_errors(job.piece):
                synthesis.synthesize_into(job.piece, self.context.engine(job.piece.voice), self.context.store, job.name)

    @property
    def _form(self) -> mp3.Format:
        return mp3.Format(self.context.show.output.channels)

    @cached_property
    def _hook(self) -> hook.Hook | None:
        """The producer's own code for music, if any."""
        reference = self.context.show.hooks.get("music")
        return hook.load(reference, self.context.place.root) if reference else None

    @cached_property
    def music_digest(self) -> str:
        """Digest of everything that shapes music."""
        return records.music(self.context.place, self.context.show)

    @cached_property
    def _tracks(self) -> dict[str, loop.Music]:
        """The music under speech, by name; `_beds` adds that of sections."""
        settings, shaped = self.context.show.music, self._hook
        found: dict[str, loop.Music] = {}
        for kind in UNDER_SPEECH:
            if file := settings.track(kind).file:
                with named_by(self.context.place.show, f"music.{kind}"):
                    found[kind] = music.track(self.context.source(file), kind, settings, hook=shaped)
        return found


def _quoted(piece: utterances.Piece) -> str:
    """Return the shortened text of a piece in quotes, or its file: `“The moon is late.”`."""
    words = piece.shown or (piece.file if isinstance(piece, Sound) else "")
    return f"“{truncated(words, 60)}”"
