# SPDX-License-Identifier: GPL-3.0-or-later
"""Speech and music -> one mastered MP3.

Each sentence is shaped, levelled and encoded once, as an MP3 stream of its own (`clip`). A `timeline` says where all of
it lies, on the grid of 24 ms that MP3 frames have at 48 kHz. `stitch` lays the streams behind one another, with silent
frames between, and mixes and encodes only the spans where `music` sounds under words; `loudness` measures the result.
Nothing is decoded and encoded again, so times are exact, memory stays flat, and a rebuild costs what has changed.

    Speech --clip.master--> Mastered --timeline.lay--> Timeline --stitch.write--> file --loudness.measure--> Loudness
"""
