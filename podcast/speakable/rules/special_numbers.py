# SPDX-License-Identifier: GPL-3.0-or-later
"""Numbers with a reading of their own: laws with their year, durations, English thousands, units that are words."""

import re

from podcast.speakable.engine import DIGIT, EDGE, END, Rule, any_of, rule
from podcast.speakable.rules.measures import DIGITS, Grammar, number_pattern
from podcast.speakable.tables import Tables


def special_numbers(table: Tables, speech: Grammar) -> tuple[Rule, ...]:
    """Return the rules, as far as the tables of the language have words for them."""
    return (
        *_acts(table, speech),
        *_durations(table, speech),
        _thousands(speech),
        *_lone_units(table, speech),
    )


def _acts(table: Tables, speech: Grammar) -> tuple[Rule, ...]:
    """Spell out the number and year of a law: `legge 241/1990`, `Ley 39/2015`, `Lei nº 9.099/95`."""
    if "acts" not in table:
        return ()
    words: list[str] = table["acts"]["words"].split()
    names: Tables = {**table["abbreviations"], **table["before_number"]}

    def act(match: re.Match[str]) -> str:
        word, mark = (names.get(part, names.get(part.lower(), part)) for part in match.group("word", "mark"))
        word = " ".join(word) if word.isupper() else word
        said = f"{word} {mark} {speech.integer(match['number'])}".replace("  ", " ")
        year = speech.integer(match["year"].lstrip("0"))
        joint = table["acts"].get("joint_vowel", "") if year[0] in "aeiou" else ""
        return f"{said} {joint or table['acts']['joint']}{year}"

    marks = any_of(key for key, said in table["before_number"].items() if said == names[table["acts"]["number"]])
    number = r"(?P<number>[0-9]{1,3}(?:\.[0-9]{3})+|[1-9][0-9]{0,4})/(?P<year>(?:19|20)[0-9]{2}|[0-9][1-9])"
    return (
        rule(
            rf"{EDGE}(?P<word>{any_of(words)}) (?P<mark>(?:{marks})?) ?{number}(?![\w/]|[.,][0-9])",
            act,
            needs="/",
            words=words,
        ),
    )


def _durations(table: Tables, speech: Grammar) -> tuple[Rule, ...]:
    """Spell out minutes and seconds before a word that says so: `4:20 Minuten`."""
    names: dict[str, list[str]] = table.get("durations", {})

    def duration(match: re.Match[str]) -> str:
        first, second, third, fourth = names[match["word"]]
        high, low = int(match["high"]), int(match["low"])
        said = f"{speech.before(high, first)} {first if high == 1 else second}"
        if low:
            said += f" {table['symbols']['&']} {speech.before(low, third)} {third if low == 1 else fourth}"
        return said

    pattern = rf"(?<![\w.,:/])(?P<high>[0-9]{{1,3}}):(?P<low>[0-5][0-9]) (?P<word>{any_of(names)})(?!\w)"
    return (rule(pattern, duration, words=names, starts=DIGIT),) if names else ()


def _thousands(speech: Grammar) -> Rule:
    """Spell out amounts with an English comma after a sign: `$ 32,582`, `£3,000-£5,000`."""
    marks = any_of(mark for mark in speech.currencies if not mark[-1].isalnum() and mark[-1] != ".")
    number = "[1-9][0-9]{0,2}(?:,[0-9]{3})+"

    def amount(match: re.Match[str]) -> str | None:
        if next(iter(speech.decimal)) != ",":
            return None
        numbers = map(speech.integer, filter(None, match.group("low", "high")))
        return f" {speech.words['to']} ".join(numbers) + f" {speech.currencies[match['mark']].many}"

    return rule(
        rf"(?<![^\W_])(?P<mark>{marks}) ?(?P<low>{number})(?:[-–](?P=mark)? ?(?P<high>{number}))?"
        r"(?!\w|[.,][0-9])(?! ?(?:mi|bi|tri|M|B))",
        amount,
        needs=",",
    )


def _lone_units(table: Tables, speech: Grammar) -> tuple[Rule, ...]:
    """Spell out units that are words as well, where no other word follows: `4 ha`, but not `l'articolo 3 ha`."""
    names: dict[str, list[str]] = table.get("lone_units", {})

    def unit(match: re.Match[str]) -> str:
        one, many = names[match["unit"]]
        return f"{speech.number(match['a'], one)} {one if speech.singular(float(speech.value(match['a']))) else many}"

    words = [*table["of_words"].split(), *table.get("unit_before", "").split()]
    later = rf"(?=[.,;:)]|\Z| \(| (?:{any_of(words)}){END})"
    pattern = rf"(?<![\w.,/:-]){number_pattern(speech, 'a')} ?(?P<unit>{any_of(names)}){later}"
    return (rule(pattern, unit, needs=DIGITS, starts=DIGIT),) if names else ()
