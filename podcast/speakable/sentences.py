# SPDX-License-Identifier: GPL-3.0-or-later
"""Split a text into sentences; lossless.

sentencex proposes sentence breaks, in some 300 languages; a pattern of our own proposes those that it misses. For the
languages with tables, each proposal is checked against the text before and after it: there is no break after `M.` or
`p.`, after `etc.` only before a word that begins a sentence, and none before a lower-case letter (`Yahoo! a annoncé`).
A line break always ends a sentence. White space belongs to the sentence before it.
"""

import re
import unicodedata
from collections.abc import Container, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import accumulate, pairwise

from podcast import languages
from podcast.langtag import primary
from podcast.speakable import tables

OPENERS = "\"'«“‘„‹»›”([{¿¡—–-*_  \u00a0\u202f"
CLOSERS = "\"'»”’›)]}*_」』） \u00a0\u202f"
_SPACE = r"[ \u00a0\u202f]"
_NOTE = r"(?:[¹²³⁴-⁹⁰]{1,3}|(?:\[[0-9]{1,3}\]){1,9})?"
"""A footnote mark, after the punctuation mark of the sentence."""
_NOTED = re.compile(rf"(?<=[.!?…»”\"]){_NOTE}\s*$")
_END = re.compile(
    rf"(?<![.!?…‽])(?<![.!?…‽]{_SPACE})[.!?…‽](?:{_SPACE}?[.!?…‽])*+(?:{_SPACE}?[»›]|[\"'”’“‘«‹)\]}}*_])*+{_NOTE}\s+"
    r"|[。！？]+[」』”）]*|[।॥؟]+(?:[\"'”’»)\]}}]+(?=\s|$))?"
)
"""A punctuation mark that may end a sentence, with the marks and the closing quotes or brackets after it."""
_INWARD = re.compile(r"(?<=[.!?…‽])[«‹“‘]+\s*$")
"""Closing quotation marks in »German« and „Czech“."""
_TIGHT = re.compile(r"(?<=[^\W\d_]{2})[.!?](?=[^\W\d_]{2})")
_SHORT_WORD = re.compile(r"(?<![^\W_])(?:\w{1,3}\.\s+|\w{4,5}\.\s+(?![\"«»„“”]))")
_BREAKS = re.compile(r"[\n\r\u2028\u2029]\s*")
_LIST_NUMBER = re.compile(r"\s*[(\[]?(?:\d{1,3}|[a-zA-Z]|[ivxIVX]{1,4})[.)\]]+\s*")
_WORD_BEFORE_DOT = re.compile(r"(?:[^\W\d_][.-]*)*[^\W\d_]$|[\d]+$")
_LETTERED = re.compile(r"(?<![^\W\d_])(?P<noun>[^\W\d_]{3,}) [A-Z]$")
_NEXT_WORD = re.compile(r"(?![^\W\d_]\.)[^\W\d_]+'?")
"""The next word; a letter with a dot is an initial."""
_SMALL_START = re.compile(r"[a-z]{1,2}[A-Z]|[a-z][.)] ")
"""`iPhone`, and `b.` in a list, which may begin a sentence in lower case."""
_PROVISION = re.compile(r"[0-9]|[IVX]+\b|[A-Z]\. ?[0-9]")
"""The text after an abbreviation that precedes a number: `art. 3`, `chap. IV`, `art. L. 123-4`."""
_ENDING = frozenset(("a.m", "p.m", "etc"))
"""Abbreviations after which a title begins a new sentence."""
_FIRST_WORD = re.compile(r"[^\W\d_]+")
_BRACKETED = re.compile(r"\([!?]?[!?…]\Z")
"""A bracketed mark of doubt, `(?)`, without the closing bracket."""
_EXCLAIMING_NAMES = frozenset(("yahoo", "jeopardy", "joomla", "wham", "panic"))
_QUOTE_ENDS = re.compile(r"[\"'](?:\s|$)")
_GERSHAYIM = re.compile('(?<=[\u05d0-\u05ea])"(?=[\u05d0-\u05ea])')
"""The mark in a Hebrew abbreviation, often typed as a quotation mark."""
_SURROGATE = re.compile("[\ud800-\udfff]")
_WHITE = re.compile(r"\s*")
_BLOCK = 20_000
"""Maximum characters per call of sentencex: its run time is superlinear."""
_CONTEXT = 60
"""Characters examined before and after a possible break: more than the longest abbreviation."""


@dataclass(frozen=True, slots=True)
class Dots:
    """The data of a language about dots that do not end a sentence."""

    never: frozenset[str] = frozenset()
    """Abbreviations, without the dot and in lower case."""
    may: frozenset[str] = frozenset()
    """Abbreviations after which a sentence ends if one of `starters` follows."""
    names: frozenset[str] = frozenset()
    """Abbreviations that precede a name, as written: `Dr`."""
    numbers: frozenset[str] = frozenset()
    """Abbreviations that precede a number: `p`."""
    lettered: frozenset[str] = frozenset()
    """Nouns after which a single letter is a name, not an initial: `line C.`."""
    starters: frozenset[str] = frozenset()
    """Words that often begin a sentence, and rarely a name."""
    ordinal_dots: bool = False
    """True where `3. Oktober` is an ordinal."""
    sparse: bool = False
    """True if the data are sparse, so that anything like an abbreviation counts as one."""


