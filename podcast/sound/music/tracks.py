# SPDX-License-Identifier: GPL-3.0-or-later
"""Music and sounds that people hand in -> stereo at 48 kHz, at the level of the show.

`open_music` reads a file into a pydub AudioSegment: whatever the number of channels, the rate or the width of its
samples, it comes out as 48 kHz stereo, and no more of it is read than can be heard. soundfile reads WAV, FLAC, MP3, Ogg
and Opus; other formats go through ffmpeg if it is there. `track` makes the music of a place of it, `sound` an insert,
`recording` speech. A producer's `hook` has its turn between opening and levelling.

pydub cuts and fades. It never resamples (its interpolation is linear, and audible), sets no level (it clips at every
step) and joins nothing (its `+` copies the whole episode each time).
"""

import io
import re
import subprocess
import tempfile
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

import numpy as np

from podcast import ffmpeg, workspace
from podcast.config.settings import Music, MusicKind, Track
from podcast.errors import AudioError, did_you_mean
from podcast.model import RATE_HZ, Speech
from podcast.sound import mp3
from podcast.sound.loudness import TARGET_LUFS, integrated_lufs
from podcast.sound.music import loop
from podcast.sound.music.hook import Hook
from podcast.sound.music.jingle import STYLES, jingle
from podcast.sound.music.loop import Loop
from podcast.sound.timeline import needed_ms
from podcast.sound.true_peak import Samples, amplitude

if TYPE_CHECKING:
    from pydub import AudioSegment

SILENT_DBFS, SILENT_DB = -60, -45
"""Silence at the ends of music is cut, so that it starts when it is told to; in a soft file, what is this far below its
highest peak."""

CANCELLED = 0.03
"""Channels of which the sum has less than this share of the energy of their difference are one sound, one of them
upside down: a wrongly wired cable. Over one loudspeaker, nothing of it would be heard."""

LEADING_MS = 5_000
"""Silence before the music that is read on top, to be cut."""

LONGEST_SOUND_MS = 5 * 60_000
"""Of an insert between clips; it is held in memory."""

INSERT_FADE_MS = 20

SHORTEST_MS = 50

LONGEST_BED_MS = 180_000
"""Of a bed under a whole section; it is held in memory, and goes on by beginning again."""

LONGEST_OGG_PAGE = 65_307

EXPORT = "export it again from the program it was made with"

LENGTH_UNKNOWN = 2**62
"""soundfile gives more samples than this for a FLAC that came out of a pipe; it cannot find its end."""

HALF = 0.7071
FOLDS = {
    1: ((1.0,), (1.0,)),
    2: ((1.0, 0.0), (0.0, 1.0)),
    4: ((1.0, 0.0, HALF, 0.0), (0.0, 1.0, 0.0, HALF)),
    6: ((1.0, 0.0, HALF, 0.0, HALF, 0.0), (0.0, 1.0, HALF, 0.0, 0.0, HALF)),
}
"""Channels -> what goes left and right. 5.1 is L R C LFE Ls Rs (ITU-R BS.775); the bass effects are left out."""

VORBIS_ORDER = (0, 2, 1, 5, 3, 4)
"""Where L R C LFE Ls Rs stand in 5.1 of an Ogg file: it keeps L C R Ls Rs LFE."""


def track(source: Path | None, kind: MusicKind, settings: Music, *, hook: Hook | None = None) -> Samples:
    """Return a piece of music, shape (n, 2): levelled, as long as it can be heard; without a file, a jingle.

    Raises AudioError, naming the file, if it cannot be used.
    """
    played = settings.track(kind)
    limit_ms = needed_ms(kind, settings)
    pcm = _opened(source, kind, played, limit_ms, hook)
    limit = limit_ms * RATE_HZ // 1000
    return _levelled(Loop(pcm)[0:limit] if played.loop else pcm[:limit], played.gain_db or 0.0, _name(source, played))


