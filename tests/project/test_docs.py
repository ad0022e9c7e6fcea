# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation cannot go stale: what it names exists, and it agrees with the program."""

import re
import runpy
import tomllib
from dataclasses import fields
from itertools import pairwise
from pathlib import Path

import pytest
from helpers import ROOT
from lxml import etree

from podcast import publish, voices
from podcast.cli.main import cli
from podcast.config.load import SECTIONS, read
from podcast.model import Speaker
from podcast.script import frontmatter, parse

PAPERS = [
    "README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md",
    *sorted(f"docs/{path.name}" for path in (ROOT / "docs").glob("*.md")),
    *sorted(f"docs/explanation/{path.name}" for path in (ROOT / "docs" / "explanation").glob("*.md")),
]  # fmt: skip
INTERNAL = ["ARCHITECTURE.md", "CONTRIBUTING.md", *(paper for paper in PAPERS if paper.startswith("docs/explanation/"))]
"""Papers for people who change the program: they name its files."""
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
        known = {"--help", *(option for parameter in command.params for option in parameter.opts)}
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


SHOW_FILE = re.compile(
    r"(audio|feed|scripts)/[*.<]|(audio|scripts)/(clips|music|imported|art)/$|show\.toml$|feed\.xml$"
)
"""Files of a show, which the repository need not have."""
BUILT = re.compile(r"build/|dist/|\.venv/|\.podcast\.json$")
"""What make creates, and what a target has."""
FENCED = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
NAMES_A_FILE = re.compile(r"(?:[\w.*<>-]+/)+[\w.*<>-]*|[\w-]+\.(?:py|toml|tsv|txt|md|json)")


def files_named(paper: str) -> set[str]:
    """Return the files and folders that a paper names: in code marks, and paths of the repository anywhere."""
    text = (ROOT / paper).read_text(encoding="utf-8")
    marked = re.findall(r"`([^`\n]+)`", FENCED.sub("", text))
    words = {word.strip("\"',") for mark in marked for word in mark.split()}
    named = {word for word in words if NAMES_A_FILE.fullmatch(word)}
    named |= set(re.findall(r"(?<![\w/.-])(?:podcast|tests|docs|benchmarks)/[\w/.*<>-]*[\w/>]", text))
    return {name for name in named if not SHOW_FILE.match(name) and not BUILT.match(name)}


def is_there(name: str) -> bool:
    """Return True if a file or folder exists: in the repository, in podcast/ or, by its name alone, below podcast/."""
    pattern = re.sub(r"<\w+>", "*", name).rstrip("/")
    folders = [
        (ROOT, pattern),
        (ROOT / "podcast", pattern),
        *([] if "/" in name else [(ROOT / "podcast", f"**/{name}")]),
    ]
    return any(next(folder.glob(found), None) for folder, found in folders)


@pytest.mark.parametrize("paper", INTERNAL)
def test_files_that_papers_name_exist(paper):
    """A module that has moved has moved in the papers."""
    assert [name for name in sorted(files_named(paper)) if not is_there(name)] == []


def test_the_architecture_names_every_folder():
    """Each folder of podcast/ has a row, and each module beside them is named."""
    text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    folders = {path.parent.name for path in (ROOT / "podcast").glob("*/__init__.py")}
    modules = {path.name for path in (ROOT / "podcast").glob("*.py") if not path.stem.startswith("__")}

    assert set(re.findall(r"^\| `([\w]+)/` \|", text, re.MULTILINE)) == folders
    assert {name for name in modules if f"`{name}`" not in text} == set()


def test_the_architecture_has_the_layers_that_are_checked():
    """Who may import whom is what lint-imports is told in pyproject.toml."""
    text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"][
        "contracts"
    ]

    assert text.partition("```text\n")[2].partition("```")[0].splitlines() == contracts[0]["layers"]


def test_the_drawing_is_the_diagram():
    """docs/explanation/architecture.svg has the labels and arrows of the Mermaid block in ARCHITECTURE.md."""
    block = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8").partition("```mermaid\n")[2].partition("```")[0]
    drawing = etree.parse(ROOT / "docs" / "explanation" / "architecture.svg")
    svg = "{http://www.w3.org/2000/svg}"
    texts = [(one.get("class"), one.text) for one in drawing.iter(f"{svg}text")]
    arrows = {
        f"{start}-{end}"
        for line in block.splitlines()
        if "-->" in line
        for start, end in pairwise(re.split(r"\s*-->\s*", line.strip()))
    }

    assert sorted(text for kind, text in texts if kind != "note") == sorted(re.findall(r'"([^"]+)"', block))
    assert {path.get("id") for path in drawing.iterfind(f"{svg}g[@class='edges']/{svg}path")} == arrows


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


