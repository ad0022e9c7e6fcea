# SPDX-License-Identifier: GPL-3.0-or-later
"""Prints docs/commands.md: the help of every command, as the program gives it. `make docs` writes the file."""

import click

from podcast.cli.main import cli

HEAD = """\
# Commands

<!-- generated from the program by `make docs` -->

Every command and option, as `podcast COMMAND --help` shows them.

Results are printed to standard output; progress and messages go to standard error. For scripts of your own, these
commands can output JSON with `--json`: {json}.

| Exit code | Meaning |
|---|---|
| 0 | success |
| 1 | error, or only part of the work was done; `error:` and `hint:` say what is wrong and how to fix it |
| 2 | wrong usage: an unknown command or option, or an invalid value |
| 130 | stopped with Ctrl-C; the next run resumes there |

`podcast --log FILE COMMAND` appends a detailed log to a file, with times and without passwords or keys. Please send it
along when you report a bug.

## Shell completion

To complete commands, options, episodes (`podcast make le-p<TAB>`), targets and files, run the line for your shell and
open a new terminal:

```sh
# bash
echo 'eval "$(_PODCAST_COMPLETE=bash_source podcast)"' >> ~/.bashrc
# zsh
echo 'eval "$(_PODCAST_COMPLETE=zsh_source podcast)"' >> ~/.zshrc
# fish
_PODCAST_COMPLETE=fish_source podcast \\
    > ~/.config/fish/completions/podcast.fish
```
"""


def page() -> str:
    """Return the page."""
    named = [name for name, command in cli.commands.items() if any("--json" in one.opts for one in command.params)]
    top = click.Context(cli, info_name="podcast", terminal_width=80, **cli.context_settings)
    parts = [HEAD.replace("{json}", ", ".join(f"`{name}`" for name in named)), _section("podcast", cli, None)]
    parts += [_section(f"podcast {name}", command, top) for name, command in cli.commands.items()]
    return "\n".join(parts)


def _section(name: str, command: click.Command, parent: click.Context | None) -> str:
    context = click.Context(
        command, parent=parent, info_name=name.rpartition(" ")[2], terminal_width=80, **command.context_settings
    )
    return f"## {name}\n\n```text\n{command.get_help(context)}\n```\n"


if __name__ == "__main__":
    click.echo(page(), nl=False)
