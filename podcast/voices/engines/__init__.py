# SPDX-License-Identifier: GPL-3.0-or-later
"""The built-in engines, found by entry point like those of other packages."""
