# SPDX-License-Identifier: GPL-3.0-or-later
"""Read Markdown, and reStructuredText and AsciiDoc by converting them to Markdown."""
