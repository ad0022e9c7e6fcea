# SPDX-License-Identifier: GPL-3.0-or-later
"""Units, currencies, dates and ordinals from the CLDR, for languages without a speaking.toml.

`3,5 км` becomes three and a half kilometres in the Russian plural form; `$45` ends in the word for dollars. Decimals
without a unit, times of day and everything else are left to the engine, unchanged.
"""

import datetime as dt
import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING

from podcast.langtag import UNSPACED, primary
from podcast.speakable.engine import DIGIT, EDGE, END, NUMERALS, Rule, any_of, rule
from podcast.speakable.rules.dates import date_rules
from podcast.speakable.rules.spellout import ROMAN_TENS, cardinal, engine, is_code, roman
from podcast.speakable.tables import shared

if TYPE_CHECKING:
    from babel import Locale

DIGITS = "0123456789"
TABLE = shared("cldr.toml")
TIGHT = frozenset((*UNSPACED, "ko"))
"""Languages in which a number may directly follow a word."""
NUMBER = r"[0-9]{1,3}(?:[ ,.][0-9]{3}){1,4}(?:[.,][0-9]{1,6})?(?![0-9])|[0-9]{1,15}(?:[.,][0-9]{1,6})?"
SHORT = r"(?:\.(?=,| [a-zà-öø-ÿа-яёα-ώ]))?"
"""The dot of an abbreviation that does not end a sentence."""


def rules(language: str) -> tuple[Rule, ...]:
    """Return the rules for dates, money and quantities of a language; none if the CLDR does not contain it."""
    locale = _locale(language)
    if locale is None:
        return ()
    return (*_dates(locale), *_halves(locale), *_quantities(_Words(language, locale)), *_and(locale), *_roman(language))


def _locale(language: str) -> "Locale | None":
    from babel import Locale, UnknownLocaleError

    for name in (language, primary(language)):
        try:
            return Locale.parse(name, sep="-")
        except (ValueError, UnknownLocaleError):
            continue
    return None


class _Words:
    """The words of a language for amounts, and its number format."""

    def __init__(self, language: str, locale: "Locale") -> None:
        self.language = language
        self.locale = locale
        symbols = locale.number_symbols.get("latn", {})
        self.decimal: str = symbols.get("decimal", ".")
        self.spell = engine(language) is not None and primary(language) not in TABLE["spelt_by_engine"].split()

    def value(self, text: str) -> Decimal:
        """Return the value of a written number: with the decimal mark of the language, or with the other one."""
        plain = re.sub(r"\s", "", text)
        if re.fullmatch(rf"[0-9]{{1,3}}(?:{'[.]' if self.decimal == ',' else ','}[0-9]{{3}})+", plain):
            return Decimal(re.sub("[.,]", "", plain))
        whole, _, decimals = re.sub(r"[.,](?=.*[.,])", "", plain).replace(",", ".").partition(".")
        return Decimal(f"{whole}.{decimals}" if decimals else whole)

    def number(self, text: str) -> str:
        """Spell out a number, or return it in digits that the engine can read."""
        value = self.value(text)
        if value != int(value):
            return f"{value:f}".replace(".", self.decimal)
        if is_code(text):
            return text
        try:
            return cardinal(int(value), self.language) if self.spell else str(int(value))
        except KeyError:
            return str(int(value))

    def minus(self) -> str:
        """Return the words before a negative number, followed by a space."""
        return cardinal(-1, self.language).removesuffix(cardinal(1, self.language)) if self.spell else "-"

    def unit(self, text: str, name: str) -> str | None:
        """Spell out a number with its unit."""
        from babel.numbers import format_decimal
        from babel.units import UnknownUnitError, format_unit

        if name == "concentr-percent" and primary(self.language) in TABLE["percent"]:
            return str(TABLE["percent"][primary(self.language)]).format(self.number(text))
        value = self.value(text)
        bare = format_decimal(value, locale=self.locale)
        for length in ("long", "short"):
            try:
                said = format_unit(value, name, length, locale=self.locale)
            except UnknownUnitError:
                return None
            if name not in said and not re.search("[%٪‰؉°]", said):
                return said.replace(bare, self.number(text)).replace("/", " ") if bare in said else None
        return None

    def money(self, text: str, scale: str, code: str) -> str:
        """Spell out an amount of money."""
        from babel.numbers import get_currency_name

        count = 1_000_000 if scale else self.value(text)
        name = get_currency_name(code, count, self.locale)
        short = " ".join(word for word in name.split() if not word.startswith(TABLE["home"].get(code, " ")))
        return self.join(self.scaled(text, scale), short or name)

    def scaled(self, text: str, scale: str) -> str:
        """Spell out a number with the word for millions after it, which may be abbreviated in the text."""
        if not scale:
            return self.number(text)
        form = self.locale.plural_form(self.value(text))
        name = self.scales()[scale.rstrip(".")].get(form) or scale
        return self.join(self.number(text), name)

    def join(self, number: str, noun: str) -> str:
        """Append a noun to a number, with a space where the language has spaces."""
        return number + ("" if "\u2e80" <= noun[0] <= "\u9fff" else " ") + noun

    @cache  # noqa: B019 # one for each language
    def scales(self) -> dict[str, dict[str, str]]:
        """Return the words for millions, in full and abbreviated, each with its full form by plural category."""
        known = self.locale.compact_decimal_formats
        if not known.get("short") or not known.get("long"):
            return {}
        found: dict[str, dict[str, str]] = {}
        for power in range(3, 15):
            size = str(10**power)
            forms = {form: _letters(sizes[size].pattern) for form, sizes in known["long"].items() if size in sizes}
            for length in ("long", "short"):
                for sizes in known[length].values():
                    word = _letters(sizes[size].pattern) if size in sizes else ""
                    if len(word) > 1 or (word > "\u02ff" and word.lower() == word.upper()):
                        found.setdefault(word.rstrip("."), forms)
        return found


