# SPDX-License-Identifier: GPL-3.0-or-later
"""Quantities: numbers with sign, range, decimals, scale, currency and unit. One rule for all languages.

A `Grammar` contains the words and tables of a language; `quantity` builds the rule from it. `-3,5 M€`, `10-15 %`,
`$1.2bn` and `120 km/h` are all: currency? sign? number (to number)? scale? (unit or currency)? (per unit)?
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

from podcast.speakable.engine import EDGE, END, Rule, any_of, last_dot, rule
from podcast.speakable.rules.spellout import digit_by_digit, is_code

DIGITS = "0123456789"
THOUSANDS = frozenset(("k", "K", "mil", "mila"))
"""Scales that are a factor: `12k` is twelve thousand."""
_LAKHS = re.compile(r"([0-9]{1,2}(?:,[0-9]{2})*),([0-9]{2},[0-9]{3})")
"""Crores and lakhs, and the digits below them."""
_SIGNS = {"−": "-", "–": "-", "≈": "~"}
"""Signs that are spoken like another one."""
_FEW = 2
"""The number from which `million` cannot be singular."""
_MAX_FALL = 20
"""How many times larger the first of two numbers may be, as in a score."""
_BEFORE_DASH = re.compile(r"(?:\A|[^\s(\[=:<>≤≥+*/×]) \Z")
_OPERATOR = re.compile(r" ?[-+=*/−](?! ?[^\W\d_]{2})")
_WORD_AFTER = re.compile(r" ([^\W\d_]+)")


@dataclass(frozen=True, slots=True)
class Currency:
    """The words of a currency: singular, plural, and its hundredth part."""

    one: str
    many: str
    cent: str = "cent"
    cents: str = "cents"
    front: bool = True
    """False for a word that is no currency before a number: `Euro 2024`."""


@dataclass(frozen=True, slots=True)
class Dashes:
    """The words, in lower case, that tell a dash from a minus, and from the mark of a range."""

    before_minus: frozenset[str] = frozenset()
    """Words after which a spaced dash is a minus before per cent: `falls from 3 to - 2 %`."""
    titled: frozenset[str] = frozenset()
    """Words with a number of their own, so that no range begins with it: `Episode 12 - 5 ways to …`."""


@dataclass(frozen=True, slots=True)
class Grammar:
    """The words and tables a language needs to read quantities."""

    language: str
    cardinal: Callable[[int], str]
    """Spells out an integer."""
    before: Callable[[int, str], str]
    """Spells out an integer before a noun, with agreement; the word may be empty or not a noun."""
    decimal: Mapping[str, str]
    """Decimal marks with the spoken word; the first is the language's own."""
    groups: str
    """Marks between thousands."""
    fraction: Callable[[str], str]
    """Spells out the digits after the decimal mark."""
    words: Mapping[str, str]
    """Words for `+`, `-`, `±`, `~`, `to` (a range), `per`, `and` (between euros and cents; may be empty)."""
    singular: Callable[[float], bool]
    """Returns True if a number takes the singular."""
    of: Callable[[str], str]
    """Joins a noun to `million`: `d'euros`, `de dollars`, `dollars`."""
    currencies: Mapping[str, Currency]
    scales: Mapping[str, tuple[str, str]]
    """`M` -> million, millions. `k` is always a factor of 1000."""
    money_scales: frozenset[str]
    """Scales that are valid only with a currency: `£5m` is millions, `5 m` metres."""
    units: Mapping[str, tuple[str, str]]
    pers: Mapping[str, str]
    """After a slash: `/h` -> heure."""
    dashes: Dashes = field(default_factory=Dashes)
    bare: Callable[[str], str | None] = lambda _: None
    """Spells out four separate digits as a year, where years differ from numbers; None if they are not a year."""
    attributive: Callable[[str, str], bool] = lambda _, __: False
    """Returns True if the noun stays singular, by the text before and after: `a 500 gigabyte disk`."""

    def integer(self, digits: str, noun: str = "") -> str:
        """Spell out an integer, as before a noun."""
        plain = "".join(digit for digit in digits if digit in DIGITS)
        if lakhs := _LAKHS.fullmatch(digits):
            return self._in_lakhs(*lakhs.groups())
        if is_code(plain):
            return digit_by_digit(plain, self.language)
        return self.before(int(plain), noun) if noun else self.cardinal(int(plain))

    def _in_lakhs(self, high: str, low: str) -> str:
        """Spell out a number with Indian digit grouping: `1,25,000` is a lakh and twenty-five thousand."""
        crores, lakhs = divmod(int(high.replace(",", "")), 100)
        parts = ((crores, "crore"), (lakhs, "lakh"))
        said = [f"{self.cardinal(number)} {self.scales[name][0]}" for number, name in parts if number]
        rest = int(low.replace(",", ""))
        return " ".join([*said, self.cardinal(rest)] if rest else said)

    def number(self, text: str, noun: str = "") -> str:
        """Spell out a number, decimals included."""
        whole, mark, decimals = self.split(text)
        words = self.integer(whole, "" if mark else noun)
        return f"{words} {self.decimal[mark]} {self.fraction(decimals)}" if mark else words

    def split(self, text: str) -> tuple[str, str, str]:
        """Split a number at its decimal mark; `12.000` has none where a dot separates thousands."""
        # `50,000` has English digit grouping in any language: nobody writes so many decimals.
        grouped = rf"(?!0)[0-9]{{1,3}}(?:[{re.escape(self.groups)}][0-9]{{3}})+|[1-9][0-9]{{1,2}},000"
        if re.fullmatch(grouped, text):
            return text, "", ""
        for mark in self.decimal:
            whole, found, decimals = text.rpartition(mark)
            if found:
                return whole, mark, decimals
        return text, "", ""

    def value(self, text: str) -> Decimal:
        """Return the value of a number."""
        whole, _, decimals = self.split(text)
        digits = "".join(digit for digit in whole if digit in DIGITS)
        return Decimal(f"{digits[:18] or 0}.{decimals[:20] or 0}")


