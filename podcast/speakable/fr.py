# SPDX-License-Identifier: GPL-3.0-or-later
"""French: how a text is read aloud.

`rules` is the order in which things are looked for; the tables (units, currencies, abbreviations, first names of kings)
are in tables/fr.toml. Words that are English or said against the rules are in lexicon/fr.tsv.
Spellings are chosen so that any engine reads them rightly, `quatre-vin-quatre` included: espeak-ng, which also reads
for Kokoro, sounds the t of `quatre-vingt-quatre`.
"""

import re
from collections.abc import Callable

from podcast.speakable import numerals, tables
from podcast.speakable.abbreviations import abbreviation_rules
from podcast.speakable.dates import clock, date_rules, is_day, short_days, short_months
from podcast.speakable.quantities import DIGITS, Grammar
from podcast.speakable.rules import CAPITAL_START, DIGIT, EDGE, END, INNER_DOT, NUMERALS, Rule, any_of, rule

TABLES = tables.load("fr")
MONTHS: list[str] = TABLES["months"].split()
KINGS = frozenset(TABLES["kings"].split())


def grammar(language: str) -> Grammar:
    """Return how French, of France, Belgium, Switzerland or Canada, reads quantities."""

    def cardinal(number: int, ruleset: str = "") -> str:
        words = numerals.cardinal(number, language, ruleset)
        return re.sub(r"quatre-vingt[- ](?=[^m])(?!dix)", "quatre-vin-", words).replace("-et-", " et ")

    def fraction(digits: str) -> str:
        rest = digits.lstrip("0")
        if not rest or len(rest) > 3:
            return numerals.digit_by_digit(digits, language)
        return " ".join(["zéro"] * (len(digits) - len(rest)) + [cardinal(int(rest))])

    return tables.grammar(
        TABLES,
        language=language,
        cardinal=cardinal,
        une=lambda number: cardinal(number, "cardinal-feminine"),
        fraction=fraction,
        singular=lambda number: abs(number) < 2,
        of=lambda noun: f"d'{noun}" if noun[0] in "aeiouyéh" and noun != "yens" else f"de {noun}",
    )


def ordinal(number: int, cardinal: Callable[[int], str], ending: str = "e") -> str:
    """Return an ordinal; `ending` is what stood after the digits: `er`, `re`, `nd`, `e`, `es`."""
    plural = "s" if ending.endswith("s") else ""
    if number == 1:
        return ("première" if ending.rstrip("s") in {"re", "ère", "ere", "ʳᵉ"} else "premier") + plural
    if ending.rstrip("s") in {"nd", "nde", "d", "de"} and number == 2:
        return ("seconde" if ending.rstrip("s").endswith("de") else "second") + plural
    words = cardinal(number).removesuffix("s") if number % 100 == 80 else cardinal(number)
    words = re.sub(r"(cent|million|milliard)s$", r"\1", words)
    if words.endswith("cinq"):
        words += "u"
    elif words.endswith("neuf"):
        words = words[:-1] + "v"
    return words.removesuffix("e") + "ième" + plural


def rules(language: str) -> tuple[Rule, ...]:
    """Return the rules of French in the order in which they are applied, before the numbers left over."""
    speech = grammar(language)
    return (
        *_abbreviations(),
        short_days(TABLES),
        *short_months(TABLES, first="premier"),
        *_ordinals(speech),
        *_romans(speech),
        *_dates(speech),
        *_times(speech),
        *_phones(speech),
        *_fractions(speech),
        *_codes(speech),
    )


def _abbreviations() -> tuple[Rule, ...]:
    return (
        rule(
            rf"{EDGE}M(?P<many>M?)\.(?= ?(?:l[ae'] ?|[A-ZÀÂÄÉÈÊÎÔÇ]))",
            lambda m: "messieurs" if m["many"] else "monsieur",
            words=["M", "MM"],
        ),
        rule(rf"{EDGE}[Mm]ᵐᵉ{END}", "madame", needs="ᵐ"),
        *abbreviation_rules(TABLES, etc="et cetera"),
    )


def _ordinals(speech: Grammar) -> tuple[Rule, ...]:
    def say(match: re.Match[str]) -> str | None:
        digits = match["digits"].replace(" ", "")
        if numerals.is_code(digits):
            return None
        return ordinal(int(digits), speech.cardinal, match["ending"].replace("ᵉ", "e").replace("ʳ", "r"))

    endings = r"(?P<ending>ers?|ᵉʳ|[eè]?res?|ʳᵉ|ère|[iî]?[eè]mes?|es?|ᵉ|ndes?|nds?|d)"
    return (rule(rf"(?<![\w,.])(?P<digits>1|[0-9]{{1,3}}(?: 000)?|[0-9]+){endings}{END}", say, needs=DIGITS, starts=DIGIT),)


