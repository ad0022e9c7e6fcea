# SPDX-License-Identifier: GPL-3.0-or-later
"""Combine the rules of a language, in the order in which they are applied.

    the show's lexicon
    invisible characters, remaining Markdown
    URLs, file names, identifiers in code
    the built-in lexicon, except plain words
    the language's own rules: abbreviations, dates, times, Roman numerals, fractions  (languages/)
    quantities, then all remaining digits
    plain words of the lexicon, acronyms
    words that engines mistake for another language  (languages/fr/loanwords.py)
    symbols, quotation marks, dashes, emoji

A language with a speaking.toml uses the rules in romance.py, unless it has a module of its own in MODULES.
"""

import re
from collections.abc import Callable, Mapping
from functools import cache
from types import ModuleType

from podcast.langtag import primary
from podcast.speakable import tables
from podcast.speakable.engine import DIGIT, EDGE, END, Rule, any_of, phrases, rule
from podcast.speakable.languages import cldr, de, romance
from podcast.speakable.languages.en import grammar as en
from podcast.speakable.languages.fr import grammar as fr
from podcast.speakable.rules import punctuation
from podcast.speakable.rules.acronyms import acronym_rules, headline_rule, pronounceable, without_capitals
from podcast.speakable.rules.identifiers import code_rules
from podcast.speakable.rules.measures import DIGITS, Grammar, number_pattern, quantity, without_number
from podcast.speakable.rules.urls import Wording, bare_links, link_rules

MODULES: dict[str, ModuleType] = {"fr": fr, "en": en, "de": de}
"""Languages whose grammar needs code beyond romance.py."""

MIN_CAPITALS = 4
"""Minimum letters of a lexicon word that also matches IN CAPITALS: XI is a number."""


@cache
def rules_for(language: str) -> tuple[Rule, ...]:
    """Return all rules of a language (BCP 47), without a show's lexicon; an unknown region uses the language's."""
    if not tables.has(language):
        return (
            *punctuation.INVISIBLE,
            *punctuation.MARKUP,
            *bare_links(),
            *cldr.rules(language),
            *punctuation.foreign(language),
            *punctuation.plain_numbers(language),
            *punctuation.MARKS,
        )
    module = MODULES.get(primary(language), romance)
    table, grammar = tables.load(language), module.grammar(language)
    spell = _speller(table)
    never, emphasized = (frozenset(table.get(key, "").split()) for key in ("never", "emphasized"))
    lexicon = tables.lexicon(language)
    plain = {key: said for key, said in lexicon.items() if _is_plain(key)}
    capitalised = {key.upper(): _in_capitals(said) for key, said in plain.items() if len(key) >= MIN_CAPITALS}
    dotted_acronyms, acronyms = acronym_rules(
        spell,
        say=str.capitalize if table.get("acronyms_capitalized") else str,
        plural=table["plural"],
        never=never,
        emphasized=emphasized,
        unsaid=table.get("unsaid", ""),
    )
    return (
        *punctuation.INVISIBLE,
        *punctuation.MARKUP,
        *(early() if (early := getattr(module, "early", None)) else ()),
        _like_domains(table["abbreviations"]),
        *link_rules(_wording(table, lexicon, grammar, spell)),
        _before_word(table),
        rule(r"(?<![\w])\$(?=[A-Za-z_{][A-Za-z_]{2})", "", needs="$"),
        phrases({key: said for key, said in lexicon.items() if key not in plain}),
        _angle(table["angles"], grammar),
        dotted_acronyms,
        *module.rules(language),
        *code_rules(grammar, table, spell, lexicon),
        quantity(grammar),
        _rates(table, grammar),
        *without_number(grammar, *(table["alone"][key].split() for key in ("units", "plural"))),
        rule(
            number_pattern(grammar, "number"), lambda match: grammar.number(match["number"]), needs=DIGITS, starts=DIGIT
        ),
        rule(r"[0-9]+", lambda match: grammar.integer(match.group()), needs=DIGITS),
        phrases(capitalised | plain),
        _contractions(emphasized),
        *((headline_rule(spell, emphasized | frozenset(also.split())),) if (also := table.get("in_headlines")) else ()),
        acronyms,
        *(late() if (late := getattr(module, "late", None)) else ()),
        *punctuation.foreign(language),
        *_symbols(table),
        *punctuation.MARKS,
    )


def _like_domains(abbreviations: Mapping[str, str]) -> Rule:
    """Return the rule for abbreviations that look like the name of a host: `p.es.`, `c.so`."""
    return phrases(
        {key: said for key, said in abbreviations.items() if re.fullmatch(r"(?![ap]\.m)[a-z]{1,2}\.[a-z]{1,2}\.?", key)}
    )


def _is_plain(key: str) -> bool:
    """Return True if a key of the lexicon is a word that no other rule matches.

    These run late, as rules for titles, kings and numbers look at adjacent words: `Mr. Nguyen`, `Léopold II`.
    """
    return len(key) > 1 and key.isalpha() and (key[1:] == key[1:].lower())


def _in_capitals(said: str) -> str:
    """Return the spoken form for a word IN CAPITALS: espeak-ng spells out short capitalised words among others."""
    return said.upper() if min(map(len, re.split(r"\W+", said))) >= MIN_CAPITALS else said


