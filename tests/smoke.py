# SPDX-License-Identifier: GPL-3.0-or-later
"""A show from beginning to end with the program that is installed: python tests/smoke.py.

It needs nothing but the package and its voices, so it runs on Windows and macOS as well, and from a wheel.
The folder has a space and an accent in its name.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

ARTICLE = "# Le sel de l'été\n\nLe sel vient de la pluie. Elle creuse la roche.\n\n## La mer\n\nLa mer garde tout.\n"
ENGLISH = "# Salt\n\nSalt comes with the rain. The sea keeps all of it.\n"
VOICES = '[voices]\nfr = "espeak/fr"\nen = "tone/high"\n'
URL = "https://phare.example/podcast/"


def podcast(folder: Path, *arguments: str, code: int = 0) -> str:
    """Run a command in a folder, and return what it prints.

    Raises AssertionError if it ends otherwise than it should.
    """
    command = [sys.executable, "-m", "podcast", *arguments]
    print("podcast", *arguments, flush=True)  # noqa: T201 - for the log of a run elsewhere
    done = subprocess.run(command, cwd=folder, capture_output=True, check=False, timeout=600)
    out, err = (stream.decode("utf-8").replace("\r\n", "\n") for stream in (done.stdout, done.stderr))
    assert done.returncode == code, f"exit code {done.returncode}\n{out}\n{err}"
    return out


def begin(folder: Path) -> Path:
    """Make a show folder with voices that are quick."""
    podcast(folder, "init", "le phare d'été", "--title", "Le Phare", "--language", "fr", "--url", URL)
    show = folder / "le phare d'été"
    text = (show / "show.toml").read_text(encoding="utf-8").replace("[voices]", "[older]", 1)
    before, _, after = text.partition("[older]")
    (show / "show.toml").write_bytes((before + VOICES + after.partition("\n")[2]).encode())
    return show


def run(folder: Path) -> list[str]:
    """Make a show of two episodes; return the names of the files in its feed."""
    podcast(folder, "--version")
    show = begin(folder)
    podcast(show, "doctor")
    (show / "sel.md").write_bytes(ARTICLE.encode())
    (show / "salt.md").write_bytes(ENGLISH.encode())
    podcast(show, "make", "--quiet", "sel.md", "salt.md")
    assert "up to date" in podcast(show, "make", "--quiet")
    podcast(show, "feed")
    podcast(show, "check")
    rows = json.loads(podcast(show, "status", "--json"))
    assert len(rows) == 2, rows
    podcast(show, "say", "-v", "espeak/fr", "-o", "bonjour.wav", "Bonjour à tous.")
    assert (show / "bonjour.wav").read_bytes()[:4] == b"RIFF"
    podcast(show, "say", "--show-text", "-l", "fr", "3,5 M€ en 2026")
    podcast(show, "make", "missing.md", code=1)
    return sorted(path.relative_to(show / "feed").as_posix() for path in (show / "feed").rglob("*") if path.is_file())


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as temporary:
        files = run(Path(temporary))
    kinds = {Path(name).suffix for name in files}
    assert {".xml", ".html", ".mp3", ".vtt", ".srt", ".json", ".jpg"} <= kinds, files
    assert not [name for name in files if "\\" in name], files
    print(*files, sep="\n")  # noqa: T201
