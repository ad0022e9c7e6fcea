# SPDX-License-Identifier: GPL-3.0-or-later
"""Packages that cannot be loaded: one error with the package and the command that fixes it, and the rest goes on."""

import json
import os
import re
import subprocess
import sys
import uuid
from pathlib import Path

import pytest
from helpers import ROOT

from podcast.packages.distribution import install

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
    """Errors outside of a batch are reported by the command line."""
    (folder / "feed").mkdir()
    (folder / "feed" / "feed.xml").write_text("<rss/>", encoding="utf-8")

    done = run(folder, "starlette", "serve", "--port", "0")

    assert done.returncode == 1
    assert "error: this command needs the package starlette, which cannot be loaded: " in done.stderr
    assert "hint: pip install --force-reinstall starlette\n" in done.stderr


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
