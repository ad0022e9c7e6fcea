# SPDX-License-Identifier: GPL-3.0-or-later
"""A clip comes out trimmed, at the level of the show, under the ceiling, and the same each time."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sound_helpers import voice

from podcast.errors import AudioError
from podcast.model import RATE_HZ, Speech, Word
from podcast.sound import clip_format as mastered_module
from podcast.sound import loudness, mastering, mp3
from podcast.sound.clip_format import CEILING_DBTP, Mastered, finish
from podcast.sound.true_peak import db, true_peak_dbtp

HALF_SECOND = 12_000


def surrounded(speech: Speech, *, before: int = HALF_SECOND, after: int = HALF_SECOND, noise: float = 1e-4) -> Speech:
    """Return speech with silence (of a room, not digital) around it; lengths in samples."""
    rng = np.random.default_rng(7)
    parts = [noise * rng.standard_normal(before), speech.samples, noise * rng.standard_normal(after)]
    return Speech(np.concatenate(parts).astype(np.float32), speech.rate_hz)


@pytest.mark.parametrize("rate_hz", [16_000, 22_050, 24_000, 44_100, 48_000])
@pytest.mark.parametrize("sharp", [False, True])
def test_a_clip_reaches_the_target_under_the_ceiling(rate_hz, sharp):
    """At any rate, smooth or peaky: -16 LUFS to a tenth, no true peak over the ceiling, none over -1 when decoded."""
    speech = voice(3, rate_hz=rate_hz, sharp=sharp)
    level = mastering.Level(mastering.calibration_db(speech))

    pcm = mastering.shape(speech, level)
    mastered = mastering.master(speech, level)

    assert loudness.integrated_lufs(pcm) == pytest.approx(-16, abs=0.1)
    assert mastered.lufs == pytest.approx(-16, abs=0.15)  # decoded: the encoder takes a little
    assert true_peak_dbtp(pcm) <= CEILING_DBTP + 0.01
    assert mastered.true_peak_dbtp <= -1.05
    assert true_peak_dbtp(mp3.decode(mastered.frames)) == pytest.approx(mastered.true_peak_dbtp, abs=1e-4)
    assert mastered.samples == len(pcm)
    assert mastered.n_frames == -(-len(pcm) // 1152) + 1


def test_clicks_are_kept_under_the_ceiling_even_if_soft():
    """What is all peak and no body cannot reach the target; it ends, and stays under the ceiling."""
    clicks = np.zeros(72_000, np.float32)
    clicks[:: 24_000 // 90] = 0.9
    speech = Speech(clicks, 24_000)

    mastered = mastering.master(speech, mastering.Level(mastering.calibration_db(speech)))

    assert mastered.true_peak_dbtp <= -1.05
    assert mastered.lufs < -16


@pytest.mark.parametrize("peak", [0.5, 0.05, 0.005])
def test_silence_is_trimmed_by_the_clips_own_level(peak):
    """A quiet voice is trimmed where a loud one is: 40 ms before and after what can be heard."""
    speech = voice(2, peak=peak)
    expected = len(mastering.shape(voice(2), mastering.Level(0)))

    for before, after in ((HALF_SECOND, HALF_SECOND), (0, 3 * HALF_SECOND), (5 * HALF_SECOND, 0)):
        padded = surrounded(speech, before=before, after=after, noise=peak / 3_000)

        assert len(mastering.shape(padded, mastering.Level(mastering.calibration_db(speech)))) == pytest.approx(
            expected, abs=(2 * 40 + 20) * 48
        )


def test_the_first_word_keeps_40_ms_of_what_was_before():
    """Soft consonants are not cut: the voice begins 40 ms into the clip, to a window of 10 ms."""
    tone = np.sin(np.arange(RATE_HZ) * 0.1).astype(np.float32) * 0.3
    silence = np.zeros(RATE_HZ, np.float32)

    pcm = mastering.shape(Speech(np.concatenate([silence, tone, silence]), RATE_HZ), mastering.Level(0))

    begins = int(np.argmax(np.abs(pcm) > 0.05))
    assert 0 <= begins - 40 * 48 <= 500
    assert len(pcm) == pytest.approx(RATE_HZ + 2 * 40 * 48, abs=960)


WORDS = (Word("un", 500, 900), Word("deux", 1_400, 1_900), Word("trois", 1_900, 9_000))


@pytest.mark.parametrize("rate_hz", [24_000, 48_000])
def test_words_move_with_what_is_trimmed_and_end_with_the_clip(rate_hz):
    """The voice begins half a second in, and 40 ms before it are kept."""
    speech = surrounded(voice(2, rate_hz=rate_hz), before=rate_hz // 2, after=rate_hz // 2)

    mastered = mastering.master(replace(speech, words=WORDS), mastering.Level(0))

    one, two, three = mastered.words
    assert one.start_ms == pytest.approx(40, abs=15)
    assert (one.end_ms, two.start_ms, two.end_ms) == tuple(one.start_ms + later for later in (400, 900, 1_400))
    assert (three.start_ms, three.end_ms) == (two.end_ms, round(mastered.samples / 48))


@pytest.mark.parametrize(("around_db", "kept"), [(-90, True), (-53, False)])
def test_a_weak_last_consonant_is_kept_where_the_silence_is_deeper(around_db, kept):
    """The k of some voices is a burst 43 dB below their vowels, after a stop: it is not cut off with the silence."""
    rng = np.random.default_rng(1)
    vowel = np.sin(np.arange(RATE_HZ) * 0.1) * 0.3
    level = float(np.sqrt(np.mean(vowel**2)))
    noise = rng.standard_normal(3 * RATE_HZ) * level
    sound = noise * 10 ** (around_db / 20)
    sound[RATE_HZ // 2 : RATE_HZ // 2 + RATE_HZ] += vowel
    burst = slice(RATE_HZ * 3 // 2 + RATE_HZ // 10, RATE_HZ * 3 // 2 + RATE_HZ * 15 // 100)
    sound[burst] = noise[burst] * 10 ** (-43.5 / 20)

    pcm = mastering.shape(Speech(sound.astype(np.float32), RATE_HZ), mastering.Level(0))

    assert len(pcm) == pytest.approx(RATE_HZ * (1.15 if kept else 1.0) + 2 * 40 * 48, abs=1_000)


def test_a_clip_begins_and_ends_in_nothing_and_has_no_direct_current():
    """A clip that was cut in a vowel, with its zero line off, does not click."""
    speech = voice(2)
    off = Speech(speech.samples[3_000:-3_000] + np.float32(0.05), speech.rate_hz)

    pcm = mastering.shape(off, mastering.Level(0))

    assert abs(pcm[0]) < 1e-4
    assert abs(pcm[-1]) < 1e-3
    assert abs(pcm.mean()) < 1e-3
    assert np.abs(np.diff(pcm[:240])).max() < 0.05


def test_voices_of_different_level_come_out_alike():
    """24 dB between two voices are gone; so is what a sentence is softer than the one before."""
    loud, soft = voice(3, peak=0.9), voice(3, peak=0.9 / 16, pitch_hz=210, seed=4)
    softer = Speech(soft.samples * np.float32(0.75), soft.rate_hz)
    gain_db = mastering.calibration_db(soft)

    levels = [
        mastering.master(loud, mastering.Level(mastering.calibration_db(loud))).lufs,
        mastering.master(soft, mastering.Level(gain_db)).lufs,
        mastering.master(softer, mastering.Level(gain_db)).lufs,
    ]

    assert levels == pytest.approx([-16] * 3, abs=0.1)


@pytest.mark.parametrize(("factor", "expected"), [(0.25, -16 - 12.04 + 3), (2.0, -16 + 6.02 - 3)])
def test_a_whisper_stays_a_whisper(factor, expected):
    """A clip is brought no more than 3 dB nearer to its voice's level, up or down."""
    speech = voice(3, peak=0.1)
    other = Speech(speech.samples * np.float32(factor), speech.rate_hz)

    mastered = mastering.master(other, mastering.Level(mastering.calibration_db(speech)))

    assert mastered.lufs == pytest.approx(expected, abs=0.3)


