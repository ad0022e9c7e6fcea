# SPDX-License-Identifier: GPL-3.0-or-later
"""Findings of a check: the broken rule, its location, the value found, and the fix.

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
    """A row of rules.tsv."""

    id: str
    level: Level
    """error: rejected or broken; warning: should be fixed; note: a suggestion."""
    source: str
    """The specification or directory that requires it."""
    wrong: str
    fix: str


@dataclass(frozen=True, slots=True)
class Finding:
    """A violation of a rule."""

    rule: str
    place: str
    """File or URL, with the line if there is one: `feed.xml:12`."""
    about: str = ""
    """Title of the episode, or the element; empty for the document as a whole."""
    said: str = ""
    """The value found or measured."""
    kept: bool = False
    """Whether it is about an imported episode, which cannot be rendered again."""

    @property
    def level(self) -> Level:
        """The rule's level, but at most a warning for an imported episode, so that it does not block new ones."""
        level = RULES[self.rule].level
        return "warning" if self.kept and level == "error" else level

    @property
    def wrong(self) -> str:
        """The message of the rule."""
        return RULES[self.rule].wrong

    @property
    def fix(self) -> str:
        """The fix of the rule."""
        return RULES[self.rule].fix


@cache
def _table() -> dict[str, CheckRule]:
    lines = files("podcast.check").joinpath("rules.tsv").read_text("utf-8").splitlines()
    rules: dict[str, CheckRule] = {}
    for line in lines:
        if line and not line.startswith("#"):
            name, level, source, wrong, fix = line.split("\t")
            rules[name] = CheckRule(name, next(each for each in LEVELS if each == level), source, wrong, fix)
    return rules


RULES = _table()
