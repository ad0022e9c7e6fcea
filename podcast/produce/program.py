# SPDX-License-Identifier: GPL-3.0-or-later
"""The digest of the code, the data and the libraries that shape a product, such as the audio of an episode.

    root module -> shapers()   every module that it imports, at any depth, with their data files and libraries
                -> digest()    sha256 of all that: another digest means that the product may come out differently

Nobody keeps a list of files: a module that is imported is counted. Too much is counted rather than too little; an
episode that apps have is not rendered again for another digest alone (`recipe.UNASKED`).
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
        # print, log and word errors
        *("podcast.errors", "podcast.log", "podcast.progress"),
        *("podcast.packages.imports", "podcast.packages.distribution"),
        # say where files lie, and where and when work is done
        *("podcast.workspace", "podcast.produce.render.cluster", "podcast.produce.render.clip_cache"),
        "podcast.produce.render.staleness",
    )
)
"""Modules that shape no product: what they import counts only if something else imports it, too."""

DISTRIBUTIONS = {
    "PIL": "pillow",
    "dateutil": "python-dateutil",
    "yaml": "pyyaml",
}
"""Name of an imported package -> name of the distribution with its version, where that is another one."""

IMPORT = re.compile(
    r"^[ \t]*(?:from[ \t]+([\w.]+)[ \t]+import[ \t]+(\([^)]*\)|[^\n#]+)|import[ \t]+([\w., \t]+))", re.MULTILINE
)
VERSION = re.compile(r"^Version: *(\S+)", re.MULTILINE)
COMMENT = re.compile(r"#[^\n]*")
QUOTED = re.compile(r'"([\w./-]+)"')

PACKAGE = Path(__file__).parent.parent


@dataclass(frozen=True, slots=True)
class Shapers:
    """What shapes a product."""

    modules: frozenset[str]
    data: frozenset[str]
    """Paths of files, relative to the package."""
    libraries: frozenset[str]
    """Names of the packages of others, as they are imported."""


@dataclass(frozen=True, slots=True)
class ModuleSource:
    """What a module names."""

    code: bytes
    modules: frozenset[str]
    libraries: frozenset[str]
    quoted: frozenset[str]
    """Parts of paths among its strings."""


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
    reached: set[str] = set()
    ahead = {root}
    while ahead:
        reached |= ahead
        ahead = {name for one in ahead for name in source(one).modules} - reached - OUTSIDE
    libraries = frozenset(name for one in reached for name in source(one).libraries)
    return Shapers(frozenset(reached), frozenset(_data(reached)), libraries)


@cache
def source(module: str) -> ModuleSource:
    """Return what a module of this package imports and names, and its code."""
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
    """Return the modules that the one in a file runs in processes of their own: it names their files."""
    beside = {os.path.join(os.path.dirname(path), name) for name in quoted if name.endswith(".py")}  # noqa: PTH118, PTH120
    return {module for module, file in _modules().items() if file in beside and not file.endswith("__init__.py")}


def _data(modules: set[str]) -> Iterator[str]:
    """Yield the data files that modules name in quotes, or whose folder a module beside it names."""
    quoted = {name for module in modules for name in source(module).quoted}
    beside: dict[str, set[str]] = {}
    for module in modules:
        beside.setdefault(os.path.dirname(_modules()[module]), set()).update(source(module).quoted)  # noqa: PTH120
    for name, package, folder in _tree()[1]:
        if name.rpartition("/")[2] in quoted or folder in beside.get(package, ()):
            yield name


def _modules() -> Mapping[str, str]:
    """Return the modules of the package with their files."""
    return _tree()[0]


@cache
def _tree() -> tuple[Mapping[str, str], Sequence[tuple[str, str, str]]]:
    """Return the modules of the package with their files, and its data files.

    A data file is its path relative to the package, the folder of modules it is in, and the folder in there, if it is
    in one. Paths are text: there are hundreds, and each run of the program looks at them.
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
    """Return the version of a library; nothing if it is optional and not there."""
    try:
        found = distribution(DISTRIBUTIONS.get(library, library))
    except PackageNotFoundError:
        return ""
    stated = VERSION.search(found.read_text("METADATA") or "")  # ten times as fast as parsing the whole as an e-mail
    return stated[1] if stated else found.version
