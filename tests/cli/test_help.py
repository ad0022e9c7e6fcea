# SPDX-License-Identifier: GPL-3.0-or-later
"""podcast help: the pages of docs/ in the terminal, from a checkout and from a wheel."""

import ast
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from helpers import ROOT

from podcast.cli import help as cli_help
from podcast.cli.main import cli, main

DOCS = ROOT / "docs"
PAGES = sorted(path.stem for path in DOCS.glob("*.md") if path.stem != "README")
TOPICS = sorted(cli_help.topics())


def run(capsys, *arguments: str):
    """Return exit code, standard output and standard error of the command line."""
    try:
        main(list(arguments))
    except SystemExit as ended:
        code = ended.code
    else:
        code = 0
    captured = capsys.readouterr()
    return code or 0, captured.out, captured.err


def test_every_page_is_a_topic(capsys):
    """docs/README.md lists every page, each on a line that fits a terminal of 80 columns."""
    assert TOPICS == PAGES

    _, out, _ = run(capsys, "help")
    assert [topic for topic in PAGES if not re.search(rf"^  {topic} +\S", out, re.MULTILINE)] == []
    assert [name for name in cli.commands if name not in out] == []
    assert [line for line in out.splitlines() if len(line) > 80] == []


@pytest.mark.parametrize("topic", PAGES)
def test_a_topic_is_its_page(capsys, topic):
    """Piped, it is Markdown, with commands in place of links to other pages and without images."""
    code, out, err = run(capsys, "help", topic)

    assert (code, err) == (0, "")
    assert out.startswith((DOCS / f"{topic}.md").read_text(encoding="utf-8").splitlines()[0])
    prose = re.sub(r"^```.*?^```|`[^`\n]*`", "", out, flags=re.MULTILINE | re.DOTALL)
    assert re.findall(r"\]\((?!https?://)[^)]*\)", prose) == []
    assert run(capsys, "help", f"docs/{topic}.md")[1] == out


@pytest.mark.parametrize("topic", PAGES)
def test_a_topic_fits_a_terminal(topic):
    """Drawn at 80 columns, no line is longer, no word is cut off, and no line of an example is broken."""
    text = (DOCS / f"{topic}.md").read_text(encoding="utf-8")
    lines = [re.sub(r"\x1b\[[0-9;]*m", "", line).rstrip() for line in cli_help.drawn(text, 80).splitlines()]
    examples = re.findall(r"^```(?:sh|toml|yaml|console)\n(.*?)^```", text, re.MULTILINE | re.DOTALL)

    assert [line for line in lines if len(line) > 80] == []
    assert "\n".join(lines).count("…") == text.count("…")
    shown = {line.strip() for line in lines}
    assert [one for part in examples for one in part.splitlines() if one.strip() and one.strip() not in shown] == []


def test_links_name_the_command_that_shows_their_page():
    """Only outside code; images are dropped; web addresses stay."""
    text = (
        "See [Publishing](publishing.md), [the order](publishing.md#order), [below](#x), `[a](b.md)` and\n"
        "[`podcast check`](checks.md) or [the web](https://a.example/b.md); [the code](../podcast/x.py).\n"
        "![A picture](page.png)\n"
        "[timer](samples/podcast.timer) ![x](y.png)\n"
        "```\n[a](b.md)\n```"
    )

    assert cli_help.for_terminal(text) == (
        "See `podcast help publishing`, the order (`podcast help publishing`), below, `[a](b.md)` and\n"
        "`podcast check` (`podcast help checks`) or [the web](https://a.example/b.md); the code.\n"
        "`podcast help samples/podcast.timer` \n"
        "```\n[a](b.md)\n```\n"
    )


def test_a_terminal_gets_a_drawn_page_in_a_pager(tmp_path):
    """Through the pager that the environment names."""
    ours, theirs = os.openpty()
    pager = tmp_path / "pager"
    pager.write_text(f"#!/bin/sh\ncat > '{tmp_path}/paged'\n", encoding="utf-8")
    pager.chmod(0o755)
    command = [sys.executable, "-m", "podcast", "help", "publishing"]
    environment = {**os.environ, "PAGER": str(pager), "TERM": "xterm", "COLUMNS": "80"}
    subprocess.run(command, check=True, stdin=theirs, stdout=theirs, env=environment, timeout=60)
    os.close(ours)
    os.close(theirs)

    paged = (tmp_path / "paged").read_text(encoding="utf-8")
    assert paged.startswith("Publishing")
    assert "podcast help hosting" in " ".join(paged.split())
    assert "](" not in paged