def _letters(pattern: str) -> str:
    """Return the word in a CLDR pattern such as `0 млн'.'`."""
    return re.sub(r"[0#;'\s\u200f]", "", pattern) if pattern.count(";") == 0 else ""


def _units(words: _Words) -> dict[str, str]:
    """Return the symbols of units: international ones, and those of the language, such as `км`."""
    from babel.numbers import format_decimal
    from babel.units import UnknownUnitError, format_unit

    found = dict(TABLE["units"])
    for name in TABLE["units"].values():
        for count in (1, 2, 5):
            bare = format_decimal(count, locale=words.locale)
            try:
                sign, whole = (
                    format_unit(count, name, length, locale=words.locale).replace(bare, "").strip(" \u00a0\u202f\u200f")
                    for length in ("short", "long")
                )
            except UnknownUnitError:
                continue
            if sign != whole and re.fullmatch(r"[^\W\d_a-z]{2,4}|[^\W\d_a-z]{1,3}/[^\W\d_a-z]{1,3}", sign):
                found.setdefault(sign, name)
    return found


def _quantities(words: _Words) -> Iterator[Rule]:
    """Create the rules for money, for numbers with a unit, and for millions with any noun."""
    codes = _currencies(words)
    before, after = _edges(words.language)
    money = any_of(codes)
    scale = rf"(?: ?(?P<scale>{any_of(words.scales())}){after}(?:\.(?=,| [a-zà-öø-ÿа-яёα-ώ]| ?{money}))?)"

    def amount(match: re.Match[str]) -> str:
        return words.money(match["number"], match["scale"] or "", codes[match["code"]])

    yield rule(rf"{before}(?P<code>{money}) ?(?P<number>{NUMBER}){scale}?(?![0-9]|[.,][0-9])", amount, needs=DIGITS)
    yield rule(
        rf"{before}(?P<number>{NUMBER}){scale}? ?(?P<code>{money})(?![^\W_]){SHORT}",
        amount,
        needs=DIGITS,
        starts=DIGIT,
    )
    yield from _unit_rules(words, before, after)
    if words.scales():
        yield rule(
            rf"{before}(?P<number>{NUMBER}){scale}",
            lambda match: words.scaled(match["number"], match["scale"]),
            needs=DIGITS,
            starts=DIGIT,
        )


def _edges(language: str) -> tuple[str, str]:
    """Return the patterns before a number and after a unit: no letter, where words have spaces."""
    if primary(language) in TIGHT:
        return r"(?<![0-9A-Za-z.,:/])", "(?![A-Za-z0-9])"
    return r"(?<![0-9.,:/])(?<![^\W_])", r"(?![^\W_])"


