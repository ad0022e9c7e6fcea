# SPDX-License-Identifier: GPL-3.0-or-later
"""CSS class names and URLs of specific sites and products, from sites.toml: one row a product, with an example.

Names that many sites share, such as `sidebar` or `newsletter`, are in the modules that use them.
"""

import tomllib
from functools import cache
from pathlib import Path
from typing import NamedTuple

SITES = "sites.toml"


class Product(NamedTuple):
    """A row of the table."""

    use: str
    """What the reader does with such elements: a kind of clutter, `caption`, `badge` …; listed in sites.toml."""
    names: str
    """Regular expression of the names."""
    product: str
    """The site or product that uses the names."""
    example: str
    """Markup that contains such a name."""


@cache
def products() -> tuple[Product, ...]:
    """Return all rows."""
    table = tomllib.loads(Path(__file__).with_name(SITES).read_text(encoding="utf-8"))
    return tuple(Product(**row) for row in table["product"])


def names_for(use: str) -> list[str]:
    """Return the regular expressions of all products for one use: `yarpp` for `related`."""
    return [row.names for row in products() if row.use == use]


def names_or(use: str, names: str) -> str:
    """Return a regular expression that matches `names` and the names of all products for one use."""
    return "|".join([names, *names_for(use)])
