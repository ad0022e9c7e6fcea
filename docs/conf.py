# SPDX-License-Identifier: GPL-3.0-or-later
"""How Sphinx builds the site; docs/site.py runs it."""

project = "articlecast"
html_title = "articlecast"
extensions = ["myst_parser"]
html_theme = "furo"
html_copy_source = False
html_show_sphinx = False
html_show_copyright = False
html_static_path = ["site.css"]
html_css_files = ["site.css"]
myst_heading_anchors = 4
suppress_warnings = ["misc.highlighting_failure"]  # a few formats have no highlighting
