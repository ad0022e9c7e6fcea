# SPDX-License-Identifier: GPL-3.0-or-later
"""Timeline + mastered clips + music -> one MP3.

`mix` makes a stream of each span under music; all else is there already. `measure` adds up what was measured of the
decoded parts, before anything is written, and `correction_db` says by how much to make the whole louder or softer,
where much music or few words have shifted it. `write` then lays the streams one behind another, silent frames between.

What a clip sounds like is asked for by key, one at a time, so that an hour needs no more memory than a minute.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from podcast.errors import AudioError
from podcast.model import FRAME_SAMPLES, RATE_HZ, Loudness
from podcast.sound import loudness, mp3
from podcast.sound.clip_format import Mastered, finish_parts
from podcast.sound.loudness import STEP, STEPS_PER_TENTH, TARGET_LUFS
from podcast.sound.music.loop import Music
from podcast.sound.timeline import Layer, Placed, Ramp, Span, Timeline
from podcast.sound.true_peak import Samples, amplitude, limited

PAUSES_DB = 0.2
"""By how much clips and music are raised to begin with: the edges of pauses make speech that much softer in all."""

NEAR_LU = 0.25
"""An episode this near to the target is left alone."""

FURTHEST_DB = 6.0
"""A correction beyond this would mend the wrong thing."""

STEPS_PER_FRAME = FRAME_SAMPLES // STEP

Pcm = Callable[[str], Samples]
"""Key of a clip -> its sound at 48 kHz as `clip.shape` gives it, mono or stereo."""

Tracks = Mapping[str, Music]
"""Name of a layer's music -> its sound."""

AT_ONCE = 1_250 * FRAME_SAMPLES
"""Samples that are mixed at once: 30 s."""

Find = Callable[[str], Mastered]
"""Key of a clip -> its final form."""


def mix(span: Span, pcm: Pcm, tracks: Tracks, *, offset_db: float = 0.0, form: mp3.Format = mp3.STEREO) -> Mastered:
    """Return a span of a timeline as one sound: its clips, and the music at its gain and `offset_db`."""
    last: dict[str, Samples] = {}

    def known(key: str) -> Samples:
        """Return a clip; one that goes on in the next part is not made twice."""
        if key not in last:
            last.clear()
            last[key] = pcm(key)
        return last[key]

    return finish_parts(lambda: (mp3.fold(part, form) for part in mixed(span, known, tracks, offset_db)), form)


def mixed(span: Span, pcm: Pcm, tracks: Tracks, offset_db: float = 0.0) -> Iterator[Samples]:
    """Give the sound of a span, half a minute at a time; its last frame is left to the encoder's delay.

    Every part has shape (n, 2); nothing keeps it under a ceiling yet.
    """
    first, end = span.frame * FRAME_SAMPLES, (span.frame + span.n_frames - 1) * FRAME_SAMPLES
    ends = [*range(first + AT_ONCE, end - FRAME_SAMPLES, AT_ONCE), end]  # no part is shorter than a frame
    for start, stop in zip([first, *ends], ends, strict=False):
        yield _mixed(span, pcm, tracks, amplitude(offset_db), range(start, stop))


def _mixed(span: Span, pcm: Pcm, tracks: Tracks, gain: float, stretch: range) -> Samples:
    """Return the sound of a span in a stretch of the episode's samples."""
    start, stop = stretch.start, stretch.stop
    whole = np.zeros((stop - start, 2), np.float32)
    for clip in span.clips:
        if clip.start < stop and clip.end > start:
            voice = pcm(clip.key)
            if len(voice) != clip.samples:
                raise _changed(f"clip {clip.key[:12]}")
            begin, end = max(start, clip.start), min(stop, clip.end)
            part = voice[begin - clip.start : end - clip.start]
            whole[begin - start : end - start] += part.reshape(len(part), -1)
    for layer in span.layers:
        begin, end = max(start, layer.start), min(stop, layer.end)
        if begin < end:
            music = tracks[layer.name][begin - layer.start : end - layer.start]
            if len(music) != end - begin:
                raise _changed(f"the {layer.kind}")
            whole[begin - start : end - start] += music * (gain * envelope(layer, begin, end))[:, None]
    return whole


def envelope(layer: Layer, begin: int | None = None, end: int | None = None) -> Samples:
    """Return the gain of music at each of its samples from `begin` of the episode to `end`, shape (n,).

    A fade from or to nothing follows the cosine in power: of two pieces that cross, it adds up to that of one.
    """
    place = np.arange(layer.start if begin is None else begin, layer.end if end is None else end)
    gain = np.ones(len(place))
    for ramp in layer.ramps:
        done = np.clip((place - ramp.start) / max(1, ramp.end - ramp.start), 0.0, 1.0)
        power = 2 if 0.0 in {ramp.before, ramp.after} else 1
        before, after = ramp.before**power, ramp.after**power
        gain *= (before + (after - before) * (0.5 - 0.5 * np.cos(np.pi * done))) ** (1 / power)
    return gain.astype(np.float32)


