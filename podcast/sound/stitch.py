# SPDX-License-Identifier: GPL-3.0-or-later
"""Timeline + mastered clips + music -> one MP3.

`mix` encodes each span with music; all other clips are encoded already. `measure` combines the measurements of the
decoded parts before anything is written, and `correction_db` returns the gain that brings the whole to the target,
where much music or few words have shifted it. `write` then concatenates the streams, with silent frames between them.

Audio of clips is requested by key, one at a time, so that an hour needs no more memory than a minute.
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
"""Initial gain of clips and music: the edges of pauses lower the integrated loudness by this much."""

DEAD_BAND_LU = 0.25
"""A deviation from the target up to this is not corrected."""

MAX_CORRECTION_DB = 6.0
"""Maximum correction; a larger one would hide another fault."""

STEPS_PER_FRAME = FRAME_SAMPLES // STEP

Pcm = Callable[[str], Samples]
"""Key of a clip -> its audio at 48 kHz from `mastering.shape`, mono or stereo."""

Tracks = Mapping[str, Music]
"""Name of a layer -> its audio."""

MIX_SAMPLES = 1_250 * FRAME_SAMPLES
"""Samples per mixed part: 30 s."""

Find = Callable[[str], Mastered]
"""Key of a clip -> the mastered clip."""


def mix(span: Span, pcm: Pcm, tracks: Tracks, *, offset_db: float = 0.0, form: mp3.Format = mp3.STEREO) -> Mastered:
    """Mix and encode a span of a timeline: its clips, and its music at its gain and `offset_db`."""
    last: dict[str, Samples] = {}

    def known(key: str) -> Samples:
        """Return the audio of a clip; one that continues in the next part is not computed twice."""
        if key not in last:
            last.clear()
            last[key] = pcm(key)
        return last[key]

    return finish_parts(lambda: (mp3.downmix(part, form) for part in mixed(span, known, tracks, offset_db)), form)


def mixed(span: Span, pcm: Pcm, tracks: Tracks, offset_db: float = 0.0) -> Iterator[Samples]:
    """Yield the audio of a span in parts of 30 s; its last frame is left for the encoder's delay.

    Every part has shape (n, 2); no limiter has been applied yet.
    """
    first, end = span.frame * FRAME_SAMPLES, (span.frame + span.n_frames - 1) * FRAME_SAMPLES
    ends = [*range(first + MIX_SAMPLES, end - FRAME_SAMPLES, MIX_SAMPLES), end]  # no part is shorter than a frame
    for start, stop in zip([first, *ends], ends, strict=False):
        yield _mix_range(span, pcm, tracks, amplitude(offset_db), range(start, stop))


def _mix_range(span: Span, pcm: Pcm, tracks: Tracks, gain: float, stretch: range) -> Samples:
    """Mix a range of the episode's samples that lies in a span."""
    start, stop = stretch.start, stretch.stop
    whole = np.zeros((stop - start, 2), np.float32)
    for clip in span.clips:
        if clip.start < stop and clip.end > start:
            voice = pcm(clip.key)
            if len(voice) != clip.samples:
                raise _changed_error(f"clip {clip.key[:12]}")
            begin, end = max(start, clip.start), min(stop, clip.end)
            part = voice[begin - clip.start : end - clip.start]
            whole[begin - start : end - start] += part.reshape(len(part), -1)
    for layer in span.layers:
        begin, end = max(start, layer.start), min(stop, layer.end)
        if begin < end:
            music = tracks[layer.name][begin - layer.start : end - layer.start]
            if len(music) != end - begin:
                raise _changed_error(f"the {layer.kind}")
            whole[begin - start : end - start] += music * (gain * envelope(layer, begin, end))[:, None]
    return whole


def envelope(layer: Layer, begin: int | None = None, end: int | None = None) -> Samples:
    """Return the gain of a music layer per sample from `begin` to `end` of the episode, shape (n,).

    Fades from or to silence have constant power: a crossfade of two pieces keeps the level of one.
    """
    place = np.arange(layer.start if begin is None else begin, layer.end if end is None else end)
    gain = np.ones(len(place))
    for ramp in layer.ramps:
        done = np.clip((place - ramp.start) / max(1, ramp.end - ramp.start), 0.0, 1.0)
        power = 2 if 0.0 in {ramp.before, ramp.after} else 1
        before, after = ramp.before**power, ramp.after**power
        gain *= (before + (after - before) * (0.5 - 0.5 * np.cos(np.pi * done))) ** (1 / power)
    return gain.astype(np.float32)


