# SPDX-License-Identifier: GPL-3.0-or-later
"""Functions that the commands share: opening a show, showing progress, printing tables and errors."""

import errno
import os
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

from podcast.errors import PodcastError, did_you_mean

if TYPE_CHECKING:
    from pathlib import Path

    from click.shell_completion import CompletionItem

    from podcast.config.settings import Show
    from podcast.log import Log
    from podcast.progress import Progress
    from podcast.workspace import Workspace


class PathOf(click.Path):
    """click.Path that returns a pathlib.Path, with a lazy import that keeps `podcast --help` fast."""

    def convert(self, value: Any, param: "click.Parameter | None", ctx: "click.Context | None") -> Any:
        """See click.Path."""
        from pathlib import Path

        return Path(str(super().convert(value, param, ctx)))


def example(text: str) -> dict[str, Any]:
    """Return the arguments of a command that add an example to its help."""
    return {"epilog": "\b\nExample:\n  " + text.replace("\n", "\n  ")}


ALLOWED = {
    "audio": "Allow replacing the audio of published episodes.",
    "date": "Allow changing the date of published episodes.",
    "guid": "Allow changing a published guid; apps then list the episode twice.",
    "address": "Allow changing the URL of the feed.",
}
"""Permission of `published_state` -> help text of its option."""


def allow_options(command: Any) -> Any:
    """Add the options that permit changes to published episodes."""
    for name, words in reversed(ALLOWED.items()):
        command = click.option(f"--allow-{name}", is_flag=True, help=words)(command)
    return command


def allowed(options: Mapping[str, Any]) -> list[str]:
    """Return the permissions whose options were given."""
    return [name for name in ALLOWED if options[f"allow_{name}"]]


def complete_slug(context: click.Context, _parameter: click.Parameter, begun: str) -> "list[CompletionItem]":
    """Complete the slug of an episode; complete files if none matches."""
    from click.shell_completion import CompletionItem

    slugs = [path.stem for path in place_of(_folder(context)).script_files() if path.stem.startswith(begun)]
    return [CompletionItem(slug) for slug in slugs] or [CompletionItem(begun, type="file")]


def complete_target(context: click.Context, _parameter: click.Parameter, begun: str) -> list[str]:
    """Complete the name of a target in show.toml."""
    from podcast.errors import PodcastError

    try:
        return [name for name in open_show(_folder(context))[1].targets if name.startswith(begun)]
    except PodcastError:
        return []  # the command itself reports it


def _folder(context: click.Context) -> "Path":
    """Return the folder of --show during shell completion."""
    from pathlib import Path

    return Path((context.parent or context).params.get("folder") or ".")


class Commands(click.Group):
    """A group that lists its commands in the order in which they were added."""

    def list_commands(self, _context: click.Context) -> list[str]:
        """Return the names as they were added."""
        return list(self.commands)

    def resolve_command(self, context: click.Context, arguments: list[str]) -> Any:
        """Return the command; suggest a similar one for an unknown name."""
        if self.get_command(context, arguments[0]) is None and not arguments[0].startswith("-"):
            article = bool(re.search(r"\.\w|/", arguments[0]))
            hint = f"try: podcast make {quoted(arguments[0])}" if article else did_you_mean(arguments[0], self.commands)
            context.fail(f"unknown command {arguments[0]!r}; {hint}")
        return super().resolve_command(context, arguments)

    def parse_args(self, context: click.Context, arguments: list[str]) -> list[str]:
        """Parse the options before the command; explain if one belongs after it."""
        try:
            return super().parse_args(context, arguments)
        except click.NoSuchOption as error:
            option = error.option_name
            owners = [name for name, one in self.commands.items() if any(option in each.opts for each in one.params)]
            if not owners:
                raise
            name = owners[0] if len(owners) == 1 else "COMMAND"
            message = f"{option} goes after the command: podcast {name} … {option}"
            raise click.UsageError(message, context) from None

    def invoke(self, context: click.Context) -> Any:
        """Run the command, and print its errors; explain if an option belongs before the command."""
        try:
            return super().invoke(context)
        except PodcastError as error:
            fail([error])
        except click.NoSuchOption as error:
            if any(error.option_name in option.opts for option in self.params):
                name = error.ctx.info_name if error.ctx else ""
                message = f"{error.option_name} goes before the command: podcast {error.option_name} … {name}"
                raise click.UsageError(message, error.ctx) from None
            raise


