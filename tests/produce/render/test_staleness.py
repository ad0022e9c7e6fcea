# SPDX-License-Identifier: GPL-3.0-or-later
"""What episodes are made of: scripts that have not changed are not read again, and nothing that changed is missed."""

from dataclasses import replace

import msgspec
import pytest
import shows
from helpers import edit

from podcast import produce
from podcast.config.load import load
from podcast.produce import records
from podcast.produce.commands.status import states
from podcast.produce.intake import scripts
from podcast.produce.render import staleness
from podcast.progress import Quiet
from podcast.workspace import Workspace


@pytest.fixture
def place(tmp_path):
    """Give a show with two finished episodes."""
    place = shows.finished(tmp_path / "show")
    make(place)
    return place


def make(place: Workspace) -> list[str]:
    """Run what `podcast make` runs; return what was made."""
    show = load(place.show)
    with place.lock():
        meant = produce.stale(place, show)
        made, failures = produce.make(place, show, meant.scripts, progress=Quiet(), current=meant.current)
    assert [*meant.failures, *failures] == []
    assert {one.episode.slug for one in made} == {path.stem for path in place.script_files()}
    return [one.episode.slug for one in made if one.changed]


@pytest.fixture
def read(monkeypatch):
    """Note which scripts are read."""
    found: list[str] = []
    really = scripts.load

    def noted(place: Workspace, slug: str):
        found.append(slug)
        return really(place, slug)

    monkeypatch.setattr(scripts, "load", noted)
    return found


def test_unchanged_scripts_are_not_read(place, read):
    """Neither `make` nor `status` parses a script that has the bytes that it had; of a changed one they do."""
    assert make(place) == []
    assert {row.words for row in states(place, load(place.show))} == {"up to date"}
    assert read == []
    edit(place.script("le-vent"), "pousse", "poussait")
    assert [row.words for row in states(place, load(place.show))] == ["up to date", "out of date: script changed"]
    assert read == ["le-vent"]
    assert make(place) == ["le-vent"]
    del read[:]
    assert make(place) == []
    assert read == []


@pytest.mark.parametrize(
    ("old", "new", "why", "made"),
    [
        ('fr = "tone/low"', 'fr = "tone/high"', "voices", ["le-sel", "le-vent"]),
        ("[voices]", '[lexicon.fr]\n"sel" = "selle"\n\n[voices]', "lexicon", ["le-sel"]),
        ("[voices]", '[lexicon.fr]\n"se" = "seu"\n"Sel" = "S. E. L."\n\n[voices]', "", []),
        ("[voices]", '[lexicon.en]\n"sel" = "selle"\n\n[voices]', "", []),
        ('title = "Le Phare"', 'title = "La Digue"', "show settings", ["le-sel", "le-vent"]),
        ("[voices]", '[sections."Le sel"]\nvoice = "tone/high"\n\n[voices]', "", []),
    ],
)
def test_what_the_show_says_is_not_missed(place, old, new, why, made):
    """A change of show.toml that shapes episodes makes them again, though no script has changed; another does not."""
    edit(place.show, old, new)
    found = {row.slug: row.words for row in states(place, load(place.show))}
    assert found == {slug: f"out of date: {why} changed" if slug in made else "up to date" for slug in found}
    assert make(place) == made
    assert make(place) == []


def test_files_that_a_script_names_are_not_missed(place):
    """Another sound under the same name makes the episode again, though neither script nor show has changed."""
    sting = place.music / "sting.flac"
    sting.parent.mkdir(parents=True, exist_ok=True)
    _tone(sting, 440)
    text = place.script("le-vent").read_text(encoding="utf-8")
    place.script("le-vent").write_text(f"{text.rstrip()}\n\n![](audio/music/sting.flac)\n", encoding="utf-8")
    assert make(place) == ["le-vent"]
    assert make(place) == []
    _tone(sting, 660)
    assert make(place) == ["le-vent"]


def _tone(path, hertz: int) -> None:
    import numpy as np
    import soundfile

    seconds = np.arange(24_000) / 48_000
    soundfile.write(path, (0.3 * np.sin(2 * np.pi * hertz * seconds)).astype(np.float32), 48_000)


@pytest.mark.parametrize("damage", [b"", b"{", b'{"scripts": 3}', b"\xff\xfe"])
def test_the_cache_may_be_lost(place, read, damage):
    """Without what was kept, or if it is damaged, scripts are read again, and nothing is made again."""
    (place.audio / staleness.NEEDS).write_bytes(damage)
    assert make(place) == []
    assert sorted(read) == ["le-sel", "le-vent"]
    assert len(msgspec.json.decode((place.audio / staleness.NEEDS).read_bytes())["scripts"]) == 2


def test_a_script_that_cannot_be_opened(place):
    """A script that leads nowhere is a mistake with its name; the others are made all the same."""
    place.script("nulle-part").symlink_to(place.scripts / "gone.md")
    with place.lock():
        meant = produce.stale(place, load(place.show))
    assert [one.episode.slug for one in meant.current] == ["le-sel", "le-vent"]
    assert "nulle-part.md" in meant.failures[0].message
    assert "failed" in [row.state for row in states(place, load(place.show))]


def test_a_record_of_an_earlier_version_is_renewed_while_it_is_up_to_date(place):
    """Before 1.0, the whole lexicon was recorded: a word that an episode does not have must not change it for that."""
    edit(place.show, "[voices]", '[lexicon.fr]\n"sel" = "selle"\n\n[voices]')
    make(place)
    whole = staleness.IngredientDigests(place, load(place.show))._lexicon("fr")
    for slug in ("le-sel", "le-vent"):
        record = records.load(place, slug)
        records.keep(place, replace(record, made_from={**record.made_from, "lexicon": whole}))
    assert make(place) == []
    edit(place.show, '"sel" = "selle"', '"sel" = "salle"\n"kerguen" = "kergaine"')
    assert make(place) == ["le-sel"]
