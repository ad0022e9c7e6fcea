# SPDX-License-Identifier: GPL-3.0-or-later
"""Prints docs/commands.md: the help of every command, as the program gives it. `make docs` writes the file."""

import click

from podcast.cli import cli

HEAD = """\
# Commands

Written from the program's own help by `make docs`; change it there.

Results go to standard output, progress and remarks to standard error, so that output can be piped. `--json` gives
results for programs, where there is such an option: {json}.

| exit code | meaning |
|---|---|
| 0 | what was asked for exists |
| 1 | it does not, or not all of it: `error:` and `hint:` on standard error say what and how to mend it |
| 2 | wrong usage: an unknown command or option, or a value that is none |
| 130 | stopped by Ctrl-C; the next run goes on from there |

`podcast --log FILE COMMAND` also writes what happens to a file: a line each with its time, in detail, and never a
secret. It is gone on with, not overwritten; send it along when you report a mistake.

## Completion in the shell

Commands, options, episodes (`podcast make le-p<TAB>`), targets and files are completed after one of these lines.

    echo 'eval "$(_PODCAST_COMPLETE=bash_source podcast)"' >> ~/.bashrc
    echo 'eval "$(_PODCAST_COMPLETE=zsh_source podcast)"' >> ~/.zshrc
    _PODCAST_COMPLETE=fish_source podcast > ~/.config/fish/completions/podcast.fish
"""


def page() -> str:
    """Return the page."""
    named = [name for name, command in cli.commands.items() if any("--json" in one.opts for one in command.params)]
    top = click.Context(cli, info_name="podcast", terminal_width=100, **cli.context_settings)
    parts = [HEAD.replace("{json}", ", ".join(f"`{name}`" for name in named)), _section("podcast", cli, None)]
    parts += [_section(f"podcast {name}", command, top) for name, command in cli.commands.items()]
    return "\n".join(parts)


def _section(name: str, command: click.Command, parent: click.Context | None) -> str:
    context = click.Context(
        command, parent=parent, info_name=name.rpartition(" ")[2], terminal_width=100, **command.context_settings
    )
    return f"## {name}\n\n```text\n{command.get_help(context)}\n```\n"


if __name__ == "__main__":
    click.echo(page(), nl=False)
