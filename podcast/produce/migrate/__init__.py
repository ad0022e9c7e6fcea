# SPDX-License-Identifier: GPL-3.0-or-later
"""Shows that exist already: import one from its feed, or move it to another URL."""
