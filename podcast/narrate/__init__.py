# SPDX-License-Identifier: GPL-3.0-or-later
"""Script -> utterances -> clips: who says which sentence, and each sentence narrated once."""