def bed(source: Path | None, played: Track, *, hook: Hook | None = None) -> loop.Music:
    """Return the music under a whole section; it has no end if it loops. `played` has its gain, see `Music.resolved`.

    Raises AudioError as `track` does.
    """
    pcm = _opened(source, "bed", played, LONGEST_BED_MS, hook)[: LONGEST_BED_MS * RATE_HZ // 1000]
    levelled = _levelled(pcm, played.gain_db or 0.0, _name(source, played))
    return Loop(levelled) if played.loop else levelled


def _opened(source: Path | None, kind: MusicKind, played: Track, limit_ms: int, hook: Hook | None) -> Samples:
    """Return music as a producer's hook, if there is one, wants it: without silence around, at its own level."""
    if source is None:
        segment = _segment(jingle(kind, style_of(played.file)))
    else:
        segment = _without_silence(open_music(source, limit_ms + LEADING_MS, start_ms=played.start_ms), source.name)
    return samples(segment if hook is None else hook(kind, segment))


def _name(source: Path | None, played: Track) -> str:
    return source.name if source else f"the built-in style {played.file}"


def sting(source: Path | None, settings: Music, *, hook: Hook | None = None) -> Samples:
    """Return the music between chapters, shape (n, 2), with its fades: it stands alone.

    Raises AudioError, naming the file, if it cannot be used.
    """
    played = settings.track("sting")
    pcm = track(source, "sting", settings, hook=hook).copy()
    for length_ms, end in ((played.fade_in_ms, False), (played.fade_out_ms, True)):
        length = min(length_ms * RATE_HZ // 1000, len(pcm) // 2)
        rise = np.sin(np.pi / 2 * np.arange(length) / max(1, length)).astype(np.float32)[:, None]
        if end:
            pcm[len(pcm) - length :] *= rise[::-1]
        else:
            pcm[:length] *= rise
    return pcm


def sound(source: Path, settings: Music) -> Samples:
    """Return a sound that stands alone between clips, shape (n, 2): levelled like music, with short fades.

    Raises AudioError, naming the file, if it cannot be used or is longer than five minutes.
    """
    segment = _whole(source)
    segment = segment.fade_in(INSERT_FADE_MS).fade_out(INSERT_FADE_MS)
    return _levelled(samples(segment), settings.gain_db, source.name)


def recording(source: Path) -> Speech:
    """Return what a person has said, to be mastered as if a voice had: both channels folded into one.

    Raises AudioError, naming the file, if it cannot be used or is longer than five minutes.
    """
    return Speech(samples(_whole(source)).mean(axis=1), RATE_HZ)


def style_of(name: str) -> str:
    """Return the style of a jingle.

    Raises AudioError if we have no such style.
    """
    if name not in STYLES:
        hint = did_you_mean(name, STYLES)
        if hint.startswith("choose"):
            hint += "; or give a file such as audio/music/intro.flac"
        raise AudioError(f"unknown music style {name!r}", hint=hint)
    return name


def _whole(source: Path) -> "AudioSegment":
    """Return a sound that stands alone, without the silence around it."""
    segment = open_music(source, LONGEST_SOUND_MS + 1)
    if len(segment) > LONGEST_SOUND_MS:
        raise AudioError("is longer than 5 minutes", file=source.name, hint="cut it to the part that you need")
    return _without_silence(segment, source.name)


def write_default(path: Path, kind: MusicKind = "intro", style: str = "default") -> None:
    """Write a jingle of ours for people to hear or to take apart: FLAC, WAV or MP3, as the name ends."""
    import soundfile

    kind_of_file = path.suffix.lstrip(".").upper()
    if kind_of_file == "MP3":
        workspace.write(path, mp3.whole(jingle(kind, style)))
        return
    data = io.BytesIO()
    pcm = np.rint(jingle(kind, style) * 32767).astype(np.int16)
    soundfile.write(data, pcm, RATE_HZ, format=kind_of_file, subtype="PCM_16")
    workspace.write(path, data.getvalue())


def styles() -> dict[str, str]:
    """Return the styles of our own music, and what each is."""
    return {name: style.about for name, style in STYLES.items()}


def write_jingles(folder: Path, style: str, ending: str) -> list[Path]:
    """Write what there is of a style, or of `all`, and return the paths.

    Raises AudioError if there is no such style.
    """
    names = list(STYLES) if style == "all" else [style_of(style)]
    paths = {(name, kind): folder / f"{name}-{kind}.{ending}" for name in names for kind in get_args(MusicKind)}
    for (name, kind), path in paths.items():
        write_default(path, kind, name)
    return list(paths.values())


def open_music(path: Path, limit_ms: int, *, start_ms: int = 0) -> "AudioSegment":
    """Return a sound file from `start_ms` on, for up to `limit_ms`, in stereo at 48 kHz with 32 bits a sample.

    Raises AudioError, naming the file, if it is missing, empty, silent, cut off or not sound.
    """
    if not path.is_file():
        raise AudioError("file not found", file=path.name, hint="check [music] in show.toml, or the script")
    if not path.stat().st_size:
        raise AudioError("is empty", file=path.name, hint="copy it again, or use another file")
    reason = _needs_ffmpeg(path)
    pcm = _through_ffmpeg(path, start_ms, limit_ms, reason) if reason else _read(path, start_ms, limit_ms)
    if not np.isfinite(pcm).all():
        raise AudioError("contains invalid audio samples", file=path.name, hint=EXPORT)
    pcm = _upright(pcm)
    peak = float(np.abs(pcm).max(initial=0.0))
    if peak < amplitude(SILENT_DBFS):
        if not len(pcm) and start_ms:
            raise AudioError("ends before start_ms", file=path.name, hint="lower start_ms, or use another file")
        what = "is silent in the part that is played" if len(pcm) else "contains no audio"
        raise AudioError(what, file=path.name, hint="use another file, or cut the silence at its beginning")
    # decoders of MP3 and float files give peaks over full scale; the level is set later, so nothing is lost
    return _segment(pcm / max(peak, 1.0))


def _upright(pcm: Samples) -> Samples:
    """Return sound of shape (n, 2) without direct current, and with channels that do not cancel each other."""
    if not len(pcm):
        return pcm
    pcm = pcm - pcm.mean(axis=0, dtype=np.float64).astype(np.float32)
    both, apart = (
        float(np.sum(np.square(one, dtype=np.float64))) for one in (pcm[:, 0] + pcm[:, 1], pcm[:, 0] - pcm[:, 1])
    )
    if both < CANCELLED * apart:
        pcm[:, 1] *= -1
    return pcm


def _segment(pcm: Samples) -> "AudioSegment":
    """Return stereo sound at 48 kHz as pydub has it."""
    scaled = np.rint(pcm * (2**31 - 1024)).astype("<i4")
    return _audio_segment()(data=scaled.tobytes(), sample_width=4, frame_rate=RATE_HZ, channels=2)


def samples(segment: "AudioSegment") -> Samples:
    """Return the sound of any AudioSegment in stereo at 48 kHz, shape (n, 2), full scale 1.0."""
    whole = np.array(segment.get_array_of_samples(), np.float32).reshape(-1, segment.channels)
    return _stereo(whole / np.float32(2 ** (8 * segment.sample_width - 1)), segment.frame_rate, vorbis=False)


def _audio_segment() -> Any:
    """Return pydub's class, quietly.

    pydub 0.25.1 warns at import that it found no ffmpeg, which it is never asked to use here, and, being older than
    Python 3.12, of its escape sequences and of audioop.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pydub import AudioSegment
    return AudioSegment


def _without_silence(segment: "AudioSegment", name: str) -> "AudioSegment":
    """Return a sound from where it begins to be heard to where it ends."""
    from pydub.silence import detect_leading_silence

    silent_dbfs = min(SILENT_DBFS, segment.max_dBFS + SILENT_DB)
    start = detect_leading_silence(segment, silent_dbfs)
    end = len(segment) - detect_leading_silence(segment.reverse(), silent_dbfs)
    if end - start < SHORTEST_MS:
        raise AudioError(f"less than {SHORTEST_MS} ms of it is audible", file=name, hint="use another file")
    return segment[start:end]


def _levelled(pcm: Samples, gain_db: float, name: str) -> Samples:
    """Return music at its level against the voice; silence within it does not count (BS.1770's gate)."""
    lufs = integrated_lufs(pcm)
    if not np.isfinite(lufs):
        raise AudioError("is too quiet", file=name, hint="make it louder, or use another file")
    return pcm * np.float32(amplitude(TARGET_LUFS + gain_db - lufs))


def _needs_ffmpeg(path: Path) -> str:
    """Return why soundfile cannot read a file, or an empty text if it can."""
    import soundfile

    try:
        with soundfile.SoundFile(path) as file:
            told = file.frames < LENGTH_UNKNOWN and (file.format != "MP3" or _tells_length(path))
    except soundfile.LibsndfileError:
        return "is not a WAV, FLAC, MP3, Ogg or Opus file"
    return "" if told else "does not state its length"


def _tells_length(path: Path) -> bool:
    """Return True if an MP3 has the count of its frames in its first one; soundfile cuts others where it guesses."""
    with path.open("rb") as file:
        head = file.read(10)
        if head.startswith(b"ID3"):  # four bytes of seven bits each (ID3v2.3, section 3.1)
            file.seek(10 + sum(byte << 7 * (3 - place) for place, byte in enumerate(head[6:10])))
        else:
            file.seek(0)
        first = file.read(200)
    tag = re.search(rb"(?:Xing|Info)(.{4})(.{4})", first, re.DOTALL)
    return bool(tag and tag[1][3] & 1 and any(tag[2])) or b"VBRI" in first


def _read(path: Path, start_ms: int, limit_ms: int) -> Samples:
    """Return a part of a file that soundfile can read, in stereo at 48 kHz."""
    import soundfile

    with soundfile.SoundFile(path) as file:
        start = min(file.frames, start_ms * file.samplerate // 1000)
        wanted = min(file.frames - start, limit_ms * file.samplerate // 1000)
        try:
            file.seek(start)
            pcm = file.read(wanted, dtype="float32", always_2d=True)
        except soundfile.LibsndfileError:
            pcm = np.zeros((0, file.channels), np.float32)
        if len(pcm) < wanted or _cut_off(path, file.format, file.extra_info):
            raise AudioError("is damaged or incomplete", file=path.name, hint=f"copy it again, or {EXPORT}")
        return _stereo(pcm, file.samplerate, vorbis=file.format == "OGG")


def _cut_off(path: Path, kind: str, remarks: str) -> bool:
    """Return True if a file of a kind that says where it ends does not get there."""
    if kind == "OGG":  # the last page of a stream is marked (RFC 3533, section 6)
        with path.open("rb") as file:
            file.seek(max(0, path.stat().st_size - LONGEST_OGG_PAGE))
            end = file.read()
        last = end.rfind(b"OggS")
        return last < 0 or not end[last + 5] & 4
    # libsndfile on a WAV or AIFF shorter than its header says; who wrote to a pipe could not know, and said 2**32 - 1
    declared = re.search(r"(?:data|SSND) : (\d+) \(should be (\d+)\)", remarks)
    return declared is not None and int(declared[2]) < int(declared[1]) < 2**31 - 1


def _stereo(pcm: Samples, rate_hz: int, *, vorbis: bool) -> Samples:
    """Return sound of any rate and number of channels, shape (n, channels), in stereo at 48 kHz."""
    import soxr

    channels = pcm.shape[1]
    if channels == 6 and vorbis:
        pcm = pcm[:, VORBIS_ORDER]
    fold = FOLDS.get(
        channels, (((1 / channels),) * channels,) * 2
    )  # of layouts that we do not know, both sides get all
    # a product of matrices takes many times as long where it changes nothing
    stereo: Samples = pcm if channels == 2 else pcm @ np.array(fold, np.float32).T
    if rate_hz != RATE_HZ and len(stereo):
        stereo = soxr.resample(stereo, rate_hz, RATE_HZ, quality="HQ")
    return stereo


def _through_ffmpeg(path: Path, start_ms: int, limit_ms: int, reason: str) -> Samples:
    """Return a part of a file that only ffmpeg can read."""
    program = ffmpeg.path()
    if program is None:
        raise AudioError(reason, file=path.name, hint=f"convert it to FLAC, or {ffmpeg.HOW}")
    with tempfile.TemporaryDirectory() as folder:
        wav = Path(folder) / "music.wav"
        length = ("-t", f"{limit_ms / 1000 + 1:.3f}")  # more than enough: some formats start late by their own clock
        source = (
            "-ss",
            f"{start_ms / 1000:.3f}",
            "-i",
            f"file:{path}",
        )  # `file:`, for a name may begin with a dash or hold a colon
        command = [program, "-v", "error", "-nostdin", *source, *length, "-map", "0:a:0", "-c:a", "pcm_f32le", str(wav)]
        run = subprocess.run(command, check=False, capture_output=True, text=True, errors="replace")
        if run.returncode or not wav.is_file():
            said = (run.stderr.strip().splitlines() or ["ffmpeg gave no reason"])[-1]
            raise AudioError(f"cannot be read as audio: {said}", file=path.name, hint="convert it to FLAC")
        return _read(wav, 0, limit_ms)
