# SPDX-License-Identifier: GPL-3.0-or-later
"""Progress: readable in a log, quiet where it should be."""

from podcast.terminal import Bar, Lines, Quiet


def test_a_log_has_a_line_a_stage_and_one_a_minute(capsys, monkeypatch):
    """A stage of 150 s in steps of half a second is three lines, on standard error; its end is told by what follows."""
    now = [0.0]
    monkeypatch.setattr("podcast.terminal.monotonic", lambda: now[0])
    lines = Lines()
    lines.stage("narrating", 300)
    for now[0] in (step / 2 for step in range(1, 301)):
        lines.advance(1)

    printed = capsys.readouterr()
    assert printed.err.splitlines() == ["narrating", "narrating: 40 %", "narrating: 80 %"]
    assert not printed.out


def test_a_stage_that_goes_on_is_told_once(capsys):
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
