# SPDX-License-Identifier: GPL-3.0-or-later
"""Installed packages: plug-ins by entry point, import errors, installation commands."""
