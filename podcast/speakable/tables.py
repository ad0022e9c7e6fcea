# SPDX-License-Identifier: GPL-3.0-or-later
"""The tables of a language (tables/<language>.toml) and its lexicon (lexicon/<language>.tsv), read once.

The tables hold what needs no code: units, currencies, abbreviations, months. The lexicon holds words that an engine
would misread, a row each: `word as written<TAB>word as said`, `#` for comments.
"""

import tomllib
from collections.abc import Callable, Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from podcast.speakable.quantities import Currency, Grammar

Tables = Mapping[str, Any]
LANGUAGES = frozenset(("de", "en", "es", "fr", "it", "pt"))
"""Languages that have tables."""


def base(language: str) -> str:
    """Return a language without its region: `fr` for `fr-CA`."""
    return language.partition("-")[0].lower()


@cache
def load(language: str) -> Tables:
    """Return the tables of a language that has some."""
    return tomllib.loads((files(__package__) / "tables" / f"{language}.toml").read_text(encoding="utf-8"))


@cache
def lexicon(language: str) -> dict[str, str]:
    """Return the built-in lexicon of a language, empty if there is none."""
    source = files(__package__) / "lexicon" / f"{language}.tsv"
    if not source.is_file():
        return {}
    rows = (line.split("\t", 1) for line in source.read_text(encoding="utf-8").splitlines() if line and line[0] != "#")
    return dict(rows)


def grammar(
    tables: Tables,
    *,
    language: str,
    cardinal: Callable[[int], str],
    before: Callable[[int, str], str],
    fraction: Callable[[str], str],
    singular: Callable[[float], bool],
    of: Callable[[str], str],
    bare: Callable[[str], str | None] = lambda _: None,
    attributive: Callable[[str, str], bool] = lambda _, __: False,
) -> Grammar:
    """Return the grammar of quantities that tables and functions make up."""
    return Grammar(
        language=language,
        cardinal=cardinal,
        before=before,
        decimal=tables["decimal"],
        groups=tables["groups"],
        fraction=fraction,
        words=tables["words"],
        singular=singular,
        of=of,
        currencies={mark: Currency(**words) for mark, words in tables["currencies"].items()},
        scales={mark: (one, many) for mark, (one, many) in tables["scales"].items()},
        money_scales=frozenset(tables.get("money_scales", ())),
        units=_units(tables),
        pers=tables["per"],
        bare=bare,
        attributive=attributive,
    )


def _units(tables: Tables) -> dict[str, tuple[str, str]]:
    """Return symbol -> (one, many), the metric units with each of their prefixes."""
    names = {**tables.get("prefixes", {}), "-": ""}
    metric = {
        prefix.replace("-", "") + symbol: (names[prefix] + one, names[prefix] + many)
        for symbol, (prefixes, one, many) in tables.get("metric", {}).items()
        for prefix in prefixes
    }
    return {**metric, **{symbol: (one, many) for symbol, (one, many) in tables["units"].items()}}
