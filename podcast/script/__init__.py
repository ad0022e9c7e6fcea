# SPDX-License-Identifier: GPL-3.0-or-later
"""Article -> Script -> scripts/<slug>.md and back.

`draft` turns an article into a script, `markdown` writes and reads the file that people edit,
`inline` knows the marks inside a paragraph, `merge` takes over what changed in an article,
`names` makes slugs and guids.
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
