# SPDX-License-Identifier: GPL-3.0-or-later
"""A timeline is exact: nothing overlaps, nothing is lost, and music steps back in time for the words."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from podcast.config.settings import Music
from podcast.errors import AudioError
from podcast.model import FRAME_SAMPLES, RATE_HZ
from podcast.sound.stitch import envelope
from podcast.sound.timeline import ClipLength, Timeline, lay, needed_ms

SECOND = RATE_HZ
MUSIC = Music()


def piece(key: str, seconds: float, pause_ms: int = 300) -> ClipLength:
    """Return a piece of so many seconds."""
    samples = round(seconds * SECOND)
    return ClipLength(key, -(-samples // FRAME_SAMPLES) + 1, samples, pause_ms)


PIECES = st.lists(st.tuples(st.floats(0.05, 25), st.integers(0, 4_000)), min_size=1, max_size=12).map(
    lambda rows: [piece(str(i), seconds, pause_ms) for i, (seconds, pause_ms) in enumerate(rows)]
)
LENGTHS = st.one_of(st.just(0), st.integers(2_400, 40 * SECOND))
SETTINGS = st.builds(Music, lead_ms=st.integers(0, 12_000), tail_ms=st.integers(0, 6_000))


@given(PIECES, SETTINGS, LENGTHS, LENGTHS, LENGTHS)
def test_nothing_overlaps_and_nothing_is_lost(pieces, settings, intro, bed, outro):
    """Whatever is laid: every clip is there once, in order, in one span or apart, and all fits into the frames."""
    plan = lay(pieces, settings, intro_samples=intro, bed_samples=bed, outro_samples=outro)

    assert [clip.key for clip in plan.clips] == [one.key for one in pieces]
    streams = sorted((part.frame, part.n_frames) for part in (*plan.unmixed, *plan.spans))
    ends = [0, *(frame + n_frames for frame, n_frames in streams)]
    starts = [frame for frame, _ in streams] + [plan.n_frames]
    assert all(start >= end for start, end in zip(starts, ends, strict=True))
    mixed = [clip for span in plan.spans for clip in span.clips]
    assert sorted([*mixed, *plan.unmixed], key=lambda clip: clip.frame) == list(plan.clips)
    for span in plan.spans:
        first, last = span.frame * FRAME_SAMPLES, (span.frame + span.n_frames - 1) * FRAME_SAMPLES
        for part in (*span.clips, *span.layers):
            assert first <= part.start < part.end <= last
            assert part.start % FRAME_SAMPLES == 0
    assert {bed.kind for span in plan.spans for bed in span.layers} == {
        kind for kind, length in (("intro", intro), ("bed", bed), ("outro", outro)) if length
    }


@given(PIECES)
def test_pauses_are_kept_to_the_frame(pieces):
    """The silence after a clip is what was asked for, to 12 ms, unless that is shorter than the encoder's delay."""
    plan = lay(pieces, MUSIC)

    for one, clip, following in zip(pieces, plan.clips, plan.clips[1:], strict=False):
        silence = following.start - clip.end
        asked = one.pause_ms * SECOND // 1000
        assert abs(silence - asked) <= FRAME_SAMPLES / 2 or following.frame == clip.frame + clip.n_frames


