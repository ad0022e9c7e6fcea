# SPDX-License-Identifier: GPL-3.0-or-later
"""The samples in docs/ are right: workflows by the schemas of their services, units by systemd, commands by our own."""

import json
import os
import re
import runpy
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml
from helpers import TESTS

from podcast.cli.main import cli
from podcast.config.load import load
from podcast.publish import kinds

DOCS = TESTS.parent / "docs"
SAMPLES = DOCS / "samples"
ROOT = DOCS.parent
PAPERS = [DOCS / name for name in ("publishing.md", "hosting.md", "automation.md")]


SERVED = {
    "docs/samples/github.yml": "github-workflows",
    "docs/samples/gitlab-ci.yml": "gitlab-ci",
    **dict.fromkeys((".github/workflows/test.yml", ".github/workflows/release.yml"), "github-workflows"),
    **dict.fromkeys((".github/ISSUE_TEMPLATE/bug.yml", ".github/ISSUE_TEMPLATE/feature.yml"), "github-issue-forms"),
    ".github/ISSUE_TEMPLATE/config.yml": "github-issue-config",
    ".github/dependabot.yml": "dependabot",
}
"""File -> the schema of its service."""


def fits(path: Path, schema: str) -> subprocess.CompletedProcess[str]:
    """Return what the published schema of a service says of a file."""
    program = str(Path(sys.executable).with_name("check-jsonschema"))
    command = [program, "--builtin-schema", schema, str(path)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("name", SERVED)
def test_files_for_services_are_what_they_take(name):
    """By the published schemas, with the values that the services know; those of another one are refused."""
    schema = f"vendor.{SERVED[name]}"
    done = fits(ROOT / name, schema)
    other = SAMPLES / ("github.yml" if SERVED[name] != "github-workflows" else "gitlab-ci.yml")

    assert done.returncode == 0, done.stdout + done.stderr
    assert fits(other, schema).returncode != 0


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


# --- the repository on GitHub -----------------------------------------------------------------------------------

WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_a_workflow_may_do_no_more_than_it_needs(path):
    """Each action is one that nobody can replace, each job ends, and none may write but the one that must."""
    text = path.read_text(encoding="utf-8")
    flow = yaml.safe_load(text)
    used = re.findall(r"uses: (.+)", text)
    granted = {name: job["permissions"] for name, job in flow["jobs"].items() if "permissions" in job}

    assert used
    assert [one for one in used if not re.fullmatch(r"[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", one)] == []
    assert text.count("persist-credentials: false") == text.count("uses: actions/checkout@")
    assert flow["permissions"] == {"contents": "read"}
    needed = {"publish": {"id-token": "write"}, "announce": {"contents": "write"}}
    assert granted == (needed if path.name == "release.yml" else {})
    assert fits(path, "custom.github-workflows-require-timeout").returncode == 0


def test_the_workflow_tests_what_is_declared():
    """Every version of Python in pyproject.toml, on three systems; the tests that it names exist."""
    text = (ROOT / ".github" / "workflows" / "test.yml").read_text(encoding="utf-8")
    jobs = yaml.safe_load(text)["jobs"]
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    declared = {one.rpartition(" ")[2] for one in project["classifiers"] if re.search(r":: 3\.\d+$", one)}
    tested = [set(job["strategy"]["matrix"]["python"]) for job in jobs.values()]
    named = re.findall(r"tests/[\w/]+\.(?:py|sh)", text)

    assert all(declared <= one for one in tested)
    assert {"macos-latest", "windows-latest"} <= set(jobs["elsewhere"]["strategy"]["matrix"]["os"])
    assert len(named) > 20
    assert [name for name in named if not (ROOT / name).is_file()] == []


def test_hooks_run_what_make_check_runs():
    """Nobody commits what the check then refuses."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    rules = re.search(r"^check:.*\n((?:\t.*\n)+)", makefile, re.MULTILINE)
    (repository,) = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8"))["repos"]
    hooked = [re.sub(r" --.*", "", hook["entry"]) for hook in repository["hooks"]]

    assert rules is not None
    assert hooked == [".venv/bin/" + re.sub(r"( --check)? \.$", "", one) for one in re.findall(r"N\)/(.*)", rules[1])]


CHANGES = "# Changelog\n\n## 1.2.0 (2026-12-01)\n\n### Added\n\n- More.\n\n## 1.1.0\n\n- Less.\n\n## 1.0.0\n"


@pytest.mark.parametrize(
    ("tag", "version", "found"),
    [
        ("v1.2.0", "1.2.0", "### Added\n\n- More.\n"),
        ("v1.1.0", "1.1.0", "- Less.\n"),
        ("v1.2.1", "1.2.0", "the tag is v1.2.1, but the version in pyproject.toml is 1.2.0"),
        ("v1.0.0", "1.0.0", "CHANGELOG.md has no entry for 1.0.0"),
        ("v1.1", "1.1", "CHANGELOG.md has no entry for 1.1"),
    ],
)
def test_a_release_is_told_as_in_the_changelog(tag, version, found):
    """The tag is the version, and the version has an entry; otherwise nothing is published."""
    notes = runpy.run_path(str(ROOT / ".github" / "release_notes.py"))["notes"]
    try:
        told = notes(tag, version, CHANGES)
    except ValueError as error:
        told = str(error)

    assert told == found


def test_a_show_from_beginning_to_end():
    """As it is made on each system with the wheel of a release."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, str(ROOT / "tests" / "smoke.py")]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, encoding="utf-8", check=False)

    assert done.returncode == 0, done.stderr
    assert "media/salt-" in done.stdout
