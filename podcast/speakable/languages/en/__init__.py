# SPDX-License-Identifier: GPL-3.0-or-later
"""English: what is spoken otherwise than it is written."""
