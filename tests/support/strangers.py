# SPDX-License-Identifier: GPL-3.0-or-later
"""Third-party packages with a reader, an engine or a target: the samples in tests/data, and broken ones."""

import importlib
import os
import sys
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

from podcast import voices

DATA = Path(__file__).parent.parent / "data"
SAMPLES = ("reader_package", "engine_package", "target_package")


def install(folder: Path, package: str, module: str, code: str, groups: Mapping[str, Mapping[str, str]]) -> None:
    """Write a package as pip would install it: a module, and what its entry points name."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{module}.py").write_text(code, encoding="utf-8")
    info = folder / f"{package.replace('-', '_')}-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {package}\nVersion: 1.0\n", encoding="utf-8")
    lines = [
        line
        for group, entries in groups.items()
        for line in (f"[{group}]", *(f"{name} = {place}" for name, place in entries.items()))
    ]
    (info / "entry_points.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")


def install_samples(folder: Path) -> None:
    """Install the samples: a reader of notebooks, an engine that speaks Morse code, a target in one file."""
    for sample in SAMPLES:
        project = tomllib.loads((DATA / sample / "pyproject.toml").read_text(encoding="utf-8"))["project"]
        module = project["name"].replace("-", "_")
        code = (DATA / sample / f"{module}.py").read_text(encoding="utf-8")
        install(folder, project["name"], module, code, project["entry-points"])


@contextmanager
def found(folder: Path) -> Iterator[None]:
    """Have the packages in a folder found, here and in processes that are started, until the end of the block."""
    path = os.pathsep.join(filter(None, [str(folder), os.environ.get("PYTHONPATH", "")]))
    ours = {file.stem for file in folder.glob("*.py")}
    try:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(sys, "path", [str(folder), *sys.path])
            patch.setenv("PYTHONPATH", path)
            importlib.invalidate_caches()
            voices.engine_classes.cache_clear()
            yield
    finally:
        voices.engine_classes.cache_clear()
        for name in ours:
            sys.modules.pop(name, None)
