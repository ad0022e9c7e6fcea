# SPDX-License-Identifier: GPL-3.0-or-later
"""Check a feed and return the findings: the feed of this show, or any other feed.

`own` checks feed/ and every file in it, `foreign` a feed by URL or file and, if allowed online, the files that it
names. `refuse` runs before an upload, and `hear` verifies audio by speech recognition. Digests of files without
findings are stored in audio/.checked.json, so that only new ones are checked before an upload.
"""

import datetime as dt
from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import unquote

import msgspec

from podcast import check
from podcast.check import FeedCheck, Finding, Missing
from podcast.config.load import is_placeholder
from podcast.config.settings import Show, lexicon
from podcast.errors import FeedError, PodcastError, ReadError, reason_of
from podcast.feed.validate import categories
from podcast.listen import Recognizer, Report, listen
from podcast.model import Episode, Loudness
from podcast.produce import program, records
from podcast.produce.checksummed import decode_checksummed, encode_checksummed
from podcast.produce.release import manifest
from podcast.progress import Progress
from podcast.publish.verify import examine
from podcast.read.fetch import Web
from podcast.text import counted
from podcast.workspace import Workspace, write

CHECKED = ".checked.json"
MAX_FILE = 128 * 1024 * 1024
"""Maximum size of a feed that is given as a file, in bytes."""
NEWEST = 10
"""Number of episodes of another feed whose files are fetched."""
LOUDNESS_LU, PEAK_DBTP, LEAD_MS = 1.0, -1.0, 3_000
"""Apple's tolerances for loudness and true peak, and the longest silence at the start."""


@dataclass(frozen=True, slots=True)
class CheckedFiles:
    """audio/.checked.json: the files without findings, and the version of the checks."""

    program: str = ""
    feed: str = ""
    files: Sequence[str] = ()
    """Digests of the files."""


def own(place: Workspace, show: Show, *, known: frozenset[str] = frozenset()) -> list[Finding]:
    """Return the findings in feed/; files with a digest in `known` are skipped.

    Raises FeedError if nothing has been built.
    """
    if not (place.feed / "feed.xml").is_file():
        raise FeedError(f"{place.feed / 'feed.xml'}: file not found", hint="build the feed: podcast feed")
    files = manifest.load(place).files
    skipped = {name for name, file in files.items() if file.sha256 in known}

    def look(address: str) -> bytes | Missing | None:
        name = _name(address, show.url)
        return _read(place.feed, name) if name and name not in skipped else None

    def location_of(address: str) -> str:
        return f"feed/{_name(address, show.url)}" if address.startswith(show.url) else address

    kept = frozenset(one.guid for one in records.finished(place, lenient=True) if one.imported)
    seen: set[str] = set()
    found: list[Finding] = []
    for path in sorted(place.feed.glob("feed*.xml"), key=lambda path: (len(path.name), path.name)):
        task = FeedCheck(
            *(path.read_bytes(), f"feed/{path.name}", dt.datetime.now(dt.UTC), categories()),
            look=look,
            place=location_of,
            kept=kept,
            page=path.name != "feed.xml",
            seen=seen,
        )
        found += check.check(task)
    found += _pages(place, show, skipped)
    found += _figures(place, show)
    if is_placeholder(show):  # there is no certificate for a URL that does not exist yet
        found = [one for one in found if one.rule != "address-https"]
    return found


def _name(address: str, base: str) -> str:
    """Return the path below feed/ for a URL; empty if the URL is elsewhere."""
    return unquote(address.removeprefix(base)) if address.startswith(base) else ""


def _read(feed: Path, name: str) -> bytes | Missing:
    """Return the content of a file below feed/; never of one outside, as names come from the feed."""
    path = feed / name
    inside = path.resolve().is_relative_to(feed.resolve())
    return path.read_bytes() if inside and path.is_file() else Missing("not found in feed/")


def _pages(place: Workspace, show: Show, skipped: Collection[str]) -> Iterator[Finding]:
    def exists(name: str) -> bool:
        return (place.feed / name).is_file() or (place.feed / name / "index.html").is_file()

    for path in [*sorted(place.feed.glob("*.html")), *sorted((place.feed / "episodes").glob("*.html"))]:
        name = path.relative_to(place.feed).as_posix()
        if name in skipped:
            continue
        yield from check.pages.check(path.read_bytes(), show.url + name, show.url, exists, f"feed/{name}")


def _figures(place: Workspace, show: Show) -> Iterator[Finding]:
    target = -19.0 if show.output.channels == 1 else -16.0
    for episode in records.finished(place, lenient=True):
        if episode.loudness is not None and episode.publish:
            yield from measured(episode.slug, episode.title, episode.loudness, target)


def measured(slug: str, title: str, figures: Loudness, target: float) -> Iterator[Finding]:
    """Yield findings for loudness figures of a finished file that are out of tolerance; `target` is in LUFS."""
    where = f"audio/{slug}.json"
    if abs(figures.integrated_lufs - target) > LOUDNESS_LU:
        yield Finding("sound-loudness", where, title, f"{figures.integrated_lufs:.1f} LUFS")
    if figures.true_peak_dbtp > PEAK_DBTP:
        yield Finding("sound-peak", where, title, f"{figures.true_peak_dbtp:.1f} dBTP")
    if figures.first_sound_ms > LEAD_MS:
        yield Finding("sound-silence", where, title, f"{figures.first_sound_ms} ms of silence at the start")


