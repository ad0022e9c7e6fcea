# SPDX-License-Identifier: GPL-3.0-or-later
"""House rules: small modules with docstrings, nothing imported that is not declared, no network at import.

And small steps: no function with many branches, no folder with many modules, one name for one thing.
"""

import ast
import re
import subprocess
import sys
import tarfile
import tomllib
from collections import Counter
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from helpers import ROOT

from podcast import __version__

MODULES = sorted((ROOT / "podcast").rglob("*.py"))
LINES = 400
BRANCHES = 15
"""Paths through a function, after McCabe, where comprehensions, conditional expressions, `and` and `or` count too."""
FOLDER = 14
"""Modules in a folder."""
PLUGIN_CLASSES = frozenset(("Settings",))
"""Names by which engines, targets and readers are found: each has its own."""

IMPORT_ALL = """
import importlib, pkgutil, socket, sys
def refused(*arguments, **named):
    raise AssertionError(f"a module reaches out while it is imported: {arguments}")
socket.socket.connect = socket.socket.connect_ex = socket.getaddrinfo = socket.create_connection = refused
import podcast
for module in pkgutil.walk_packages(podcast.__path__, "podcast."):
    if not module.name.endswith("__main__"):
        importlib.import_module(module.name)
"""


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_a_module_is_small_and_says_what_it_is(path):
    """Its first line is the licence, its docstring begins below, and it ends before anybody has to scroll for long."""
    lines = path.read_text(encoding="utf-8").splitlines()

    assert len(lines) <= LINES
    assert lines[0] == "# SPDX-License-Identifier: GPL-3.0-or-later"
    assert lines[1].startswith(('"""', 'r"""'))
    assert ast.get_docstring(ast.parse("\n".join(lines)))


def trees() -> Iterator[tuple[str, ast.Module]]:
    """Give each module's name and its syntax tree."""
    for path in MODULES:
        yield path.relative_to(ROOT).as_posix(), ast.parse(path.read_text(encoding="utf-8"))


def functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Give the functions and methods in a tree, and those inside others too."""
    yield from (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def branches(node: ast.AST) -> int:
    """Return how many paths a part of a function adds; a superset of what McCabe's and radon's counts know."""
    if isinstance(node, ast.BoolOp):
        return len(node.values) - 1
    if isinstance(node, ast.comprehension):
        return 1 + len(node.ifs)
    if isinstance(node, ast.For | ast.AsyncFor | ast.While):
        return 1 + bool(node.orelse)
    if isinstance(node, ast.Try | ast.TryStar):
        return len(node.handlers) + bool(node.orelse)
    return int(isinstance(node, ast.If | ast.IfExp | ast.Assert | ast.match_case))


def test_no_function_has_many_branches():
    """Nested functions count with the one that they are in."""
    found = {
        f"{name}:{function.lineno}: {function.name}": 1 + sum(map(branches, ast.walk(function)))
        for name, tree in trees()
        for function in functions(tree)
    }

    assert {name: count for name, count in found.items() if count > BRANCHES} == {}


def test_no_folder_has_many_modules():
    """Whoever opens one sees at once what is in it."""
    counts = Counter(path.parent.relative_to(ROOT).as_posix() for path in MODULES if path.name != "__init__.py")

    assert {name: count for name, count in counts.items() if count > FOLDER} == {}


def test_a_class_name_is_of_one_class():
    """One name, one thing: whoever searches for it finds what was meant."""
    classes = [(node.name, name) for name, tree in trees() for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]
    counts = Counter(name for name, _ in classes if name not in PLUGIN_CLASSES)

    assert [(name, module) for name, module in classes if counts[name] > 1] == []


def is_packed(node: ast.AST) -> bool:
    """Tell whether an expression has a conditional inside of another, or is a comprehension with several conditions."""
    if isinstance(node, ast.IfExp):
        return any(isinstance(inner, ast.IfExp) for inner in ast.walk(node) if inner is not node)
    generators = getattr(node, "generators", ())
    return sum(len(each.ifs) for each in generators) > 1


def test_no_expression_packs_conditions():
    """One condition in a conditional expression or a comprehension; for more there are statements and functions."""
    found = [
        f"{name}:{node.lineno}: {function.name}"
        for name, tree in trees()
        for function in functions(tree)
        for node in ast.walk(function)
        if is_packed(node)
    ]

    assert found == []


def asserts(function: ast.AST, helpers: set[str]) -> bool:
    """Tell whether a test asserts something, itself or by a helper."""
    for node in ast.walk(function):
        called = ast.unparse(node.func) if isinstance(node, ast.Call) else ""
        if isinstance(node, ast.Assert) or called in {"pytest.raises", "pytest.fail", *helpers}:
            return True
    return False


@pytest.mark.parametrize(
    "path", sorted((ROOT / "tests").rglob("test_*.py")), ids=lambda path: str(path.relative_to(ROOT))
)
def test_every_test_asserts_something(path):
    """What only runs shows no more than that it does not raise."""
    every = list(functions(ast.parse(path.read_text(encoding="utf-8"))))
    helpers = {one.name for one in every if not one.name.startswith("test") and asserts(one, set())}

    assert [one.name for one in every if one.name.startswith("test_") and not asserts(one, helpers)] == []


def imported(path: Path) -> set[str]:
    """Return the packages that a file imports anywhere."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {name.name.partition(".")[0] for name in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            found.add((node.module or "").partition(".")[0])
    return found


