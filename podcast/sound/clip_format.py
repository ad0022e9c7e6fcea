# SPDX-License-Identifier: GPL-3.0-or-later
"""Mastered clips: MP3 frames with the measurements needed to place and judge them.

`finish` encodes audio as an independent stream and measures the decoded result: its loudness, and whether encoding has
raised a peak above the limit; if so, the audio is limited a little lower and encoded again. Clips, inserts and mixed
spans all end here. `Mastered.to_bytes` is the format on disk; a damaged file is rejected.
"""

import hashlib
import struct
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import msgspec
import numpy as np
from numpy.typing import NDArray

from podcast.errors import AudioError
from podcast.model import Word
from podcast.sound import loudness, mp3, true_peak
from podcast.sound.true_peak import Samples

CEILING_DBTP = -1.6
"""True peak limit before encoding: MP3 adds up to half a dB."""

ENCODED_DBTP = -1.05
"""True peak limit after decoding; 0.05 dB are a margin for meters with more oversampling."""

TRIES = 6
"""Maximum number of encodings; two are enough for all but bursts of noise."""

DECODE_SAMPLES = 7_500 * loudness.STEP
"""Samples per decoded part: 30 s."""

MAGIC = b"podclip\x02"
"""The first bytes of the file format; the last one is the version."""

HEAD = struct.Struct("<8s16sIIIfI")
"""Magic, digest of everything after it, samples, bytes of frames, steps, true peak, bytes of words."""


@dataclass(frozen=True, slots=True, eq=False)
class Mastered:
    """Audio as MP3 frames, independent of its position in an episode."""

    frames: bytes
    """Whole frames of 24 ms; the first frame plays sample 0 first."""
    samples: int
    """Length of the audio at 48 kHz; silence fills the rest of the frames."""
    energies: NDArray[np.float32]
    """K-weighted energy per 4 ms of the decoded frames: see `loudness.energies`."""
    true_peak_dbtp: float
    """True peak of the decoded frames."""
    words: tuple[Word, ...] = ()
    """Word times of the speakable text, from the first sample; empty if unknown."""

    @property
    def n_frames(self) -> int:
        """Number of frames."""
        return len(self.frames) // mp3.format_of(self.frames).frame_bytes

    @property
    def lufs(self) -> float:
        """Its integrated loudness."""
        return loudness.clip_lufs(self.energies, self.samples)

    def to_bytes(self) -> bytes:
        """Encode it for the cache."""
        words = msgspec.json.encode([(word.text, word.start_ms, word.end_ms) for word in self.words])
        body = self.frames + self.energies.astype("<f4").tobytes() + words
        sizes = (self.samples, len(self.frames), len(self.energies), self.true_peak_dbtp, len(words))
        head = HEAD.pack(MAGIC, bytes(16), *sizes)
        return HEAD.pack(MAGIC, _digest(head, body), *sizes) + body

    @classmethod
    def from_bytes(cls, data: bytes) -> "Mastered":
        """Decode the bytes of `to_bytes`.

        Raises AudioError if they are damaged or of another version.
        """
        if len(data) < HEAD.size or not data.startswith(MAGIC):
            raise AudioError("not a mastered clip of this version", hint="delete it: the next run creates it again")
        _, digest, *sizes = HEAD.unpack_from(data)
        samples, size, steps, peak, words_size = sizes
        body = data[HEAD.size :]
        end = size + 4 * steps
        if len(body) != end + words_size or digest != _digest(HEAD.pack(MAGIC, bytes(16), *sizes), body):
            raise AudioError("a mastered clip is damaged", hint="delete it: the next run creates it again")
        words = tuple(Word(*one) for one in msgspec.json.decode(body[end:], type=list[tuple[str, int, int]]))
        return cls(body[:size], samples, np.frombuffer(body[size:end], "<f4").astype(np.float32), peak, words)


def _digest(head: bytes, body: bytes) -> bytes:
    digest = hashlib.blake2b(head, digest_size=16)
    digest.update(body)
    return digest.digest()


def finish(pcm: Samples, form: mp3.Format = mp3.STEREO, *, limited: bool = False) -> Mastered:
    """Encode audio at 48 kHz, mono or stereo, so that its decoded true peak stays below the limit.

    `limited`: no true peak of it exceeds CEILING_DBTP. Raises AudioError if it is empty.
    """
    if not len(pcm):
        raise AudioError("no audio to encode", hint="check that the clip and the music files are not empty")
    return finish_parts(lambda: [mp3.downmix(pcm, form)], form, limited=limited)


def finish_parts(parts: Callable[[], Iterable[Samples]], form: mp3.Format, *, limited: bool = False) -> Mastered:
    """Encode audio in parts, as `finish` does; `parts` is called for each attempt: see `true_peak.limited`."""
    ceiling = CEILING_DBTP
    for _ in range(TRIES):
        given = _Counted(parts())
        lower = given if limited and ceiling == CEILING_DBTP else true_peak.limited(given, ceiling)
        frames = mp3.encode_parts(lower, form)
        energies, highest = _measured(frames, given.samples)
        if highest <= ENCODED_DBTP:
            return Mastered(frames, given.samples, energies, float(np.float32(highest)))
        ceiling -= highest - ENCODED_DBTP + 0.05
    raise AudioError(
        "the encoded audio exceeds the peak limit, whatever the level", hint="use other music, or another voice"
    )


class _Counted:
    """An iterable of parts that counts their samples."""

    def __init__(self, parts: Iterable[Samples]) -> None:
        self.parts, self.samples = parts, 0

    def __iter__(self) -> Iterator[Samples]:
        for part in self.parts:
            self.samples += len(part)
            yield part


def _measured(frames: bytes, samples: int) -> tuple[NDArray[np.float32], float]:
    """Decode a stream and return its energies per 4 ms, as played on two channels, and its true peak."""
    meter, found, rest = loudness.LoudnessMeter(), [], samples
    for index, part in enumerate(mp3.decode_parts(frames, DECODE_SAMPLES)):
        meter.add_peaks(part)
        if index and rest:  # the first part is the delay
            sound = part[:rest]
            rest -= len(sound)
            steps = -(-len(sound) // loudness.STEP) + (0 if rest else loudness.RING)
            whole: Samples = np.zeros((steps * loudness.STEP, part.shape[1]), np.float32)
            whole[: len(sound)] = sound
            found.append(meter.energies(whole) * (2 / part.shape[1]))
    return np.concatenate(found).astype(np.float32), meter.peak_dbtp
