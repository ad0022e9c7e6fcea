# SPDX-License-Identifier: GPL-3.0-or-later
"""French: what is spoken otherwise than it is written."""
