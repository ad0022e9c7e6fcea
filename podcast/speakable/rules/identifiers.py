# SPDX-License-Identifier: GPL-3.0-or-later
"""Identifiers: versions, sizes, models, ISBNs, episodes; also powers of ten, and years in Roman numerals."""

import re
from collections.abc import Callable, Mapping

from podcast.speakable.engine import DIGIT, EDGE, END, EXPONENT, INNER_DOT, Rule, any_of, rule
from podcast.speakable.rules import spellout
from podcast.speakable.rules.acronyms import pronounceable
from podcast.speakable.rules.measures import DIGITS, Grammar, number_pattern
from podcast.speakable.tables import Tables

_ARTICLE = re.compile(r"(?:^|\s)[Aa]n? $")
_QUOTE = re.compile(r"(?<![0-9])\"")
_COUNTED = re.compile(
    r"(?:^|\s)(?:[Aa]n?|the|by|x|×|[Uu]n|de|en|of|écrans?|jantes|le|uno|una|di|da|ein|einen|mit|el|um) $"
)
"""Text before a mark of inches, rather than the end of a quotation."""
_MEASURED = re.compile(
    r" (?:of (?:snow|rain|water|ice)|wide|long|deep|thick|tall|high|across|in diameter|\([0-9.]+ ?cm"
    r"|(?P<thing>screens?|displays?|monitors?|TVs?|wheels?|rims?|records?|singles?|pipes?))\b"
)
"""Text after inches: a noun that has such a size, or such a `thing`."""

_BRAND = re.compile(r" (?:[A-Z][A-Z0-9]|i?[A-Z][a-z]+[A-Z])")
"""A brand after inches, unlikely to be the name of a speaker."""


def code_rules(
    grammar: Grammar, table: Tables, spell: Callable[[str], str], lexicon: Mapping[str, str]
) -> tuple[Rule, ...]:
    """Return the rules for identifiers; `lexicon` contains capitalised names with a pronunciation."""
    return (
        *_titles(grammar, table, spell),
        *_romans(grammar, table),
        *_lengths(grammar, table),
        *_ratios(grammar),
        *_versions(grammar),
        *_powers(grammar, spell, table.get("elements", {})),
        *_models(grammar, spell, lexicon),
    )


def _titles(grammar: Grammar, table: Tables, spell: Callable[[str], str]) -> tuple[Rule, ...]:
    """Spell out identifiers of books, films and EU acts: `ISBN 978-…`, `S02E05`, `2006/123/EC`."""

    def isbn(match: re.Match[str]) -> str:
        groups = re.findall("[0-9X]+", match["digits"])
        read = (" ".join(spell(d) if d == "X" else grammar.integer(d) for d in group) for group in groups)
        return f"{spell('ISBN')}, {', '.join(read)}"

    def episode(match: re.Match[str]) -> str:
        season, number = table["episode"]
        return f"{season} {grammar.cardinal(int(match['season']))}, {number} {grammar.cardinal(int(match['episode']))}"

    def act(match: re.Match[str]) -> str:
        year = grammar.bare(match["year"]) or grammar.integer(match["year"])
        by = f" {spell(match['by'])}" if match["by"] else ""
        return f"{year}, {grammar.integer(match['number'])}{by}"

    return (
        rule(
            rf"(?<![\w/.,])(?:(?P<named>(?<=\((?:UE|CE|EU|EC)\) ))|)(?P<year>(?:19|20)?[0-9]{{2}})"
            rf"/(?P<number>[0-9]{{1,4}})(?:/(?P<by>CE|UE|CEE|JAI|EC|EU|EEC)|(?(named)|(?!))){END}(?!/)",
            act,
            needs="/",
            starts=DIGIT,
        ),
        rule(
            r"(?<!\w)ISBN(?:-1[03])?(?: ?:)? ?(?P<digits>[0-9](?:[ -]?[0-9]){8,11}[ -]?[0-9X])(?!\w)",
            isbn,
            words=["ISBN"],
        ),
        rule(rf"{EDGE}S(?P<season>[0-9]{{1,2}}) ?E(?P<episode>[0-9]{{1,3}}){END}", episode, needs="S", starts="S[0-9]"),
    )


