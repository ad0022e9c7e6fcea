# SPDX-License-Identifier: GPL-3.0-or-later
"""What the commands share: opening a show, showing progress, printing tables and errors."""

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
    """click.Path that gives a pathlib.Path, which is loaded only then: `podcast --help` needs none."""

    def convert(self, value: Any, param: "click.Parameter | None", ctx: "click.Context | None") -> Any:
        """See click.Path."""
        from pathlib import Path

        return Path(str(super().convert(value, param, ctx)))


def example(text: str) -> dict[str, Any]:
    """Return the settings that put an example below the help of a command."""
    return {"epilog": "\b\nExample:\n  " + text.replace("\n", "\n  ")}


ALLOWED = {
    "audio": "Allow replacing the audio of published episodes.",
    "date": "Allow changing the date of published episodes.",
    "guid": "Allow changing a published guid; apps then list the episode twice.",
    "address": "Allow changing the URL of the feed.",
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


def complete_slug(context: click.Context, _parameter: click.Parameter, begun: str) -> "list[CompletionItem]":
    """Return the episodes that a shell may complete to; files where there is none."""
    from click.shell_completion import CompletionItem

    slugs = [path.stem for path in place_of(_folder(context)).script_files() if path.stem.startswith(begun)]
    return [CompletionItem(slug) for slug in slugs] or [CompletionItem(begun, type="file")]


def complete_target(context: click.Context, _parameter: click.Parameter, begun: str) -> list[str]:
    """Return the targets of show.toml that a shell may complete to."""
    from podcast.errors import PodcastError

    try:
        return [name for name in open_show(_folder(context))[1].targets if name.startswith(begun)]
    except PodcastError:
        return []  # it is told when the command is run


def _folder(context: click.Context) -> "Path":
    """Return the folder that --show names, while a shell completes."""
    from pathlib import Path

    return Path((context.parent or context).params.get("folder") or ".")


class Commands(click.Group):
    """The commands in the order of the work, not of the alphabet."""

    def list_commands(self, _context: click.Context) -> list[str]:
        """Return the names as they were added."""
        return list(self.commands)

    def resolve_command(self, context: click.Context, arguments: list[str]) -> Any:
        """Return the command that is meant; of one that there is not, say which is near."""
        if self.get_command(context, arguments[0]) is None and not arguments[0].startswith("-"):
            article = bool(re.search(r"\.\w|/", arguments[0]))
            hint = f"try: podcast make {quoted(arguments[0])}" if article else did_you_mean(arguments[0], self.commands)
            context.fail(f"unknown command {arguments[0]!r}; {hint}")
        return super().resolve_command(context, arguments)

    def parse_args(self, context: click.Context, arguments: list[str]) -> list[str]:
        """Take the options before the command; one that belongs after it is told from one that there is not."""
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
        """Run the command, and print its errors.

        An option of all commands that is given after one of them is told from one that there is not.
        """
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
    """Return workspace and show of a folder."""
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
    """Return the workspace of a folder that has a show, without reading it: that is for when its lock is held."""
    place = place_of(folder)
    return place if place.show.exists() else open_show(folder)[0]  # which reports what to do


def quoted(word: str) -> str:
    """Return a word as it is given to a shell of this system."""
    if os.name == "nt":  # quotation marks are the only ones that both of its shells know
        return f'"{word}"' if " " in word else word
    import shlex

    return shlex.quote(word)


def after_each_other(*commands: str) -> str:
    """Return commands as they are given to a shell of this system; PowerShell 5 knows no `&&`."""
    return ("\n      " if os.name == "nt" else " && ").join(commands)


def expanded(arguments: Sequence[str]) -> list[str]:
    """Return arguments with the files that a pattern such as *.md names; the shells of Windows leave it as it is."""
    if os.name != "nt":
        return list(arguments)
    import glob

    return [name for one in arguments for name in sorted(glob.glob(one)) or [one]]  # noqa: PTH207 - as it was given


def is_closed_pipe(error: OSError) -> bool:
    """Return True if nobody reads what is printed any more; Windows then calls it an invalid argument."""
    closed = os.name == "nt" and error.errno == errno.EINVAL and error.filename is None
    return closed or isinstance(error, BrokenPipeError)


def _near(folder: "Path") -> "Path | None":
    """Return the show folder around a folder, or right below it, if there is one."""
    around = (above for above in folder.resolve().parents if (above / "show.toml").is_file())
    return next(around, None) or next((below.parent for below in sorted(folder.glob("*/show.toml"))), None)


@contextmanager
def progress(*, quiet: bool = False) -> "Iterator[Progress]":
    """Give what shows progress: a bar on a terminal, lines elsewhere."""
    from podcast.progress import Bar, Lines, Quiet

    if quiet:
        yield _noted(Quiet())
    elif sys.stderr.isatty():
        with Bar() as bar:
            yield _noted(bar)
    else:
        yield _noted(Lines())


_logs: "list[Log]" = []
"""The one of this run, if there is one."""


def begin_log(path: "Path", arguments: Sequence[str]) -> None:
    """Write what happens to a file too, until `end_log`."""
    from podcast.log import Log

    _logs.append(Log(path, arguments))


def end_log(error: BaseException | None) -> None:
    """Note how the run ended."""
    while _logs:
        code = error.code if isinstance(error, SystemExit) else int(error is not None)
        if error and not isinstance(error, SystemExit):
            _logs[0].failed(error)
        _logs.pop().end(code if isinstance(code, int) else 0)


def _noted(shown: "Progress") -> "Progress":
    """Return what shows progress, and notes stages and remarks in the log if there is one."""
    from podcast.progress import Noted

    return Noted(shown, _logs[0].told) if _logs else shown


def tell(text: str) -> None:
    """Say something on standard error."""
    click.echo(text, err=True)
    for log in _logs:
        log.told(text)


def print_json(value: object) -> None:
    """Print a value for programs."""
    import json

    click.echo(json.dumps(value, ensure_ascii=False, indent=1))


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
    """Print what went wrong, and end with exit code 1 if anything did.

    An error that names a key of show.toml gets the line where it stands.
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
