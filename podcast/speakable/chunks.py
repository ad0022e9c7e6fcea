# SPDX-License-Identifier: GPL-3.0-or-later
"""Split a text into parts that an engine accepts; lossless.

A part is a sentence if it fits. A longer one is split where a reader would pause: after a punctuation mark, before a
conjunction, or between two words, into parts of about equal length. Numbers, abbreviations and words stay whole; only a
run without spaces that is longer than the limit is split inside.
"""

import re
import unicodedata
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from functools import cache

from podcast.errors import NarrationError
from podcast.speakable.dots import dots
from podcast.speakable.sentences import sentences
from podcast.speakable.tables import load

_BLANK = re.compile(r"\s+")
_FIRST_WORD = re.compile(r"[^\W\d_]+")
_WIDE = re.compile(r"[、，；：。！？…・」』）][」』）\s]*")
VIRAMA = 9
"""Combining class of the marks that join a consonant to the next one in Indic and related scripts."""
_HARD_SPACES = frozenset("\u00a0\u202f\u2007")
_TITLED = re.compile(r"(?:Inc|Ltd|LLC|Corp|Co|Jr|Sr|PhD|Ph\.D|M\.D|Esq)\b")
"""A suffix that belongs to the name before its comma."""
_MARKS = {**dict.fromkeys(";:.!?…", "stop"), ",": "comma", **dict.fromkeys("—–", "conjunction")}
"""Marks after which a sentence may be split -> kind of the break; before a dash is better than after it."""
_COSTS = {"stop": 0.0, "comma": 0.15, "conjunction": 0.45, "space": 0.8, "leaning": 1.5}
"""Cost of a break by kind, in units of the part length by which it misses the middle."""


@dataclass(frozen=True, slots=True)
class _Breaks:
    """The possible breaks of a sentence, in order, and their costs."""

    good: list[int]
    costs: list[float]
    spaces: list[int]
    """Any white space, as a fallback."""


def chunks(text: str, language: str, *, max_chars: int, min_chars: int = 0) -> tuple[str, ...]:
    """Return parts of at most `max_chars` characters, without the white space at their ends; joined, they are the text.

    Parts shorter than `min_chars` are joined to a neighbour where the result fits. Raises NarrationError if `max_chars`
    is not positive.
    """
    if max_chars < 1:
        raise NarrationError(f"max_chars must be at least 1, not {max_chars}", hint="correct it in the voice engine")
    parts: list[str] = []
    for sentence in sentences(text, language):
        parts += [sentence] if _fits(sentence, max_chars) else _split(sentence, language, max_chars)
    return tuple(_merged(parts, max_chars, min_chars))


def _fits(part: str, limit: int) -> bool:
    return len(part) <= limit or len(part.strip()) <= limit


