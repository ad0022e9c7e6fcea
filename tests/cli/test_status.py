# SPDX-License-Identifier: GPL-3.0-or-later
"""`podcast status`: the state of each episode in words, on a terminal of 80 columns, in a pipe and as JSON."""

import json
import os
import pty
import re
import subprocess
import sys
from contextlib import suppress

import msgspec
import pytest
import shows
from helpers import edit

from podcast.cli.main import main
from podcast.config.load import load
from podcast.produce import records
from podcast.produce.checksummed import encode_checksummed
from podcast.produce.commands.status import states
from podcast.produce.render import staleness

LONG = "Pourquoi la mer est-elle salée, et depuis quand le sait-on vraiment à coup sûr ?"


@pytest.fixture
def place(tmp_path):
    """Give a show with two episodes in its feed."""
    place = shows.finished(tmp_path / "show")
    with pytest.raises(SystemExit):
        main(["--show", str(place.root), "make", "-q"])
    return place


def drawn(place, *options: str) -> list[str]:
    """Return what a terminal of 80 columns shows."""
    terminal, inner = pty.openpty()
    code = f"from podcast.cli.main import main; main(['--show', {str(place.root)!r}, 'status', *{list(options)!r}])"
    environment = {**os.environ, "COLUMNS": "80", "TERM": "dumb", "NO_COLOR": "1"}
    child = subprocess.Popen(
        [sys.executable, "-c", code], stdin=inner, stdout=inner, stderr=inner, env=environment, cwd=place.root
    )
    os.close(inner)
    shown = b""
    with suppress(OSError):  # Linux's way to say that the other side is closed
        while more := os.read(terminal, 4096):
            shown += more
    os.close(terminal)
    assert child.wait() == 0, shown
    return [line.rstrip() for line in shown.decode().splitlines()]


def test_a_terminal_shows_a_table_of_80_columns(place):
    """A title is cut at its end; of an episode that is out of date, the slug stands in full below, with the reason."""
    edit(place.script("le-vent"), "title: Le vent", f"title: {LONG}")

    lines = drawn(place)

    assert [line.split()[0] for line in lines] == ["#", "1", "2", "le-vent:"]
    assert lines[0].split() == ["#", "date", "title", "state"]
    assert lines[1].split("  ")[-1].strip() == "up to date"
    assert "LUFS" not in "".join(lines)
    assert "…" in lines[2]
    assert lines[2].endswith("out of date")
    assert lines[3].strip() == "le-vent: script changed"
    assert max(map(len, lines)) <= 80
    with_audio = drawn(place, "--audio")
    assert "LUFS" in with_audio[1]
    assert max(map(len, with_audio)) <= 80


def test_a_pipe_gets_a_line_an_episode(place, capsys):
    """Number, date, slug, title and state, between tabs, in full."""
    with pytest.raises(SystemExit):
        main(["--show", str(place.root), "status"])

    rows = [line.split("\t") for line in capsys.readouterr().out.splitlines()]
    assert [row[2:] for row in rows] == [["le-sel", "Le sel", "up to date"], ["le-vent", "Le vent", "up to date"]]
    assert [row[0] for row in rows] == ["1", "2"]


def test_json_has_fields(place, capsys):
    """A program needs to cut no words."""
    edit(place.script("le-sel"), "date: ", "date: 2090-05-05T06:00:00+00:00 #")
    with pytest.raises(SystemExit):
        main(["--show", str(place.root), "status", "--json"])

    rows = {row["slug"]: row for row in json.loads(capsys.readouterr().out)}
    assert rows["le-sel"]["state"] == "out of date"
    assert rows["le-sel"]["date"] == "2090-05-05"
    assert (rows["le-vent"]["number"], rows["le-vent"]["title"], rows["le-vent"]["state"]) == (
        2,
        "Le vent",
        "up to date",
    )


def test_a_script_that_was_never_rendered_and_one_with_an_error(place):
    """Both have a row; the error names its line."""
    text = place.script("le-sel").read_text(encoding="utf-8")
    place.script("neuf").write_text(re.sub(r"guid: .", "guid: 0", text), encoding="utf-8")
    place.script("faux").write_text("---\ntitle: Faux\ndate: demain\n---\nOui.\n", encoding="utf-8")

    rows = {row.slug: row for row in states(place, load(place.show))}

    assert (rows["neuf"].state, rows["neuf"].title) == ("not rendered", "Le sel")
    assert rows["faux"].state == "failed"
    assert "faux.md:" in rows["faux"].detail


def test_a_word_that_no_episode_has_makes_none_out_of_date(place):
    """Also where the record of an episode is of an earlier version, which took all of the lexicon."""
    edit(place.show, "[voices]", '[lexicon.fr]\n"zouave" = "zou ave"\n\n[voices]')
    everything = records.digest(msgspec.json.encode({"zouave": "zou ave"}, order="sorted"))
    done = records.load(place, "le-sel")
    record = place.record("le-sel")
    changed = {**done.made_from, "lexicon": everything}
    record.write_bytes(
        encode_checksummed(msgspec.convert({**msgspec.to_builtins(done), "made_from": changed}, type(done)))
    )
    (place.audio / staleness.NEEDS).unlink()

    assert {row.state for row in states(place, load(place.show))} == {"up to date"}
