# SPDX-License-Identifier: GPL-3.0-or-later
"""Any sound file that is handed in comes out as stereo at 48 kHz and at the level of the show, or is refused."""

import subprocess
import sys
import tracemalloc
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile
import soxr
from sound_helpers import ffmpeg, voice

from podcast.config.settings import Music, Track
from podcast.errors import AudioError
from podcast.model import RATE_HZ
from podcast.sound import loudness, mastering
from podcast.sound.music import tracks
from podcast.sound.music.jingle import jingle

SETTINGS = Music()
SECONDS = 3
NOTES_HZ = {"L": 300, "R": 500, "C": 700, "LFE": 60, "Ls": 1_100, "Rs": 1_300}


def chord(*channels: str, rate_hz: int = RATE_HZ, level: float = 0.1, seconds: float = SECONDS) -> np.ndarray:
    """Return a sound with a note of its own in each channel, shape (n, channels)."""
    time = np.arange(round(seconds * rate_hz)) / rate_hz
    return np.stack([level * np.sin(2 * np.pi * NOTES_HZ[name] * time) for name in channels], 1)


def notes(sound: np.ndarray) -> list[set[str]]:
    """Return which notes are heard left and right."""
    found = []
    for side in sound[4_800:-4_800].T:
        spectrum = np.abs(np.fft.rfft(side * np.hanning(len(side)))) / len(side) * 4
        bins = {name: round(hz * len(side) / RATE_HZ) for name, hz in NOTES_HZ.items()}
        found.append({name for name, at in bins.items() if spectrum[at - 3 : at + 4].max() > 0.01})
    return found


