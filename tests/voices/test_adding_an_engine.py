# SPDX-License-Identifier: GPL-3.0-or-later
"""docs/adding-an-engine.md: its package is installed as a stranger would, and used through the command line."""

import os
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import soundfile
from helpers import DATA, edit

DOCS = DATA.parent.parent / "docs"
PACKAGE = DATA / "engine_package"


@pytest.fixture(scope="module")
def installed(tmp_path_factory) -> Path:
    """Install the package of the page into a folder of its own."""
    target = tmp_path_factory.mktemp("installed")
    options = ["--no-deps", "--no-build-isolation", "--no-index", "--disable-pip-version-check", "-q"]
    command = [sys.executable, "-m", "pip", "install", *options, "--target", str(target), str(PACKAGE)]
    subprocess.run(command, check=True, capture_output=True, env={**os.environ, "PIP_NO_CACHE_DIR": "1"})
    return target


@pytest.fixture
def podcast(installed, folder):
    """Give what runs the command line in the show folder, beside the installed package."""

    def run(*arguments: str, code: int = 0) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-c", "from podcast.cli.main import main; main()", *arguments]
        path = os.pathsep.join([str(installed), os.environ.get("PYTHONPATH", "")]).rstrip(os.pathsep)
        environment = {**os.environ, "PYTHONPATH": path}
        done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == code, done.stderr
        return done

    return run


@pytest.mark.parametrize(
    ("page", "package", "module"),
    [
        ("adding-an-engine.md", "engine_package", "podcast_morse.py"),
        ("adding-a-reader.md", "reader_package", "podcast_notebook.py"),
    ],
)
def test_the_page_shows_the_package_as_it_is(page, package, module):
    """Who copies from the page gets what is tested."""
    text = (DOCS / page).read_text(encoding="utf-8")
    shown = dict(re.findall(r"^```(toml|python)\n(.*?)^```", text, re.MULTILINE | re.DOTALL))

    assert shown == {
        "toml": (DATA / package / "pyproject.toml").read_text(encoding="utf-8"),
        "python": (DATA / package / module).read_text(encoding="utf-8"),
    }


def test_its_voice_is_listed_and_speaks(podcast, folder):
    """SOS is nine signs: three short, three long, three short."""
    assert any(line.startswith("morse/key\tmul\t") for line in podcast("voices").stdout.splitlines())

    podcast("say", "-v", "morse/key", "-o", "sos.wav", "SOS")

    samples, rate = soundfile.read(folder / "sos.wav")
    loud = np.convolve(np.abs(samples), np.ones(40) / 40, "same") > 0.05
    edges = np.flatnonzero(np.diff(loud.astype(int)))
    lengths_ms = np.diff(edges)[::2] / rate * 1000
    assert [round(length / 25) for length in lengths_ms] == [1, 1, 1, 3, 3, 3, 1, 1, 1]


def test_an_episode_is_made_with_it(podcast, folder):
    """Settings reach it; another setting is another sound, the same one is narrated once."""
    (folder / "article.md").write_text("# Le phare\n\nLa mer est calme. Le vent tombe.\n", encoding="utf-8")
    edit(folder / "show.toml", 'fr = "tone/low"', 'fr = "morse/key"')
    with (folder / "show.toml").open("a", encoding="utf-8") as file:
        file.write("\n[engine.morse]\npitch_hz = 700\n")

    podcast("make", "article.md")
    clips = set((folder / "audio" / "clips").rglob("*.flac"))
    assert clips
    assert "up to date" in podcast("make").stdout

    edit(folder / "show.toml", "pitch_hz = 700", "pitch_hz = 500")
    podcast("make")
    assert len(set((folder / "audio" / "clips").rglob("*.flac"))) == 2 * len(clips)


def test_a_wrong_setting_of_it_is_named(podcast, folder):
    """As for our own engines."""
    (folder / "article.md").write_text("# Le phare\n\nLa mer est calme.\n", encoding="utf-8")
    edit(folder / "show.toml", 'fr = "tone/low"', 'fr = "morse/key"')
    with (folder / "show.toml").open("a", encoding="utf-8") as file:
        file.write("\n[engine.morse]\npitch_hz = 5\n")

    line = (folder / "show.toml").read_text(encoding="utf-8").splitlines().index("pitch_hz = 5") + 1

    message = f"show.toml:{line}: engine.morse.pitch_hz: must be a number of at least 200, not 5"
    assert message in podcast("make", "article.md", code=1).stderr
