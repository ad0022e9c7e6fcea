# SPDX-License-Identifier: GPL-3.0-or-later
"""Source -> scripts/<slug>.md: the first stage, and the only one that writes what people then edit.

An article is recognised (catalog.py), so that handing in the same one again changes nothing, and a newer version of it
updates its script. What a person has edited is never overwritten: with `merge`, what changed in the article is taken
over around it. Number, date and guid are minted here, once, and kept in the script.
"""

import datetime as dt
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import msgspec

from podcast import read, script, workspace
from podcast.config.settings import Show
from podcast.errors import PodcastError, ReadError, ScriptError, did_you_mean
from podcast.model import Article, Script
from podcast.packages.imports import needed
from podcast.produce.intake import pictures
from podcast.produce.intake.catalog import ScriptCatalog
from podcast.read import Source
from podcast.read.normalize import EPOCH
from podcast.script import frontmatter
from podcast.script.merge import merge as merge_bodies
from podcast.text import counted, web
from podcast.workspace import Workspace

if TYPE_CHECKING:
    from podcast.read.fetch import Web

State = Literal["new", "same", "updated", "merged", "edited"]


@dataclass(frozen=True, slots=True)
class Written:
    """What became of an article."""

    script: Script
    state: State
    remarks: tuple[str, ...] = ()
    drafted: Script | None = None
    """What the article is as a script, before anybody edits it; None if there is nothing to write."""


@dataclass(frozen=True, slots=True)
class Intake:
    """How sources are taken in."""

    options: Mapping[str, object] = field(default_factory=dict)
    """What the producer said of the source; see the fields of read.Source."""
    date: dt.datetime | None = None
    merge: bool = False
    dry: bool = False
    """Only say what would be done."""
    private: bool = False
    """Whether web addresses of this machine and its network are allowed."""
    skip: frozenset[str] = frozenset()
    """Entries of a feed that are not to be tried now."""
    stdin: Callable[[], bytes] = bytes
    tell: Callable[[str], None] = lambda _text: None


def write_all(
    place: Workspace, show: Show, names: Sequence[str], intake: Intake
) -> tuple[list[Script], list[PodcastError]]:
    """Write the scripts of all articles in the named sources; return them, and what could not be read.

    One bad source, or one bad entry of a feed, does not stop the others. Call with the show's lock held.
    """
    writer = _ScriptWriter(place, show, intake, ScriptCatalog(place), _versions(place))
    found: list[Script] = []
    failures: list[PodcastError] = []
    for name in names:
        try:
            for source in read.names(name):
                _not_ours(place, source)
                _write_one(writer, source, found, failures)
        except PodcastError as error:
            failures.append(error)
    versions = writer.versions
    if not intake.dry and (versions or place.versions.exists()):
        workspace.write(place.versions, msgspec.json.format(msgspec.json.encode(versions, order="sorted")) + b"\n")
    return found, failures


def _not_ours(place: Workspace, name: str) -> None:
    """Raise ReadError if a source is a script of this show: taken for an article it would become an episode again."""
    path = Path(name)
    if not read.is_address(name) and path.is_file() and path.resolve().parent == place.scripts.resolve():
        raise ReadError(
            "is a script of this show, not an article",
            file=name,
            hint=f"to render its episode, run: podcast make {path.stem}",
        )


@dataclass(frozen=True)
class _ScriptWriter:
    """What the writing of every script shares."""

    place: Workspace
    show: Show
    intake: Intake
    catalog: ScriptCatalog
    versions: dict[str, dict[str, str]]
    """What web servers said of their pages; see Workspace.versions."""

    @cached_property
    def web(self) -> "Web":
        """The web, loaded when the first address is asked."""
        from podcast.read.fetch import Web

        return Web(private=self.intake.private, versions=self.versions)


def _versions(place: Workspace) -> dict[str, dict[str, str]]:
    """Return what servers said last time; what cannot be read is asked again."""
    try:
        return msgspec.json.decode(place.versions.read_bytes(), type=dict[str, dict[str, str]])
    except (FileNotFoundError, msgspec.MsgspecError):
        return {}


