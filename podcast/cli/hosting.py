# SPDX-License-Identifier: GPL-3.0-or-later
"""The commands publish, serve and watch."""

import sys
import threading
from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import click

from podcast.cli.common import allow_options, allowed, complete_target, example, fail, open_show, progress, tell
from podcast.errors import PodcastError

if TYPE_CHECKING:
    from pathlib import Path

    from podcast.config.settings import Show
    from podcast.produce.release.upload import UploadResult
    from podcast.workspace import Workspace


@click.command(cls=click.Command, **example("podcast publish --dry-run\npodcast publish web --prune"))
@click.argument("target", default="", shell_complete=complete_target)
@click.option("--dry-run", is_flag=True, help="Show what would be uploaded and removed; change nothing.")
@click.option(
    "--prune", is_flag=True, help="Remove files that have been out of the feed for longer than the grace period."
)
@click.option("--force", is_flag=True, help="Replace files at the target even if something else put them there.")
@click.option("--unchecked", is_flag=True, help="Upload even if podcast check finds errors.")
@click.option("--no-verify", is_flag=True, help="Do not check the public URLs afterwards.")
@click.option("--json", "as_json", is_flag=True, help="Output JSON.")
@allow_options
@click.pass_obj
def publish(folder: "Path", /, target: str, **options: Any) -> None:
    """Upload what has changed in the feed folder.

    Audio goes first, the feed last. TARGET is the name of a section [target.<name>] in show.toml; not needed if there
    is only one, or if [publish] names it. Afterwards the public feed and the newest episode are fetched as apps do, to
    report hosting problems.
    """
    from podcast.produce import publish as build
    from podcast.produce.release.upload import UploadOptions, upload

    upload_options = UploadOptions(
        target, **{"dry" if name == "dry_run" else name: options[name] for name in ("dry_run", "prune", "force")}
    )
    place, show = open_show(folder)
    with place.lock(), progress() as shown:
        build(place, show, allowed=allowed(options))
        if not options["unchecked"]:
            _checked(place, show)
        done = upload(place, show, upload_options, progress=shown)
    if options["as_json"]:
        import msgspec

        click.echo(msgspec.json.format(msgspec.json.encode(done), indent=1).decode())
    else:
        _uploaded(done, dry=upload_options.dry)
    if not upload_options.dry:
        _after_upload(place, show, done.where, verify=not options["no_verify"])


def _checked(place: "Workspace", show: "Show") -> None:
    """Refuse to upload a feed with errors; report warnings."""
    from podcast.produce.release.feed_check import line, refuse

    for finding in refuse(place, show):
        tell(f"note: {line(finding)}; {finding.fix}")


def _uploaded(done: "UploadResult", *, dry: bool) -> None:
    for name in done.sent:
        click.echo(f"{'would upload' if dry else 'uploaded'}  {name}")
    for name in done.removed:
        click.echo(f"{'would remove' if dry else 'removed'}  {name}")
    from podcast.text import counted

    state = f"{counted(len(done.sent), 'file')}, {done.bytes / 1e6:.1f} MB" if done.sent else "up to date"
    click.echo(f"{done.where}  {state}")
    if done.expired:
        old = counted(len(done.expired), "old file")
        tell(f"note: {old} past the grace period; to remove: podcast publish --prune")


def _after_upload(place: "Workspace", show: "Show", where: str, *, verify: bool) -> None:
    """Notify the hub, then check the public URLs; exit with code 1 if apps would have problems."""
    from podcast.errors import PublishError
    from podcast.produce.release import upload

    failures: list[PodcastError] = []
    try:
        if upload.notify_hub(place, show, where):
            tell(f"notified {show.publishing.hub}")
    except PublishError as error:
        failures.append(error)
    for finding in upload.verify(place, show) if verify else ():
        if finding.level == "bad":
            failures.append(PublishError(finding.what, hint=finding.fix))
        else:
            tell(f"note: {finding.what}; {finding.fix}")
    fail(failures)


