# SPDX-License-Identifier: GPL-3.0-or-later
"""`podcast watch`: turn new files and feed entries into episodes, in rounds.

    folders, feeds -> items that are new, changed or due for a retry -> scripts -> episodes -> feed -> target (option)

Every file of a folder, every feed, every bad entry of a feed and every episode is an item of its own: a failure is
reported once, retried after a pause that doubles from a minute to a day, and never blocks the other items. The state
of each item is in audio/.watch.json, for the next round and for monitoring. A round can also be run by cron: it never
renders anything twice.
"""

import datetime as dt
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event

import msgspec

from podcast import produce, read, workspace
from podcast.config.load import load
from podcast.config.settings import Show
from podcast.errors import PodcastError, ReadError
from podcast.model import Script
from podcast.packages.imports import needed
from podcast.produce import records
from podcast.produce.intake import scripts
from podcast.produce.intake.scripts import Intake
from podcast.produce.release import feed_check, publication, remote_state
from podcast.produce.release.upload import UploadOptions, notify_hub, upload
from podcast.progress import Progress, Quiet
from podcast.text import counted
from podcast.workspace import TEMPORARY, Workspace

RECORD = ".watch.json"
"""Name of the state file in audio/."""
EPISODE = "episode "
PUBLISH = "publish"
"""Names of items that are not sources: `episode <slug>`, and the upload."""
FIRST_PAUSE = dt.timedelta(minutes=1)
LONGEST_PAUSE = dt.timedelta(days=1)
LONGEST_WAIT_S = 1.0
"""Longest uninterrupted wait: Windows reports Ctrl-C only after it."""
SETTLED_S = 1.0
"""A file that was written to within this time is checked again, as it may be incomplete."""


@dataclass(frozen=True)
class ItemState:
    """State of a file, a feed, a bad entry of a feed (`<feed> <entry id>`), an episode, or of publishing."""

    seen: str = ""
    """Fingerprint at the last success: size and time of a file, digest of a feed."""
    errors: tuple[str, ...] = ()
    """Current errors, each of which was reported once."""
    tries: int = 0
    """Number of failures since the last success."""
    since: str = ""
    """Time of the first of these failures."""
    due: str = ""
    """Time of the next retry."""


@dataclass(frozen=True)
class WatchState:
    """Content of audio/.watch.json."""

    checked: str = ""
    """Time of the last round."""
    ok: bool = True
    """True if no watched item fails."""
    items: dict[str, ItemState] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Watch:
    """Options of `podcast watch`."""

    sources: Sequence[str]
    """Folders, files, and URLs of feeds or pages."""
    publish: bool = False
    private: bool = False
    """Whether URLs of this machine and its network are allowed."""
    jobs: int | None = None
    say: Callable[[str], None] = lambda _text: None
    progress: Progress = field(default_factory=Quiet)
    now: Callable[[], dt.datetime] = lambda: dt.datetime.now(dt.UTC).replace(microsecond=0)


@needed("watching")
def one_round(place: Workspace, watch: Watch) -> WatchState:
    """Process new items: write scripts, render episodes, publish if requested. Return the new state.

    Raises ConfigError if show.toml has an error, WorkspaceError if another run holds the lock.
    """
    show = load(place.show)
    with place.lock():
        notes = _ItemLog(place, watch)
        found: dict[str, Script] = {}
        for name in _items(watch, notes):
            found |= _take_in(place, show, watch, notes, name)
        for slug in sorted(_unmade(place, notes, found)):
            notes.tried(EPISODE + slug, _render(place, show, watch, slug))
        if watch.publish and records.finished(place):
            _publish(place, show, watch, notes)
        return notes.keep()


def rounds(place: Workspace, watch: Watch, every_s: float, stop: Event) -> Iterator[WatchState | PodcastError]:
    """Run rounds, the next at once when a watched folder changes; yield each state, or the error of a failed round."""
    watched: tuple[Path, ...] = ()
    watcher: Iterator[bool] = iter(())
    while not stop.is_set():
        folders = tuple(path for path in map(Path, watch.sources) if path.is_dir())
        if folders != watched:
            watched, watcher = folders, _watch(folders, stop)
            next(watcher)  # starts the watcher, so that changes during a round are seen after it
        try:
            yield one_round(place, watch)
        except PodcastError as error:
            yield error
        end = time.monotonic() + every_s
        while not stop.is_set() and time.monotonic() < end:
            if next(watcher, False) if watched else stop.wait(min(LONGEST_WAIT_S, max(0.0, end - time.monotonic()))):
                break


