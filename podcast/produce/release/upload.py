# SPDX-License-Identifier: GPL-3.0-or-later
"""feed/ -> a target: only what changed, and in an order in which the feed there is true at each moment.

    claim what is about to come  (.podcast.json)
    media, then transcripts, chapters, art, then pages           each group in parallel, each file whole or not at all
    feed.xml                     now apps may see the rest
    settle                       (.podcast.json)
    prune                        what no feed has named for the days of grace, and only if asked

A run that is cut off leaves the old feed with all it names; the next one goes on. Files at the target that this show
has not put there are never touched; a feed there that is not the one we left is not overwritten without `force`.
"""

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path, PurePosixPath
from urllib.parse import urlsplit

from podcast.config import load as shows
from podcast.config.settings import Show
from podcast.errors import ConfigError, FeedError
from podcast.produce import published_state, records
from podcast.produce.release import manifest
from podcast.produce.release.remote_state import FEED, RemoteShow, TargetMemory, TargetRecord, patiently
from podcast.progress import Progress
from podcast.publish import Target, open_target, websub
from podcast.publish.headers import is_hashed, served
from podcast.publish.listing import Entry, Listing
from podcast.publish.verify import HostFinding, examine
from podcast.workspace import TEMPORARY, Workspace

UNFINISHED = re.compile(rf"{re.escape(TEMPORARY)}[0-9a-f]{{12}}-")
"""Beginning of the names under which files are written before they are whole."""


@dataclass(frozen=True, slots=True)
class UploadOptions:
    """How a show is published."""

    target: str = ""
    """Name in show.toml; the default one if empty."""
    dry: bool = False
    prune: bool = False
    force: bool = False
    """Overwrite what is at the target even if it is not what we left there."""
    today: dt.date = field(default_factory=lambda: dt.datetime.now(dt.UTC).date())


@dataclass(frozen=True, slots=True)
class UploadResult:
    """What was done, or with `dry` would be."""

    where: str
    sent: tuple[str, ...]
    """In the order of sending."""
    bytes: int
    removed: tuple[str, ...]
    expired: tuple[str, ...]
    """What `prune` would remove."""


def upload(place: Workspace, show: Show, order: UploadOptions, *, progress: Progress) -> UploadResult:
    """Bring a target up to date with feed/. Call with the lock held, after publication.publish.

    Raises ConfigError, PublishError or TargetChanged; what is at the target is consistent whenever that happens.
    """
    name = _target_name(show, order.target)
    wanted = _wanted(place, show)
    finished = records.finished(place)
    episodes = [episode.guid for episode in finished]
    with open_target(name, show.targets, place.root) as target:
        ours = RemoteShow(target, show.guid, TargetMemory(place, target.where))
        before = ours.forced(wanted) if order.force else ours.listing(wanted, episodes)
        groups = _groups(_changed(before, ours.there, wanted))
        sent = tuple(one for group in groups for one in group)
        after = before.settle(wanted, episodes, order.today)
        expired = tuple(after.expired(order.today, show.publishing.grace_days))
        removed = expired if order.prune else ()
        if not order.dry:
            if sent:
                ours.put(before.claim({one: wanted[one] for one in sent}))
                _sweep(target, ours.there)
                _send(place, target, groups, wanted, parallel=show.publishing.parallel, progress=progress)
            ours.put(after)
            for one in removed:
                patiently(target.delete, one)
            ours.put(after.without(removed))
            if not shows.is_placeholder(show):
                published_state.keep(
                    place, published_state.now(show, [one for one in finished if records.page_name(one.slug) in wanted])
                )
    size = sum(wanted[one].bytes for one in sent)
    return UploadResult(target.where, sent, size, removed, () if removed else expired)


def tell_hub(place: Workspace, show: Show, where: str) -> bool:
    """Tell the hub of show.toml of a changed feed. Return False if there is none, or if it knows this feed.

    Raises PublishError if it cannot be told; the next call tries again.
    """
    memory = TargetMemory(place, where)
    digest = sha256((place.feed / FEED).read_bytes()).hexdigest()
    if not show.publishing.hub or memory.left.told == digest:
        return False
    websub.ping(show.publishing.hub, show.feed_url)
    memory.keep(TargetRecord(memory.left.listings, digest))
    return True