@cache
def dots(language: str) -> Dots:
    """Return the data of a language; empty if it has no tables."""
    if not tables.has(language):
        return _sparse_dots(primary(language))
    table = tables.load(language)
    own = table["sentences"]

    def ending(*names: str) -> frozenset[str]:
        return frozenset(key[:-1].rsplit(" ")[-1] for name in names for key in table[name] if key.endswith("."))

    return Dots(
        never=frozenset(own["never"].split()),
        may=frozenset(map(str.casefold, (*own["may"].split(), *ending("abbreviations"), *table["month_short"]))),
        names=ending("before_name"),
        numbers=ending("before_number"),
        lettered=frozenset(own.get("lettered", "").split()),
        starters=frozenset(own["starters"].split()),
        ordinal_dots=bool(table.get("dot_ordinals")),
    )


def _sparse_dots(tag: str) -> Dots:
    """Return the data of a language without speaking.toml, from its sentences.toml.

    `never`     abbreviations in lower case, without the last dot
    `number`    abbreviations that are also words: no sentence ends before a number, as Dutch `vol. 3`, `Het is vol.`
    `may`       abbreviations that may end a sentence, such as that of a year: before one of `starters` with a capital
    `like`      the language that has these lists instead

    Abbreviations that sentencex knows can be omitted.
    """
    own = languages.table(tag, "sentences.toml")
    few = languages.table(own.get("like", tag), "sentences.toml")
    return Dots(
        never=frozenset(map(_without_marks, few.get("never", "").split())),
        may=frozenset(few.get("may", "").split()),
        starters=frozenset(few.get("starters", "").split()),
        numbers=frozenset((*few.get("number", "").split(), *_calendar(tag))),
        sparse=True,
    )


def _calendar(language: str) -> set[str]:
    """Return the abbreviated months and weekdays, in lower case and without the dot."""
    from babel import Locale, UnknownLocaleError

    try:
        locale = Locale.parse(language)
    except (ValueError, UnknownLocaleError):
        return set()
    return {
        short.casefold().rstrip(".")
        for names in (locale.months["format"], locale.days["format"])
        for key, short in names["abbreviated"].items()
        if short != names["wide"][key]
    }


def sentences(text: str, language: str) -> tuple[str, ...]:
    """Split a text into sentences; joined, they are the text."""
    known = dots(language)
    out: list[str] = []
    for paragraph in _paragraphs(text):
        start = 0
        for place in _proposed(paragraph, language, known):
            if _ends(paragraph, start, place, known):
                out.append(paragraph[start:place])
                start = place
        out.append(paragraph[start:])
    return tuple(_merge_blanks(out))


def _paragraphs(text: str) -> list[str]:
    """Split at line breaks, which stay at the end."""
    places = [0, *(match.end() for match in _BREAKS.finditer(text)), len(text)]
    return [text[a:b] for a, b in pairwise(places) if a < b]


def _proposed(paragraph: str, language: str, known: Dots) -> list[int]:
    """Return the offsets at which a sentence may end, after the white space."""
    found = {match.end() for pattern in (_END, _TIGHT) for match in pattern.finditer(paragraph)}
    if not tables.has(language):  # only sentencex has its abbreviations
        short = (match.end() for match in _SHORT_WORD.finditer(paragraph))
        found.difference_update(end for end in short if not _starts(paragraph[end:].lstrip(OPENERS), known))
    found.update(_proposed_by_sentencex(paragraph, primary(language)))
    places = {_WHITE.match(paragraph, place).end() for place in found}  # type: ignore[union-attr] # it matches anything
    return sorted(place for place in places if 0 < place < len(paragraph))


def _proposed_by_sentencex(paragraph: str, language: str) -> Iterator[int]:
    from sentencex import segment

    for start in range(0, len(paragraph), _BLOCK):
        block = _SURROGATE.sub("\ufffd", paragraph[start : start + _BLOCK])
        block = _GERSHAYIM.sub("\u05f4", block)
        yield from accumulate(map(len, segment(language, block)[:-1]), initial=start)


def _ends(paragraph: str, start: int, place: int, known: Dots) -> bool:
    """Return True if a sentence that began at `start` ends at `place`."""
    before = paragraph[max(start, place - _CONTEXT) : place]
    after = paragraph[place : place + _CONTEXT]
    core = _INWARD.sub("", _NOTED.sub("", before, count=1)).rstrip(CLOSERS)
    following = after.lstrip(OPENERS)
    if not core or not following or _closes(before, after) or _continues(following):
        return False
    if place - start < 8 and _LIST_NUMBER.fullmatch(paragraph, start, place):
        return False
    if core[-1] not in ".!?…‽":
        return _foreign_mark_ends(before, core, after)
    starts = _starts(following, known)
    if not before[-1].isspace():
        return starts and after[0].isupper() and place - start > 3
    return _mark_ends(core, following, known, starts=starts)


