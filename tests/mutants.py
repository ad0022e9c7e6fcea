# SPDX-License-Identifier: GPL-3.0-or-later
"""Mutation tests: change the code a little, again and again, and list the changes that no test notices.

    make mutants BASE=main~1 COUNT=100     mutants of the files changed since a commit
    make mutants OPTIONS=podcast/sound     of files or folders
    make mutants                           of the whole package

`make coverage` records which test runs which line; each mutant meets the tests of its lines, the fastest first, in a
copy of the repository. The same seed draws the same mutants. Exit code 1 if too many survive.
"""

import argparse
import ast
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree as ET

from coverage import CoverageData

ROOT = Path(__file__).parent.parent
MAP = ROOT / "build" / "coverage"

SWAPS = {
    ast.Lt: "<=", ast.LtE: "<", ast.Gt: ">=", ast.GtE: ">", ast.Eq: "!=", ast.NotEq: "==",
    ast.In: "not in", ast.NotIn: "in", ast.Is: "is not", ast.IsNot: "is",
    ast.Add: "-", ast.Sub: "+", ast.Mult: "/", ast.Div: "*", ast.FloorDiv: "*", ast.Mod: "*",
    ast.And: "or", ast.Or: "and",
}  # fmt: skip
"""Operator -> the one that takes its place."""

OPERATOR = re.compile(r"not\s+in\b|is\s+not\b|<=|>=|==|!=|//|\b(?:in|is|and|or)\b|[<>+*/%-]")
PHASE = re.compile(r" \((?:setup|call|teardown)\)$")
"""What pytest adds to the name of a test for the processes that the test starts."""

CALLS = {"min": "max", "max": "min", "any": "all", "all": "any"}
UNSEEN = {"annotation", "returns", "decorator_list", "type_params"}
"""Fields of the syntax tree that do not change what the program does, or only how fast."""

TABLES = (ast.Tuple, ast.List, ast.Set, ast.Dict)
"""At the top of a module these are data, which no test should repeat."""


@dataclass(frozen=True)
class Mutant:
    """A change of one place in a file: `start` and `end` count bytes, `lines` are those whose tests must notice."""

    path: Path
    start: int
    end: int
    new: str
    lines: tuple[int, ...]
    around: tuple[int, ...]

    @cached_property
    def source(self) -> bytes:
        """Return the file as it is."""
        return (ROOT / self.path).read_bytes()

    def code(self) -> bytes:
        """Return the file with the change."""
        return self.source[: self.start] + self.new.encode() + self.source[self.end :]

    def __str__(self) -> str:
        """Show the place and the change: podcast/text.py:12: '<' -> '<='."""
        number = self.source.count(b"\n", 0, self.start) + 1
        line = self.source.splitlines()[number - 1].decode().strip()
        old = self.source[self.start : self.end].decode()
        return f"{self.path}:{number}: {shown(old)} -> {shown(self.new)}   in: {line[:90]}"


def shown(text: str) -> str:
    """Return code on one line of a table."""
    return "`" + re.sub(r"\s+", " ", text).strip()[:40] + "`"


