# SPDX-License-Identifier: GPL-3.0-or-later
"""The built-in engines, which are found by entry point like those of other packages."""
