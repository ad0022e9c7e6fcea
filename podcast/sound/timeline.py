# SPDX-License-Identifier: GPL-3.0-or-later
"""Compute the start of every clip and music track in an episode, to the sample.

`lay` takes the clips in order, with the silence after each, and the lengths of the music. It computes at which frame
of 24 ms each clip starts, where the music plays at which gain, and which spans have to be mixed because they contain
music. It reads no audio: `stitch` renders the Timeline.

    music  ████████▆▃▁▁▁▁▁▁                          ▁▁▁▃▆██████▅▃▁
    clips          ▐███████▌ ▐████▌  ▐██▌  ▐████████▌▐███▌
    spans  |------ mixed ---------|  copied           |-- mixed ------|
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from podcast.config.settings import Music, MusicKind, Track
from podcast.errors import AudioError
from podcast.model import FRAME_MS, FRAME_SAMPLES, RATE_HZ

LEAD_FRAMES = 10
"""Silence before the first word where there is no intro: 240 ms."""

END_MS = 500
"""Silence after the last word where there is no outro."""

DUCK_AHEAD_MS, DUCK_MS = 500, 600
"""Ducking begins this long before the first word, and takes this long; after the last word, mirrored."""

CLICK_MS = 5
"""The shortest fade at the beginning of music, to avoid a click."""


@dataclass(frozen=True, slots=True)
class ClipLength:
    """A mastered clip or insert, before it has a position."""

    key: str
    n_frames: int
    samples: int
    pause_ms: int = 0
    """Silence between its end and the next one's start; rounded to the frame."""
    fade_ms: int = 0
    """For a sting: the length of the fade at its end, in which a bed that follows fades in."""


@dataclass(frozen=True, slots=True)
class Bed:
    """Music under the pieces of a section."""

    name: str
    """Key of its audio in `stitch.Tracks`."""
    first: int
    last: int
    """Indexes of the first and the last piece over it."""
    track: Track
    """Its settings, with gains: see `Music.resolved`."""
    samples: int | None = None
    """Its length; None if it is endless."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A clip with its position in the episode."""

    key: str
    frame: int
    """Frame at which it starts."""
    n_frames: int
    samples: int

    @property
    def start(self) -> int:
        """Its first sample."""
        return self.frame * FRAME_SAMPLES

    @property
    def end(self) -> int:
        """The sample after its last one."""
        return self.start + self.samples

    @property
    def start_ms(self) -> int:
        """When it starts, exactly: a multiple of 24 ms."""
        return self.frame * FRAME_MS

    @property
    def end_ms(self) -> int:
        """When it ends, to the nearest millisecond."""
        return round(self.end * 1000 / RATE_HZ)


@dataclass(frozen=True, slots=True)
class Ramp:
    """A change of gain along half a cosine, from sample `start` to `end` of the episode; constant outside."""

    start: int
    end: int
    before: float
    after: float


@dataclass(frozen=True, slots=True)
class Layer:
    """Music with its position in the episode. Its gain is the product of its ramps."""

    kind: MusicKind
    start: int
    """First sample in the episode, on the grid."""
    samples: int
    """How many samples of the music are played."""
    ramps: tuple[Ramp, ...]
    section: str = ""
    """For a section's bed: the key of its audio."""

    @property
    def name(self) -> str:
        """Return the key of its audio in `stitch.Tracks`."""
        return self.section or self.kind

    @property
    def end(self) -> int:
        """The sample after its last one."""
        return self.start + self.samples


@dataclass(frozen=True, slots=True)
class Span:
    """A range with music: it is mixed and encoded as one stream, with every clip inside it."""

    frame: int
    n_frames: int
    clips: tuple[Placed, ...]
    layers: tuple[Layer, ...]


@dataclass(frozen=True, slots=True)
class Timeline:
    """The positions of all clips and music of an episode."""

    clips: tuple[Placed, ...]
    """All clips in order, including those in spans."""
    spans: tuple[Span, ...]
    n_frames: int

    @property
    def samples(self) -> int:
        """Length of the episode; the encoder's delay takes one frame."""
        return (self.n_frames - 1) * FRAME_SAMPLES

    @property
    def duration_ms(self) -> int:
        """Length of the episode, exactly."""
        return (self.n_frames - 1) * FRAME_MS

    @property
    def unmixed(self) -> tuple[Placed, ...]:
        """The clips without music, which are copied."""
        mixed = {clip for span in self.spans for clip in span.clips}
        return tuple(clip for clip in self.clips if clip not in mixed)


