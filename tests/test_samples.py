# SPDX-License-Identifier: GPL-3.0-or-later
"""The samples in docs/ are right: workflows by the schemas of their services, units by systemd, commands by our own."""

import json
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml

from podcast.cli import cli
from podcast.publish import kinds
from podcast.show import load

DOCS = Path(__file__).parent.parent / "docs"
SAMPLES = DOCS / "samples"
PAPERS = [DOCS / name for name in ("publishing.md", "hosting.md", "automation.md")]


@pytest.mark.parametrize(("name", "schema"), [("github.yml", "github-workflows"), ("gitlab-ci.yml", "gitlab-ci")])
def test_workflows_are_what_their_services_take(name, schema):
    """By the published schemas, with the values that the services know."""
    command = [str(Path(sys.executable).with_name("check-jsonschema")), "--builtin-schema", f"vendor.{schema}"]
    done = subprocess.run([*command, str(SAMPLES / name)], capture_output=True, text=True, check=False)
    other = SAMPLES / ("gitlab-ci.yml" if name == "github.yml" else "github.yml")
    broken = subprocess.run([*command, str(other)], capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout + done.stderr
    assert broken.returncode != 0


def commands() -> list[str]:
    """Return every call of the program in samples and papers."""
    lines = []
    for name in ("github.yml", "gitlab-ci.yml"):
        jobs = yaml.safe_load((SAMPLES / name).read_text(encoding="utf-8"))
        job = (
            jobs["jobs"]["publish"]["steps"]
            if "jobs" in jobs
            else [{"run": line} for line in jobs["podcast"]["script"]]
        )
        lines += [step["run"] for step in job if step.get("run", "").startswith("podcast ")]
    text = "\n".join(path.read_text(encoding="utf-8") for path in [*SAMPLES.glob("podcast*"), *PAPERS])
    lines += re.findall(r"(?:bin/|^(?:    )?)(podcast [a-z].*?)(?:  .*)?$", text, re.MULTILINE)
    return lines


def test_commands_in_samples_exist():
    """Each with its options."""
    found = commands()
    assert len(found) > 8
    for line in found:
        _, name, *words = line.split()
        known = {option for parameter in cli.commands[name].params for option in parameter.opts}
        assert {word for word in words if word.startswith("-")} <= known, line


@pytest.mark.parametrize("unit", ["podcast-watch.service", "podcast.service", "podcast.timer"])
def test_units_are_what_systemd_takes(unit, tmp_path):
    """By systemd itself, where it is installed."""
    for path in SAMPLES.glob("podcast*.*"):
        text = path.read_text(encoding="utf-8").replace("/srv/venv/bin/podcast", sys.executable)
        (tmp_path / path.name).write_text(text.replace("/srv/show", str(tmp_path)), encoding="utf-8")
    text = (SAMPLES / unit).read_text(encoding="utf-8")
    assert re.findall(r"^\[(\w+)\]$", text, re.MULTILINE)[0] == "Unit"
    if shutil.which("systemd-analyze"):
        done = subprocess.run(
            ["systemd-analyze", "verify", "--man=no", str(tmp_path / unit)], capture_output=True, text=True, check=False
        )
        ours = [line for line in done.stderr.splitlines() if unit in line and "User" not in line]
        assert ours == []


def test_show_toml_in_the_papers_is_taken(tmp_path):
    """Every target that docs/publishing.md shows is one that show.toml may have, of a kind that there is."""
    text = (DOCS / "publishing.md").read_text(encoding="utf-8")
    blocks = [block for block in re.findall(r"```toml\n(.*?)```", text, re.DOTALL) if "[target." in block]
    show = tmp_path / "show.toml"
    show.write_text(
        '[show]\ntitle = "T"\nlanguage = "fr"\nurl = "https://a.example/"\n\n' + "\n".join(blocks), encoding="utf-8"
    )
    loaded = load(show)
    assert {str(target["kind"]) for target in loaded.targets.values()} == set(kinds())
    for kind in kinds():
        assert f"`{kind}`" in text
    for name, settings in loaded.targets.items():
        given = {key: value for key, value in settings.items() if key != "kind"}
        kinds()[str(settings["kind"])](given, tmp_path).close()
        assert name


# --- the container ----------------------------------------------------------------------------------------------

ROOT = DOCS.parent


def hadolint(text: str) -> list[dict[str, str]]:
    """Return what hadolint finds in a container file."""
    command = [str(Path(sys.executable).with_name("hadolint")), "--format", "json", "--no-color", "-"]
    done = subprocess.run(command, input=text, capture_output=True, text=True, check=False)
    found: list[dict[str, str]] = json.loads(done.stdout)
    return found


def test_the_container_file_has_no_fault():
    """By hadolint and shellcheck, which find those that are put into it."""
    text = (ROOT / "Containerfile").read_text(encoding="utf-8")

    assert hadolint(text) == []
    faulty = re.sub(r"# hadolint ignore.*\n", "", text).replace("USER 1000\n", "USER root\n")
    assert {"DL3002", "DL3008"} <= {one["code"] for one in hadolint(faulty)}


def test_the_container_is_built_from_what_is_there():
    """Each file that is copied exists and is let in; the extras and the program are those of pyproject.toml."""
    text = (ROOT / "Containerfile").read_text(encoding="utf-8")
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    copied = [name for line in re.findall(r"^COPY (?!--)(.+) \S+$", text, re.MULTILINE) for name in line.split()]
    let_in = [line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")]
    extras = re.search(r"^ARG EXTRAS=(\S+)$", text, re.MULTILINE)

    assert sorted(copied) == sorted(let_in)
    assert [name for name in copied if not (ROOT / name).exists()] == []
    assert extras is not None
    assert set(extras[1].split(",")) <= set(project["optional-dependencies"])
    assert [*json.loads(text.partition("ENTRYPOINT ")[2].splitlines()[0])] == [*project["scripts"]]
    assert re.findall(r"^USER (\d+)$", text, re.MULTILINE) == ["1000"]
