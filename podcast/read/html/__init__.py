# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads web pages: finds the article in a page, and what the page says of it."""
