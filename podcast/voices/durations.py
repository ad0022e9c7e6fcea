# SPDX-License-Identifier: GPL-3.0-or-later
"""Former name of `podcast.voices.word_times`, kept for engines of other packages."""

from podcast.voices.word_times import EARLY_MS, SILENT_DB, STEP_MS, Group, exposing, groups, heard, words

__all__ = ["EARLY_MS", "SILENT_DB", "STEP_MS", "Group", "exposing", "groups", "heard", "words"]
