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
from dataclasses import dataclass
from typing import Literal

from podcast.errors import AudioError
from podcast.model import FRAME_MS, FRAME_SAMPLES, RATE_HZ, Music

LEAD_FRAMES = 10
"""Silence before the first word where there is no intro: 240 ms."""

END_MS = 500
"""Silence after the last word where there is no outro."""

UNDER_MS = 5_000
"""How long an intro goes on under the words; a longer one is faded out."""

AFTER_MS = 20_000
"""How long an outro plays after the last word, at most."""

DUCK_AHEAD_MS, DUCK_MS = 500, 600
"""Music begins to step back this long before the first word, and takes this long; after the last word, mirrored."""

FADE_MS = 1_500
"""Of music at its end, and of an outro at its beginning, under the words."""

CLICK_MS = 5
"""Fade at the beginning of an intro, lest it clicks."""

MusicKind = Literal["intro", "outro"]


@dataclass(frozen=True, slots=True)
class Piece:
    """A mastered clip or sound that is to be laid."""

    key: str
    n_frames: int
    samples: int
    pause_ms: int = 0
    """Silence between its end and the next one's start; rounded to the frame."""


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
class Bed:
    """Music in its place. Its gain is the product of its ramps."""

    kind: MusicKind
    start: int
    """First sample in the episode, on the grid."""
    samples: int
    """How much of the music is played."""
    ramps: tuple[Ramp, ...]

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
    beds: tuple[Bed, ...]


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
    """Return how much of an intro or outro can be heard at most."""
    return music.lead_ms + UNDER_MS if kind == "intro" else music.tail_ms + AFTER_MS


def lay(pieces: Sequence[Piece], music: Music, *, intro_samples: int = 0, outro_samples: int = 0) -> Timeline:
    """Return where everything lies. The lengths are those of the music that there is; 0 for none.

    Raises AudioError if there is nothing to lay.
    """
    if not pieces:
        raise AudioError("an episode without a clip", hint="write something into the script")
    lead = min(_samples(music.lead_ms), intro_samples)
    clips = _place(pieces, _frames_up(lead) if intro_samples else LEAD_FRAMES)
    beds = _beds(clips, music, intro_samples, outro_samples)
    spans = _spans(clips, beds)
    ends = [clips[-1].frame + clips[-1].n_frames, *(span.frame + span.n_frames for span in spans)]
    if not outro_samples:
        ends.append(_frames_up(clips[-1].end + _samples(END_MS)) + 1)
    return Timeline(clips, spans, max(ends))


def _place(pieces: Sequence[Piece], frame: int) -> tuple[Placed, ...]:
    """Lay the pieces one after another from a frame on."""
    clips = []
    for piece in pieces:
        clip = Placed(piece.key, frame, piece.n_frames, piece.samples)
        clips.append(clip)
        pause = round((clip.end + _samples(piece.pause_ms)) / FRAME_SAMPLES)
        frame = max(frame + piece.n_frames, pause)
    return tuple(clips)


def _beds(clips: Sequence[Placed], music: Music, intro_samples: int, outro_samples: int) -> list[Bed]:
    """Lay the music around the first and the last word."""
    first, last = clips[0].start, clips[-1].end
    duck = float(10 ** (music.duck_db / 20))
    beds = []
    if intro_samples:
        end = min(intro_samples, first + _samples(UNDER_MS))
        if outro_samples:  # in a very short episode, one of them is gone when the other comes up
            end = min(end, last)
        beds.append(_intro(end, first, duck))
    if outro_samples:
        tail = min(_samples(music.tail_ms), outro_samples // 3, last - first)  # most of it is heard after the words
        start = (last - tail) // FRAME_SAMPLES * FRAME_SAMPLES
        beds.append(_outro(start, min(outro_samples, last - start + _samples(AFTER_MS)), last, duck))
    return beds


def _intro(end: int, first: int, duck: float) -> Bed:
    """Return an intro from 0 to `end`: at full level, then under the words from `first` on."""
    ramps = [Ramp(0, _samples(CLICK_MS), 0.0, 1.0), Ramp(end - min(_samples(FADE_MS), end // 3), end, 1.0, 0.0)]
    if end > first:
        begin = first - _samples(DUCK_AHEAD_MS)
        ramps.append(Ramp(begin, begin + _samples(DUCK_MS), 1.0, duck))
    return Bed("intro", 0, end, tuple(ramps))


def _outro(start: int, samples: int, last: int, duck: float) -> Bed:
    """Return an outro: under the words until `last`, then at full level."""
    end = start + samples
    fade = min(_samples(FADE_MS), max(last - start, _samples(CLICK_MS)))
    done = last + _samples(DUCK_AHEAD_MS)
    ramps = (
        Ramp(start, start + fade, 0.0, 1.0),
        Ramp(done - _samples(DUCK_MS), done, duck, 1.0),
        Ramp(end - min(_samples(FADE_MS), samples // 3), end, 1.0, 0.0),
    )
    return Bed("outro", start, samples, ramps)


def _spans(clips: Sequence[Placed], beds: Iterable[Bed]) -> tuple[Span, ...]:
    """Return the stretches that music touches, each widened to whole clips; those that meet are one."""
    spans: list[Span] = []
    for bed in beds:
        span = _widened(clips, bed.start // FRAME_SAMPLES, _frames_up(bed.end) + 1, (bed,))
        while spans and span.frame < spans[-1].frame + spans[-1].n_frames:
            before = spans.pop()
            end = max(span.frame + span.n_frames, before.frame + before.n_frames)
            span = _widened(clips, min(span.frame, before.frame), end, before.beds + span.beds)
        spans.append(span)
    return tuple(spans)


def _widened(clips: Sequence[Placed], start: int, end: int, beds: tuple[Bed, ...]) -> Span:
    """Return the span from frame `start` to `end`, and to the ends of the clips that it cuts."""
    while True:
        inside = tuple(clip for clip in clips if clip.frame < end and clip.frame + clip.n_frames > start)
        wider = min([start, *(c.frame for c in inside)]), max([end, *(c.frame + c.n_frames for c in inside)])
        if wider == (start, end):
            return Span(start, end - start, inside, beds)
        start, end = wider


def _samples(ms: int) -> int:
    return ms * RATE_HZ // 1000


def _frames_up(samples: int) -> int:
    return -(-samples // FRAME_SAMPLES)
