# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tag of a language (BCP 47) tells: whose words will do for it, and in which direction it is written."""

RTL_LANGUAGES = {"ar", "arc", "ckb", "dv", "fa", "he", "iw", "ji", "ku", "nqo", "ps", "sd", "syr", "ug", "ur", "yi"}
RTL_SCRIPTS = {"adlm", "arab", "aran", "hebr", "nkoo", "rohg", "syrc", "thaa"}
UNSPACED = {"bo", "ja", "km", "lo", "my", "th", "yue", "zh"}
"""Languages that put no space between two sentences."""
SAME = {"nb": "no", "nn": "no", "iw": "he", "in": "id"}
"""Other names, and languages whose readers read each other's."""
TRADITIONAL = {"hant", "tw", "hk", "mo"}


def kin(language: str) -> tuple[str, ...]:
    """Return the languages whose words will do for one, in lower case, the best first: `zh-hant`, `zh` for `zh-TW`."""
    base, *rest = language.lower().split("-")
    script = ("zh-hant",) if base == "zh" and TRADITIONAL.intersection(rest) and "hans" not in rest else ()
    return (*script, base, *((SAME[base],) if base in SAME else ()))


def direction(language: str) -> str:
    """Return `rtl` for a language that is written from right to left, else `ltr`."""
    main, *rest = language.lower().split("-")
    script = next((part for part in rest if len(part) == 4 and part.isalpha()), "")
    is_rtl = script in RTL_SCRIPTS if script else main in RTL_LANGUAGES
    return "rtl" if is_rtl else "ltr"


def space(language: str) -> str:
    """Return what stands between two sentences."""
    return "" if language.lower().split("-")[0] in UNSPACED else " "
