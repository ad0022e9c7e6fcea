# SPDX-License-Identifier: GPL-3.0-or-later
"""What the commands share: opening a show, showing progress, printing tables and failures."""

import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from podcast.errors import PodcastError
    from podcast.settings import Show
    from podcast.terminal import Progress
    from podcast.workspace import Workspace


def example(text: str) -> dict[str, Any]:
    """Return the settings that put an example below the help of a command."""
    return {"epilog": "\b\nExample:\n  " + text.replace("\n", "\n  ")}


ALLOWED = {
    "audio": "Let episodes that are published have new sound.",
    "date": "Let episodes that are published have another date.",
    "guid": "Let what is published have another guid; apps list it twice.",
    "address": "Let the feed have another address.",
}
"""Permission of `produce.facts` -> what it says."""


def allow_options(command: Any) -> Any:
    """Add the permissions to change what listeners' apps know."""
    for name, words in reversed(ALLOWED.items()):
        command = click.option(f"--allow-{name}", is_flag=True, help=words)(command)
    return command


def allowed(options: Mapping[str, Any]) -> list[str]:
    """Return the permissions that were given."""
    return [name for name in ALLOWED if options[f"allow_{name}"]]


def place_of(folder: Path) -> "Workspace":
    """Return the workspace in a folder."""
    from podcast.workspace import Workspace

    return Workspace(folder)


def open_show(folder: Path) -> "tuple[Workspace, Show]":
    """Return workspace and show of a folder."""
    from podcast.show import load

    place = place_of(folder)
    return place, load(place.show)


@contextmanager
def progress(*, quiet: bool = False) -> "Iterator[Progress]":
    """Give what shows progress: a bar on a terminal, lines elsewhere."""
    from podcast.terminal import Bar, Lines, Quiet

    if quiet:
        yield Quiet()
    elif sys.stderr.isatty():
        with Bar() as bar:
            yield bar
    else:
        yield Lines()


def tell(text: str) -> None:
    """Say something on standard error."""
    click.echo(text, err=True)


def table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print a table: ruled on a terminal, with tabs elsewhere."""
    if not sys.stdout.isatty():
        for row in rows:
            click.echo("\t".join(row))
        return
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    drawn = Table(*heads, box=None, pad_edge=False)
    for row in rows:
        drawn.add_row(*(Text(cell) for cell in row))
    Console().print(drawn)


def fail(failures: "Sequence[PodcastError]") -> None:
    """Print what went wrong, and end with exit code 1 if anything did."""
    for failure in failures:
        tell(f"error: {failure.message}")
        if failure.hint:
            tell(f"hint: {failure.hint}")
    if failures:
        sys.exit(1)
