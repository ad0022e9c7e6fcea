# SPDX-License-Identifier: GPL-3.0-or-later
"""Read RSS and Atom: articles of a blog, and feeds of existing podcasts."""