class Places:
    """The places of a file at which a change is possible."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.source = (ROOT / path).read_bytes()
        lines = self.source.splitlines(keepends=True)
        self.uses: dict[str, list[int]] = {}
        self.starts = [0]
        for line in lines:
            self.starts.append(self.starts[-1] + len(line))

    def mutants(self) -> list[Mutant]:
        """Return all mutants of the file, in order."""
        tree = ast.parse(self.source)
        for node in ast.walk(tree):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
                self.uses.setdefault(node.id, []).append(node.lineno)
        return list(self.below(tree, range(1, len(self.starts)), top=True))

    def below(self, node: ast.AST, around: Sequence[int], *, top: bool) -> Iterator[Mutant]:
        """Yield the mutants of a node and of all below it.

        `around` are the lines of the function it is in; at the `top` of a module, those that use what is assigned.
        Defaults of parameters too are set at import, by whichever test is first: the lines of the function count.
        Python 3.11 gives wrong positions in f-strings, so these stay as they are.
        """
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            around, top = range(node.lineno, (node.end_lineno or node.lineno) + 1), False
        elif top and isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            around = self.uses.get(node.targets[0].id) or around
        for start, end, new in self.changes(node):
            lines = around if top else range(self.line(start), self.line(end) + 1)
            yield Mutant(self.path, start, end, new, tuple(lines), tuple(around))
        if isinstance(node, ast.JoinedStr) or (top and isinstance(node, TABLES)):
            return
        for field, value in ast.iter_fields(node):
            for child in value if isinstance(value, list) else [value]:
                if isinstance(child, ast.AST) and field not in UNSEEN:
                    yield from self.below(child, around, top=top or isinstance(child, ast.arguments))

    def changes(self, node: ast.AST) -> Iterator[tuple[int, int, str]]:
        """Yield start, end and new text of each change of one node."""
        yield from self.operators(node)
        yield from self.values(node)
        match node:
            case ast.If(test=test) | ast.While(test=test) | ast.IfExp(test=test):
                yield *self.span(test), f"(not ({self.text(test)}))"
            case ast.comprehension(ifs=[test, *_]):
                yield *self.span(test), "True"
            case ast.Return(value=ast.expr() as value) if not isinstance(value, ast.Constant):
                yield *self.span(value), "None"
            case ast.Expr(value=ast.Call()) | ast.AugAssign() | ast.Raise() | ast.Continue() | ast.Break():
                yield *self.span(node), "pass"

    def operators(self, node: ast.AST) -> Iterator[tuple[int, int, str]]:
        """Yield the changes of operators: another one, or none."""
        match node:
            case ast.Compare(left=left, ops=ops, comparators=rights):
                for operator, (before, after) in zip(ops, pairwise([left, *rights]), strict=True):
                    yield self.swap(operator, before, after)
            case ast.BoolOp(op=operator, values=[before, after, *_]):
                yield self.swap(operator, before, after)
            case ast.BinOp(op=operator, left=before, right=after) if type(operator) in SWAPS:
                yield self.swap(operator, before, after)
            case ast.UnaryOp(op=ast.Not()):
                yield self.start(node), self.start(node) + len("not"), ""

    def values(self, node: ast.AST) -> Iterator[tuple[int, int, str]]:
        """Yield the changes of numbers, of true and false, and of functions that have an opposite."""
        match node:
            case ast.Constant(value=bool() as value):
                yield *self.span(node), str(not value)
            case ast.Constant(value=int() | float() as value):
                yield *self.span(node), repr(value + 1)
                yield *self.span(node), f"({value - 1!r})"
            case ast.Call(func=ast.Name(id=name) as called) if name in CALLS:
                yield *self.span(called), CALLS[name]

    def swap(self, operator: ast.AST, before: ast.expr, after: ast.expr) -> tuple[int, int, str]:
        """Return the change of the operator between two expressions."""
        start, end = self.span(before)[1], self.start(after)
        gap = re.sub(r"#.*", lambda comment: " " * len(comment[0]), self.source[start:end].decode("latin-1"))
        found = OPERATOR.search(gap)
        assert found, f"{self.path}: no operator in {gap!r}"
        return start + found.start(), start + found.end(), SWAPS[type(operator)]

    def span(self, node: ast.expr | ast.stmt) -> tuple[int, int]:
        """Return where a node starts and ends."""
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        return self.start(node), self.starts[node.end_lineno - 1] + node.end_col_offset

    def start(self, node: ast.expr | ast.stmt) -> int:
        """Return where a node starts."""
        return self.starts[node.lineno - 1] + node.col_offset

    def text(self, node: ast.expr) -> str:
        """Return the source of an expression."""
        return self.source[slice(*self.span(node))].decode()

    def line(self, offset: int) -> int:
        """Return the number of the line in which a byte is."""
        return bisect_right(self.starts, offset)


class Tests:
    """Which tests run which lines, and how long each takes; from build/coverage."""

    def __init__(self) -> None:
        self.data = CoverageData(str(MAP / "data"))
        self.data.read()
        self.seconds: dict[str, float] = {}
        self.users: dict[str, set[str]] = {}
        for case in ET.parse(MAP / "tests.xml").iter("testcase"):  # noqa: S314  # our own file
            if any(case.find(ending) is not None for ending in ("failure", "error", "skipped")):
                continue
            name = f"{case.get('classname', '').replace('.', '/')}.py::{case.get('name')}"
            self.seconds[name] = float(case.get("time", 0))
            for fixture in case.iter("property"):
                self.users.setdefault(fixture.get("value", ""), set()).add(name)

    def of(self, mutant: Mutant, limit: float) -> list[str]:
        """Return the tests of the lines, the function and the module, the fastest first, for `limit` seconds in all."""
        contexts = self.data.contexts_by_lineno(str(ROOT / mutant.path))
        chosen: dict[str, None] = {}
        for lines in (mutant.lines, mutant.around, contexts):
            named = {PHASE.sub("", context) for line in lines for context in contexts.get(line, ())}
            tests = {test for name in named for test in self.users.get(name, {name}) if test in self.seconds}
            chosen |= dict.fromkeys(sorted(tests, key=lambda test: (self.seconds[test], test)))
        total, kept = 0.0, []
        for test in chosen:
            if not kept or total + self.seconds[test] <= limit:
                total += self.seconds[test]
                kept.append(test)
        return kept


def files(base: str | None, paths: list[str]) -> list[Path]:
    """Return the modules to change: of the paths given, else changed since `base`, else all."""
    if base and not paths:
        command = ["git", "diff", "--name-only", "--diff-filter=d", base, "--", "podcast"]
        paths = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
    found = [ROOT / path for path in paths or ["podcast"]]
    modules = {file for path in found for file in (path.rglob("*.py") if path.is_dir() else [path])}
    return sorted(module.relative_to(ROOT) for module in modules if module.suffix == ".py")


def copied(folder: Path) -> Path:
    """Copy the files of the repository, without what is ignored, to a new folder."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for name in filter(None, listed.split("\0")):
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)
    return folder


