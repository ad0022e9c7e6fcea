# SPDX-License-Identifier: GPL-3.0-or-later
"""MP3 frames at 48 kHz and a constant bit rate, so that each frame has the same size and lasts exactly 24 ms.

A Format is joint stereo at 128 kbit/s, 384 bytes a frame, or mono at 96 kbit/s, 288 bytes.

`encode` returns an independent stream that does not use the bit reservoir of the one before it: such streams, and
silent frames, can be concatenated. `info_frame` is the first frame of a file: it tells players how many samples of
encoder delay and padding to drop (the LAME tag, revision 0).
"""

import io
import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from podcast.errors import AudioError
from podcast.model import FRAME_SAMPLES, RATE_HZ
from podcast.sound.true_peak import Samples


@dataclass(frozen=True, slots=True)
class Format:
    """The number of channels of an MP3 file, and the properties that follow from it."""

    channels: int = 2

    @property
    def kbps(self) -> int:
        """Bit rate."""
        return 128 if self.channels == 2 else 96

    @property
    def frame_bytes(self) -> int:
        """144 * bit rate / sample rate, with no remainder: no frame is ever padded."""
        return 144 * self.kbps * 1000 // RATE_HZ

    @property
    def header(self) -> bytes:
        """MPEG-1 Layer III without CRC, bit rate, 48 kHz, no padding; mode, original (ISO 11172-3, 2.4.2.3)."""
        return bytes.fromhex("fffb9464" if self.channels == 2 else "fffb74c4")

    @property
    def side_bytes(self) -> int:
        """Size of a frame's side information; all zeros mean silence."""
        return 32 if self.channels == 2 else 17


STEREO, MONO = Format(2), Format(1)

DELAY = 576
"""Encoder delay of LAME in samples; a decoder adds 529 of its own and compensates for them."""

DECODED_DELAY = DELAY + 529
"""Samples before the audio in the output of `decode`."""

PADDING = 576
"""Samples after the audio at the end of a file: its last frame less DELAY."""

LAME_SCALE = 0.95
"""LAME attenuates its input by this factor up to 160 kbit/s; `encode_parts` compensates for it."""


def encode(pcm: Samples, form: Format = STEREO) -> bytes:
    """Return audio as whole frames: as many as it fills, and one more that flushes the encoder's delay.

    Once a decoder has dropped the delay, sample 0 is the first sample of the first frame.
    """
    return encode_parts([pcm], form)


def encode_parts(parts: Iterable[Samples], form: Format = STEREO) -> bytes:
    """Encode audio that comes in parts, as `encode` does; all parts but the last have to fill whole frames."""
    import lameenc

    encoder = lameenc.Encoder()
    encoder.set_channels(form.channels)
    encoder.set_in_sample_rate(RATE_HZ)
    encoder.set_out_sample_rate(RATE_HZ)
    encoder.set_bit_rate(form.kbps)
    encoder.set_quality(3)  # half the work of 2, and no audible difference at this bit rate
    encoder.silence()
    given, filled = [], 0
    for part in parts:
        whole = -(-len(part) // FRAME_SAMPLES)
        pcm = np.zeros((whole * FRAME_SAMPLES, form.channels), "<i2")
        channels = downmix(part, form).reshape(len(part), -1)
        pcm[: len(part)] = np.rint(np.clip(channels / np.float32(LAME_SCALE), -1.0, 1.0) * 32767)
        given.append(bytes(encoder.encode(pcm.tobytes())))
        filled += whole
    frames = b"".join([*given, bytes(encoder.flush())])
    if len(frames) != (filled + 1) * form.frame_bytes or frames[:3] != form.header[:3]:
        raise AudioError(
            f"LAME returned {len(frames)} bytes for {filled} frames", hint="install another version of lameenc"
        )
    return frames


def downmix(pcm: Samples, form: Format) -> Samples:
    """Downmix audio to the channels of a format; mono stays mono."""
    return (pcm[:, 0] + pcm[:, 1]) / np.float32(2) if pcm.ndim == 2 and form.channels == 1 else pcm


def format_of(frames: bytes) -> Format:
    """Return the format of MP3 frames from the first header."""
    return MONO if frames[3] >> 6 == 3 else STEREO


def file_bytes(pcm: Samples, form: Format = STEREO) -> bytes:
    """Return audio as the bytes of an MP3 file, with its info frame."""
    frames = encode(pcm, form)
    return info_frame(len(frames) // form.frame_bytes, form) + frames


def decode(frames: bytes) -> Samples:
    """Decode whole frames without an info frame, delay included; shape (n, channels)."""
    import soundfile

    pcm, _ = soundfile.read(io.BytesIO(frames), dtype="float32", always_2d=True)
    return np.asarray(pcm)


def decode_parts(frames: bytes, samples: int) -> Iterator[Samples]:
    """Yield what `decode` returns: first the delay, then `samples` at a time, to keep memory use constant."""
    import soundfile

    with soundfile.SoundFile(io.BytesIO(frames)) as file:
        yield file.read(DECODED_DELAY, dtype="float32", always_2d=True)
        while len(part := file.read(samples, dtype="float32", always_2d=True)):
            yield part


def silence(n_frames: int, form: Format = STEREO) -> bytes:
    """Return silent frames."""
    return form.header.ljust(form.frame_bytes, b"\0") * n_frames


def info_frame(n_frames: int, form: Format = STEREO) -> bytes:
    """Return the info frame for `n_frames` audio frames; they play for one frame less, to the sample."""
    size = (n_frames + 1) * form.frame_bytes
    tag = bytearray(form.header + bytes(form.side_bytes))
    tag += b"Info" + struct.pack(">III", 0b1111, n_frames, size)  # CBR; with frames, bytes, table and quality
    tag += bytes(i * 256 // 100 for i in range(100))  # the table of contents of a constant bit rate: a straight line
    tag += bytes(4)  # quality: not set
    tag += b"LAME3.100" + b"\x01"  # tag revision 0, method 1: CBR
    tag += bytes(10)  # low-pass, peak, replay gains, flags: not set
    tag += bytes([form.kbps])
    tag += bytes([DELAY >> 4, (DELAY & 15) << 4 | PADDING >> 8, PADDING & 255])
    tag += bytes(4)  # noise shaping, MP3 gain, preset: not set
    tag += struct.pack(">I", size) + bytes(2)  # the CRC of the audio: not set
    tag += struct.pack(">H", _crc16(tag))
    return bytes(tag).ljust(form.frame_bytes, b"\0")


def _crc16(data: bytes | bytearray) -> int:
    """Return CRC-16/ARC, the checksum of the tag."""
    crc = 0
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ 0xA001 * (crc & 1)
    return crc