def _items(watch: Watch, notes: "_ItemLog") -> list[str]:
    """Return the files in the watched folders and the other sources, as far as they are due."""
    names: list[str] = []
    for source in watch.sources:
        path = Path(source)
        if read.is_address(source) or path.is_file():
            names.append(source)
        elif path.is_dir():
            if source in notes.items:
                notes.tried(source, [])  # the folder exists again
            files = (one for one in path.iterdir() if one.is_file() and not one.name.startswith("."))
            names += [str(path / name) for name in sorted(one.name for one in files if read.is_readable(one))]
        else:
            notes.tried(
                source,
                [
                    ReadError(
                        "file or folder not found", file=source, hint="check the path, and that its disk is mounted"
                    )
                ],
            )
    return [name for name in names if notes.is_due(name, _fingerprint(name))]


def _fingerprint(name: str) -> str:
    """Return the size and time of a file; empty for a URL, which has to be fetched."""
    if read.is_address(name):
        return ""
    state = Path(name).stat()
    return f"{state.st_size} {state.st_mtime_ns}"


def _take_in(place: Workspace, show: Show, watch: Watch, notes: "_ItemLog", name: str) -> dict[str, Script]:
    """Turn one item into scripts; return them by slug."""
    before = _fingerprint(name)
    if before:
        age = time.time() - Path(name).stat().st_mtime
        time.sleep(min(max(0.0, SETTLED_S - age), SETTLED_S))
        if _fingerprint(name) != before:
            return {}  # still being written: left to the next round
    waiting = notes.waiting(name)
    intake = Intake(private=watch.private, skip=frozenset(waiting), tell=lambda _text: None)
    written = produce.write_scripts(place, show, [name], intake)
    entries = {one.part: one for one in written.failures if isinstance(one, ReadError) and one.part}
    others = [one for one in written.failures if one not in entries.values()]
    notes.tried(name, others, seen=before, partly=bool(written.scripts))
    if not others:  # otherwise, the state of the entries is unknown
        notes.entries(name, waiting, entries)
    return {script.slug: script for script in written.scripts}


def _unmade(place: Workspace, notes: "_ItemLog", found: dict[str, Script]) -> set[str]:
    """Return the slugs of scripts that have no finished episode yet, or one that is older than the script."""
    failing = {name.removeprefix(EPISODE) for name, item in notes.items.items() if item.errors}
    slugs = found.keys() | {slug for slug in failing if place.script(slug).is_file()}

    def stale(slug: str) -> bool:
        record = place.record(slug)
        return not record.exists() or record.stat().st_mtime_ns < place.script(slug).stat().st_mtime_ns

    return {slug for slug in slugs if (stale(slug) or slug in failing) and notes.is_due(EPISODE + slug, "")}


def _render(place: Workspace, show: Show, watch: Watch, slug: str) -> list[PodcastError]:
    """Render one episode and build the feed; return the errors."""
    try:
        with needed(f"{place.script(slug)}: this episode"):
            made, failures = produce.make(
                place, show, [scripts.load(place, slug)], progress=watch.progress, jobs=watch.jobs
            )
    except PodcastError as error:
        return [error]
    for one in made:
        if one.changed:
            watch.say(f"rendered {place.sound(one.episode.slug)}")
    return failures


def _publish(place: Workspace, show: Show, watch: Watch, notes: "_ItemLog") -> None:
    """Publish the feed if it has changed since it was last published."""
    try:
        publication.publish(place, show)
        digest = remote_state.digest((place.feed / remote_state.FEED).read_bytes())
        if not notes.is_due(PUBLISH, digest):
            return
        feed_check.refuse(place, show)
        done = upload(place, show, UploadOptions(today=watch.now().date()), progress=watch.progress)
        notify_hub(place, show, done.where)
    except PodcastError as error:
        notes.tried(PUBLISH, [error])
        return
    notes.tried(PUBLISH, [], seen=digest)
    if done.sent:
        watch.say(f"published to {done.where}: {counted(len(done.sent), 'file')}")


