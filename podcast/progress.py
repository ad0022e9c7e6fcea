# SPDX-License-Identifier: GPL-3.0-or-later
"""Progress: a progress bar on a terminal, plain lines elsewhere.

    a run of episodes   episodes(sizes), then for each: episode(title), its stages, finished(result)
    any other work      stage(title, total), advance(done)

Both write to standard error; standard output is for results.
"""

import sys
from collections.abc import Callable, Sequence
from time import monotonic
from typing import Any, Protocol, Self

MINUTE_S = 60.0

FIRST_STAGE = 0.9
"""Share of the rest of an episode that each stage takes: the first, narrating, is by far the longest."""

WIDTH = 79
"""Columns of a line that stays on the terminal: the usual width is 80."""


class Progress(Protocol):
    """Interface through which long work reports its progress."""

    def episodes(self, sizes: Sequence[float]) -> None:
        """Start a run of episodes; `sizes` has the work for each, in any unit."""

    def episode(self, title: str) -> None:
        """Start the next episode of the run."""

    def finished(self, result: str) -> None:
        """Finish the episode; `result` is a short text, such as its length."""

    def stage(self, title: str, total: float) -> None:
        """Start a stage; `total` is its work, in any unit."""

    def advance(self, done: float) -> None:
        """Report `done` more of the stage's total."""

    def say(self, text: str) -> None:
        """Print a line that stays visible."""


class Quiet:
    """Progress that shows nothing."""

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
    """Progress that also writes stages and messages to a log."""

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
    """Overall progress of a run of episodes, weighted by their sizes."""

    def __init__(self, sizes: Sequence[float] = ()) -> None:
        self.sizes = sizes
        self.number = 0
        """Number of the current episode, from 1; 0 before the first, or without a run."""
        self.title = ""
        self.share, self.begun = 0.0, 0.0
        """Fraction of the current episode that is done, and that was done when the current stage started."""
        self.total, self.done = 0.0, 0.0
        """Work in the current stage, in its own unit."""

    def next(self, title: str) -> None:
        """Start the next episode."""
        self.number, self.title, self.share, self.begun, self.total, self.done = self.number + 1, title, 0.0, 0.0, 0, 0

    def after(self) -> "Run":
        """Return the run itself if there are more episodes, else an empty run."""
        return self if self.number < len(self.sizes) else Run()

    def stage(self, total: float) -> None:
        """Start the next stage of the episode."""
        self.begun, self.total, self.done = self.share, total, 0.0

    def advance(self, done: float) -> None:
        """Add to the work done in the stage."""
        self.done += done
        part = min(1.0, self.done / self.total) if self.total else 1.0
        self.share = self.begun + FIRST_STAGE * (1 - self.begun) * part

    @property
    def count(self) -> str:
        """Number of the current episode and number of all, such as `2/5`."""
        return f"{self.number}/{len(self.sizes)}"

    @property
    def made(self) -> float:
        """Work done in the whole run, in the unit of the sizes."""
        if not self.number:
            return 0.0
        return sum(self.sizes[: self.number - 1]) + self.share * self.sizes[self.number - 1]


class Lines:
    """Progress as lines, for logs: one for each new stage, and one for each minute that it lasts."""

    def __init__(self) -> None:
        self.title, self.total, self.done, self.printed_s = "", 0.0, 0.0, 0.0
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
        self.title, self.total, self.done, self.printed_s = title, total, 0.0, monotonic()

    def advance(self, done: float) -> None:
        """See Progress."""
        self.done += done
        if monotonic() - self.printed_s >= MINUTE_S and self.done < self.total:
            self.printed_s = monotonic()
            self.say(f"{self.title}: {100 * self.done / self.total:.0f} %")

    def say(self, text: str) -> None:
        """See Progress."""
        print(text, file=sys.stderr, flush=True)  # noqa: T201 - the purpose of this class


class Bar:
    """A progress bar with the remaining time: of the whole run of episodes, else of the stage.

    It takes one line; titles are truncated.
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
