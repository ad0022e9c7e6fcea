# SPDX-License-Identifier: GPL-3.0-or-later
"""The tables of packages that `podcast doctor` tries to import."""

import runpy
import sys
import tomllib

from helpers import ROOT

from podcast.produce.commands import dependencies


def test_doctor_knows_every_package_that_is_imported():
    """What a module imports somewhere stands in the table of its part."""
    house = runpy.run_path(str(ROOT / "tests" / "project/test_house.py"))
    names = {name for path in house["MODULES"] for name in house["imported"](path)}
    tables = (
        dependencies.READERS,
        dependencies.VOICES,
        dependencies.TARGETS,
        dependencies.PARTS,
        dependencies.OPTIONAL,
    )
    known = {module.partition(".")[0] for table in tables for modules in table.values() for module in modules.split()}

    assert names - known - set(sys.stdlib_module_names) - {"podcast"} == set()
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    for group, table in (
        ("readers", dependencies.READERS),
        ("voices", dependencies.VOICES),
        ("targets", dependencies.TARGETS),
    ):
        assert set(project["entry-points"][f"podcast.{group}"]) == set(table)
