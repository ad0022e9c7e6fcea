# SPDX-License-Identifier: GPL-3.0-or-later
"""Source -> scripts/<slug>.md: the first stage, and the only one that writes files which people then edit.

Articles are recognised (catalog.py): the same article again changes nothing, and a newer version updates its script.
Edits by a person are never overwritten: with `merge`, the article's changes are merged into the edited script. Number,
date and guid are assigned here, once, and stored in the script.
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
    """The script of an article, and what was done."""

    script: Script
    state: State
    remarks: tuple[str, ...] = ()
    drafted: Script | None = None
    """The unedited script of the article; None if there is nothing to write."""


@dataclass(frozen=True, slots=True)
class Intake:
    """Options for reading sources."""

    options: Mapping[str, object] = field(default_factory=dict)
    """Options of the source, by name; see the fields of read.Source."""
    date: dt.datetime | None = None
    merge: bool = False
    dry: bool = False
    """Write nothing."""
    private: bool = False
    """Whether URLs of this machine and its network are allowed."""
    skip: frozenset[str] = frozenset()
    """Entries of a feed to skip in this run."""
    stdin: Callable[[], bytes] = bytes
    tell: Callable[[str], None] = lambda _text: None


def write_all(
    place: Workspace, show: Show, names: Sequence[str], intake: Intake
) -> tuple[list[Script], list[PodcastError]]:
    """Write the scripts of all articles in the named sources; return them and the errors.

    A bad source, or a bad entry of a feed, does not stop the others. Call with the show's lock held.
    """
    writer = _ScriptWriter(place, show, intake, ScriptCatalog(place), _versions(place))
    found: list[Script] = []
    failures: list[PodcastError] = []
    for name in names:
        try:
            for source in read.names(name):
                _refuse_script(place, source)
                _write_one(writer, source, found, failures)
        except PodcastError as error:
            failures.append(error)
    versions = writer.versions
    if not intake.dry and (versions or place.versions.exists()):
        workspace.write(place.versions, msgspec.json.format(msgspec.json.encode(versions, order="sorted")) + b"\n")
    return found, failures


def _refuse_script(place: Workspace, name: str) -> None:
    """Raise ReadError if a source is a script of this show, which would otherwise become a second episode."""
    path = Path(name)
    if not read.is_address(name) and path.is_file() and path.resolve().parent == place.scripts.resolve():
        raise ReadError(
            "is a script of this show, not an article",
            file=name,
            hint=f"to render its episode, run: podcast make {path.stem}",
        )


@dataclass(frozen=True)
class _ScriptWriter:
    """What is shared by the functions that write scripts in a run."""

    place: Workspace
    show: Show
    intake: Intake
    catalog: ScriptCatalog
    versions: dict[str, dict[str, str]]
    """HTTP validators (ETag, Last-Modified) by URL; see Workspace.versions."""

    @cached_property
    def web(self) -> "Web":
        """The HTTP client, imported when the first URL is fetched."""
        from podcast.read.fetch import Web

        return Web(private=self.intake.private, versions=self.versions)


def _versions(place: Workspace) -> dict[str, dict[str, str]]:
    """Return the stored HTTP validators; empty if they cannot be read, so that all pages are fetched again."""
    try:
        return msgspec.json.decode(place.versions.read_bytes(), type=dict[str, dict[str, str]])
    except (FileNotFoundError, msgspec.MsgspecError):
        return {}


def _write_one(writer: _ScriptWriter, name: str, found: list[Script], failures: list[PodcastError]) -> None:
    """Write the scripts of one source."""
    catalog, skipped = writer.catalog, writer.intake.skip
    if read.is_address(name) and (skipped or not catalog.of(name)):
        writer.versions.pop(name, None)  # its scripts are gone, or some entries are skipped: fetch it in full
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
        writer.versions.pop(name, None)  # the next run has to fetch the rest


def _opened(writer: _ScriptWriter, name: str) -> Source | None:
    """Open a source; return None if it is a web page that has not changed."""
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
    _refuse_page_of_feed(writer.catalog, source, articles)
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


def _refuse_page_of_feed(catalog: ScriptCatalog, source: Source, articles: Sequence[Article | ReadError]) -> None:
    """Raise ReadError if the URL of a feed returns a web page, such as a maintenance notice."""
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
        image, remarks = pictures.fetch_lead_image(place, writer.web, written.script)
        written = replace(written, script=replace(written.script, image=image), remarks=(*written.remarks, *remarks))
    if written.state == "merged":
        text = _merged_text(writer, written.script, drafted)
    else:
        text = drafted if written.script == written.drafted else script.render(written.script)
    workspace.write(place.draft(slug), drafted)
    workspace.write(place.script(slug), text)
    parsed = _parsed(place, slug, text)  # as later runs read it, with line numbers
    writer.catalog.note(parsed)
    return replace(written, script=parsed)


def _script_of(writer: _ScriptWriter, source: Source, article: Article) -> Written:
    """Return the script of an article, and whether it exists already; nothing is written."""
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
    """Return the updated or merged script of a changed article; edits by a person stay."""
    draft = _drafted(writer, source, article, before)
    text = writer.place.script(before.slug).read_text(encoding="utf-8")
    if before.origin is not None and script.digest_of(script.body_of(text)) == before.origin.body:
        updated = replace(before, segments=draft.segments, links=draft.links, origin=draft.origin)
        return Written(updated, "updated", article.remarks, draft)
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
    return Written(replace(before, origin=draft.origin), "merged", article.remarks, draft)


def _drafted(writer: _ScriptWriter, source: Source, article: Article, kept: Script) -> Script:
    """Return the draft of an article, with slug, date, number and guid of its existing script."""
    drafted = script.draft(
        article, writer.show, slug=kept.slug, date=kept.date, file=_file(source), episode=kept.episode
    )
    return replace(drafted, guid=kept.guid)


def _merged_text(writer: _ScriptWriter, edited: Script, drafted: str) -> str:
    """Return the edited script with the changes between the article's last draft and this one merged in."""
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
    """Return the name of a source for the script: a file name without folder, or the requested URL."""
    if source.path:
        return unicodedata.normalize("NFC", source.path.name)  # macOS decomposes accented letters
    return source.name if source.url else ""


def _last_change(source: Source) -> dt.datetime:
    """Return the modification time of the file, to the second: the date of an article that has none.

    An article from the web or standard input gets the present time, which is stored in its script.
    """
    if source.path is None:
        return dt.datetime.now(dt.UTC).replace(microsecond=0)
    return EPOCH + dt.timedelta(seconds=int(source.path.stat().st_mtime))


def load(place: Workspace, slug: str) -> Script:
    """Return the script of an episode.

    Raises ScriptError if there is none, or if it has an error, with the line.
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
    """Parse a script; errors give its path relative to the show folder."""
    path = place.script(slug)
    shown = path.relative_to(place.root) if path.is_relative_to(place.root) else path
    return script.parse(text, slug, shown)
