# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads PDF: pages in a process of their own, then lines, columns and paragraphs."""
