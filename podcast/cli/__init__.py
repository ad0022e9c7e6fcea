# SPDX-License-Identifier: GPL-3.0-or-later
"""The command line: a file a group of commands; `main` puts them together."""
