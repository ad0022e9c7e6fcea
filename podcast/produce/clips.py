# SPDX-License-Identifier: GPL-3.0-or-later
"""The clips of one episode: narrated and mastered in parallel, each once, then laid out and mixed with music.

Two things are kept in audio/clips/: what a voice said (FLAC, dear) and its mastered form (MP3 frames, cheap).
Whatever is missing or damaged when it is asked for is made again on the spot. Sounds that the script inserts are
mastered likewise.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

from podcast import narrate, utterance
from podcast.errors import AudioError, NarrationError
from podcast.model import Script, Speech, Utterance, Voice
from podcast.produce import records
from podcast.produce.studio import Studio
from podcast.sound import clip, music, stitch, timeline
from podcast.sound.clip import Level
from podcast.sound.mastered import Mastered, finish
from podcast.sound.peak import Samples, amplitude
from podcast.sound.timeline import MusicKind, Piece, Timeline
from podcast.utterance import Sound

SUFFIX = ".frames"
"""Of a mastered clip."""

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
    offset_db: float = 0.0
    by_key: dict[str, utterance.Piece] = field(default_factory=dict)

    def mix(self) -> Mix:
        """Narrate, master, lay out and mix; correct the level of the whole where music or few words have shifted it."""
        beds = self._beds()
        lengths = {f"{kind}_samples": len(bed) for kind, bed in beds.items()}
        for _ in range(CORRECTIONS):
            keys = self._prepared()
            laid = [self._piece(key, piece) for key, piece in zip(keys, self.pieces, strict=True)]
            placed = timeline.lay(laid, self.studio.show.music, **lengths)
            spans = stitch.mix(placed, self.pcm, beds, offset_db=self.offset_db)
            step_db = stitch.correction_db(stitch.predict_lufs(placed, self.mastered, spans))
            if not step_db:
                break
            self.offset_db = round(self.offset_db + step_db, 1)
        return Mix(placed, spans)

    def placed(self, laid: Timeline) -> list[tuple[Utterance, int, int]]:
        """Return each utterance with its start and end in milliseconds."""
        return [
            (piece, place.start_ms, place.end_ms)
            for piece, place in zip(self.pieces, laid.clips, strict=True)
            if isinstance(piece, Utterance)
        ]

    def mastered(self, key: str) -> Mastered:
        """Return a clip in its final form; a missing or damaged one is made again."""
        data = self.studio.store.derived(key, SUFFIX)
        if data is not None:
            try:
                return Mastered.from_bytes(data)
            except AudioError:
                self.studio.progress.say(f"a damaged clip is made again: {key[:12]}")
        return self._master(key)

    def pcm(self, key: str) -> Samples:
        """Return the sound of a clip, for mixing."""
        piece = self.by_key[key]
        if isinstance(piece, Sound):
            return self._sound(piece)
        return clip.shape(self._speech(piece), self._level(piece.voice))

    def _piece(self, key: str, piece: utterance.Piece) -> Piece:
        whole = self.mastered(key)
        return Piece(key, whole.n_frames, whole.samples, piece.pause_ms)

    def _prepared(self) -> list[str]:
        """Make what is not there yet, on all cores, and return the keys of all pieces in order."""
        keys = [self._key(piece) for piece in self.pieces]
        self.by_key = dict(zip(keys, self.pieces, strict=True))
        store, progress = self.studio.store, self.studio.progress
        missing = [key for key in self.by_key if not store.path(key, SUFFIX).exists()]
        if missing:
            what = "levelling" if self.offset_db else "narrating"
            progress.stage(f"{self.made_of.slug}: {what}", sum(map(self._cost, missing)))
            with narrate.threads(self.studio.jobs) as executor:
                narrate.in_parallel(
                    missing, self._make, executor, cost=self._cost, done=lambda key: progress.advance(self._cost(key))
                )
        return keys

    def _cost(self, key: str) -> float:
        piece = self.by_key[key]
        return float(len(piece.said)) if isinstance(piece, Utterance) else 10.0

    def _key(self, piece: utterance.Piece) -> str:
        if isinstance(piece, Sound):
            content = self.studio.place.file(piece.file).read_bytes()
            return records.digest("sound", content, repr(self.studio.show.music), clip.MASTERING, repr(self.offset_db))
        name = narrate.key(piece, self.studio.engine(piece.voice))
        return records.digest(name, clip.MASTERING, repr(self._level(piece.voice)))

    def _make(self, key: str) -> None:
        """Make a clip, and leave it to the store: held in memory, an hour of them would add up."""
        self._master(key)

    def _master(self, key: str) -> Mastered:
        """Narrate if need be, master, keep."""
        piece = self.by_key[key]
        if isinstance(piece, Sound):
            whole = finish(self._sound(piece))
        else:
            whole = clip.master(self._speech(piece), self._level(piece.voice))
        self.studio.store.keep_derived(key, SUFFIX, whole.to_bytes())
        return whole

    def _speech(self, piece: Utterance) -> Speech:
        try:
            return narrate.speak(piece, self.studio.engine(piece.voice), self.studio.store)
        except NarrationError as error:
            line = self.made_of.segments[piece.segment].line if piece.segment >= 0 else None
            where = f"{self.made_of.path or self.made_of.slug}{f':{line}' if line else ''}"
            words = piece.shown if len(piece.shown) <= 60 else f"{piece.shown[:59]}…"
            raise type(error)(f"{where}: “{words}”: {error.message}", hint=error.hint) from error

    def _sound(self, piece: Sound) -> Samples:
        path = self.studio.place.file(piece.file)
        return music.sound(path, self.studio.show.music) * amplitude(self.offset_db)

    def _level(self, voice: Voice) -> Level:
        return Level(self._gains[voice], self.offset_db)

    @cached_property
    def _gains(self) -> dict[Voice, float]:
        """Voice -> its calibration, from a sentence that is narrated once for all episodes."""
        cast = list(dict.fromkeys(piece.voice for piece in self.pieces if isinstance(piece, Utterance)))
        with narrate.threads(self.studio.jobs) as executor:
            spoken = narrate.in_parallel([utterance.calibration(voice) for voice in cast], self._speech, executor)
        return {voice: clip.calibration_db(speech) for voice, speech in zip(cast, spoken, strict=True)}

    def _beds(self) -> dict[MusicKind, Samples]:
        settings = self.studio.show.music
        files: dict[MusicKind, str] = {"intro": settings.intro, "outro": settings.outro}
        return {
            kind: music.bed(None if file == "default" else self.studio.place.file(file), kind, settings)
            for kind, file in files.items()
            if file
        }
