# SPDX-License-Identifier: GPL-3.0-or-later
"""Where everything lies in an episode, to the sample.

`lay` takes the clips in order, with the silence after each, and the lengths of the music, and says at which frame of
24 ms each clip starts, where the music plays and how loud, and which spans have to be mixed because music sounds in
them. It reads no sound: `stitch` does what the Timeline says.

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
"""Music begins to step back this long before the first word, and takes this long; after the last word, mirrored."""

CLICK_MS = 5
"""The shortest fade at the beginning of music, lest it clicks."""


@dataclass(frozen=True, slots=True)
class ClipLength:
    """A mastered clip or sound that is to be laid."""

    key: str
    n_frames: int
    samples: int
    pause_ms: int = 0
    """Silence between its end and the next one's start; rounded to the frame."""
    fade_ms: int = 0
    """Of music between chapters: how long it fades at its end. A bed that follows comes up in that time."""


@dataclass(frozen=True, slots=True)
class Bed:
    """Music that is to lie under the pieces of a section."""

    name: str
    """Of its sound, among those that are mixed."""
    first: int
    last: int
    """Indexes of the first and the last piece that it is under."""
    track: Track
    """How it is played, with its gains: see `Music.resolved`."""
    samples: int | None = None
    """How much of it there is; None if it has no end."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A clip in its place."""

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
    """Music in its place. Its gain is the product of its ramps."""

    kind: MusicKind
    start: int
    """First sample in the episode, on the grid."""
    samples: int
    """How much of the music is played."""
    ramps: tuple[Ramp, ...]
    section: str = ""
    """Of a bed under a section: the name of its sound."""

    @property
    def name(self) -> str:
        """Return the name of its sound among those that are mixed."""
        return self.section or self.kind

    @property
    def end(self) -> int:
        """The sample after its last one."""
        return self.start + self.samples


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch in which music sounds: it is mixed and encoded as one stream, with every clip that lies in it."""

    frame: int
    n_frames: int
    clips: tuple[Placed, ...]
    layers: tuple[Layer, ...]


@dataclass(frozen=True, slots=True)
class Timeline:
    """An episode laid out."""

    clips: tuple[Placed, ...]
    """In order, those within spans included."""
    spans: tuple[Span, ...]
    n_frames: int

    @property
    def samples(self) -> int:
        """Length of the episode: the encoder's delay takes one frame."""
        return (self.n_frames - 1) * FRAME_SAMPLES

    @property
    def duration_ms(self) -> int:
        """Length of the episode, exactly."""
        return (self.n_frames - 1) * FRAME_MS

    @property
    def apart(self) -> tuple[Placed, ...]:
        """The clips that no music touches."""
        mixed = {clip for span in self.spans for clip in span.clips}
        return tuple(clip for clip in self.clips if clip not in mixed)


def needed_ms(kind: MusicKind, music: Music) -> int:
    """Return how much of a piece of music can be heard at most."""
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
    """Return where everything lies. The lengths are those of the music that there is; 0 for none.

    `beds` are those under sections, in order; one that begins with the first words takes the place of the show's.

    Raises AudioError if there is nothing to lay.
    """
    if not pieces:
        raise AudioError("the episode has nothing to play", hint="write some text into its script")
    lead = min(_samples(music.lead_ms), intro_samples)
    clips = _place(pieces, _frames_up(lead) if intro_samples else LEAD_FRAMES)
    words = _SpokenSpan(clips[0].start, clips[-1].end)
    begun = {bed.first for bed in beds}
    under = [_under(pieces, clips, bed, crossed=bed.last + 1 in begun) for bed in beds]
    if bed_samples and not (beds and beds[0].first == 0):
        under.insert(0, _bed(music, words, bed_samples))
    layers = list(under)
    if intro_samples:
        crossed = under[0].ramps[0] if under and under[0].start <= words.first else None
        layers.insert(0, _intro(music, words, intro_samples, crossed, outro=outro_samples))
    if outro_samples:
        layers.append(_outro(music, words, outro_samples))
    spans = _spans(clips, _yielding(layers))
    ends = [clips[-1].frame + clips[-1].n_frames, *(span.frame + span.n_frames for span in spans)]
    if not outro_samples:
        ends.append(_frames_up(clips[-1].end + _samples(END_MS)) + 1)
    return Timeline(clips, spans, max(ends))


def _place(pieces: Sequence[ClipLength], frame: int) -> tuple[Placed, ...]:
    """Lay the pieces one after another from a frame on."""
    clips = []
    for piece in pieces:
        clip = Placed(piece.key, frame, piece.n_frames, piece.samples)
        clips.append(clip)
        pause = round((clip.end + _samples(piece.pause_ms)) / FRAME_SAMPLES)
        frame = max(frame + piece.n_frames, pause)
    return tuple(clips)