def number_pattern(grammar: Grammar, name: str) -> str:
    """Return the pattern of a number in the language's format, with the group `name`."""
    groups = "".join(re.escape(mark) for mark in grammar.groups)
    marks = "".join(re.escape(mark) for mark in grammar.decimal)
    lakhs = r"[0-9]{1,2}(?:,[0-9]{2})+,[0-9]{3}(?![0-9])|" if "lakh" in grammar.scales else ""
    grouped = rf"{lakhs}[0-9]{{1,3}}(?P<_{name}>[{groups}])[0-9]{{3}}(?:(?P=_{name})[0-9]{{3}})*+(?![0-9])"
    return rf"(?P<{name}>(?>(?:{grouped}|[0-9]++)(?:[{marks}][0-9]++)?))(?![.,/:][0-9])"


def quantity(grammar: Grammar) -> Rule:
    """Return the rule that spells out quantities."""
    nouns = (*grammar.units, *grammar.currencies)
    dotted = any_of(noun for noun in nouns if noun[-1] == ".")
    symbols = any_of(noun for noun in nouns if not noun[-1].isalnum() and noun[-1] != ".")
    letters = any_of(noun for noun in nouns if noun[-1].isalnum())
    scales = any_of(scale for scale in grammar.scales if len(scale) > 2)
    marks = [mark for mark, currency in grammar.currencies.items() if currency.front]
    front = any_of(marks)
    pattern = (
        rf"(?P<sign>(?<![\w)\]'.–-])[-−–+±~≈] ?)?"
        rf"(?:(?<![^\W_])(?P<front>{front}) ?)?"
        rf"(?<![^\W_])(?<![0-9][.,/:-]){number_pattern(grammar, 'a')}"
        rf"(?:(?: ?[–—] ?|-| - |(?(front) {grammar.words['to']} (?=[0-9.,]+ (?:{scales}){END})|(?!)))(?:{front})?"
        rf"(?!0[0-9]{{2}}){number_pattern(grammar, 'b')}(?!-[0-9]| ?=))?"
        rf"(?:(?P<gap>[ -]?)(?P<scale>{any_of(grammar.scales)})(?![^\W_]|/s[²2]))?"
        rf"(?: ?(?P<dotted>{dotted})|(?P<joint>[ -]?)(?P<unit>{letters})(?![^\W_]|'[^\W\d_])| ?(?P<symbol>{symbols}))?"
        rf"(?P<pers>(?: ?/ ?(?:{any_of(grammar.pers)})(?![^\W_])){{0,2}})"
        # `5 %-7 %`, and the dot of an abbreviated unit: `15 gal. of`.
        rf"(?P<range>(?(unit)|(?(symbol)|(?(scale)|(?!))))(?<![x×])"
        rf"(?:[-–](?=(?:{front})?[0-9])| [-–] (?=[0-9]+(?:[.,][0-9]+)?(?:[ -]?{letters}(?![^\W_])| ?{symbols}))))?"
        r"(?(unit)(?:\.(?=[,;)]| [a-z]| [0-9]+ (?:min|in|oz|sec)))?|(?(scale)(?:\.(?= [a-z]))?))"
    )
    starts = "".join(sorted({re.escape(mark[0]) for mark in marks}))
    return rule(pattern, lambda match: _say(match, grammar), needs=DIGITS, starts=rf"[0-9−–+±~≈{starts}-]")


