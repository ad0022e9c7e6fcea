# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads RSS and Atom: articles of a blog, and the feeds of existing podcasts."""
