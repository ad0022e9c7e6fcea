# SPDX-License-Identifier: GPL-3.0-or-later
"""scripts/.published.json: what apps know of the show, so that no change makes them duplicate or re-download episodes.

    finished episodes -> now(), the file -> published()     both give a PublishedState
    both states       -> changes()                          what listeners will notice
                      -> refuse()                           raises an error, unless the change is allowed

An app knows an episode by its guid, sorts it by its date and has downloaded its enclosure; it knows the show by its
podcast:guid and by the feed URL. The file is written when the feed is published. A show that names no target but has a
real URL is uploaded by hand: there each feed that is written counts as published, and new audio is only reported, not
refused. The file is in scripts/ because it should be committed with them: a checkout elsewhere, or one whose audio/ was
deleted, still knows what must not change.
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
"""Name of the file in scripts/."""

SHOWN = 20
"""Number of changes listed in an error; the rest is counted."""

SHOWN_AS = {"address": "feed URL", "show": "podcast:guid", "notes": "show notes changed"}
"""Kind of change -> its display name, where they differ."""

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
"""Kind of change -> the permission that it requires; other kinds require none."""


@dataclass(frozen=True, slots=True)
class PublishedEpisode:
    """What apps know of a published episode."""

    guid: str
    slug: str
    date: Annotated[dt.datetime, msgspec.Meta(tz=True)]
    audio: str
    """Name of the enclosure in the feed folder."""
    bytes: int
    type: str
    title: str
    notes: str
    """Digest of the content of the show notes."""
    gone: bool = False
    """True if it is no longer in the feed; its guid must not be reused for another episode."""


@dataclass(frozen=True, slots=True)
class PublishedState:
    """What apps know of the show: its identity, its feed URL and its episodes."""

    guid: str = ""
    feed: str = ""
    """URL of the feed."""
    episodes: tuple[PublishedEpisode, ...] = ()


@dataclass(frozen=True, slots=True)
class Change:
    """A change that listeners will notice."""

    what: str
    """new, removed, title, notes, or a key of WHY."""
    slug: str
    guid: str
    before: str = ""
    after: str = ""

    @property
    def key(self) -> str:
        """Key under which the permission for this change is stored."""
        return f"{self.what} {self.guid} {self.after}"

    def as_json(self) -> dict[str, object]:
        """Return the change as JSON; `permission` is the one that it requires, or empty."""
        return {("change" if name == "what" else name): value for name, value in asdict(self).items()} | {
            "permission": PERMISSION.get(self.what, "")
        }

    def line(self) -> str:
        """Return the change as a line of text."""
        said = f"{self.before} -> {self.after}" if self.before and self.after else self.before or self.after
        return f"{self.slug}: {SHOWN_AS.get(self.what, self.what)}" + (f": {said}" if said else "")


def published(place: Workspace) -> PublishedState:
    """Return the state that was published last; empty if nothing was published yet.

    Raises FeedError if the file is damaged: without it, nothing says what must not change.
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
    """Return the state that apps would see once the feed of these episodes is published."""
    seen = sorted(map(_published_episode, episodes), key=lambda one: (one.date, one.slug))
    return PublishedState(show.guid, show.feed_url, tuple(seen))


def keep(place: Workspace, what: PublishedState) -> None:
    """Write the published state, one episode per line for readable diffs; removed episodes are kept as `gone`."""
    known = {episode.guid for episode in what.episodes}
    gone = (replace(episode, gone=True) for episode in published(place).episodes if episode.guid not in known)
    lines = [
        msgspec.json.encode(episode).decode() for episode in sorted((*what.episodes, *gone), key=lambda one: one.date)
    ]
    head = f'"guid":{msgspec.json.encode(what.guid).decode()},"feed":{msgspec.json.encode(what.feed).decode()}'
    workspace.write(place.scripts / FILE, f'{{{head},"episodes":[\n' + ",\n".join(lines) + "\n]}\n")


def by_hand(show: Show) -> bool:
    """Return True if the producer uploads the feed folder by hand: any feed that is written may be public."""
    return not show.targets and not is_placeholder(show)


def fixed(place: Workspace, show: Show, allowed: Collection[str] = ()) -> frozenset[str]:
    """Return the published audio files that must not change; none if changing audio is allowed."""
    if "audio" in {*allowed, *show.publishing.allow}:
        return frozenset()
    return frozenset(episode.audio for episode in published(place).episodes if not episode.gone)


