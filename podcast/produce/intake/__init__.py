# SPDX-License-Identifier: GPL-3.0-or-later
"""Sources -> scripts/<slug>.md, one script per article."""
