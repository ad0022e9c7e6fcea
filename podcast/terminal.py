# SPDX-License-Identifier: GPL-3.0-or-later
"""What a person sees while the program works: a bar with the time left on a terminal, plain lines elsewhere.

Both go to standard error; standard output is for results.
"""

import sys
from collections.abc import Callable
from time import monotonic
from typing import Any, Protocol, Self

MINUTE_S = 60.0


class Progress(Protocol):
    """How a long stage tells how far it is."""

    def stage(self, title: str, total: float) -> None:
        """Begin a stage; `total` is in any unit."""

    def advance(self, done: float) -> None:
        """Say that more of the stage is done."""

    def say(self, text: str) -> None:
        """Tell something that should stay readable."""


class Quiet:
    """No words at all."""

    def stage(self, title: str, total: float) -> None:
        """See Progress."""

    def advance(self, done: float) -> None:
        """See Progress."""

    def say(self, text: str) -> None:
        """See Progress."""


class Noted:
    """What shows progress, and something else that is told of stages and remarks."""

    def __init__(self, shown: Progress, note: Callable[[str], None]) -> None:
        self.shown, self.note = shown, note

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


class Lines:
    """A line a stage, and one a minute while it lasts: for logs. A stage that goes on is not told again."""

    def __init__(self) -> None:
        self.title, self.total, self.done, self.told_s = "", 0.0, 0.0, 0.0

    def stage(self, title: str, total: float) -> None:
        """See Progress."""
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
    """A bar with the time left, on a terminal."""

    def __init__(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

        columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
        self.bar = Progress(*columns, console=Console(stderr=True), transient=True)
        self.task: Any = None

    def __enter__(self) -> Self:
        self.bar.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.bar.stop()

    def stage(self, title: str, total: float) -> None:
        """See Progress."""
        from rich.markup import escape

        if self.task is not None:
            self.bar.remove_task(self.task)
        self.task = self.bar.add_task(escape(title), total=total)

    def advance(self, done: float) -> None:
        """See Progress."""
        self.bar.advance(self.task, done)

    def say(self, text: str) -> None:
        """See Progress."""
        from rich.markup import escape

        self.bar.console.print(escape(text), highlight=False)
