# SPDX-License-Identifier: GPL-3.0-or-later
"""`podcast import`: the feed of an existing show -> show.toml, and a record of each episode in audio/imported/.

    documents()    the feed with all its pages (RFC 5005)
    _items()       each item once, with a guid and a date
    begin()        show.toml, if there is none
    import_show()  the episodes, in parallel, each written as soon as it is complete

Run again, it imports new items only; guid, date and enclosure of imported episodes never change.
"""

import datetime as dt
import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field, replace
from pathlib import Path

from podcast import workspace
from podcast.config.edit import Value, revise
from podcast.config.load import guid_for, load
from podcast.config.settings import Show
from podcast.errors import ConfigError, FeedError, PodcastError, ReadError, reason_of
from podcast.feed.validate import categories, category
from podcast.model import Episode
from podcast.packages.imports import needed
from podcast.produce import records
from podcast.produce.commands import init as start
from podcast.produce.intake.catalog import ScriptCatalog
from podcast.produce.migrate.import_episode import EpisodeImport
from podcast.progress import Progress
from podcast.read import is_address
from podcast.read.feed import podcast_feed
from podcast.read.feed.podcast_feed import PodcastChannel, PodcastItem
from podcast.read.fetch import Web
from podcast.script import slugify
from podcast.text import LANGUAGE, counted
from podcast.workspace import Workspace

DOCUMENTS = 1_000
"""Maximum number of pages of a feed, as some servers generate endless ones."""

AT_ONCE = 4
"""Number of items whose files are fetched in parallel."""

RENAMED = {
    "Games & Hobbies": ("Leisure", ""),
    "Government & Organizations": ("Government", ""),
    "Science & Medicine": ("Science", ""),
    "Sports & Recreation": ("Sports", ""),
}
"""Apple's categories until 2019 -> today's category and subcategory."""


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """Options of an import."""

    source: str
    """URL or file of the feed."""
    url: str = ""
    """Future URL of the feed folder."""
    mirror: bool = False
    """Whether to copy the audio files."""
    private: bool = False
    """Whether URLs of this machine and its network are allowed."""


@dataclass(frozen=True, slots=True)
class ImportResult:
    """Result of an import."""

    show: Show
    begun: bool
    """True if show.toml was written."""
    episodes: list[Episode]
    """New episodes."""
    mirrored: int
    """Number of earlier episodes whose audio was copied now."""
    known: int
    """Number of items that were imported before."""
    failures: list[PodcastError]


@dataclass
class _Remarks:
    """Remarks about the feed, each kind reported once."""

    found: dict[str, list[str]] = field(default_factory=dict)

    def note(self, what: str, title: str) -> None:
        self.found.setdefault(what, []).append(title)

    def tell(self, say: Callable[[str], None]) -> None:
        for what, titles in sorted(self.found.items()):
            who = f"“{min(titles)}”"
            say(f"note: {who}: {what}" if len(titles) == 1 else f"note: {len(titles)} episodes, such as {who}: {what}")


def import_show(place: Workspace, options: ImportOptions, *, progress: Progress) -> ImportResult:
    """Import the new items of a feed. Call with the show's lock held.

    An episode that cannot be imported does not stop the others. Raises ReadError if the feed cannot be read,
    ConfigError if there is a show.toml with an error.
    """
    web = Web(private=options.private)
    channels = list(documents(web, options.source))
    for one in channels:
        for remark in one.remarks:
            progress.say(f"note: {remark}")
    begun = not place.show.exists()
    show = (
        begin(place, options, channels[0], web, progress.say) if begun else _existing(place, channels[0], progress.say)
    )
    remarks = _Remarks()
    items = _items(channels, show, remarks)
    here = {head.guid: head for head, _whole in records.summaries(place)}
    new = [item for item in items if item.guid not in here]
    importer = EpisodeImport(place, web, channels[0].image, remarks.note)
    episodes, failures = _import_all(importer, list(_with_slugs(place, new)), mirror=options.mirror, progress=progress)
    old = [head for head in here.values() if head.imported and head.enclosure.url] if options.mirror else []
    fetched, unfetched = _copy_audio(importer, old, progress=progress)
    remarks.tell(progress.say)
    return ImportResult(show, begun, episodes, fetched, len(items) - len(new), [*failures, *unfetched])


