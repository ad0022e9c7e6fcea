# SPDX-License-Identifier: GPL-3.0-or-later
"""Article -> Script -> scripts/<slug>.md and back.

draft        article -> script
body         script <-> the Markdown file that people edit
frontmatter  its front matter
inline       markup inside a paragraph
merge        three-way merge of changes in an article
slug         slugs and guids
"""

from podcast.script.body import body_digest, body_of, digest_of, parse, render
from podcast.script.draft import draft
from podcast.script.inline import Pause, runs, shown
from podcast.script.slug import guid_for, slugify

__all__ = [
    "Pause",
    "body_digest",
    "body_of",
    "digest_of",
    "draft",
    "guid_for",
    "parse",
    "render",
    "runs",
    "shown",
    "slugify",
]