class _ItemLog:
    """The states of all items; reports new errors and recoveries."""

    def __init__(self, place: Workspace, watch: Watch) -> None:
        self.path, self.place, self.watch, self.now = place.audio / RECORD, place, watch, watch.now()
        self.sources = {*watch.sources, *(str(Path(source)) for source in watch.sources)}
        try:
            self.items = msgspec.json.decode(self.path.read_bytes(), type=WatchState).items
        except (FileNotFoundError, msgspec.DecodeError, UnicodeDecodeError):
            self.items = {}  # every item is then processed once more

    def is_due(self, name: str, fingerprint: str) -> bool:
        """Return True for an item that is new or has changed, or that failed and is due for a retry."""
        item = self.items.get(name, ItemState())
        if item.errors:
            return self.now.isoformat() >= item.due or bool(fingerprint and item.seen != fingerprint)
        return not fingerprint or item.seen != fingerprint

    def tried(self, name: str, failures: Sequence[PodcastError], *, seen: str = "", partly: bool = False) -> None:
        """Record the outcome of an item, and report what is new about it. With `partly`, retry in the next round."""
        before = self.items.get(name, ItemState())
        for failure in failures:
            if failure.message not in before.errors:
                self.watch.say(f"error: {failure.message}" + (f"\nhint: {failure.hint}" if failure.hint else ""))
        if not failures:
            if before.errors:
                self.watch.say(f"{name}: works again")
            self.items[name] = ItemState(seen)
            return
        tries = 1 if seen and seen != before.seen else before.tries + 1
        pause = min(FIRST_PAUSE * 2 ** min(tries - 1, 20), LONGEST_PAUSE)
        due = self.now if partly else self.now + pause  # retry immediately if some entries succeeded
        errors = tuple(dict.fromkeys(failure.message for failure in failures))
        since = before.since or self.now.isoformat()
        self.items[name] = ItemState(seen, errors, tries, since, due.isoformat())

    def waiting(self, name: str) -> set[str]:
        """Return the entries of a feed that have failed and are not due for a retry yet."""
        known = {one.removeprefix(f"{name} "): one for one in self.items if one.startswith(f"{name} ")}
        return {part for part, one in known.items() if not self.is_due(one, "")}

    def entries(self, name: str, waiting: Collection[str], failures: Mapping[str, PodcastError]) -> None:
        """Record which entries of a feed have failed; entries that neither failed nor wait are forgotten."""
        for one in [one for one in self.items if one.startswith(f"{name} ")]:
            part = one.removeprefix(f"{name} ")
            if part not in waiting and part not in failures:
                del self.items[one]
        for part, failure in failures.items():
            self.tried(f"{name} {part}", [failure])

    def keep(self) -> WatchState:
        """Write and return the state, without items that no longer exist."""
        items = {name: item for name, item in sorted(self.items.items()) if self._exists(name)}
        failing = [name for name, item in items.items() if item.errors and self._is_watched(name)]
        state = WatchState(self.now.isoformat(), not failing, items)
        workspace.write(self.path, msgspec.json.format(msgspec.json.encode(state), indent=1) + b"\n")
        return state

    def _exists(self, name: str) -> bool:
        if name.startswith(EPISODE):
            return self.place.script(name.removeprefix(EPISODE)).is_file()
        return name == PUBLISH or name in self.watch.sources or read.is_address(name) or Path(name).exists()

    def _is_watched(self, name: str) -> bool:
        """Return False for an item that only another or an earlier run watches, such as a feed at its old URL."""
        if name == PUBLISH:
            return self.watch.publish
        feed = name.partition(" ")[0]
        return name.startswith(EPISODE) or bool({name, feed, str(Path(name).parent)} & self.sources)


# --- file changes -------------------------------------------------------------------------------------------------


def changes(root: Path, stop: Event) -> Iterator[None]:
    """Yield once at the start, and then each time that a script, music or show.toml of a show folder has changed.

    The first time is for changes from before the watcher was started.
    """
    root = root.resolve()

    def shapes(path: str) -> bool:
        parts = Path(path).relative_to(root).parts
        inner = [part for part in parts if part.startswith((".", TEMPORARY))]
        return not inner and (parts[0] in {"scripts", "show.toml"} or parts[:2] == ("audio", "music"))

    for number, changed in enumerate(_watch([root], stop, shapes)):
        if changed or number == 0:
            yield


def remake(root: Path, say: Callable[[str], None]) -> Sequence[PodcastError]:
    """Render what is out of date in a show folder; return the errors."""
    place = Workspace(root)
    try:
        show = load(place.show)
        with needed("rendering"), place.lock():
            selected = produce.scripts_of(place, show, [], Intake())
            made, failures = produce.make(place, show, selected.scripts, progress=Quiet())
            publication.publish(place, show)
    except PodcastError as error:
        return [error]
    for one in made:
        if one.changed:
            say(f"rendered {place.sound(one.episode.slug)}")
    say("up to date")
    return [*selected.failures, *failures]


def _watch(folders: Sequence[Path], stop: Event, wanted: Callable[[str], bool] = lambda _path: True) -> Iterator[bool]:
    """Yield True after a change, and False once a second without one, until `stop` is set."""
    with needed("watching"):
        from watchfiles import watch
    for found in watch(
        *folders,
        watch_filter=lambda _kind, path: wanted(path),
        stop_event=stop,
        rust_timeout=1_000,
        yield_on_timeout=True,
        debounce=400,
        raise_interrupt=True,
    ):
        yield bool(found)