def _romans(grammar: Grammar, table: Tables) -> tuple[Rule, ...]:
    """Spell out Roman numerals of years, lists and pages: `MMXXIV`, `(ii)`, `p. xii`."""
    leads = {
        key: said
        for key, said in table["before_number"].items()
        if key[0].isalpha() and key[-1] == "." and key.lower() not in {"no.", "nos."}
    }
    small = "(?:[ivx]|(?=[ivxl]{2})(?:xl|l?x{0,3})(?:ix|iv|v?i{0,3}))"

    def in_roman(match: re.Match[str]) -> str:
        value = str(spellout.roman(match.group()))
        return grammar.bare(value) or grammar.integer(value)

    def item(match: re.Match[str]) -> str | None:
        return grammar.integer(str(spellout.roman(match.group().upper()))) if "(ii)" in match.string else None

    def numbered(match: re.Match[str]) -> str:
        said = [grammar.cardinal(spellout.roman(numeral.upper())) for numeral in match.groups()[1:] if numeral]
        return f"{leads[match['word']]} " + f" {grammar.words['to']} ".join(said)

    return (
        rule(rf"{EDGE}{spellout.ROMAN_YEARS}{END}", in_roman, needs="M", starts="M[MCDXLVI]"),
        rule(r"(?<=\()(?:i{1,3}|iv|vi{0,3}|ix|x)(?=\))", item, needs="("),
        rule(
            rf"{EDGE}(?P<word>{any_of(leads)}) (?P<first>{small})(?:[-–](?P<last>{small}))?{END}(?!')",
            numbered,
            words=leads,
        ),
    )


def _lengths(grammar: Grammar, table: Tables) -> tuple[Rule, ...]:
    """Spell out inches and sizes: `27"`, `1920x1080`, `4x100 m`."""
    marks = "".join(re.escape(mark) for mark in grammar.decimal)
    units = any_of(
        grammar.units.keys() & {"mm", "cm", "m", "km", "px", "in.", "ft", "ft.", "m²", "m2", "ft²", "ft2", "cm²", "cm2"}
    )
    side = rf"[0-9]{{1,5}}(?:[{marks}][0-9]{{1,2}})?"
    apart = rf"(?:[0-9]{{2,5}}(?:[{marks}][0-9]{{1,2}})?|[0-9][{marks}][0-9]{{1,2}})"
    return (
        rule(
            rf"{EDGE}{number_pattern(grammar, 'n')} ?(?P<mark>[\"”″])(?![\w\"”])",
            lambda match: _inches(match, grammar, table["inch"]),
            needs='"”″',
            starts=DIGIT,
        ),
        rule(
            rf"(?<![\w.,:/-])(?P<size>{side}(?:[x×]{side}){{1,2}}|{apart}(?: [x×] {apart}){{1,2}})"
            rf"(?:(?P<gap>[ -]?)(?P<unit>{units}){END}|(?![\w^⁻]))",
            lambda match: _size(match, grammar),
            needs="x×",
            starts=DIGIT,
        ),
    )


def _size(match: re.Match[str], grammar: Grammar) -> str:
    """Spell out a size or a relay race: `three by four metres`, `four times a hundred metres`."""
    parts = re.split(" ?[x×] ?", match["size"])
    relay = match["unit"] in {"m", "km"} and len(parts[0]) == 1 and parts[1].endswith(("00", "50"))
    said = f" {grammar.words['times' if relay else 'by']} ".join(map(grammar.number, parts))
    return f"{said} {grammar.units[match['unit']][match['gap'] != '-']}" if match["unit"] else said


def _inches(match: re.Match[str], grammar: Grammar, names: tuple[str, str]) -> str | None:
    """Spell out inches; None if the mark closes a quotation. `names` are the singular and the plural."""
    before = match.string[: match.start()]
    if match["mark"] == "”" and before.rfind("“") > before.rfind("”"):
        return None
    measured = _MEASURED.match(match.string, match.end())
    for_sale = _is_for_sale(match)
    counted = _COUNTED.search(before) or measured or for_sale
    if match["mark"] == '"' and grammar.bare(match["n"]):
        return None  # … by 2014".
    if match["mark"] == '"' and (len(_QUOTE.findall(before)) % 2 or not counted):
        return None
    one, many = names
    attributive = for_sale or _ARTICLE.search(before) or (measured and measured["thing"])
    single = attributive or grammar.singular(float(grammar.value(match["n"])))
    return f"{grammar.number(match['n'], one)} {one if single else many}"


