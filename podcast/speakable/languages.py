# SPDX-License-Identifier: GPL-3.0-or-later
"""Puts the rules of a language together, in the order in which they run.

    what a show wants said its own way
    invisible characters, what Markdown left behind
    addresses, file names, code words
    the built-in lexicon
    the language's own rules: abbreviations, dates, times, Roman numerals, fractions  (fr.py, en.py, de.py, others.py)
    quantities, then every digit that is left
    acronyms
    symbols, quotation marks, dashes, emoji

To add a language, write its tables and a module with `rules` and `grammar`, and name it in MODULES.
"""

import re
from collections.abc import Callable
from functools import cache
from types import ModuleType

from podcast.speakable import de, en, fr, neutral, others, tables
from podcast.speakable.acronyms import acronym_rules, sayable
from podcast.speakable.links import Wording, bare_links, link_rules
from podcast.speakable.quantities import DIGITS, Grammar, number_pattern, quantity, without_number
from podcast.speakable.rules import CAPITAL_START, DIGIT, EDGE, END, EXPONENT, INNER_DOT, Rule, any_of, phrases, rule

MODULES: dict[str, ModuleType] = {"fr": fr, "en": en, "es": others, "it": others, "pt": others, "de": de}


@cache
def rules(language: str) -> tuple[Rule, ...]:
    """Return all rules of a language (BCP 47), without a show's own lexicon; an unknown region falls back."""
    base = tables.base(language)
    module = MODULES.get(base)
    if module is None:
        return (
            *neutral.INVISIBLE,
            *neutral.MARKUP,
            *bare_links(),
            *neutral.foreign(language),
            *neutral.plain_numbers(language),
            *neutral.MARKS,
        )
    table, grammar = tables.load(base), module.grammar(language)
    spell = _speller(table)
    never = frozenset(table["never"].split())
    dotted_acronyms, acronyms = acronym_rules(
        spell, say=str.capitalize if base == "fr" else str, plural=table["plural"], never=never
    )
    return (
        *neutral.INVISIBLE,
        *neutral.MARKUP,
        *link_rules(_wording(table, tables.lexicon(base), grammar, spell)),
        _before_word(table),
        rule(r"(?<![\w])\$(?=[A-Za-z_{][A-Za-z_]{2})", "", needs="$"),
        phrases(tables.lexicon(base)),
        _angle(table["angles"], grammar),
        dotted_acronyms,
        *module.rules(language),
        *_codes(grammar, spell),
        quantity(grammar),
        *without_number(grammar, *(table["alone"][key].split() for key in ("units", "plural"))),
        rule(
            number_pattern(grammar, "number"), lambda match: grammar.number(match["number"]), needs=DIGITS, starts=DIGIT
        ),
        rule(r"[0-9]+", lambda match: grammar.integer(match.group()), needs=DIGITS),
        acronyms,
        *neutral.foreign(language),
        *_symbols(table),
        *neutral.MARKS,
    )


def _speller(table: tables.Tables) -> Callable[[str], str]:
    """Return a function that names letters, with the words of the language for those that engines misread."""
    names: dict[str, str] = table["letters"]

    return lambda letters: " ".join(names.get(letter, letter) for letter in letters)


def _wording(table: tables.Tables, lexicon: dict[str, str], grammar: Grammar, spell: Callable[[str], str]) -> Wording:
    folded = {word.casefold(): said for word, said in lexicon.items()}

    def word(text: str) -> str:
        if text.casefold() in folded:
            return folded[text.casefold()]
        runs = re.findall(r"[0-9]+|[^0-9]+", text)
        return " ".join(grammar.integer(run) if run[0] in DIGITS else letters(run) for run in runs)

    def letters(text: str) -> str:
        capitals = text.isupper() and 1 < len(text) < 6 and not sayable(text)
        return spell(text) if capitals and text not in table["never"].split() else text

    return Wording(**table["links"], word=word, spell=spell)


def _angle(words: dict[str, str], grammar: Grammar) -> Rule:
    """Read degrees with minutes: `43° 56′ 50″ N`; `words` are minute, minutes, second, seconds, N, E, S, W."""

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


