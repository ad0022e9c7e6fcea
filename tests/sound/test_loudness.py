# SPDX-License-Identifier: GPL-3.0-or-later
"""Loudness and true peak agree with the standards' own test signals and with ffmpeg."""

import tracemalloc
from pathlib import Path

import numpy as np
import pytest
import scipy.signal
import soundfile
import soxr
from sound_helpers import heard, voice

from podcast.errors import AudioError
from podcast.model import RATE_HZ, Loudness, Speech
from podcast.sound import loudness
from podcast.sound.true_peak import Limiter, amplitude, block_peaks, db, true_peak_dbtp


def sine(seconds: float, dbfs: float, *, hz: float = 1_000, degrees: float = 0.0) -> np.ndarray:
    """Return a stereo sine wave, shape (n, 2)."""
    time = np.arange(round(seconds * RATE_HZ)) / RATE_HZ
    wave = amplitude(dbfs) * np.sin(2 * np.pi * hz * time + np.radians(degrees))
    return np.repeat(wave.astype(np.float32)[:, None], 2, axis=1)


@pytest.mark.parametrize(
    ("stretches", "expected"),
    [
        ([(20, -23)], -23.0),
        ([(20, -33)], -33.0),
        ([(10, -36), (60, -23), (10, -36)], -23.0),
        ([(10, -72), (10, -36), (60, -23), (10, -36), (10, -72)], -23.0),
        ([(20, -26), (20.1, -20), (20, -26)], -23.0),
    ],
)
def test_integrated_loudness_meets_the_ebu_signals(stretches, expected):
    """Signals 1 to 5 of EBU Tech 3341 read what they must, within its 0.1 LU."""
    sound = np.concatenate([sine(seconds, dbfs) for seconds, dbfs in stretches])

    assert loudness.integrated_lufs(sound) == pytest.approx(expected, abs=0.1)


@pytest.mark.parametrize(
    ("part_of_rate", "degrees", "dbfs", "expected"),
    [(4, 0, -6.02, -6.0), (4, 45, -6.02, -6.0), (6, 60, -6.02, -6.0), (8, 67.5, -6.02, -6.0), (4, 45, 3.0, 3.0)],
)
def test_true_peak_meets_the_ebu_signals(part_of_rate, degrees, dbfs, expected):
    """Signals 15 to 19 of EBU Tech 3341, which rise between the samples, read within +0.2 and -0.4 dB."""
    wave = sine(1, dbfs, hz=RATE_HZ / part_of_rate, degrees=degrees)[4_800:-4_800]
    fade = np.clip(np.minimum(np.arange(len(wave)), np.arange(len(wave))[::-1]) / 2_400, 0, 1)[:, None]

    assert expected - 0.4 <= true_peak_dbtp((wave * fade).astype(np.float32)) <= expected + 0.2