def sounds(
    timeline: Timeline, pcm: Pcm, tracks: Tracks, *, offset_db: float, ceiling_dbtp: float, form: mp3.Format
) -> Iterator[Samples]:
    """Give the sound of an episode in order, a part at a time, each of shape (n, channels of the format).

    No true peak of it is over the ceiling. It lasts as long as the MP3, and all lies where it does there.
    """
    done = 0
    for place in _places(timeline):
        start = place.frame * FRAME_SAMPLES
        yield from _still(start - done, form)
        done = start
        parts = [pcm(place.key)] if isinstance(place, Placed) else mixed(place, pcm, tracks, offset_db)
        for part in limited((mp3.fold(one, form) for one in parts), ceiling_dbtp):
            channels = part.reshape(len(part), -1)
            yield channels if channels.shape[1] == form.channels else np.repeat(channels, form.channels, axis=1)
            done += len(part)
    yield from _still(timeline.samples - done, form)


def _still(samples: int, form: mp3.Format) -> Iterator[Samples]:
    for start in range(0, samples, RATE_HZ):
        yield np.zeros((min(RATE_HZ, samples - start), form.channels), np.float32)


def fingerprint(span: Span) -> str:
    """Return what a span holds and where, wherever in the episode it lies: equal ones sound the same."""
    origin = span.frame * FRAME_SAMPLES
    clips = [(clip.key, clip.start - origin, clip.samples) for clip in span.clips]
    layers = [
        (layer.name, layer.start - origin, layer.samples, [_moved(ramp, -origin) for ramp in layer.ramps])
        for layer in span.layers
    ]
    return repr((span.n_frames, clips, layers))


def _moved(ramp: Ramp, by: int) -> Ramp:
    return replace(ramp, start=ramp.start + by, end=ramp.end + by)


def measure(timeline: Timeline, mastered: Find, spans: Sequence[Mastered], *, channels: int = 2) -> Loudness:
    """Return how loud the file is: what was measured of each of its streams when decoded, in its place.

    One channel counts once, as in `loudness.measure`, which reads the whole file and agrees to a hundredth of a LU.
    """
    tenths = np.zeros(timeline.samples // STEP // STEPS_PER_TENTH)
    peak = -np.inf
    for frame, part in _parts(timeline, mastered, spans):
        loudness.spread(part.energies, frame * STEPS_PER_FRAME, tenths)
        peak = max(peak, part.true_peak_dbtp)
    return loudness.summed(tenths * (channels / 2), peak)


def correction_db(lufs: float) -> float:
    """Return by how much to raise clips and music so that the whole meets the target; 0.0 if it is near."""
    short = TARGET_LUFS - lufs
    if not np.isfinite(short) or abs(short) <= NEAR_LU:
        return 0.0
    return round(min(max(short, -FURTHEST_DB), FURTHEST_DB), 1)


def write(
    timeline: Timeline, path: Path, *, mastered: Find, spans: Sequence[Mastered], form: mp3.Format = mp3.STEREO
) -> None:
    """Write the episode to a path, which the caller makes appear in one piece (`workspace.replacing`).

    Raises AudioError if a clip is not the one that was laid out.
    """
    with path.open("wb") as file:
        file.writelines(frames(timeline, mastered=mastered, spans=spans, form=form))


def frames(
    timeline: Timeline, *, mastered: Find, spans: Sequence[Mastered], form: mp3.Format = mp3.STEREO
) -> Iterator[bytes]:
    """Give the bytes of the episode in order, a part at a time."""
    yield mp3.info_frame(timeline.n_frames, form)
    done = 0
    for frame, part in _parts(timeline, mastered, spans):
        yield mp3.silence(frame - done, form)
        yield part.frames
        done = frame + part.n_frames
    yield mp3.silence(timeline.n_frames - done, form)


def _parts(timeline: Timeline, mastered: Find, spans: Sequence[Mastered]) -> Iterator[tuple[int, Mastered]]:
    """Give each stream and the frame at which it starts, in order; a clip is asked for when its turn comes."""
    mixed = {span.frame: sound for span, sound in zip(timeline.spans, spans, strict=True)}
    for place in _places(timeline):
        part = mastered(place.key) if isinstance(place, Placed) else mixed[place.frame]
        if part.n_frames != place.n_frames:
            raise _changed(f"clip {place.key[:12]}" if isinstance(place, Placed) else "the music")
        yield place.frame, part


def _places(timeline: Timeline) -> list[Placed | Span]:
    """Return the clips that no music touches and the spans, in order."""
    return sorted([*timeline.apart, *timeline.spans], key=lambda place: place.frame)


def _changed(what: str) -> AudioError:
    return AudioError(f"{what} changed while the episode was put together", hint="run the command again")
