# SPDX-License-Identifier: GPL-3.0-or-later
"""The house: small modules that say what they are, nothing imported that is not declared, no network at import."""

import ast
import re
import subprocess
import sys
import tarfile
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from podcast import __version__

ROOT = Path(__file__).parent.parent
MODULES = sorted((ROOT / "podcast").rglob("*.py"))
LINES = 400

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