def declared(*lists: list[str]) -> set[str]:
    """Return the names of distributions in lists of requirements."""
    return {re.split(r"[^\w.-]", one, maxsplit=1)[0].lower().replace("_", "-") for many in lists for one in many}


def test_what_is_imported_is_declared():
    """A package that came along with another today may not come tomorrow."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    known = declared(project["dependencies"], *project["optional-dependencies"].values())
    sources = packages_distributions()
    names = {name for path in MODULES for name in imported(path)} - set(sys.stdlib_module_names) - {"podcast"}
    undeclared = {
        name for name in names if not known & {one.lower().replace("_", "-") for one in sources.get(name, [name])}
    }

    assert undeclared == set()


def test_the_version_is_one():
    """The package says it itself, for looking it up in the metadata takes as long as all of `podcast --help`."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]

    assert __version__ == project["version"]


def test_nothing_is_asked_for_at_import():
    """Importing every module reaches no network."""
    done = subprocess.run([sys.executable, "-c", IMPORT_ALL], check=False, capture_output=True, text=True, cwd=ROOT)

    assert (done.returncode, done.stderr[-2000:]) == (0, "")


def test_the_list_of_licences_is_current():
    """docs/licences.md names every package that is installed for the program, by its own metadata: make licences."""
    listed = subprocess.run(
        [sys.executable, ROOT / "docs" / "licences.py"], check=True, capture_output=True, text=True
    ).stdout

    assert (ROOT / "docs" / "licences.md").read_text(encoding="utf-8") == listed


def test_a_wheel_is_the_same_each_time(tmp_path):
    """Built twice, from the same files: the same bytes."""
    wheels = []
    for name in ("first", "second"):
        code = f"import hatchling.build as b; b.build_wheel({str(tmp_path / name)!r})"
        (tmp_path / name).mkdir()
        done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        wheels.append(next((tmp_path / name).glob("*.whl")).read_bytes())

    assert wheels[0] == wheels[1]


def test_a_source_distribution_is_the_repository(tmp_path):
    """Whoever unpacks it can run `make demo` and `make test`, and read the docs."""
    code = f"import hatchling.build as b; print(b.build_sdist({str(tmp_path)!r}))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True, text=True)
    with tarfile.open(tmp_path / done.stdout.strip()) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}

    needed = ["requirements-build.txt", "requirements.txt", "requirements-dev.txt", "Makefile"]
    needed += ["tests/setup.sh", "tests/install_check.py", "show.toml", "ARCHITECTURE.md"]
    papers = [path.relative_to(ROOT).as_posix() for path in (ROOT / "docs").glob("*.md")]
    assert {*needed, *papers} - names == set()
