# SPDX-License-Identifier: GPL-3.0-or-later
"""Progress: readable in a log, quiet where it should be."""

import pytest

from podcast.progress import Bar, Lines, Quiet, Run


def test_a_log_has_a_line_a_stage_and_one_a_minute(capsys, monkeypatch):
    """A stage of 150 s in steps of half a second is three lines, on standard error; no line says that it has ended."""
    now = [0.0]
    monkeypatch.setattr("podcast.progress.monotonic", lambda: now[0])
    lines = Lines()
    lines.stage("narrating", 300)
    for now[0] in (step / 2 for step in range(1, 301)):
        lines.advance(1)

    printed = capsys.readouterr()
    assert printed.err.splitlines() == ["narrating", "narrating: 40 %", "narrating: 80 %"]
    assert not printed.out


def test_a_stage_that_continues_is_reported_once(capsys):
    """Mastering again, a little louder, is no news."""
    lines = Lines()
    for stage in ("mastering", "mastering", "uploading"):
        lines.stage(stage, 10)
        lines.advance(10)

    assert capsys.readouterr().err.splitlines() == ["mastering", "uploading"]


def test_a_bar_takes_any_text(capsys):
    """Square brackets in titles are no markup."""
    with Bar() as bar:
        bar.stage("[bold]x[/nothing]", 2)
        bar.advance(2)
        bar.say("[red]é[/]")

    assert "[red]é[/]" in capsys.readouterr().err


def test_quiet_says_nothing(capsys):
    """-q is quiet."""
    quiet = Quiet()
    quiet.stage("x", 1)
    quiet.advance(1)
    quiet.say("y")

    assert capsys.readouterr() == ("", "")


TITLE = "Pourquoi la mer est-elle salée, et depuis quand le sait-on vraiment à coup sûr ?"


def make(shown: Bar | Lines) -> None:
    """Make three episodes, the last of which fails."""
    shown.episodes([100, 200, 100])
    for title, result in (("Le sel", "04:05 rendered"), (TITLE, "12:00 rendered"), ("Le vent", "failed")):
        shown.episode(title)
        for stage in ("narrating", "mastering"):
            shown.stage(stage, 10)
            shown.advance(10)
        shown.finished(result)


def test_a_log_names_the_episode_with_each_stage(capsys):
    """One plain line a stage, and one for each finished episode."""
    make(Lines())

    assert capsys.readouterr().err.splitlines() == [
        "1/3 Le sel: narrating",
        "1/3 Le sel: mastering",
        "1/3 Le sel: 04:05 rendered",
        f"2/3 {TITLE}: narrating",
        f"2/3 {TITLE}: mastering",
        f"2/3 {TITLE}: 12:00 rendered",
        "3/3 Le vent: narrating",
        "3/3 Le vent: mastering",
        "3/3 Le vent: failed",
    ]


def test_a_terminal_keeps_a_line_for_each_finished_episode(capsys, monkeypatch):
    """A title is cut at its end, so that nothing wraps at 80 columns."""
    monkeypatch.setenv("COLUMNS", "80")
    with Bar() as bar:
        make(bar)

    lines = [line.rstrip() for line in capsys.readouterr().err.splitlines() if "rendered" in line or "failed" in line]
    assert lines[0] == "1/3 Le sel  04:05 rendered"
    assert lines[1].startswith("2/3 Pourquoi la mer")
    assert lines[1].endswith("…  12:00 rendered")
    assert lines[2] == "3/3 Le vent  failed"
    assert max(map(len, lines)) <= 79


def test_the_time_left_is_that_of_the_whole_run():
    """Each episode counts as much as it is large; a stage never goes back, and the last one ends the run."""
    run = Run([100, 300])
    seen = []
    for _ in range(2):
        run.next("x")
        for total in (10, 5):
            run.stage(total)
            for _ in range(total):
                run.advance(1)
                seen.append(run.made)
    assert seen == sorted(seen)
    assert seen[9] == pytest.approx(90)
    assert 390 < seen[-1] <= 400
    assert run.after().number == 0
