# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules for French: numbers, dates, times, ordinals and fractions, and the order of all rules.

Tables (units, currencies, abbreviations, first names of kings) are in languages/fr/speaking.toml. English words and
irregular pronunciations are in languages/fr/lexicon.tsv. Spellings are chosen so that every engine pronounces them
correctly, `quatre-vin-quatre` included: espeak-ng, which is also the phonemizer of Kokoro and Piper, pronounces the t
of `quatre-vingt-quatre`.
"""

import re
import unicodedata

from podcast.speakable import tables
from podcast.speakable.engine import CAPITAL_START, EDGE, END, NUMERALS, Rule, any_of, last_dot, rule
from podcast.speakable.languages.fr.days import double_days
from podcast.speakable.languages.fr.inclusive import inclusive_rules
from podcast.speakable.languages.fr.loanwords import word_rules
from podcast.speakable.languages.fr.symbols import mark_rules, ordinal
from podcast.speakable.rules import spellout
from podcast.speakable.rules.abbreviations import SETTLED, abbreviation_rules, numbered_codes
from podcast.speakable.rules.agreement import gender
from podcast.speakable.rules.dates import clock, date_rules, is_day, month_spans, short_days, short_months
from podcast.speakable.rules.fractions import Fraction, FractionWording, fraction_rules
from podcast.speakable.rules.measures import DIGITS, Grammar, millions

TABLES = tables.load("fr")
LEXICON = tables.lexicon("fr")
MONTHS: list[str] = TABLES["months"].split()
GENDER = gender(TABLES)
QUEENS = frozenset(TABLES["queens"].split())
_SHAPES = frozenset(((3, 2), (4, 3)))
"""Aspect ratios, `au 4/3`, which are not dates."""
_SPAN = re.compile(r" au (?:1er|[0-9]{1,2})/[0-9]{1,2}(?![\w/])| à [0-9]{1,2} ?[h:]")
_SPANNED = re.compile(r"[Dd]u (?:1er|[0-9]{1,2})/[0-9]{1,2} $")
NO_NOUNS = frozenset(TABLES["no_nouns"].split())
KINGS = QUEENS | frozenset(TABLES["kings"].split())


def grammar(language: str) -> Grammar:
    """Build the grammar of quantities for French, of France, Belgium, Switzerland or Canada."""

    def cardinal(number: int, ruleset: str = "") -> str:
        words = spellout.cardinal(number, language, ruleset)
        return re.sub(r"quatre-vingt[- ](?=[^m])(?!dix)", "quatre-vin-", words).replace("-et-", " et ")

    def fraction(digits: str) -> str:
        rest = digits.lstrip("0")
        if not rest or len(rest) > 3:
            return spellout.digit_by_digit(digits, language)
        return " ".join(["zéro"] * (len(digits) - len(rest)) + [cardinal(int(rest))])

    return tables.grammar(
        TABLES,
        language=language,
        cardinal=cardinal,
        before=lambda number, noun: cardinal(number, "cardinal-feminine" if GENDER(noun) == "f" else ""),
        fraction=fraction,
        singular=lambda number: abs(number) < 2,
        of=lambda noun: f"d'{noun}" if noun[0] in "aeiouyéh" and noun != "yens" else f"de {noun}",
    )


def early() -> tuple[Rule, ...]:
    """Return the rules that run before those for URLs."""
    return inclusive_rules()


def late() -> tuple[Rule, ...]:
    """Return the rules that run after numbers and acronyms."""
    return word_rules(TABLES)


def rules(language: str) -> tuple[Rule, ...]:
    """Return the rules of French in order, without those for the remaining numbers."""
    speech = grammar(language)
    return (
        *numbered_codes(speech, TABLES, letters="LRDA"),
        *mark_rules(speech),
        millions(speech, NO_NOUNS, plural="sxz"),
        *_abbreviations(),
        month_spans(TABLES),
        *short_days(TABLES),
        *double_days(speech, TABLES),
        *short_months(TABLES, first="premier"),
        *_dates(speech),
        *_ordinals(speech),
        *_romans(speech),
        *_times(speech),
        *_phones(speech),
        *_fractions(speech),
        *_decades(speech),
    )


def _abbreviations() -> tuple[Rule, ...]:
    return (
        rule(
            rf"{EDGE}(?<!\.-)(?<!S\. )M(?P<many>M?)\.(?= ?(?:l[ae'] ?|[A-ZÀÂÄÉÈÊÎÔÇ])| {SETTLED})",
            lambda m: "messieurs" if m["many"] else "monsieur",
            words=["M", "MM"],
        ),
        rule(
            r"(?:(?<=[(])|(?<=[,;:–—-] )|(?<=\. )(?=E)|\A)(?P<first>[Ee])x(?:\.? ?(?P<colon>: ?)|\. )(?=[^\W_])",
            lambda m: f"{'P' if m['first'] == 'E' else 'p'}ar exemple {': ' if m['colon'] else ''}",
            words=["ex"],
        ),
        rule(rf"{EDGE}rte(?= d(?:e|u|es) )", "route", words=["rte"]),  # but not RTE, which is a company
        rule(rf"{EDGE}[Cc]f{END}\.?", "voir", words=["cf"]),  # but not CF, which is a name
        rule(rf"{EDGE}(?P<title>[MDSC][ʳᵉᵐˡᵍᵗˢⁱ]+){END}", _raised_title, needs="ʳᵉᵐˡᵍᵗˢⁱ"),
        # After a number it is a unit, which agrees.
        rule(
            rf"(?<![0-9½¼¾⅓⅔] ){EDGE}c\. à (?P<what>s\.|c\.|soupe|café)",
            lambda m: f"cuillère à {'soupe' if m['what'][0] == 's' else 'café'}",
            words=["à"],
        ),
        *abbreviation_rules(TABLES, etc="et cetera"),
        # Never ordinary words, with or without a name: `Mme la préfète`, `Mmes et MM.`.
        rule(rf"{EDGE}(?P<title>Mmes?|Mlles?|Mgr){END}", lambda m: TABLES["before_name"][m["title"]], needs="M"),
    )


def _raised_title(match: re.Match[str]) -> str | None:
    """Return the words for a title with raised letters, `Mˡˡᵉ`."""
    plain = unicodedata.normalize("NFKC", match["title"])
    said: str | None = TABLES["before_name"].get(plain)
    return said


def _ordinals(speech: Grammar) -> tuple[Rule, ...]:
    def say(match: re.Match[str]) -> str | None:
        digits = match["digits"].replace(" ", "")
        if spellout.is_code(digits):
            return None
        return ordinal(int(digits), speech.cardinal, match["ending"].replace("ᵉ", "e").replace("ʳ", "r"))

    def part_of_year(match: re.Match[str]) -> str:
        number, part = match["quarter"] or match["half"], "trimestre" if match["quarter"] else "semestre"
        at = {"en": "au ", "En": "Au "}.get(match["at"] or "", "")
        to = " au " if match.groupdict().get("to") else ""
        return f"{at}{ordinal(int(number), speech.cardinal)} {part}{to}"

    endings = r"(?P<ending>ers?|ᵉʳ|[eè]?res?|ʳᵉ|ère|[iî]?[eè]mes?|es?|ᵉ|ndes?|nds?|d|(?<=2)des?)"
    return (
        rule(
            rf"(?:(?<=[0-9]e)-|(?<![\w,.]))(?P<digits>1|[0-9]{{1,3}}(?: 000)*|[0-9]+){endings}{END}",
            say,
            needs=DIGITS,
            starts="[0-9-]",
        ),
        rule(
            rf"(?:(?<![^\W_])(?P<at>[Ee]n) |{EDGE})(?:T(?P<quarter>[1-4])|S(?P<half>[12]))"
            rf"(?P<to> ?[-–] ?(?=[TS][1-4]))?"
            rf"(?=(?:(?: ?/ ?| et | à )?[TS][1-4])? (?:de )?20[0-9]{{2}}{END})",
            part_of_year,
            needs="TS",
            starts="[TSEe]",
        ),
        rule(
            rf"(?:(?<![^\W_])(?P<at>[Ee]n) |{EDGE})T(?P<quarter>[1-4])(?P<half>){END}",
            part_of_year,
            words=TABLES["quarterly"].split(),
            starts="[TEe]",
        ),
        rule(rf"{EDGE}(?P<at>)T(?P<quarter>[1-4])(?P<half>)(?= ?\([-−–+])", part_of_year, needs="T", starts="T"),
    )


def _romans(speech: Grammar) -> tuple[Rule, ...]:
    numeral = spellout.ROMAN_PATTERN
    names = [*KINGS, *TABLES["numbered"].split()]

    def century(match: re.Match[str]) -> str:
        number = spellout.roman(match["roman"])
        said = ordinal(number, speech.cardinal, match["ending"].replace("ᵉ", "e").replace("ʳ", "r"))
        if not match["age"]:
            return said
        return f"{said} siècle." if last_dot(match) else f"{said} siècle"

    def after(match: re.Match[str]) -> str:
        number = spellout.roman(match["roman"])
        said = speech.cardinal(number)
        if number == 1 and match["name"] in KINGS:
            said = "première" if match["name"] in QUEENS else "premier"
        pause = "," if re.match(" [0-9]", match.string[match.end() :]) else ""
        return f"{LEXICON.get(match['name'], match['name'])}{match['gap']}{said}{pause}"

    return (
        rule(
            rf"(?:(?<=e)-)?(?=[IVXLC]){EDGE}(?P<roman>(?=[IVX]|[LC][IVXLC]){numeral})"
            rf"(?P<ending>(?<=I)(?:ers?|ᵉʳ|re|ʳᵉ)|[èe]mes?|es?|ᵉ){END}(?P<age> s\.)?",
            century,
            needs="IVXLC",
            starts="[IVXLC-]",
        ),
        rule(
            rf"{EDGE}(?P<name>{any_of(names)})(?P<gap>[ -])(?P<roman>(?=[IVX]|[LC][IVXLC]){numeral})"
            rf"{END}(?!['.][^\W\d_])",
            after,
            words=names,
        ),
        rule(
            rf"{EDGE}(?P<name>[A-ZÀÂÄÉÈÊÎÔÇ][^\W\d_]{{2,}})(?P<gap> )(?P<roman>{spellout.ROMAN_TENS}){END}",
            after,
            needs=[NUMERALS],
            starts=CAPITAL_START,
        ),
        rule(
            rf"{EDGE}(?P<name>)(?P<gap>)(?P<roman>{spellout.ROMAN_TENS}){END}",
            after,
            needs=[NUMERALS],
            headlines=False,
            starts="[IVX]",
        ),
    )


def _dates(speech: Grammar) -> tuple[Rule, ...]:
    def say(day: int, month: int, year: int | None) -> str:
        first = "premier" if day == 1 else speech.cardinal(day)
        return f"{first} {MONTHS[month - 1]}" + (f" {speech.cardinal(year)}" if year else "")

    def day_month(match: re.Match[str]) -> str | None:
        day, month = int(match["d"].removesuffix("er")), int(match["m"])
        span = _SPAN.match(match.string, match.end()) or _SPANNED.search(match.string[: match.start()])
        # `le 1/3` is a fraction, `le 14/7` is a date.
        dated = (
            len(match["m"]) == 2
            or span
            or (day > month and (day, month) not in _SHAPES)
            or month > 4
            or day == month == 1
        )
        part = day < month and not span and re.match(r" d(?:e|u|es) | d'", match.string[match.end() :])  # 1/10 de mm
        return f"{match['before']} {say(day, month, None)}" if dated and not part and is_day(day, month) else None

    before = ["le", "du", "au", *TABLES["day_short"].values()]
    return (
        *date_rules(say),
        rule(
            rf"(?i){EDGE}(?P<before>{any_of(before)}) (?P<d>1er|[0-9]{{1,2}})/(?P<m>[0-9]{{1,2}}){END}(?!/|[.,][0-9])",
            day_month,
            needs="/",
        ),
    )


def _times(speech: Grammar) -> tuple[Rule, ...]:
    def say(hours: int, minutes: int, seconds: int | None) -> str:
        said = f"{speech.before(hours, 'heures')} heure{'s' if hours > 1 else ''}"
        if minutes or seconds:
            said += f" {speech.before(minutes, 'minutes')}"
        if seconds:
            said += f" minute{'s' if minutes > 1 else ''}"
            said += f" et {speech.before(seconds, 'secondes')} seconde{'s' if seconds > 1 else ''}"
        return said

    def height(match: re.Match[str]) -> str:
        metres = int(match["metres"])
        return f"{speech.cardinal(metres)} mètre{'s' if metres > 1 else ''} {speech.cardinal(int(match['rest']))}"

    def half(match: re.Match[str]) -> str:
        return f"{say(int(match['hours']), 0, None)} et demie"

    minutes = r"(?P<mNAME>[0-5][0-9])?(?: ?(?:min|mn|m)(?![^\W\d_]))?"
    dot = r"(?:\.(?= [0-5][0-9](?:[,.;)]| [àh–-]| au\b| et\b|\Z)))?"  # 8 h. 30
    hour = rf"(?P<hNAME>[0-9]{{1,2}}) ?[hH]{dot} ?{minutes}(?: ?(?P<sNAME>[0-9]{{2}}) ?s)?"
    colon = r"(?P<hNAME>[0-9]{1,2}):(?P<mNAME>[0-5][0-9])(?::(?P<sNAME>[0-5][0-9]))?"
    return (
        rule(rf"(?<![\w,.])(?P<metres>[0-9])m(?P<rest>[0-9]{{2}}){END}", height, needs="m", starts="[0-9]m[0-9]"),
        rule(r"(?<![\w.])24 ?h?/24(?: ?h(?![^\W_]))?", "vingt-quatre heures sur vingt-quatre", needs="/"),
        rule(r"(?<![\w./])7 ?j?/7 ?j?(?![\w/])", "sept jours sur sept", needs="/"),
        rule(r"(?<![\w,./])(?P<hours>[0-9]{1,2}) ?h ?(?:1/2|½)(?![\w/])", half, needs="½/", starts="[0-9]{1,2} ?h"),
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
        return ", ".join(spellout.digit_by_digit(group, speech.language) for group in found)

    def regional(match: re.Match[str]) -> str:
        area, *rest = re.findall("[0-9]+", match.group())
        groups = [f"{'zéro ' * (len(group) - len(group.lstrip('0')))}{speech.cardinal(int(group))}" for group in rest]
        return f"zéro {', '.join([speech.cardinal(int(area)), *groups])}"

    return (
        # Numbers of Belgium and Switzerland.
        rule(
            r"(?<![\w.])0[1-9][0-9]?[ /.][0-9]{3}[ .][0-9]{2}[ .][0-9]{2}(?![\w-])",
            regional,
            needs="0",
            starts="0[1-9]",
        ),
        rule(
            r"(?<![\w.])(?:\+(?:33|32|41) ?(?:\(0\) ?)?[1-9]|0[1-9])(?:[ .-]?[0-9]{2}){4}(?![\w-])",
            pairs,
            needs=DIGITS,
            starts="[+0]",
        ),
        rule(
            r"(?<![\w.])(?:\+?1[ .-])?\(?[0-9]{3}\)?[ .-][0-9]{3}[.-][0-9]{4}(?![\w-])",
            groups,
            needs=DIGITS,
            starts="[0-9+(]",
        ),
    )


def _fractions(speech: Grammar) -> tuple[Rule, ...]:
    named = {2: "demi", 3: "tiers", 4: "quart"}

    def say(part: Fraction) -> str:
        feminine = GENDER(part.one) == "f"
        name = (named.get(part.below) or ordinal(part.below, speech.cardinal)) + (
            "s" if part.above > 1 and part.below != 3 else ""
        )
        if part.whole and part.below == 2:
            whole = speech.integer(part.whole, part.many)
            noun = part.one if part.whole == "1" else part.many
            half = "demie" if feminine else "demi"
            return f"{whole} {noun} et {half}" if noun else f"{whole} et demi"
        above = "une" if feminine and part.below == 2 else speech.cardinal(part.above)
        said = (f"{speech.integer(part.whole)} et " if part.whole else "") + f"{above} {name}"
        if part.unit and part.below != 2:
            return f"{said} {speech.of(part.one)}"
        return f"{said} {part.one}".rstrip()

    return fraction_rules(
        FractionWording(
            speech,
            say,
            named=frozenset((2, 3, 4)),
            out_of="sur",
            no_nouns=frozenset(TABLES["never"].lower().split()),
            full_marks=frozenset((5, 10, 20)),
            of_words=frozenset(("de", "du", "des")),
        )
    )


def _decades(speech: Grammar) -> tuple[Rule, ...]:
    """Spell out `années 80` and `les 90s`."""

    def decade(match: re.Match[str]) -> str:
        return f"{match['word']} {speech.cardinal(int(match['digits']))}"

    styled = any_of(TABLES["decades"].split())

    def english(match: re.Match[str]) -> str:
        return f"{match['the']} années {speech.cardinal(int(match['digits']))}"

    return (
        rule(
            rf"{EDGE}(?P<word>[Aa]nnées) '?(?P<digits>[0-9]{{2}}|[0-9]{{3}}0(?='?s))(?:'?s)?(?![\w])",
            decade,
            words=["années"],
        ),
        rule(
            rf"{EDGE}(?P<the>[Ll]es|[Dd]es|[Aa]ux|{styled}) '?(?P<digits>(?:1[5-9]|20)?[0-9]0)'?s{END}",
            english,
            words=["les", "des", "aux", *TABLES["decades"].split()],
        ),
    )
