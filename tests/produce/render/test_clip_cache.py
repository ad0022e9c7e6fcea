# SPDX-License-Identifier: GPL-3.0-or-later
"""`podcast clips`: what lies in the store, what of it is needed, and what is damaged."""

import contextlib
import hashlib
import shutil
from pathlib import Path

import pytest
from helpers import SHOW_TOML, edit

from podcast.cli.main import main
from podcast.workspace import Workspace

ARTICLE = """# Le phare

La mer est calme. Le vent tombe. Les bateaux rentrent au port avant la nuit.

## La lampe

Elle tourne. On la voit de très loin.
"""


def run(capsys, *arguments: str, code: int = 0) -> tuple[str, str]:
    """Run the command line and return what it printed."""
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    printed = capsys.readouterr()
    assert ended.value.code == code, printed.err
    return printed.out, printed.err


@pytest.fixture(scope="module")
def finished(tmp_path_factory) -> Path:
    """Give the folder of a show with an episode, which is made once."""
    folder = tmp_path_factory.mktemp("finished")
    (folder / "show.toml").write_text(SHOW_TOML, encoding="utf-8")
    (folder / "a.md").write_text(ARTICLE, encoding="utf-8")
    with contextlib.chdir(folder), pytest.raises(SystemExit) as ended:
        main(["make", "a.md"])
    assert ended.value.code == 0
    return folder


@pytest.fixture
def made(finished, folder) -> Workspace:
    """Give a copy of that show, to change; it is the current folder."""
    shutil.copytree(finished, folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns(".lock"))
    return Workspace(folder)


def files(place: Workspace) -> dict[str, str]:
    """Return each file of the store with its digest."""
    paths = [path for path in place.clips.rglob("*") if path.is_file()]
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in paths}


def counts(capsys, *options: str) -> dict[str, int]:
    """Return how many files of each sort there are, as the command says."""
    rows = [line.split("\t") for line in run(capsys, "clips", *options)[0].splitlines()]
    assert all(size.endswith(" MB") for _, _, size in rows)
    return {what: int(number) for what, number, _ in rows}


def test_everything_of_a_finished_episode_is_needed(made, capsys, calls):
    """Pruning removes nothing of it, and remaking the sound from what is left narrates and masters nothing."""
    before = files(made)
    told = counts(capsys, "--prune")

    assert told["not needed"] == 0
    assert told["narrated"] + told["mastered, cover art"] == len(before) - 1  # the list of what was used
    assert files(made) == before
    for path in made.audio.glob("*.mp3"):
        path.unlink()
    run(capsys, "make")
    assert calls == []
    assert files(made) == before


def test_what_no_script_needs_is_removed(made, capsys, calls):
    """Sentences that were reworded and mastered clips of an older mix go; what is removed is never asked for again."""
    (path,) = made.script_files()
    edit(path, "Le vent tombe.", "Le vent se lève.")
    edit(made.show, "[voices]", "[music]\ngain_db = -9.0\n\n[voices]")
    run(capsys, "make")
    kept = (made.audio / f"{path.stem}.mp3").read_bytes()
    before = files(made)

    told = counts(capsys)
    assert told["not needed"] > 0
    assert files(made) == before
    assert counts(capsys, "--prune") == told | {"not needed": 0}
    assert len(files(made)) == len(before) - told["not needed"]
    assert not [folder for folder in made.clips.iterdir() if folder.is_dir() and not any(folder.iterdir())]

    calls.clear()
    (made.audio / f"{path.stem}.mp3").unlink()
    run(capsys, "make")
    assert calls == []
    assert (made.audio / f"{path.stem}.mp3").read_bytes() == kept


def test_without_its_script_nothing_is_needed(made, capsys):
    """An episode whose script is gone leaves no clips behind."""
    (path,) = made.script_files()
    path.unlink()

    counts(capsys, "--prune")

    assert {Path(name).suffix for name in files(made)} == {".jpg"}  # the cover is the show's


def test_edited_and_not_made_yet_is_still_needed(made, capsys, calls):
    """What was narrated for the sentences that stay is not thrown away before the next run."""
    (path,) = made.script_files()
    edit(path, "Le vent tombe.", "Le vent se lève.")

    counts(capsys, "--prune")
    run(capsys, "make")

    assert calls == ["Le vent se lève."]


def test_a_script_with_a_mistake_prunes_nothing(made, capsys):
    """Which clips it needs is unknown, so all are kept, and the mistake is reported."""
    (path,) = made.script_files()
    path.write_text(path.read_text(encoding="utf-8") + "\n[pause x]\n", encoding="utf-8")
    before = files(made)

    _, told = run(capsys, "clips", "--prune", code=1)

    assert f"{path.name}:" in told
    assert files(made) == before


def test_damaged_files_are_found_and_made_again(made, capsys, calls):
    """A flipped bit or a cut file is noticed; the sentence is narrated again, as it was."""
    before = files(made)
    flacs, frames = sorted(made.clips.rglob("*.flac")), sorted(made.clips.rglob("*.frames"))
    damage(flacs[0])
    flacs[1].write_bytes(flacs[1].read_bytes()[:100])
    damage(frames[0])

    _, told = run(capsys, "clips", "--check")

    assert {line.removeprefix("removed damaged clip ") for line in told.splitlines()} == {
        flacs[0].name,
        flacs[1].name,
        frames[0].name,
    }
    assert len(calls) == 2
    assert files(made) == {name: digest for name, digest in before.items() if name != frames[0].name}
    assert run(capsys, "clips", "--check")[1] == ""
    for path in made.audio.glob("*.mp3"):
        path.unlink()
    run(capsys, "make")
    assert files(made) == before
    assert len(calls) == 2


def damage(path: Path) -> None:
    """Flip a bit in the middle."""
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 8
    path.write_bytes(data)
