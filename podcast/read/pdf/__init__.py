# SPDX-License-Identifier: GPL-3.0-or-later
"""Read PDF: extract the letters in a separate process, then build lines, columns and paragraphs."""