def test_a_very_short_word_takes_the_gain_of_its_voice():
    """Under 0.4 s a voice has no loudness of its own: the clip gets the calibration gain, nothing else."""
    word = voice(0.3, peak=0.02)

    pcm = mastering.shape(word, mastering.Level(voice_gain_db=6.0))

    assert np.abs(pcm).max() == pytest.approx(0.02 * 10 ** (6 / 20), rel=0.1)


def test_the_offset_of_an_episode_moves_every_clip():
    """An episode's correction applies beyond the 3 dB, to short words too, and leaves the length as it was."""
    for speech in (voice(3, peak=0.1), voice(0.3, peak=0.1)):
        level = mastering.Level(6.0)
        plain, moved = mastering.master(speech, level), mastering.master(speech, replace(level, offset_db=-4.2))

        assert moved.lufs - plain.lufs == pytest.approx(-4.2, abs=0.1)
        assert (moved.samples, moved.n_frames) == (plain.samples, plain.n_frames)


@pytest.mark.parametrize(
    "samples",
    [
        np.zeros(0),
        np.zeros(3),
        np.zeros(24_000),
        np.full(24_000, 0.3),  # direct current is not a voice
        1e-4 * np.sin(np.arange(24_000) * 0.1),
        np.full(24_000, np.nan),
        np.array([np.inf] + [0.1] * 24_000),
        np.full((24_000, 2), 0.1),
    ],
    ids=["empty", "three samples", "silent", "direct current", "too soft", "nan", "inf", "stereo"],
)
def test_what_is_no_voice_is_refused(samples):
    """There is never a silent gap where a sentence should be: nothing to hear is an error."""
    with pytest.raises(AudioError) as caught:
        mastering.master(Speech(samples.astype(np.float32), 24_000), mastering.Level(0))
    assert caught.value.hint


