# SPDX-License-Identifier: GPL-3.0-or-later
"""Find phone numbers, which are spelt out digit by digit, in groups: Spanish, Italian, Portuguese, German."""

import re

from podcast.speakable.engine import DIGIT, EDGE, Rule, any_of, rule
from podcast.speakable.rules import spellout
from podcast.speakable.rules.dates import DIGITS
from podcast.speakable.tables import Tables

_MAX_SPAN = 120
"""Maximum difference of two numbers that are years, and no phone number."""


def phones(table: Tables, language: str) -> tuple[Rule, ...]:
    """Return the rules for numbers that are written like phone numbers, `+34 …`, `02/…`, `3333-4444`."""

    def groups(text: str) -> str:
        return ", ".join(spellout.digit_by_digit(group, language) for group in re.findall("[0-9]+", text))

    others = frozenset(table["agreement"]["others"].split())

    def full(match: re.Match[str]) -> str:
        lead = f"{table['words']['+']} " if match.group()[0] == "+" else ""
        return lead + groups(match.group())

    def local(match: re.Match[str]) -> str | None:
        low, high = (int(number) for number in re.findall("[0-9]+", match.group())[-2:])
        is_span = "-" in match.group() and 0 < high - low <= _MAX_SPAN  # years of a life, or of a reign
        is_range = re.fullmatch("[0-9]+[05]0-[0-9]+[05]0", match.group())
        return None if is_span or is_range or counts_things(match) else groups(match.group())

    def counts_things(match: re.Match[str]) -> bool:
        following = re.match(r" (\w+|[€$£%])", match.string[match.end() :])
        is_grouped = re.fullmatch("[0-9]{3}(?: [0-9]{3}){2}", match.group())
        return bool(is_grouped and following and following[1].lower() not in others)

    digits = r"(?:\([0-9]{1,5}\) ?)?[0-9]{1,5}(?:(?:[ .-]| ?/ ?)[0-9]{2,9}){1,5}(?![\w-])"
    dashed = (
        r"(?:[0-9]{2} )?(?:9[0-9]{4}|[1-9][0-9]{3})-[0-9]{4}|[0-9]{3}-[0-9]{3}-[0-9]{3,4}"
        r"|[2-9][0-9]{2}-[0-9]{4}(?=[.,;)]|\Z)"
    )
    spaced = "[0-9]{2,3} [0-9]{2,3} [0-9]{2} [0-9]{2}|3[0-9]{2} [0-9]{6,7}"
    shapes = "|".join(shape.replace("-", r" (?!000)").replace("d", "[0-9]") for shape in table["phone_shapes"].split())
    after = r"(?![\w-]|[.,/][0-9])"
    return (
        rule(rf"(?<![\w.])(?<![0-9] )(?:\+[0-9]{{1,3}}[ .-]?|(?=0[0-9]{{1,4}}[ /-]|\()){digits}", full, needs=DIGITS),
        rule(
            rf"(?<![\w.,/:+$-])(?<![0-9] )(?:{dashed}|{spaced}|{shapes or '(?!)'}){after}",
            local,
            needs=DIGITS,
            starts=DIGIT,
        ),
    )


def called(table: Tables, language: str) -> tuple[Rule, ...]:
    """Return the rule for phone numbers after a word such as `call`, which look like amounts or ranges elsewhere."""
    words, emergency = table["phones"].split(), frozenset(table["emergency"].split())

    def phone(match: re.Match[str]) -> str | None:
        number = re.findall("[0-9]+", match["number"])
        if match["number"] not in emergency and not 6 <= len("".join(number)) <= 15:
            return None
        word = table["abbreviations"].get(match["word"].lower(), match["word"])
        return f"{word}{match['between']}" + ", ".join(spellout.digit_by_digit(group, language) for group in number)

    return (
        rule(
            rf"{EDGE}(?P<word>(?i:{any_of(words)}))(?P<between>:? (?:[^\W\d_]{{1,8}} ){{0,2}})"
            rf"(?P<number>[1-9][0-9]{{1,4}}(?:[ -][0-9]{{2,7}}){{1,4}}|[1-9][0-9]{{8}}|{any_of(emergency)})"
            r"(?![\w-]|[.,/][0-9])",
            phone,
            words=words,
        ),
    )
