# SPDX-License-Identifier: GPL-3.0-or-later
"""What commands take on shows of 100, 1,000 and 10,000 episodes: seconds and peak memory of each.

    python benchmarks/sizes.py [episodes …] [--clips N]     (100 1000 10000, and 100 clips an episode by default)

The shows are made up: scripts and records like real ones, a second of silence with a tag of its own for each, and
empty clips. Nothing is narrated but in `one new episode`. The last lines say how the figures grow with the size of the
show: 1.0 is as quickly as the number of episodes, less is better.
"""

import argparse
import datetime as dt
import hashlib
import math
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import msgspec

from podcast import produce
from podcast.config.load import load
from podcast.metadata.id3 import Tags, tag
from podcast.model import Chapter, Cue, Enclosure, Script, Segment
from podcast.produce import records
from podcast.produce.intake.scripts import load as load_script
from podcast.progress import Quiet
from podcast.script import render
from podcast.sound import mp3
from podcast.workspace import Workspace

SHOW = """\
[show]
title = "Mille et une marées"
language = "fr"
url = "https://127.0.0.1:9/podcast/"
description = "Un épisode par marée."
author = "Atelier du Phare"
category = "Science"

[voices]
fr = "tone/low"

[music]
intro = ""
outro = ""

[target.disk]
kind = "folder"
path = "../public"
"""

METER = """
import os, resource, subprocess, sys, time
start = time.perf_counter()
done = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
print(time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, done.returncode, sep="\\n")
print(done.stderr)
"""

FRAMES = 42
LENGTH_MS = 1_008
"""Of each sound: frames of 24 ms."""
WORDS = ("la mer monte et redescend deux fois par jour", "sous la lune qui tire les eaux vers elle")


