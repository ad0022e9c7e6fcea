# SPDX-License-Identifier: GPL-3.0-or-later
"""`podcast import`: the feed of an existing show -> show.toml, and an episode for each item in audio/imported/.

    documents()  the feed, and what RFC 5005 says belongs to it
    _items()     each item once, with a guid and a date
    begin()      show.toml, where there is none
    import_show()  episodes, some at a time, each written as soon as it is there

Run again, it takes what is new; guid, date and enclosure of what was taken before are left as they are.
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
"""Of one feed; more than that is a server that makes up addresses."""

AT_ONCE = 4
"""Items whose files are fetched at a time."""

RENAMED = {
    "Games & Hobbies": ("Leisure", ""),
    "Government & Organizations": ("Government", ""),
    "Science & Medicine": ("Science", ""),
    "Sports & Recreation": ("Sports", ""),
}
"""Apple's categories until 2019 -> those of today."""


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """How a show is taken over."""

    source: str
    """Address or file of its feed."""
    url: str = ""
    """Address at which its feed folder will be found from now on."""
    mirror: bool = False
    """Fetch the sound too."""
    private: bool = False
    """Whether addresses of this machine and its network are allowed."""


@dataclass(frozen=True, slots=True)
class ImportResult:
    """What was taken over."""

    show: Show
    begun: bool
    """True if show.toml was written."""
    episodes: list[Episode]
    """That are new."""
    mirrored: int
    """Sounds fetched of episodes that were here before."""
    known: int
    """Items that were here before."""
    failures: list[PodcastError]


@dataclass
class _Remarks:
    """What was not as it should be, told once a kind."""

    found: dict[str, list[str]] = field(default_factory=dict)

    def note(self, what: str, title: str) -> None:
        self.found.setdefault(what, []).append(title)

    def tell(self, say: Callable[[str], None]) -> None:
        for what, titles in sorted(self.found.items()):
            who = f"“{min(titles)}”"
            say(f"note: {who}: {what}" if len(titles) == 1 else f"note: {len(titles)} episodes, such as {who}: {what}")


def import_show(place: Workspace, order: ImportOptions, *, progress: Progress) -> ImportResult:
    """Take over what is new in a feed. Call with the show's lock held.

    One episode that cannot be had does not stop the others. Raises ReadError if the feed cannot be read, ConfigError
    if there is a show.toml that has a mistake.
    """
    web = Web(private=order.private)
    said = list(documents(web, order.source))
    for one in said:
        for remark in one.remarks:
            progress.say(f"note: {remark}")
    begun = not place.show.exists()
    show = begin(place, order, said[0], web, progress.say) if begun else _continued(place, said[0], progress.say)
    remarks = _Remarks()
    items = _items(said, show, remarks)
    here = {head.guid: head for head, _whole in records.summaries(place)}
    new = [item for item in items if item.guid not in here]
    taking = EpisodeImport(place, web, said[0].image, remarks.note)
    episodes, failures = _all(taking, list(_named(place, new)), mirror=order.mirror, progress=progress)
    old = [head for head in here.values() if head.imported and head.enclosure.url] if order.mirror else []
    fetched, unfetched = _fetched(taking, old, progress=progress)
    remarks.tell(progress.say)
    return ImportResult(show, begun, episodes, fetched, len(items) - len(new), [*failures, *unfetched])


def documents(web: Web, source: str) -> Iterator[PodcastChannel]:
    """Yield the documents of a feed, that of the newest episodes first (RFC 5005).

    Raises ReadError if one of them cannot be had: half a show is not taken for one.
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


def begin(place: Workspace, order: ImportOptions, said: PodcastChannel, web: Web, say: Callable[[str], None]) -> Show:
    """Write show.toml and return the show; what a show cannot have is told and left out."""
    values: dict[str, Value] = dict(said.values)
    language = str(values.pop("language", ""))
    if not LANGUAGE.fullmatch(language):
        say(f"note: the feed has no valid language ({language!r}); set language in show.toml")
        language = "en"
    first = {name: str(values.pop(name, "")) for name in ("title", "author", "email", "description")}
    first["title"] = first["title"] or "Podcast"
    start.start(place.root, first | {"language": language, "url": order.url})
    address = order.source if is_address(order.source) else said.address
    guid = str(values.pop("guid", ""))
    values["guid"] = guid if _is_uuid(guid) else guid_for(address) if is_address(address) else ""
    values |= _categories(said.categories, say)
    values["cover"] = _cover(place, said.image, web, say)
    for key, value in values.items():
        try:
            revise(place, {key: value} if value else {})
        except ConfigError as error:
            say(f"note: not imported: {error.message}")
    return load(place.show)


def _continued(place: Workspace, said: PodcastChannel, say: Callable[[str], None]) -> Show:
    """Return the show that is here; it is the producer's, and stays as it is."""
    show = load(place.show)
    guid = str(said.values.get("guid", ""))
    if guid and guid != show.guid:
        say(f"note: the feed's podcast:guid {guid} differs from the one in show.toml; check that it is the same show")
    return show