def refuse(place: Workspace, show: Show) -> list[Finding]:
    """Return the warnings for an upload.

    Raises FeedError if there are errors. Files without findings are stored, for this version of the checks.
    """
    path = place.audio / CHECKED
    checked_by = program.digest(program.CHECK)
    built = manifest.load(place)
    before = CheckedFiles()
    with suppress(FileNotFoundError, msgspec.MsgspecError):  # without the file, everything is checked
        before = decode_checksummed(path.read_bytes(), CheckedFiles)
    passed = frozenset(before.files) if before.program == checked_by else frozenset[str]()
    whole = built.files.get("feed.xml")
    feed = f"{built.made_from} {whole.sha256 if whole else ''}"
    if passed and whole is not None and before.feed == feed:
        return []
    found = own(place, show, known=passed)
    if errors := [one for one in found if one.level == "error"]:
        lines = "".join(f"\n  - {line(one)}" for one in errors[:20])
        raise FeedError(
            f"apps or directories would refuse the show:{lines}",
            hint="podcast check shows all problems and their fixes",
        )
    write(
        path, encode_checksummed(CheckedFiles(checked_by, feed, sorted({file.sha256 for file in built.files.values()})))
    )
    return [one for one in found if one.level == "warning"]


def line(finding: Finding) -> str:
    """Return a finding as one line."""
    about = f" ({finding.about})" if finding.about else ""
    said = f": {finding.said}" if finding.said else ""
    return f"{finding.place}{about}: {finding.wrong}{said}"


def foreign(source: str, *, online: bool, private: bool = False) -> list[Finding]:
    """Return the findings in a feed, by URL or file; with `online`, also in the files that it names.

    Raises ReadError if the feed itself cannot be fetched.
    """
    web = Web(private=private)
    if source.startswith(("http://", "https://")):
        given = web.fetch(source, anything=True)
        data, fetched = given.data, given.url or source
    else:
        data, fetched = _file(Path(source)), ""
    now = dt.datetime.now(dt.UTC)
    named = _FeedFetcher(web) if online else None
    task = FeedCheck(data, source, now, categories(), fetched=fetched)
    found = check.check(replace(task, look=named.look) if named else task)
    if named is not None and fetched:
        found += _host(fetched, data)
    return found


def _file(path: Path) -> bytes:
    try:
        if path.stat().st_size > MAX_FILE:
            raise ReadError(f"larger than {MAX_FILE >> 20} MB", file=path, hint="check that this file is a feed")
        return path.read_bytes()
    except OSError as error:
        raise ReadError(reason_of(error), file=path, hint="give the URL of a feed, or a feed file") from error


def hosted(place: Workspace, show: Show) -> list[Finding]:
    """Return the findings about how the show's host serves the feed."""
    return _host(show.feed_url, (place.feed / "feed.xml").read_bytes())


def _host(address: str, feed: bytes) -> list[Finding]:
    bad = (one for one in examine(address, feed) if one.level == "bad")
    return [Finding("file-host", address, said=f"{one.what}; {one.fix}") for one in bad]


class _FeedFetcher:
    """Fetches the files that a feed names, each once, up to a limit; of audio files, only the headers."""

    def __init__(self, web: Web) -> None:
        self.web = web
        self.known: dict[str, bytes | Missing | None] = {}

    def look(self, address: str) -> bytes | Missing | None:
        """Return the content of a URL; None for audio, of which only the existence is checked."""
        if address not in self.known and len(self.known) < NEWEST * 8:
            try:
                if (
                    address.partition("?")[0]
                    .lower()
                    .endswith((".mp3", ".m4a", ".mp4", ".opus", ".ogg", ".mov", ".m4v"))
                ):
                    self.web.length(address)
                    self.known[address] = None
                else:
                    self.known[address] = self.web.fetch(address, anything=True).data
            except ReadError as error:
                self.known[address] = Missing(error.text)
        return self.known.get(address)


def hear(
    place: Workspace, show: Show, slugs: Sequence[str], *, model: str = "", progress: Progress
) -> Iterator[tuple[Episode, Report]]:
    """Yield each rendered episode, or those in `slugs`, with the report of the speech recognition.

    Raises ListenError if speech recognition is not available, FeedError if an episode is not finished.
    """
    recognizer = Recognizer(model or show.listening.model)
    recognizer.check()
    finished = {episode.slug: episode for episode in records.finished(place, lenient=True) if not episode.imported}
    for slug in slugs or finished:
        episode = records.load(place, slug) if slug in finished else None
        if episode is None:
            raise FeedError(f"{slug}: no rendered episode with this name", hint="podcast status lists the episodes")
        yield episode, listen(place, episode, recognizer, lexicon=lexicon(show, episode.language), progress=progress)


def failure(findings: Sequence[Finding], faults: int) -> PodcastError | None:
    """Return the error that summarises a check, or None if it found none."""
    errors = sum(one.level == "error" for one in findings)
    parts = [counted(errors, "error")] if errors else []
    parts += [f"{counted(faults, 'sentence')} not heard as written"] if faults else []
    return (
        FeedError(f"the check found {' and '.join(parts)}", hint="each is listed above with its fix") if parts else None
    )
