# SPDX-License-Identifier: GPL-3.0-or-later
"""Articles become podcast episodes: narrated, mixed with music, mastered, tagged and published as a feed."""

__version__ = "1.0.0"
