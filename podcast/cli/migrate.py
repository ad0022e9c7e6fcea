# SPDX-License-Identifier: GPL-3.0-or-later
"""The commands for existing shows: import and move."""

from typing import TYPE_CHECKING, Any

import click

from podcast.cli.common import PathOf, example, fail, place_of, progress, tell

if TYPE_CHECKING:
    from pathlib import Path


@click.command(
    "import",
    cls=click.Command,
    **example(
        "podcast import https://old.example/feed.xml my-show --url https://www.example.org/podcast/\n"
        "podcast import feed.xml --mirror"
    ),
)
@click.argument("source", metavar="FEED_URL|FILE")
@click.argument("directory", type=PathOf(file_okay=False), required=False, metavar="[DIR]")
@click.option("--url", default="", help="Public URL of the feed folder from now on.")
@click.option("--mirror", is_flag=True, help="Download the audio files too, unchanged, to publish them from here.")
@click.option("--allow-private", is_flag=True, help="Allow URLs of this machine and of the local network.")
@click.option("--quiet", "-q", is_flag=True, help="Hide progress.")
@click.pass_obj
def import_(folder: "Path", /, source: str, directory: "Path | None", **options: Any) -> None:
    """Import an existing show from its feed, to continue it here.

    Creates show.toml in DIR, if there is none, and a record of each episode in audio/imported/: guid, date, notes,
    chapters and transcript. Audio files stay where they are, unless --mirror is given. Run it again to import newer
    episodes.
    """
    from podcast.produce.migrate.import_show import ImportOptions, import_show
    from podcast.text import counted

    place = place_of(directory or folder)
    import_options = ImportOptions(source, options["url"], mirror=options["mirror"], private=options["allow_private"])
    with place.lock(), progress(quiet=options["quiet"]) as shown:
        done = import_show(place, import_options, progress=shown)
    if done.begun:
        click.echo(str(place.show))
    for episode in done.episodes:
        click.echo(str(place.imported / f"{episode.slug}.json"))
    fetched = f", {counted(done.mirrored, 'audio file')} downloaded" if done.mirrored else ""
    tell(f"{counted(len(done.episodes), 'episode')} imported, {done.known} already here{fetched}")
    fail(done.failures)
    tell("Next: check show.toml, then run podcast feed. Commit audio/imported/: it cannot be recreated")


@click.command(
    cls=click.Command,
    **example(
        "podcast move https://new.example/podcast/\n"
        "podcast move https://host.example/shows/42.xml --away --server apache > .htaccess"
    ),
)
@click.argument("address", metavar="NEW_URL")
@click.option(
    "--away", is_flag=True, help="Another program publishes the show from now on; this feed only redirects to it."
)
@click.option(
    "--server",
    type=click.Choice(["nginx", "apache", "caddy", "netlify"]),
    help="Print the redirect rules for this server only.",
)
@click.pass_obj
def move(folder: "Path", /, address: str, *, away: bool, server: str | None) -> None:
    """Move the show to another URL without losing listeners.

    NEW_URL is the public URL of the feed folder; with --away, of the feed that another program publishes. It is
    written to show.toml, the feed is rebuilt with itunes:new-feed-url, and redirect rules for the old server are
    printed.
    """
    from podcast.produce.migrate import move as moving

    place = place_of(folder)
    with place.lock():
        moved = moving.move(place, address, away=away)
    rules = moving.rules(moved)
    for name in [server] if server else list(rules):
        click.echo(rules[name] if server else f"# {name}: {moving.SERVERS[name]}\n{rules[name]}\n")
    first = "publish the feed once more at the old URL" if away else "publish to the new URL"
    tell(
        f"{moved.old_feed} -> {moved.new_feed}\n"
        f"Next: {first}, then add these redirects at the old URL.\n"
        f"Keep them for at least {moving.WEEKS} weeks, as Apple requires; a year is better, because some apps\n"
        "are rarely opened. If the old host cannot redirect (GitHub Pages), publish the\n"
        "feed there once more: it contains the new URL."
    )