def _split(sentence: str, language: str, limit: int) -> list[str]:
    """Split a sentence that is too long into parts of about equal length."""
    places = _breaks(sentence, language)
    parts: list[str] = []
    start, end = len(sentence) - len(sentence.lstrip()), len(sentence.rstrip())
    begin = 0
    while end - start > limit:
        size = (end - start) / -(-(end - start) // limit)
        place = (
            _best(sentence, places, start, size=size, limit=limit)
            or _last_space(sentence, places, start, limit)
            or _grapheme_break(sentence, start, start + limit)
        )
        parts.append(sentence[begin:place])
        start = begin = place
    return [*parts, sentence[begin:]]


def _best(sentence: str, places: _Breaks, start: int, *, size: float, limit: int) -> int | None:
    """Return the cheapest break for a part that begins at `start`, or None."""
    first, last = bisect_left(places.good, start + max(1, size / 3)), bisect_right(places.good, start + limit + 1)
    rated = [
        (places.costs[index] + abs(places.good[index] - start - size) / size, places.good[index])
        for index in range(first, last)
        if _fits(sentence[start : places.good[index]], limit)
    ]
    return min(rated)[1] if rated else None


def _last_space(sentence: str, places: _Breaks, start: int, limit: int) -> int | None:
    """Return the last break before the limit, however short the part, else any white space, else None."""
    for found in (places.good, places.spaces):
        index = bisect_right(found, start + limit + 1) - 1
        index -= index >= 0 and not _fits(sentence[start : found[index]], limit)
        if index >= 0 and found[index] > start and sentence[start : found[index]].strip():
            return found[index]
    return None


@cache
def _function_words(language: str) -> tuple[frozenset[str], frozenset[str]]:
    """Return the conjunctions of a language, and its proclitics: there is no pause between them and the next word."""
    breaths = load(language).get("breaths", {})
    conjunctions, leaning = (frozenset(breaths.get(key, "").split()) for key in ("conjunctions", "leaning"))
    return conjunctions, leaning


def _breaks(sentence: str, language: str) -> _Breaks:
    """Find and rate the breaks between words, and after the punctuation marks of scripts without spaces."""
    found: dict[int, float] = {}
    conjunctions, leaning = _function_words(language)
    spaces: list[int] = []
    for match in _BLANK.finditer(sentence):
        spaces.append(match.end())
        kind = _break_kind(sentence, match, language, conjunctions)
        if kind in {"conjunction", "space"} and _word_before(sentence, match.start()) in leaning:
            kind = "leaning"
        if kind:
            found[match.end()] = _COSTS[kind]
    for match in _WIDE.finditer(sentence):
        found.setdefault(match.end(), _COSTS["comma"])
    good = sorted(found)
    return _Breaks(good, [found[place] for place in good], spaces)


def _break_kind(sentence: str, space: re.Match[str], language: str, conjunctions: frozenset[str]) -> str | None:
    """Return the kind of break at white space; None inside a number or name, or before a mark."""
    before, after = sentence[max(0, space.start() - 20) : space.start()], sentence[space.end() : space.end() + 20]
    if not before or not after or after[0] in ";:!?»%€$°)" or not _HARD_SPACES.isdisjoint(space[0]):
        return None
    last = before.rstrip("\"'»”’)]")[-1:] or before[-1]
    if last in _MARKS:
        return None if _is_in_name(last, before, after, language) else _MARKS[last]
    if before[-1] in "«“(" or _is_in_number(before, after):
        return None
    if after[0] in "—–(«“":
        return "comma"
    word = _FIRST_WORD.match(after)
    return "conjunction" if word and word[0].casefold() in conjunctions else "space"


def _is_in_name(mark: str, before: str, after: str, language: str) -> bool:
    """Return True if a mark belongs to a name or an abbreviation: `Acme, Inc.`, `Dr. Smith`."""
    if mark == ".":
        return _abbreviated(before, language)
    return mark == "," and _TITLED.match(after) is not None


def _is_in_number(before: str, after: str) -> bool:
    """Return True if a space is inside a number, or between it and its unit: `12 000`, `5 kg`."""
    return before[-1].isdigit() and (after[0].isdigit() or len(after.split(maxsplit=1)[0]) <= 4)


def _word_before(sentence: str, place: int) -> str:
    """Return the word that ends at an offset, in lower case."""
    word = re.search(r"[^\W\d_]+$", sentence[max(0, place - 12) : place])
    return word[0].casefold() if word else ""


def _abbreviated(before: str, language: str) -> bool:
    """Return True if the text ends with the dot of an abbreviation or an initial."""
    known = dots(language)
    word = before.rstrip(".").split()[-1].lstrip("(«“\"'") if before.rstrip(".").split() else ""
    if len(word) == 1:
        return True
    plain = word.casefold()
    return plain in known.never or plain in known.may or word in known.names or word in known.numbers or "." in word


def _grapheme_break(text: str, start: int, place: int) -> int:
    """Return the last offset up to `place` that does not split a grapheme; `place` if there is none."""
    for candidate in range(place, max(start, place - 40), -1):
        if not _is_in_grapheme(text, candidate):
            return candidate
    return place


def _is_in_grapheme(text: str, place: int) -> bool:
    """Return True if the characters around an offset are one grapheme: accents, emoji sequences, flags, jamo."""
    left, right = text[place - 1], text[place]
    if unicodedata.category(right) in {"Mn", "Mc", "Me"} or right in "\u200c\u200d" or left == "\u200d":
        return True
    if "\U0001f3fb" <= right <= "\U0001f3ff" or "\U000e0020" <= right <= "\U000e007f":
        return True
    if unicodedata.combining(left) == VIRAMA and right.isalpha():  # a consonant without its vowel, as in क्षेत्र
        return True
    if "\u1160" <= right <= "\u11ff":
        return True
    flags = re.search("[\U0001f1e6-\U0001f1ff]*$", text[max(0, place - 40) : place])
    return "\U0001f1e6" <= right <= "\U0001f1ff" and flags is not None and len(flags[0]) % 2 == 1


def _merged(parts: list[str], limit: int, least: int) -> list[str]:
    """Join short parts to the next one, or else to the previous one."""
    out: list[str] = []
    for part in parts:
        short = out and (len(out[-1].strip()) < least or len(part.strip()) < least)
        if short and _fits(out[-1] + part, limit):
            out[-1] += part
        else:
            out.append(part)
    return out
