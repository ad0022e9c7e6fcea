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


def prose(path: Path) -> str:
    """Return the text of a page without its examples."""
    text = re.sub(r"^```.*?^```", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    return "\n".join(re.sub(r"`[^`]*`", "x", line) for line in text.splitlines() if not line.startswith("    "))


def anchors(path: Path) -> set[str]:
    """Return the anchors of a page's headings, as GitHub and the site make them."""
    text = re.sub(r"^```.*?^```", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    titles = [re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", title) for title in re.findall(r"^#+ (.*)$", text, re.MULTILINE)]
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


@pytest.mark.parametrize("paper", PAPERS)
def test_files_and_headings_that_papers_link_to_exist(paper):
    """A link leads somewhere, down to the heading."""
    for target in re.findall(r"\]\((?!https?:)([^)]+)\)", prose(ROOT / paper)):
        name, _, anchor = target.partition("#")
        path = (ROOT / paper).parent / name if name else ROOT / paper
        assert path.exists(), target
        assert not anchor or anchor in anchors(path), target


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
    for name in ("requirements.txt", "requirements-dev.txt"):
        text = (ROOT / name).read_text(encoding="utf-8")
        assert not re.search(r"https?://|--index|--find-links", text)
        pins = re.findall(r"^[a-z0-9][^ =]*==", text, re.MULTILINE)
        assert len(pins) > 40
        assert text.count("--hash=sha256:") >= len(pins)
