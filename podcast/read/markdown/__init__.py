# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads Markdown, and what is converted to it: reStructuredText and AsciiDoc."""
