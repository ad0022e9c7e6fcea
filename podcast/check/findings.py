# SPDX-License-Identifier: GPL-3.0-or-later
"""What a check finds: which rule is broken, where, what stands there, and the fix.

The rules are a table, rules.tsv: id, level, source, message, fix. docs/checks.md is generated from it.
"""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal, get_args

Level = Literal["error", "warning", "note"]
LEVELS: tuple[Level, ...] = get_args(Level)


@dataclass(frozen=True, slots=True)
class CheckRule:
    """A line of the table."""

    id: str
    level: Level
    """error: something is refused or broken; warning: worse than it need be; note: an opportunity."""
    source: str
    """Who says so."""
    wrong: str
    mend: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One place at which a rule does not hold."""

    rule: str
    place: str
    """The file or address, with the line where there is one: `feed.xml:12`."""
    about: str = ""
    """The episode's title, or which element; empty for the document as a whole."""
    said: str = ""
    """What stands there, or what was measured."""
    kept: bool = False
    """True of an episode that was made elsewhere: apps have known it as it is, and nobody can make it again."""

    @property
    def level(self) -> Level:
        """That of the rule; of a kept episode nothing is an error, for it must not keep new ones from listeners."""
        level = RULES[self.rule].level
        return "warning" if self.kept and level == "error" else level

    @property
    def wrong(self) -> str:
        """What is wrong, in a sentence."""
        return RULES[self.rule].wrong

    @property
    def mend(self) -> str:
        """What to do."""
        return RULES[self.rule].mend


@cache
def _table() -> dict[str, CheckRule]:
    lines = files("podcast.check").joinpath("rules.tsv").read_text("utf-8").splitlines()
    rules: dict[str, CheckRule] = {}
    for line in lines:
        if line and not line.startswith("#"):
            name, level, source, wrong, mend = line.split("\t")
            rules[name] = CheckRule(name, next(each for each in LEVELS if each == level), source, wrong, mend)
    return rules


RULES = _table()