def documents(web: Web, source: str) -> Iterator[PodcastChannel]:
    """Yield the documents of a feed, newest episodes first (RFC 5005).

    Raises ReadError if one of them cannot be fetched, so that an incomplete show is never imported.
    """
    address, seen = source, set[str]()
    while address and address not in seen:
        seen.add(address)
        if len(seen) > DOCUMENTS:
            raise ReadError(
                f"the feed has more than {DOCUMENTS} pages", file=source, hint="check that this is the URL of the feed"
            )
        if is_address(address):
            answer = web.fetch(address)
            found = podcast_feed.read(answer.data, name=address, url=answer.url)
        else:
            try:
                found = podcast_feed.read(Path(address).read_bytes(), name=address, url="")
            except OSError as error:
                hint = "give the URL of a feed, or a file that it was saved to"
                raise ReadError(reason_of(error), file=address, hint=hint) from error
        yield found
        address = found.older


# --- the show ---------------------------------------------------------------------------------------------------


def begin(
    place: Workspace, options: ImportOptions, channel: PodcastChannel, web: Web, say: Callable[[str], None]
) -> Show:
    """Write show.toml and return the show; invalid values are reported and left out."""
    values: dict[str, Value] = dict(channel.values)
    language = str(values.pop("language", ""))
    if not LANGUAGE.fullmatch(language):
        say(f"note: the feed has no valid language ({language!r}); set language in show.toml")
        language = "en"
    first = {name: str(values.pop(name, "")) for name in ("title", "author", "email", "description")}
    first["title"] = first["title"] or "Podcast"
    start.start(place.root, first | {"language": language, "url": options.url})
    values["guid"] = _guid(str(values.pop("guid", "")), channel, options.source)
    values |= _categories(channel.categories, say)
    values["cover"] = _cover(place, channel.image, web, say)
    for key, value in values.items():
        try:
            revise(place, {key: value} if value else {})
        except ConfigError as error:
            say(f"note: not imported: {error.message}")
    return load(place.show)


def _existing(place: Workspace, channel: PodcastChannel, say: Callable[[str], None]) -> Show:
    """Return the show of the existing show.toml, which is not changed."""
    show = load(place.show)
    guid = str(channel.values.get("guid", ""))
    if guid and guid != show.guid:
        say(f"note: the feed's podcast:guid {guid} differs from the one in show.toml; check that it is the same show")
    return show


def _categories(entries: Iterable[str], say: Callable[[str], None]) -> dict[str, Value]:
    """Return the category settings for show.toml; the first category is the main one."""
    known = categories()
    listed = []
    for entry in entries:
        name, below = category(entry)
        name, below = RENAMED.get(name, (name, below))
        if name not in known:
            say(f"note: category {name!r} is not in Apple's list; skipped")
            continue
        if below and below not in known[name]:
            say(f"note: subcategory {below!r} is not in Apple's list; skipped")
            below = ""
        listed.append((name, below))
    if not listed:
        return {}
    (name, below), *more = dict.fromkeys(listed)
    return {
        "category": name,
        "subcategory": below,
        "more_categories": tuple(f"{one}: {inner}" if inner else one for one, inner in more),
    }


def _cover(place: Workspace, address: str, web: Web, say: Callable[[str], None]) -> str:
    """Fetch the cover as a JPEG that directories accept; return its name, or empty if one has to be drawn."""
    from podcast.feed import art

    if not address:
        return ""
    raw = place.root / "cover.original"
    try:
        web.save(address, raw, advance=lambda _bytes: None)
        try:
            picture = art.load(raw)
        except FeedError as error:
            picture = art.squared(raw)
            say(f"note: {address}: {error.text}; converted to a square image")
        workspace.write(place.root / "cover.jpg", picture)
    except (ReadError, FeedError) as error:
        say(f"note: the cover art cannot be imported, so it is drawn from the title: {error.message}")
        return ""
    finally:
        raw.unlink(missing_ok=True)
    return "cover.jpg"


def _guid(given: str, channel: PodcastChannel, source: str) -> str:
    """Return podcast:guid: the given one if it is a UUID, else that of the feed's URL; empty if there is none."""
    try:
        uuid.UUID(given)
    except ValueError:
        url = source if is_address(source) else channel.address
        return guid_for(url) if is_address(url) else ""
    return given


# --- the items --------------------------------------------------------------------------------------------------