def test_a_silent_calibration_is_refused():
    """A voice that says nothing has no gain."""
    with pytest.raises(AudioError, match="silence for its calibration"):
        mastering.calibration_db(Speech(np.zeros(24_000, np.float32), 24_000))


def test_order_and_threads_change_nothing():
    """The same clips give the same bytes, in any order, in one thread or in four."""
    speeches = [voice(0.5 + seed / 4, seed=seed, sharp=seed % 2 == 0) for seed in range(6)]

    def master(speech: Speech) -> bytes:
        return mastering.master(speech, mastering.Level(3.0)).to_bytes()

    alone = [master(speech) for speech in speeches]
    with ThreadPoolExecutor(4) as executor:
        assert list(executor.map(master, reversed(speeches))) == alone[::-1]


def test_input_is_left_as_it_was():
    """Shaping does not write into the speech that it is given, even at 48 kHz."""
    speech = voice(1, rate_hz=RATE_HZ)
    before = speech.samples.copy()

    mastering.shape(speech, mastering.Level(3.0))

    assert np.array_equal(speech.samples, before)


def test_the_key_of_mastering_names_what_shapes_the_frames():
    """Another encoder, bit rate or ceiling is another key."""
    for part in ("lameenc", "soxr", "128k", "48000", str(CEILING_DBTP)):
        assert part in mastering.MASTERING


@pytest.mark.parametrize("loud", [0.5, 2.0, 8.0])
def test_sound_that_the_encoder_makes_peak_is_limited_once_more(loud):
    """Bursts of noise overshoot by more than a dB in MP3; whatever is given, what is decoded stays under -1 dBTP."""
    rng = np.random.default_rng(3)
    bursts = loud * rng.standard_normal((RATE_HZ, 2)) * (np.arange(RATE_HZ) % 6_000 < 900)[:, None]

    mastered = finish(bursts.astype(np.float32))

    assert true_peak_dbtp(mp3.decode(mastered.frames)) <= -1.05


def test_an_encoder_that_peaks_at_any_level_is_given_up(monkeypatch):
    """After some tries, each at a lower level, the error says what to do."""
    ceilings = []
    monkeypatch.setattr(mastered_module, "_measured", lambda *_: (np.zeros(1), -0.5))
    limited = mastered_module.true_peak.limited
    monkeypatch.setattr(
        mastered_module.true_peak, "limited", lambda parts, ceiling: ceilings.append(ceiling) or limited(parts, ceiling)
    )

    with pytest.raises(AudioError, match="exceeds the peak limit, whatever the level") as caught:
        finish(voice(0.2, rate_hz=RATE_HZ).samples)

    assert "use other music" in caught.value.hint
    assert len(ceilings) == mastered_module.TRIES
    assert np.diff(ceilings) == pytest.approx(-(1.05 - 0.5 + 0.05))


def test_nothing_cannot_be_finished():
    """A sound without samples is an error."""
    with pytest.raises(AudioError, match="no audio"):
        finish(np.zeros((0, 2), np.float32))


@pytest.fixture(scope="module")
def kept() -> Mastered:
    """Give a short mastered clip."""
    return mastering.master(voice(0.5), mastering.Level(0))


def test_what_is_kept_is_read_back_whole(kept: Mastered):
    """The kept form holds everything, and its form is the same each time."""
    again = Mastered.from_bytes(kept.to_bytes())

    assert again.frames == kept.frames
    assert np.array_equal(again.energies, kept.energies)
    assert (again.samples, again.true_peak_dbtp) == (kept.samples, kept.true_peak_dbtp)
    assert again.to_bytes() == kept.to_bytes()


@given(place=st.floats(0, 0.9999), flip=st.integers(1, 255))
def test_a_damaged_clip_is_refused(kept: Mastered, place, flip):
    """One changed byte anywhere, and the clip is not taken."""
    data = bytearray(kept.to_bytes())
    data[int(place * len(data))] ^= flip

    with pytest.raises(AudioError):
        Mastered.from_bytes(bytes(data))


@pytest.mark.parametrize("size", [0, 7, 30, 500, -1])
def test_a_clip_that_breaks_off_is_refused(kept: Mastered, size):
    """Half a file is no file; nor is one with something after it."""
    with pytest.raises(AudioError):
        Mastered.from_bytes(kept.to_bytes()[:size])
    with pytest.raises(AudioError):
        Mastered.from_bytes(kept.to_bytes() + b"\0")


def test_levels_are_reported_in_db():
    """The amplitude 0.5 is -6.02 dB, nothing is -inf."""
    assert db(0.5) == pytest.approx(-6.02, abs=0.01)
    assert db(0.0) == -np.inf
