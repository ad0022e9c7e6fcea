# SPDX-License-Identifier: GPL-3.0-or-later
"""What a person sees while the program works: a progress bar on a terminal, plain lines elsewhere.

    run of episodes   episodes(sizes), then for each: episode(title), its stages, finished(result)
    any other work    stage(title, total), advance(done)

Both go to standard error; standard output is for results.
"""

import sys
from collections.abc import Callable, Sequence
from time import monotonic
from typing import Any, Protocol, Self

MINUTE_S = 60.0

FIRST_STAGE = 0.9
"""Share of what is left of an episode that a stage takes: narrating is the first and by far the longest."""

WIDTH = 79
"""Columns that a line left behind may take: the terminals that people begin with have 80."""


class Progress(Protocol):
    """How long work shows how far it is."""

    def episodes(self, sizes: Sequence[float]) -> None:
        """Begin a run of so many episodes; `sizes` is how much work each is, in any unit."""

    def episode(self, title: str) -> None:
        """Begin the next episode of the run."""

    def finished(self, result: str) -> None:
        """End the episode; `result` is a word or two, such as its length."""

    def stage(self, title: str, total: float) -> None:
        """Begin a stage; `total` is in any unit."""

    def advance(self, done: float) -> None:
        """Report that more of the stage is done."""

    def say(self, text: str) -> None:
        """Print something that stays readable."""


class Quiet:
    """Shows nothing."""

    def episodes(self, sizes: Sequence[float]) -> None:
        """See Progress."""

    def episode(self, title: str) -> None:
        """See Progress."""

    def finished(self, result: str) -> None:
        """See Progress."""

    def stage(self, title: str, total: float) -> None:
        """See Progress."""

    def advance(self, done: float) -> None:
        """See Progress."""

    def say(self, text: str) -> None:
        """See Progress."""


class Noted:
    """Shows progress, and reports stages and remarks to a log too."""

    def __init__(self, shown: Progress, note: Callable[[str], None]) -> None:
        self.shown, self.note = shown, note

    def episodes(self, sizes: Sequence[float]) -> None:
        """See Progress."""
        self.shown.episodes(sizes)

    def episode(self, title: str) -> None:
        """See Progress."""
        self.note(title)
        self.shown.episode(title)

    def finished(self, result: str) -> None:
        """See Progress."""
        self.note(result)
        self.shown.finished(result)

    def stage(self, title: str, total: float) -> None:
        """See Progress."""
        self.note(title)
        self.shown.stage(title, total)

    def advance(self, done: float) -> None:
        """See Progress."""
        self.shown.advance(done)

    def say(self, text: str) -> None:
        """See Progress."""
        self.note(text)
        self.shown.say(text)


class Run:
    """How far a run of episodes is: each counts as much as it is large."""

    def __init__(self, sizes: Sequence[float] = ()) -> None:
        self.sizes = sizes
        self.number = 0
        """Of the episode that is being made, from 1; 0 before the first, or without a run."""
        self.title = ""
        self.share, self.begun = 0.0, 0.0
        """Of the present episode: how much is done, and how much was when the present stage began."""
        self.total, self.done = 0.0, 0.0
        """Of the present stage, in its own unit."""

    def next(self, title: str) -> None:
        """Go on to the next episode."""
        self.number, self.title, self.share, self.begun, self.total, self.done = self.number + 1, title, 0.0, 0.0, 0, 0

    def after(self) -> "Run":
        """Return the run that goes on after an episode; none after the last one."""
        return self if self.number < len(self.sizes) else Run()

    def stage(self, total: float) -> None:
        """Go on to the next stage of the episode."""
        self.begun, self.total, self.done = self.share, total, 0.0

    def advance(self, done: float) -> None:
        """Count a part of the stage."""
        self.done += done
        part = min(1.0, self.done / self.total) if self.total else 1.0
        self.share = self.begun + FIRST_STAGE * (1 - self.begun) * part

    @property
    def count(self) -> str:
        """Which episode it is, of how many."""
        return f"{self.number}/{len(self.sizes)}"

    @property
    def made(self) -> float:
        """How much of the whole run is done, in the unit of the sizes."""
        if not self.number:
            return 0.0
        return sum(self.sizes[: self.number - 1]) + self.share * self.sizes[self.number - 1]


