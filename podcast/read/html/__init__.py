# SPDX-License-Identifier: GPL-3.0-or-later
"""Read web pages: extract the article and its metadata."""
