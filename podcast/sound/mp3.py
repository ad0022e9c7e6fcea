# SPDX-License-Identifier: GPL-3.0-or-later
"""MP3 frames: 48 kHz, joint stereo, constant 128 kbit/s, so that each frame is 384 bytes and lasts 24 ms exactly.

`encode` gives a complete stream of its own, which needs nothing of the one before it: such streams, and silent frames,
may be laid one behind another. `info_frame` is what goes first in a file: it tells players how much the encoder has
added at both ends, so that they leave it out and sample 0 is sample 0 (the LAME tag, revision 0).
"""

import io
import struct

import numpy as np

from podcast.errors import AudioError
from podcast.model import FRAME_SAMPLES, RATE_HZ
from podcast.sound.peak import Samples

KBPS = 128
FRAME_BYTES = 384
"""144 * bit rate / sample rate, with no remainder: no frame is ever padded."""

DELAY = 576
"""Samples that LAME puts before the sound; a decoder adds 529 of its own and knows it."""

PADDING = 576
"""Samples after the sound in a file of ours: its last frame less DELAY."""

HEADER = bytes.fromhex("fffb9464")
"""MPEG-1 Layer III without CRC; 128 kbit/s, 48 kHz, no padding; joint stereo, original (ISO 11172-3, 2.4.2.3)."""

SIDE_BYTES = 32
"""Side information of a frame with two channels; zeros mean that nothing sounds."""

SILENT_FRAME = HEADER.ljust(FRAME_BYTES, b"\0")

LAME_SCALE = 0.95
"""LAME lowers what it is given by this much at 128 kbit/s, unasked; we raise it before."""


def encode(pcm: Samples) -> bytes:
    """Return a sound as whole frames: as many as it fills, and one more in which the encoder's delay runs out.

    Sample 0 comes out of a decoder as the first sample of the first frame, once the decoder has left out the delay.
    """
    import lameenc

    filled = -(-len(pcm) // FRAME_SAMPLES)
    padded = np.zeros((filled * FRAME_SAMPLES, 2), np.float32)
    padded[: len(pcm)] = pcm.reshape(len(pcm), -1)
    whole = np.rint(np.clip(padded / LAME_SCALE, -1.0, 1.0) * 32767).astype("<i2")
    encoder = lameenc.Encoder()
    encoder.set_channels(2)
    encoder.set_in_sample_rate(RATE_HZ)
    encoder.set_out_sample_rate(RATE_HZ)
    encoder.set_bit_rate(KBPS)
    encoder.set_quality(3)  # half the work of 2, and no ear hears it at this bit rate
    encoder.silence()
    frames = bytes(encoder.encode(whole.tobytes())) + bytes(encoder.flush())
    if len(frames) != (filled + 1) * FRAME_BYTES or frames[:3] != HEADER[:3]:
        raise AudioError(
            f"LAME gave {len(frames)} bytes for {filled} frames", hint="install another version of lameenc"
        )
    return frames


def decode(frames: bytes) -> Samples:
    """Return what a decoder makes of whole frames without a tag, delay and all; shape (n, 2)."""
    import soundfile

    pcm, _ = soundfile.read(io.BytesIO(frames), dtype="float32", always_2d=True)
    return np.asarray(pcm)


def silence(n_frames: int) -> bytes:
    """Return silent frames."""
    return SILENT_FRAME * n_frames


def info_frame(n_frames: int) -> bytes:
    """Return the frame that goes before `n_frames` frames of sound; they play for one frame less, to the sample."""
    size = (n_frames + 1) * FRAME_BYTES
    tag = bytearray(HEADER + bytes(SIDE_BYTES))
    tag += b"Info" + struct.pack(">III", 0b1111, n_frames, size)  # CBR; with frames, bytes, table and quality
    tag += bytes(i * 256 // 100 for i in range(100))  # the table of contents of a constant bit rate: a straight line
    tag += bytes(4)  # quality: not said
    tag += b"LAME3.100" + b"\x01"  # tag revision 0, method 1: CBR
    tag += bytes(10)  # low-pass, peak, replay gains, flags: not said
    tag += bytes([KBPS])
    tag += bytes([DELAY >> 4, (DELAY & 15) << 4 | PADDING >> 8, PADDING & 255])
    tag += bytes(4)  # noise shaping, MP3 gain, preset: not said
    tag += struct.pack(">I", size) + bytes(2)  # the CRC of the sound itself: not said
    tag += struct.pack(">H", _crc16(tag))
    return bytes(tag).ljust(FRAME_BYTES, b"\0")


def _crc16(data: bytes | bytearray) -> int:
    """Return CRC-16/ARC, which guards the tag."""
    crc = 0
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ 0xA001 * (crc & 1)
    return crc
