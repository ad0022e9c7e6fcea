# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules for single languages, and by the CLDR for languages without a speaking.toml."""
