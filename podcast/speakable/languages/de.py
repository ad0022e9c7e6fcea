# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules for German beyond the table-driven ones (romance.py).

Ordinals are written with a dot and are declined: `am 3. Mai` is `am dritten Mai`, `der 2. Versuch` is `der zweite
Versuch`. The words before an ordinal determine its ending, else the gender of the noun. Kings: `Ludwig XIV.` is `Ludwig
der Vierzehnte`.
"""

import re

from podcast.speakable import tables
from podcast.speakable.engine import DIGIT, EDGE, END, NUMERALS, Rule, any_of, last_dot, rule
from podcast.speakable.languages import romance
from podcast.speakable.rules import spellout
from podcast.speakable.rules.agreement import gender
from podcast.speakable.rules.dates import is_day
from podcast.speakable.rules.measures import Grammar

TABLES = tables.load("de")
MONTHS: list[str] = TABLES["months"].split()

DECLENSION = {name: frozenset(words.split()) for name, words in TABLES["declension"].items()}
GENDER = gender(TABLES)
DETERMINERS = DECLENSION["articles"] | DECLENSION["oblique"] | DECLENSION["mixed"]


def grammar(language: str) -> Grammar:
    """Build the grammar of quantities for German."""
    return romance.grammar(language)


def rules(language: str) -> tuple[Rule, ...]:
    """Return the rules of German in order, without those for the remaining numbers."""
    return (
        rule(rf"{EDGE}(?P<name>[^\W\d_]+-?)?(?:str|Str)\.(?![\w-])", _street, needs="."),
        *_kings(),
        *_ordinals(),
        *_decades(),
        *romance.rules(language),
    )


def _street(match: re.Match[str]) -> str:
    name = match["name"] or ""
    return f"{name}{'s' if name[-1:].isalpha() else 'S'}traße{'.' if last_dot(match) else ''}"


def ordinal(number: int, ending: str) -> str:
    """Return an ordinal with its ending: `zweite`, `zweiten`, `zweiter`, `zweites`."""
    return spellout.cardinal(number, "de", "ordinal") + ending.removeprefix("e")


def _kings() -> tuple[Rule, ...]:
    kings = TABLES["kings"].split()

    def king(match: re.Match[str]) -> str:
        name, number = match["name"], spellout.roman(match["roman"])
        before = (match["before"] or "").strip().lower()
        female = name in DECLENSION["queens"]
        if name.endswith("s") and name[:-1] in kings:
            article, ending = "des", "en"
        elif before in DECLENSION["accusative"]:
            article, ending = ("die", "e") if female else ("den", "en")
        elif before:
            article, ending = ("der", "en") if female else ("dem", "en")
        else:
            article, ending = ("die", "e") if female else ("der", "e")
        said = ordinal(number, ending)
        dot = "." if last_dot(match) else ""
        return f"{match['before'] or ''}{name} {article} {said[0].upper()}{said[1:]}{dot}"

    words = any_of(DECLENSION["dative"] | DECLENSION["accusative"])
    before = rf"(?P<before>(?:(?i:{words}) )?)"
    return (
        rule(
            rf"{EDGE}{before}(?P<name>{any_of(kings)}) (?P<roman>{spellout.ROMAN_PATTERN})(?:\.|{END}(?!['.]\w))",
            king,
            words=kings,
        ),
        rule(
            rf"{EDGE}{before}(?P<name>[A-ZÄÖÜ][^\W\d_]{{2,}}) (?P<roman>{spellout.ROMAN_TENS})\.",
            king,
            needs=[NUMERALS],
            starts="[A-ZÄÖÜa-z]",
        ),
    )


def _before(match: re.Match[str]) -> list[str]:
    """Return the words before a match that determine its case."""
    return re.findall(r"[^\W\d_]+", match.string[max(0, match.start() - 40) : match.start()])


def _ending(before: list[str], noun: str) -> str:
    """Return the ending of an ordinal from the words before it and the noun."""
    last = before[-1].lower() if before else ""
    if last == "der" and len(before) > 1:
        genitive = len(before) > 2 and before[-2][0].isupper()
        return "en" if genitive or before[-2].lower() in DECLENSION["prepositions"] else "e"
    if last in DECLENSION["oblique"]:
        return "en"
    if last in DECLENSION["articles"]:
        return "e"
    if noun.lower() in DECLENSION["neuter"]:
        return "es"
    return "e" if GENDER(noun) == "f" else "er"


def _date(match: re.Match[str]) -> str | None:
    """Spell out `3.10.`, `21.02.2025` and `2025-02-21`."""
    day, month = int(match["day"]), int(match["month"])
    if not is_day(day, month):
        return None
    year = f" {spellout.cardinal(int(match['year']), 'de', 'numbering-year')}" if match["year"] else ""
    return f"{ordinal(day, _ending(_before(match), MONTHS[month - 1]))} {MONTHS[month - 1]}{year}"


def _ordinal(match: re.Match[str]) -> str | None:
    """Spell out `3.` before a noun if it is an ordinal and not the end of a sentence."""
    noun, before = match["noun"], _before(match)
    sure = noun in MONTHS or noun.islower() or noun.lower() in DECLENSION["ordinal_nouns"]
    if not sure and not (before and before[-1].lower() in DETERMINERS):
        return None
    return ordinal(int(match["digits"]), _ending(before, noun))


def _ordinals() -> tuple[Rule, ...]:
    day, month, year = (
        r"(?P<day>0?[1-9]|[12][0-9]|3[01])",
        r"(?P<month>0?[1-9]|1[0-2])",
        r"(?P<year>[12][0-9]{3})",
    )
    free = r"(?<![\w.,/:-])"
    return (
        rule(rf"{free}{year}-{month}-{day}(?![\w-])", _date, needs="-", starts=DIGIT),
        rule(
            rf"{free}{day}\. ?{month}\.(?: ?{year}(?![\w/-]|:\w|[.,][0-9]))?(?![0-9])", _date, needs=".", starts=DIGIT
        ),
        rule(rf"{free}(?P<digits>[0-9]{{1,4}})\.(?= (?P<noun>[^\W\d_]+))", _ordinal, needs=".", starts=DIGIT),
    )


def _decades() -> tuple[Rule, ...]:
    def decade(match: re.Match[str]) -> str:
        tens = spellout.cardinal(int(match["tens"]), "de") + "er"
        return f"neunzehnhundert{tens}" if match["century"] == "19" else tens

    return (rule(rf"(?<![\w.,])(?P<century>19)?(?P<tens>[2-9]0)er{END}", decade, needs="0", starts=DIGIT),)
