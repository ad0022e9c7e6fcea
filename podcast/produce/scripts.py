# SPDX-License-Identifier: GPL-3.0-or-later
"""Source -> scripts/<slug>.md: the first stage, and the only one that writes what people then edit.

An article is recognised by its digest, kept in its script, so that handing in the same file again changes nothing.
What a person has edited is never overwritten. Number, date and guid are minted here, once, and kept in the script.
"""

import datetime as dt
import itertools
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from podcast import read, script, workspace
from podcast.errors import ScriptError
from podcast.model import Article, Script, Show
from podcast.read.common import Source
from podcast.script.draft import article_digest
from podcast.workspace import Workspace

State = Literal["new", "same", "updated", "edited"]


@dataclass(frozen=True, slots=True)
class Written:
    """What became of an article."""

    script: Script
    state: State
    remarks: tuple[str, ...] = ()


def write(
    place: Workspace, show: Show, source: Source, *, date: dt.datetime | None = None, dry: bool = False
) -> list[Written]:
    """Write the script of each article in a source, and say what was done; `dry` only says it.

    Raises ReadError if the source cannot be read. Call with the show's lock held.
    """
    done = []
    for article in read.articles(source):
        written = _script_of(place, show, source, article, date)
        if written.state in {"new", "updated"} and not dry:
            workspace.write(place.script(written.script.slug), script.render(written.script))
            # read back, so that lines are known from the first run on
            written = replace(written, script=load(place, written.script.slug))
        done.append(written)
    return done


def _script_of(place: Workspace, show: Show, source: Source, article: Article, date: dt.datetime | None) -> Written:
    digest = article_digest(article)
    texts = {path: path.read_text(encoding="utf-8") for path in paths(place)}
    for path, text in texts.items():
        if digest in text:
            return Written(load(place, path.stem), "same")
    file = source.path.name if source.path else ""
    slug = script.slugify(article.title)
    known = load(place, slug) if place.script(slug) in texts else None
    if known and file and known.origin and known.origin.file == file:
        return _updated(show, known, article, file)
    slug = _free(place, slug)
    when = _distinct(date or article.published or _last_change(source), texts.values())
    number = _next_number(texts.values())
    return Written(script.draft(article, show, slug=slug, date=when, file=file, episode=number), "new", article.remarks)


def _updated(show: Show, known: Script, article: Article, file: str) -> Written:
    """Take over a changed article, unless a person has changed its script."""
    if known.origin is None or script.body_digest(known) != known.origin.body:
        remark = "the article has changed, but its script was edited by hand: left as it is"
        return Written(known, "edited", (remark,))
    drafted = script.draft(article, show, slug=known.slug, date=known.date, file=file)
    taken = replace(known, segments=drafted.segments, links=drafted.links, origin=drafted.origin)
    return Written(taken, "updated", article.remarks)


def _free(place: Workspace, slug: str) -> str:
    """Return the slug, numbered if another article has it."""
    numbered = (slug if count == 1 else f"{slug}-{count}" for count in itertools.count(1))
    return next(name for name in numbered if not place.script(name).exists())


def _last_change(source: Source) -> dt.datetime:
    """Return when the file was last changed, to the second: the date of an article that has none.

    Only what came on standard input has no such time; it gets the present one, kept in its script from then on.
    """
    if source.path is None:
        return dt.datetime.now(dt.UTC).replace(microsecond=0)
    return dt.datetime.fromtimestamp(int(source.path.stat().st_mtime), dt.UTC)


def _distinct(date: dt.datetime, texts: Iterable[str]) -> dt.datetime:
    """Return the date, some seconds later if other episodes have it: apps need an order."""
    taken = {found[1] for text in texts for found in re.finditer(r"^date: (\S+)$", text, re.MULTILINE)}
    while date.isoformat() in taken:
        date += dt.timedelta(seconds=1)
    return date


def _next_number(texts: Iterable[str]) -> int:
    numbers = [int(found[1]) for text in texts for found in re.finditer(r"^episode: (\d+)$", text, re.MULTILINE)]
    return max(numbers, default=0) + 1


def paths(place: Workspace) -> list[Path]:
    """Return the script files of a show, by name."""
    return sorted(path for path in place.scripts.glob("*.md") if not path.name.startswith((".", "README")))


def load(place: Workspace, slug: str) -> Script:
    """Return the script of an episode.

    Raises ScriptError if there is none, or with the line of a mistake in it.
    """
    path = place.script(slug)
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        known = ", ".join(found.stem for found in paths(place)) or "none yet"
        raise ScriptError(f"there is no script {slug!r}", hint=f"scripts are: {known}") from None
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise ScriptError(f"{path}:{line}: not UTF-8", hint="save the file as UTF-8") from error
    shown = path.relative_to(place.root) if path.is_relative_to(place.root) else path
    return script.parse(text, slug, shown)