def _is_for_sale(match: re.Match[str]) -> bool:
    """Return True if a brand follows: `65" LG TV`."""
    if len(match["n"]) > 4 or _QUOTE.search(match.string):
        return False
    return _BRAND.match(match.string, match.end()) is not None


def _ratios(grammar: Grammar) -> tuple[Rule, ...]:
    """Spell out ratios, `16:9`, `50-50`, `EUR/USD`, and times of a lap or race, `1:12.345`, `59:51`."""

    def ratio(match: re.Match[str]) -> str:
        minutes = len(match["b"]) == 2 and 24 < int(match["a"]) < 60 > int(match["b"])  # and seconds: 59:51
        to = " " if minutes else f" {grammar.words.get('ratio', grammar.words['to'])} "
        return f"{grammar.integer(match['a'])}{to}{grammar.integer(match['b'])}"

    def lap(match: re.Match[str]) -> str:
        seconds, rest = re.split("[.,]", match["seconds"])
        point = next(iter(grammar.decimal.values()))
        return f"{grammar.integer(match['minutes'])} {grammar.integer(seconds)} {point} {grammar.fraction(rest)}"

    def pair(match: re.Match[str]) -> str:
        return f"{grammar.currencies[match['first']].one} {grammar.currencies[match['second']].one}"

    codes = any_of(code for code in grammar.currencies if len(code) == 3 and code.isalpha() and code.isupper())
    fifty = grammar.cardinal(50)
    return (
        rule(rf"{EDGE}(?P<first>{codes})/(?P<second>{codes}){END}", pair, needs="/", starts="[A-Z]{3}/"),
        rule(r"(?<![\w.,/-])50-50(?![\w-]|[.,][0-9])", f"{fifty} {fifty}", needs="-", starts="50-"),
        rule(
            r"(?<![\w.,:/-])(?P<minutes>[0-9]{1,2}):(?P<seconds>[0-5][0-9][.,][0-9]{1,3})(?![\w:/]|[.,][0-9])",
            lap,
            needs=":",
            starts=DIGIT,
        ),
        rule(r"(?<![\w.,:/])(?P<a>[0-9]{1,4}):(?P<b>[0-9]{1,4})(?![\w:/]|[.,][0-9])", ratio, needs=":", starts=DIGIT),
    )