def without_ffmpeg(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let there be none, neither on PATH nor from a package."""
    monkeypatch.setenv("PATH", "")
    monkeypatch.setitem(sys.modules, "imageio_ffmpeg", None)


@pytest.fixture
def stereo(tmp_path: Path) -> Path:
    """Give a WAV file with two notes."""
    path = tmp_path / "thème d'été.wav"
    soundfile.write(path, chord("L", "R"), RATE_HZ)
    return path


@pytest.mark.parametrize(
    ("name", "rate_hz", "options"),
    [
        ("a.wav", 44_100, {"subtype": "PCM_16"}),
        ("a.wav", 8_000, {"subtype": "PCM_U8"}),
        ("a.wav", 96_000, {"subtype": "PCM_24"}),
        ("a.wav", 48_000, {"subtype": "PCM_32"}),
        ("a.wav", 22_050, {"subtype": "FLOAT"}),
        ("a.wav", 8_000, {"subtype": "ALAW"}),
        ("a.flac", 44_100, {"subtype": "PCM_24"}),
        ("a.mp3", 44_100, {}),
        ("a.mp3", 24_000, {}),
        ("a.ogg", 44_100, {}),
        ("a.opus", 48_000, {"format": "OGG", "subtype": "OPUS"}),
        ("a.aiff", 48_000, {}),
    ],
)
@pytest.mark.parametrize("channels", [("L",), ("L", "R")])
def test_any_file_becomes_stereo_at_48_khz(tmp_path: Path, name, rate_hz, options, channels):
    """Format, rate, width and mono or stereo do not matter: the notes are where they were, for as long as they were."""
    path = tmp_path / name
    soundfile.write(path, chord(*channels, rate_hz=rate_hz), rate_hz, **options)

    segment = tracks.open_music(path, 60_000)
    sound = tracks.samples(segment)

    assert (segment.frame_rate, segment.channels) == (RATE_HZ, 2)
    assert len(sound) == pytest.approx(SECONDS * RATE_HZ, abs=RATE_HZ // 100)
    assert notes(sound) == ([{"L"}, {"L"}] if channels == ("L",) else [{"L"}, {"R"}])
    assert np.abs(sound[9_600:-9_600]).max() == pytest.approx(0.1, rel=0.1)


@pytest.mark.parametrize("name", ["a.wav", "a.flac", "a.ogg", "a.opus", "a.m4a"])
def test_surround_is_folded_down(tmp_path: Path, name):
    """Of 5.1, the centre goes to both sides and the bass effects to none, in whatever order a format keeps them."""
    wav = tmp_path / "source.wav"
    soundfile.write(wav, chord("L", "R", "C", "LFE", "Ls", "Rs"), RATE_HZ, subtype="FLOAT")
    path = tmp_path / name
    ffmpeg("-channel_layout", "5.1", "-i", wav, *(["-c:a", "libvorbis"] if name == "a.ogg" else []), path)

    assert notes(tracks.samples(tracks.open_music(path, 60_000))) == [{"L", "C", "Ls"}, {"R", "C", "Rs"}]


def test_unknown_channel_layouts_go_to_both_sides(tmp_path: Path):
    """Of three channels nobody knows what they are: all of them are heard on both sides."""
    path = tmp_path / "three.wav"
    soundfile.write(path, chord("L", "R", "C"), RATE_HZ)

    assert notes(tracks.samples(tracks.open_music(path, 60_000))) == [{"L", "R", "C"}] * 2


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("a.m4a", []),
        ("a.wma", []),
        ("vbr.mp3", ["-c:a", "libmp3lame", "-q:a", "6", "-write_xing", "0"]),
        ("-a: b.mp3", ["-c:a", "libmp3lame", "-b:a", "64k", "-ac", "1", "-write_xing", "0"]),
    ],
)
def test_ffmpeg_reads_what_soundfile_cannot(tmp_path: Path, stereo, name, options, monkeypatch):
    """AAC, WMA, and MP3 without its length come through ffmpeg whole; without ffmpeg the error says so."""
    path = tmp_path / name
    ffmpeg("-i", stereo, *options, f"file:{path}")

    assert len(tracks.open_music(path, 60_000)) == pytest.approx(SECONDS * 1_000, abs=150)
    assert len(tracks.open_music(path, 1_000)) == pytest.approx(1_000, abs=2)

    without_ffmpeg(monkeypatch)
    with pytest.raises(AudioError, match=name) as caught:
        tracks.open_music(path, 60_000)
    assert "ffmpeg" in caught.value.hint


def test_a_flac_from_a_pipe_is_read(tmp_path: Path, stereo):
    """A FLAC that does not say how long it is goes through ffmpeg too."""
    path = tmp_path / "pipe.flac"
    path.write_bytes(ffmpeg("-v", "error", "-i", stereo, "-f", "flac", "-").stdout)

    assert len(tracks.open_music(path, 60_000)) == pytest.approx(SECONDS * 1_000, abs=2)


def test_a_wav_from_a_pipe_is_not_taken_for_cut_off(tmp_path: Path, stereo):
    """A program that writes WAV to a pipe cannot know its length: that is no damage."""
    path = tmp_path / "pipe.wav"
    path.write_bytes(ffmpeg("-v", "error", "-i", stereo, "-f", "wav", "-").stdout)

    assert len(tracks.open_music(path, 60_000)) == pytest.approx(SECONDS * 1_000, abs=2)


@pytest.mark.parametrize("name", ["a.wav", "a.flac", "a.mp3", "a.ogg", "a.opus", "a.aiff", "a.m4a"])
@pytest.mark.parametrize("part", [0.3, 0.7])
def test_a_file_that_breaks_off_is_refused(tmp_path: Path, stereo, name, part):
    """Half a download is not played: the error names the file."""
    whole, cut = tmp_path / name, tmp_path / f"cut {name}"
    ffmpeg("-i", stereo, whole) if name != stereo.name else None
    data = whole.read_bytes()
    cut.write_bytes(data[: int(part * len(data))])

    with pytest.raises(AudioError, match=cut.name) as caught:
        tracks.open_music(cut, 60_000)
    assert caught.value.hint


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("empty.mp3", b""),
        ("empty.wav", b""),
        ("page.mp3", b"<!doctype html><title>404</title>" * 50),
        ("zeros.flac", bytes(5_000)),
        ("image.png", b"\x89PNG\r\n\x1a\n" + bytes(500)),
    ],
)
@pytest.mark.parametrize("with_ffmpeg", [True, False])
def test_what_is_no_sound_is_refused(tmp_path: Path, name, content, with_ffmpeg, monkeypatch):
    """Empty files and files of another kind give an error with the name and what to do."""
    path = tmp_path / name
    path.write_bytes(content)
    if not with_ffmpeg:
        without_ffmpeg(monkeypatch)

    with pytest.raises(AudioError, match=name) as caught:
        tracks.open_music(path, 60_000)
    assert caught.value.hint


def test_ffmpeg_s_last_line_says_why(tmp_path: Path, monkeypatch):
    """It tells at length what it tried; why it gave up comes last."""
    program, path = tmp_path / "ffmpeg", tmp_path / "a.m4a"
    program.write_text("#!/bin/sh\nprintf 'moov atom not found\\nInvalid data\\n' >&2\nexit 1\n", encoding="ascii")
    program.chmod(0o755)
    path.write_bytes(b"no sound")
    monkeypatch.setattr(tracks.ffmpeg, "path", lambda: str(program))

    with pytest.raises(AudioError, match=r"^a\.m4a: cannot be read as audio: Invalid data$"):
        tracks.open_music(path, 60_000)


@pytest.mark.parametrize(
    "sound", [np.zeros(RATE_HZ), np.full(RATE_HZ, 1e-5), np.zeros(0), np.eye(1, RATE_HZ, 500)[0] * 0.5]
)
def test_silence_is_no_music(tmp_path: Path, sound):
    """Silence, an empty file and a single click cannot be levelled: they are refused."""
    path = tmp_path / "still.wav"
    soundfile.write(path, sound, RATE_HZ)

    for use in (lambda: tracks.track(path, "intro", SETTINGS), lambda: tracks.sound(path, SETTINGS)):
        with pytest.raises(AudioError, match=r"still\.wav"):
            use()


def test_a_missing_file_is_named(tmp_path: Path):
    """The error says which file is not there."""
    with pytest.raises(AudioError, match=r"gone\.flac: file not found"):
        tracks.track(tmp_path / "gone.flac", "intro", SETTINGS)


@pytest.mark.parametrize("gain_db", [-2.0, -8.0, 3.0])
@pytest.mark.parametrize("level", [0.002, 0.9])
def test_music_takes_its_level_from_the_show(tmp_path: Path, gain_db, level):
    """Loud or soft, and however long its pauses: music ends up gain_db from the voice."""
    path = tmp_path / "a.wav"
    tone = chord("L", "R", level=level)
    soundfile.write(path, np.concatenate([tone, np.zeros((3 * RATE_HZ, 2)), tone]), RATE_HZ, subtype="PCM_24")

    for sound in (tracks.track(path, "outro", Music(gain_db=gain_db)), tracks.sound(path, Music(gain_db=gain_db))):
        assert loudness.integrated_lufs(sound) == pytest.approx(-16 + gain_db, abs=0.2)


def test_silence_around_music_is_cut(tmp_path: Path):
    """An intro begins without delay, and no silence follows an outro."""
    path = tmp_path / "a.wav"
    still = np.zeros((2 * RATE_HZ, 2))
    soundfile.write(path, np.concatenate([still, chord("L", "R"), still]), RATE_HZ)

    assert len(tracks.track(path, "intro", SETTINGS)) == pytest.approx(SECONDS * RATE_HZ, abs=RATE_HZ // 50)


@pytest.mark.parametrize("level", [0.9, 0.01, 0.004])
def test_soft_passages_of_a_soft_file_are_no_silence(tmp_path: Path, level):
    """What is 25 dB below the rest at its beginning and end is played, however soft the whole was recorded."""
    path = tmp_path / "a.wav"
    still, soft = np.zeros((RATE_HZ, 2)), chord("L", "R", level=level / 18, seconds=1)
    soundfile.write(path, np.concatenate([still, soft, chord("L", "R", level=level), soft, still]), RATE_HZ, "PCM_24")

    assert len(tracks.sound(path, SETTINGS)) == pytest.approx((SECONDS + 2) * RATE_HZ, abs=RATE_HZ // 50)


def test_direct_current_is_taken_away(tmp_path: Path):
    """A zero line that is off would click where music begins, and take the room of the voice."""
    path = tmp_path / "off.wav"
    soundfile.write(path, chord("L", "R") + np.array([0.3, -0.2]), RATE_HZ)

    assert np.abs(tracks.samples(tracks.open_music(path, 60_000)).mean(axis=0)).max() < 1e-4


def test_channels_that_cancel_each_other_are_put_right(tmp_path: Path):
    """A wrongly wired cable turns one channel upside down: in mono, over one loudspeaker, nothing would be left."""
    path, wide = tmp_path / "wired.wav", tmp_path / "wide.wav"
    left = chord("L")
    soundfile.write(path, np.hstack([left, -0.8 * left]), RATE_HZ)
    soundfile.write(wide, np.hstack([left, -0.4 * left]), RATE_HZ)

    assert tracks.recording(path).samples.std() == pytest.approx(0.9 * left.std(), rel=0.01)
    assert tracks.recording(wide).samples.std() == pytest.approx(0.3 * left.std(), rel=0.01)


def test_broken_samples_are_said_to_be_broken(tmp_path: Path):
    """A file with what is no number in it is not called silent."""
    path = tmp_path / "broken.wav"
    sound = chord("L", "R")
    sound[500, 0] = np.nan
    soundfile.write(path, sound, RATE_HZ, subtype="FLOAT")

    with pytest.raises(AudioError, match=r"broken\.wav: contains invalid audio samples"):
        tracks.open_music(path, 60_000)


def test_a_float_file_over_full_scale_is_not_clipped(tmp_path: Path):
    """Peaks over full scale keep their shape: the level is set later."""
    path = tmp_path / "hot.wav"
    soundfile.write(path, chord("L", "R", level=2.0), RATE_HZ, subtype="FLOAT")

    assert notes(tracks.samples(tracks.open_music(path, 60_000)) * 0.1) == [{"L"}, {"R"}]


def test_only_what_is_needed_is_read(tmp_path: Path):
    """Of an hour, an intro takes its few seconds: no more is read, or held."""
    path = tmp_path / "hour.flac"
    minute = chord("L", rate_hz=8_000, seconds=60)
    with soundfile.SoundFile(path, "w", 8_000, 1) as file:
        for _ in range(60):
            file.write(minute)

    assert len(tracks.open_music(path, 10_000)) == 10_000
    assert len(tracks.track(path, "intro", SETTINGS)) == 9_500 * 48
    assert len(tracks.track(path, "outro", SETTINGS)) == 21_500 * 48
    with pytest.raises(AudioError, match="longer than 5 minutes"):
        tracks.sound(path, SETTINGS)


def test_music_that_loops_goes_on_without_a_dip(tmp_path: Path):
    """Three seconds become twenty: the level of noise stays within a decibel at the joints, and both sides stay."""
    path = tmp_path / "short.wav"
    soundfile.write(path, 0.1 * np.random.default_rng(3).standard_normal((3 * RATE_HZ, 2)), RATE_HZ)

    sound = tracks.track(path, "outro", Music(outro=Track("short.wav", loop=True, play_ms=20_000)))

    assert len(sound) == 21_500 * 48
    power = (sound.astype(np.float64) ** 2).reshape(-1, 4_800, 2).mean(axis=1)
    assert np.abs(10 * np.log10(power / power.mean())).max() < 1
    assert abs(np.corrcoef(sound.T)[0, 1]) < 0.1


def test_music_starts_where_it_is_told_to(tmp_path: Path):
    """`start_ms` leaves the beginning out; past the end there is nothing, which is said."""
    path = tmp_path / "two.flac"
    soundfile.write(path, np.concatenate([chord("L", "L"), chord("R", "R")]), RATE_HZ)

    sound = tracks.track(path, "intro", Music(intro=Track("two.flac", start_ms=3_000)))

    assert notes(sound) == [{"R"}, {"R"}]
    with pytest.raises(AudioError, match=r"two\.flac: ends before start_ms"):
        tracks.track(path, "intro", Music(intro=Track("two.flac", start_ms=60_000)))


def test_a_sting_has_its_level_and_fades(stereo):
    """Between chapters: as long and as loud as show.toml says, faded in and out."""
    settings = Music(sting=Track("a", gain_db=-6, play_ms=2_000, fade_in_ms=100, fade_out_ms=500))

    sound = tracks.sting(stereo, settings)

    assert len(sound) == 2 * RATE_HZ
    assert loudness.integrated_lufs(sound) == pytest.approx(-22, abs=0.6)
    assert np.abs(sound[[0, -1]]).max() < 0.001


def test_a_sting_fades_in_at_its_start_and_out_at_its_end(stereo):
    """Each fade has its own length and end: a quarter of a sine; between them the sting is what the file holds."""
    played = Track("a", play_ms=2_000, fade_in_ms=100, fade_out_ms=500)
    rise, fall = (np.sin(np.pi / 2 * np.arange(length) / length)[:, None] for length in (4_800, 24_000))
    flat = np.ones((2 * RATE_HZ - 4_800 - 24_000, 1))

    sound = tracks.sting(stereo, Music(sting=played))

    plain = tracks.sting(stereo, Music(sting=replace(played, fade_in_ms=0, fade_out_ms=0)))
    assert sound == pytest.approx(plain * np.concatenate([rise, flat, fall[::-1]]), abs=1e-6)


def test_a_sting_shorter_than_its_fades_keeps_both(stereo):
    """Neither fade takes more than half of it."""
    sound = tracks.sting(stereo, Music(sting=Track("a", play_ms=500, fade_in_ms=2_000, fade_out_ms=2_000)))

    assert len(sound) == RATE_HZ // 2
    assert np.abs(sound[[0, -1]]).max() < 0.001
    assert np.abs(sound[11_000:13_000]).max() > 0.1


def test_a_recording_becomes_speech_in_the_middle(tmp_path: Path):
    """What a person said is trimmed and levelled as a voice is, whatever the microphone, rate or side."""
    path = tmp_path / "micro.wav"
    said = resampled(voice(4, peak=0.02), 44_100)
    one_side = np.stack([said, 0 * said], 1)
    still = np.zeros((44_100, 2))
    soundfile.write(path, np.concatenate([still, one_side, still]), 44_100, subtype="PCM_24")

    speech = tracks.recording(path)
    mastered = mastering.master(speech, mastering.Level(mastering.calibration_db(speech)))

    assert mastered.lufs == pytest.approx(-16, abs=0.1)
    assert mastered.samples == pytest.approx(4 * RATE_HZ, abs=0.3 * RATE_HZ)
    assert mastered.true_peak_dbtp <= -1.05


def resampled(speech, rate_hz: int) -> np.ndarray:
    """Return speech at another rate."""
    return soxr.resample(speech.samples, speech.rate_hz, rate_hz)


def test_music_of_192_khz_and_of_three_hours_is_taken(tmp_path: Path):
    """A rate beyond hearing is brought down; of three hours only what is heard is read, and little memory is taken."""
    fine, long = tmp_path / "fine.flac", tmp_path / "long.flac"
    soundfile.write(fine, chord("L", "R", rate_hz=192_000), 192_000)
    with soundfile.SoundFile(long, "w", 4_000, 1) as file:
        for _ in range(180):
            file.write(chord("L", rate_hz=4_000, seconds=60))

    assert notes(tracks.track(fine, "intro", SETTINGS)) == [{"L"}, {"R"}]
    tracemalloc.start()
    assert len(tracks.track(long, "intro", Music(intro=Track("x", start_ms=3_500_000)))) == 9_500 * 48
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 60e6


def test_an_insert_fades_in_and_out(stereo):
    """A sound between clips starts and ends in nothing, and keeps its length."""
    sound = tracks.sound(stereo, SETTINGS)

    assert len(sound) == pytest.approx(SECONDS * RATE_HZ, abs=500)
    assert np.abs(sound[:10]).max() < 0.01
    assert np.abs(sound[-10:]).max() < 0.05
    assert np.abs(sound[2_000:4_000]).max() > 0.1


def test_any_audio_segment_can_be_taken(stereo):
    """A segment from elsewhere, of another rate, width and number of channels, is understood."""
    segment = tracks.open_music(stereo, 60_000)
    other = segment._spawn(
        np.rint(chord("L", rate_hz=22_050)[:, 0] * 32_767).astype("<i2").tobytes(),
        {"sample_width": 2, "frame_rate": 22_050, "channels": 1, "frame_width": 2},
    )

    sound = tracks.samples(other)

    assert sound.shape == (SECONDS * RATE_HZ, 2)
    assert notes(sound) == [{"L"}, {"L"}]


def test_the_outro_rests_on_the_tonic():
    """What rings at the end of the outro is C, E and G; the intro ends elsewhere."""

    def strongest(kind: str) -> set[int]:
        end = jingle(kind)[-int(2.6 * RATE_HZ) : -int(1.6 * RATE_HZ)].mean(axis=1)
        spectrum = np.abs(np.fft.rfft(end * np.hanning(len(end)), 4 * len(end)))
        level = {note: spectrum[round(4 * 440 * 2 ** ((note - 69) / 12))] for note in range(55, 85)}
        return {note % 12 for note in sorted(level, key=level.__getitem__)[-3:]}

    assert strongest("outro") <= {0, 4, 7}
    assert not strongest("intro") <= {0, 4, 7}


def test_the_default_music_can_be_written(tmp_path: Path):
    """It is a FLAC of 48 kHz in stereo, the same bytes twice, and opens as any music does."""
    first, second = tmp_path / "a" / "intro.flac", tmp_path / "intro.flac"
    for path in (first, second):
        tracks.write_default(path, "intro")

    info = soundfile.info(first)
    assert (info.format, info.samplerate, info.channels) == ("FLAC", RATE_HZ, 2)
    assert first.read_bytes() == second.read_bytes()
    assert len(tracks.open_music(first, 60_000)) == 7_500


def test_pydub_is_imported_in_silence():
    """Without ffmpeg, and with warnings as errors, opening music says nothing."""
    code = "import podcast.sound.music.tracks as m; print(m._audio_segment().__name__)"
    run = subprocess.run(
        [sys.executable, "-W", "error", "-c", code], check=True, capture_output=True, text=True, env={"PATH": ""}
    )

    assert (run.stdout, run.stderr) == ("AudioSegment\n", "")


def test_the_package_loads_nothing_heavy():
    """`podcast --help` pays nothing for sound: the package and its timeline import no numpy."""
    code = "import sys, podcast.sound.timeline; print({'numpy', 'scipy', 'soundfile', 'pydub'} & set(sys.modules))"
    run = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)

    assert run.stdout == "set()\n"