def _items(channels: Sequence[PodcastChannel], show: Show, remarks: _Remarks) -> list[PodcastItem]:
    """Return the items that are episodes, newest first, each with a guid, a date, a title and a language."""
    found: dict[str, PodcastItem] = {}
    enclosures: set[str] = set()
    for item in (item for one in channels for item in one.items):
        title = item.title or item.summary[:60] or item.guid or item.url
        if not item.url:
            remarks.note("no enclosure, so it is not an episode; skipped", title or "untitled item")
            continue
        if not item.guid:  # Apple's rule (A podcaster's guide to RSS): the URL of the enclosure is used instead
            remarks.note("no guid; its enclosure URL becomes its guid, as in apps", title)
        if not item.title:
            remarks.note("no title; its show notes or URL are used instead", title)
        whole = replace(item, guid=item.guid or item.url, title=title, language=item.language or show.language)
        if whole.guid in found:
            remarks.note("same guid as a newer item, which is the one that apps show; skipped", title)
            continue
        if whole.url in enclosures:
            remarks.note(
                "same enclosure URL as a newer item, which is the one that Apple Podcasts shows; imported unchanged",
                title,
            )
        enclosures.add(whole.url)
        found[whole.guid] = whole
    return list(_dated(list(found.values()), remarks))


def _dated(items: Sequence[PodcastItem], remarks: _Remarks) -> Iterator[PodcastItem]:
    """Yield the items with dates; one without a date gets one between its neighbours' dates.

    Raises ReadError if no item has a date.
    """
    dated = [item.published for item in items if item.published]
    if items and not dated:
        raise ReadError(
            "no item of the feed has a valid date",
            hint="save the feed to a file, add a pubDate to each item, and import the file",
        )
    before = dated[0] + dt.timedelta(seconds=len(items)) if items else None
    for item in items:
        if item.published is None and before:
            remarks.note("no valid date; placed just before the next newer episode", item.title)
            before -= dt.timedelta(seconds=1)
            yield replace(item, published=before, date="")
            continue
        before = item.published
        if not podcast_feed.is_rfc(item.date):
            remarks.note("the date is not in RFC 2822 format; rewritten", item.title)
            item = replace(item, date="")  # noqa: PLW2901 - the same item, fixed
        yield item


def _with_slugs(place: Workspace, new: Iterable[PodcastItem]) -> Iterator[tuple[PodcastItem, str]]:
    """Yield each item with a unique slug, the oldest first."""
    catalog = ScriptCatalog(place)
    for item in reversed(list(new)):
        slug = catalog.free(slugify(item.title))
        catalog.slugs.add(slug)
        yield item, slug


# --- the episodes -----------------------------------------------------------------------------------------------


def _import_all(
    importer: EpisodeImport, named: Sequence[tuple[PodcastItem, str]], *, mirror: bool, progress: Progress
) -> tuple[list[Episode], list[PodcastError]]:
    """Import items as episodes; return them by date, and the errors of those that failed."""

    def take(item: PodcastItem, slug: str) -> Episode:
        episode = importer.episode(item, slug)
        return importer.mirrored(episode) if mirror else episode

    return _run_all(importer, [(item.title, take, (item, slug)) for item, slug in named], "importing", progress)


def _copy_audio(
    importer: EpisodeImport, old: Sequence[Episode], *, progress: Progress
) -> tuple[int, list[PodcastError]]:
    """Copy the audio of episodes that were imported without it; return how many, and the errors."""

    def fetch(slug: str) -> Episode:
        episode = records.load(importer.place, slug)
        if episode is None:
            raise ReadError("file not found", file=importer.place.record(slug), hint="run the command again")
        return importer.mirrored(episode)

    done, failures = _run_all(
        importer, [(one.title, fetch, (one.slug,)) for one in old], "fetching the audio of", progress
    )
    return len(done), failures


def _run_all(
    importer: EpisodeImport,
    work: Sequence[tuple[str, Callable[..., Episode], tuple[object, ...]]],
    title: str,
    progress: Progress,
) -> tuple[list[Episode], list[PodcastError]]:
    """Run tasks in parallel; each episode is written as soon as it is complete, so that nothing is fetched twice."""
    if not work:
        return [], []
    done: list[Episode] = []
    failures: list[PodcastError] = []
    progress.stage(f"{title} {counted(len(work), 'episode')}", len(work))
    with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="import") as pool:
        futures = {pool.submit(do, *arguments): name for name, do, arguments in work}
        try:
            for future in as_completed(futures):
                try:
                    with needed("importing"):
                        episode = future.result()
                except PodcastError as error:
                    failures.append(ReadError(f"“{futures[future]}”: {error.message}", hint=error.hint))
                else:
                    records.keep(importer.place, episode)
                    done.append(episode)
                progress.advance(1)
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)  # running downloads are resumed by the next run
            raise
    return sorted(done, key=lambda episode: episode.published), failures
