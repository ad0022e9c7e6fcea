# SPDX-License-Identifier: GPL-3.0-or-later
"""Finished episodes -> feed/ -> a target."""