def _contractions(words: frozenset[str]) -> Rule:
    """Return the rule for words with an apostrophe IN CAPITALS, `DON'T`: letters before it are no acronym."""
    written = any_of(word.upper() for word in words if "'" in word)
    return rule(
        rf"{EDGE}{written}{END}",
        lambda match: without_capitals(match, match.group()),
        needs="'",
        headlines=False,
        starts="[A-Z]+'(?=[A-Z])",
    )


def _speller(table: tables.Tables) -> Callable[[str], str]:
    """Return a function that spells out letters, with the language's names of those that engines mispronounce."""
    names: dict[str, str] = table["letters"]

    return lambda letters: " ".join(names.get(letter, letter) for letter in letters)


def _wording(
    table: tables.Tables, lexicon: Mapping[str, str], grammar: Grammar, spell: Callable[[str], str]
) -> Wording:
    folded = {word.casefold(): said for word, said in lexicon.items()}

    def word(text: str) -> str:
        if text.casefold() in folded:
            return folded[text.casefold()]
        runs = re.findall(r"[0-9]+|[^0-9]+", text)
        return " ".join(grammar.integer(run) if run[0] in DIGITS else letters(run) for run in runs)

    def letters(text: str) -> str:
        capitals = text.isupper() and 1 < len(text) < 6 and not pronounceable(text)
        return spell(text) if capitals and text not in table["never"].split() else text

    return Wording(**table["links"], word=word, spell=spell)


def _angle(words: dict[str, str], grammar: Grammar) -> Rule:
    """Spell out degrees with minutes: `43° 56′ 50″ N`; `words` are minute, minutes, second, seconds, N, E, S, W."""

    def say(match: re.Match[str]) -> str:
        names = (grammar.units["°"], *((words[name], words[f"{name}s"]) for name in ("minute", "second")))
        said = [
            f"{grammar.number(number, one)} {one if grammar.singular(float(grammar.value(number))) else many}"
            for number, (one, many) in zip(match.group("degrees", "minutes", "seconds"), names, strict=True)
            if number
        ]
        return " ".join([*said, *([words[match["side"]]] if match["side"] else [])])

    number = number_pattern(grammar, "seconds")
    pattern = (
        r"(?<![\w.,])(?P<degrees>[0-9]{1,3}) ?° ?(?P<minutes>[0-5]?[0-9]) ?['′]"
        rf"(?: ?{number} ?(?:[\"″”]|''|′′))?(?: ?(?P<side>[{''.join(k for k in words if len(k) == 1)}]){END})?"
    )
    return rule(pattern, say, needs="°", starts=DIGIT)


def _before_word(table: tables.Tables) -> Rule:
    """Spell out `#word` and `@name`."""
    names: dict[str, str] = table["before_word"]
    return rule(
        rf"(?<!\w)(?P<mark>{any_of(names)})(?=[^\W\d_])", lambda m: f"{names[m['mark']]} ", needs="".join(names)
    )


def _rates(table: tables.Tables, grammar: Grammar) -> Rule:
    """Spell out the slash of `brut/an` and `heures/semaine`, where it means per; but not in `jour/mois/an`."""
    rates = frozenset(table.get("rates", "").split())

    def per(match: re.Match[str]) -> str | None:
        word = match["word"] or ""
        counted = match.string[: match.start()] == " "  # after a number, which has been replaced
        return None if word in rates and not counted else f"{word} {grammar.words['per']} {grammar.pers[match['per']]}"

    return rule(
        rf"(?:(?<![^\W_])(?P<word>[^\W_]+)|\A)/(?P<per>{any_of(rates)}){END}(?!/)(?:\.(?= [a-z]|[,;]))?", per, needs="/"
    )


def _symbols(table: tables.Tables) -> tuple[Rule, ...]:
    """Spell out the remaining symbols."""
    symbols: dict[str, str] = table["symbols"]
    compared: dict[str, str] = table["compared"]
    names: dict[str, str] = table["before_word"]
    return (
        rule(r"(?<=[=+×*/<>] )-(?=[A-Za-z]\b)", f"{table['words']['-']} ", needs="-"),
        rule(rf"(?P<mark>{any_of(names)})(?=[^\W_])", lambda match: f"{names[match['mark']]} ", needs="".join(names)),
        # `>50` is not a formula, but more than fifty; numbers have been replaced by now.
        rule(
            r"(?<![^\s(])(?P<mark>[<>])\Z",
            lambda match: f"{table['more_less'][match['mark']]} ",
            needs="<>",
        ),
        rule(
            rf" ?(?<![=!<>-])(?P<mark>{any_of(compared)}) ?(?=\d|$| |-)",
            lambda match: f" {compared[match['mark']]} ",
            needs="".join(compared),
        ),
        rule(rf"(?<='){any_of(symbols)}", lambda match: symbols[match.group()], needs="".join(symbols)),  # d'€
        rule(any_of(symbols), lambda match: f" {symbols[match.group()]} ", needs="".join(symbols)),
        rule(r"(?<=[^\W_])/(?=[^\W_])", " ", needs="/"),
        rule(r"(?<! )/(?!/| )", " ", needs="/"),
        rule(r" ?(?://+|/) ?", ", ", needs="/"),
        rule(r"(?<=[^\W\d_])_+(?=[^\W_])|(?<=\d)_+|_{2,}", " ", needs="_"),
    )
