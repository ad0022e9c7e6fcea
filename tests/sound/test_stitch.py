# SPDX-License-Identifier: GPL-3.0-or-later
"""A finished episode, as a decoder that is not ours hears it: loud enough, in place to the sample, and whole."""

import tracemalloc
from dataclasses import replace
from pathlib import Path

import mutagen.mp3
import numpy as np
import pytest
import soundfile
from scipy.signal import butter, sosfilt
from sound_helpers import Studio, decoded, heard, mastered, middle, ours, shift, spoken, voice

from podcast.config.settings import Music, Track
from podcast.errors import AudioError
from podcast.model import FRAME_SAMPLES, RATE_HZ
from podcast.sound import loudness, mastering, mp3, stitch, timeline
from podcast.sound.clip_format import Mastered, finish
from podcast.sound.music import tracks as music
from podcast.sound.music.jingle import jingle

NO_MUSIC = Music(intro=Track(), outro=Track())
MUSIC = Music()

VOICES = {
    "high": {"pitch_hz": 210, "peak": 0.05, "seed": 3},
    "low": {"pitch_hz": 95, "rate_hz": 22_050, "peak": 0.6, "seed": 4},
    "sharp": {"pitch_hz": 110, "rate_hz": 22_050, "peak": 0.9, "seed": 5, "sharp": True},
}


def studio(*names: str) -> Studio:
    """Return a studio in which each of the voices has said a sentence, a word and a paragraph."""
    speeches = {f"{name} {seconds}": voice(seconds, **VOICES[name]) for name in names for seconds in (2.3, 0.3, 6.0)}
    gains = {key: mastering.calibration_db(voice(4, **VOICES[key.split()[0]])) for key in speeches}
    return Studio(speeches, gains)


WORDS = {
    "long": "La mer est salée parce que les fleuves y portent, depuis des millions d'années, un peu de sel des roches.",
    "short": "L'eau s'évapore, le sel reste.",
    "title": "Le sel",
}


def speaking(*refs: str) -> Studio:
    """Return a studio in which real voices have said a sentence, a short one and a title."""
    speeches = {f"{ref} {name}": spoken(ref, words) for ref in refs for name, words in WORDS.items()}
    gains = {key: mastering.calibration_db(spoken(key.split()[0], WORDS["long"])) for key in speeches}
    return Studio(speeches, gains)


def chapters(ref: str, *, style: str = "") -> list[str]:
    """Return the order of two chapters, with a sting between them if a style is given."""
    between = [f"sting {style}"] if style else []
    return [f"{ref} long", f"{ref} short", *between, f"{ref} title", f"{ref} long", f"{ref} short"]


EPISODES = {
    "espeak over a bed": (
        speaking("espeak/fr"),
        chapters("espeak/fr", style="news"),
        Music(intro=Track("calm"), bed=replace(Music().bed, file="calm", duck_db=-18.0, play_ms=6_000)),
    ),
    "pico between stings": (speaking("pico/fr"), chapters("pico/fr", style="playful"), Music(intro=Track("news"))),
    "a bed alone": (
        speaking("pico/fr"),
        chapters("pico/fr"),
        Music(intro=Track(), outro=Track(), bed=replace(Music().bed, file="default")),
    ),
    "two engines, all music": (
        speaking("espeak/fr", "pico/fr"),
        [*chapters("espeak/fr", style="calm"), "pico/fr long", "sting news", "pico/fr title", "espeak/fr long"],
        Music(intro=Track("playful", loop=True), outro=Track("calm"), bed=replace(Music().bed, file="news")),
    ),
    "loud music": (
        speaking("espeak/fr"),
        chapters("espeak/fr"),
        Music(gain_db=4.0, bed=replace(Music().bed, file="playful", duck_db=-10.0)),
    ),
    "soft music": (speaking("pico/fr"), chapters("pico/fr", style="default"), Music(gain_db=-20.0)),
    "an episode": (studio("high", "low"), ["high 6.0", "low 2.3", "low 0.3", "high 2.3", "low 6.0", "high 6.0"], MUSIC),
    "a peaky voice": (studio("sharp"), ["sharp 6.0", "sharp 2.3", "sharp 0.3", "sharp 6.0", "sharp 2.3"], MUSIC),
    "voice alone": (studio("high", "sharp"), ["high 6.0", "sharp 2.3", "high 2.3", "sharp 6.0"], NO_MUSIC),
    "ten seconds": (studio("low"), ["low 6.0", "low 2.3"], NO_MUSIC),
    "one sentence": (studio("low"), ["low 2.3"], MUSIC),
    "one word": (studio("high"), ["high 0.3"], MUSIC),
    "an intro alone": (studio("high"), ["high 6.0", "high 2.3"], Music(outro=Track())),
    "much music": (studio("low"), ["low 2.3", "low 6.0"], Music(gain_db=3.0, duck_db=-6.0)),
}