class Lines:
    """Prints a line a stage, and one a minute while it lasts: for logs. A stage that goes on is not printed again."""

    def __init__(self) -> None:
        self.title, self.total, self.done, self.told_s = "", 0.0, 0.0, 0.0
        self.run = Run()

    def episodes(self, sizes: Sequence[float]) -> None:
        """See Progress."""
        self.run = Run(sizes)

    def episode(self, title: str) -> None:
        """See Progress."""
        self.run.next(title)

    def finished(self, result: str) -> None:
        """See Progress."""
        self.say(f"{self.run.count} {self.run.title}: {result}")
        self.title, self.run = "", self.run.after()

    def stage(self, title: str, total: float) -> None:
        """See Progress."""
        if self.run.number:
            title = f"{self.run.count} {self.run.title}: {title}"
        if title != self.title:
            self.say(title)
        self.title, self.total, self.done, self.told_s = title, total, 0.0, monotonic()

    def advance(self, done: float) -> None:
        """See Progress."""
        self.done += done
        if monotonic() - self.told_s >= MINUTE_S and self.done < self.total:
            self.told_s = monotonic()
            self.say(f"{self.title}: {100 * self.done / self.total:.0f} %")

    def say(self, text: str) -> None:
        """See Progress."""
        print(text, file=sys.stderr, flush=True)  # noqa: T201 - this is where the program speaks


class Bar:
    """A bar with the time left, on a terminal: of the whole run where episodes are made, else of the stage.

    It takes one line of any terminal; titles are cut at their end.
    """

    def __init__(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn
        from rich.table import Column

        title = TextColumn("{task.description}", table_column=Column(no_wrap=True, overflow="ellipsis", ratio=1))
        columns = (title, BarColumn(bar_width=16), TaskProgressColumn(), TimeRemainingColumn())
        self.bar = Progress(
            *columns, console=Console(stderr=True), transient=True, expand=True, speed_estimate_period=600
        )
        self.task: Any = None
        self.run = Run()

    def __enter__(self) -> Self:
        self.bar.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.bar.stop()

    def _show(self, title: str, total: float) -> None:
        if self.task is not None:
            self.bar.remove_task(self.task)
        from rich.markup import escape

        self.task = self.bar.add_task(escape(title), total=total)

    def episodes(self, sizes: Sequence[float]) -> None:
        """See Progress."""
        self.run = Run(sizes)
        self._show("", sum(sizes))

    def episode(self, title: str) -> None:
        """See Progress."""
        from rich.markup import escape

        self.run.next(title)
        self.bar.update(self.task, description=escape(f"{self.run.count} {title}"), completed=self.run.made)

    def finished(self, result: str) -> None:
        """See Progress."""
        from rich.cells import cell_len, set_cell_size

        self.run.share = 1.0
        self.bar.update(self.task, completed=self.run.made)
        room = min(self.bar.console.width - 1, WIDTH) - cell_len(f"{self.run.count}   {result}")
        title = self.run.title
        if cell_len(title) > room:
            title = set_cell_size(title, max(room - 1, 1)).rstrip() + "…"
        self.say(f"{self.run.count} {title}  {result}")
        self.run = self.run.after()

    def stage(self, title: str, total: float) -> None:
        """See Progress."""
        from rich.markup import escape

        if not self.run.number:
            self._show(title, total)
            return
        self.run.stage(total)
        self.bar.update(self.task, description=escape(f"{self.run.count} {self.run.title}: {title}"))

    def advance(self, done: float) -> None:
        """See Progress."""
        if not self.run.number:
            self.bar.advance(self.task, done)
            return
        self.run.advance(done)
        self.bar.update(self.task, completed=self.run.made)

    def say(self, text: str) -> None:
        """See Progress."""
        from rich.markup import escape

        self.bar.console.print(escape(text), highlight=False)
