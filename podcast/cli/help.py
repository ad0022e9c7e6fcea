# SPDX-License-Identifier: GPL-3.0-or-later
"""The command help: the pages of docs/ and the help of commands in the terminal.

The pages are docs/*.md of the repository. An installed package has a copy in podcast/docs; in a checkout the
repository's own files are read, so that they are always up to date. docs/README.md lists the topics.
"""

import os
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

import click

from podcast.cli.common import example
from podcast.errors import did_you_mean

if TYPE_CHECKING:
    from pathlib import Path

    from click.shell_completion import CompletionItem

WIDEST = 100
"""Maximum width of a page in columns, for readability."""

NARROW = {"Type": 16, "Default": 16}
"""Heading of a narrow table column -> its maximum width."""

ROW = re.compile(r"^\| \[[^\]]*\]\(([\w-]+)\.md\) \| (.*?) \|$", re.MULTILINE)
"""Matches a row of the tables in docs/README.md: `| [Title](topic.md) | description |`."""

LINK = re.compile(r"(?P<image>!?)\[(?P<text>(?:`[^`]*`|[^\]`])*)\]\((?P<target>[^()\s]*)\)")
CODE = re.compile(r"(`[^`]*`)(?!\]\()")
IMAGE_LINE = re.compile(r"\s*(?:!\[[^\]]*\]\([^()]*\)\s*)+")


def folder() -> "Path":
    """Return the folder with the pages: the repository's own in a checkout, else the one in the package."""
    from pathlib import Path

    package = Path(__file__).parent.parent
    is_checkout = (package.parent / "pyproject.toml").is_file() and (package.parent / "docs" / "README.md").is_file()
    return (package.parent if is_checkout else package) / "docs"


def topics() -> dict[str, str]:
    """Return topic -> its description, in the order of docs/README.md."""
    index = folder() / "README.md"
    return dict(ROW.findall(index.read_text(encoding="utf-8"))) if index.is_file() else {}


def page(topic: str) -> str | None:
    """Return the text of a page, or of a sample file that a page links to; None if there is none of this name."""
    name = _name(topic)
    if name.startswith("samples/"):
        path = folder() / "samples" / PurePosixPath(name).name
        return path.read_text(encoding="utf-8") if path.is_file() and path.suffix != ".mp3" else None
    return (folder() / f"{name}.md").read_text(encoding="utf-8") if name in topics() else None


def _name(topic: str) -> str:
    """Return a topic without folder and suffix."""
    return topic.removeprefix("docs/").removesuffix(".md").lower()


def for_terminal(text: str) -> str:
    """Return a page as Markdown for a terminal: links name the command that shows their page, images are dropped."""
    return "\n".join([*_lines(text, _linked), ""])


def _lines(text: str, change: Callable[[str], str]) -> Iterator[str]:
    """Yield the lines of a page, with the links outside code blocks replaced."""
    fence = ""
    for line in text.splitlines():
        mark = re.match(r"\s*(`{3,}|~{3,})", line)
        if mark and not fence:
            fence = mark[1]
        elif mark and line.strip() == fence:
            fence = ""
        elif not fence and not line.startswith("    "):
            if IMAGE_LINE.fullmatch(line):
                continue
            yield "".join(part if CODE.fullmatch(part) else change(part) for part in CODE.split(line))
            continue
        yield line


def _linked(text: str) -> str:
    return LINK.sub(lambda found: "" if found["image"] else _link(found["text"], found["target"]), text)


def _link(text: str, target: str) -> str:
    """Return a link for the terminal: URLs unchanged, pages as the command that shows them."""
    file, _, _ = target.partition("#")
    if "://" in target or target.startswith("mailto:"):
        return f"[{text}]({target})"
    if file.startswith("samples/") and not file.endswith(".mp3"):
        return f"`podcast help {file}`"
    if "/" in file or not file.endswith(".md"):
        return text
    topic = file.removesuffix(".md")
    command = f"`podcast help {topic}`" if topic != "README" else "`podcast help`"
    return command if text.lower() in {topic, file} else f"{text} ({command})"