def _currencies(words: _Words) -> dict[str, str]:
    """Return currency codes by spelling: `EUR`, `€`, and the symbols of the language."""
    from babel.numbers import get_currency_symbol

    known = TABLE["codes"].split()
    codes: dict[str, str] = {get_currency_symbol(code, words.locale).strip(" ."): code for code in known}
    codes |= {code: code for code in known} | TABLE["signs"]
    if primary(words.language) == "zh":
        codes |= {"¥": "CNY", "￥": "CNY"}
    return codes


def _unit_rules(words: _Words, before: str, after: str) -> Iterator[Rule]:
    """Create the rules for numbers with a unit, and for `%5`, the Turkish order."""
    units = _units(words)
    lettered = any_of(unit for unit in units if unit[-1].isalnum())
    signs = any_of(unit for unit in units if not unit[-1].isalnum())

    def quantity(match: re.Match[str]) -> str | None:
        number = words.number(match["number"])
        said = words.unit(match["number"], units[match["unit"] or match["sign"] or "%"])
        return said and said.replace(number, _before_number(match, words) + number, 1)

    yield rule(
        rf"(?P<minus>(?<![\w)][-−–])(?<![\w)])[-−–])?{before}"
        rf"(?:(?P<low>[0-9]{{1,6}}(?:[.,][0-9]{{1,3}})?) ?[-–—] ?)?(?P<number>{NUMBER}) ?"
        rf"(?:(?P<unit>{lettered}){after}(?![./²³]\w)(?:(?<![0-9 ][mgl])|(?!\.)){SHORT}|(?P<sign>{signs}))",
        quantity,
        needs=DIGITS,
        starts="[-−–]?[0-9]+",
    )
    yield rule(
        rf"(?<![0-9] )(?<![^\s(«“„])%(?P<number>{NUMBER})(?P<unit>)(?P<sign>)(?P<low>)(?P<minus>)(?![0-9])",
        quantity,
        needs="%",
    )


def _before_number(match: re.Match[str], words: _Words) -> str:
    """Return the lower end of a range, or minus, with the word that joins it to the number; else ""."""
    if match["low"]:
        return f"{words.number(match['low'])} – "
    return words.minus() if match["minus"] else ""


def _dates(locale: "Locale") -> tuple[Rule, ...]:
    """Create the rules for numeric dates, in the language's order."""
    from babel.dates import format_date

    short = locale.date_formats["short"].pattern

    def date(day: int, month: int, year: int | None) -> str:
        said = format_date(dt.date(year or 2000, month, day), "long", locale)
        return re.sub(r"(?:\s[гр])?\.$", "", said)  # `2021 г.` would end the sentence

    return date_rules(date, month_first=short.lower().find("m") < short.find("d") and short[0] != "y")


def _halves(locale: "Locale") -> tuple[Rule, ...]:
    """Convert `2½` to decimals, which engines read in their own language."""
    mark = locale.number_symbols.get("latn", {}).get("decimal", ".")
    parts = {"½": "5", "¼": "25", "¾": "75"}

    def say(match: re.Match[str]) -> str:
        return f"{match['whole'] or 0}{mark}{parts[match['part']]}"

    return (rule(r"(?P<whole>[0-9]{0,6})(?P<part>[½¼¾])", say, needs="½¼¾"),)


def _and(locale: "Locale") -> tuple[Rule, ...]:
    """Replace `&` between two words by the language's conjunction."""
    joint = locale.list_patterns.get("standard", {}).get("2", "").replace("{0}", "").replace("{1}", "")
    say: Callable[[re.Match[str]], str] = lambda _: joint  # noqa: E731
    return (rule(r"(?<=\w) & (?=\w)", say, needs="&"),) if joint.strip(" ,،、") else ()


def _roman(language: str) -> tuple[Rule, ...]:
    """Spell out Roman numerals of two letters and more as ordinals: centuries, kings; engines read them in English."""
    numbers = engine(language)
    if numbers is None or primary(language) in TIGHT:
        return ()
    kind = next((kind for kind in ("ordinal-masculine", "ordinal") if f"spellout-{kind}" in numbers.rulesets), "")

    def say(match: re.Match[str]) -> str:
        return cardinal(roman(match["roman"]), language, kind)

    return (
        rule(
            rf"{EDGE}(?P<roman>{ROMAN_TENS}){END}(?!['.-]\w)(?:\.(?= [^\W\d_A-ZÀ-Þ]))?",
            say,
            needs=[NUMERALS],
            headlines=False,
            starts="[IVX]",
        ),
    )