def _codes(grammar: Grammar, spell: Callable[[str], str]) -> tuple[Rule, ...]:
    """Read versions, sizes, names of letters and digits, powers: `v2.1.3`, `1920x1080`, `GPT-4`, `H100`, `10⁶`."""

    def version(match: re.Match[str]) -> str | None:
        if not match["v"] and grammar.split(match["digits"]) == (match["digits"], "", ""):
            return None  # 1.234.567 where dots stand between thousands
        point = f" {grammar.decimal['.']} "
        read = point.join(grammar.integer(part) for part in match["digits"].split("."))
        read += f", {grammar.integer(match['port'][1:])}" if match["port"] else ""
        word = grammar.words["version"]
        told = match.string[max(0, match.start() - 12) : match.start()].lower().endswith(f"{word.lower()} ")
        if match["v"] == "V" and not match["port"] and "." not in match["digits"]:
            return None  # V3 is a name
        return f"{word} {read}" if match["v"] and not told else read

    def size(match: re.Match[str]) -> str:
        return f" {grammar.words['by']} ".join(grammar.integer(part) for part in re.findall("[0-9]+", match.group()))

    def code(match: re.Match[str]) -> str:
        letters = match["letters"]
        lead = letters if sayable(letters) else spell(letters)
        said = f"{lead} {grammar.number(match['digits'])}"
        said += f" {grammar.integer(match['more'])}" if match["more"] else ""
        if match["tail"] == "s":
            return said + "s"
        return f"{said} {spell(match['tail'].upper())}" if match["tail"] else said

    def power(match: re.Match[str]) -> str:
        said = f" {grammar.words['power']} " + (f"{grammar.words['-']} " if match["minus"] else "")
        unit = f" {grammar.units[match['unit']][1]}" if match["unit"] else ""
        unit += f" {grammar.words['per']} {grammar.pers[match['per']]}" if match["per"] else ""
        return said + grammar.integer(match["digits"].translate(lowered)) + unit

    def scientific(match: re.Match[str]) -> str:
        times, ten = grammar.words["times"], grammar.cardinal(10)
        minus = f"{grammar.words['-']} " if match["sign"] in {"-", "−"} else ""
        unit = f" {grammar.units[match['unit']][1]}" if match["unit"] else ""
        power = f"{grammar.words['power']} {minus}{grammar.integer(match['power'])}{unit}"
        return f"{grammar.number(match['number'])} {times} {ten} {power}"

    def ratio(match: re.Match[str]) -> str:
        return f"{grammar.integer(match['a'])} {grammar.words['to']} {grammar.integer(match['b'])}"

    lowered = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹₀₁₂₃₄₅₆₇₈₉", DIGITS * 2)
    marks = "".join(re.escape(mark) for mark in grammar.decimal)
    units = any_of(unit for unit in grammar.units if unit[0].isalpha())
    unit = rf"(?: (?P<unit>{units}){END}(?:/(?P<per>{any_of(grammar.pers)}){END})?)?"
    alone = r"(?![\w]|[.,:/][0-9])"
    return (
        rule(
            rf"(?<![\w.,:/-])(?P<v>[vV]?)(?P<digits>[0-9]{{1,6}}(?:\.[0-9]{{1,6}}){{2,5}})(?P<port>:[0-9]{{2,5}})?{alone}",
            version,
            needs=[INNER_DOT],
            starts="[0-9vV]",
        ),
        rule(
            rf"(?<![\w.,:/-])(?P<v>[vV])(?P<digits>[0-9]{{1,4}}(?:\.[0-9]{{1,6}})?)(?P<port>){alone}",
            version,
            needs="vV",
            starts="[vV][0-9]",
        ),
        rule(
            r"(?<![\w.,:/-])(?:[0-9]{1,5}(?:[x×][0-9]{1,5}){1,2}|[0-9]{2,5} [x×] [0-9]{2,5})(?!\w)",
            size,
            needs="x×",
            starts=DIGIT,
        ),
        rule(
            rf"(?<![\w.,])(?P<number>[0-9]+(?:[{marks}][0-9]+)?)[eE](?P<sign>[-+−]?)(?P<power>[0-9]{{1,3}})"
            rf"(?: (?P<unit>{units}))?(?!\w)",
            scientific,
            needs=[EXPONENT],
            starts=DIGIT,
        ),
        rule(r"(?<![\w.,:/])(?P<a>[0-9]{1,4}):(?P<b>[0-9]{1,4})(?![\w:/]|[.,][0-9])", ratio, needs=":", starts=DIGIT),
        rule(
            rf"{EDGE}(?P<letters>[A-ZÉ]{{1,6}})-?(?P<digits>[0-9]{{1,6}}(?:\.[0-9]{{1,3}})?)(?:-(?P<more>[0-9]{{1,6}}))?(?P<tail>[a-zA-Z]?){END}(?![{marks}][0-9])",
            code,
            needs=DIGITS,
            starts=CAPITAL_START,
        ),
        rule(  # a name with two is no range
            r"(?<=[^\W\d_])-(?P<first>[0-9]+)-(?=[0-9])",
            lambda match: f" {grammar.integer(match['first'])}, ",
            needs="-",
            starts="-",
        ),
        rule(r"(?<=[^\W\d_])-(?=[0-9])", " ", needs="-", starts="-"),
        rule(
            rf"(?<=[0-9])(?P<minus>⁻?)(?P<digits>[⁰¹²³⁴⁵⁶⁷⁸⁹]+){unit}",
            power,
            needs="⁰¹²³⁴⁵⁶⁷⁸⁹",
        ),
        rule(rf"(?<=[^\W_])\^(?P<minus>[-−]?)(?P<digits>[0-9]+){unit}", power, needs="^"),
        rule(r"[₀₁₂₃₄₅₆₇₈₉]+", lambda match: grammar.integer(match.group().translate(lowered)), needs="₀₁₂₃₄₅₆₇₈₉"),
    )


def _before_word(table: tables.Tables) -> Rule:
    """Read `#word` and `@name`."""
    names: dict[str, str] = table["before_word"]
    return rule(
        rf"(?<!\w)(?P<mark>{any_of(names)})(?=[^\W\d_])", lambda m: f"{names[m['mark']]} ", needs="".join(names)
    )


def _symbols(table: tables.Tables) -> tuple[Rule, ...]:
    """Read what is left of symbols."""
    symbols: dict[str, str] = table["symbols"]
    compared: dict[str, str] = table["compared"]
    names: dict[str, str] = table["before_word"]
    return (
        rule(rf"(?P<mark>{any_of(names)})(?=[^\W_])", lambda match: f"{names[match['mark']]} ", needs="".join(names)),
        rule(
            rf" ?(?P<mark>{any_of(compared)}) ?(?=\d|$| |-)",
            lambda match: f" {compared[match['mark']]} ",
            needs="".join(compared),
        ),
        rule(any_of(symbols), lambda match: f" {symbols[match.group()]} ", needs="".join(symbols)),
        rule(r"(?<=[^\W_])/(?=[^\W_])", " ", needs="/"),
        rule(r"(?<! )/(?!/| )", " ", needs="/"),
        rule(r" ?(?://+|/) ?", ", ", needs="/"),
        rule(r"(?<=[^\W\d_])_+(?=[^\W_])|(?<=\d)_+|_{2,}", " ", needs="_"),
    )
