# SPDX-License-Identifier: GPL-3.0-or-later
"""Acronyms: which are spelt out (SNCF, GPU) and which are read as a word (NASA, UNESCO).

The lexicon of a language takes precedence, for exceptions to the rule. The rule for all others: up to three letters are
spelt out, longer ones are read as a word if they are pronounceable: every consonant cluster must be possible in a word
of the language. A line in capitals is a headline and is left unchanged.
"""

import re
from collections.abc import Callable

from podcast.speakable.engine import CAPITAL_START, CAPITALS, EDGE, ELIDED, ELIDED_CAPITAL, END, Rule, last_dot, rule

VOWELS = frozenset("AEIOUYÀÂÄÉÈÊËÎÏÔÖÙÛÜÆŒ")
_ONSETS = "BL BR CH CL CR DR FL FR GL GR GN PH PL PR QU SC SH SK SL SM SN SP ST SW TH TR TW VR WH WR STR SCR SPR"
_CODAS = (
    "CK CT FT LD LF LK LL LM LP LT MP NC ND NG NK NS NT NX PT RC RD RF RG RK RL RM RN RP RS RT SH SK SM SP SS ST TH TS"
)
ONSETS, CODAS = frozenset(_ONSETS.split()), frozenset(_CODAS.split())
_LONGEST_SPELT = 5
"""Maximum letters of an acronym that could be a word, and as many consonants as no word has in a row."""
LONG = 7
"""Letters from which a pronounceable one is an ordinary word: SETTINGS."""
_STARTS = re.compile(r"(?:\A|[.!?] )[\"'“‘(]*\Z")
"""Text before the first word of a sentence."""
_RUNS = re.compile(f"[{''.join(sorted(VOWELS))}]+|[^{''.join(sorted(VOWELS))}]+")


def pronounceable(letters: str) -> bool:
    """Return True if an acronym in capitals is pronounceable."""
    runs = _RUNS.findall(letters)
    if len(letters) >= LONG and len(runs) > 3 and max(map(len, runs)) <= 3 and _is_start(runs[0]):
        return True
    if len(letters) < 4 or VOWELS.isdisjoint(letters):
        return False
    return _is_edge(runs[0], ONSETS) and _is_edge(runs[-1], CODAS) and all(map(_is_middle, runs[1:-1]))


def _is_edge(run: str, clusters: frozenset[str]) -> bool:
    """Return True if a word could begin, or end, with a run of vowels or consonants."""
    if run[0] in VOWELS:
        return len(run) <= 2
    return len(run) == 1 or run in clusters


def _is_long_word(letters: str) -> bool:
    """Return True if letters are too many for an acronym, and have the vowels of a word: WRETCHED, but not LGBTQIA."""
    runs = _RUNS.findall(letters)
    if len(letters) <= _LONGEST_SPELT or max(map(len, runs)) >= _LONGEST_SPELT:
        return False
    return sum(run[0] in VOWELS for run in runs) > 1 and _is_start(runs[0])


def _is_start(run: str) -> bool:
    """Return True if a long word could begin with a run, also in a name: not the consonants of RPITIDT."""
    return run[0] in VOWELS or len(run) == 1 or run in ONSETS or run[0] == "S" or run[-1] in "HLRW"


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


def headline_rule(spell: Callable[[str], str], emphasized: frozenset[str]) -> Rule:
    """Return the rule for A LINE IN CAPITALS: words in lower case, short ones that are not `emphasized` as they are.

    Without it, an engine spells out the words that it does not know in capitals.
    """

    def word(match: re.Match[str]) -> str:
        letters = match.group()
        stem = letters.removesuffix("S")
        known = letters.lower() in emphasized or stem.lower() in emphasized or "'" in letters
        if VOWELS.isdisjoint(letters):
            return spell(letters)
        if known:
            return without_capitals(match, letters)
        is_long = len(letters) > _LONGEST_SPELT and max(map(len, _RUNS.findall(letters))) < _LONGEST_SPELT
        if is_long or pronounceable(letters) or pronounceable(stem):
            return letters.capitalize()  # it may be a name
        return spell(letters) if len(letters) > 3 else letters

    return rule(
        rf"{EDGE}[A-ZÉÈÀÇ]{{2,}}(?:'[A-Z]{{1,2}})?{END}",
        word,
        needs=[CAPITALS],
        capitals_only=True,
        starts=CAPITAL_START,
    )


def _is_defined(match: re.Match[str], letters: str) -> bool:
    """Return True if a word stands beside what it abbreviates: `TEA (Texas Education Agency)`, or in its brackets."""
    text, start, end = match.string, match.start(), match.end()
    if text[max(0, start - 1) : start] == "(" and text[end : end + 1] == ")":
        words = re.findall(r"[^\W\d_]+", text[max(0, start - 80) : start])
        return "".join(word[0] for word in words[-len(letters) :]).upper() == letters
    return text[end : end + 3] == f" ({letters[0]}"


def acronym_rules(
    spell: Callable[[str], str],
    *,
    say: Callable[[str], str],
    plural: str,
    never: frozenset[str],
    emphasized: frozenset[str] = frozenset(),
    unsaid: str = "",
) -> tuple[Rule, Rule]:
    """Return the rule for `U.S.A.`, which runs before those for initials, and the one for `USA`, which runs late.

    `spell(letters)` spells out letters, `say(word)` writes a pronounceable one, `plural` is appended to the plural,
    `never` are words that are not acronyms and stay as they are, `emphasized` words in lower case that are written IN
    CAPITALS for emphasis, `unsaid` a pattern for letters that no word of the language has.
    """

    def dotted(match: re.Match[str]) -> str:
        end = "." if last_dot(match) else ""
        return match["elided"].lower() + read(match["dotted"].replace(".", ""), many=False) + end

    def bare(match: re.Match[str]) -> str | None:
        letters, owned = match["letters"], match["owned"].lower()
        if letters.lower() in emphasized and not _is_defined(match, letters):
            return match["elided"].lower() + without_capitals(match, letters) + match["plural"] + owned
        if letters in never:
            return None
        many = match["plural"] or owned
        if many and is_word(letters):
            return match["elided"].lower() + say(letters) + many
        return match["elided"].lower() + read(letters, many=bool(many))

    def read(letters: str, *, many: bool) -> str:
        if many:
            return spell(letters) + plural
        return say(letters) if is_word(letters) else spell(letters)

    def is_word(letters: str) -> bool:
        return (pronounceable(letters) or _is_long_word(letters)) and not impossible.search(letters)

    impossible = re.compile(unsaid or r"(?!)")
    dotted_rule = rule(
        rf"{ELIDED}{EDGE}(?P<dotted>(?:[A-ZÉ]\.){{2,8}})(?![^\W_])", dotted, needs=[CAPITALS], starts=ELIDED_CAPITAL
    )
    bare_rule = rule(
        rf"{ELIDED}{EDGE}(?P<letters>[A-ZÉÈÀÇ]{{2,8}})(?P<plural>s?)(?P<owned>(?:'[sS]{END})?){END}",
        bare,
        needs=[CAPITALS],
        headlines=False,
        starts=ELIDED_CAPITAL,
    )
    return dotted_rule, bare_rule
