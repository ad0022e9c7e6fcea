# SPDX-License-Identifier: GPL-3.0-or-later
"""Intros, outros, stings and beds: from audio files, the built-in jingles, or a producer's hook."""