def _romans(speech: Grammar) -> tuple[Rule, ...]:
    numeral = numerals.ROMAN_PATTERN
    names = [*KINGS, *TABLES["numbered"].split()]

    def century(match: re.Match[str]) -> str:
        return ordinal(
            numerals.roman(match["roman"]), speech.cardinal, match["ending"].replace("ᵉ", "e").replace("ʳ", "r")
        )

    def after(match: re.Match[str]) -> str:
        number = numerals.roman(match["roman"])
        said = "premier" if number == 1 and match["name"] in KINGS else speech.cardinal(number)
        return f"{match['name']}{match['gap']}{said}"

    return (
        rule(
            rf"(?=[IVXLC]){EDGE}(?P<roman>(?=[IVX]|[LC][IVXLC]){numeral})(?P<ending>ers?|ᵉʳ|re|ʳᵉ|[èe]mes?|es?|ᵉ){END}",
            century,
            needs="IVXLC",
            starts="[IVXLC]",
        ),
        rule(
            rf"{EDGE}(?P<name>{any_of(names)})(?P<gap>[ -])(?P<roman>{numeral}){END}(?!['.][^\W\d_])",
            after,
            words=names,
        ),
        rule(
            rf"{EDGE}(?P<name>[A-ZÀÂÄÉÈÊÎÔÇ][^\W\d_]{{2,}})(?P<gap> )(?P<roman>{numerals.ROMAN_TENS}){END}",
            after,
            needs=[NUMERALS],
            starts=CAPITAL_START,
        ),
        rule(rf"{EDGE}(?P<name>)(?P<gap>)(?P<roman>{numerals.ROMAN_TENS}){END}", after, needs=[NUMERALS], headlines=False, starts="[IVX]"),
    )


def _dates(speech: Grammar) -> tuple[Rule, ...]:
    def say(day: int, month: int, year: int | None) -> str:
        first = "premier" if day == 1 else speech.cardinal(day)
        return f"{first} {MONTHS[month - 1]}" + (f" {speech.cardinal(year)}" if year else "")

    def day_month(match: re.Match[str]) -> str | None:
        day, month = int(match["d"]), int(match["m"])
        return f"{match['before']} {say(day, month, None)}" if is_day(day, month) else None

    before = ["le", "du", "au", *TABLES["day_short"].values()]
    return (
        *date_rules(say),
        rule(
            rf"(?i){EDGE}(?P<before>{any_of(before)}) (?P<d>[0-9]{{1,2}})/(?P<m>[0-9]{{2}}){END}(?!/)",
            day_month,
            needs="/",
        ),
    )


def _times(speech: Grammar) -> tuple[Rule, ...]:
    def say(hours: int, minutes: int, seconds: int | None) -> str:
        said = f"{speech.une(hours)} heure{'s' if hours > 1 else ''}"
        if minutes or seconds:
            said += f" {speech.une(minutes)}"
        if seconds:
            said += f" et {speech.une(seconds)} seconde{'s' if seconds > 1 else ''}"
        return said

    minutes = r"(?P<mNAME>[0-5][0-9])?(?: ?(?:min|mn|m)(?![^\W_]))?"
    hour = rf"(?P<hNAME>[0-9]{{1,2}}) ?[hH] ?{minutes}(?: ?(?P<sNAME>[0-9]{{2}}) ?s)?"
    colon = r"(?P<hNAME>[0-9]{1,2}):(?P<mNAME>[0-5][0-9])(?::(?P<sNAME>[0-5][0-9]))?"
    return (
        rule(r"(?<![\w.])24h?/24(?:h(?![^\W_]))?", "vingt-quatre heures sur vingt-quatre", needs="/"),
        rule(r"(?<![\w./])7j?/7j?(?![\w/])", "sept jours sur sept", needs="/"),
        clock(hour, say, to="à", needs="hH"),
        rule(r"T(?=[0-9]{2}:[0-9]{2})", " à ", needs="T"),
        clock(colon, say, to="à"),
    )