def needed_ms(kind: MusicKind, music: Music) -> int:
    """Return the maximum length of a piece of music that can be played."""
    track = music.track(kind)
    before = {"intro": music.lead_ms, "bed": track.fade_in_ms + DUCK_MS + FRAME_MS, "sting": 0, "outro": music.tail_ms}
    return before[kind] + track.play_ms


def lay(
    pieces: Sequence[ClipLength],
    music: Music,
    *,
    intro_samples: int = 0,
    bed_samples: int = 0,
    outro_samples: int = 0,
    beds: Sequence[Bed] = (),
) -> Timeline:
    """Compute the timeline from clips and music lengths; a length of 0 means no music.

    `beds` are those under sections, in order; one that begins with the first words replaces the show's.

    Raises AudioError if there is nothing to lay.
    """
    if not pieces:
        raise AudioError("the episode has nothing to play", hint="write some text into its script")
    lead = min(_samples(music.lead_ms), intro_samples)
    clips = _place(pieces, _frames_up(lead) if intro_samples else LEAD_FRAMES)
    words = _SpokenSpan(clips[0].start, clips[-1].end)
    begun = {bed.first for bed in beds}
    under = [_section_bed(pieces, clips, bed, crossed=bed.last + 1 in begun) for bed in beds]
    if bed_samples and not (beds and beds[0].first == 0):
        under.insert(0, _bed(music, words, bed_samples))
    layers = list(under)
    if intro_samples:
        crossed = under[0].ramps[0] if under and under[0].start <= words.first else None
        layers.insert(0, _intro(music, words, intro_samples, crossed, outro=outro_samples))
    if outro_samples:
        layers.append(_outro(music, words, outro_samples))
    spans = _spans(clips, _crossfaded(layers))
    ends = [clips[-1].frame + clips[-1].n_frames, *(span.frame + span.n_frames for span in spans)]
    if not outro_samples:
        ends.append(_frames_up(clips[-1].end + _samples(END_MS)) + 1)
    return Timeline(clips, spans, max(ends))


def _place(pieces: Sequence[ClipLength], frame: int) -> tuple[Placed, ...]:
    """Place the pieces one after another, starting at a frame."""
    clips = []
    for piece in pieces:
        clip = Placed(piece.key, frame, piece.n_frames, piece.samples)
        clips.append(clip)
        pause = round((clip.end + _samples(piece.pause_ms)) / FRAME_SAMPLES)
        frame = max(frame + piece.n_frames, pause)
    return tuple(clips)


@dataclass(frozen=True, slots=True)
class _SpokenSpan:
    """First and last sample of the speech."""

    first: int
    last: int


