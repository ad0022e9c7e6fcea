# SPDX-License-Identifier: GPL-3.0-or-later
"""Names that single sites and products use in their pages, from sites.toml: one row a product, with an example.

Names that many sites share, such as `sidebar` or `newsletter`, are in the modules that know what they mean.
"""

import tomllib
from functools import cache
from pathlib import Path
from typing import NamedTuple

SITES = "sites.toml"


class Product(NamedTuple):
    """A row of the table."""

    use: str
    """What the names mean to the reader: a kind of clutter, `caption`, `badge` …; sites.toml lists them."""
    names: str
    """Regular expression of the names."""
    product: str
    """Who uses them."""
    example: str
    """Markup in which they are."""


@cache
def products() -> tuple[Product, ...]:
    """Return all rows."""
    table = tomllib.loads(Path(__file__).with_name(SITES).read_text(encoding="utf-8"))
    return tuple(Product(**row) for row in table["product"])


def names_for(use: str) -> list[str]:
    """Return the names of all products for one use, a regular expression each: `yarpp` for `related`."""
    return [row.names for row in products() if row.use == use]


def names_or(use: str, names: str) -> str:
    """Return a regular expression of `names` and those of all products for one use."""
    return "|".join([names, *names_for(use)])