def main() -> None:
    """Print a table."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("episodes", nargs="*", type=int, default=[100, 1_000, 10_000])
    options.add_argument("--clips", type=int, default=100, help="a episode")
    options.add_argument("--keep", type=Path, help="folder to make the shows in; they are left there")
    given = options.parse_args()
    found: dict[str, dict[int, tuple[float, float]]] = {}
    for episodes in given.episodes:
        folder = Path(tempfile.mkdtemp(prefix="sizes-", dir=given.keep))
        made_up(Workspace(folder / "show"), episodes, given.clips)
        print(f"\n{episodes} episodes, {episodes * given.clips} clips", flush=True)
        for name, seconds, megabytes in measured(folder / "show"):
            found.setdefault(name, {})[episodes] = seconds, megabytes
            print(f"  {name:32} {seconds:8.2f} s {megabytes:8.0f} MB", flush=True)
        if not given.keep:
            shutil.rmtree(folder)
    if len(given.episodes) > 1:
        low, high = min(given.episodes), max(given.episodes)
        print(f"\ngrowth from {low} to {high} episodes (exponent)")
        for name, rows in found.items():
            exponent = math.log(rows[high][0] / rows[low][0]) / math.log(high / low)
            print(f"  {name:32} {exponent:8.2f}")


def measured(root: Path) -> Iterator[tuple[str, float, float]]:
    """Yield the name of a command, its seconds and its peak memory in MB."""
    yield "first feed", *_run(root, "feed")
    for name, command in (
        ("make, all scripts read", ["make", "--quiet"]),
        ("status", ["status"]),
        ("make, nothing to do", ["make", "--quiet"]),
        ("feed, nothing to do", ["feed"]),
        ("feed --diff", ["feed", "--diff"]),
        ("check", ["check"]),
    ):
        if command[0] in _commands():
            yield name, *_run(root, *command)
    article = root.parent / "nouveau.md"
    article.write_text("# La vague\n\nUne vague est une nouvelle que la mer apporte.\n", encoding="utf-8")
    yield "make, one new episode", *_run(root, "make", "--quiet", str(article))
    yield "publish, all", *_run(root, "publish", "--no-verify")
    yield "publish, nothing changed", *_run(root, "publish", "--no-verify")
    show = root / "show.toml"
    show.write_text(show.read_text(encoding="utf-8").replace("Un épisode", "Une histoire"), encoding="utf-8")
    yield "feed, another description", *_run(root, "feed")


def _commands() -> set[str]:
    from podcast.cli.main import cli

    return set(cli.commands)


def _run(root: Path, *command: str) -> tuple[float, float]:
    """Return seconds and peak memory of a command, from a small program of its own: a child begins as its parent."""
    program = [str(Path(sys.executable).with_name("podcast")), "--show", str(root), *command]
    done = subprocess.run([sys.executable, "-S", "-c", METER, *program], check=True, capture_output=True, text=True)
    seconds, kilobytes, code, said = done.stdout.split("\n", 3)
    if code != "0":
        print(f"  {command[0]} ended with {code}: {said.strip()[:300]}")
    return float(seconds), int(kilobytes) / 1024


def made_up(place: Workspace, episodes: int, clips: int) -> None:
    """Write a show of so many finished episodes, each of `clips` sentences."""
    place.root.mkdir(parents=True)
    place.show.write_text(SHOW, encoding="utf-8")
    article = place.root / "article.md"
    article.write_text("# La marée\n\nLa mer monte.\n", encoding="utf-8")
    show = load(place.show)
    with place.lock():
        meant = produce.scripts_of(place, show, [str(article)], produce.Intake())
        made, failures = produce.make(place, show, meant.scripts, progress=Quiet())
    assert not failures
    first = made[0].episode
    pattern = load_script(place, first.slug)
    for number in range(episodes - 1):
        _episode(place, pattern, first.slug, number, clips)
    for number in range(episodes * clips):
        name = hashlib.sha256(str(number).encode()).hexdigest()
        path = place.clips / name[:2] / f"{name}.flac"
        if number < 256 * 16:
            path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()


def _episode(place: Workspace, pattern: Script, like: str, number: int, clips: int) -> None:
    from dataclasses import replace

    from podcast.produce.render import staleness
    from podcast.produce.render.needs import script_inputs

    show = load(place.show) if number == 0 else _episode.show  # type: ignore[attr-defined]
    _episode.show = show  # type: ignore[attr-defined]
    slug = f"maree-{number:05}"
    date = dt.datetime(2000, 1, 1, tzinfo=dt.UTC) + dt.timedelta(hours=8 * number)
    words = [[WORDS[(number + i + j) % 2] for j in range(2)] for i in range(clips)]
    sentences = [" ".join(one).capitalize() + "." for one in words]
    segments = tuple(
        Segment("heading", f"Partie {i // 25 + 1}", level=2) if i % 25 == 0 else Segment("paragraph", sentences[i])
        for i in range(clips)
    )
    guid = str(msgspec.json.encode(hashlib.sha256(slug.encode()).hexdigest())[1:33].decode())
    guid = "-".join((guid[:8], guid[8:12], guid[12:16], guid[16:20], guid[20:32]))
    script = replace(
        pattern, slug=slug, guid=guid, title=f"Marée {number}", date=date, summary=" ".join(sentences[:4]),
        segments=segments, origin=None, episode=number + 1, source=f"https://phare.example/{slug}",
    )  # fmt: skip
    place.script(slug).write_text(render(script), encoding="utf-8")
    sound, each = place.sound(slug), LENGTH_MS // clips
    sound.write_bytes(mp3.info_frame(FRAMES) + mp3.silence(FRAMES))
    chapters = tuple(Chapter(25 * i * each, f"Partie {i + 1}") for i in range(clips // 25))
    tags = Tags(f"Marée {number}", show.title, date, show.language, guid, LENGTH_MS, chapters=chapters)
    tag(sound, tags)
    script = load_script(place, slug)
    done = records.load(place, like)
    assert done is not None
    cues = tuple(Cue(i * each, i * each + each - 1, one, i) for i, one in enumerate(sentences))
    about = replace(
        done, slug=slug, guid=guid, title=script.title, published=date, cues=cues, summary=script.summary,
        chapters=chapters,
        number=number + 1, source=script.source,
        made_from=staleness.IngredientDigests(place, show).of(script_inputs(script, show)),
        enclosure=Enclosure(sound.name, sound.stat().st_size, records.digest_of(sound), LENGTH_MS),
    )  # fmt: skip
    place.record(slug).write_bytes(msgspec.json.format(msgspec.json.encode(about), indent=1) + b"\n")


if __name__ == "__main__":
    main()
