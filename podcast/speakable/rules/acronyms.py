# SPDX-License-Identifier: GPL-3.0-or-later
"""Acronyms: which are spelt out (SNCF, GPU) and which are read as a word (NASA, UNESCO).

The lexicon of a language takes precedence, for exceptions to the rule. The rule for all others: up to three letters are
spelt out, longer ones are read as a word if they are pronounceable: every consonant cluster must be possible in a word
of the language. A line in capitals is a headline and is left unchanged.
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
"""Letters from which a pronounceable one is an ordinary word: SETTINGS."""
_STARTS = re.compile(r"(?:\A|[.!?] )[\"'“‘(]*\Z")
"""Text before the first word of a sentence."""
_RUNS = re.compile(f"[{''.join(sorted(VOWELS))}]+|[^{''.join(sorted(VOWELS))}]+")


def pronounceable(letters: str) -> bool:
    """Return True if an acronym in capitals is pronounceable."""
    runs = _RUNS.findall(letters)
    if len(letters) >= LONG and len(runs) > 3 and max(map(len, runs)) <= 3:
        return True
    if len(letters) < 4 or VOWELS.isdisjoint(letters):
        return False
    return _is_edge(runs[0], ONSETS) and _is_edge(runs[-1], CODAS) and all(map(_is_middle, runs[1:-1]))


def _is_edge(run: str, clusters: frozenset[str]) -> bool:
    """Return True if a word could begin, or end, with a run of vowels or consonants."""
    if run[0] in VOWELS:
        return len(run) <= 2
    return len(run) == 1 or run in clusters


def _is_middle(run: str) -> bool:
    """Return True if a run could occur inside a word: not the consonants of OFCE, which is spelt out."""
    if run[0] in VOWELS:
        return len(run) <= 2
    if len(run) > 2:
        return run[1:] in ONSETS
    return len(run) < 2 or run[0] in "LMNRS" or run[0] == run[1] or run in ONSETS | CODAS


def without_capitals(match: re.Match[str], word: str) -> str:
    """Return a word in lower case, with a capital at the beginning of a sentence."""
    return word.capitalize() if _STARTS.search(match.string, 0, match.start()) else word.lower()


def acronym_rules(
    spell: Callable[[str], str],
    *,
    say: Callable[[str], str],
    plural: str,
    never: frozenset[str],
    emphasized: frozenset[str] = frozenset(),
) -> tuple[Rule, Rule]:
    """Return the rule for `U.S.A.`, which runs before those for initials, and the one for `USA`, which runs late.

    `spell(letters)` spells out letters, `say(word)` writes a pronounceable one, `plural` is appended to the plural,
    `never` are words that are not acronyms and stay as they are, `emphasized` words in lower case that are written IN
    CAPITALS for emphasis.
    """

    def dotted(match: re.Match[str]) -> str:
        end = "." if last_dot(match) else ""
        return match["elided"].lower() + read(match["dotted"].replace(".", ""), many=False) + end

    def bare(match: re.Match[str]) -> str | None:
        letters = match["letters"]
        if letters.lower() in emphasized:
            return match["elided"].lower() + without_capitals(match, letters) + match["plural"] + match["owned"]
        if letters in never:
            return None
        many = match["plural"] or match["owned"]
        if many and pronounceable(letters):
            return match["elided"].lower() + say(letters) + many
        return match["elided"].lower() + read(letters, many=bool(many))

    def read(letters: str, *, many: bool) -> str:
        if many:
            return spell(letters) + plural
        return say(letters) if pronounceable(letters) else spell(letters)

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
