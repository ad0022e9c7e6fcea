# SPDX-License-Identifier: GPL-3.0-or-later
"""Script -> utterances -> clips: assign a voice to each sentence, and synthesize each sentence once."""
