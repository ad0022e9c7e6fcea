# SPDX-License-Identifier: GPL-3.0-or-later
"""The commands for a show that has listeners already: import takes it over, move gives it another address."""

from typing import TYPE_CHECKING, Any

import click

from podcast.command import PathOf, example, fail, place_of, progress, tell

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
@click.option("--url", default="", help="Address at which the feed folder will be found from now on.")
@click.option("--mirror", is_flag=True, help="Fetch the sound too, to publish it from here; its bytes stay the same.")
@click.option("--allow-private", is_flag=True, help="Also web addresses of this machine and its network.")
@click.option("--quiet", "-q", is_flag=True, help="No progress.")
@click.pass_obj
def import_(folder: "Path", /, source: str, directory: "Path | None", **options: Any) -> None:
    """Take over an existing show from its feed, and go on with it here.

    Writes show.toml, if DIR has none, and an episode for each item to audio/imported/: with its guid, date, notes,
    chapters and transcript. Its sound stays where it is, unless --mirror is given. Run it again to take what is new.
    """
    from podcast.produce.takeover import Order, take_over

    place = place_of(directory or folder)
    order = Order(source, options["url"], mirror=options["mirror"], private=options["allow_private"])
    with place.lock(), progress(quiet=options["quiet"]) as shown:
        done = take_over(place, order, progress=shown)
    if done.begun:
        click.echo(str(place.show))
    for episode in done.episodes:
        click.echo(str(place.imported / f"{episode.slug}.json"))
    fetched = f", the sound of {done.mirrored} fetched" if done.mirrored else ""
    tell(f"{len(done.episodes)} taken over, {done.known} were here{fetched}")
    fail(done.failures)
    tell("Now: look at show.toml, then podcast feed. Commit audio/imported/: nothing can make it again")


@click.command(
    cls=click.Command,
    **example(
        "podcast move https://new.example/podcast/\n"
        "podcast move https://host.example/shows/42.xml --away --server apache > .htaccess"
    ),
)
@click.argument("address", metavar="NEW_ADDRESS")
@click.option("--away", is_flag=True, help="It is published by something else from now on, this one stays to say so.")
@click.option(
    "--server", type=click.Choice(["nginx", "apache", "caddy", "netlify"]), help="Print the rules for this server only."
)
@click.pass_obj
def move(folder: "Path", /, address: str, *, away: bool, server: str | None) -> None:
    """Give the show another address, and say how listeners are led there.

    NEW_ADDRESS is where the feed folder will be; with --away, the feed that another program publishes. It is written
    to show.toml, the feed is rebuilt with itunes:new-feed-url, and the rules for the old server are printed.
    """
    from podcast.produce import moving

    place = place_of(folder)
    with place.lock():
        moved = moving.move(place, address, away=away)
    rules = moving.rules(moved)
    for name in [server] if server else list(rules):
        click.echo(rules[name] if server else f"# {name}: {moving.SERVERS[name]}\n{rules[name]}\n")
    first = "publish the feed once more where it was" if away else "publish to the new place"
    tell(
        f"{moved.old_feed} -> {moved.new_feed}\n"
        f"Now: {first}, then set these rules at the old address. Leave them there for at least {moving.WEEKS}\n"
        "weeks, which Apple asks for; apps that are seldom opened need a year, and nothing is gained by ending it\n"
        "sooner. A host that cannot redirect (GitHub Pages) is left with this feed: it says the new address."
    )
