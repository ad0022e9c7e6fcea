# SPDX-License-Identifier: GPL-3.0-or-later
"""HTML elements -> blocks: for everything that has HTML inside, such as web pages, EPUB and feeds."""
