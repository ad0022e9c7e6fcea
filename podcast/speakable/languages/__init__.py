# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules of one language each, and CLDR for languages without tables."""