def place_of(folder: "Path") -> "Workspace":
    """Return the workspace in a folder."""
    from podcast.workspace import Workspace

    return Workspace(folder)


def open_show(folder: "Path") -> "tuple[Workspace, Show]":
    """Return the workspace and the show of a folder."""
    from podcast.config.load import load
    from podcast.errors import ConfigError

    place = place_of(folder)
    try:
        return place, load(place.show)
    except ConfigError as error:
        if not place.show.exists() and (near := _near(folder)):
            error.hint = f"there is one in {near}: change to that folder, or run podcast --show {quoted(str(near))} …"
        raise


def find_show(folder: "Path") -> "Workspace":
    """Return the workspace of a folder that has a show, without reading show.toml, which requires the lock."""
    place = place_of(folder)
    return place if place.show.exists() else open_show(folder)[0]  # which reports what to do


def quoted(word: str) -> str:
    """Quote a word for the shell of this system."""
    if os.name == "nt":  # cmd and PowerShell both accept double quotes
        return f'"{word}"' if " " in word else word
    import shlex

    return shlex.quote(word)


def after_each_other(*commands: str) -> str:
    """Join commands for the shell of this system; PowerShell 5 does not have `&&`."""
    return ("\n      " if os.name == "nt" else " && ").join(commands)


def expanded(arguments: Sequence[str]) -> list[str]:
    """Expand patterns such as *.md in arguments, which shells on Windows do not do."""
    if os.name != "nt":
        return list(arguments)
    import glob

    return [name for one in arguments for name in sorted(glob.glob(one)) or [one]]  # noqa: PTH207 - as it was given


def is_closed_pipe(error: OSError) -> bool:
    """Return True if the reader of standard output has closed it; Windows reports that as an invalid argument."""
    closed = os.name == "nt" and error.errno == errno.EINVAL and error.filename is None
    return closed or isinstance(error, BrokenPipeError)


def _near(folder: "Path") -> "Path | None":
    """Return the nearest parent folder, or else a direct sub-folder, that contains a show."""
    around = (above for above in folder.resolve().parents if (above / "show.toml").is_file())
    return next(around, None) or next((below.parent for below in sorted(folder.glob("*/show.toml"))), None)


@contextmanager
def progress(*, quiet: bool = False) -> "Iterator[Progress]":
    """Show progress: a bar on a terminal, lines elsewhere."""
    from podcast.progress import Bar, Lines, Quiet

    if quiet:
        yield _with_log(Quiet())
    elif sys.stderr.isatty():
        with Bar() as bar:
            yield _with_log(bar)
    else:
        yield _with_log(Lines())


_logs: "list[Log]" = []
"""The log of this run, if any."""


def begin_log(path: "Path", arguments: Sequence[str]) -> None:
    """Start a log file, until `end_log`."""
    from podcast.log import Log

    _logs.append(Log(path, arguments))


def end_log(error: BaseException | None) -> None:
    """Log the exit code, and the traceback of an unexpected error."""
    while _logs:
        code = error.code if isinstance(error, SystemExit) else int(error is not None)
        if error and not isinstance(error, SystemExit):
            _logs[0].failed(error)
        _logs.pop().end(code if isinstance(code, int) else 0)


def _with_log(shown: "Progress") -> "Progress":
    """Return a Progress that also writes to the log, if there is one."""
    from podcast.progress import Noted

    return Noted(shown, _logs[0].message) if _logs else shown


def tell(text: str) -> None:
    """Print a message to standard error and the log."""
    click.echo(text, err=True)
    for log in _logs:
        log.message(text)


def print_json(value: object) -> None:
    """Print a value as JSON."""
    import json

    click.echo(json.dumps(value, ensure_ascii=False, indent=1))


def table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print a table: aligned on a terminal, separated by tabs elsewhere."""
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
    """Print errors, and exit with code 1 if there are any.

    Errors about a key of show.toml get its line.
    """
    context = click.get_current_context(silent=True)
    for failure in failures:
        if context and (folder := context.find_root().params.get("folder")):
            from podcast.config.toml import TomlFile

            TomlFile.of(place_of(folder).show).locate(failure)
        tell(f"error: {failure.message}")
        if failure.hint:
            tell(f"hint: {failure.hint}")
        for log in _logs:
            log.failed(failure)
    if failures:
        sys.exit(1)
