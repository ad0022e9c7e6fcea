# SPDX-License-Identifier: GPL-3.0-or-later
"""How loud finished episodes are, by an independent meter: ffmpeg's ebur128 on what `podcast make` wrote.

    .venv/bin/python benchmarks/loudness.py

Twelve episodes: voices of five engines, lengths from 10 seconds to two hours, music from hiss to square waves, stereo
and mono. Each is to be within 0.3 LU of its target (-16, in mono -19 as a meter reads it) and at most at -1 dBTP. It
takes some ten minutes, needs ffmpeg, and ends with exit code 1 if a figure is missed.
"""

import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

import numpy as np
import soundfile
from memory import SCRIPT, SENTENCE, SHOW

FRENCH = (
    "Voici la phrase numéro {number} d'un long texte qui ne dit rien, et que l'on met six secondes environ à entendre."
)
SPREAD_LU, CEILING_DBTP = 0.3, -1.0


class Case(NamedTuple):
    """An episode: a voice, how many sentences of some six seconds it says, and more lines for show.toml."""

    voice: str
    sentences: int
    more: str = ""


QUIET = '[music]\nintro = "hiss.flac"\noutro = "hiss.flac"\n'
LOUD = '[music]\nintro = "square.flac"\noutro = "square.flac"\ngain_db = 4.0\nduck_db = -8.0\n'
BED = '[music]\nintro = "calm"\n[music.bed]\nfile = "news"\nplay_ms = 60000\n'
NONE = '[music]\nintro = ""\noutro = ""\n'
CASES = (
    Case("espeak/en", 1, NONE),
    Case("kokoro/ff_siwis", 1),
    Case("kokoro/ff_siwis", 12, BED),
    Case("hibari/heart", 3),
    Case("hibari/heart", 20, LOUD),
    Case("pico/fr", 10),
    Case("pico/fr", 60, LOUD),
    Case("pico/en-GB", 100, QUIET),
    Case("espeak/fr", 300, BED),
    Case("espeak/en", 200, "[sound]\nchannels = 1\n"),
    Case("tone/low", 600, LOUD),
    Case("espeak/en", 1200),
)


def heard(path: Path) -> tuple[float, float, float]:
    """Return minutes, integrated LUFS and true peak in dBTP, as ffmpeg has them."""
    command = ["ffmpeg", "-hide_banner", "-i", str(path), "-af", "ebur128=peak=true", "-f", "null", "-"]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stderr
    lufs, peak = re.findall(r"(?:I|Peak):\s+(\S+) (?:LUFS|dBFS)", said[said.rindex("Summary:") :])
    return soundfile.info(path).duration / 60, float(lufs), float(peak)


def make(show: Path, case: Case) -> Path:
    """Make an episode with the whole program; return its file."""
    language = "fr" if "/f" in case.voice else "en"
    (show / "scripts").mkdir()
    settings = SHOW.replace('language = "en"', f'language = "{language}"')
    settings = settings.replace('en = "tone/low"', f'{language} = "{case.voice}"')
    (show / "show.toml").write_text(settings + case.more, encoding="utf-8")
    lines = [(FRENCH if language == "fr" else SENTENCE).format(number=number + 1) for number in range(case.sentences)]
    head = SCRIPT.format(minutes=case.sentences).replace("language: en", f"language: {language}")
    (show / "scripts" / "one.md").write_text(head + "\n" + "\n\n".join(lines) + "\n", encoding="utf-8")
    time = np.arange(48_000 * 30) / 48_000
    soundfile.write(show / "square.flac", np.sign(np.sin(2 * np.pi * 220 * time)) * 0.999, 48_000)
    soundfile.write(show / "hiss.flac", np.random.default_rng(1).normal(0, 1e-3, len(time)), 48_000)
    subprocess.run([Path(sys.executable).with_name("podcast"), "make", "-q"], cwd=show, check=True, capture_output=True)
    return show / "audio" / "one.mp3"


def main() -> int:
    """Print the table and return 1 if a figure is missed."""
    missed = 0
    print(f"{'voice':18}{'minutes':>8}{'LUFS':>8}{'dBTP':>7}  music")
    for case in CASES:
        with tempfile.TemporaryDirectory() as name:
            minutes, lufs, peak = heard(make(Path(name), case))
        target = -19 if "channels" in case.more else -16
        well = abs(lufs - target) <= SPREAD_LU and peak <= CEILING_DBTP
        missed += not well
        about = " ".join(case.more.split("\n")[1:]) or "the default"
        print(f"{case.voice:18}{minutes:8.1f}{lufs:8.1f}{peak:7.1f}  {about}{'' if well else '   MISSED'}", flush=True)
    print(f"{len(CASES) - missed} of {len(CASES)} within {SPREAD_LU} LU and at most at {CEILING_DBTP} dBTP")
    return int(missed > 0)


if __name__ == "__main__":
    sys.exit(main())