@pytest.mark.parametrize("name", EPISODES)
def test_an_episode_meets_every_measure(tmp_path: Path, name):
    """Loudness, peaks, length, places, silences and size are right in the file, as ffmpeg decodes it."""
    made, order, settings = EPISODES[name]
    path = tmp_path / "episode.mp3"

    plan, foretold = made.make(path, order, settings)
    ffmpeg = heard(path)
    sound, lufs, peak = ffmpeg.sound, ffmpeg.lufs, ffmpeg.peak_dbtp

    measured = loudness.measure(path)
    loudness.judge(measured, name)
    assert lufs == pytest.approx(-16, abs=0.3)
    assert measured.first_sound_ms < 3_000
    assert measured.longest_silence_ms < 4_000
    assert peak <= -1.0
    assert measured.integrated_lufs == pytest.approx(lufs, abs=0.06)
    assert measured.true_peak_dbtp == pytest.approx(peak, abs=0.15)
    assert foretold == pytest.approx(measured.integrated_lufs, abs=0.05)

    assert ffmpeg.complaints == ""
    assert len(sound) == plan.samples == soundfile.info(path).frames
    assert mutagen.mp3.MP3(path).info.length == pytest.approx(plan.duration_ms / 1000, abs=1e-6)
    assert path.stat().st_size == (plan.n_frames + 1) * mp3.STEREO.frame_bytes

    shifts = [shift(sound, made.pcm(placed.key), placed.start) for placed in plan.clips]
    assert shifts == [0] * len(order)
    assert clicks(sound, joints(plan)) == []
    for before, after in zip(plan.clips, plan.clips[1:], strict=False):
        if not any(span.frame < after.frame and before.start < _end(span) for span in plan.spans):
            gap = sound[before.end + FRAME_SAMPLES : after.start - FRAME_SAMPLES // 2]
            assert np.sqrt(np.mean(gap**2)) < 1e-4  # -80 dBFS


def joints(plan: timeline.Timeline) -> list[int]:
    """Return the samples at which one stream, or one sound, ends or another begins."""
    parts = [*plan.clips, *(layer for span in plan.spans for layer in span.layers)]
    return sorted({at for part in parts for at in (part.start, part.end)})


def clicks(sound: np.ndarray, joints: list[int]) -> list[int]:
    """Return the joints around which what is above 6 kHz is louder than it is where people speak."""
    high = np.abs(sosfilt(butter(4, 6_000, "high", fs=RATE_HZ, output="sos"), middle(sound)))
    windows = high[: len(high) // 240 * 240].reshape(-1, 240).max(axis=1)
    found = []
    for joint in joints:
        around = slice(max(0, joint // 240 - 1), joint // 240 + 2)
        elsewhere = max(windows[: around.start].max(initial=0.0), windows[around.stop :].max(initial=0.0))
        if windows[around].max(initial=0.0) > elsewhere:
            found.append(joint)
    return found


def test_a_click_would_be_noticed(tmp_path: Path):
    """The measure that finds no click above finds one that is made on purpose."""
    made, path = speaking("pico/fr"), tmp_path / "episode.mp3"
    plan, _ = made.make(path, chapters("pico/fr"), NO_MUSIC)
    sound = decoded(path).copy()
    joint = joints(plan)[2]
    sound[joint : joint + 400] += np.linspace(0.3, 0, 400, dtype=np.float32)[:, None]

    assert clicks(sound, [joint]) == [joint]


def test_mono_is_heard_as_loud_in_less_space(tmp_path: Path):
    """With one channel: 96 kbit/s, -19 LUFS on a meter, every clip in place to the sample, and music in the middle."""
    made, path = speaking("pico/fr"), tmp_path / "episode.mp3"
    order = chapters("pico/fr", style="calm")
    plan, _ = made.make(tmp_path / "stereo.mp3", order, MUSIC)
    finds = {key: finish(made.pcm(key), mp3.MONO) for key in order}
    tracks = {kind: ours(kind, MUSIC) for kind in ("intro", "outro")}
    spans = [stitch.mix(span, made.pcm, tracks, offset_db=made.offset_db, form=mp3.MONO) for span in plan.spans]

    stitch.write(plan, path, mastered=finds.__getitem__, spans=spans, form=mp3.MONO)

    info = mutagen.mp3.MP3(path).info
    assert (info.channels, info.bitrate) == (1, 96_000)
    assert info.length == pytest.approx(plan.duration_ms / 1000, abs=1e-6)
    ffmpeg = heard(path)
    assert ffmpeg.lufs == pytest.approx(-19, abs=0.3)
    assert ffmpeg.peak_dbtp <= -1.0
    measured = stitch.measure(plan, finds.__getitem__, spans, channels=1)
    loudness.judge(measured, "mono", channels=1)
    assert loudness.measure(path).integrated_lufs == pytest.approx(measured.integrated_lufs, abs=0.02)
    sound = ffmpeg.sound[:, 0]
    assert [shift(sound, made.pcm(placed.key), placed.start) for placed in plan.clips] == [0] * len(order)
    assert ffmpeg.complaints == ""


def _end(span: timeline.Span) -> int:
    return (span.frame + span.n_frames) * FRAME_SAMPLES


def test_the_same_parts_give_the_same_bytes(tmp_path: Path):
    """Two runs write the same file, whatever was mastered first."""
    order = ["high 6.0", "low 2.3", "high 2.3"]
    files = []
    for run in range(2):
        mastered.cache_clear()
        made = studio("high", "low")
        for key in order[:: 1 if run else -1]:
            made.mastered(key)
        path = tmp_path / f"{run}.mp3"
        made.make(path, order, MUSIC)
        files.append(path.read_bytes())

    assert files[0] == files[1]


def test_two_voices_are_heard_at_the_same_level(tmp_path: Path):
    """22 dB between two voices are gone in the file."""
    made, path = studio("high", "low"), tmp_path / "episode.mp3"

    plan, _ = made.make(path, ["high 6.0", "low 6.0"], NO_MUSIC)
    high, low = (loudness.integrated_lufs(decoded(path)[place.start : place.end]) for place in plan.clips)

    assert high == pytest.approx(low, abs=0.3)


def test_a_clip_is_the_same_bytes_in_any_episode(tmp_path: Path):
    """Clips that no music touches are copied, not encoded again: a rebuild costs what has changed."""
    made, path = studio("high", "low"), tmp_path / "episode.mp3"
    order = ["high 6.0", "low 6.0", "low 2.3", "high 2.3", "high 6.0"]

    plan, _ = made.make(path, order, MUSIC)
    data = path.read_bytes()

    assert len(plan.unmixed) == 3
    for placed in plan.unmixed:
        start = (1 + placed.frame) * mp3.STEREO.frame_bytes
        frames = made.mastered(placed.key).frames
        assert data[start : start + len(frames)] == frames


def test_music_keeps_its_two_sides_and_the_voice_stays_in_the_middle(tmp_path: Path):
    """Under stereo music, what differs between left and right is the music alone."""
    made, path = studio("low"), tmp_path / "episode.mp3"

    plan, _ = made.make(path, ["low 6.0", "low 2.3", "low 6.0"], MUSIC)
    sound = decoded(path)

    side = sound[:, 0] - sound[:, 1]
    assert np.std(side[: 3 * RATE_HZ]) > 0.01
    middle = plan.unmixed[0]
    assert np.abs(side[middle.start + FRAME_SAMPLES : middle.end]).max() == 0


def test_inserted_sounds_lie_between_clips(tmp_path: Path):
    """A sound that stands alone is laid as a clip is: in stereo, at its frame, with music's level."""
    wav, path = tmp_path / "sting.wav", tmp_path / "episode.mp3"
    soundfile.write(wav, jingle()[: 2 * RATE_HZ], RATE_HZ)
    sting = music.sound(wav, MUSIC)
    made = studio("low")
    finds = {"low 6.0": made.mastered("low 6.0"), "sting": finish(sting)}
    pieces = [
        timeline.ClipLength(key, finds[key].n_frames, finds[key].samples, 400) for key in ("low 6.0", "sting") * 2
    ]

    plan = timeline.lay(pieces, NO_MUSIC)
    stitch.write(plan, path, mastered=finds.__getitem__, spans=())
    ffmpeg = heard(path)
    sound = ffmpeg.sound

    placed = plan.clips[1]
    assert shift(sound, sting, placed.start) == 0
    assert loudness.integrated_lufs(sound[placed.start : placed.end]) == pytest.approx(-18, abs=0.3)
    assert np.std(sound[placed.start : placed.end, 0] - sound[placed.start : placed.end, 1]) > 0.01
    assert ffmpeg.complaints == ""


@pytest.mark.parametrize(
    ("foretold", "expected"),
    [
        (-16.0, 0.0),
        (-16.25, 0.0),
        (-15.75, 0.0),
        (-16.26, 0.3),
        (-15.0, -1.0),
        (-18.14, 2.1),
        (-40.0, 6.0),
        (-np.inf, 0.0),
    ],
)
def test_the_correction_is_made_only_where_it_is_needed(foretold, expected):
    """A quarter of a LU is left alone, so that cached clips serve; more is corrected in steps of 0.1 dB, up to 6."""
    assert stitch.correction_db(foretold) == expected


def test_an_hour_takes_no_more_memory_than_some_minutes(tmp_path: Path):
    """Clips are asked for one at a time, and nothing of them is held."""
    made = studio("low")
    kept = {key: made.mastered(key).to_bytes() for key in ("low 6.0", "low 2.3")}
    sizes = {key: Mastered.from_bytes(data) for key, data in kept.items()}
    peaks = {}
    for minutes in (6, 60):
        keys = ["low 6.0", "low 2.3"] * (minutes * 60 // 9)
        pieces = [timeline.ClipLength(key, sizes[key].n_frames, sizes[key].samples, 300) for key in keys]
        plan = timeline.lay(pieces, NO_MUSIC)
        tracemalloc.start()
        stitch.measure(plan, lambda key: Mastered.from_bytes(kept[key]), ())
        stitch.write(plan, tmp_path / f"{minutes}.mp3", mastered=lambda key: Mastered.from_bytes(kept[key]), spans=())
        peaks[minutes] = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()

    assert plan.duration_ms > 58 * 60_000
    assert peaks[60] < peaks[6] + 3_000_000  # the energies of an hour in steps of 100 ms, and the list of clips


def test_what_was_not_laid_out_is_not_written(tmp_path: Path):
    """If a clip or music has another length than the plan says, nothing is shifted in silence: it is an error."""
    made, path = studio("low"), tmp_path / "episode.mp3"
    plan, _ = made.make(path, ["low 6.0", "low 2.3", "low 6.0", "low 6.0"], MUSIC)
    tracks = {kind: ours(kind, MUSIC) for kind in ("intro", "outro")}
    spans = [stitch.mix(span, made.pcm, tracks) for span in plan.spans]

    with pytest.raises(AudioError, match="changed while the episode was put together"):
        stitch.write(plan, path, mastered=lambda _key: made.mastered("low 0.3"), spans=spans)
    with pytest.raises(AudioError, match="changed while the episode was put together"):
        stitch.mix(plan.spans[0], lambda _key: made.pcm("low 0.3"), tracks)
    with pytest.raises(AudioError, match="changed while the episode was put together"):
        stitch.mix(plan.spans[-1], made.pcm, {**tracks, "outro": tracks["outro"][:4_800]})
    with pytest.raises(AudioError, match="changed while the episode was put together"):
        stitch.write(plan, path, mastered=made.mastered, spans=spans[::-1])