def test_the_index_lists_every_explanation():
    """docs/README.md names the pages of docs/explanation: so they are in the menu of the site."""
    listed = re.findall(r"^\| \[[^\]]+\]\(explanation/([\w-]+\.md)\) \|", prose(ROOT / "docs/README.md"), re.MULTILINE)

    assert sorted(listed) == sorted(path.name for path in (ROOT / "docs" / "explanation").glob("*.md"))


SHOW = '[show]\ntitle = "T"\nlanguage = "en"\nurl = "https://a.example/"\n\n'
"""What every show.toml needs."""

EXAMPLES = [
    pytest.param(example, id=f"{path.stem}-{number}")
    for path in sorted((ROOT / "docs").glob("*.md"))
    for number, example in enumerate(
        re.findall(r"^```toml\n(.*?)^```", path.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    )
    if "[project" not in example
]
"""Every piece of show.toml in the pages."""


@pytest.mark.parametrize("example", EXAMPLES)
def test_an_example_of_show_toml_is_valid(example, tmp_path):
    """It loads; engines and targets accept what it says of them."""
    rest = example.removeprefix("[show]\n")
    text = SHOW.rstrip("\n") + "\n" + rest if rest != example and "title =" not in rest else example
    show = read(text if "[show]" in text else SHOW + text, tmp_path / "show.toml")

    assert set(show.settings) <= set(voices.engine_classes())
    for name, table in show.settings.items():
        voices.engine_classes()[name](table)
    for target in show.targets.values():
        settings = {key: value for key, value in target.items() if key != "kind"}
        publish.kinds()[str(target["kind"])](settings, tmp_path).close()


def test_every_section_has_an_example():
    """Of those that are tables of show.toml themselves."""
    text = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    parts = dict(re.findall(r"^##+ \[([^\]]*)\]\n(.*?)(?=^##|\Z)", text, re.MULTILINE | re.DOTALL))

    assert [name for name, part in parts.items() if "```toml" not in part] == ["engine", "target"]
    assert {f"music.{kind}" for kind in ("intro", "bed", "sting", "outro")} <= set(parts)


def test_every_key_of_a_script_is_explained(tmp_path):
    """docs/script.md lists the keys of the front matter, required ones as such; its example is a script."""
    text = (ROOT / "docs" / "script.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| `(\w+)` \| [^|]+ \| ([^|]+) \| [^|]+ \| [^|]* ?\|$", text, re.MULTILINE))
    example = text.partition("```markdown\n")[2].partition("```")[0]

    assert list(rows) == [*frontmatter.REQUIRED, *(key for key in frontmatter.KEYS if key not in frontmatter.REQUIRED)]
    assert [key for key, default in rows.items() if default == "required"] == list(frontmatter.REQUIRED)
    assert {field.name for field in fields(Speaker)} == {"voice", "speed", "pitch"}
    script = parse(example, "sea", tmp_path / "sea.md")
    assert {segment.kind for segment in script.segments} >= {"heading", "paragraph", "quote", "item", "sound", "pause"}


def test_the_lock_of_the_site_names_no_index():
    """As the other lock files; the site's tools are installed in an environment of their own."""
    text = (ROOT / "requirements-docs.txt").read_text(encoding="utf-8")
    pins = re.findall(r"^[a-z0-9][^ =]*==", text, re.MULTILINE)

    assert {"sphinx==", "myst-parser==", "furo=="} <= set(pins)
    assert not re.search(r"https?://|--index|--find-links", text)
    assert text.count("--hash=sha256:") >= len(pins)


def test_the_locks_name_no_index():
    """The lock files are the same wherever packages come from, and pin every package by digest."""
    for name, least in (("requirements-build.txt", 5), ("requirements.txt", 40), ("requirements-dev.txt", 40)):
        text = (ROOT / name).read_text(encoding="utf-8")
        assert not re.search(r"https?://|--index|--find-links", text)
        pins = re.findall(r"^[a-z0-9][^ =]*==", text, re.MULTILINE)
        assert len(pins) > least
        assert text.count("--hash=sha256:") >= len(pins)
