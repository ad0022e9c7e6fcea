# SPDX-License-Identifier: GPL-3.0-or-later
"""scripts/.published.json: what apps know of the show, so that no change makes them list or download again unawares.

    finished episodes -> now(), the file -> published()     both are PublishedState
    PublishedState, PublishedState      -> changes()                          what listeners will notice
                      -> refuse()                           an error, unless it is allowed

An app knows an episode by its guid, sorts it by its date and has downloaded its enclosure; it knows the show by its
podcast:guid and by the address of the feed. The file is written when the feed is published. A show that names no target
but has a real address is uploaded by hand: there each feed that is written counts as published, and new sound is only
told, not refused. It lies with the scripts because it is worth committing with them: a checkout elsewhere, or one whose
audio/ was thrown away, still knows what must not change.
"""

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Annotated

import msgspec

from podcast import workspace
from podcast.config.load import is_placeholder
from podcast.config.settings import Permission, Show
from podcast.errors import FeedError
from podcast.model import Episode
from podcast.produce import records
from podcast.workspace import Workspace

FILE = ".published.json"
"""In scripts/."""

SHOWN = 20
"""So many changes are named in an error; the rest is counted."""

SHOWN_AS = {"address": "feed URL", "show": "podcast:guid", "notes": "show notes changed"}
"""Kind of change -> its name for people, where that is another one."""

WHY: dict[str, str] = {
    "guid": "apps would show the episode twice; to undo it, write guid: {before} in scripts/{slug}.md",
    "date": "apps may announce the episode again; to undo it, write date: {before} in scripts/{slug}.md",
    "audio": "apps that downloaded the old audio keep it; others get the new audio",
    "address": "apps only know the old URL; restore url in show.toml, then run podcast move, which sets moved_to",
    "show": 'directories would see a different show; to undo it, write guid = "{before}" below [show] in show.toml',
}
"""Kind of change -> its effect, and how to undo it."""

PERMISSION: dict[str, Permission] = {
    "guid": "guid",
    "show": "guid",
    "date": "date",
    "audio": "audio",
    "address": "address",
}
"""Kind of change -> the permission that it needs; others need none."""


@dataclass(frozen=True, slots=True)
class PublishedEpisode:
    """What apps know of an episode."""

    guid: str
    slug: str
    date: Annotated[dt.datetime, msgspec.Meta(tz=True)]
    audio: str
    """Name of the enclosure in the feed folder."""
    bytes: int
    type: str
    title: str
    notes: str
    """Digest of what the notes are made of."""
    gone: bool = False
    """True if it is not in the feed any more; its guid must not come back as another episode."""


@dataclass(frozen=True, slots=True)
class PublishedState:
    """What apps know of the show."""

    guid: str = ""
    feed: str = ""
    """Address."""
    episodes: tuple[PublishedEpisode, ...] = ()


@dataclass(frozen=True, slots=True)
class Change:
    """Something that listeners will notice."""

    what: str
    """new, removed, title, notes, or a key of WHY."""
    slug: str
    guid: str
    before: str = ""
    after: str = ""

    @property
    def key(self) -> str:
        """By which a permission for it is remembered."""
        return f"{self.what} {self.guid} {self.after}"

    def as_json(self) -> dict[str, object]:
        """Return the change as JSON; `permission` is the one that it needs."""
        return {("change" if name == "what" else name): value for name, value in asdict(self).items()} | {
            "permission": PERMISSION.get(self.what, "")
        }

    def line(self) -> str:
        """Return the change for a person."""
        said = f"{self.before} -> {self.after}" if self.before and self.after else self.before or self.after
        return f"{self.slug}: {SHOWN_AS.get(self.what, self.what)}" + (f": {said}" if said else "")


def published(place: Workspace) -> PublishedState:
    """Return what was published last; nothing if nothing ever was.

    Raises FeedError if the file is damaged: without it, nobody knows what must not change.
    """
    path = place.scripts / FILE
    try:
        return msgspec.json.decode(path.read_bytes(), type=PublishedState)
    except FileNotFoundError:
        return PublishedState()
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        hint = "restore it from version control; delete it only if the show was never published"
        raise FeedError(f"the file is damaged: {error}", file=path, hint=hint) from error


def now(show: Show, episodes: Iterable[Episode]) -> PublishedState:
    """Return what apps would know once the feed of these episodes is published."""
    return PublishedState(
        show.guid, show.feed_url, tuple(sorted(map(_fact, episodes), key=lambda fact: (fact.date, fact.slug)))
    )


def keep(place: Workspace, what: PublishedState) -> None:
    """Write what is published now: an episode a line, so that a version control system shows what changed."""
    known = {fact.guid for fact in what.episodes}
    gone = (replace(fact, gone=True) for fact in published(place).episodes if fact.guid not in known)
    lines = [msgspec.json.encode(fact).decode() for fact in sorted((*what.episodes, *gone), key=lambda fact: fact.date)]
    head = f'"guid":{msgspec.json.encode(what.guid).decode()},"feed":{msgspec.json.encode(what.feed).decode()}'
    workspace.write(place.scripts / FILE, f'{{{head},"episodes":[\n' + ",\n".join(lines) + "\n]}\n")