def millions(grammar: Grammar, no_nouns: frozenset[str], plural: str = "") -> Rule:
    """Return the rule for whole millions in digits before a noun: `2 000 000 habitants`, deux millions d'habitants.

    `no_nouns` are words that may follow and are not nouns, `plural` the letters in which nouns in the plural may end.
    """

    def say(match: re.Match[str]) -> str | None:
        value, word = grammar.value(match["a"]), match["word"]
        is_noun = word.lower() not in no_nouns and word not in grammar.units and (not plural or word[-1] in plural)
        if not is_noun or not _is_millions(None, value):
            return None
        joint = grammar.of(word.lower()).removesuffix(word.lower())
        return f"{grammar.number(match['a'], word)} {joint}" if joint else None

    groups = re.escape(grammar.groups[0])
    return rule(
        rf"(?<![\w.,/:+−–-])(?<![0-9] )(?P<a>[0-9]{{1,3}}(?P<mark>[{groups}.])[0-9]{{3}}(?P=mark)000(?:(?P=mark)000)?) "
        r"(?=(?P<word>[^\W\d_]+)(?![^\W_]))",
        say,
        needs=DIGITS,
        starts=r"[0-9]{1,3}[ .][0-9]",
    )


def without_number(grammar: Grammar, units: Iterable[str], plural: Iterable[str]) -> tuple[Rule, ...]:
    """Return the rules for units and currencies without a number: `le prix au m²`, `des centaines de M€`.

    `plural` are the words after which a unit is plural.
    """
    many = tuple(f" {word} " for word in plural)

    def unit(match: re.Match[str]) -> str:
        said = grammar.units[match["unit"]][
            match.string[max(0, match.start() - 12) : match.start()].lower().endswith(many)
        ]
        return f"{said} {grammar.words['per']} {grammar.pers[match['per']]}" if match["per"] else said

    def money(match: re.Match[str]) -> str:
        return f"{grammar.scales[match['scale']][1]} {grammar.of(grammar.currencies[match['mark']].many)}"

    marks = [mark for mark in grammar.currencies if not mark[-1].isalnum()]
    scales = any_of(scale for scale in grammar.scales if scale[0].isupper())
    return (
        rule(rf"{EDGE}(?P<unit>{any_of(units)})(?:/(?P<per>{any_of(grammar.pers)}))?{END}", unit, words=units),
        rule(
            rf"{EDGE}(?P<scale>{scales})(?P<mark>{any_of(marks)})",
            money,
            needs="".join(mark[0] for mark in marks),
            starts=rf"[A-Z][a-z]{{0,3}}{any_of(marks)}",
        ),
    )


def _say(match: re.Match[str], grammar: Grammar) -> str | None:
    """Spell out sign, amount and unit or currency; None for a code, `12abc`."""
    rest = match.string[match.end() : match.end() + 30]
    scale, noun = _scale_and_noun(match, grammar, rest)
    if not (scale or noun) and rest[:1].isalpha():
        return None
    if noun == "x" and _OPERATOR.match(rest):
        return f"{grammar.number(match['a'])} x"  # 2x + 1
    single = match["joint"] == "-" or grammar.attributive(match.string[max(0, match.start() - 9) : match.start()], rest)
    if currency := grammar.currencies.get(noun):
        said = _money(match, grammar, _without_plural(currency) if single else currency, scale)
    else:
        said = _measure(match, grammar, scale, noun, rest, single=single)
    said = ("— " if _is_dash(match, grammar) else _sign(match, grammar)) + said
    said += "".join(f" {grammar.words['per']} {grammar.pers[per.strip()]}" for per in match["pers"].split("/")[1:])
    return f"{said} {grammar.words['to']}" if match["range"] else said


