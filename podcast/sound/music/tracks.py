# SPDX-License-Identifier: GPL-3.0-or-later
"""Open music and sound effects -> stereo at 48 kHz, at the level of the show.

`open_music` reads a file into a pydub AudioSegment: any number of channels, sample rate and sample width become 48 kHz
stereo, and no more of the file is read than will be played. soundfile reads WAV, FLAC, MP3, Ogg and Opus; other formats
need ffmpeg. `track` returns an intro, bed, sting or outro, `sound` an insert, `recording` speech. A producer's `hook`
runs between opening and levelling.

pydub cuts and fades. It is not used to resample (its interpolation is linear, and audible), to set levels (it clips at
every step) or to join (its `+` copies the whole episode each time).
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
"""Threshold of the silence that is trimmed at the ends of music, so that it starts on time.

In a quiet file, it is relative to the highest peak.
"""

PHASE_INVERTED = 0.03
"""If L + R has less than this share of the energy of L - R, one channel is inverted (a wrongly wired cable).

The two would cancel each other on a mono loudspeaker.
"""

LEADING_MS = 5_000
"""Extra audio that is read because leading silence is trimmed."""

MAX_INSERT_MS = 5 * 60_000
"""Maximum length of an insert between clips; it is held in memory."""

INSERT_FADE_MS = 20

SHORTEST_MS = 50

MAX_BED_MS = 180_000
"""Maximum length of a section's bed; it is held in memory, and loops after that."""

LONGEST_OGG_PAGE = 65_307

EXPORT = "export it again from the program it was made with"

LENGTH_UNKNOWN = 2**62
"""soundfile reports more samples than this for a FLAC that was written to a pipe, without a length."""

HALF = 0.7071
DOWNMIX = {
    1: ((1.0,), (1.0,)),
    2: ((1.0, 0.0), (0.0, 1.0)),
    4: ((1.0, 0.0, HALF, 0.0), (0.0, 1.0, 0.0, HALF)),
    6: ((1.0, 0.0, HALF, 0.0, HALF, 0.0), (0.0, 1.0, HALF, 0.0, 0.0, HALF)),
}
"""Channels -> downmix matrix to left and right. 5.1 is L R C LFE Ls Rs (ITU-R BS.775); LFE is left out."""

VORBIS_ORDER = (0, 2, 1, 5, 3, 4)
"""Indexes of L R C LFE Ls Rs in 5.1 of an Ogg file, whose order is L C R Ls Rs LFE."""


def track(source: Path | None, kind: MusicKind, settings: Music, *, hook: Hook | None = None) -> Samples:
    """Return intro, bed, sting or outro, shape (n, 2): levelled, and as long as it plays; without a file, a jingle.

    Raises AudioError, naming the file, if it cannot be used.
    """
    played = settings.track(kind)
    limit_ms = needed_ms(kind, settings)
    pcm = _open_track(source, kind, played, limit_ms, hook)
    limit = limit_ms * RATE_HZ // 1000
    return _levelled(Loop(pcm)[0:limit] if played.loop else pcm[:limit], played.gain_db or 0.0, _name(source, played))


