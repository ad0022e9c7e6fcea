# SPDX-License-Identifier: GPL-3.0-or-later
"""Installed packages: plug-ins found by entry point, what cannot be imported, how to install one."""