def by_hand(show: Show) -> bool:
    """Return True if the feed folder of a show is uploaded by its producer: each feed that is written may be public."""
    return not show.targets and not is_placeholder(show)


def fixed(place: Workspace, show: Show, allowed: Collection[str] = ()) -> frozenset[str]:
    """Return the sound files of the feed that apps have and that must stay as they are, as nobody allows others."""
    if "audio" in {*allowed, *show.publishing.allow}:
        return frozenset()
    return frozenset(fact.audio for fact in published(place).episodes if not fact.gone)


def changes(before: PublishedState, after: PublishedState) -> list[Change]:
    """Return what listeners will notice, in the order of the episodes' dates."""
    if not before.guid:
        return [Change("new", fact.slug, fact.guid, after=fact.title) for fact in after.episodes]
    return [*_of_show(before, after), *_of_episodes(before, after)]


def refuse(show: Show, found: Sequence[Change], *, allowed: Collection[str], known: Collection[str]) -> list[Change]:
    """Raise FeedError if a change needs a permission that it has not; return those that only need to be told.

    `allowed` are permissions for all changes of a kind, `known` the keys of changes that were allowed before.
    """
    free = {*allowed, *show.publishing.allow}
    asking = [
        one for one in found if one.what in PERMISSION and PERMISSION[one.what] not in free and one.key not in known
    ]
    told = [one for one in asking if one.what == "audio" and by_hand(show)]
    wrong = [one for one in asking if one not in told]
    if not wrong:
        return told
    lines = [f"  - {one.line()}\n    {WHY[one.what].format(before=one.before, slug=one.slug)}" for one in wrong[:SHOWN]]
    more = [f"  - and {len(wrong) - SHOWN} more: podcast feed --diff"] if len(wrong) > SHOWN else []
    needed = dict.fromkeys(PERMISSION[one.what] for one in wrong)
    raise FeedError(
        "the feed would change what apps already know about the show:\n" + "\n".join([*lines, *more]),
        hint=f"undo the change, or allow it: podcast feed {' '.join(f'--allow-{one}' for one in needed)}",
    )


def _fact(episode: Episode) -> PublishedEpisode:
    told = (episode.summary, episode.author, episode.source, episode.links, [one.title for one in episode.chapters])
    return PublishedEpisode(
        guid=episode.guid,
        slug=episode.slug,
        date=episode.published,
        audio=records.sound_name(episode),
        bytes=episode.enclosure.bytes,
        type=episode.enclosure.type,
        title=episode.title,
        notes=records.digest(msgspec.json.encode(told))[:16],
    )


def _of_show(before: PublishedState, after: PublishedState) -> Iterator[Change]:
    if before.guid != after.guid:
        yield Change("show", "show.toml", after.guid, before.guid, after.guid)
    if before.feed != after.feed:
        yield Change("address", "show.toml", after.guid, before.feed, after.feed)


def _of_episodes(before: PublishedState, after: PublishedState) -> Iterator[Change]:
    known = {fact.guid: fact for fact in before.episodes}
    there = {fact.guid for fact in after.episodes}
    missing = [fact for fact in before.episodes if fact.guid not in there]
    # an episode that comes back under another guid is found by whatever else it has kept
    lost = {mark: fact for fact in missing for mark in _marks(fact)}
    reborn: set[str] = set()
    for fact in after.episodes:
        if fact.guid in known:
            yield from _of_episode(known[fact.guid], fact)
        elif old := next((lost[mark] for mark in _marks(fact) if mark in lost), None):
            reborn.add(old.guid)
            yield Change("guid", fact.slug, fact.guid, old.guid, fact.guid)
        else:
            yield Change("new", fact.slug, fact.guid, after=fact.title)
    for fact in missing:
        if not fact.gone and fact.guid not in reborn:
            yield Change("removed", fact.slug, fact.guid, fact.title)


def _marks(fact: PublishedEpisode) -> tuple[str, ...]:
    """Return by what an episode is recognised without its guid. A title may come again once the old one is gone."""
    title = () if fact.gone else (f"title {fact.title}",)
    return f"slug {fact.slug}", f"date {fact.date.astimezone(dt.UTC)}", f"sound {fact.audio[-14:]}", *title


def _of_episode(before: PublishedEpisode, after: PublishedEpisode) -> Iterator[Change]:
    if before.gone:
        yield Change("new", after.slug, after.guid, after=f"{after.title} (was in the feed before)")
    if before.title != after.title:
        yield Change("title", after.slug, after.guid, before.title, after.title)
    if before.date != after.date:
        yield Change("date", after.slug, after.guid, before.date.isoformat(), after.date.isoformat())
    if (before.audio, before.bytes, before.type) != (after.audio, after.bytes, after.type):
        yield Change("audio", after.slug, after.guid, before.audio, after.audio)
    if before.notes != after.notes:
        yield Change("notes", after.slug, after.guid)
