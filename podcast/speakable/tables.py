# SPDX-License-Identifier: GPL-3.0-or-later
"""Load the vocabulary of a language (languages/<tag>/speaking.toml) and its lexicon (lexicon.tsv).

speaking.toml contains what needs no code: units, currencies, abbreviations, months. The lexicon contains words that an
engine would mispronounce, one per line: `written word<TAB>spoken word`, `#` for comments. Language-independent tables
are in tables/ here.
"""

import tomllib
from collections.abc import Callable, Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from podcast import languages
from podcast.langtag import primary
from podcast.speakable.rules.measures import Currency, Dashes, Grammar

Tables = Mapping[str, Any]


def has(language: str) -> bool:
    """Return True if a language has a speaking.toml."""
    return primary(language) in languages.known("speaking.toml")


@cache
def load(language: str) -> Tables:
    """Return the speaking.toml of a language that has one, with the changes for a region: `[region."AT"]`.

    The key of a region is one or more region subtags, `"MX US 419"`; its tables are merged into those of the language.
    """
    base, *rest = language.replace("_", "-").upper().split("-")
    table = languages.table(base.lower(), "speaking.toml")
    regions: dict[str, Tables] = table.get("region", {})
    found = next((changes for key, changes in regions.items() if not set(rest).isdisjoint(key.split())), {})
    return _merged(table, found)


def _merged(table: Tables, changes: Tables) -> Tables:
    """Return a table with the values of another one, which come first, nested tables key by key."""
    new = {
        key: _merged(table[key], value) if isinstance(value, Mapping) and key in table else value
        for key, value in changes.items()
    }
    return {**new, **{key: value for key, value in table.items() if key not in new}}


def lexicon(language: str) -> Mapping[str, str]:
    """Return the built-in lexicon of a language, empty if there is none."""
    return languages.pairs(primary(language), "lexicon.tsv")


@cache
def shared(name: str) -> Tables:
    """Return a language-independent table: `cldr.toml`, `addresses.toml`."""
    return tomllib.loads((files(__package__) / "tables" / name).read_text(encoding="utf-8"))


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
    """Build the grammar of quantities from tables and functions."""
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
        dashes=Dashes(*(frozenset(tables.get(key, "").split()) for key in ("before_minus", "titled"))),
        bare=bare,
        attributive=attributive,
    )


def _units(tables: Tables) -> dict[str, tuple[str, str]]:
    """Return symbol -> (singular, plural), the metric units with each of their prefixes."""
    names = {**tables.get("prefixes", {}), "-": ""}
    metric = {
        prefix.replace("-", "") + symbol: (names[prefix] + one, names[prefix] + many)
        for symbol, (prefixes, one, many) in tables.get("metric", {}).items()
        for prefix in prefixes
    }
    greek = {symbol.replace("µ", "μ"): names for symbol, names in metric.items() if "µ" in symbol}
    return {**metric, **greek, **{symbol: (one, many) for symbol, (one, many) in tables["units"].items()}}