def changes(before: PublishedState, after: PublishedState) -> list[Change]:
    """Return the changes that listeners will notice, ordered by the episodes' dates."""
    if not before.guid:
        return [Change("new", episode.slug, episode.guid, after=episode.title) for episode in after.episodes]
    return [*_show_changes(before, after), *_changes_of_episodes(before, after)]


def refuse(show: Show, found: Sequence[Change], *, allowed: Collection[str], known: Collection[str]) -> list[Change]:
    """Raise FeedError if a change lacks the permission that it requires; return those that only have to be reported.

    `allowed` are permissions for all changes of a kind, `known` the keys of changes that were allowed before.
    """
    permitted = {*allowed, *show.publishing.allow}
    unpermitted = [one for one in found if _is_refused(one, permitted, known)]
    reported = [one for one in unpermitted if one.what == "audio" and by_hand(show)]
    wrong = [one for one in unpermitted if one not in reported]
    if not wrong:
        return reported
    lines = [f"  - {one.line()}\n    {WHY[one.what].format(before=one.before, slug=one.slug)}" for one in wrong[:SHOWN]]
    more = [f"  - and {len(wrong) - SHOWN} more: podcast feed --diff"] if len(wrong) > SHOWN else []
    needed = dict.fromkeys(PERMISSION[one.what] for one in wrong)
    raise FeedError(
        "the feed would change what apps already know about the show:\n" + "\n".join([*lines, *more]),
        hint=f"undo the change, or allow it: podcast feed {' '.join(f'--allow-{one}' for one in needed)}",
    )


def _is_refused(change: Change, permitted: Collection[str], known: Collection[str]) -> bool:
    """Return True if a change requires a permission that neither `permitted` nor `known` has."""
    permission = PERMISSION.get(change.what)
    return permission is not None and permission not in permitted and change.key not in known


def _published_episode(episode: Episode) -> PublishedEpisode:
    content = (episode.summary, episode.author, episode.source, episode.links, [one.title for one in episode.chapters])
    return PublishedEpisode(
        guid=episode.guid,
        slug=episode.slug,
        date=episode.published,
        audio=records.sound_name(episode),
        bytes=episode.enclosure.bytes,
        type=episode.enclosure.type,
        title=episode.title,
        notes=records.digest(msgspec.json.encode(content))[:16],
    )


def _show_changes(before: PublishedState, after: PublishedState) -> Iterator[Change]:
    if before.guid != after.guid:
        yield Change("show", "show.toml", after.guid, before.guid, after.guid)
    if before.feed != after.feed:
        yield Change("address", "show.toml", after.guid, before.feed, after.feed)


def _changes_of_episodes(before: PublishedState, after: PublishedState) -> Iterator[Change]:
    known = {episode.guid: episode for episode in before.episodes}
    there = {episode.guid for episode in after.episodes}
    missing = [episode for episode in before.episodes if episode.guid not in there]
    # an episode that comes back under another guid is matched by its slug, date, audio or title
    by_mark = {mark: episode for episode in missing for mark in _marks(episode)}
    renamed: set[str] = set()
    for episode in after.episodes:
        if episode.guid in known:
            yield from _episode_changes(known[episode.guid], episode)
        elif old := next((by_mark[mark] for mark in _marks(episode) if mark in by_mark), None):
            renamed.add(old.guid)
            yield Change("guid", episode.slug, episode.guid, old.guid, episode.guid)
        else:
            yield Change("new", episode.slug, episode.guid, after=episode.title)
    for episode in missing:
        if not episode.gone and episode.guid not in renamed:
            yield Change("removed", episode.slug, episode.guid, episode.title)


def _marks(episode: PublishedEpisode) -> tuple[str, ...]:
    """Return the keys that match an episode without its guid. The title of a removed episode may be reused."""
    title = () if episode.gone else (f"title {episode.title}",)
    return f"slug {episode.slug}", f"date {episode.date.astimezone(dt.UTC)}", f"sound {episode.audio[-14:]}", *title


def _episode_changes(before: PublishedEpisode, after: PublishedEpisode) -> Iterator[Change]:
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