def run(place: Path, tests: list[str], limit: float, *options: str) -> subprocess.CompletedProcess[str] | None:
    """Run tests in a copy; nothing if they take longer than `limit` seconds."""
    (place / "build").mkdir(exist_ok=True)
    listed = place / "build" / "tests.txt"
    listed.write_text("\n".join(tests), encoding="utf-8")
    environment = os.environ | {"PYTHONPATH": str(place), "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--tb=no", *options, f"@{listed}"]
    try:
        return subprocess.run(
            command, cwd=place, env=environment, capture_output=True, text=True, timeout=limit, check=False
        )
    except subprocess.TimeoutExpired:
        return None


def failing(place: Path, tests: list[str]) -> set[str]:
    """Return the tests that fail without a mutant: they prove nothing."""
    done = run(place, tests, 3600, "-rfE") if tests else None
    ended = re.findall(r"^(?:FAILED|ERROR) (.*)$", done.stdout if done else "", re.MULTILINE)
    return {test for test in tests for line in ended if line == test or line.startswith(f"{test} - ")}


def notices(place: Path, mutant: Mutant, tests: list[str], limit: float) -> bool:
    """Return whether a test fails, or never ends, with the mutant."""
    file = place / mutant.path
    file.write_bytes(mutant.code())
    try:
        done = run(place, tests, 30 + 5 * limit, "-x")
    finally:
        file.write_bytes(mutant.source)
    return done is None or done.returncode != 0


def main() -> int:
    """Run the mutants and list the survivors."""
    parser = argparse.ArgumentParser(description="Change the code; list the changes that no test notices.")
    parser.add_argument("paths", nargs="*", help="modules or folders (default: those changed since --base, or all)")
    parser.add_argument("--base", help="a commit: mutants of what has changed since")
    parser.add_argument("--count", type=int, default=100, help="how many mutants (default 100)")
    parser.add_argument("--seed", type=int, default=1, help="draw other mutants")
    parser.add_argument("--seconds", type=float, default=60, help="tests for each mutant take up to this (default 60)")
    parser.add_argument("--share", type=float, default=0.1, help="how many may survive (default 0.1)")
    options = parser.parse_args()

    known = Tests()
    every = [mutant for path in files(options.base, options.paths) for mutant in Places(path).mutants()]
    drawn = random.Random(options.seed).sample(every, min(options.count, len(every)))  # noqa: S311  # no secret
    chosen = {
        mutant: known.of(mutant, options.seconds) for mutant in sorted(drawn, key=lambda one: (one.path, one.start))
    }
    survivors = []
    with tempfile.TemporaryDirectory(prefix="podcast-mutants-") as folder:
        place = copied(Path(folder))
        broken = failing(place, sorted({test for tests in chosen.values() for test in tests}))
        print("".join(f"left out, for it fails without a mutant: {test}\n" for test in sorted(broken)), end="")
        for number, (mutant, listed) in enumerate(chosen.items(), 1):
            tests = [test for test in listed if test not in broken]
            if not (tests and notices(place, mutant, tests, options.seconds)):
                survivors.append(mutant)
                print(f"{number}/{len(chosen)}  survives {len(tests)} tests: {mutant}", flush=True)
    print(f"{len(survivors)} of {len(chosen)} mutants survive (of {len(every)} possible)")
    return int(len(survivors) > options.share * max(len(chosen), 1))


if __name__ == "__main__":
    sys.exit(main())
