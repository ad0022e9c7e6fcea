# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads plain text: books of Project Gutenberg, RFCs, emails, chats."""