def _mark_ends(core: str, following: str, known: Dots, *, starts: bool) -> bool:
    """Return True if the last mark of `core` ends a sentence; `starts` if the next word often begins one."""
    bare = _without_marks(core.rstrip(".!?…‽"))
    word = _WORD_BEFORE_DOT.search(bare)
    if core[-1] in "!?" or core.endswith(("..", "…")):
        return starts or not (_BRACKETED.search(core) or _is_exclaiming_name(word))
    return word is None or _dot_ends(word[0], following, known, starts=starts or names_letter(bare, known.lettered))


def _closes(before: str, after: str) -> bool:
    """Return True if a closing bracket or quotation mark follows, so that the sentence ends after it."""
    opens = before[-1].isspace() and after[0] in "»”›" and after[1:2].isalnum()  # in »German«
    return after[0] in "»”›)]}" and not opens


def _continues(following: str) -> bool:
    """Return True if the sentence continues, as a lower-case letter follows."""
    return _is_lower_case(following[:1]) and not _SMALL_START.match(following)


def _is_exclaiming_name(word: re.Match[str] | None) -> bool:
    """Return True if a word is a name that ends with a mark: `Yahoo!`."""
    return word is not None and word[0].casefold() in _EXCLAIMING_NAMES


def names_letter(text: str, nouns: Container[str]) -> bool:
    """Return True if a text ends with a letter that is a name, `line C`: a dot after it is a full stop."""
    named = _LETTERED.search(text)
    return named is not None and named["noun"] in nouns


def _is_lower_case(letter: str) -> bool:
    """Return True if no sentence begins with such a letter; Georgian ones do, which has no capitals here."""
    return letter.islower() and letter.title() != letter


def _without_marks(word: str) -> str:
    """Return letters without combining vowels and accents, as in Hindi."""
    return word if word.isascii() else "".join(c for c in word if unicodedata.category(c)[0] != "M")


def _foreign_mark_ends(before: str, core: str, after: str) -> bool:
    """Return True if a sentence ends with the full stop of another script, or a Greek question mark."""
    quoted = not before[-1].isspace() and (_QUOTE_ENDS.match(after) or (before[-1] in "」』" and after[0] == "と"))
    if quoted or (core[-1] == "．" and after[0].isdigit()):
        return False
    asked = core[-1] == ";" and "\u0370" <= core[-2:-1] <= "\u1fff"
    return asked or (core[-1] > "\u02ff" and not core[-1].isalnum())


def _starts(following: str, known: Dots) -> bool:
    word = _NEXT_WORD.match(following.replace("’", "'"))
    return word is not None and not {word[0].casefold(), word[0].rstrip("'").casefold()}.isdisjoint(known.starters)


def _dot_ends(word: str, following: str, known: Dots, *, starts: bool) -> bool:
    """Return True if the dot after `word` ends a sentence; `starts` if the next word often begins one."""
    plain = word.casefold()
    if word[0].isdigit():
        return starts or not (known.ordinal_dots and len(word) < 3)
    if word in known.names:
        return starts and _is_street(word, following)
    if len(word) == 1 and word.isupper():
        return starts or word == "I"
    if plain in known.never or _looks_abbreviated(word, following, known):
        return False
    if not known.numbers.isdisjoint((word, plain)):
        return not _PROVISION.match(following)
    return starts or _ends_before(following, plain, known) or not (plain in known.may or _is_dotted(word))


def _is_street(word: str, following: str) -> bool:
    """Return True if `St` is a street: a saint has a name, so a single letter only follows a street."""
    return word == "St" and following[1:2].isalpha()


def _ends_before(following: str, plain: str, known: Dots) -> bool:
    """Return True if an abbreviation such as `p.m.` ends a sentence because a title follows: `at 5 p.m. Dr. Smith`."""
    title = _FIRST_WORD.match(following) if plain in _ENDING else None
    return title is not None and title[0] in known.names


def _is_dotted(word: str) -> bool:
    """Return True if a word consists of letters with dots between them: `U.S`, `Ph.D`."""
    return "." in word and max(map(len, re.split(r"[.-]+", word))) < 3


def _looks_abbreviated(word: str, following: str, known: Dots) -> bool:
    """Return True if a short word is an abbreviation by its letters alone, for languages with sparse data.

    A single letter is one, in Arabic and Indic scripts; before a number all are: `kl. 14`, `br. 5`, `ул. 3`.
    """
    if not known.sparse or len(word) > 3:
        return False
    if word.lower() != word.upper():
        return following[0].isdigit()
    return len(word) == 1 and "\u0590" <= word <= "\u0fff"


def _merge_blanks(parts: list[str]) -> list[str]:
    """Join parts without letters or digits to the sentence before them, or to the first one."""
    out: list[str] = []
    lead = ""
    for part in parts:
        if any(map(str.isalnum, part)):
            out.append(lead + part)
            lead = ""
        elif out:
            out[-1] += part
        else:
            lead += part
    return [*out, lead] if lead else out
