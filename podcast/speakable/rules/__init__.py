# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules shared by several languages: dates, numbers, abbreviations, URLs."""
