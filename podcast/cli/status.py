# SPDX-License-Identifier: GPL-3.0-or-later
"""The command status: the state of each episode, as a table that fits 80 columns."""

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from podcast.cli.common import example, open_show, print_json, tell

if TYPE_CHECKING:
    from pathlib import Path

    from podcast.produce.commands.status import StatusRow


@click.command(cls=click.Command, **example("podcast status\npodcast status --audio\npodcast status --json"))
@click.option("--audio", is_flag=True, help="Show length and loudness too.")
@click.option("--json", "as_json", is_flag=True, help="Output JSON.")
@click.pass_obj
def status(folder: "Path", *, audio: bool, as_json: bool) -> None:
    """Show the state of each episode.

    "Out of date" means that `podcast make` would render the episode, or `podcast feed` publish it.
    """
    from podcast.produce.commands.status import states

    place, show = open_show(folder)
    rows = states(place, show)
    if as_json:
        print_json([row.as_json() for row in rows])
    elif not rows:
        tell("no episodes yet: podcast make ARTICLE")
    elif sys.stdout.isatty():
        _draw(rows, audio=audio)
    else:
        for row in rows:
            facts = (row.count, row.date, row.slug, row.title, row.words, *(_audio(row) if audio else ()))
            click.echo("\t".join(facts))


def _audio(row: "StatusRow") -> tuple[str, str, str]:
    """Return length, loudness and true peak."""
    from podcast.text import clock

    length = "" if row.duration_ms is None else clock(row.duration_ms)
    if row.integrated_lufs is None:
        return length, "", ""
    return length, f"{row.integrated_lufs:.1f} LUFS", f"{row.true_peak_dbtp:.1f} dBTP"


def _draw(rows: "Sequence[StatusRow]", *, audio: bool) -> None:
    """Print the table for a terminal, with truncated titles; below each row that is not up to date, slug and reason."""
    from rich.console import Console
    from rich.padding import Padding
    from rich.table import Table
    from rich.text import Text

    drawn = Table(box=None, pad_edge=False, expand=True)
    drawn.add_column("#", justify="right", no_wrap=True)
    drawn.add_column("date", no_wrap=True)
    drawn.add_column("title", no_wrap=True, overflow="ellipsis", ratio=1)
    drawn.add_column("state", no_wrap=True)
    for head in ("length", "loudness", "peak") if audio else ():
        drawn.add_column(head, justify="right", no_wrap=True)
    console = Console()
    for row in rows:
        cells = (row.count, row.date, row.title or row.slug, row.brief, *(_audio(row) if audio else ()))
        drawn.add_row(*map(Text, cells))
    lines = console.render_lines(drawn)
    console.print("".join(part.text for part in lines[0]), highlight=False, markup=False)
    for row, line in zip(rows, lines[1:], strict=True):
        console.print("".join(part.text for part in line), highlight=False, markup=False)
        if row.detail and row.state != "up to date":
            why = row.detail if row.state == "failed" else f"{row.slug}: {row.detail}"  # an error names its file
            console.print(Padding(Text(why), (0, 0, 0, 4)), style="dim")
