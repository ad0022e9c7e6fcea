# SPDX-License-Identifier: GPL-3.0-or-later
"""Script -> audio/<slug>.mp3 and its record, and whether they are up to date."""