def _complete(context: click.Context, _parameter: click.Parameter, begun: str) -> "list[CompletionItem]":
    from click.shell_completion import CompletionItem

    commands = _commands(context)
    known = {**{name: command.get_short_help_str() for name, command in commands.items()}, **topics()}
    return [CompletionItem(name, help=words) for name, words in known.items() if name.startswith(begun)]


def _commands(context: click.Context) -> Mapping[str, click.Command]:
    group = context.find_root().command
    return group.commands if isinstance(group, click.Group) else {}


@click.command("help", **example("podcast help\npodcast help publishing\npodcast help make"))
@click.argument("topic", required=False, shell_complete=_complete)
@click.pass_context
def help_(context: click.Context, topic: str | None) -> None:
    """Read the documentation: a topic, or the help of a command.

    Without TOPIC, list the topics.
    """
    if topic is None:
        _show(_index(context), "")
        return
    text = page(topic)
    if text is not None:
        topic = _name(topic)
        footer = f"Options of the command: `podcast {topic} --help`\n" if topic in _commands(context) else ""
        _show(text, footer) if not topic.startswith("samples/") else click.echo(text, nl=False)
        return
    command = _commands(context).get(topic)
    if command is None:
        known = {*topics(), *_commands(context)}
        context.fail(f"unknown topic or command {topic!r}; {did_you_mean(topic, known)}")
    command.make_context(topic, ["--help"], parent=context.find_root())  # prints the help and exits


def _index(context: click.Context) -> str:
    """Return the list of topics as plain text."""
    found = topics()
    wide = max(map(len, found), default=0)
    names = click.wrap_text(", ".join(_commands(context)), 78, initial_indent="  ", subsequent_indent="  ")
    return "\n".join(
        (
            "Topics, each shown by `podcast help TOPIC`:",
            "",
            *(f"  {topic:<{wide}}  {words}" for topic, words in found.items()),
            "",
            "Commands, each explained by `podcast COMMAND --help`:",
            "",
            names,
            "",
        )
    )


def _show(text: str, footer: str) -> None:
    """Print a page: formatted and with a pager on a terminal, as Markdown elsewhere."""
    if not text.startswith("#"):  # the list of topics
        click.echo(text, nl=False)
        return
    text = for_terminal(text) + (f"\n---\n\n{footer}" if footer else "")
    if not sys.stdout.isatty():
        click.echo(text, nl=False)
        return
    os.environ.setdefault("LESS", "-FR")  # show colours, and exit at the end of a short page
    click.echo_via_pager(drawn(text))


def drawn(text: str, width: int = 0) -> str:
    """Render Markdown for a terminal: left-aligned headings, code without a background, tables with lines."""
    import io
    import shutil

    from rich.console import Console, ConsoleOptions, RenderResult
    from rich.markdown import CodeBlock, Heading, Markdown, TableElement
    from rich.syntax import Syntax
    from rich.table import Table
    from rich.text import Text
    from rich.theme import Theme

    class LeftHeading(Heading):
        def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
            self.text.justify = "left"
            if self.tag != "h1":
                yield Text("")
            yield self.text

    class Example(CodeBlock):
        def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
            lines = str(self.text).rstrip()
            yield Syntax(lines, self.lexer_name, theme=self.theme, word_wrap=True, padding=(0, 1))

    class Whole(TableElement):
        def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
            for part in super().__rich_console__(console, options):
                for column in part.columns if isinstance(part, Table) else ():
                    column.overflow = "fold"  # wrap long words instead of truncating them
                    column.max_width = NARROW.get(str(column.header))
                yield part

    class HelpPage(Markdown):
        elements = Markdown.elements | {
            "heading_open": LeftHeading,
            "fence": Example,
            "code_block": Example,
            "table_open": Whole,
        }

    width = width or min(shutil.get_terminal_size().columns, WIDEST)
    theme = Theme({"markdown.code": "bold cyan"})  # rich's default has a black background, even on a white terminal
    console = Console(file=io.StringIO(), force_terminal=True, width=width, legacy_windows=False, theme=theme)
    with console.capture() as captured:
        console.print(HelpPage(text, code_theme="ansi_dark", hyperlinks=False))
    return captured.get()
