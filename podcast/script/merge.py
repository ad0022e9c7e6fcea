# SPDX-License-Identifier: GPL-3.0-or-later
"""Three-way merge: put the changes of an article into its script, and keep the edits that were made there.

Compared block by block: a paragraph, a heading, a list. Where both have changed the same block, the edited one stays,
and the article's is added below it as a comment, for a person to decide.
"""

import re
from collections.abc import Iterator, Sequence

from merge3 import Merge3


def merge(drafted: str, edited: str, article: str) -> tuple[str, int]:
    """Return the merged body and the number of conflicts.

    `drafted` is the body of the original draft, `edited` the body today, `article` a draft from the new article.
    """
    base, mine, new = _blocks(drafted), _blocks(edited), _blocks(article)
    found: list[str] = []
    conflicts = 0
    for kind, *bounds in Merge3(base, mine, new).merge_regions():
        match kind, bounds:
            case "unchanged", (start, end):
                found += base[start:end]
            case (("a" | "same"), (start, end)):
                found += mine[start:end]
            case "b", (start, end):
                found += new[start:end]
            case _, (_, _, start, end, new_start, new_end):
                conflicts += 1
                found += [*mine[start:end], *_as_comment(new[new_start:new_end])]
    return "\n" + "\n\n".join(found) + "\n", conflicts


def _blocks(body: str) -> list[str]:
    return [block.rstrip() for block in re.split(r"\n(?:[ \t]*\n)+", body.strip("\n")) if block.strip()]


def _as_comment(blocks: Sequence[str]) -> Iterator[str]:
    words = "\n\n".join(blocks).replace("-->", "-- >")
    if words:
        yield f"<!-- the article now says:\n\n{words}\n-->"
    else:
        yield "<!-- the article no longer says this -->"
