# SPDX-License-Identifier: GPL-3.0-or-later
"""What goes with the audio of an episode: ID3 tags in the file, chapters and transcripts beside it."""
