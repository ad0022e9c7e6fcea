# SPDX-License-Identifier: GPL-3.0-or-later
"""Make docs/samples/listen-fr.mp3 and listen-en.mp3: what the program sounds like, by the program itself.

    .venv/bin/python docs/samples.py        or: make samples

The voices and the music are those of a new show. The same versions give the same bytes.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

from mutagen.id3 import ID3

SAMPLES = Path(__file__).parent / "samples"

SHOW = """\
[show]
title = "articlecast"
language = "{language}"
author = "articlecast"
description = "What articlecast sounds like."
email = "sample@articlecast.example"
url = "https://articlecast.example/"
opening = ""
closing = ""

[voices]
fr = "kokoro/ff_siwis"
en = "hibari/heart"

[music]
lead_ms = 2500
tail_ms = 1000
intro = {{ file = "default", play_ms = 2000, fade_out_ms = 2000 }}
outro = {{ file = "default", play_ms = 3500, fade_out_ms = 2500 }}
"""

SCRIPT = """\
---
title: {title}
guid: {guid}
date: 2026-11-30T06:00:00+00:00
language: {language}
---

{text}
"""

TEXTS = {
    "fr": (
        "Un extrait",
        "0f6f7d5c-0d3b-4d0e-9a55-6a3c1c6c5f01",
        (
            "Le 3 mars 1886, à 6 h 30, le gardien du phare éteint la lampe. La mer est à 12 °C, le vent à 45 km/h. "
            "Il note deux chiffres dans son carnet, puis il descend les 217 marches."
        ),
    ),
    "en": (
        "A sample",
        "0f6f7d5c-0d3b-4d0e-9a55-6a3c1c6c5f02",
        (
            "On March 3rd, 1886, at 6:30 a.m., the keeper puts out the lamp. The sea is at 12 °C, the wind at 45 km/h. "
            "He writes two figures in his notebook, then walks down all 217 steps."
        ),
    ),
}


def main() -> None:
    """Write the samples."""
    for language, (title, guid, text) in TEXTS.items():
        with tempfile.TemporaryDirectory() as folder:
            show = Path(folder)
            (show / "scripts").mkdir()
            (show / "show.toml").write_text(SHOW.format(language=language), encoding="utf-8")
            script = SCRIPT.format(title=title, guid=guid, language=language, text=text)
            (show / "scripts" / "sample.md").write_text(script, encoding="utf-8")
            subprocess.run([sys.executable, "-m", "podcast", "--show", folder, "make"], check=True)
            tag = ID3(show / "audio" / "sample.mp3")
            for frame in ("APIC", "USLT", "SYLT"):  # the cover is most of a short file
                tag.delall(frame)
            tag.save(v2_version=3, padding=lambda _: 0)
            (SAMPLES / f"listen-{language}.mp3").write_bytes((show / "audio" / "sample.mp3").read_bytes())


if __name__ == "__main__":
    main()