@click.command(
    cls=click.Command,
    **example("podcast serve\npodcast serve --lan --watch   # for a phone nearby"),
)
@click.option(
    "--port", type=click.IntRange(0, 65_535), default=8000, show_default=True, help="Port; 0 chooses a free one."
)
@click.option("--lan", is_flag=True, help="Allow devices on the local network, and show a QR code for a phone.")
@click.option("--watch", is_flag=True, help="Re-render when scripts, music or show.toml change.")
@click.pass_obj
def serve(folder: "Path", /, *, port: int, lan: bool, watch: bool) -> None:
    """Serve the feed folder like a web host, until Ctrl-C.

    Only this machine can reach it, unless --lan is given. The URLs in the feed point to this server.
    """
    from podcast import serve as serving

    place, show = open_show(folder)
    if not (place.feed / "feed.xml").exists():
        raise PodcastError("no feed yet", hint="make an episode: podcast make ARTICLE")
    with serving.listen(port, lan=lan) as listening:
        base = serving.address(listening, lan=lan)
        app = serving.application(place.feed, show.url, base)
        click.echo(f"{base}\n{base}feed.xml")
        if lan:
            tell(serving.code(base + "feed.xml"))
        tell("press Ctrl-C to stop")
        stop = threading.Event()
        watching = threading.Thread(target=_remake, args=(folder, stop), daemon=True)
        if watch:
            watching.start()
        with suppress(KeyboardInterrupt):
            serving.run(app, listening)
        stop.set()


def _remake(folder: "Path", stop: threading.Event) -> None:
    """Re-render what is out of date at each change; after errors, the next change tries again."""
    from podcast.produce.watch import changes, remake

    try:
        for _change in changes(folder, stop):
            for failure in remake(folder, say=tell):
                tell(f"error: {failure.message}" + (f"\nhint: {failure.hint}" if failure.hint else ""))
    except PodcastError as error:
        tell(f"error: {error.message}\nhint: {error.hint}")


@click.command(cls=click.Command, **example("podcast watch inbox/ https://www.example.org/blog/feed.xml --publish"))
@click.argument("sources", nargs=-1, required=True, metavar="DIR|FEED…")
@click.option("--publish", is_flag=True, help="Publish new episodes to the show's target.")
@click.option("--once", is_flag=True, help="Check once and exit, for cron and timers; exit code 1 if anything fails.")
@click.option("--every", type=click.FloatRange(0.01), default=15.0, show_default=True, help="Minutes between checks.")
@click.option("--allow-private", is_flag=True, help="Allow URLs of this machine and of the local network.")
@click.option("--jobs", "-j", type=click.IntRange(1, 256), help="Sentences to narrate at once; default: one per core.")
@click.pass_obj
def watch(folder: "Path", /, sources: Sequence[str], **options: Any) -> None:
    """Turn new files and feed entries into episodes.

    Watches folders and feeds until Ctrl-C. A failure is reported once and retried at growing intervals; everything else
    continues. audio/.watch.json has the state of each file, feed and episode.
    """
    from podcast.produce.watch import Watch, one_round, rounds

    place = open_show(folder)[0]
    reported: list[str] = []
    with progress() as shown:

        def say(text: str) -> None:
            reported.append(text)
            shown.say(text)

        watched = Watch(
            sources,
            publish=options["publish"],
            private=options["allow_private"],
            jobs=options["jobs"],
            say=say,
            progress=shown,
        )
        if options["once"]:
            if one_round(place, watched).ok:
                return
            if not reported and not sys.stderr.isatty():
                sys.exit(1)  # all errors were reported before, and cron would mail them again each time
            raise PodcastError("some items failed", hint=f"see above, or {place.audio / '.watch.json'}")
        printed = ""
        for state in rounds(place, watched, options["every"] * 60, threading.Event()):
            message = state.message if isinstance(state, PodcastError) else ""
            if message and message != printed:
                shown.say(f"error: {message}")
            printed = message
