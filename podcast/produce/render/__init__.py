# SPDX-License-Identifier: GPL-3.0-or-later
"""Render scripts to audio/<slug>.mp3 with a record, and detect which are out of date."""
