# SPDX-License-Identifier: GPL-3.0-or-later
"""Sources -> scripts/<slug>.md, each article once."""