def _phones(speech: Grammar) -> tuple[Rule, ...]:
    def pairs(match: re.Match[str]) -> str:
        digits = re.sub(r"[^0-9+]", "", match.group().replace("(0)", ""))
        lead = ""
        if digits.startswith("+"):
            lead, digits = (
                f"plus {speech.cardinal(int(digits[1:3]))}, {speech.cardinal(int(digits[3]))}, ",
                digits[4:],
            )
        return lead + ", ".join(
            ("zéro " if pair[0] == "0" else "") + speech.cardinal(int(pair))
            for pair in (digits[index : index + 2] for index in range(0, len(digits), 2))
        )

    def groups(match: re.Match[str]) -> str:
        found = re.findall(r"[0-9]+", match.group())
        return ", ".join(numerals.digit_by_digit(group, speech.language) for group in found)

    return (
        rule(
            r"(?<![\w.])(?:\+(?:33|32|41) ?(?:\(0\) ?)?[1-9]|0[1-9])(?:[ .-]?[0-9]{2}){4}(?![\w-])", pairs, needs=DIGITS, starts="[+0]"
        ),
        rule(r"(?<![\w.])(?:\+?1[ .-])?\(?[0-9]{3}\)?[ .-][0-9]{3}[.-][0-9]{4}(?![\w-])", groups, needs=DIGITS, starts="[0-9+(]"),
    )


def _fractions(speech: Grammar) -> tuple[Rule, ...]:
    named = {
        2: ("demi", "demis"),
        3: ("tiers", "tiers"),
        4: ("quart", "quarts"),
        5: ("cinquième", "cinquièmes"),
        8: ("huitième", "huitièmes"),
    }
    glyphs = {
        "½": (1, 2),
        "⅓": (1, 3),
        "⅔": (2, 3),
        "¼": (1, 4),
        "¾": (3, 4),
        "⅕": (1, 5),
        "⅛": (1, 8),
        "⅜": (3, 8),
        "⅝": (5, 8),
        "⅞": (7, 8),
    }

    def words(above: int, below: int) -> str:
        one, many = named[below]
        return f"{speech.cardinal(above)} {one if above == 1 else many}"

    def glyph(match: re.Match[str]) -> str:
        above, below = glyphs[match["glyph"]]
        if not match["whole"]:
            return words(above, below)
        half = "demi" if below == 2 else words(above, below)
        return f"{speech.integer(match['whole'])} et {half}"

    def slash(match: re.Match[str]) -> str:
        above, below = match["a"], match["b"]
        if int(below) in (2, 3, 4) and int(above) < int(below):
            return words(int(above), int(below))
        return f"{speech.number(above)} sur {speech.integer(below)}"

    return (
        rule(rf"(?:(?<![\w.,])(?P<whole>[0-9]{{1,6}}) ?)?(?P<glyph>{any_of(glyphs)})", glyph, needs="".join(glyphs)),
        rule(r"(?<![\w./,:-])(?P<a>[0-9]{1,3}(?:,[0-9])?)/(?P<b>[1-9][0-9]{0,3})(?![\w/]|[.,][0-9])", slash, needs="/", starts=DIGIT),
    )


def _codes(speech: Grammar) -> tuple[Rule, ...]:
    """Read versions and names of letters and digits: `v2.1.3`, `GPT-4`, `H100`, `5G`."""

    def version(match: re.Match[str]) -> str:
        lead = "version " if match["v"] in {"v", "V"} else ""
        return lead + " point ".join(speech.integer(part) for part in match["digits"].split("."))

    def decade(match: re.Match[str]) -> str:
        return f"années {speech.cardinal(int(match['digits']))}"

    return (
        rule(
            r"(?<![\w.,:/])(?P<v>[vV]?)(?![0-9]{1,3}(?:\.[0-9]{3})+(?![.0-9]))(?P<digits>[0-9]{1,6}(?:\.[0-9]{1,6}){2,5})(?![\w]|[.,:/][0-9])",
            version,
            needs=[INNER_DOT],
            starts="[0-9vV]",
        ),
        rule(
            r"(?<![\w.,:/])(?P<v>[vV])(?P<digits>[0-9]{1,4}(?:\.[0-9]{1,6})?)(?![\w]|[.,:/][0-9])", version, needs="vV", starts="[vV]"
        ),
        rule(
            r"(?<![\w.,:/-])(?P<a>[0-9]{2,5}) ?[x×] ?(?P<b>[0-9]{2,5})(?![\w])",
            lambda m: f"{speech.integer(m['a'])} par {speech.integer(m['b'])}",
            needs="x×",
            starts=DIGIT,
        ),
        rule(r"(?i)(?<![^\W_])années '?(?P<digits>[0-9]{2})(?![\w])", decade, words=["années"]),
    )
