# SPDX-License-Identifier: GPL-3.0-or-later
"""Metadata of an episode: ID3 tags in the audio file, chapters and transcripts in separate files."""