def _write_one(writer: _ScriptWriter, name: str, found: list[Script], failures: list[PodcastError]) -> None:
    """Write the scripts of one source."""
    catalog, skipped = writer.catalog, writer.intake.skip
    if read.is_address(name) and (skipped or not catalog.of(name)):
        writer.versions.pop(name, None)  # what it once gave is gone: ask for all of it
    try:
        source = _opened(writer, name)
        articles = _articles(writer, source) if source else []
        if not articles:
            writer.intake.tell(f"{name}: no new entries" if source else f"{name}: unchanged")
            found += [load(writer.place, slug) for slug in catalog.of(name)]
    except PodcastError as error:
        writer.versions.pop(name, None)
        failures.append(error)
        return
    if source is None:
        return
    written, failed = _write_articles(writer, source, articles)
    found += written
    failures += failed
    if failed or source.latest or skipped:
        writer.versions.pop(name, None)  # what is left of it is wanted next time


def _opened(writer: _ScriptWriter, name: str) -> Source | None:
    """Return a source, or None if it is a web page that has not changed."""
    intake = writer.intake
    with needed(f"{name}: reading it", ReadError):
        return read.open_source(
            name,
            stdin=intake.stdin() if name == "-" else None,
            web=writer.web if read.is_address(name) else None,
            known=frozenset(writer.catalog.parts(name)) | intake.skip,
            **intake.options,
        )


def _articles(writer: _ScriptWriter, source: Source) -> Sequence[Article | ReadError]:
    articles = read.articles(source)
    _still_a_feed(writer.catalog, source, articles)
    return articles


def _write_articles(
    writer: _ScriptWriter, source: Source, articles: Sequence[Article | ReadError]
) -> tuple[list[Script], list[PodcastError]]:
    """Write the scripts of the articles of a source; one that fails does not stop the others."""
    found: list[Script] = []
    failures: list[PodcastError] = []
    for article in articles:
        try:
            if isinstance(article, ReadError):
                raise article
            with needed(f"{source.name}: its script", ReadError):
                written = _write(writer, source, article)
        except PodcastError as error:
            failures.append(error)
            continue
        for remark in written.remarks:
            writer.intake.tell(f"{source.name}: {remark}")
        found.append(written.script)
    return found, failures


def _still_a_feed(catalog: ScriptCatalog, source: Source, articles: Sequence[Article | ReadError]) -> None:
    """Raise ReadError if a page came from where a feed has come from: most often “we are back soon”."""
    page = any(isinstance(article, Article) and not article.part for article in articles)
    if page and not source.whole and read.is_address(source.name) and catalog.is_feed(source.name):
        raise ReadError(
            "was a feed before, and is a web page now",
            file=source.name,
            hint="check in a browser whether the feed has moved or the site is down",
        )


def _write(writer: _ScriptWriter, source: Source, article: Article) -> Written:
    """Write the script of an article, unless there is nothing new in it."""
    place, intake = writer.place, writer.intake
    written = _script_of(writer, source, article)
    if written.drafted is None or intake.dry:
        return written
    slug, drafted = written.script.slug, script.render(written.drafted)
    if written.state == "new" and writer.show.article_pictures and web(written.script.image):
        image, remarks = pictures.taken(place, writer.web, written.script)
        written = replace(written, script=replace(written.script, image=image), remarks=(*written.remarks, *remarks))
    if written.state == "merged":
        text = _merged_text(writer, written.script, drafted)
    else:
        text = drafted if written.script == written.drafted else script.render(written.script)
    workspace.write(place.draft(slug), drafted)
    workspace.write(place.script(slug), text)
    parsed = _parsed(place, slug, text)  # as it will be read from now on, with its lines
    writer.catalog.note(parsed)
    return replace(written, script=parsed)


def _script_of(writer: _ScriptWriter, source: Source, article: Article) -> Written:
    """Return the script of an article, and whether it is there already; nothing is written."""
    catalog = writer.catalog
    if slug := catalog.same(article):
        return Written(load(writer.place, slug), "same")
    if slug := catalog.earlier(article, _file(source)):
        return _newer(writer, load(writer.place, slug), source, article)
    when = catalog.distinct(writer.intake.date or article.published or _last_change(source))
    season, number = catalog.next
    drafted = script.draft(
        article,
        writer.show,
        slug=catalog.free(script.slugify(article.title)),
        date=when,
        file=_file(source),
        episode=number,
    )
    return Written(replace(drafted, season=season), "new", article.remarks, drafted)


