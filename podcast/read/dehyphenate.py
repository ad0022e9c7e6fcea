# SPDX-License-Identifier: GPL-3.0-or-later
"""Join lines to running text, and words that were hyphenated at line ends.

A hyphen at the end of a line was inserted by the typesetter (`déve-/loppement`) or belongs to the word (`peut-/être`).
The form used elsewhere in the document decides; else the hyphen of a known compound is kept, and any other removed.
"""

import re
import unicodedata
from collections.abc import Collection, Iterable, Sequence
from functools import cache
from pathlib import Path

from podcast.read.normalize import LIGATURES

HYPHENS = "-\u2010\u00ad"
"""Hyphen-minus, hyphen, and soft hyphen, which always divides a word."""

DIVIDED = re.compile(rf"(?P<start>[^\W\d_](?:[\w’']|[{HYPHENS}](?=\w))*)[{HYPHENS}]$")
LONGEST = 100
WORD = re.compile(rf"[^\W\d_]+(?:[’'{HYPHENS}][^\W\d_]+)*")

COMPOUNDS = Path(__file__).with_name("compounds.txt")
"""French and English words with a hyphen, in lower case, one a line."""
NUMERAL = re.compile(
    r"(?:vingt|trente|quarante|cinquante|soixante|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)-(?:"
    r"deux|trois|quatre|cinq|six|sept|huit|neuf|dix|onze|douze|treize|quatorze|quinze|seize|"
    r"one|two|three|four|five|seven|eight|nine|first|second|third|fourth|fifth|sixth|seventh|eighth|ninth)"
)
SELF = re.compile(r"self-(?!ish|less|hood|same)\w+")
LINKS = {
    "à", "au", "aux", "d", "de", "des", "du", "en", "et", "là", "la", "le", "les", "sous", "sur", "t", "un", "vis", "y",
    "and", "at", "by", "for", "in", "of", "off", "on", "out", "the", "to", "up",
}  # fmt: skip
"""Small words inside compounds: `vis-à-vis`."""
INVERTED = {"il", "ils", "elle", "elles", "vous", "nous", "je", "moi", "toi", "même", "mêmes", "là"}
"""French words that follow a verb or pronoun after a hyphen, and are not the last syllable of another word."""

ACCENTS = dict(zip("´`ˆ¨˜ˇ˘¯˚˝˙", "\u0301\u0300\u0302\u0308\u0303\u030c\u0306\u0304\u030a\u030b\u0307", strict=True))
ACCENTED = re.compile(r"(?P<accent>[´`ˆ¨˜ˇ˘¯˚˝˙])(?P<letter>[A-Za-zıȷ])")
"""An accent and a letter, which old TeX fonts draw on top of each other."""


def composed_letters(text: str) -> str:
    """Return the text with ligatures and separate accents composed: `ﬁn d´eveloppement` -> `fin développement`."""
    text = text.translate(LIGATURES)
    text = ACCENTED.sub(_accented, text)
    return re.sub(r"c¸|¸c", "ç", text)


def _accented(found: re.Match[str]) -> str:
    """Return a letter with its accent, if Unicode has such a letter."""
    letter = {"ı": "i", "ȷ": "j"}.get(found["letter"], found["letter"])
    whole = unicodedata.normalize("NFC", letter + ACCENTS[found["accent"]])
    return whole if len(whole) == 1 else found[0]


def _divided(line: str) -> re.Match[str] | None:
    """Match the beginning of a word divided at the end of a line; words have at most LONGEST characters."""
    return DIVIDED.search(line, max(0, len(line) - LONGEST)) if line[-1:] in HYPHENS else None


def vocabulary(lines: Iterable[str]) -> set[str]:
    """Return the words that are not divided at a line end, in lower case."""
    found: set[str] = set()
    divided = False
    for line in lines:
        words = WORD.findall(line)[1 if divided else 0 :]
        divided = _divided(line) is not None
        found.update(map(_normalized, words[:-1] if divided else words))
    return found


def joined(lines: Sequence[str], known: Collection[str]) -> str:
    """Join lines to one text: ["un déve-", "loppement"] -> "un développement"."""
    text = ""
    for line in lines:
        text = _join(text, line, known) if text else line
    return text.replace("\u00ad", "")


def _join(before: str, after: str, known: Collection[str]) -> str:
    """Join two lines: with a space, without, or as the halves of a word."""
    divided = _divided(before)
    end = WORD.match(after)
    if not divided or not end:
        return before + after if _is_joint(before, after) else f"{before} {after}"
    keep = _keeps(divided["start"], end[0], soft=before[-1] == "\u00ad", known=known)
    return (before[:-1] + "-" if keep else before[:-1]) + after


def _is_joint(before: str, after: str) -> bool:
    """Return True for lines without a space between them: Chinese, `and/|or`, `Covid-|19`, `2019–|20`."""
    if before[-1] == "/" or (_is_wide(before[-1]) and _is_wide(after[0])):
        return True
    linked = before[-1] in HYPHENS or (before[-1] == "–" and after[0].isdigit())
    return linked and before[-2:-1].isalnum() and after[0].isalnum()


def _keeps(start: str, end: str, *, soft: bool, known: Collection[str]) -> bool:
    """Return True if the hyphen between the halves belongs to the word."""
    if soft:
        return False
    left, right = _normalized(start), _normalized(end)
    whole, parted = left + right, f"{left}-{right}"
    if (whole in known) != (parted in known):
        return parted in known
    if end[0].isupper() and not start.isupper():
        return True  # Jean-/Paul
    last = re.split(r"[’']", left)[-1]
    return (
        # c'est-à-/dire, but well-estab-/lished
        ("-" in left and (left.split("-")[-1] in LINKS or left.split("-")[-1] in known))
        or "-" in right  # a-/t-il
        or bool({parted, f"{last}-{right}"} & _compounds())
        or bool(NUMERAL.fullmatch(f"{last}-{right}") or SELF.fullmatch(f"{last}-{right}"))
        or (right in INVERTED and len(last) > 2)
    )


@cache
def _compounds() -> frozenset[str]:
    return frozenset(COMPOUNDS.read_text(encoding="utf-8").split())


def _normalized(word: str) -> str:
    return word.lower().replace("’", "'").replace("\u2010", "-").replace("\u00ad", "")


def _is_wide(character: str) -> bool:
    """Return True for Chinese and Japanese characters, which are written without spaces."""
    return unicodedata.east_asian_width(character) in {"W", "F"} and not "\uac00" <= character <= "\ud7a3"