def bed(source: Path | None, played: Track, *, hook: Hook | None = None) -> loop.Music:
    """Return the music under a whole section, endless if it loops. `played` has its gain, see `Music.resolved`.

    Raises AudioError as `track` does.
    """
    pcm = _open_track(source, "bed", played, MAX_BED_MS, hook)[: MAX_BED_MS * RATE_HZ // 1000]
    levelled = _levelled(pcm, played.gain_db or 0.0, _name(source, played))
    return Loop(levelled) if played.loop else levelled


def _open_track(source: Path | None, kind: MusicKind, played: Track, limit_ms: int, hook: Hook | None) -> Samples:
    """Open music, trim the silence around it and apply the producer's hook, if there is one; not yet levelled."""
    if source is None:
        segment = _segment(jingle(kind, style_of(played.file)))
    else:
        segment = _without_silence(open_music(source, limit_ms + LEADING_MS, start_ms=played.start_ms), source.name)
    return samples(segment if hook is None else hook(kind, segment))


def _name(source: Path | None, played: Track) -> str:
    return source.name if source else f"the built-in style {played.file}"


def sting(source: Path | None, settings: Music, *, hook: Hook | None = None) -> Samples:
    """Return the music between chapters, shape (n, 2), with its fades: it never overlaps with speech.

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
    """Return a sound effect between clips, shape (n, 2): levelled like music, with short fades.

    Raises AudioError, naming the file, if it cannot be used or is longer than five minutes.
    """
    segment = _open_insert(source)
    segment = segment.fade_in(INSERT_FADE_MS).fade_out(INSERT_FADE_MS)
    return _levelled(samples(segment), settings.gain_db, source.name)


def recording(source: Path) -> Speech:
    """Return recorded speech, to be mastered like a synthetic voice: downmixed to mono.

    Raises AudioError, naming the file, if it cannot be used or is longer than five minutes.
    """
    return Speech(samples(_open_insert(source)).mean(axis=1), RATE_HZ)


def style_of(name: str) -> str:
    """Return the style of a jingle, checked.

    Raises AudioError if the style is unknown.
    """
    if name not in STYLES:
        hint = did_you_mean(name, STYLES)
        if hint.startswith("choose"):
            hint += "; or give a file such as audio/music/intro.flac"
        raise AudioError(f"unknown music style {name!r}", hint=hint)
    return name


def _open_insert(source: Path) -> "AudioSegment":
    """Open an insert without the silence around it."""
    segment = open_music(source, MAX_INSERT_MS + 1)
    if len(segment) > MAX_INSERT_MS:
        raise AudioError("is longer than 5 minutes", file=source.name, hint="cut it to the part that you need")
    return _without_silence(segment, source.name)


def write_default(path: Path, kind: MusicKind = "intro", style: str = "default") -> None:
    """Write a built-in jingle as FLAC, WAV or MP3, by the suffix of the path."""
    import soundfile

    kind_of_file = path.suffix.lstrip(".").upper()
    if kind_of_file == "MP3":
        workspace.write(path, mp3.file_bytes(jingle(kind, style)))
        return
    data = io.BytesIO()
    pcm = np.rint(jingle(kind, style) * 32767).astype(np.int16)
    soundfile.write(data, pcm, RATE_HZ, format=kind_of_file, subtype="PCM_16")
    workspace.write(path, data.getvalue())


def styles() -> dict[str, str]:
    """Return the names of the built-in styles with a description of each."""
    return {name: style.about for name, style in STYLES.items()}


def write_jingles(folder: Path, style: str, ending: str) -> list[Path]:
    """Write all jingles of a style, or of `all` styles, and return the paths.

    Raises AudioError if the style is unknown.
    """
    names = list(STYLES) if style == "all" else [style_of(style)]
    paths = {(name, kind): folder / f"{name}-{kind}.{ending}" for name in names for kind in get_args(MusicKind)}
    for (name, kind), path in paths.items():
        write_default(path, kind, name)
    return list(paths.values())


def open_music(path: Path, limit_ms: int, *, start_ms: int = 0) -> "AudioSegment":
    """Open an audio file from `start_ms` on, for up to `limit_ms`, in stereo at 48 kHz with 32 bits a sample.

    Raises AudioError, naming the file, if it is missing, empty, silent, truncated or not audio.
    """
    if not path.is_file():
        raise AudioError("file not found", file=path.name, hint="check [music] in show.toml, or the script")
    if not path.stat().st_size:
        raise AudioError("is empty", file=path.name, hint="copy it again, or use another file")
    reason = _needs_ffmpeg(path)
    pcm = _read_with_ffmpeg(path, start_ms, limit_ms, reason) if reason else _read(path, start_ms, limit_ms)
    if not np.isfinite(pcm).all():
        raise AudioError("contains invalid audio samples", file=path.name, hint=EXPORT)
    pcm = _without_dc(pcm)
    peak = float(np.abs(pcm).max(initial=0.0))
    if peak < amplitude(SILENT_DBFS):
        if not len(pcm) and start_ms:
            raise AudioError("ends before start_ms", file=path.name, hint="lower start_ms, or use another file")
        what = "is silent in the part that is played" if len(pcm) else "contains no audio"
        raise AudioError(what, file=path.name, hint="use another file, or cut the silence at its beginning")
    # decoded MP3 and float files may peak over full scale; the level is set later, so nothing is lost
    return _segment(pcm / max(peak, 1.0))


def _without_dc(pcm: Samples) -> Samples:
    """Remove the DC offset from audio of shape (n, 2), and invert one channel if the two cancel each other."""
    if not len(pcm):
        return pcm
    pcm = pcm - pcm.mean(axis=0, dtype=np.float64).astype(np.float32)
    both, apart = (
        float(np.sum(np.square(one, dtype=np.float64))) for one in (pcm[:, 0] + pcm[:, 1], pcm[:, 0] - pcm[:, 1])
    )
    if both < PHASE_INVERTED * apart:
        pcm[:, 1] *= -1
    return pcm


def _segment(pcm: Samples) -> "AudioSegment":
    """Convert stereo at 48 kHz to an AudioSegment."""
    scaled = np.rint(pcm * (2**31 - 1024)).astype("<i4")
    return _audio_segment()(data=scaled.tobytes(), sample_width=4, frame_rate=RATE_HZ, channels=2)


def samples(segment: "AudioSegment") -> Samples:
    """Return the samples of any AudioSegment in stereo at 48 kHz, shape (n, 2), full scale 1.0."""
    whole = np.array(segment.get_array_of_samples(), np.float32).reshape(-1, segment.channels)
    return _stereo(whole / np.float32(2 ** (8 * segment.sample_width - 1)), segment.frame_rate, vorbis=False)


def _audio_segment() -> Any:
    """Import pydub's class without its warnings.

    pydub 0.25.1 warns at import that it found no ffmpeg, which is never used through it here, and, as it is older than
    Python 3.12, of its escape sequences and of audioop.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pydub import AudioSegment
    return AudioSegment


def _without_silence(segment: "AudioSegment", name: str) -> "AudioSegment":
    """Trim the silence at both ends."""
    from pydub.silence import detect_leading_silence

    silent_dbfs = min(SILENT_DBFS, segment.max_dBFS + SILENT_DB)
    start = detect_leading_silence(segment, silent_dbfs)
    end = len(segment) - detect_leading_silence(segment.reverse(), silent_dbfs)
    if end - start < SHORTEST_MS:
        raise AudioError(f"less than {SHORTEST_MS} ms of it is audible", file=name, hint="use another file")
    return segment[start:end]


def _levelled(pcm: Samples, gain_db: float, name: str) -> Samples:
    """Apply the music's level relative to the voice; silence within it does not count (the gate of BS.1770)."""
    lufs = integrated_lufs(pcm)
    if not np.isfinite(lufs):
        raise AudioError("is too quiet", file=name, hint="make it louder, or use another file")
    return pcm * np.float32(amplitude(TARGET_LUFS + gain_db - lufs))


def _needs_ffmpeg(path: Path) -> str:
    """Return why soundfile cannot read a file, or "" if it can."""
    import soundfile

    try:
        with soundfile.SoundFile(path) as file:
            has_length = file.frames < LENGTH_UNKNOWN and (file.format != "MP3" or _has_frame_count(path))
    except soundfile.LibsndfileError:
        return "is not a WAV, FLAC, MP3, Ogg or Opus file"
    return "" if has_length else "does not state its length"


def _has_frame_count(path: Path) -> bool:
    """Return True if an MP3 has a frame count in its first frame; soundfile truncates others to an estimate."""
    with path.open("rb") as file:
        head = file.read(10)
        if head.startswith(b"ID3"):  # size: four bytes of seven bits each (ID3v2.3, section 3.1)
            file.seek(10 + sum(byte << 7 * (3 - place) for place, byte in enumerate(head[6:10])))
        else:
            file.seek(0)
        first = file.read(200)
    tag = re.search(rb"(?:Xing|Info)(.{4})(.{4})", first, re.DOTALL)
    return bool(tag and tag[1][3] & 1 and any(tag[2])) or b"VBRI" in first


def _read(path: Path, start_ms: int, limit_ms: int) -> Samples:
    """Read a part of a file with soundfile, in stereo at 48 kHz."""
    import soundfile

    with soundfile.SoundFile(path) as file:
        start = min(file.frames, start_ms * file.samplerate // 1000)
        wanted = min(file.frames - start, limit_ms * file.samplerate // 1000)
        try:
            file.seek(start)
            pcm = file.read(wanted, dtype="float32", always_2d=True)
        except soundfile.LibsndfileError:
            pcm = np.zeros((0, file.channels), np.float32)
        if len(pcm) < wanted or _is_truncated(path, file.format, file.extra_info):
            raise AudioError("is damaged or incomplete", file=path.name, hint=f"copy it again, or {EXPORT}")
        return _stereo(pcm, file.samplerate, vorbis=file.format == "OGG")


def _is_truncated(path: Path, kind: str, remarks: str) -> bool:
    """Return True if a file ends before the end that its format marks or declares."""
    if kind == "OGG":  # the last page of a stream has a flag (RFC 3533, section 6)
        with path.open("rb") as file:
            file.seek(max(0, path.stat().st_size - LONGEST_OGG_PAGE))
            end = file.read()
        last = end.rfind(b"OggS")
        return last < 0 or not end[last + 5] & 4
    # libsndfile's log for a WAV or AIFF shorter than its header declares; writers to a pipe declare 2**32 - 1
    declared = re.search(r"(?:data|SSND) : (\d+) \(should be (\d+)\)", remarks)
    return declared is not None and int(declared[2]) < int(declared[1]) < 2**31 - 1


def _stereo(pcm: Samples, rate_hz: int, *, vorbis: bool) -> Samples:
    """Downmix and resample audio of shape (n, channels) to stereo at 48 kHz."""
    import soxr

    channels = pcm.shape[1]
    if channels == 6 and vorbis:
        pcm = pcm[:, VORBIS_ORDER]
    fold = DOWNMIX.get(channels, (((1 / channels),) * channels,) * 2)  # unknown layouts: all channels on both sides
    # skip the matrix product, which is slow, where it is the identity
    stereo: Samples = pcm if channels == 2 else pcm @ np.array(fold, np.float32).T
    if rate_hz != RATE_HZ and len(stereo):
        stereo = soxr.resample(stereo, rate_hz, RATE_HZ, quality="HQ")
    return stereo


def _read_with_ffmpeg(path: Path, start_ms: int, limit_ms: int, reason: str) -> Samples:
    """Read a part of a file that only ffmpeg can decode."""
    program = ffmpeg.path()
    if program is None:
        raise AudioError(reason, file=path.name, hint=f"convert it to FLAC, or {ffmpeg.HOW}")
    with tempfile.TemporaryDirectory() as folder:
        wav = Path(folder) / "music.wav"
        length = ("-t", f"{limit_ms / 1000 + 1:.3f}")  # with a margin: time stamps of some formats do not start at 0
        source = (
            "-ss",
            f"{start_ms / 1000:.3f}",
            "-i",
            f"file:{path}",
        )  # `file:`, because a name may begin with a dash or contain a colon
        command = [program, "-v", "error", "-nostdin", *source, *length, "-map", "0:a:0", "-c:a", "pcm_f32le", str(wav)]
        run = subprocess.run(command, check=False, capture_output=True, text=True, errors="replace")
        if run.returncode or not wav.is_file():
            message = (run.stderr.strip().splitlines() or ["ffmpeg gave no reason"])[-1]
            raise AudioError(f"cannot be read as audio: {message}", file=path.name, hint="convert it to FLAC")
        return _read(wav, 0, limit_ms)
