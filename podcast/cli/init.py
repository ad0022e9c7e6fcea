# SPDX-License-Identifier: GPL-3.0-or-later
"""The command init: create a show folder, interactively at a terminal without options."""

import sys
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

import click

from podcast.cli.common import PathOf, after_each_other, example, quoted, tell

if TYPE_CHECKING:
    from pathlib import Path


@click.command(
    cls=click.Command,
    **example('podcast init my-show --title "My Show" --language fr --url https://www.example.org/podcast/'),
)
@click.argument("directory", type=PathOf(file_okay=False), required=False)
@click.option("--title", help="Name of the show.")
@click.option("--language", help="Language of the show, such as fr, en or pt-BR.")
@click.option("--url", help="Public URL of the feed folder, such as https://www.example.org/podcast/.")
@click.option("--author", help="Name of the author or publisher.")
@click.option("--email", help="E-mail address where podcast directories reach the owner.")
@click.option("--category", help="One of Apple's categories; default: Technology.")
@click.option("--description", help="What the show is about, in a sentence or two.")
@click.option("--private", is_flag=True, help="Private show: a secret URL, and directories are asked not to list it.")
@click.pass_obj
def init(folder: "Path", /, directory: "Path | None", *, private: bool, **given: str | None) -> None:
    """Create a show folder with a commented show.toml.

    At a terminal and without options, it asks for title, language, author, e-mail, category and URL.
    """
    from pathlib import Path

    from podcast.produce.commands.init import fault, start

    directory = directory or folder
    asked = {
        "title": ("Title of the show", directory.resolve().name.replace("-", " ").replace("_", " ").title()),
        "language": ("Language (fr, en, …)", "en"),
        "author": ("Author or publisher", ""),
        "email": ("E-mail of the owner", ""),
        "category": ("Apple category (Arts, Business, News, Science …)", "Technology"),
        "url": ("Public URL of the feed folder, if you know it", ""),
    }
    # With an option, do not prompt: the prompt would read the next line of pasted commands as its answer.
    ask = all(value is None for value in given.values()) and sys.stdin.isatty() and sys.stderr.isatty()
    for name, (question, default) in asked.items():
        if ask:
            given[name] = _asked(question, default, partial(fault, name))
        elif given[name] is None:
            given[name] = default
    for path in start(directory, {name: value or "" for name, value in given.items()}, private=private):
        click.echo(str(path))
    go = [] if directory == Path() else [f"cd {quoted(str(directory))}"]
    tell("Next: " + after_each_other(*go, "podcast make ARTICLE"))


def _asked(question: str, default: str, fault: "Callable[[str], str]") -> str:
    """Prompt for a value; ask again if it is invalid."""
    while True:
        try:
            answer = str(click.prompt(question, default=default, err=True, show_default=bool(default)))
        except click.Abort:
            tell("\nstopped; no show was created")
            sys.exit(130)
        if not (wrong := fault(answer)):
            return answer
        tell(wrong)