def _intro(music: Music, words: _SpokenSpan, length: int, crossed: Ramp | None, *, outro: int) -> Layer:
    """Return the intro: at full level, then ducked under speech, or crossfaded with the bed that follows."""
    track = music.track("intro")
    end = min(length, words.first + _samples(track.play_ms))
    if outro:  # in a very short episode, the intro ends before the outro begins
        end = min(end, words.last)
    fade = min(_samples(track.fade_out_ms), end // 3)
    if crossed:
        end = min(end, crossed.end)
        fade = min(end, crossed.end - crossed.start)
    ramps = [_fade_in(0, track), Ramp(end - fade, end, 1.0, 0.0)]
    if end > words.first and not crossed:
        begin = words.first - _samples(DUCK_AHEAD_MS)
        ramps.append(Ramp(begin, begin + _samples(DUCK_MS), 1.0, _ducked_gain(track)))
    return Layer("intro", 0, end, tuple(ramps))


def _bed_fade_in(track: Track, first: int, earliest: int = 0) -> Ramp:
    """Return the fade-in of a bed, which ends when the words begin, at sample `first`."""
    end = first + _samples(DUCK_MS - DUCK_AHEAD_MS)
    start = max(earliest, min(first, end - max(_samples(track.fade_in_ms), _samples(CLICK_MS))))
    return Ramp(start, end, 0.0, _ducked_gain(track))


def _bed(music: Music, words: _SpokenSpan, length: int) -> Layer:
    """Return the show's bed: from the first word on, and no longer than the last."""
    track = music.track("bed")
    cross = _bed_fade_in(track, words.first)
    start = _frame_start(cross.start)
    end = min(start + length, words.first + _samples(track.play_ms), words.last)
    fade = min(_samples(track.fade_out_ms), (end - start) // 3)
    return Layer("bed", start, end - start, (cross, Ramp(end - fade, end, 1.0, 0.0)))


def _section_bed(pieces: Sequence[ClipLength], clips: Sequence[Placed], bed: Bed, *, crossed: bool) -> Layer:
    """Return the bed of a section: it fades in during the silence before, and ends before the piece after.

    If it is `crossed` by the next bed, it continues until that one has faded in.
    """
    track, first = bed.track, clips[bed.first].start
    earliest = clips[bed.first - 1].end - _samples(pieces[bed.first - 1].fade_ms) if bed.first else 0
    cross = _bed_fade_in(track, first, earliest)
    start = _frame_start(cross.start)
    end = clips[bed.last].end + _samples(track.fade_out_ms)
    if bed.last + 1 < len(clips):
        end = min(end, clips[bed.last + 1].start) if not crossed else _bed_fade_in(track, clips[bed.last + 1].start).end
    if track.play_ms:
        end = min(end, first + _samples(track.play_ms))
    if bed.samples is not None:
        end = min(end, start + bed.samples)
    fade = min(_samples(track.fade_out_ms), (end - start) // 3)
    return Layer("bed", start, end - start, (cross, Ramp(end - fade, end, 1.0, 0.0)), bed.name)


def _crossfaded(layers: Sequence[Layer]) -> Sequence[Layer]:
    """Crossfade a layer with the next one where the two overlap and one of them is a section's bed."""
    found: list[Layer] = []
    for layer in sorted(layers, key=lambda one: one.start):
        before = found[-1] if found else None
        cross = layer.ramps[0]
        if before and before.end > cross.start and (before.section or layer.section):
            fade = Ramp(cross.start, min(cross.end, before.end), 1.0, 0.0)
            ramps = *(ramp for ramp in before.ramps if ramp.after), fade
            found[-1] = replace(before, samples=fade.end - before.start, ramps=ramps)
        found.append(layer)
    return found


def _outro(music: Music, words: _SpokenSpan, length: int) -> Layer:
    """Return the outro: ducked under speech until the last word, then at full level."""
    track = music.track("outro")
    tail = min(_samples(music.tail_ms), length // 3, words.last - words.first)  # most of it plays after the words
    start = _frame_start(words.last - tail)
    samples = min(length, words.last - start + _samples(track.play_ms))
    end = start + samples
    fade = min(_samples(track.fade_in_ms), max(words.last - start, _samples(CLICK_MS)))
    done = words.last + _samples(DUCK_AHEAD_MS)
    ramps = (
        Ramp(start, start + fade, 0.0, 1.0),
        Ramp(done - _samples(DUCK_MS), done, _ducked_gain(track), 1.0),
        Ramp(end - min(_samples(track.fade_out_ms), samples // 3), end, 1.0, 0.0),
    )
    return Layer("outro", start, samples, ramps)


def _fade_in(start: int, track: Track) -> Ramp:
    """Return the fade-in of music at the beginning of an episode."""
    return Ramp(start, start + max(_samples(track.fade_in_ms), _samples(CLICK_MS)), 0.0, 1.0)


def _ducked_gain(track: Track) -> float:
    """Return the gain of music under speech."""
    return float(10 ** ((track.duck_db or 0.0) / 20))


def _frame_start(samples: int) -> int:
    """Round a sample down to the beginning of its frame."""
    return samples // FRAME_SAMPLES * FRAME_SAMPLES


def _spans(clips: Sequence[Placed], layers: Iterable[Layer]) -> tuple[Span, ...]:
    """Return the spans that contain music, each widened to whole clips; overlapping ones are merged."""
    spans: list[Span] = []
    for layer in layers:
        span = _widened(clips, layer.start // FRAME_SAMPLES, _frames_up(layer.end) + 1, (layer,))
        while spans and span.frame < spans[-1].frame + spans[-1].n_frames:
            before = spans.pop()
            end = max(span.frame + span.n_frames, before.frame + before.n_frames)
            span = _widened(clips, min(span.frame, before.frame), end, before.layers + span.layers)
        spans.append(span)
    return tuple(spans)


def _widened(clips: Sequence[Placed], start: int, end: int, layers: tuple[Layer, ...]) -> Span:
    """Return the span from frame `start` to `end`, widened to the ends of the clips that it cuts."""
    while True:
        inside = tuple(clip for clip in clips if clip.frame < end and clip.frame + clip.n_frames > start)
        wider = min([start, *(c.frame for c in inside)]), max([end, *(c.frame + c.n_frames for c in inside)])
        if wider == (start, end):
            return Span(start, end - start, inside, layers)
        start, end = wider


def _samples(ms: int) -> int:
    return ms * RATE_HZ // 1000


def _frames_up(samples: int) -> int:
    return -(-samples // FRAME_SAMPLES)
