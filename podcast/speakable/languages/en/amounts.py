# SPDX-License-Identifier: GPL-3.0-or-later
"""English amounts that look like something else: `4m users` is no length, `3M` a company, `$.75` has no zero.

The nouns that are counted in millions are in languages/en/speaking.toml.
"""

import re

from podcast.speakable.engine import END, Rule, any_of, rule
from podcast.speakable.rules import spellout
from podcast.speakable.rules.measures import DIGITS, Grammar, number_pattern
from podcast.speakable.tables import Tables

_ARTICLE = re.compile(r"\b(?:an?|the|th(?:is|at)|each|every|his|her|its|\w+'s) $", re.IGNORECASE)
"""Text before a length that is part of a name: `the 300m hurdles`."""
_BY_A_COMPANY = re.compile(
    r"\b(?:according to|[a-z]{2,}ed by|(?:made|sold|sued|bought) by|settlement with) $", re.IGNORECASE
)
"""Text before a name and not an amount."""
_RAISED = re.compile(
    r"(?:[$£€]|\b(?:to|over|than|nearly|about|almost|around|raised|reached|hit|made|worth|under|up|some|from|first|last|"
    r"just|only|by|approximately|roughly|exceeds?|exceeded|passed|of the)) ?$"
)
_SOME = re.compile(
    r"\b(?:estimated|some|nearly|about|almost|over|around|up to|than|further|another|roughly|least) $", re.IGNORECASE
)
"""Text before a number of people, of whom a verb in the plural tells something."""
_OTHER_SCALE = re.compile(r"[0-9](?<!3)[MKB]\b")


def amount_rules(speech: Grammar, tables: Tables) -> tuple[Rule, ...]:
    """Return the rules."""
    return (
        *_millions(speech, tables),
        _company(speech, tables),
        _named(speech, tables),
        _cents(speech),
        _scaled_range(speech),
        *_marks(speech),
    )


def _after(tables: Tables) -> str:
    """Return a pattern for nouns that are counted in millions, after at most two adjectives."""
    counted = any_of(tables["millions"]["counted"].split())
    no_noun = any_of(tables["millions"]["measured"].split())
    compound = any_of(tables["millions"]["compound"].split())
    return (
        rf"(?:(?: (?!{no_noun}{END})[a-zA-Z-]+){{0,2}}? {counted}{END}|-{compound}{END}"
        r"| on (?:Instagram|TikTok|YouTube|Facebook|Twitter|X|Spotify|Twitch|Weibo|Netflix)\b"
        r"| (?:square|sq\.?|cubic) | of (?:them|us|you|whom|these|those)\b)"
    )


def _millions(speech: Grammar, tables: Tables) -> tuple[Rule, ...]:
    """Spell out `4m users` and `3m-5m people`; other nouns in the plural count unless they are measured in metres."""
    measured = any_of(tables["millions"]["measured"].split())
    then = (
        r"(?:in|on|at|by|and|or|for|to|from|last|this|with|per|the|who|when|after|before|since|worldwide|globally|over|"
        r"was|is|were|are|had|has|have|will|a (?:year|month|week|day))"
    )
    verbs = r"(?:are|were|have|had|could|would|will|may|might|live[ds]?|died|voted|fled|watched|use[ds]?|stayed)"
    plural = rf" (?!{measured}{END})[a-z]{{3,}}(?<!s)s{END}"

    places = (
        r"\b(?:city|country|nation|town|region|state|island|continent|bloc|market) of (?:some |about |over |nearly )?$"
    )
    sold = re.compile(
        rf"\b{any_of(tables['millions']['before'].split())}(?: (?:by|of))?(?: [a-z]+){{0,2}}:? $|{places}"
    )

    def million(match: re.Match[str]) -> str | None:
        before = match.string[max(0, match.start() - 40) : match.start()]
        living = match["lives"] and _SOME.search(before)
        if not (match["counted"] or match["noun"] or living or sold.search(before)):
            return None
        if match["noun"] and not match["counted"] and _ARTICLE.search(before):
            return None
        if match["to"] == " and ":
            return f"{speech.number(match['a'])} and {speech.number(match['b'])} million" if match["counted"] else None
        last = f" {speech.words['to']} {speech.number(match['b'])}" if match["b"] else ""
        return f"{speech.number(match['a'])}{last} million"

    number = number_pattern(speech, "a").replace("(?![.,/:][0-9])", "")
    last = number_pattern(speech, "b").replace("(?![.,/:][0-9])", "")
    return (
        rule(
            rf"(?<![\w$£€.,:/+-]){number}(?:m?(?P<to>-|–| to | and ){last})?m"
            rf"(?=(?P<counted>\+?{_after(tables)})|(?P<noun>{plural})|(?P<lives> {verbs}\b)"
            rf"|[,.;:!?)]|$| {then}\b)",
            million,
            needs=DIGITS,
            starts=r"[0-9]+(?=[0-9.,]*m\b|[0-9.,]*m?(?:-|–| to | and )[0-9.,]+m\b)",
        ),
    )


def _company(speech: Grammar, tables: Tables) -> Rule:
    """Spell out the name of the company `3M`, where no amount is meant."""

    def name(match: re.Match[str]) -> str | None:
        before = match.string[: match.start()]
        if match["counted"] and (before or not re.match(" (?:shares|stock|products)", match["counted"])):
            return None
        if _BY_A_COMPANY.search(before):
            return f"{speech.cardinal(3)} M"
        return None if _RAISED.search(before) or _OTHER_SCALE.search(match.string) else f"{speech.cardinal(3)} M"

    return rule(rf"(?<![\w$£€.,:/+-])3M(?![\w/-])(?=(?P<counted>{_after(tables)})|)", name, needs="M", starts="3M")


