# SPDX-License-Identifier: GPL-3.0-or-later
"""The report of `podcast make`: a line for each episode, and notes about the feed."""

import sys
from typing import TYPE_CHECKING

import click

from podcast.cli.common import tell

if TYPE_CHECKING:
    from collections.abc import Sequence

    from podcast.config.settings import Show
    from podcast.produce import Plan, RenderedEpisode
    from podcast.workspace import Workspace

FEW = 10
"""Maximum number of up-to-date episodes that are listed one by one."""


def print_plans(plans: "list[Plan]") -> None:
    """Print the cost of each episode, and the total of several."""
    from podcast.produce.render.plan import total

    for plan in plans if len(plans) < 2 else [*plans, total(plans)]:
        click.echo(plan.line())


def print_made(place: "Workspace", show: "Show", made: "Sequence[RenderedEpisode]") -> None:
    """Print the episodes that were rendered or are up to date, and why one is not in the feed."""
    from podcast import produce
    from podcast.config.load import is_placeholder
    from podcast.produce.release import manifest
    from podcast.produce.release.schedule import waiting
    from podcast.text import counted

    listed = manifest.listed(place)
    same = [one for one in made if not one.changed]
    shown = made if len(same) <= FEW else [one for one in made if one.changed or one.episode.stand_ins]
    for one in shown:
        click.echo("  ".join(_columns(place, one)))
        if why := waiting(one.episode, listed):
            tell(f"note: {one.episode.slug} is not in the feed: {why}")
        if one.episode.stand_ins:
            tell(produce.fallback_note(place, show, one.episode))
    if count := len(made) - len(shown):
        click.echo(f"{counted(count, 'more episode' if shown else 'episode')} up to date")
    click.echo(f"{place.feed / 'feed.xml'}")
    if is_placeholder(show):
        tell(f"note: show.toml: show.url: {show.url} is a placeholder; set url in show.toml before you publish")


def _columns(place: "Workspace", one: "RenderedEpisode") -> list[str]:
    """Return file and duration of an episode; outside a terminal, also its loudness and whether it was rendered."""
    from podcast.text import clock

    episode, measured = one.episode, one.episode.loudness
    facts = [str(place.sound(episode.slug)), clock(episode.enclosure.duration_ms)]
    if sys.stdout.isatty():
        return facts
    loud = f"{measured.integrated_lufs:.1f} LUFS, peak {measured.true_peak_dbtp:.1f} dBTP" if measured else ""
    return [*facts, loud, "rendered" if one.changed else "up to date"]