def _versions(grammar: Grammar) -> tuple[Rule, ...]:
    """Spell out versions: `v2.1.3`, `10.0.0.1:8080`; and two marks that later rules would misinterpret."""

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

    alone = r"(?![\w]|[.,:/][0-9])"
    return (
        rule(rf"(?<=[0-9])\.(?=x{END})", f" {grammar.decimal['.']} ", needs=[INNER_DOT]),
        rule(
            rf"(?<=[0-9€$£])/(?=1 ?(?:[MkK]|million|000){END}|100? ?(?:g|gm|kg|ml|mL){END})",
            f" {grammar.words['per']} ",
            needs="/",
            starts="/1",
        ),
        rule(r"(?<=[0-9]) ?[-−] ?(?=[0-9]{1,6} ?=)", f" {grammar.words['-']} ", needs="="),
        rule(r"(?<=UTC|GMT) ?[-−–](?=[0-9])", f" {grammar.words['-']} ", words=["UTC", "GMT"]),
        rule(
            r"(?<![\w.,:/-])(?P<v>[vV]?)(?P<digits>[0-9]{1,6}(?:\.[0-9]{1,6}){2,5})(?P<port>:[0-9]{2,5})?"
            r"(?!\w|[.,:][0-9])",
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
    )


def _models(grammar: Grammar, spell: Callable[[str], str], lexicon: Mapping[str, str]) -> tuple[Rule, ...]:
    """Spell out names of letters and digits: `GPT-4`, `H100`, `COVID-19`."""

    def code(match: re.Match[str]) -> str:
        letters = match["letters"]
        lead = lexicon.get(letters) or (letters if pronounceable(letters) else spell(letters))
        said = f"{lead} {grammar.number(match['digits'])}"
        said += f" {grammar.integer(match['more'])}" if match["more"] else ""
        if match["tail"] == "s":
            return said + "s"
        return f"{said} {spell(match['tail'].upper())}" if match["tail"] else said

    marks = "".join(re.escape(mark) for mark in grammar.decimal)
    return (
        rule(
            rf"{EDGE}(?P<letters>[A-ZÉ]{{1,6}})-?(?P<digits>[0-9]{{1,6}}(?:\.[0-9]{{1,3}})?)(?:-(?P<more>[0-9]{{1,6}}))?"
            rf"(?P<tail>[a-zA-Z]?){END}(?![{marks}][0-9])",
            code,
            needs=DIGITS,
            starts="[A-ZÉ]{1,6}-?(?=[0-9])",
        ),
        rule(  # a name with two numbers is not a range
            r"(?<=[^\W\d_])-(?P<first>[0-9]+(?:\.[0-9]+)?)-(?=[0-9])",
            lambda match: f" {grammar.number(match['first'])}, ",
            needs="-",
            starts="-",
        ),
        rule(r"(?<=[^\W\d_])-(?=[0-9])", " ", needs="-", starts="-"),
    )


_UNELIDED = re.compile(r"\b(?:[dl]e|du|au|ce) \Z", re.IGNORECASE)
"""Words that an element's name with an initial vowel would change: `du ²³⁵U`, and `de l'uranium`."""


def _powers(grammar: Grammar, spell: Callable[[str], str], elements: Mapping[str, str]) -> tuple[Rule, ...]:
    """Spell out powers, superscripts and subscripts: `3e8 m`, `10⁶`, `2^10`, `H₂`, `¹⁴C`."""
    units = any_of(unit for unit in grammar.units if unit[0].isalpha())
    marks = "".join(re.escape(mark) for mark in grammar.decimal)
    lowered = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹₀₁₂₃₄₅₆₇₈₉", DIGITS * 2)

    def raised(match: re.Match[str], minus: str) -> str:
        said = f"{grammar.words['power']} " + (f"{grammar.words['-']} " if minus in {"-", "−", "⁻"} else "")
        unit = f" {grammar.units[match['unit']][1]}" if match["unit"] else ""
        return said + grammar.integer(match["digits"].translate(lowered)) + unit

    def power(match: re.Match[str]) -> str:
        per = f" {grammar.words['per']} {grammar.pers[match['per']]}" if match["per"] else ""
        return f" {raised(match, match['minus'])}{per}"

    def scientific(match: re.Match[str]) -> str:
        times, ten = grammar.words["times"], grammar.cardinal(10)
        return f"{grammar.number(match['number'])} {times} {ten} {raised(match, match['sign'])}"

    def isotope(match: re.Match[str]) -> str:
        name = elements.get(match["element"], "")
        if not name or (name[0] in "aehiou" and _UNELIDED.search(match.string[: match.start()])):
            name = spell(match["element"].upper())
        said = f"{name} {grammar.integer(match['mass'].translate(lowered))}"
        return f"{said} {grammar.words.get('over', '')} " if match["ratio"] else said

    unit = rf"(?: (?P<unit>{units}){END}(?:/(?P<per>{any_of(grammar.pers)}){END})?)?"
    return (
        rule(
            rf"(?<![\w.,])(?P<number>[0-9]+(?:[{marks}][0-9]+)?)[eE](?P<sign>[-+−]?)(?P<digits>[0-9]{{1,3}})"
            rf"(?: (?P<unit>{units}))?(?!\w)",
            scientific,
            needs=[EXPONENT],
            starts=DIGIT,
        ),
        rule(
            rf"(?<!\w)(?P<mass>[¹²³⁴-⁹][⁰¹²³⁴-⁹]{{0,2}})(?P<element>[A-Z][a-z]?){END}(?P<ratio>/(?=[¹²³⁴-⁹]))?",
            isotope,
            needs="¹²³⁴⁵⁶⁷⁸⁹",
        ),
        rule(rf"(?<=[0-9])(?P<minus>⁻?)(?P<digits>[⁰¹²³⁴⁵⁶⁷⁸⁹]+){unit}", power, needs="⁰¹²³⁴⁵⁶⁷⁸⁹"),
        rule(r"(?P<minus>⁻)(?P<digits>[⁰¹²³⁴⁵⁶⁷⁸⁹]+)(?P<unit>)(?P<per>)", power, needs="⁻"),  # of a unit: mol⁻¹
        rule(rf"(?<=[^\W_])\^(?P<minus>[-−]?)(?P<digits>[0-9]+){unit}", power, needs="^"),
        rule(r"[₀₁₂₃₄₅₆₇₈₉]+", lambda match: grammar.integer(match.group().translate(lowered)), needs="₀₁₂₃₄₅₆₇₈₉"),
    )