def _named(speech: Grammar, tables: Tables) -> Rule:
    """Spell out a number with a letter after a capitalised noun, where no billion is meant: `Locker 7B`."""
    amounts = frozenset(tables["millions"]["amounts"].split())

    def name(match: re.Match[str]) -> str | None:
        if match["word"].lower() in amounts:
            return None
        return f"{match['word']} {speech.integer(match['digits'])} B"

    return rule(
        rf"(?<![^\W_])(?P<word>[A-Z][a-z]+) (?P<digits>[1-9][0-9]{{0,4}})B{END}(?! ?[€$£])",
        name,
        needs="B",
        starts="[A-Z][a-z]+ (?=[1-9][0-9]*B)",
    )


def _marks(speech: Grammar) -> tuple[Rule, ...]:
    """Spell out marks between numbers, `6--9`, `1~2`, `2,5cm`, and of inches, `1/4" thick`."""
    to = f" {speech.words['to']} "

    def size(match: re.Match[str]) -> str:
        one, many = speech.units[match.group()]
        return one if match.string[: match.start()].lower().endswith(("per ", " a ")) else many

    return (
        rule(r"(?<=[0-9])(?:--| ?~ ?)(?=[0-9])", to, needs="-~", starts="--| ?~"),
        # GB alone is Great Britain.
        rule(
            r"(?:(?<=\bper )|(?<=\bmany )|(?<=\bin )|(?<=\ba ))(?P<unit>[GT]B)\b|(?P<of>[GT]B)(?= of\b)",
            size,
            words=["GB", "TB"],
        ),
        rule(
            r"(?<=[0-9]) -(?=[0-9]+ ?(?:min|hour|hr|sec|year|day|people|cm|mm|km|kg|ml|%))", to, needs="-", starts=" -"
        ),
        rule(r"(?<=[0-9]/[2-8])-(?=[0-9]+(?:/[2-8])?(?![\w/-]))", to, needs="/", starts="-"),
        rule(r"~(?=[0-9]+/[0-9])", f"{speech.words['~']} ", needs="~"),
        rule(
            r"(?<![\w.,])(?P<whole>[0-9]{1,3}),(?P<rest>[0-9]{1,2}) ?(?P<unit>cm|mm|km|kg|ml|g|l|m)\b",
            lambda match: f"{speech.number(match['whole'] + '.' + match['rest'])} {speech.units[match['unit']][1]}",
            needs=",",
            starts="[0-9]{1,3},(?=[0-9]{1,2} ?[cmklg])",
        ),
        rule(
            r"(?:(?<=[0-9]/[248])|(?<=1/16)|(?<=[½¼¾⅓⅔⅛⅜⅝⅞]))[\"”″]"
            r"(?= (?:thick|wide|long|tall|deep|across|pieces|slices|strips|cubes|chunks|diameter|in|dice|x|by|\())",
            " inch",
            needs='"”″',
        ),
    )


def _scaled_range(speech: Grammar) -> Rule:
    """Spell out a range of money with the scale twice: `$1.5m-$2m`, `£100k–£150k`."""

    def span(match: re.Match[str]) -> str:
        currency, scale = speech.currencies[match["mark"]], match["scale"]
        word = "thousand" if scale in "kK" else speech.scales[scale][0]
        before = match.string[max(0, match.start() - 9) : match.start()]
        single = speech.attributive(before, match.string[match.end() : match.end() + 30])
        ends = f" {speech.words['to']} ".join(speech.number(match[end]) for end in "ab")
        return f"{ends} {word} {currency.one if single else currency.many}"

    scales = any_of(
        scale for scale in ("k", "K", "m", "M", "b", "B", "bn", "tn") if scale in {*speech.scales, "k", "K"}
    )
    number = "[0-9]{1,3}(?:[.][0-9]{1,2})?"
    return rule(
        rf"(?<![\w$£€.,-])(?P<mark>[$£€])(?P<a>{number})(?P<scale>{scales})[-–](?P=mark)(?P<b>{number})(?P=scale)"
        r"(?![\w-]|[.,][0-9])",
        span,
        needs="$£€",
        starts="[$£€]",
    )


def _cents(speech: Grammar) -> Rule:
    """Spell out money without a zero: `$.75`, `$.5 million`."""

    def cents(match: re.Match[str]) -> str:
        currency = speech.currencies[match["mark"]]
        to = f" {speech.words['to']} " if match["range"] else ""
        if len(match["digits"]) == 2 and not match["scale"]:
            number = int(match["digits"])
            return f"{speech.cardinal(number)} {currency.cent if number == 1 else currency.cents}{to}"
        scale = f" {match['scale'].strip()}" if match["scale"] else ""
        return f"{speech.decimal['.']} {spellout.digit_by_digit(match['digits'], 'en')}{scale} {currency.many}{to}"

    return rule(
        r"(?<![\w.])(?P<mark>US\$|[$£€])\.(?P<digits>[0-9]{1,4})(?![\w]|[.,][0-9])"
        r"(?P<scale> (?:hundred|thousand|million|billion|trillion))?(?P<range>[-–](?=[$£€]?\.?[0-9]))?",
        cents,
        needs="$£€",
        starts=r"(?:US)?[$£€]",
    )