@dataclass(frozen=True, slots=True)
class _SpokenSpan:
    """Where the words begin and end."""

    first: int
    last: int


def _intro(music: Music, words: _SpokenSpan, length: int, crossed: Ramp | None, *, outro: int) -> Layer:
    """Return an intro: at full level, then under the words, or crossed with the bed that goes on there."""
    track = music.track("intro")
    end = min(length, words.first + _samples(track.play_ms))
    if outro:  # in a very short episode, one of them is gone when the other comes up
        end = min(end, words.last)
    fade = min(_samples(track.fade_out_ms), end // 3)
    if crossed:
        end = min(end, crossed.end)
        fade = min(end, crossed.end - crossed.start)
    ramps = [_rise(0, track), Ramp(end - fade, end, 1.0, 0.0)]
    if end > words.first and not crossed:
        begin = words.first - _samples(DUCK_AHEAD_MS)
        ramps.append(Ramp(begin, begin + _samples(DUCK_MS), 1.0, _ducked(track)))
    return Layer("intro", 0, end, tuple(ramps))


def _crossing(track: Track, first: int, earliest: int = 0) -> Ramp:
    """Return where a bed comes up: it is there when the words begin, at sample `first`."""
    end = first + _samples(DUCK_MS - DUCK_AHEAD_MS)
    start = max(earliest, min(first, end - max(_samples(track.fade_in_ms), _samples(CLICK_MS))))
    return Ramp(start, end, 0.0, _ducked(track))


def _bed(music: Music, words: _SpokenSpan, length: int) -> Layer:
    """Return the bed: under the words from the first one on, and no longer than they last."""
    track = music.track("bed")
    cross = _crossing(track, words.first)
    start = _floor(cross.start)
    end = min(start + length, words.first + _samples(track.play_ms), words.last)
    fade = min(_samples(track.fade_out_ms), (end - start) // 3)
    return Layer("bed", start, end - start, (cross, Ramp(end - fade, end, 1.0, 0.0)))


def _under(pieces: Sequence[ClipLength], clips: Sequence[Placed], bed: Bed, *, crossed: bool) -> Layer:
    """Return the bed of a section: it comes up in the silence before, and is gone before what comes after.

    One that is `crossed` by the next goes on for as long as that takes to come up.
    """
    track, first = bed.track, clips[bed.first].start
    earliest = clips[bed.first - 1].end - _samples(pieces[bed.first - 1].fade_ms) if bed.first else 0
    cross = _crossing(track, first, earliest)
    start = _floor(cross.start)
    end = clips[bed.last].end + _samples(track.fade_out_ms)
    if bed.last + 1 < len(clips):
        end = min(end, clips[bed.last + 1].start) if not crossed else _crossing(track, clips[bed.last + 1].start).end
    if track.play_ms:
        end = min(end, first + _samples(track.play_ms))
    if bed.samples is not None:
        end = min(end, start + bed.samples)
    fade = min(_samples(track.fade_out_ms), (end - start) // 3)
    return Layer("bed", start, end - start, (cross, Ramp(end - fade, end, 1.0, 0.0)), bed.name)


def _yielding(layers: Sequence[Layer]) -> Sequence[Layer]:
    """Return music of which what comes up under a section, or after one, crosses with what was there before."""
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
    """Return an outro: under the words until the last one, then at full level."""
    track = music.track("outro")
    tail = min(_samples(music.tail_ms), length // 3, words.last - words.first)  # most of it is heard after the words
    start = _floor(words.last - tail)
    samples = min(length, words.last - start + _samples(track.play_ms))
    end = start + samples
    fade = min(_samples(track.fade_in_ms), max(words.last - start, _samples(CLICK_MS)))
    done = words.last + _samples(DUCK_AHEAD_MS)
    ramps = (
        Ramp(start, start + fade, 0.0, 1.0),
        Ramp(done - _samples(DUCK_MS), done, _ducked(track), 1.0),
        Ramp(end - min(_samples(track.fade_out_ms), samples // 3), end, 1.0, 0.0),
    )
    return Layer("outro", start, samples, ramps)


def _rise(start: int, track: Track) -> Ramp:
    """Return the beginning of music that nothing comes before."""
    return Ramp(start, start + max(_samples(track.fade_in_ms), _samples(CLICK_MS)), 0.0, 1.0)


def _ducked(track: Track) -> float:
    """Return the gain of music under words."""
    return float(10 ** ((track.duck_db or 0.0) / 20))


def _floor(samples: int) -> int:
    """Return the beginning of the frame in which a sample lies."""
    return samples // FRAME_SAMPLES * FRAME_SAMPLES


def _spans(clips: Sequence[Placed], layers: Iterable[Layer]) -> tuple[Span, ...]:
    """Return the stretches that music touches, each widened to whole clips; those that meet are one."""
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
    """Return the span from frame `start` to `end`, and to the ends of the clips that it cuts."""
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
