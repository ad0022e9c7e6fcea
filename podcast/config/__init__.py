# SPDX-License-Identifier: GPL-3.0-or-later
"""show.toml: what it can say (settings), read and checked (load), and written with other values (edit)."""