@given(PIECES, SETTINGS, LENGTHS, LENGTHS, LENGTHS)
def test_music_never_swallows_the_words(pieces, settings, intro, bed, outro):
    """While someone speaks, music that came in before is ducked, but for the moment in which it steps back."""
    plan = lay(pieces, settings, intro_samples=intro, bed_samples=bed, outro_samples=outro)

    first, last = plan.clips[0].start, plan.clips[-1].end
    duck = 10 ** (settings.duck_db / 20) * 1.01
    for layer in (layer for span in plan.spans for layer in span.layers):
        gain = envelope(layer)
        under = slice(max(0, first + SECOND // 10 - layer.start), max(0, last - SECOND // 10 - layer.start))
        assert gain[under].max(initial=0.0) <= duck
        assert gain.min() >= 0
        assert gain.max() <= 1
        assert gain[-1] < 0.01  # and it ends in nothing


def test_times_are_exact_multiples_of_the_frame():
    """Milliseconds come from frames, without rounding."""
    plan = lay([piece("a", 2.0), piece("b", 3.0)], MUSIC)

    first, second = plan.clips
    assert (first.start_ms, first.end_ms) == (240, 2_240)
    assert second.start_ms % 24 == 0
    assert second.start == second.start_ms * 48
    assert abs(second.start_ms - 2_540) <= 12
    assert plan.samples == plan.duration_ms * 48


def test_without_music_the_words_come_soon_and_the_end_does_not_cut():
    """Without music: a quarter of a second before the first word, half a second after the last."""
    plan = lay([piece("a", 2.0)], MUSIC)

    assert plan.spans == ()
    assert plan.clips[0].start_ms <= 500
    assert 500 <= plan.duration_ms - plan.clips[0].end_ms <= 550


def test_an_intro_leads_and_an_outro_follows():
    """The first word comes after the lead time, the outro begins its time before the end, and the file ends with it."""
    plan = lay(
        [piece(str(i), 5) for i in range(8)], MUSIC, intro_samples=int(7.5 * SECOND), outro_samples=int(6.25 * SECOND)
    )

    intro, outro = (span.layers[0] for span in plan.spans)
    assert 4_500 <= plan.clips[0].start_ms < 4_524
    assert (intro.start, intro.end) == (0, int(7.5 * SECOND))
    assert 0 <= plan.clips[-1].end - 1.5 * SECOND - outro.start < FRAME_SAMPLES
    assert 0 <= plan.samples - outro.end < FRAME_SAMPLES
    assert [clip.key for clip in plan.unmixed] == ["1", "2", "3", "4", "5", "6"]


def gain_at(plan: Timeline, kind: str, sample: int) -> float:
    """Return the gain of the music at a sample of the episode."""
    bed = next(bed for span in plan.spans for bed in span.layers if bed.kind == kind)
    return float(envelope(bed)[sample - bed.start])


def test_music_is_full_then_ducks_and_comes_back():
    """Full until half a second before the first word, at duck_db from 0.1 s after it; the outro mirrors that."""
    plan = lay([piece(str(i), 5) for i in range(8)], MUSIC, intro_samples=30 * SECOND, outro_samples=10 * SECOND)
    first, last = plan.clips[0].start, plan.clips[-1].end
    duck = pytest.approx(10 ** (-14 / 20), abs=0.002)

    assert gain_at(plan, "intro", first - SECOND // 2) == 1
    assert gain_at(plan, "intro", first + SECOND // 10) == duck
    assert gain_at(plan, "intro", first + 3 * SECOND) == duck
    assert gain_at(plan, "outro", last - SECOND // 10) == duck
    assert gain_at(plan, "outro", last + SECOND // 2) == 1
    assert gain_at(plan, "outro", last + 3 * SECOND) == 1


def test_long_music_is_faded_out():
    """Of a song, the intro goes on for five seconds under the words, the outro for twenty after them."""
    plan = lay([piece(str(i), 9) for i in range(8)], MUSIC, intro_samples=180 * SECOND, outro_samples=180 * SECOND)
    intro, outro = (span.layers[0] for span in plan.spans)

    assert intro.end == plan.clips[0].start + 5 * SECOND
    assert outro.end - plan.clips[-1].end == pytest.approx(20 * SECOND, abs=FRAME_SAMPLES)
    assert intro.end - intro.start <= needed_ms("intro", MUSIC) * 48 + FRAME_SAMPLES
    assert outro.end - outro.start <= needed_ms("outro", MUSIC) * 48 + FRAME_SAMPLES


def test_a_short_sting_leads_for_its_own_length():
    """An intro shorter than the lead time is followed by the first word at once, and is not ducked."""
    plan = lay([piece("a", 5)], MUSIC, intro_samples=SECOND)

    assert 0 <= plan.clips[0].start - SECOND < FRAME_SAMPLES
    assert gain_at(plan, "intro", SECOND // 2) == 1


def test_a_bed_takes_over_from_the_intro_before_the_words():
    """Intro and bed cross at equal power, the words begin over the bed alone, and it ends when it was told to."""
    settings = replace(MUSIC, bed=replace(MUSIC.bed, file="calm", duck_db=0.0))
    plan = lay(
        [piece(str(i), 6) for i in range(8)],
        settings,
        intro_samples=8 * SECOND,
        bed_samples=30 * SECOND,
        outro_samples=6 * SECOND,
    )

    intro, bed = plan.spans[0].layers
    first = plan.clips[0].start
    assert intro.end <= first + SECOND // 10
    assert 0 <= bed.end - first - 20 * SECOND <= FRAME_SAMPLES
    power = np.zeros(first + SECOND)
    power[: intro.samples] += envelope(intro) ** 2
    power[bed.start :] += envelope(bed)[: len(power) - bed.start] ** 2
    assert power[SECOND:] == pytest.approx(1.0, abs=0.001)


def test_a_bed_ends_with_short_words():
    """A bed is under words, not after them."""
    plan = lay([piece("a", 3)], replace(MUSIC, bed=replace(MUSIC.bed, file="calm")), bed_samples=30 * SECOND)

    (layer,) = plan.spans[0].layers
    assert layer.end <= plan.clips[0].end
    assert envelope(layer)[-1] < 0.01


def test_one_sentence_under_both_is_one_span():
    """In a very short episode intro and outro share the words; the intro has gone when the outro comes up."""
    plan = lay([piece("a", 0.6)], MUSIC, intro_samples=int(7.5 * SECOND), outro_samples=int(6.25 * SECOND))

    (span,) = plan.spans
    intro, outro = span.layers
    assert (intro.kind, outro.kind) == ("intro", "outro")
    assert intro.end <= plan.clips[0].end
    assert outro.start >= plan.clips[0].start
    assert np.all(envelope(outro)[: intro.end - outro.start] <= 10 ** (-14 / 20) * 1.3)


def test_a_clip_that_music_cuts_is_mixed_as_a_whole():
    """Where the intro ends within a clip, the span goes on to the end of that clip."""
    plan = lay([piece("a", 1.0), piece("b", 15.0), piece("c", 2.0)], MUSIC, intro_samples=8 * SECOND)

    (span,) = plan.spans
    assert [clip.key for clip in span.clips] == ["a", "b"]
    assert [clip.key for clip in plan.unmixed] == ["c"]


def test_lead_and_tail_may_be_nothing():
    """With no lead the words come with the music."""
    plan = lay([piece("a", 9)], replace(MUSIC, lead_ms=0, tail_ms=0), intro_samples=SECOND, outro_samples=SECOND)

    assert plan.clips[0].start == 0
    assert plan.n_frames > 0


def test_an_episode_of_nothing_is_refused():
    """There is no file without a clip."""
    with pytest.raises(AudioError, match="nothing to play"):
        lay([], MUSIC, intro_samples=SECOND)
