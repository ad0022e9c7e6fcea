# SPDX-License-Identifier: GPL-3.0-or-later
"""Expand abbreviations from the tables of a language: standalone ones, before a name, before a number.

The sentence splitter uses the same tables: their dots do not end a sentence.
"""

import re

from podcast.speakable.dots import names_letter
from podcast.speakable.engine import CAPITAL_START, CAPITALS, EDGE, END, Rule, any_of, last_dot, phrases, rule
from podcast.speakable.rules.measures import Grammar
from podcast.speakable.tables import Tables

CAPITAL = "A-ZÀÁÂÄÇÈÉÊËÌÍÎÑÒÓÔÖÙÚÛÜŒ"


PARTICLE = rf"(?:d[aeiou]|del|van|von|bin|ibn|al|el|la|le)(?: (?:l[ao]s?|der|den))? [{CAPITAL}]"
"""Words in lower case at the beginning of a name: `Dr. de Barros`."""

SETTLED = r"(?<= )\Z"
"""Before a word that the lexicon has replaced already, most often a name: `Mr. Xi`."""


def abbreviation_rules(tables: Tables, *, etc: str) -> tuple[Rule, ...]:
    """Return the rules for all abbreviations of a language and for the initials of names."""
    names: dict[str, str] = tables["before_name"]
    numbers: dict[str, str] = tables["before_number"]
    lettered = [key for key in numbers if key[0].isalpha()]
    signs = [key for key in numbers if not key[0].isalpha()]

    initials = frozenset(tables.get("initials", "").split())
    starters = frozenset(tables["agreement"]["others"].split()) if initials else frozenset()

    def name(match: re.Match[str]) -> str | None:
        before = match.string[max(0, match.start() - 24) : match.start()].split()[-1:]
        if match["word"] in initials and before and before[0][0].isupper() and before[0].lower() not in starters:
            return None
        return names[match["word"]] + " "

    def number(match: re.Match[str]) -> str:
        return numbers[match["word"]] + " "

    def and_so_on(match: re.Match[str]) -> str:
        return etc + ("." if _ends_sentence(match) else "")

    lettered_nouns = frozenset(tables["sentences"].get("lettered", "").split())

    def initial(match: re.Match[str]) -> str | None:
        seen = match.string[max(0, match.start() - 24) : match.end("letter")]
        return None if names_letter(seen, lettered_nouns) else match["letter"] + " "

    before_number = rf" ?(?=[0-9]|[VX]{END}|[IVX]{{2,}}{END})"
    both = rf"(?:et|and|&|und|y|e|ou|or|oder|o) (?:{any_of(names)}){END} ?[{CAPITAL}]"  # M. et Mme Dupont
    # Not `Q. Why?` of an interview, nor `400 F. Then …`.
    no_initial = r"(?!(?<![\s\S])Q\.|(?<=[0-9] )[CF]\.)"
    letter = (
        rf"{EDGE}{no_initial}(?<![°/])(?<!° )(?P<letter>[{CAPITAL}])\.-?(?=[ -]?[{CAPITAL}](?:\.|[^\W\d_])| {SETTLED})"
    )
    return (
        rule(rf"{EDGE}[Ee]tc(?P<dot>\.{{1,3}}|…)?{END}", and_so_on, words=["etc"]),
        phrases(tables["abbreviations"]),
        rule(
            rf"{EDGE}(?<!\.-)(?P<word>{any_of(names)}){END}[ -]?(?=[{CAPITAL}]|{both}|{PARTICLE}|{SETTLED})",
            name,
            words=names,
        ),
        rule(rf"{EDGE}(?P<word>{any_of(lettered)}){before_number}", number, words=lettered),
        rule(rf"(?P<word>{any_of(signs)}){before_number}", number, needs={sign[0] for sign in signs}),
        # An engine would end the sentence at the dot of an initial.
        rule(letter, initial, needs=[CAPITALS], starts=CAPITAL_START),
    )


def numbered_codes(grammar: Grammar, tables: Tables, *, letters: str) -> tuple[Rule, ...]:
    """Return the rules for numbers of laws, files and rooms, in which a dash does not mean a range.

    `letters` are those before the number of a provision.
    """
    names: dict[str, str] = tables["before_number"]
    words = [*(key for key in names if key[0].isalpha()), *tables["numbered"].split(), *tables["rooms"].split()]

    def lettered(match: re.Match[str]) -> str:
        word = match["word"]
        word = names.get(word) or tables["abbreviations"].get(word.lower(), word)
        return f"{word} {grammar.integer(match['digits'])} {tables['letters'].get(match['letter'], match['letter'])}"

    return (
        *_laws(grammar, tables, letters),
        # `Apt. 5B` is not five billion.
        rule(
            rf"{EDGE}(?P<word>{any_of(words)}) (?P<digits>[0-9]{{1,4}})-?(?P<letter>[A-Z]){END}(?! ?[€$£])",
            lettered,
            words=words,
        ),
    )


def _laws(grammar: Grammar, tables: Tables, letters: str) -> tuple[Rule, ...]:
    """Spell out `no. 12-345` and, with `letters`, `art. L. 123-4`."""
    names: dict[str, str] = tables["before_number"]
    dash = f" {tables['links']['dash']} "

    def digits(text: str) -> str:
        return dash.join(grammar.integer(part) for part in text.split("-"))

    def numbered(match: re.Match[str]) -> str:
        return f"{names.get(match['word'], match['word'])} {digits(match['code'])}"

    def provision(match: re.Match[str]) -> str:
        article = f"{names[match['article'].strip()]} " if match["article"] else ""
        return f"{article}{tables['letters'].get(match['letter'], match['letter'])} {digits(match['code'])}"

    part = r"[0-9]{1,5}(?:\.[0-9]{3})*"
    leads = [key for key, said in names.items() if said in {"number", "numéro"}]
    code = r"(?P<code>[0-9]{1,4}(?:-[0-9]{1,4})*)"
    named = rule(rf"(?<![^\W_])(?P<word>{any_of(leads)}) ?(?P<code>{part}(?:-{part})+){END}", numbered, needs="-")
    if not letters:
        return (named,)
    before = rf"{EDGE}(?P<article>[Aa]rt\. )?(?P<letter>[{letters}](?=\.)|[LRD](?=[0-9]{{3,4}}-[0-9]))\.? ?"
    return named, rule(rf"{before}{code}{END}", provision, needs=".-", starts=rf"[{letters}a](?:rt)?\.|[LRD][0-9]")


def _ends_sentence(match: re.Match[str]) -> bool:
    """Return True if the dot of `etc.` also ends the sentence."""
    following = match.string[match.end() : match.end() + 2]
    return bool(match["dot"]) and (last_dot(match) or (following[:1] == " " and following[1:].isupper()))