def verify(place: Workspace, show: Show) -> list[HostFinding]:
    """Ask for what was published as apps do; return what the host does wrong."""
    return examine(show.feed_url, (place.feed / FEED).read_bytes())


# --- what is here -----------------------------------------------------------------------------------------------


def _target_name(show: Show, asked: str) -> str:
    name = asked or show.publishing.target or (next(iter(show.targets)) if len(show.targets) == 1 else "")
    if not name:
        if show.targets:
            hint = f"choose one, or set publish.target in show.toml: podcast publish {next(iter(show.targets))}"
            raise ConfigError(f"show.toml has several targets: {', '.join(show.targets)}", hint=hint)
        hint = "add a section [target.NAME]; for examples, see podcast help publishing"
        raise ConfigError("show.toml has no target to publish to", hint=hint)
    return name


def _wanted(place: Workspace, show: Show) -> dict[str, Entry]:
    """Return the files of the feed with their digests.

    Raises FeedError if one is missing, or ConfigError if nobody could reach them.
    """
    host = urlsplit(show.url).hostname or ""
    if shows.is_placeholder(show) and not (host == "localhost" or host.startswith("127.")):
        hint = "set url in show.toml to the public URL of the target"
        raise ConfigError(f"{show.url} is a placeholder", file="show.toml", key="show.url", hint=hint)
    made = manifest.load(place).files
    if FEED not in made or not manifest.all_there(manifest.there(place, made), made):
        raise FeedError("feed/ is incomplete or damaged", hint="rebuild it: podcast feed")
    return {name: Entry(file.bytes, file.sha256) for name, file in sorted(made.items())}


def _changed(before: Listing, there: Mapping[str, int], wanted: Mapping[str, Entry]) -> list[str]:
    """Return the names of what has to be sent: what is not there with the right size and bytes."""

    def same(name: str, entry: Entry) -> bool:
        known = before.files.get(name, Entry(-1)).sha256 or (entry.sha256 if is_hashed(name) else "")
        return there.get(name) == entry.bytes and known == entry.sha256

    return [name for name, entry in wanted.items() if not same(name, entry)]


def _sweep(target: Target, there: Iterable[str]) -> None:
    """Remove what a run that was cut off has left under temporary names."""
    for name in there:
        if UNFINISHED.match(PurePosixPath(name).name):
            patiently(target.delete, name)


# --- sending ----------------------------------------------------------------------------------------------------


def _groups(names: Iterable[str]) -> list[list[str]]:
    """Return the names in the order of sending: nothing is named by what is there before it."""
    groups: list[list[str]] = [[], [], [], []]
    for name in sorted(names):
        pages = name.endswith((".html", ".xml"))
        order = 0 if name.startswith("media/") else 3 if name == FEED else 2 if pages else 1
        groups[order].append(name)
    return groups


def _send(
    place: Workspace,
    target: Target,
    groups: Sequence[Sequence[str]],
    wanted: Mapping[str, Entry],
    *,
    parallel: int,
    progress: Progress,
) -> None:
    """Send the groups one after the other, the files of each in parallel."""
    progress.stage(f"uploading to {target.where}", sum(wanted[name].bytes for group in groups for name in group))
    for group in groups:
        pool = ThreadPoolExecutor(parallel, thread_name_prefix="upload")
        unhurried = True
        try:
            left = {pool.submit(_put, target, place.feed / name, name, wanted[name]): name for name in group}
            while left:
                for done in wait(left, timeout=1, return_when=FIRST_COMPLETED).done:  # Windows tells of Ctrl-C after it
                    done.result()
                    progress.advance(wanted[left.pop(done)].bytes)
        except KeyboardInterrupt:
            unhurried = False  # nobody sees a file that is cut off, and on a slow line its end is minutes away
            raise
        finally:
            pool.shutdown(wait=unhurried, cancel_futures=True)


def _put(target: Target, source: Path, name: str, entry: Entry) -> None:
    """Send a file, if it is what it was when the feed was written: a disk may have lost a bit of it since, silently."""
    if records.digest_of(source) != entry.sha256:
        raise FeedError("the file is damaged", file=source, hint="delete it and its copy in audio/, then: podcast make")
    patiently(target.put, name, source, served(name))
