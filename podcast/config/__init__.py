# SPDX-License-Identifier: GPL-3.0-or-later
"""show.toml: its types (settings), reading and validation (load), and edits by the program (edit)."""