def test_a_sample_file_is_printed_as_it_is(capsys):
    """It can be written to the place where it belongs."""
    code, out, _ = run(capsys, "help", "samples/podcast.timer")

    assert (code, out) == (0, (DOCS / "samples" / "podcast.timer").read_text(encoding="utf-8"))
    assert run(capsys, "help", "samples/../README.md")[0] == 2


def test_a_command_has_its_help(capsys):
    """A page of the same name comes first, and names the command's own help at its end."""
    assert run(capsys, "help", "make") == run(capsys, "make", "--help")
    assert "podcast music --help" in run(capsys, "help", "music")[1].splitlines()[-1]


def test_an_unknown_topic_names_the_nearest(capsys):
    """Of topics and commands alike."""
    code, _, err = run(capsys, "help", "pblishing")

    assert code == 2
    assert "unknown topic or command 'pblishing'; did you mean publishing?" in err


def test_topics_are_completed():
    """Topics and commands, with what they are about."""
    given = {"_PODCAST_COMPLETE": "zsh_complete", "COMP_WORDS": "podcast help ho", "COMP_CWORD": "2"}
    program = Path(sys.executable).parent / "podcast"
    done = subprocess.run([str(program)], check=True, capture_output=True, text=True, env=os.environ | given)

    assert done.stdout.splitlines()[:2] == ["plain", "hosting"]


def test_messages_name_topics_that_exist():
    """A hint that names a page can be followed."""
    files = [path for path in (ROOT / "podcast").rglob("*") if path.suffix in {".py", ".tsv", ".toml", ".html"}]
    text = "\n".join(path.read_text(encoding="utf-8") for path in files)
    named = {word for word in re.findall(r"podcast help ([a-z][\w-]*)", text) if word not in {"make", "lists"}}

    assert "publishing" in named
    assert named - {*TOPICS} == set()
    shown = {
        *_strings(files),
        *(line for path in files if path.suffix == ".tsv" for line in path.read_text(encoding="utf-8").splitlines()),
    }
    assert [one for one in shown if re.search(r"(?<![/\w])docs/[a-z-]+\.md", one)] == []


def _strings(files):
    """Return the texts in modules that are not docstrings."""
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in files if path.suffix == ".py"]
    docs = {id(node.value) for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    texts = [node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Constant)]
    return {node.value for node in texts if isinstance(node.value, str) and id(node) not in docs}


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """Return a folder with what the wheel installs, and with a stray docs/ beside it."""
    folder = tmp_path_factory.mktemp("wheel")
    code = f"import hatchling.build as b; print(b.build_wheel({str(folder)!r}))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True, text=True)
    with zipfile.ZipFile(folder / done.stdout.split()[-1]) as wheel:
        wheel.extractall(folder / "site")
    (folder / "site" / "docs").mkdir()
    (folder / "site" / "docs" / "README.md").write_text("# Of another package\n", encoding="utf-8")
    return folder / "site"


def test_the_wheel_has_the_pages(installed):
    """Every page and sample file; no script, image or sound."""
    there = {path.relative_to(installed / "podcast").as_posix(): path for path in installed.glob("podcast/docs/**/*.*")}
    samples = [path for path in (DOCS / "samples").iterdir() if path.suffix != ".mp3"]
    wanted = {f"docs/{path.relative_to(DOCS).as_posix()}": path for path in [*DOCS.glob("*.md"), *samples]}

    assert there.keys() == wanted.keys()
    assert [name for name, path in wanted.items() if there[name].read_bytes() != path.read_bytes()] == []


def test_an_installed_program_shows_its_own_pages(installed, tmp_path):
    """They come with the wheel; a docs/ folder in the current folder is not read."""
    command = [sys.executable, "-m", "podcast", "help"]
    environment = {**os.environ, "PYTHONPATH": str(installed)}

    def shown(*words: str) -> str:
        called = [*command, *words]
        return subprocess.run(called, env=environment, cwd=tmp_path, check=True, capture_output=True, text=True).stdout

    assert "publishing" in shown()
    assert shown("publishing") == cli_help.for_terminal((DOCS / "publishing.md").read_text(encoding="utf-8"))
