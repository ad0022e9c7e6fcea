# SPDX-License-Identifier: GPL-3.0-or-later
"""The commands that bring a show to listeners and keep it going: publish."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from podcast.command import example, fail, open_show, progress, tell
from podcast.errors import PodcastError

if TYPE_CHECKING:
    from podcast.model import Show
    from podcast.produce.upload import Outcome
    from podcast.workspace import Workspace


@click.command(**example("podcast publish --dry-run\npodcast publish web --prune"))
@click.argument("target", default="")
@click.option("--dry-run", is_flag=True, help="Say what would be sent and removed, and do nothing.")
@click.option("--prune", is_flag=True, help="Remove what the feed has not named for the days of grace.")
@click.option("--force", is_flag=True, help="Replace what is there, even if something else put it there.")
@click.option("--no-verify", is_flag=True, help="Do not look at what the public gets.")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
@click.pass_obj
def publish(folder: Path, /, target: str, **options: Any) -> None:
    """Upload the feed folder: only what changed, media first, the feed last.

    TARGET is the name of a section [target.<name>] of show.toml; not needed if there is one, or if [publish] names it.
    Afterwards the public feed and the newest episode are fetched as apps do, and what the host does wrong is told.
    """
    from podcast.produce import publish as build
    from podcast.produce.upload import Order, upload

    order = Order(
        target, **{"dry" if name == "dry_run" else name: options[name] for name in ("dry_run", "prune", "force")}
    )
    place, show = open_show(folder)
    with place.lock(), progress() as shown:
        place.sweep()
        build(place, show)
        done = upload(place, show, order, progress=shown)
    if options["as_json"]:
        import msgspec

        click.echo(msgspec.json.format(msgspec.json.encode(done), indent=1).decode())
    else:
        _uploaded(done, dry=order.dry)
    if not order.dry:
        _after_upload(place, show, done.where, verify=not options["no_verify"])


def _uploaded(done: "Outcome", *, dry: bool) -> None:
    for name in done.sent:
        click.echo(f"{'would send' if dry else 'sent'}  {name}")
    for name in done.removed:
        click.echo(f"{'would remove' if dry else 'removed'}  {name}")
    state = f"{len(done.sent)} file(s), {done.bytes / 1e6:.1f} MB" if done.sent else "up to date"
    click.echo(f"{done.where}  {state}")
    if done.expired:
        tell(f"note: {len(done.expired)} file(s) there are past their days of grace: podcast publish --prune")


def _after_upload(place: "Workspace", show: "Show", where: str, *, verify: bool) -> None:
    """Tell the hub, then look at what the public gets; end with exit code 1 if apps would stumble over it."""
    from podcast.errors import PublishError
    from podcast.produce import upload

    failures: list[PodcastError] = []
    try:
        if upload.tell_hub(place, show, where):
            tell(f"told {show.publishing.hub}")
    except PublishError as error:
        failures.append(error)
    for finding in upload.verify(place, show) if verify else ():
        if finding.level == "bad":
            failures.append(PublishError(finding.what, hint=finding.mend))
        else:
            tell(f"note: {finding.what}; {finding.mend}")
    fail(failures)