def _newer(writer: _ScriptWriter, before: Script, source: Source, article: Article) -> Written:
    """Take over a changed article; what a person has changed in its script stays."""
    taken = _drafted(writer, source, article, before)
    text = writer.place.script(before.slug).read_text(encoding="utf-8")
    if before.origin is not None and script.digest_of(script.body_of(text)) == before.origin.body:
        updated = replace(before, segments=taken.segments, links=taken.links, origin=taken.origin)
        return Written(updated, "updated", article.remarks, taken)
    if not writer.intake.merge:
        remark = (
            "the article has changed, but its script was edited by hand: script kept (merge the changes with --merge)"
        )
        return Written(before, "edited", (remark,))
    if not writer.place.draft(before.slug).is_file():
        raise ScriptError(
            "cannot be merged, because its original draft is missing",
            file=before.path,
            hint=f"restore {writer.place.draft(before.slug)}, or copy the changes into the script by hand",
        )
    return Written(replace(before, origin=taken.origin), "merged", article.remarks, taken)


def _drafted(writer: _ScriptWriter, source: Source, article: Article, kept: Script) -> Script:
    """Return what an article would be as a script, with the identity of the script that is kept."""
    drafted = script.draft(
        article, writer.show, slug=kept.slug, date=kept.date, file=_file(source), episode=kept.episode
    )
    return replace(drafted, guid=kept.guid)


def _merged_text(writer: _ScriptWriter, edited: Script, drafted: str) -> str:
    """Return the script with what changed in the article between its last draft and this one."""
    place = writer.place
    before, now = place.draft(edited.slug), place.script(edited.slug)
    text, conflicts = merge_bodies(
        script.body_of(before.read_text(encoding="utf-8")),
        script.body_of(now.read_text(encoding="utf-8")),
        script.body_of(drafted),
    )
    merged = f"---\n{frontmatter.render(edited)}---\n{text}"
    script.parse(merged, edited.slug, now)
    if conflicts:
        writer.intake.tell(
            f"{now}: {counted(conflicts, 'conflict')}, marked with comments: search for “<!-- the article”"
        )
    return merged


def _file(source: Source) -> str:
    """Return how a source is called in a script: a file without its folder, or the address that was asked."""
    if source.path:
        return unicodedata.normalize("NFC", source.path.name)  # macOS divides letters and their accents
    return source.name if source.url else ""


def _last_change(source: Source) -> dt.datetime:
    """Return when the file was last changed, to the second: the date of an article that has none.

    What came from the web or on standard input has no such time; it gets the present one, kept in its script.
    """
    if source.path is None:
        return dt.datetime.now(dt.UTC).replace(microsecond=0)
    return EPOCH + dt.timedelta(seconds=int(source.path.stat().st_mtime))


def load(place: Workspace, slug: str) -> Script:
    """Return the script of an episode.

    Raises ScriptError if there is none, or with the line of a mistake in it.
    """
    path = place.script(slug)
    if path.is_symlink() and not path.resolve().is_relative_to(place.root.resolve()):
        raise ScriptError(
            "is a link to a file outside the show folder", file=path, hint="copy the file here instead of linking to it"
        )
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        known = [found.stem for found in place.script_files()]
        hint = did_you_mean(slug, known) if known else "make the first one: podcast make ARTICLE"
        raise ScriptError(f"unknown script {slug!r}", hint=hint) from None
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise ScriptError(f"{path}:{line}: not valid UTF-8", hint="save the file as UTF-8") from error
    return _parsed(place, slug, text)


def _parsed(place: Workspace, slug: str, text: str) -> Script:
    """Return the script that a text is; errors name its file from the show folder."""
    path = place.script(slug)
    shown = path.relative_to(place.root) if path.is_relative_to(place.root) else path
    return script.parse(text, slug, shown)
