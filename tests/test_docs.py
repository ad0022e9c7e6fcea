# SPDX-License-Identifier: GPL-3.0-or-later
"""Papers that cannot go stale: what they name exists, and what the program says of itself is what they say."""

import re
import runpy
from pathlib import Path

import pytest

from podcast.cli import cli
from podcast.show import SECTIONS

ROOT = Path(__file__).parent.parent
PAPERS = [
    "README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md",
    *sorted(f"docs/{path.name}" for path in (ROOT / "docs").glob("*.md")),
]  # fmt: skip
GENERATED = {"commands", "checks", "settings"}


def test_every_command_is_in_the_readme():
    """Nobody has to guess what there is."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")

    assert [name for name in cli.commands if f"podcast {name}" not in readme and f"`podcast {name}" not in readme] == []


@pytest.mark.parametrize("paper", PAPERS)
def test_commands_and_options_in_papers_exist(paper):
    """A command or option that is gone is gone from the papers."""
    text = (ROOT / paper).read_text(encoding="utf-8")
    for line in re.findall(r"(?:^|`)\s*podcast ([a-z][^`\n#]*)", text, re.MULTILINE):
        name, *words = line.split()
        command = cli.commands.get(name.strip(",.:;"))
        assert command is not None, line
        known = {option for parameter in command.params for option in parameter.opts}
        assert {word for word in words if re.fullmatch(r"--?[a-z][a-z-]*", word)} <= known, line


@pytest.mark.parametrize("paper", PAPERS)
def test_files_that_papers_link_to_exist(paper):
    """A link leads somewhere."""
    lines = (ROOT / paper).read_text(encoding="utf-8").splitlines()
    text = "\n".join(line for line in lines if not line.startswith("    "))  # examples apart
    for target in re.findall(r"\]\((?!https?:)([^)#]+)\)", text):
        assert ((ROOT / paper).parent / target).exists(), target


@pytest.mark.parametrize("name", sorted(GENERATED))
def test_what_the_program_says_of_itself_is_current(name):
    """`make docs` writes these pages from the program's own help, rules and types."""
    page = runpy.run_path(str(ROOT / "docs" / f"{name}.py"))["page"]()

    assert (ROOT / "docs" / f"{name}.md").read_text(encoding="utf-8") == page, "run: make docs"


def test_every_command_and_every_key_of_a_show_is_explained():
    """Nobody has to read the code to know what a line of show.toml does."""
    pages = {name: (ROOT / "docs" / f"{name}.md").read_text(encoding="utf-8") for name in GENERATED}

    assert [name for name in cli.commands if f"## podcast {name}\n" not in pages["commands"]] == []
    assert [name for name in SECTIONS if f"## [{name}]\n" not in pages["settings"]] == []
    assert [row for row in pages["settings"].splitlines() if row.startswith("|") and row.endswith("|  |")] == []


def test_the_locks_name_no_index():
    """The lock files are the same wherever packages come from, and pin every package by digest."""
    for name, least in (("requirements-build.txt", 5), ("requirements.txt", 40), ("requirements-dev.txt", 40)):
        text = (ROOT / name).read_text(encoding="utf-8")
        assert not re.search(r"https?://|--index|--find-links", text)
        pins = re.findall(r"^[a-z0-9][^ =]*==", text, re.MULTILINE)
        assert len(pins) > least
        assert text.count("--hash=sha256:") >= len(pins)
