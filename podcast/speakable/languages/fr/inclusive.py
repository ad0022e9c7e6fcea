# SPDX-License-Identifier: GPL-3.0-or-later
"""Gender-inclusive spellings in French, `les étudiant·e·s`.

`étudiant·e·s` becomes `étudiants et étudiantes`, `un·e élève` becomes `un ou une élève`. Where both forms are
homophones, as in `invité(e)s`, one is spoken. The separator is a middle dot, a full stop, a hyphen or a pair of
brackets.
"""

import re

from podcast.speakable.engine import EDGE, END, Rule, rule

_ENDINGS = "e|ne|le|te|he|se|ve|sse|rice|trice|euse|ère|ière|ive|elle|enne|esse"
_DOT = "[·•⋅‧]"
_PAIRS = "le|la|un|une|il|elle|ils|elles|celui|celle|ceux|celles|eux|du|au|lui|mon|ma|son|sa"
_FEMININES = (
    ("eur", "euse"),
    ("eux", "euse"),
    ("teur", "trice"),
    ("er", "ère"),
    ("f", "ve"),
    ("el", "elle"),
    ("en", "enne"),
)
"""Masculine endings with the corresponding feminine ones."""


def inclusive_rules() -> tuple[Rule, ...]:
    """Return the rules. They run before those for URLs, which would take `motivé.es` for a Spanish site."""
    tail = "|".join(
        (
            rf"{_DOT}(?P<dot>{_ENDINGS})(?:{_DOT}?(?P<dots>s))?",
            rf"\((?P<bracket>{_ENDINGS})(?P<within>s?)\)(?P<brackets>s?)",
            rf"\.(?P<stop>{_ENDINGS})\.(?P<stops>s)|-(?P<hyphen>{_ENDINGS})-(?P<hyphens>s)",
            r"\.(?P<single>e|rice|trice|euse|ère|(?<=eur\.)se)|(?<=é)\.(?P<spain>e)(?P<many>s)",
        )
    )
    return (
        rule(
            rf"{EDGE}(?P<first>(?i:{_PAIRS})){_DOT}(?P<second>{_PAIRS})(?:{_DOT}(?P<many>s))?{END}", _both, needs="·•⋅‧"
        ),
        rule(rf"{EDGE}(?P<first>[Uu]n)\.e(?= [^\W\d_]{{3}})", lambda match: f"{match['first']} ou une", needs="."),
        rule(rf"{EDGE}[Tt]ou(?:s{_DOT}tes|{_DOT}te{_DOT}?s){END}", "toutes et tous", needs="·•⋅‧"),
        rule(rf"{EDGE}(?P<stem>[^\W\d_]{{2,}})(?:{tail}){END}", _word, needs="·•⋅‧(.-"),
        rule(
            rf"{EDGE}(?P<stem>[^\W\d_]{{2,}})\((?P<many>s|(?<=[ae]u\()x)\){END}",
            lambda match: match["stem"] + match["many"],
            needs="(",
        ),
    )


def _both(match: re.Match[str]) -> str:
    """Join two whole words: `le·la`, `ceux·celles`."""
    many = match["many"] or ""
    joint = "et" if many or match["second"] in {"elles", "celles", "eux"} else "ou"
    return f"{match['first']}{many} {joint} {match['second']}{many}"


def _word(match: re.Match[str]) -> str | None:
    stem = match["stem"]
    found = match.groupdict()
    ending = next(found[kind] for kind in ("dot", "bracket", "stop", "single", "hyphen", "spain") if found[kind])
    many = any(found[kind] for kind in ("dots", "within", "brackets", "stops", "hyphens", "many"))
    if (match["stop"] or match["single"] or match["hyphen"]) and len(stem) < 3:
        return None
    plural = "s" if many else ""
    masculine = stem + (plural if stem[-1] not in "sx" else "")
    if ending == "e" and stem[-1] in "éiu":
        return masculine
    return f"{masculine} {'et' if many else 'ou'} {_feminine(stem, ending).lower()}{plural}"


def _feminine(stem: str, ending: str) -> str:
    """Return the feminine of a word: `lecteur`, `rice` is `lectrice`."""
    ending = "ère" if ending == "e" and stem.endswith("er") else ending
    for old, new in _FEMININES:
        if stem.endswith(old) and new.endswith(ending) and ending not in {"e", "le", "ne"}:
            return stem.removesuffix(old) + new
    return stem + ending