def _categories(entries: Iterable[str], say: Callable[[str], None]) -> dict[str, Value]:
    """Return what show.toml is to say of the categories, the first of which counts most."""
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
    """Fetch the cover as a JPEG that directories accept; return its name, or nothing if one has to be drawn."""
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


def _is_uuid(guid: str) -> bool:
    try:
        uuid.UUID(guid)
    except ValueError:
        return False
    return True


# --- the items --------------------------------------------------------------------------------------------------


def _items(said: Sequence[PodcastChannel], show: Show, remarks: _Remarks) -> list[PodcastItem]:
    """Return the items that are episodes, the newest first, each with a guid, a date, a title and a language."""
    found: dict[str, PodcastItem] = {}
    sounds: set[str] = set()
    for item in (item for one in said for item in one.items):
        title = item.title or item.summary[:60] or item.guid or item.url
        if not item.url:
            remarks.note("no enclosure, so it is not an episode; skipped", title or "untitled item")
            continue
        if not item.guid:  # Apple's rule (A podcaster's guide to RSS): the address of the enclosure stands for it
            remarks.note("no guid; its enclosure URL becomes its guid, as in apps", title)
        if not item.title:
            remarks.note("no title; its show notes or URL are used instead", title)
        whole = replace(item, guid=item.guid or item.url, title=title, language=item.language or show.language)
        if whole.guid in found:
            remarks.note("same guid as a newer item, which is the one that apps show; skipped", title)
            continue
        if whole.url in sounds:
            remarks.note(
                "same enclosure URL as a newer item, which is the one that Apple Podcasts shows; imported unchanged",
                title,
            )
        sounds.add(whole.url)
        found[whole.guid] = whole
    return list(_dated(list(found.values()), remarks))


def _dated(items: Sequence[PodcastItem], remarks: _Remarks) -> Iterator[PodcastItem]:
    """Yield the items with dates; one that has none is put between those beside it.

    Raises ReadError if none has one.
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
            item = replace(item, date="")  # noqa: PLW2901 - the same item, mended
        yield item


def _named(place: Workspace, new: Iterable[PodcastItem]) -> Iterator[tuple[PodcastItem, str]]:
    """Yield each item with a slug that no other episode has, the oldest first."""
    catalog = ScriptCatalog(place)
    for item in reversed(list(new)):
        slug = catalog.free(slugify(item.title))
        catalog.slugs.add(slug)
        yield item, slug


# --- the episodes -----------------------------------------------------------------------------------------------


def _all(
    taking: EpisodeImport, named: Sequence[tuple[PodcastItem, str]], *, mirror: bool, progress: Progress
) -> tuple[list[Episode], list[PodcastError]]:
    """Make episodes of items; return them in the order of their dates, and why others are none."""

    def take(item: PodcastItem, slug: str) -> Episode:
        episode = taking.episode(item, slug)
        return taking.mirrored(episode) if mirror else episode

    return _each(taking, [(item.title, take, (item, slug)) for item, slug in named], "importing", progress)


def _fetched(taking: EpisodeImport, old: Sequence[Episode], *, progress: Progress) -> tuple[int, list[PodcastError]]:
    """Fetch the sound of episodes that were taken over without it."""

    def fetch(slug: str) -> Episode:
        episode = records.load(taking.place, slug)
        if episode is None:
            raise ReadError("file not found", file=taking.place.record(slug), hint="run the command again")
        return taking.mirrored(episode)

    done, failures = _each(taking, [(one.title, fetch, (one.slug,)) for one in old], "fetching the audio of", progress)
    return len(done), failures


def _each(
    taking: EpisodeImport,
    work: Sequence[tuple[str, Callable[..., Episode], tuple[object, ...]]],
    title: str,
    progress: Progress,
) -> tuple[list[Episode], list[PodcastError]]:
    """Do work in parallel; each episode is written as soon as it is there, so that nothing is fetched twice."""
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
                    records.keep(taking.place, episode)
                    done.append(episode)
                progress.advance(1)
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)  # those that are under way end by themselves
            raise
    return sorted(done, key=lambda episode: episode.published), failures