def audio_parts(
    timeline: Timeline, pcm: Pcm, tracks: Tracks, *, offset_db: float, ceiling_dbtp: float, form: mp3.Format
) -> Iterator[Samples]:
    """Yield the audio of an episode in order, in parts of shape (n, channels of the format).

    No true peak exceeds the ceiling. Duration and all positions are the same as in the MP3.
    """
    done = 0
    for place in _streams(timeline):
        start = place.frame * FRAME_SAMPLES
        yield from _silent_parts(start - done, form)
        done = start
        parts = [pcm(place.key)] if isinstance(place, Placed) else mixed(place, pcm, tracks, offset_db)
        for part in limited((mp3.downmix(one, form) for one in parts), ceiling_dbtp):
            channels = part.reshape(len(part), -1)
            yield channels if channels.shape[1] == form.channels else np.repeat(channels, form.channels, axis=1)
            done += len(part)
    yield from _silent_parts(timeline.samples - done, form)


def _silent_parts(samples: int, form: mp3.Format) -> Iterator[Samples]:
    for start in range(0, samples, RATE_HZ):
        yield np.zeros((min(RATE_HZ, samples - start), form.channels), np.float32)


def fingerprint(span: Span) -> str:
    """Return the contents of a span, independent of its position in the episode: equal ones give equal audio."""
    origin = span.frame * FRAME_SAMPLES
    clips = [(clip.key, clip.start - origin, clip.samples) for clip in span.clips]
    layers = [
        (layer.name, layer.start - origin, layer.samples, [_shifted(ramp, -origin) for ramp in layer.ramps])
        for layer in span.layers
    ]
    return repr((span.n_frames, clips, layers))


def _shifted(ramp: Ramp, by: int) -> Ramp:
    return replace(ramp, start=ramp.start + by, end=ramp.end + by)


def measure(timeline: Timeline, mastered: Find, spans: Sequence[Mastered], *, channels: int = 2) -> Loudness:
    """Return the loudness of the file, from the measurements of its decoded streams at their positions.

    Mono counts once, as in `loudness.measure`, which reads the whole file and agrees to 0.01 LU.
    """
    tenths = np.zeros(timeline.samples // STEP // STEPS_PER_TENTH)
    peak = -np.inf
    for frame, part in _positioned_streams(timeline, mastered, spans):
        loudness.accumulate(part.energies, frame * STEPS_PER_FRAME, tenths)
        peak = max(peak, part.true_peak_dbtp)
    return loudness.combined(tenths * (channels / 2), peak)


def correction_db(lufs: float) -> float:
    """Return the gain of clips and music that brings the whole to the target; 0.0 if it is close enough."""
    short = TARGET_LUFS - lufs
    if not np.isfinite(short) or abs(short) <= DEAD_BAND_LU:
        return 0.0
    return round(min(max(short, -MAX_CORRECTION_DB), MAX_CORRECTION_DB), 1)


def write(
    timeline: Timeline, path: Path, *, mastered: Find, spans: Sequence[Mastered], form: mp3.Format = mp3.STEREO
) -> None:
    """Write the episode to a path, which the caller replaces atomically (`workspace.replacing`).

    Raises AudioError if a clip has changed since the timeline was made.
    """
    with path.open("wb") as file:
        file.writelines(frames(timeline, mastered=mastered, spans=spans, form=form))


def frames(
    timeline: Timeline, *, mastered: Find, spans: Sequence[Mastered], form: mp3.Format = mp3.STEREO
) -> Iterator[bytes]:
    """Yield the bytes of the episode in order, a part at a time."""
    yield mp3.info_frame(timeline.n_frames, form)
    done = 0
    for frame, part in _positioned_streams(timeline, mastered, spans):
        yield mp3.silence(frame - done, form)
        yield part.frames
        done = frame + part.n_frames
    yield mp3.silence(timeline.n_frames - done, form)


def _positioned_streams(
    timeline: Timeline, mastered: Find, spans: Sequence[Mastered]
) -> Iterator[tuple[int, Mastered]]:
    """Yield each stream and its first frame, in order; a clip is requested only when it is due."""
    mixed = {span.frame: sound for span, sound in zip(timeline.spans, spans, strict=True)}
    for place in _streams(timeline):
        part = mastered(place.key) if isinstance(place, Placed) else mixed[place.frame]
        if part.n_frames != place.n_frames:
            raise _changed_error(f"clip {place.key[:12]}" if isinstance(place, Placed) else "the music")
        yield place.frame, part


def _streams(timeline: Timeline) -> list[Placed | Span]:
    """Return the clips without music and the mixed spans, in order."""
    return sorted([*timeline.unmixed, *timeline.spans], key=lambda place: place.frame)


def _changed_error(what: str) -> AudioError:
    return AudioError(f"{what} changed while the episode was put together", hint="run the command again")
