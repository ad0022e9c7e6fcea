# SPDX-License-Identifier: GPL-3.0-or-later
"""Build feed/ from finished episodes, check it, and upload it to a target."""