def test_loudness_is_that_of_the_standard_calculated_plainly():
    """Filtered sample by sample, in blocks of 400 ms every 100 ms, gated twice: BS.1770-4 as it is written."""
    rng = np.random.default_rng(3)
    levels = np.repeat(rng.uniform(0.001, 0.3, 60), RATE_HZ // 20)  # another one every 50 ms
    sound = (levels[:, None] * rng.standard_normal((len(levels), 2))).astype(np.float32)
    squares = np.square(scipy.signal.sosfilt(loudness.K_WEIGHTING, sound.astype(np.float64), axis=0)).sum(axis=1)
    starts = range(0, len(squares) - 4 * loudness.TENTH + 1, loudness.TENTH)
    blocks = np.array([squares[start : start + 4 * loudness.TENTH].mean() for start in starts])
    heard_at_all = blocks[-0.691 + 10 * np.log10(blocks) > -70]
    expected = -0.691 + 10 * np.log10(heard_at_all[heard_at_all > heard_at_all.mean() / 10].mean())

    assert loudness.integrated_lufs(sound) == pytest.approx(expected, abs=1e-4)


@pytest.mark.parametrize(
    ("tenths", "first_ms", "longest_ms"),
    [("--#", 200, 0), ("#--#-", 0, 200), ("-#---#-#", 100, 300), ("##", 0, 0), ("---", 300, 0), ("", 0, 0)],
)
def test_silence_is_counted_before_the_first_sound_and_between_sounds(tenths, first_ms, longest_ms):
    """In tenths of a second; that after the last sound does not count."""
    energies = np.array([1.0 if tenth == "#" else 0.0 for tenth in tenths])

    assert loudness._silences_ms(energies) == (first_ms, longest_ms)


def test_mono_counts_as_heard_in_both_channels():
    """A mono voice reads the same as its two-channel file, not 3 LU less."""
    mono = voice(5, rate_hz=RATE_HZ).samples

    assert loudness.integrated_lufs(mono) == pytest.approx(
        loudness.integrated_lufs(np.stack([mono, mono], 1)), abs=1e-6
    )


def test_speech_reads_the_same_at_any_rate():
    """The rate at which an engine delivers does not change how loud its voice reads."""
    speech = voice(5, rate_hz=16_000)
    others = [Speech(soxr.resample(speech.samples, 16_000, rate), rate) for rate in (22_050, 24_000, RATE_HZ)]

    expected = loudness.speech_lufs(speech)
    assert [loudness.speech_lufs(other) for other in others] == pytest.approx([expected] * 3, abs=0.01)


def test_a_sound_too_short_for_a_block_has_a_loudness_and_silence_has_none():
    """A tenth of a second reads as if it went on; silence and nothing read -inf."""
    short = sine(0.1, -20)

    assert loudness.integrated_lufs(short) == pytest.approx(-20, abs=0.5)
    assert loudness.integrated_lufs(np.zeros(48_000, np.float32)) == -np.inf
    assert loudness.integrated_lufs(np.zeros(0, np.float32)) == -np.inf


def test_parts_on_the_frame_grid_add_up_to_the_whole():
    """The loudness of an episode is known from the energies of its parts, to a thousandth of a LU."""
    parts = [voice(2.2 + seed, rate_hz=RATE_HZ, seed=seed, peak=0.1 * (seed + 1)).samples for seed in range(4)]
    frames = [10, 160, 340, 560]
    whole = np.zeros(800 * 1152, np.float32)
    tenths = np.zeros(len(whole) // 4800)
    for frame, part in zip(frames, parts, strict=True):
        whole[frame * 1152 :][: len(part)] += part
        loudness.accumulate(loudness.energies(part), frame * 6, tenths)

    assert loudness.gated_lufs(tenths) == pytest.approx(loudness.integrated_lufs(whole), abs=0.001)


@pytest.mark.parametrize("kind", ["voice", "stereo", "both"])
def test_a_file_measures_as_ffmpeg_measures_it(tmp_path: Path, kind):
    """The streaming measurement agrees with libebur128, whatever is in the two channels."""
    left = voice(7.3, rate_hz=RATE_HZ, peak=0.4).samples
    right = left if kind == "voice" else voice(7.3, rate_hz=RATE_HZ, peak=0.2, seed=5).samples
    sound = np.stack([left, right], 1)
    if kind == "both":
        sound = np.concatenate([np.stack([left, left], 1), sound, np.stack([left, left], 1)])
    path = tmp_path / "sound.wav"
    soundfile.write(path, sound, RATE_HZ, subtype="FLOAT")

    measured = loudness.measure(path)

    ffmpeg = heard(path)
    assert measured.integrated_lufs == pytest.approx(ffmpeg.lufs, abs=0.06)  # ffmpeg prints one decimal
    assert measured.true_peak_dbtp == pytest.approx(ffmpeg.peak_dbtp, abs=0.1)
    assert measured.integrated_lufs == pytest.approx(loudness.integrated_lufs(sound), abs=0.02)


def test_a_peak_between_two_blocks_is_seen(tmp_path: Path):
    """A wave that rises highest just where one second of the file ends is not missed."""
    sound = np.zeros((2 * RATE_HZ, 2), np.float32)
    sound[RATE_HZ - 1] = sound[RATE_HZ] = 0.5  # the curve between the two goes to 0.64
    path = tmp_path / "sound.wav"
    soundfile.write(path, sound, RATE_HZ, subtype="FLOAT")

    assert loudness.measure(path).true_peak_dbtp == pytest.approx(db(2 / np.pi), abs=0.25)


def test_a_block_that_ends_at_a_peak_makes_none(tmp_path: Path):
    """Where a second of the file ends in the middle of a loud wave, the cut is not taken for a peak."""
    path = tmp_path / "sound.wav"
    sound = sine(3.3, -1.5, hz=3_000, degrees=90)
    fade = np.clip(np.minimum(np.arange(len(sound)), np.arange(len(sound))[::-1]) / 2_400, 0, 1)[:, None]
    soundfile.write(path, sound * fade, RATE_HZ, subtype="FLOAT")

    assert loudness.measure(path).true_peak_dbtp == pytest.approx(-1.5, abs=0.05)


def test_after_its_end_a_sound_is_silent():
    """What breaks off at full swing peaks as much as if silence followed."""
    square = np.where(np.arange(2 * RATE_HZ) // 500 % 2, 0.5, -0.5).astype(np.float32)[:, None]

    measured = loudness.measure_parts([square[:RATE_HZ], square[RATE_HZ:]])
    followed = loudness.measure_parts([square[:RATE_HZ], square[RATE_HZ:], 0 * square[:RATE_HZ]])
    alone = loudness.measure_parts([square[RATE_HZ - 400 : RATE_HZ]])

    assert measured.true_peak_dbtp == followed.true_peak_dbtp
    assert alone.true_peak_dbtp == pytest.approx(
        true_peak_dbtp(np.pad(square[RATE_HZ - 400 : RATE_HZ], ((400, 400), (0, 0)))), abs=0.01
    )


def test_measuring_takes_no_more_memory_for_a_longer_file(tmp_path: Path):
    """A file is read a second at a time."""
    part = voice(10, rate_hz=RATE_HZ).samples
    peaks = []
    for times in (1, 8):
        path = tmp_path / f"{times}.wav"
        soundfile.write(path, np.repeat(np.tile(part, times)[:, None], 2, axis=1), RATE_HZ)
        tracemalloc.start()
        loudness.measure(path)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()

    assert peaks[1] < peaks[0] + 500_000


def test_only_an_encoded_file_of_ours_is_measured(tmp_path: Path):
    """Another rate, one channel, or no sound at all is an error that names the file."""
    mono, text = tmp_path / "mono.wav", tmp_path / "text.mp3"
    soundfile.write(mono, np.zeros(44_100), 44_100)
    text.write_text("not sound")

    for path in (mono, text):
        with pytest.raises(AudioError, match=path.name):
            loudness.measure(path)


@pytest.mark.parametrize(
    ("lufs", "peak", "fault"),
    [
        (-16.0, -1.0, ""),
        (-16.5, -3.0, ""),
        (-15.5, -1.2, ""),
        (-16.51, -3.0, "LUFS"),
        (-15.4, -3.0, "LUFS"),
        (-16.0, -0.99, "dBTP"),
        (-np.inf, -np.inf, "LUFS"),
        (np.nan, -3.0, "LUFS"),
    ],
)
def test_a_file_that_misses_the_target_is_refused(lufs, peak, fault):
    """Half a LU is allowed, and no peak over -1 dBTP; the error names the episode and what to do."""
    if not fault:
        loudness.judge(Loudness(lufs, peak), "le-phare")
        return
    with pytest.raises(AudioError, match=f"le-phare: .*{fault}") as caught:
        loudness.judge(Loudness(lufs, peak), "le-phare")
    assert caught.value.hint


@pytest.mark.parametrize("gain_db", [3.0, 6.0, 12.0])
def test_the_limiter_holds_its_ceiling_and_touches_nothing_else(gain_db):
    """No true peak is over the ceiling; far from peaks, the sound is the same to the bit."""
    loud, soft = voice(1.5, rate_hz=RATE_HZ, peak=0.7, sharp=True).samples, np.full(24_000, 0.01, np.float32)
    sound = np.concatenate([soft, loud, soft])

    limited = Limiter(sound, -1.6, most_gain_db=12.0).at(gain_db)

    assert db(float(block_peaks(limited, above=0.0).max())) <= -1.6
    assert np.array_equal(limited[:20_000], sound[:20_000] * np.float32(amplitude(gain_db)))
    assert np.array_equal(limited[-20_000:], sound[-20_000:] * np.float32(amplitude(gain_db)))


def test_the_limiter_lowers_both_channels_alike():
    """Where one channel peaks, the other goes down with it, so that nothing moves to the side."""
    left = voice(1, rate_hz=RATE_HZ, peak=0.9, sharp=True).samples
    limited = Limiter(np.stack([left, 0.5 * left], 1), -6.0).at(0.0)

    assert np.allclose(limited[:, 1], 0.5 * limited[:, 0], atol=1e-6)


def test_a_quiet_sound_passes_the_limiter_as_it_is():
    """Without a peak over the ceiling, only the gain is applied."""
    sound = voice(1, rate_hz=RATE_HZ, peak=0.1).samples

    assert np.array_equal(Limiter(sound, -1.6).at(0.0), sound)


def test_looking_only_at_loud_places_finds_the_same_peak():
    """The true peak is the same whether every sample is oversampled, or only those that can matter."""
    for seed in range(5):
        sound = np.random.default_rng(seed).standard_normal((5_000, 2)).astype(np.float32)

        assert true_peak_dbtp(sound) == pytest.approx(db(float(block_peaks(sound, above=0.0).max())), abs=1e-9)
