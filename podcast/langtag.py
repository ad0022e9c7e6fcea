# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tag of a language (BCP 47) tells: its language and script, in which direction it is written.

Aliases of languages and the scripts that they are usually written in are those of the CLDR, which babel has; babel is
imported when they are first asked for.
"""

from functools import cache

RTL_SCRIPTS = {"adlm", "arab", "armi", "aran", "hebr", "nkoo", "rohg", "syrc", "thaa"}
UNSPACED = {"bo", "ja", "km", "lo", "my", "th", "yue", "zh"}
"""Languages that put no space between two sentences."""
WRITTEN_LIKE = {"nb": "no", "nn": "no"}
"""Languages whose readers read another one, beside aliases: Norwegian is tagged as a whole, or by how it is written."""
SPOKEN_LIKE = {"no": "nb"}
"""Languages that are spoken like another one, beside aliases."""
TRADITIONAL = {"hant", "tw", "hk", "mo"}
"""What tells, in a tag of Chinese, that it is written in traditional characters."""


def primary(tag: str) -> str:
    """Return the language alone, in lower case: `fr` for `fr-CA` and `FR_ca`, `fra` for `fra`."""
    return _parts(tag)[0]


@cache
def canonical(tag: str) -> str:
    """Return the language alone by the name that BCP 47 prefers: `he` for `iw`, `fr` for `fra-CA`, `zh` for `cmn`."""
    from babel.core import get_global

    found = primary(tag)
    return primary(get_global("language_aliases").get(found, found))


def spoken(tag: str) -> str:
    """Return the language whose voices speak one: `canonical`, and `nb` for `no`."""
    name = canonical(tag)
    return SPOKEN_LIKE.get(name, name)


def same_language(one: str, other: str) -> bool:
    """Return True if voices for one language speak the other, whatever their regions: `no` and `nb`, `cmn` and `zh`."""
    return spoken(one) == spoken(other)


@cache
def kin(tag: str) -> tuple[str, ...]:
    """Return the languages whose words will do for one, in lower case, the best first: `zh-hant`, `zh` for `zh-TW`."""
    base, *rest = _parts(tag)
    name = canonical(tag)
    is_traditional = name == "zh" and TRADITIONAL.intersection(rest) and "hans" not in rest
    found = [*(["zh-hant"] if is_traditional else []), base, name, *filter(None, [WRITTEN_LIKE.get(name)])]
    return tuple(dict.fromkeys(found))


@cache
def script(tag: str) -> str:
    """Return the script of a language, in lower case: `arab` for `fa`, `pa-PK` and `az-Arab`; "" if it is not known."""
    from babel.core import get_global

    _, *rest = _parts(tag)
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
    """Return what stands between two sentences."""
    return "" if primary(tag) in UNSPACED else " "


def _parts(tag: str) -> list[str]:
    return tag.lower().replace("_", "-").split("-")
