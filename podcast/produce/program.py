# SPDX-License-Identifier: GPL-3.0-or-later
"""The digest of the code, data files and library versions that shape a product, such as the audio of an episode.

    root module -> shapers()   every module that it imports, transitively, with their data files and libraries
                -> digest()    SHA-256 of all that: a different digest means that the product may differ

There is no list of files to maintain: every imported module counts. That is rather too much than too little; a
published episode is not rendered again for a different digest alone (`staleness.IGNORED_IF_PUBLISHED`).
"""

import os
import re
import sys
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from podcast.produce import records

AUDIO = "podcast.produce.render.episode"
NEEDS = "podcast.produce.render.needs"
COVER = "podcast.feed.art"
FEED = "podcast.produce.release.publication"
CHECK = "podcast.produce.release.feed_check"
"""Product -> its root module."""

OUTSIDE = frozenset(
    (
        # printing, logging and error messages
        *("podcast.errors", "podcast.log", "podcast.progress"),
        *("podcast.packages.imports", "podcast.packages.distribution"),
        # file locations, and where and when work is done
        *("podcast.workspace", "podcast.produce.render.cluster", "podcast.produce.render.clip_cache"),
        "podcast.produce.render.staleness",
    )
)
"""Modules that shape no product: what they import counts only if another module imports it, too."""

DISTRIBUTIONS = {
    "PIL": "pillow",
    "dateutil": "python-dateutil",
    "yaml": "pyyaml",
}
"""Imported package -> distribution that has its version, where the names differ."""

IMPORT = re.compile(
    r"^[ \t]*(?:from[ \t]+([\w.]+)[ \t]+import[ \t]+(\([^)]*\)|[^\n#]+)|import[ \t]+([\w., \t]+))", re.MULTILINE
)
VERSION = re.compile(r"^Version: *(\S+)", re.MULTILINE)
COMMENT = re.compile(r"#[^\n]*")
QUOTED = re.compile(r'"([\w./-]+)"')

PACKAGE = Path(__file__).parent.parent


@dataclass(frozen=True, slots=True)
class Shapers:
    """The modules, data files and libraries that shape a product."""

    modules: frozenset[str]
    data: frozenset[str]
    """Paths of files, relative to the package."""
    libraries: frozenset[str]
    """Third-party packages, by import name."""


@dataclass(frozen=True, slots=True)
class ModuleSource:
    """The code of a module, and the imports and strings in it."""

    code: bytes
    modules: frozenset[str]
    libraries: frozenset[str]
    quoted: frozenset[str]
    """Path components among its string literals."""


@lru_cache
def digest(root: str) -> str:
    """Return the digest of what shapes the product of a root module, such as AUDIO."""
    found = shapers(root)
    parts: list[bytes | str] = []
    for module in sorted(found.modules):
        parts += module, source(module).code
    for name in sorted(found.data):
        parts += name, (PACKAGE / name).read_bytes()
    return records.digest(*parts, *(f"{library} {_version(library)}" for library in sorted(found.libraries)))


def shapers(root: str) -> Shapers:
    """Return the modules that a root module imports, itself included, with their data files and libraries."""
    found: set[str] = set()
    pending = {root}
    while pending:
        found |= pending
        pending = {name for one in pending for name in source(one).modules} - found - OUTSIDE
    libraries = frozenset(name for one in found for name in source(one).libraries)
    return Shapers(frozenset(found), frozenset(_data(found)), libraries)


@cache
def source(module: str) -> ModuleSource:
    """Return the code of a module of this package, with its imports and strings."""
    path = _modules()[module]
    code = Path(path).read_bytes()
    text = code.decode()
    modules, libraries = set[str](), set[str]()
    for origin, names, plain in IMPORT.findall(text):
        if origin.split(".")[0] == "podcast":
            modules |= {_module(origin, name) for name in _names(names)}
        else:
            libraries |= {name.split(".")[0] for name in ([origin] if origin else _names(plain))}
    quoted = frozenset(part for string in QUOTED.findall(text) for part in string.split("/"))
    modules |= _scripts(path, quoted)
    return ModuleSource(code, frozenset(modules), frozenset(libraries - sys.stdlib_module_names), quoted)


def _module(origin: str, name: str) -> str:
    """Return the module that an import reads: `podcast.feed.art` for `from podcast.feed import art`."""
    inner = f"{origin}.{name}"
    return inner if inner in _modules() else origin


def _names(names: str) -> list[str]:
    """Return the names that an import statement lists, without `as`."""
    listed = COMMENT.sub("", names).strip("() \t\n").split(",")
    return [name.split()[0] for name in listed if name.strip()]


def _scripts(path: str, quoted: Collection[str]) -> set[str]:
    """Return the modules that a module runs as subprocesses: it names their files in a string."""
    siblings = {os.path.join(os.path.dirname(path), name) for name in quoted if name.endswith(".py")}  # noqa: PTH118, PTH120
    return {module for module, file in _modules().items() if file in siblings and not file.endswith("__init__.py")}


def _data(modules: set[str]) -> Iterator[str]:
    """Yield the data files that modules name in a string, or whose folder a module in the same package names."""
    quoted = {name for module in modules for name in source(module).quoted}
    by_folder: dict[str, set[str]] = {}
    for module in modules:
        by_folder.setdefault(os.path.dirname(_modules()[module]), set()).update(source(module).quoted)  # noqa: PTH120
    for name, package, folder in _tree()[1]:
        if name.rpartition("/")[2] in quoted or folder in by_folder.get(package, ()):
            yield name


def _modules() -> Mapping[str, str]:
    """Return the modules of the package with their files."""
    return _tree()[0]


@cache
def _tree() -> tuple[Mapping[str, str], Sequence[tuple[str, str, str]]]:
    """Return the modules of the package with their files, and its data files.

    A data file is a tuple: its path relative to PACKAGE, the Python package that contains it, and the sub-folder in
    that package, if any. Paths are strings for speed: every run of the program looks at hundreds.
    """
    modules, data = {}, []
    package = str(PACKAGE)
    for folder, _, names in os.walk(PACKAGE):
        if "__init__.py" in names:
            package = folder
        inner = folder[len(str(PACKAGE)) + 1 :].replace(os.sep, "/")
        within = folder[len(package) + 1 :].replace(os.sep, "/").split("/")[0]
        for name in names:
            path = f"{inner}/{name}".lstrip("/")
            if name.endswith(".py"):
                module = f"podcast/{path}".removesuffix(".py").removesuffix("/__init__").replace("/", ".")
                modules[module] = os.path.join(folder, name)  # noqa: PTH118
            elif not name.endswith(".pyc"):
                data.append((path, package, within))
    return modules, data


@cache
def _version(library: str) -> str:
    """Return the version of a library; empty if it is optional and not installed."""
    try:
        found = distribution(DISTRIBUTIONS.get(library, library))
    except PackageNotFoundError:
        return ""
    stated = VERSION.search(found.read_text("METADATA") or "")  # ten times as fast as parsing the whole as an e-mail
    return stated[1] if stated else found.version
