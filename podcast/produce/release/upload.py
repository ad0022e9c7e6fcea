# SPDX-License-Identifier: GPL-3.0-or-later
"""Upload feed/ to a target: only changed files, in an order that keeps the remote feed consistent at each moment.

    claim the new files          (.podcast.json)
    media, then transcripts, chapters, art, then pages           each group in parallel, each file atomically
    feed.xml                     from now on, apps see the rest
    settle                       (.podcast.json)
    prune                        files unused for longer than the grace period, only on request

An interrupted run leaves the old feed with all files that it names; the next run resumes. Files at the target that
this show has not uploaded are never touched; a feed other than the one last uploaded is overwritten only with `force`.
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
from podcast.produce.release.remote_state import FEED, RemoteShow, TargetMemory, TargetRecord, with_retries
from podcast.progress import Progress
from podcast.publish import Target, open_target, websub
from podcast.publish.headers import is_hashed, served
from podcast.publish.listing import Entry, Listing
from podcast.publish.verify import HostFinding, examine
from podcast.workspace import TEMPORARY, Workspace

UNFINISHED = re.compile(rf"{re.escape(TEMPORARY)}[0-9a-f]{{12}}-")
"""Matches the temporary names of files whose upload has not finished."""


@dataclass(frozen=True, slots=True)
class UploadOptions:
    """Options of an upload."""

    target: str = ""
    """Name of the target in show.toml; empty for the default one."""
    dry: bool = False
    prune: bool = False
    force: bool = False
    """Overwrite what is at the target even if this show did not put it there."""
    today: dt.date = field(default_factory=lambda: dt.datetime.now(dt.UTC).date())


@dataclass(frozen=True, slots=True)
class UploadResult:
    """What was uploaded and removed, or with `dry` would be."""

    where: str
    sent: tuple[str, ...]
    """Names of files, in the order of upload."""
    bytes: int
    removed: tuple[str, ...]
    expired: tuple[str, ...]
    """Files that `prune` would remove."""


def upload(place: Workspace, show: Show, options: UploadOptions, *, progress: Progress) -> UploadResult:
    """Bring a target up to date with feed/. Call with the lock held, after publication.publish.

    Raises ConfigError, PublishError or TargetChanged; what is at the target is consistent whenever that happens.
    """
    name = _target_name(show, options.target)
    wanted = _wanted(place, show)
    finished = records.finished(place)
    episodes = [episode.guid for episode in finished]
    with open_target(name, show.targets, place.root) as target:
        remote = RemoteShow(target, show.guid, TargetMemory(place, target.where))
        before = remote.forced(wanted) if options.force else remote.listing(wanted, episodes)
        groups = _groups(_changed(before, remote.there, wanted))
        sent = tuple(one for group in groups for one in group)
        after = before.settle(wanted, episodes, options.today)
        expired = tuple(after.expired(options.today, show.publishing.grace_days))
        removed = expired if options.prune else ()
        if not options.dry:
            if sent:
                remote.put(before.claim({one: wanted[one] for one in sent}))
                _remove_unfinished(target, remote.there)
                _send(place, target, groups, wanted, parallel=show.publishing.parallel, progress=progress)
            remote.put(after)
            for one in removed:
                with_retries(target.delete, one)
            remote.put(after.without(removed))
            if not shows.is_placeholder(show):
                published_state.keep(
                    place, published_state.now(show, [one for one in finished if records.page_name(one.slug) in wanted])
                )
    size = sum(wanted[one].bytes for one in sent)
    return UploadResult(target.where, sent, size, removed, () if removed else expired)


def notify_hub(place: Workspace, show: Show, where: str) -> bool:
    """Notify the WebSub hub of show.toml of a changed feed. Return False without a hub, or if it was notified already.

    Raises PublishError if the hub cannot be notified; the next call tries again.
    """
    memory = TargetMemory(place, where)
    digest = sha256((place.feed / FEED).read_bytes()).hexdigest()
    if not show.publishing.hub or memory.left.told == digest:
        return False
    websub.ping(show.publishing.hub, show.feed_url)
    memory.keep(TargetRecord(memory.left.listings, digest))
    return True


def verify(place: Workspace, show: Show) -> list[HostFinding]:
    """Fetch what was published as apps do; return the problems of the host."""
    return examine(show.feed_url, (place.feed / FEED).read_bytes())


# --- local files ------------------------------------------------------------------------------------------------


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

    Raises FeedError if one is missing, or ConfigError if show.url is a placeholder.
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
    """Return the names of the files to upload: those that are not at the target with the right size and digest."""

    def same(name: str, entry: Entry) -> bool:
        known = before.files.get(name, Entry(-1)).sha256 or (entry.sha256 if is_hashed(name) else "")
        return there.get(name) == entry.bytes and known == entry.sha256

    return [name for name, entry in wanted.items() if not same(name, entry)]


def _remove_unfinished(target: Target, there: Iterable[str]) -> None:
    """Remove temporary files that an interrupted run has left at the target."""
    for name in there:
        if UNFINISHED.match(PurePosixPath(name).name):
            with_retries(target.delete, name)


# --- upload -----------------------------------------------------------------------------------------------------


def _groups(names: Iterable[str]) -> list[list[str]]:
    """Return the names in the order of upload: every file is there before another one refers to it."""
    groups: list[list[str]] = [[], [], [], []]
    for name in sorted(names):
        groups[_upload_order(name)].append(name)
    return groups


def _upload_order(name: str) -> int:
    if name.startswith("media/"):
        return 0
    if name == FEED:
        return 3
    return 2 if name.endswith((".html", ".xml")) else 1


def _send(
    place: Workspace,
    target: Target,
    groups: Sequence[Sequence[str]],
    wanted: Mapping[str, Entry],
    *,
    parallel: int,
    progress: Progress,
) -> None:
    """Upload the groups one after the other, the files of each in parallel."""
    progress.stage(f"uploading to {target.where}", sum(wanted[name].bytes for group in groups for name in group))
    for group in groups:
        pool = ThreadPoolExecutor(parallel, thread_name_prefix="upload")
        wait_for_rest = True
        try:
            left = {pool.submit(_put, target, place.feed / name, name, wanted[name]): name for name in group}
            while left:
                for done in wait(left, timeout=1, return_when=FIRST_COMPLETED).done:  # Windows delays Ctrl-C until then
                    done.result()
                    progress.advance(wanted[left.pop(done)].bytes)
        except KeyboardInterrupt:
            wait_for_rest = False  # partial files have temporary names, and on a slow line the rest takes minutes
            raise
        finally:
            pool.shutdown(wait=wait_for_rest, cancel_futures=True)


def _put(target: Target, source: Path, name: str, entry: Entry) -> None:
    """Upload a file, unless its digest has changed since the feed was written: the disk may have corrupted it."""
    if records.digest_of(source) != entry.sha256:
        raise FeedError("the file is damaged", file=source, hint="delete it and its copy in audio/, then: podcast make")
    with_retries(target.put, name, source, served(name))