def _scale_and_noun(match: re.Match[str], grammar: Grammar, rest: str) -> tuple[str | None, str]:
    """Return the scale and the noun after it, which may be empty; in `5 m` the scale is a unit."""
    scale, noun = match["scale"], match["front"] or match["dotted"] or match["symbol"] or match["unit"] or ""
    if scale and noun not in grammar.currencies and not _scales_alone(match, grammar, rest):
        return None, scale
    return scale, noun


def _sign(match: re.Match[str], grammar: Grammar) -> str:
    """Return the words for `-`, `±` or `~`, followed by a space; empty without a sign."""
    sign = (match["sign"] or "").strip()
    return f"{grammar.words[_SIGNS.get(sign, sign)]} " if sign else ""


def _is_dash(match: re.Match[str], grammar: Grammar) -> bool:
    """Return True if the sign before a number is a dash between words: `Review - 2025`, `The flood – 14 killed – …`.

    A minus is written without a space after it, as U+2212, in a formula, or before degrees or per cent.
    """
    if match["sign"] not in {"- ", "– "}:
        return False
    before, after = match.string[max(0, match.start() - 30) : match.start()], match.string[match.end() :]
    listed = match["symbol"] is None and before.endswith(": ")  # the first of a list
    if not (listed or _BEFORE_DASH.search(before)) or _OPERATOR.match(after):
        return False
    word = re.search(r"([^\W\d_]+) \Z", before)
    if match["symbol"] is None or match["symbol"] in grammar.currencies:
        return word is None or word[1].lower() not in grammar.dashes.before_minus
    if re.match(" [-–—] ", after):
        return True
    return "°" not in match["symbol"] and word is not None and word[1].lower() not in grammar.dashes.before_minus


def _between(match: re.Match[str], grammar: Grammar) -> str:
    """Return what is spoken between two numbers: `to`, or a pause where no range can be meant.

    That is after the number of an episode (`Episode 12 - 5 ways`) or a year (`In 2020 – 12 people – …`).
    """
    to = f" {grammar.words['to']} "
    if not match["b"] or match.string[match.end("a")] != " ":
        return to
    words = match.string[max(0, match.start() - 30) : match.start()].lower().split()
    titled = bool(words) and words[-1] in grammar.dashes.titled
    if titled and re.fullmatch("(?:19|20)[0-9]{2}", match["b"]):
        return " — "  # Volume 4 - 2024
    if not (match["unit"] or match["scale"] or _WORD_AFTER.match(match.string, match.end())):
        return to
    falls = grammar.value(match["a"]) > _MAX_FALL * max(Decimal(1), grammar.value(match["b"]))
    return " — " if falls or titled else to


def _measure(match: re.Match[str], grammar: Grammar, scale: str | None, noun: str, rest: str, *, single: bool) -> str:
    """Return an amount with its unit or the noun that follows: `cent vingt kilomètres`, `three million`."""
    one, many = grammar.units.get(noun, (noun, noun))
    following = _WORD_AFTER.match(rest)
    said = _amount(match, grammar, scale, one or (following[1] if following else ""))
    if noun:
        value = grammar.value(match["b"] or match["a"])
        if (match["unit"] or match["dotted"]) and match["scale"] != noun and _is_millions(scale, value):
            said += f" {grammar.of(many)}"
        else:
            said += f" {one if single or grammar.singular(float(value)) else many}"
    return f"{said}." if match["dotted"] and not match["pers"] and _ends_sentence(match, rest) else said


def _ends_sentence(match: re.Match[str], rest: str) -> bool:
    """Return True if the dot of an abbreviated unit also ends the sentence: `He drank 2 gal. Then …`."""
    return last_dot(match) or (rest[:1] == " " and rest[1:2].isupper())


