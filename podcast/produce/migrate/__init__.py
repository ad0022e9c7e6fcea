# SPDX-License-Identifier: GPL-3.0-or-later
"""Existing shows: import one from its feed, or move it to another URL."""
