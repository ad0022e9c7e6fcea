# SPDX-License-Identifier: GPL-3.0-or-later
"""What users read is plain English: errors, hints, notes, help, check rules, pages and the files that they edit."""

import ast
import re
from collections.abc import Iterator

import click
import pytest
from helpers import ROOT

from podcast.cli.main import cli
from podcast.errors import reason_of

PLAIN = {
    r"\bmend": "fix",
    r"\bstale\b": "out of date",
    r"\btold\b": "reported, shown",
    r"\black(s|ing)\b": "is missing, is not installed",
    r"\bstand(s|ing)? in for\b|\bstand-ins?\b|\bstood in\b": "fallback voice",
    r"(?<!there )\b(is|are) (no|none)\b(?! (longer|time zone))": "is not a valid …",
    r"\bnone of\b": "must be … or …",
    r"\bmistakes?\b": "error",
    r"\btak(e|en|es) over\b": "import",
    r"\bdays of grace\b": "grace period",
    r"\bof (ours|one's own)\b": "built-in, your own",
    r"\b(said|shown) form\b": "spoken text, display text",
    r"\bmachine reads\b": "synthetic voice",
    r"\bgoes on from here\b": "the next run resumes here",
    r"\bsuch as it is\b|\bas it were\b|\bfor want of\b|\bunasked\b": "a plain sentence",
    r"\b(an?|the|its|own) pictures?\b|\bpictures? (of|for|from)\b": "image, cover art",
    r"\b(web|feed) address\b|\baddress of the (feed|page|show|audio)\b": "URL",
    r"\(s\)(?! URL)": "1 file, 2 files: podcast.text.counted",
    r"\b(1|one) (files|episodes|sentences|errors|warnings)\b": "podcast.text.counted",
    r"\bMiB\b|\d px\b|\} px\b": "MB, pixels",
}
"""What users do not read -> what they read instead."""

PAGES = [
    "README.md",
    "CHANGELOG.md",
    "SECURITY.md",
    "CONTRIBUTING.md",
    *(f"docs/{p.name}" for p in (ROOT / "docs").glob("*.md")),
]
EDITED = [
    "Makefile",
    "Containerfile",
    "pyproject.toml",
    "show.toml",
    "docs/samples",
    ".github/ISSUE_TEMPLATE",
    ".github/workflows",
    "podcast/check/rules.tsv",
]


def said(source: str) -> set[tuple[int, str]]:
    """Return line and text of all strings of a module but its docstrings; a value that is filled in is {}.

    Docstrings that users read, those of commands and settings, are in docs/commands.md and docs/settings.md.
    """
    tree = ast.parse(source)
    skipped = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    skipped |= {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
    return {(node.lineno, text_of(node)) for node in ast.walk(tree) if id(node) not in skipped and text_of(node)}


def text_of(node: ast.AST) -> str:
    """Return the text of a string or an f-string."""
    if isinstance(node, ast.JoinedStr):
        return "".join(text_of(part) if isinstance(part, ast.Constant) else "{}" for part in node.values)
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def strings() -> Iterator[tuple[str, str]]:
    """Yield place and text of all that users read."""
    for path in sorted((ROOT / "podcast").rglob("*.py")):
        name = path.relative_to(ROOT).as_posix()
        yield from ((f"{name}:{line}", text) for line, text in sorted(said(path.read_text(encoding="utf-8"))))
    for name in [*PAGES, *EDITED]:
        for path in sorted((ROOT / name).glob("*[!3]")) if (ROOT / name).is_dir() else [ROOT / name]:
            for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
                yield f"{path.relative_to(ROOT).as_posix()}:{number}", line


def odd(text: str) -> list[str]:
    """Return what users do not read of a text, with the plain words. Single words and `code` are names."""
    text = re.sub(r"`[^`\n]+`", "``", text)
    if " " not in text:
        return []
    return [
        f"{found[0]!r} -> {plain}" for words, plain in PLAIN.items() if (found := re.search(words, text, re.IGNORECASE))
    ]


def test_users_read_plain_english():
    """No string that users read has a word of the list, so that all messages keep one voice."""
    assert not [f"{place}: {each}: {text!r}" for place, text in strings() for each in odd(text)]


@pytest.mark.parametrize(
    "source",
    [
        'raise ConfigError("the voice is none of these")',
        'raise PodcastError(f"{path}: no file", hint="mend it")',
        'HINT = "mend it"\nraise PodcastError("no file", hint=HINT)',
        'tell(f"{count} file(s)")',
        'click.option("--x", help="What is lacking.")',
        'WHY = {"guid": f"{guid} is stale"}',
        'raise source.wrong("publish.grace_days", "days of grace")',
    ],
)
def test_a_word_of_the_list_is_found(source):
    """In errors, hints, notes and options, also if the text is in a constant."""
    assert [each for _, text in said(source) for each in odd(text)]


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (FileNotFoundError(2, "The system cannot find the file specified"), "file not found"),
        (PermissionError(13, "Access is denied"), "permission denied"),
        (IsADirectoryError(21, "Is a directory"), "is a folder"),
        (OSError(28, "No space left on device"), "No space left on device"),
        (OSError("timed out"), "timed out"),
    ],
)
def test_files_fail_in_the_same_words_on_every_system(error, words):
    """The commonest reasons have the words of the other messages; the rest stays as the system says it."""
    assert reason_of(error) == words


def test_commands_in_texts_exist():
    """Whoever copies a command from a message gets no error: topics of `podcast help` and options are real."""
    context = click.Context(cli)
    commands = {name: command for name in cli.list_commands(context) if (command := cli.get_command(context, name))}
    topics = {path.stem for path in (ROOT / "docs").glob("*.md")} | commands.keys() | {"TOPIC"}
    wrong = []
    for place, text in strings():
        for topic in re.findall(r"podcast help ([\w-]+)(?=[\s`;.,)]|$)", text):
            wrong += [f"{place}: podcast help {topic}"] if topic not in topics else []
        for name, rest in re.findall(r"podcast ([a-z]+)((?: (?!podcast )[^\s`;&]+)*)", text):
            options = {option for each in commands[name].params for option in each.opts} if name in commands else set()
            used = set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", rest)) - {"--help", "--allow-"} if options else set()
            wrong += [f"{place}: podcast {name} {option}" for option in sorted(used - options)]

    assert not wrong


def test_all_places_are_read():
    """The search covers the whole program, not only some modules."""
    found = list(strings())
    assert len(found) > 3_000
    for part in (
        "cli/main.py",
        "config/load.py",
        "check/rules.tsv",
        "produce/commands/init.py",
        "voices/http_service.py",
        "read/docx.py",
    ):
        assert any(place.startswith(f"podcast/{part}:") for place, _ in found), part
