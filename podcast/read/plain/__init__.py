# SPDX-License-Identifier: GPL-3.0-or-later
"""Read plain text, with support for books of Project Gutenberg, RFCs, e-mails and chats."""
