# SPDX-License-Identifier: GPL-3.0-or-later
"""Language tags (BCP 47): language, script and writing direction.

Aliases of languages and their default scripts are those of the CLDR, from babel, which is imported when first needed.
"""

from functools import cache

RTL_SCRIPTS = {"adlm", "arab", "armi", "aran", "hebr", "nkoo", "rohg", "syrc", "thaa"}
UNSPACED = {"bo", "ja", "km", "lo", "my", "th", "yue", "zh"}
"""Languages that put no space between two sentences."""
WRITTEN_LIKE = {"nb": "no", "nn": "no"}
"""Languages that readers of another one understand, beside aliases: for the two written forms of Norwegian."""
SPOKEN_LIKE = {"no": "nb"}
"""Languages that are spoken like another one, beside aliases."""
TRADITIONAL = {"hant", "tw", "hk", "mo"}
"""Subtags of Chinese that imply traditional characters."""


def primary(tag: str) -> str:
    """Return the primary language subtag, in lower case: `fr` for `fr-CA` and `FR_ca`, `fra` for `fra`."""
    return _subtags(tag)[0]


@cache
def canonical(tag: str) -> str:
    """Return the preferred primary subtag of BCP 47: `he` for `iw`, `fr` for `fra-CA`, `zh` for `cmn`."""
    from babel.core import get_global

    found = primary(tag)
    return primary(get_global("language_aliases").get(found, found))


def spoken(tag: str) -> str:
    """Return the language tag by which voices are found: `canonical`, and `nb` for `no`."""
    name = canonical(tag)
    return SPOKEN_LIKE.get(name, name)


def same_language(one: str, other: str) -> bool:
    """Return True if voices for one language speak the other, whatever their regions: `no` and `nb`, `cmn` and `zh`."""
    return spoken(one) == spoken(other)


@cache
def kin(tag: str) -> tuple[str, ...]:
    """Return the languages whose translations will do, in lower case, the best first: `zh-hant`, `zh` for `zh-TW`."""
    base, *rest = _subtags(tag)
    name = canonical(tag)
    is_traditional = name == "zh" and TRADITIONAL.intersection(rest) and "hans" not in rest
    found = [*(["zh-hant"] if is_traditional else []), base, name, *filter(None, [WRITTEN_LIKE.get(name)])]
    return tuple(dict.fromkeys(found))


@cache
def script(tag: str) -> str:
    """Return the script of a language, in lower case: `arab` for `fa`, `pa-PK` and `az-Arab`; "" if unknown."""
    from babel.core import get_global

    _, *rest = _subtags(tag)
    if given := next((part for part in rest if len(part) == 4 and part.isalpha()), ""):
        return given
    likely = get_global("likely_subtags")
    name = canonical(tag)
    with_region = (likely.get(f"{name}_{part.upper()}") for part in rest if len(part) == 2)
    found = next(filter(None, with_region), likely.get(name, ""))
    return found.split("_")[1].lower() if found else ""


def direction(tag: str) -> str:
    """Return `rtl` for a language that is written from right to left, else `ltr`."""
    return "rtl" if script(tag) in RTL_SCRIPTS else "ltr"


def space(tag: str) -> str:
    """Return the separator between two sentences."""
    return "" if primary(tag) in UNSPACED else " "


def _subtags(tag: str) -> list[str]:
    return tag.lower().replace("_", "-").split("-")
