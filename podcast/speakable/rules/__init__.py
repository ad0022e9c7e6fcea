# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules that all languages share: dates, numbers, abbreviations, addresses."""
