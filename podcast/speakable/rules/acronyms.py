# SPDX-License-Identifier: GPL-3.0-or-later
"""Acronyms: which are spelt (SNCF, GPU) and which are said (NASA, UNESCO).

The lexicon of a language comes first and settles those that people say against the rule. Here is the rule for the
rest: up to three letters are spelt, longer ones are said if they can be: every run of consonants must be one that a
word of the language could have. A line in capitals is a headline and is left alone.
"""

import re
from collections.abc import Callable

from podcast.speakable.engine import CAPITALS, EDGE, ELIDED, ELIDED_CAPITAL, END, Rule, last_dot, rule

VOWELS = frozenset("AEIOUYÀÂÄÉÈÊËÎÏÔÖÙÛÜÆŒ")
_ONSETS = "BL BR CH CL CR DR FL FR GL GR GN PH PL PR QU SC SH SK SL SM SN SP ST SW TH TR TW VR WH WR STR SCR SPR"
_CODAS = (
    "CK CT FT LD LF LK LL LM LP LT MP NC ND NG NK NS NT NX PT RC RD RF RG RK RL RM RN RP RS RT SH SK SM SP SS ST TH TS"
)
ONSETS, CODAS = frozenset(_ONSETS.split()), frozenset(_CODAS.split())
LONG = 7
"""Letters from which one that has syllables is a word: SETTINGS."""
_RUNS = re.compile(f"[{''.join(sorted(VOWELS))}]+|[^{''.join(sorted(VOWELS))}]+")


def sayable(letters: str) -> bool:
    """Tell whether an acronym in capitals reads like a word."""
    runs = _RUNS.findall(letters)
    if len(letters) >= LONG and len(runs) > 3 and max(map(len, runs)) <= 3:
        return True
    if len(letters) < 4 or VOWELS.isdisjoint(letters):
        return False
    return _is_edge(runs[0], ONSETS) and _is_edge(runs[-1], CODAS) and all(map(_is_middle, runs[1:-1]))


def _is_edge(run: str, clusters: frozenset[str]) -> bool:
    """Tell whether a word could begin, or end, with a run of vowels or consonants."""
    if run[0] in VOWELS:
        return len(run) <= 2
    return len(run) == 1 or run in clusters


def _is_middle(run: str) -> bool:
    """Tell whether a run could stand within a word: not so the consonants of OFCE, which is spelt."""
    if run[0] in VOWELS:
        return len(run) <= 2
    if len(run) > 2:
        return run[1:] in ONSETS
    return len(run) < 2 or run[0] in "LMNRS" or run[0] == run[1] or run in ONSETS | CODAS


def acronym_rules(
    spell: Callable[[str], str], *, say: Callable[[str], str], plural: str, never: frozenset[str]
) -> tuple[Rule, Rule]:
    """Return the rule for `U.S.A.`, which runs before those for initials, and the one for `USA`, which runs late.

    `spell(letters)` names the letters, `say(word)` writes one that is said, `plural` is put after several, `never` are
    words that are written in capitals for emphasis and are no acronyms.
    """

    def dotted(match: re.Match[str]) -> str:
        end = "." if last_dot(match) else ""
        return match["elided"].lower() + read(match["dotted"].replace(".", ""), many=False) + end

    def bare(match: re.Match[str]) -> str | None:
        letters = match["letters"]
        if letters in never:
            return None
        many = match["plural"] or match["owned"]
        if many and sayable(letters):
            return match["elided"].lower() + say(letters) + many
        return match["elided"].lower() + read(letters, many=bool(many))

    def read(letters: str, *, many: bool) -> str:
        if many:
            return spell(letters) + plural
        return say(letters) if sayable(letters) else spell(letters)

    dotted_rule = rule(
        rf"{ELIDED}{EDGE}(?P<dotted>(?:[A-ZÉ]\.){{2,8}})(?![^\W_])", dotted, needs=[CAPITALS], starts=ELIDED_CAPITAL
    )
    bare_rule = rule(
        rf"{ELIDED}{EDGE}(?P<letters>[A-ZÉÈÀÇ]{{2,8}})(?P<plural>s?)(?P<owned>(?:'s{END})?){END}",
        bare,
        needs=[CAPITALS],
        headlines=False,
        starts=ELIDED_CAPITAL,
    )
    return dotted_rule, bare_rule