def _scales_alone(match: re.Match[str], grammar: Grammar, rest: str) -> bool:
    """Return True if a letter is a scale without currency: `10k`, `3 Md`, `5M`, `10 M d'habitants`, but not `5 m`."""
    if match["scale"] in grammar.money_scales:
        return False
    return len(match["scale"]) > 1 or not match["gap"] or bool(re.match(r" d(?:e |')", rest))


def _scale_name(grammar: Grammar, scale: str, value: Decimal) -> str:
    """Return the word for a scale in singular or plural; the singular of `1,2 milhão` stays as written."""
    one, many = grammar.scales[scale]
    return one if grammar.singular(float(value)) or (scale == one and value < _FEW) else many


def _amount(match: re.Match[str], grammar: Grammar, scale: str | None, noun: str) -> str:
    """Return the number or range, and its scale."""
    texts = list(filter(None, match.group("a", "b")))
    to = _between(match, grammar)
    if scale in THOUSANDS and all(grammar.value(text) < 10**11 for text in texts):
        return to.join(grammar.before(int(grammar.value(text) * 1000), noun) for text in texts)
    if scale:
        one = grammar.scales[scale][0]
        number = to.join(grammar.number(text, one) for text in texts)
        return f"{number} {_scale_name(grammar, scale, grammar.value(texts[-1]))}"
    if any(match.group("dotted", "symbol", "unit", "front")) or (match["sign"] and not _is_dash(match, grammar)):
        return to.join(grammar.number(text, noun) for text in texts)
    return to.join(grammar.bare(text) or grammar.number(text, noun) for text in texts)


def _money(match: re.Match[str], grammar: Grammar, currency: Currency, scale: str | None) -> str:
    """Return an amount of money: `douze euros cinquante`, `three million dollars`."""
    whole, _, cents = grammar.split(match["a"])
    if len(cents) == 2 and not (scale or match["b"]):
        return _with_cents(grammar, currency, whole, int(cents))
    if match["b"] and not scale and (said := _from_to(match, grammar, currency)):
        return said
    value = grammar.value(match["b"] or match["a"])
    words = _amount(match, grammar, scale, currency.one)
    if _is_millions(scale, value):
        return f"{words} {grammar.of(currency.many)}"
    return f"{words} {currency.one if grammar.singular(float(value)) and not scale else currency.many}"


def _from_to(match: re.Match[str], grammar: Grammar, currency: Currency) -> str | None:
    """Return a range of amounts with cents, `$12.50-$18.00`; None if they have none."""
    (low, _, low_cents), (high, _, high_cents) = grammar.split(match["a"]), grammar.split(match["b"])
    if {len(low_cents), len(high_cents)} - {0, 2} or not (low_cents or high_cents):
        return None
    to = f" {grammar.words['to']} "
    if not int(low_cents or 0) and not int(high_cents or 0):
        one = grammar.singular(float(grammar.value(high)))
        amounts = to.join(grammar.integer(whole, currency.one) for whole in (low, high))
        return f"{amounts} {currency.one if one else currency.many}"
    return to.join(
        _with_cents(grammar, currency, whole, int(cents or 0))
        for whole, cents in ((low, low_cents), (high, high_cents))
    )


def _without_plural(currency: Currency) -> Currency:
    """Return a currency as before a noun: `a two dollar fifty coffee`."""
    return replace(currency, many=currency.one, cent="", cents="")


def _is_millions(scale: str | None, value: Decimal) -> bool:
    """Return True if a number ends with `million` or a larger scale, which is followed by `of`."""
    if scale and scale not in THOUSANDS:
        return True
    return value >= 1 and int(value) % 1_000_000 == 0


def _with_cents(grammar: Grammar, currency: Currency, whole: str, cents: int) -> str:
    """Return an amount with its hundredth part: `two dollars and fifty cents`, `douze euros cinquante`."""
    noun = currency.one if grammar.singular(float(grammar.value(whole))) else currency.many
    coins = f"{grammar.before(cents, currency.cent)} {currency.cent if cents == 1 else currency.cents}".rstrip()
    if cents and not grammar.value(whole):
        return coins
    amount = f"{grammar.integer(whole, currency.one)} {noun}"
    if not cents:
        return amount
    if joint := currency.cents and grammar.words["and"]:
        return f"{amount} {joint} {coins}"
    return f"{amount} {grammar.cardinal(cents)}".rstrip()
