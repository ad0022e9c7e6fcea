# SPDX-License-Identifier: GPL-3.0-or-later
"""What tests share: where files are, the show folder that they begin with, and a person's edit."""

from pathlib import Path

TESTS = Path(__file__).parent.parent
ROOT = TESTS.parent
DATA = TESTS / "data"

SHOW_TOML = """\
[show]
title = "Le Phare"
language = "fr"
url = "https://phare.example/podcast/"
description = "Des articles courts, lus à voix haute."
author = "Atelier du Phare"
email = "bonjour@phare.example"
category = "Science"

[voices]
fr = "tone/low"
en = "tone/high"
"""


def edit(path: Path, old: str, new: str) -> None:
    """Change a text file as a person would; what is changed must be there."""
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
