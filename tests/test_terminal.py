# SPDX-License-Identifier: GPL-3.0-or-later
"""Progress: readable in a log, quiet where it should be."""

from podcast.terminal import Bar, Lines, Quiet


def test_lines_are_few_and_say_how_far_it_is(capsys):
    """A hundred steps print a title and four quarters, on standard error."""
    lines = Lines()
    lines.stage("narrating", 100)
    for _ in range(100):
        lines.advance(1)

    printed = capsys.readouterr()
    assert printed.err.splitlines() == ["narrating", *(f"narrating: {n} %" for n in (25, 50, 75, 100))]
    assert not printed.out


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
