# SPDX-License-Identifier: GPL-3.0-or-later
"""Audio pipeline: speech and music -> one mastered MP3.

Each sentence is trimmed, levelled and encoded once, as an independent MP3 stream (`clip_format`). `timeline` assigns a
start to every clip, on the grid of 24 ms that MP3 frames have at 48 kHz. `stitch` concatenates the streams, with silent
frames between them, and mixes and encodes only the spans in which `music` plays; `loudness` measures the result. Clips
are never re-encoded, so times are exact, memory use is constant, and a rebuild costs only what has changed.

    Speech --mastering.master--> Mastered --timeline.lay--> Timeline --stitch.write--> file --measure--> Loudness
"""
