# SPDX-License-Identifier: GPL-3.0-or-later
"""URLs, e-mail addresses, file names and identifiers in code: shortened to what people would speak.

A URL becomes its domain (`example point com`), an e-mail address and a file name are read like words, a long
hexadecimal number is "a code". Each part between dots is looked up in the lexicon, so that `github.com` begins like
GitHub. The suffixes that identify names are in tables/addresses.toml.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from podcast.speakable.engine import EDGE, END, INNER_DOT, Rule, any_of, rule
from podcast.speakable.tables import shared

TABLE = shared("addresses.toml")
SECOND_LEVEL = frozenset(TABLE["second_level"].split())
DIGITS = "0123456789"
SPELT = frozenset(TABLE["spelt"].split())

_LABEL = r"[A-Za-z0-9\u00c0-\u024f](?:[A-Za-z0-9\u00c0-\u024f-]{0,61}[A-Za-z0-9\u00c0-\u024f])?"
_HOST = r"(?P<host>[^\s/?#<>\"«»“”]*[^\W_])"
_TAIL = r"(?:[^\s<>\"«»“”]*[^\s<>\"«»“”.,;:!?…)\]'*_])?"
_WORD_START = r"(?<![^\s(\"'«\[])"
_PART = r"[\w.-]{1,60}/"


@dataclass(frozen=True, slots=True)
class Wording:
    """How a language reads the marks in URLs and code."""

    dot: str
    at: str
    dash: str
    link: str
    """Spoken for a URL without a meaningful name."""
    code: str
    """Spoken for a hash or identifier."""
    word: Callable[[str], str]
    """Returns the spoken form of one word of a URL: from the lexicon, with digits spelt out."""
    spell: Callable[[str], str]
    """Spells out the letters of a short suffix: `fr`, `py`."""

    def words(self, text: str) -> str:
        """Read words that are separated by marks, or by a capital after a small letter."""
        return " ".join(self.word(word) for word in re.split(r"[\s_/\\~-]+|(?<=[a-z])(?=[A-Z])", text) if word)

    def dotted(self, text: str, *, ending: bool = True) -> str:
        """Read words with dots between them; a short last one is spelt out if it is an `ending`."""
        *parts, last = text.split(".")
        short = len(last) < 3 or last in SPELT or not re.search("[aeiouyé]", last)
        spelt = ending and parts and last.isalpha() and short
        read = [*map(self.words, parts), self.spell(last.upper()) if spelt else self.words(last)]
        return f" {self.dot} ".join(part for part in read if part)

    def site(self, host: str) -> str:
        """Read the part of a host name that people know it by."""
        labels = _domain(host.lower()).strip(".").split(".")
        kept = labels[-3:] if len(labels) > 2 and labels[-2] in SECOND_LEVEL else labels[-2:]
        legible = len(kept) > 1 and all(re.fullmatch(r"[^\W_]{1,24}(?:-[^\W_]{1,24})*", part) for part in kept)
        if not legible or kept[-1].isdigit() or kept[0].startswith("xn--"):
            return self.link
        return self.dotted(".".join(kept))


def _domain(host: str) -> str:
    """Return a host without user, port and `www.`."""
    return host.rpartition("@")[2].partition(":")[0].removeprefix("www.")


def link_rules(wording: Wording) -> tuple[Rule, ...]:
    """Return the rules for URLs, paths, file names, options and identifiers."""
    return (*_address_rules(wording), *_file_rules(wording), *_code_rules(wording))


def _address_rules(wording: Wording) -> tuple[Rule, ...]:
    domains = "|".join(TABLE["domains"].split())

    def site(match: re.Match[str]) -> str:
        return wording.site(match["host"])

    def email(match: re.Match[str]) -> str:
        user = wording.dotted(match["user"].replace("+", " plus "), ending=False)
        return f"{user} {wording.at} {wording.dotted(match['host'])}"

    bare = rf"(?P<host>(?:{_LABEL}\.){{1,5}}(?:{domains}))(?:(?::\d+)?[/?#]{_TAIL})?"
    return (
        rule(rf"(?<!\w)(?:https?|ftp|file|s3|ssh|git)://{_HOST}{_TAIL}", site, needs=":"),
        rule(rf"(?i:mailto:)?{EDGE}(?P<user>[\w.+-]{{1,64}})@(?P<host>{_LABEL}(?:\.{_LABEL})+)", email, needs="@"),
        rule(rf"{EDGE}(?P<host>www\.{_LABEL}(?:\.{_LABEL})+)(?:[/?#:]{_TAIL})?", site, needs=[INNER_DOT]),
        rule(rf"(?<![\w@.-]){bare}(?![\w-]|\.\w)", site, needs=[INNER_DOT]),
        rule(
            rf"{EDGE}[0-9a-f]{{8}}-(?:[0-9a-f]{{4}}-){{3}}[0-9a-f]{{12}}{END}",
            wording.code,
            needs="-",
            starts="[0-9a-f]{8}-",
        ),
        rule(
            rf"{EDGE}(?=[0-9]*[a-f])(?=[a-f]*[0-9])[0-9a-f]{{12,}}{END}",
            wording.code,
            needs=DIGITS,
            starts="[0-9a-f]{12}",
        ),
    )


def _file_rules(wording: Wording) -> tuple[Rule, ...]:
    extensions = "|".join(TABLE["extensions"].split())
    endings = any_of({*TABLE["domains"].split(), *TABLE["extensions"].split()} - {*TABLE["words"].split()})
    name = rf"[\w-]{{1,60}}(?:\.[\w-]{{1,20}}){{0,2}}\.(?:{extensions})"

    def file(match: re.Match[str]) -> str:
        return wording.dotted(match.group().lstrip("./~"))

    def ending(match: re.Match[str]) -> str:
        return f"{wording.dot} {wording.dotted(match.group())}"

    def folder(match: re.Match[str]) -> str:
        return wording.words(match.group().lstrip("."))

    return (
        rule(rf"(?<![\w./-])(?:\.{{0,2}}/|~/)?(?:{_PART}){{0,9}}{name}(?!\w)", file, needs=[INNER_DOT]),
        rule(
            rf"{_WORD_START}\.(?:(?:co|gouv|gov|tar)\.)?{endings}(?![\w-]|\.\w)",
            ending,
            needs=[INNER_DOT],
            starts=r"\.[a-z]",
        ),
        rule(rf"{_WORD_START}(?:~|\.{{0,2}})/(?:{_PART}){{0,9}}[A-Za-z][\w-]{{1,60}}/?", folder, needs="/"),
    )


def _code_rules(wording: Wording) -> tuple[Rule, ...]:
    def option(match: re.Match[str]) -> str:
        return f"{' '.join([wording.dash] * len(match['dashes']))} {wording.words(match['name'])}"

    def identifier(match: re.Match[str]) -> str | None:
        return wording.words(match.group().strip("()")) if re.search(r"_\w|\(", match.group()) else None

    def hexadecimal(match: re.Match[str]) -> str:
        if len(match.group()) > 8:
            return wording.code
        marks = match.group().upper()
        return " ".join(wording.spell(mark) if mark.isalpha() else wording.word(mark) for mark in marks)

    return (
        rule(
            rf"{_WORD_START}(?<![=+×*/<>] )(?P<dashes>--?)(?P<name>[A-Za-z][A-Za-z0-9-]*)(?![\w-])", option, needs="-"
        ),
        rule(r"(?<!\w)0x[0-9a-fA-F]{1,16}(?!\w)", hexadecimal, needs="x", starts="0x"),
        rule(r"(?<![\w@#])[A-Za-z]\w*(?:\(\))?(?!\w)", identifier, needs="_("),
    )


def bare_links() -> tuple[Rule, ...]:
    """Return the rule for a language without vocabulary: a URL becomes its domain as written."""
    address = rf"(?<!\w)(?:(?:https?|ftp)://|(?=www\.)){_HOST}{_TAIL}"
    return (rule(address, lambda match: _domain(match["host"]), needs=":."),)
