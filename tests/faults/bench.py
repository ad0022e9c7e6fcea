# SPDX-License-Identifier: GPL-3.0-or-later
"""What every fault is tried on: a small show that is made and published to a folder, and what came out undisturbed.

    Bench(folder)    makes the show once, in a calm: `calm`, and what it was before: `untouched`
    bench.trial()    a copy to disturb, as it was before or (finished=True) after
    trial.run()      make + publish in it, in a fork of this process; fresh() in a Python of its own
    trial.judge()    runs it again, undisturbed, and compares every byte with the calm one: a Result

A trial lies in a folder of its own with its target beside it, so nothing tells it from the calm one but its path.
"""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from killed import CRASHED, begin, end, warm_up

from podcast.produce.checksummed import decode_checksummed, encode_checksummed

SHOW_TOML = """\
[show]
title = "Le Phare"
language = "fr"
url = "https://phare.example.org/podcast/"
description = "Des articles courts, lus à voix haute."
author = "Atelier du Phare"
email = "bonjour@phare.example.org"
category = "Science"
[voices]
fr = "tone/low"
en = "tone/high"
[engine.tone]
cost_ms = 20
[music]
intro = ""
outro = ""
[target.web]
kind = "folder"
path = "../site"
"""

ARTICLES = {
    "vagues": "# Les vagues d’été\n\nPremière vague, 3,5 m.\n\nDeuxième vague.\n\n## Le soir\n\nTout dort à 21h30.\n",
    "tide": "---\nlanguage: en\n---\n# The tide\n\nThe tide comes in.\n\n> It went out again.\n\nNobody minded.\n",
}

COMMANDS = (("make", "-q", "articles/vagues.md", "articles/tide.md"), ("publish", "--no-verify"), ("make", "-q"))
FRESH = "import sys, json; from podcast.cli.main import main; main(json.loads(sys.argv[1]))"
NOW = 1_750_000_000
"""The articles' date, which is in the scripts that are drafted from them."""

CACHES = {"audio/.lock", "audio/.scripts.json"}
"""What may differ: `.scripts.json` keeps which engines are here, and is read again when they change."""


@dataclass(frozen=True)
class Result:
    """How a fault went."""

    fault: str
    what: str
    wrong: str
    """Empty if it was survived."""
    lost: int
    """Bytes that an undisturbed run leaves and this one has not."""
    note: str = ""


class Trial:
    """A copy of the show to disturb."""

    def __init__(self, bench: "Bench", folder: Path) -> None:
        self.bench, self.folder = bench, folder
        self.show, self.site = folder / "show", folder / "site"
        self.log = folder / "told"
        self.environment: dict[str, str] = {}

    def run(self, commands: Sequence[Sequence[str]] = COMMANDS) -> int:
        """Run commands in a fork; return the exit code, negative if a signal ended it."""
        return end(begin(self.show, commands, self.log))

    def customise(self, code: str) -> None:
        """Have every fresh Python run a line of code first."""
        site = self.folder / "site-packages"
        site.mkdir()
        (site / "sitecustomize.py").write_text(code + "\n", encoding="ascii")
        self.environment["PYTHONPATH"] = os.pathsep.join([str(site), os.environ.get("PYTHONPATH", "")])

    def fresh(self, commands: Sequence[Sequence[str]] = COMMANDS, **environment: str) -> int:
        """Run commands, each in a Python of its own; return the exit code of the first that fails, or 0."""
        for command in commands:
            done = subprocess.run(
                [sys.executable, "-c", FRESH, json.dumps(command)],
                cwd=self.show,
                env={**os.environ, **self.environment, **environment},
                timeout=300,
                capture_output=True,
                check=False,
            )
            with self.log.open("ab") as log:
                log.write(done.stdout + done.stderr)
            if done.returncode:
                return CRASHED if b"Traceback" in done.stderr else done.returncode
        return 0

    @property
    def told(self) -> str:
        """What the runs have said."""
        return self.log.read_text("utf-8", "replace") if self.log.exists() else ""

    def judge(self, fault: str, what: str, *, code: int = 0, but: Sequence[str] = (), note: str = "") -> Result:
        """Run it again, undisturbed, and compare; `code` is how the disturbed run ended."""
        if code == CRASHED:
            return Result(fault, what, "crashed: " + self._last(), 0)
        again = self.run()
        if again:
            return Result(fault, what, f"the next run ends with {again}: {self._last()}", 0)
        wanted, found = self.bench.outcome, outcome(self.folder)
        wrong = [name for name, one in wanted.items() if found.get(name) != one and name not in but]
        wrong += [name for name in found if name not in wanted and name not in but]
        lost = sum(size for name, (_, size) in wanted.items() if name in wrong)
        return Result(fault, what, f"differs: {', '.join(wrong[:4])}" if wrong else "", lost, note)

    def _last(self) -> str:
        lines = [line for line in self.told.splitlines() if line.strip()]
        return " / ".join(lines[-2:])[-300:]

    def throw_away(self) -> None:
        """Remove the copy."""
        shutil.rmtree(self.folder)


class Bench:
    """The show, undisturbed, and copies of it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.count = 0
        untouched = folder / "untouched" / "show"
        (untouched / "articles").mkdir(parents=True)
        (untouched / "show.toml").write_text(SHOW_TOML, encoding="utf-8")
        for name, text in ARTICLES.items():
            path = untouched / "articles" / f"{name}.md"
            path.write_text(text, encoding="utf-8")
            os.utime(path, (NOW, NOW))
        self.untouched = untouched.parent
        warm_up()
        calm = self._copy("calm", self.untouched)
        start = time.monotonic()
        code = calm.run()
        self.length_s = time.monotonic() - start
        if code:
            raise RuntimeError(f"the undisturbed run fails: {calm.told}")
        self.calm = calm.folder
        calm.run()  # a second time, as every trial is run again
        self.outcome = outcome(self.calm)

    def trial(self, *, finished: bool = False) -> Trial:
        """Return a copy of the show: as it was before, or after."""
        self.count += 1
        return self._copy(f"trial{self.count}", self.calm if finished else self.untouched)

    def _copy(self, name: str, source: Path) -> Trial:
        folder = self.folder / name
        shutil.copytree(source, folder)
        (folder / "told").unlink(missing_ok=True)
        trial = Trial(self, folder)
        known = trial.show / "audio" / ".targets.json"  # the target is known by its path
        if known.exists():
            left = decode_checksummed(known.read_bytes(), dict)
            known.write_bytes(encode_checksummed({str(trial.site): one for one in left.values()}))
        for sound in trial.show.glob("feed/media/*.mp3"):  # one file with the episode's, as it was
            for made in trial.show.glob("audio/*.mp3"):
                if made.read_bytes() == sound.read_bytes():
                    sound.unlink()
                    os.link(made, sound)
        return trial


def outcome(folder: Path) -> Mapping[str, tuple[str, int]]:
    """Return the digest and the size of every file of show and target."""
    found = {}
    for part in ("show", "site"):
        for path in sorted((folder / part).rglob("*")):
            name = path.relative_to(folder / part).as_posix()
            if path.is_file() and name not in CACHES:
                data = path.read_bytes()
                if name == "audio/.targets.json" and data.startswith(b"{"):  # it knows its target by its path
                    data = encode_checksummed(dict.fromkeys("@", *decode_checksummed(data, dict).values()))
                found[f"{part}/{name}"] = hashlib.sha256(data).hexdigest(), len(data)
    return found
