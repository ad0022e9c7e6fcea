# SPDX-License-Identifier: GPL-3.0-or-later
"""Prints docs/checks.md: every rule of `podcast check`, from its table. `make docs` writes the file."""

from podcast.check import LEVELS, RULES

HEAD = """\
# What podcast check looks for

Written from podcast/check/rules.tsv by `make docs`; change it there.

    podcast check                      this show: its feed, and every file that the feed names
    podcast check FEED_URL|FILE        somebody else's feed
    podcast check FEED_URL --online    also the files that it names, and how its host serves them
    podcast check --listen             have a machine listen to the episodes: listening-check.md
    podcast check --json               the findings for programs: rule, level, place, about, wrong, said, mend

An **error** is something that directories refuse or apps break on: exit code 1, and `podcast publish` does not upload
it (`--unchecked` does). A **warning** is worse than it need be: exit code 1 with `--strict`. A **note** is an
opportunity. Each finding names its rule, the file with the line, what stands there, and the mend. Of one rule ten
findings are told and the rest counted; `--json` has them all. Nothing is an error in an episode that was imported:
apps have known it as it is, and it does not keep new ones from being uploaded.

Sources: A-REQ, A-RSS, A-AUD, A-ART, A-CHAP, A-TR, A-CON are Apple Podcasts for Creators (requirements, guide to RSS,
audio, artwork, chapters, transcripts, content guidelines); PSP is the PSP-1 podcast RSS specification; P20 the podcast
namespace, podcastindex.org/namespace/1.0; PSC Podlove Simple Chapters 1.2; ID3C the ID3v2 chapter frame addendum 1.0.
"""


def page() -> str:
    """Return the page."""
    parts = [HEAD]
    for level in LEVELS:
        rows = [
            f"| `{r.id}` | {r.wrong} | {r.mend.replace('|', '/')} | {r.source} |"
            for r in RULES.values()
            if r.level == level
        ]
        parts += [
            f"## {level.capitalize()}s\n",
            "| rule | what is wrong | the mend | source |\n|---|---|---|---|",
            *rows,
            "",
        ]
    return "\n".join(parts).replace("<", "&lt;")


if __name__ == "__main__":
    print(page(), end="")  # noqa: T201 - it goes to the file
