# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules for German beyond the table-driven ones (romance.py).

Ordinals are written with a dot and are declined: `am 3. Mai` is `am dritten Mai`, `der 2. Versuch` is `der zweite
Versuch`. The words before an ordinal determine its ending, else the gender of the noun. Kings: `Ludwig XIV.` is `Ludwig
der Vierzehnte`.
"""

import re
from collections.abc import Collection, Sequence

from podcast.speakable import tables
from podcast.speakable.engine import DIGIT, EDGE, END, NUMERALS, Rule, any_of, last_dot, rule
from podcast.speakable.languages import romance
from podcast.speakable.rules import spellout
from podcast.speakable.rules.agreement import gender
from podcast.speakable.rules.dates import is_day
from podcast.speakable.rules.measures import DIGITS, Grammar

TABLES = tables.load("de")
DECLENSION = {name: frozenset(words.split()) for name, words in TABLES["declension"].items()}
GENDER = gender(TABLES)
DETERMINERS = DECLENSION["articles"] | DECLENSION["oblique"] | DECLENSION["mixed"]


def grammar(language: str) -> Grammar:
    """Build the grammar of quantities for German."""
    return romance.grammar(language)


def rules(language: str) -> tuple[Rule, ...]:
    """Return the rules of German in order, without those for the remaining numbers."""
    months: list[str] = tables.load(language)["months"].split()
    return (
        rule(rf"{EDGE}(?P<name>[^\W\d_]+-?)?(?:str|Str)\.(?![\w-])", _street, needs="."),
        *_francs(),
        *_kings(),
        *_ordinals(months),
        *_joined(),
        rule(
            r"(?:(?<=[0-9], )|(?<=[0-9][a-z], )|(?<=PLZ ))[0-9]{3}(?!00)[0-9]{2}(?= [A-ZÄÖÜ][a-zäöü]{2})",
            lambda match: spellout.digit_by_digit(match.group(), "de"),
            needs=DIGITS,
            starts=DIGIT,
        ),
        *romance.rules(language),
        *_millions(),
    )


def _street(match: re.Match[str]) -> str:
    name = match["name"] or ""
    return f"{name}{'s' if name[-1:].isalpha() else 'S'}traße{'.' if last_dot(match) else ''}"


def ordinal(number: int, ending: str) -> str:
    """Return an ordinal with its ending: `zweite`, `zweiten`, `zweiter`, `zweites`."""
    return spellout.cardinal(number, "de", "ordinal") + ending.removeprefix("e")


def _kings() -> tuple[Rule, ...]:
    kings = TABLES["kings"].split()
    numbered = frozenset(TABLES["numbered"].split())

    def king(match: re.Match[str]) -> str | None:
        name, number = match["name"], spellout.roman(match["roman"])
        if name in numbered:
            return None
        before = (match["before"] or "").strip().lower()
        female = name in DECLENSION["queens"] or name.startswith(("Königin ", "Kaiserin ", "Queen ", "Zarin "))
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
            rf"{EDGE}{before}(?P<name>(?:{any_of(TABLES['rulers'].split())}) [A-ZÄÖÜ][^\W\d_]{{2,}})"
            rf" (?P<roman>{spellout.ROMAN_PATTERN})\.",
            king,
            words=TABLES["rulers"].split(),
        ),
        rule(
            rf"{EDGE}{before}(?P<name>[A-ZÄÖÜ][^\W\d_]{{2,}}) (?P<roman>{spellout.ROMAN_TENS})\.",
            king,
            needs=[NUMERALS],
            starts="[A-ZÄÖÜa-z]",
        ),
    )


def _before(match: re.Match[str]) -> list[str]:
    """Return the words before a match that determine its case, not those before a comma."""
    seen = re.split(r"[,;:(]", match.string[max(0, match.start() - 40) : match.start()])[-1]
    return re.findall(r"[^\W\d_]+", re.sub(r"[0-9.]+\. (?:und|oder|sowie) \Z", "", seen))


def _ending(before: list[str], noun: str) -> str:
    """Return the ending of an ordinal from the words before it and the noun."""
    last = before[-1].lower() if before else ""
    if last == "der" and len(before) > 1:
        genitive = len(before) > 2 and before[-2][0].isupper()
        return "en" if genitive or before[-2].lower() in DECLENSION["prepositions"] else "e"
    if last in DECLENSION["oblique"] or before == ["und"]:  # after another date: am 3.5. und 7.5.
        return "en"
    if _follows_adjective(before, last):
        return "en" if last.endswith("en") else "e"
    if last in DECLENSION["articles"]:
        return "e"
    if noun.lower() in DECLENSION["neuter"]:
        return "es"
    return "e" if GENDER(noun) == "f" else "er"


def _follows_adjective(before: list[str], last: str) -> bool:
    """Return True if the word before an ordinal is an adjective after an article: `im frühen 20. Jahrhundert`."""
    article = before[-2].lower() if len(before) > 1 else ""
    if last.endswith("en"):
        return article in DECLENSION["oblique"]
    return last.endswith("e") and article in DECLENSION["articles"]


def _date(match: re.Match[str], months: Sequence[str]) -> str | None:
    """Spell out `3.10.`, `21.02.2025` and `2025-02-21`."""
    day, month = int(match["day"]), int(match["month"])
    if not is_day(day, month):
        return None
    year = f" {spellout.cardinal(int(match['year']), 'de', 'numbering-year')}" if match["year"] else ""
    return f"{ordinal(day, _ending(_before(match), months[month - 1]))} {months[month - 1]}{year}"


def _ordinal(match: re.Match[str], months: Collection[str]) -> str | None:
    """Spell out `3.` before a noun if it is an ordinal and not the end of a sentence."""
    noun, before = match["noun"], _before(match)
    sure = noun in months or noun.islower() or noun.lower() in DECLENSION["ordinal_nouns"]
    if not sure and not (before and before[-1].lower() in DETERMINERS):
        return None
    ending = _ending(before, noun)
    listed = re.sub(r"([0-9]+)\.", lambda one: ordinal(int(one[1]), ending), match["list"] or "")
    return re.sub(" ?[-–] ?", " bis ", listed) + ordinal(int(match["digits"]), ending)


def _ordinals(months: Sequence[str]) -> tuple[Rule, ...]:
    day, month, year = (
        r"(?P<day>0?[1-9]|[12][0-9]|3[01])",
        r"(?P<month>0?[1-9]|1[0-2])",
        r"(?P<year>[12][0-9]{3})",
    )
    free = r"(?<![\w.,/:-])"
    names = frozenset([*months, *map(str.capitalize, TABLES["month_short"])])

    def date(match: re.Match[str]) -> str | None:
        return _date(match, months)

    return (
        rule(rf"{free}{year}-{month}-{day}(?![\w-])", date, needs="-", starts=DIGIT),
        rule(rf"{free}{day}\. ?{month}\.(?: ?{year}(?![\w/-]|:\w|[.,][0-9]))?(?![0-9])", date, needs=".", starts=DIGIT),
        rule(
            rf"{free}(?P<list>(?:[0-9]{{1,3}}\.(?: ?[-–] ?|, | und | oder | bis | sowie ))*)"
            r"(?P<digits>[0-9]{1,4})\.(?= (?P<noun>[^\W\d_]+))",
            lambda match: _ordinal(match, names),
            needs=".",
            starts=DIGIT,
        ),
    )


def _joined() -> tuple[Rule, ...]:
    """Spell out numbers in a word: `die 80er`, `in den 90ern`, `3fach`, `20-jährig`, `5%ige`, `2x`."""
    tails = TABLES["joined"].split()

    def decade(match: re.Match[str]) -> str:
        number = spellout.cardinal(int(match["tens"]), "de")
        century = spellout.cardinal(int(match["century"]) * 100, "de", "numbering-year") if match["century"] else ""
        return f"{century}{number}er{match['many']}"

    def joined(match: re.Match[str]) -> str:
        number = spellout.cardinal(int(match["digits"]), "de", "cardinal-masculine")
        return f"{number}{'prozent' if match['percent'] else ''}{match['tail'].lower()}"

    return (
        rule(
            rf"(?<![\w.,])(?P<century>1[1-9](?=[0-9]{{2}}er))?(?P<tens>[1-9][0-9]?)er(?P<many>n?){END}",
            decade,
            needs=DIGITS,
            starts=DIGIT,
        ),
        rule(
            rf"(?<![\w.,/–-])(?P<digits>[1-9][0-9]{{0,3}})(?:-?(?P<percent>%|[Pp]rozent)-?(?=ig)|-?)"
            rf"(?P<tail>{any_of(tails)}[a-zäöü]*){END}",
            joined,
            needs=DIGITS,
            starts=DIGIT,
        ),
        rule(
            r"(?<![\w.,])(?P<digits>[1-9][0-9]?)x(?P<percent>)(?P<tail>)(?= (?:[a-zäöü]{3}|[A-ZÄÖÜ][a-zäöü]))",
            lambda match: f"{joined(match)}mal",
            needs="x",
            starts=DIGIT,
        ),
    )


def _francs() -> tuple[Rule, ...]:
    """Spell out `Fr. 12.50`, which elsewhere is Friday or Mrs., and `Fr. 5.–`; and the prices `5,- €`, `20,-- EUR`."""

    def amount(match: re.Match[str]) -> str:
        number = spellout.cardinal(int(match["whole"].replace("'", "")), "de", "cardinal-masculine")
        cents = int(match["cents"]) if match["cents"].isdigit() else 0
        return f"{number} Franken" + (f" {spellout.cardinal(cents, 'de')}" if cents else "")

    def even(match: re.Match[str]) -> str:
        number = spellout.cardinal(int(match["whole"].replace(".", "")), "de", "cardinal-masculine")
        return f"{number} {TABLES['currencies'][match['mark'] or 'Euro']['many']}"

    marks = any_of(TABLES["currencies"])
    return (
        rule(
            rf"(?<![\w.,])(?P<whole>[0-9]{{1,3}}(?:\.[0-9]{{3}})*|[0-9]+), ?[-–—]{{1,2}}"
            rf"(?: ?(?P<mark>{marks})(?!\w)|(?![\w-]))",
            even,
            needs=",",
            starts=DIGIT,
        ),
        rule(
            rf"{EDGE}(?:s?Fr|SFr)\. ?(?P<whole>[0-9]{{1,3}}(?:'[0-9]{{3}})*|[0-9]+)"
            r"\.(?P<cents>[0-9]{2}|[-–—]{1,2})(?![\w.])",
            amount,
            words=["Fr", "sFr", "SFr"],
        ),
    )


def _millions() -> tuple[Rule, ...]:
    """Spell out `in Mio. Euro`, without a number, which takes the singular or plural of the word."""
    scales: dict[str, tuple[str, str]] = {key: names for key, names in TABLES["scales"].items() if key[-1] == "."}

    def many(match: re.Match[str]) -> str:
        return scales[match["scale"]][1] + ("." if last_dot(match) else "")

    return (
        rule(
            rf"(?<![^\W_])(?<![0-9] )(?P<scale>{any_of(scales)})", many, needs=".", words=["Mio", "Mrd", "Tsd", "Bio"]
        ),
    )
