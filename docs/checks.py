# SPDX-License-Identifier: GPL-3.0-or-later
"""Prints docs/checks.md: every rule of `podcast check`, from its table. `make docs` writes the file."""

from podcast.check import LEVELS, RULES

HEAD = """\
# Checks

<!-- generated from podcast/check/rules.tsv by `make docs` -->

`podcast check` finds what directories and podcast apps would refuse or show badly:

    podcast check                      this show: its feed, and every file in it
    podcast check FEED_URL|FILE        somebody else's feed
    podcast check FEED_URL --online    also the files in that feed, and how the host serves them
    podcast check --listen             check the audio with speech recognition
    podcast check --json               output JSON: rule, level, place, about, message, value, fix

An **error** is something that directories refuse or apps break on: the exit code is 1, and `podcast publish` does not
upload the show (unless you add `--unchecked`). A **warning** should be improved; with `--strict`, warnings give exit
code 1 too. A **note** could be improved. Each finding shows the file and line, the problem, the value found there, the
fix, and the rule. For each rule the first ten findings are shown and the rest are counted; `--json` has all of them.
Imported episodes never cause an error, only warnings: apps already know them as they are, and they do not block the
upload of new episodes.

Sources: A-REQ, A-RSS, A-AUD, A-ART, A-CHAP, A-TR, A-CON are Apple Podcasts for Creators (requirements, guide to RSS,
audio, artwork, chapters, transcripts, content guidelines); PSP is the PSP-1 podcast RSS specification; P20 the podcast
namespace, podcastindex.org/namespace/1.0; PSC Podlove Simple Chapters 1.2; ID3C the ID3v2 chapter frame addendum 1.0;
"own" marks rules of this program.
"""


def page() -> str:
    """Return the page."""
    parts = [HEAD]
    for level in LEVELS:
        rows = [
            f"| `{r.id}` | {_plain(r.wrong)} | {_plain(r.fix)} | {r.source} |"
            for r in RULES.values()
            if r.level == level
        ]
        parts += [
            f"## {level.capitalize()}s\n",
            "| Rule | Problem | Fix | Source |\n|---|---|---|---|",
            *rows,
            "",
        ]
    return "\n".join(parts)


def _plain(text: str) -> str:
    """Return a text as Markdown shows it: what looks like markup stays visible."""
    return text.replace("|", "/").replace("&", "&amp;").replace("<", "&lt;")


if __name__ == "__main__":
    print(page(), end="")  # noqa: T201 - it goes to the file
