# SPDX-License-Identifier: GPL-3.0-or-later
"""Our MP3 files are exact to the sample in ffmpeg, libsndfile and mutagen, and decoders have nothing to complain of."""

from pathlib import Path

import mutagen.mp3
import numpy as np
import pytest
import soundfile
from sound_helpers import heard, shift, voice

from podcast.errors import AudioError
from podcast.model import FRAME_SAMPLES, RATE_HZ
from podcast.sound import loudness, mp3


def whole_file(path: Path, *streams: bytes) -> Path:
    """Write streams as one file, and return it."""
    sound = b"".join(streams)
    path.write_bytes(mp3.info_frame(len(sound) // mp3.STEREO.frame_bytes) + sound)
    return path


@pytest.mark.parametrize("length", [1, 1151, 1152, 1153, 48_000, 100_001])
def test_a_sound_becomes_whole_frames_and_one_more(length):
    """A stream has as many frames as its sound fills, and one for the delay: it may be laid on the grid."""
    stream = mp3.encode(np.resize(voice(1, rate_hz=RATE_HZ).samples, length))

    assert len(stream) == (-(-length // FRAME_SAMPLES) + 1) * mp3.STEREO.frame_bytes
    headers = {stream[at : at + 3] for at in range(0, len(stream), mp3.STEREO.frame_bytes)}
    assert headers == {mp3.STEREO.header[:3]}
    assert {stream[at + 3] >> 6 for at in range(0, len(stream), mp3.STEREO.frame_bytes)} == {1}  # joint stereo


@pytest.mark.parametrize("channels", [1, 2])
def test_a_file_starts_and_ends_on_the_sample(tmp_path: Path, channels):
    """ffmpeg, libsndfile and mutagen agree on the length, and the sound begins where it did before."""
    mono = voice(2.5, rate_hz=RATE_HZ).samples
    pcm = mono if channels == 1 else np.stack([mono, np.roll(mono, 9_000)], 1)
    path = whole_file(tmp_path / "a.mp3", mp3.encode(pcm))
    expected = -(-len(pcm) // FRAME_SAMPLES) * FRAME_SAMPLES

    ffmpeg = heard(path)
    by_libsndfile, rate = soundfile.read(path)
    info = mutagen.mp3.MP3(path).info

    assert rate == RATE_HZ
    assert len(ffmpeg.sound) == len(by_libsndfile) == expected
    assert info.length == pytest.approx(expected / RATE_HZ, abs=1e-6)
    assert (info.bitrate, info.bitrate_mode, info.mode) == (
        128_000,
        mutagen.mp3.BitrateMode.CBR,
        mutagen.mp3.JOINTSTEREO,
    )
    assert shift(ffmpeg.sound, pcm, 0) == shift(by_libsndfile, pcm, 0) == 0
    assert ffmpeg.complaints == ""


def test_streams_laid_behind_one_another_play_in_place(tmp_path: Path):
    """Independent streams with silent frames between them play each at its frame, with silence between."""
    first, second = (voice(1.7, rate_hz=RATE_HZ, seed=seed).samples for seed in (1, 2))
    one, two = mp3.encode(first), mp3.encode(second)
    path = whole_file(tmp_path / "a.mp3", mp3.silence(10), one, mp3.silence(25), two, mp3.silence(3))
    second_at = (10 + len(one) // mp3.STEREO.frame_bytes + 25) * FRAME_SAMPLES

    ffmpeg = heard(path)
    sound = ffmpeg.sound

    assert shift(sound, first, 10 * FRAME_SAMPLES) == 0
    assert shift(sound, second, second_at) == 0
    gap = sound[10 * FRAME_SAMPLES + len(first) + 1152 : second_at - 576]
    assert np.sqrt(np.mean(gap**2)) < 1e-4  # -80 dBFS
    assert np.abs(sound[: 9 * FRAME_SAMPLES]).max() == 0
    assert ffmpeg.complaints == ""


def test_encoding_changes_neither_level_nor_sound_much():
    """LAME's hidden -0.45 dB is made up for, and what comes out is what went in, 25 dB over the noise."""
    pcm = voice(4, rate_hz=RATE_HZ).samples
    back = mp3.decode(mp3.encode(pcm))[1105:][: len(pcm)]

    assert loudness.integrated_lufs(back) == pytest.approx(loudness.integrated_lufs(pcm), abs=0.05)
    noise = back[:, 0] - pcm
    assert 10 * np.log10(np.mean(pcm**2) / np.mean(noise**2)) > 25


def test_a_mono_file_has_one_channel_and_the_sound_of_both(tmp_path: Path):
    """As long and as loud as it was, at the sample."""
    mono = voice(1.5, rate_hz=RATE_HZ).samples
    frames = mp3.encode(np.stack([mono * 1.5, mono * 0.5], 1), mp3.MONO)
    path = tmp_path / "a.mp3"
    path.write_bytes(mp3.file_bytes(mono, mp3.MONO))

    assert mp3.format_of(frames) == mp3.MONO
    assert path.read_bytes().endswith(frames)
    decoded, _ = soundfile.read(path, always_2d=True)
    assert decoded.shape == (-(-len(mono) // FRAME_SAMPLES) * FRAME_SAMPLES, 1)
    assert shift(np.repeat(decoded, 2, axis=1), mono, 0) == 0
    assert np.std(decoded) == pytest.approx(np.std(mono), rel=0.02)


def test_only_stereo_for_a_mono_format_is_folded():
    """Mono is the mean of the two channels; what has as many channels as its format, or fewer, is left as it is."""
    stereo = np.array([[0.5, 0.1], [-0.2, 0.4]], np.float32)

    assert mp3.downmix(stereo, mp3.MONO) == pytest.approx([0.3, 0.1])
    assert mp3.downmix(stereo, mp3.STEREO) is stereo
    for form in (mp3.MONO, mp3.STEREO):
        assert mp3.downmix(stereo[:, 0], form) == pytest.approx([0.5, -0.2])


def test_the_silent_frame_is_silent():
    """Silent frames alone decode to zeros."""
    assert not mp3.decode(mp3.silence(20)).any()


def test_equal_sound_gives_equal_bytes():
    """Encoding knows no clock and no chance."""
    pcm = voice(1, rate_hz=RATE_HZ).samples

    assert mp3.encode(pcm) == mp3.encode(pcm)


def test_an_encoder_that_does_not_give_whole_frames_is_refused(monkeypatch: pytest.MonkeyPatch):
    """If another LAME frames sound otherwise, the build ends: times would be wrong."""
    monkeypatch.setattr(mp3.Format, "frame_bytes", 288)

    with pytest.raises(AudioError, match="LAME returned"):
        mp3.encode(np.zeros(4_000, np.float32))


def test_the_crc_of_the_tag_is_crc_16_arc():
    """The check value of the CRC catalogue."""
    assert mp3._crc16(b"123456789") == 0xBB3D
