# SPDX-License-Identifier: GPL-3.0-or-later
"""Cuts a text into parts that an engine can take at once, losing nothing.

A part is a sentence if it fits. A longer one is cut where a reader would breathe: after a mark, before a conjunction,
or between two words, so that the parts come out about equally long. Numbers, abbreviations and words stay whole; only a
run without any space that is longer than the limit is cut inside.
"""

import re
import unicodedata
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from functools import cache

from podcast.errors import NarrationError
from podcast.speakable.sentences import dots, sentences
from podcast.speakable.tables import load

_BLANK = re.compile(r"\s+")
_FIRST_WORD = re.compile(r"[^\W\d_]+")
_WIDE = re.compile(r"[、，；：。！？…・」』）][」』）\s]*")
VIRAMA = 9
"""The combining class of the marks that join a consonant to the next one in scripts of India and its neighbours."""
_HARD_SPACES = frozenset("\u00a0\u202f\u2007")
_TITLED = re.compile(r"(?:Inc|Ltd|LLC|Corp|Co|Jr|Sr|PhD|Ph\.D|M\.D|Esq)\b")
"""What belongs to the name before its comma."""
_MARKS = {**dict.fromkeys(";:.!?…", "stop"), ",": "comma", **dict.fromkeys("—–", "conjunction")}
"""Marks after which a sentence may be cut, and as what; it is rather cut before a dash."""
_COSTS = {"stop": 0.0, "comma": 0.15, "conjunction": 0.45, "space": 0.8, "leaning": 1.5}
"""What a cut costs at each kind of place, in lengths of a part off the middle."""


@dataclass(frozen=True, slots=True)
class _Places:
    """Where a sentence may be cut, in order, and what each place costs."""

    good: list[int]
    costs: list[float]
    spaces: list[int]
    """Any white space, for want of better."""


def chunks(text: str, language: str, *, max_chars: int, min_chars: int = 0) -> tuple[str, ...]:
    """Return parts of at most `max_chars` characters, white space at their ends not counted; joined, they are the text.

    Parts shorter than `min_chars` are joined to a neighbour where the result fits. Raises NarrationError if `max_chars`
    is not positive.
    """
    if max_chars < 1:
        raise NarrationError(f"max_chars must be at least 1, not {max_chars}", hint="correct it in the voice engine")
    parts: list[str] = []
    for sentence in sentences(text, language):
        parts += [sentence] if _fits(sentence, max_chars) else _cut(sentence, language, max_chars)
    return tuple(_merged(parts, max_chars, min_chars))


def _fits(part: str, limit: int) -> bool:
    return len(part) <= limit or len(part.strip()) <= limit


def _cut(sentence: str, language: str, limit: int) -> list[str]:
    """Cut a sentence that is too long into parts of about the same length."""
    places = _places(sentence, language)
    parts: list[str] = []
    start, end = len(sentence) - len(sentence.lstrip()), len(sentence.rstrip())
    begin = 0
    while end - start > limit:
        size = (end - start) / -(-(end - start) // limit)
        place = (
            _best(sentence, places, start, size=size, limit=limit)
            or _last_space(sentence, places, start, limit)
            or _safe(sentence, start, start + limit)
        )
        parts.append(sentence[begin:place])
        start = begin = place
    return [*parts, sentence[begin:]]


def _best(sentence: str, places: _Places, start: int, *, size: float, limit: int) -> int | None:
    """Return the cheapest good place for a part that begins at `start`, or None."""
    first, last = bisect_left(places.good, start + max(1, size / 3)), bisect_right(places.good, start + limit + 1)
    rated = [
        (places.costs[index] + abs(places.good[index] - start - size) / size, places.good[index])
        for index in range(first, last)
        if _fits(sentence[start : places.good[index]], limit)
    ]
    return min(rated)[1] if rated else None


def _last_space(sentence: str, places: _Places, start: int, limit: int) -> int | None:
    """Return the last good place before the limit however short the part, else any white space, else None."""
    for found in (places.good, places.spaces):
        index = bisect_right(found, start + limit + 1) - 1
        index -= index >= 0 and not _fits(sentence[start : found[index]], limit)
        if index >= 0 and found[index] > start and sentence[start : found[index]].strip():
            return found[index]
    return None


@cache
def _little_words(language: str) -> tuple[frozenset[str], frozenset[str]]:
    """Return the conjunctions of a language, and the words that lean on the next one: no reader breathes after them."""
    breaths = load(language).get("breaths", {})
    conjunctions, leaning = (frozenset(breaths.get(key, "").split()) for key in ("conjunctions", "leaning"))
    return conjunctions, leaning


def _places(sentence: str, language: str) -> _Places:
    """Find and rate the places between words, and after the marks of scripts without spaces."""
    found: dict[int, float] = {}
    conjunctions, leaning = _little_words(language)
    spaces: list[int] = []
    for match in _BLANK.finditer(sentence):
        spaces.append(match.end())
        kind = _kind(sentence, match, language, conjunctions)
        if kind in {"conjunction", "space"} and _word_before(sentence, match.start()) in leaning:
            kind = "leaning"
        if kind:
            found[match.end()] = _COSTS[kind]
    for match in _WIDE.finditer(sentence):
        found.setdefault(match.end(), _COSTS["comma"])
    good = sorted(found)
    return _Places(good, [found[place] for place in good], spaces)


def _kind(sentence: str, space: re.Match[str], language: str, conjunctions: frozenset[str]) -> str | None:
    """Return what kind of place a white space is; None where it holds together a number, a name or a mark."""
    before, after = sentence[max(0, space.start() - 20) : space.start()], sentence[space.end() : space.end() + 20]
    if not before or not after or after[0] in ";:!?»%€$°)" or not _HARD_SPACES.isdisjoint(space[0]):
        return None
    last = before.rstrip("\"'»”’)]")[-1:] or before[-1]
    if last in _MARKS:
        return None if _holds(last, before, after, language) else _MARKS[last]
    if before[-1] in "«“(" or _is_in_number(before, after):
        return None
    if after[0] in "—–(«“":
        return "comma"
    word = _FIRST_WORD.match(after)
    return "conjunction" if word and word[0].casefold() in conjunctions else "space"


def _holds(mark: str, before: str, after: str, language: str) -> bool:
    """Tell whether a mark belongs to a name or an abbreviation: `Acme, Inc.`, `Dr. Smith`."""
    if mark == ".":
        return _abbreviated(before, language)
    return mark == "," and _TITLED.match(after) is not None


def _is_in_number(before: str, after: str) -> bool:
    """Tell whether a space stands within a number, or between it and its unit: `12 000`, `5 kg`."""
    return before[-1].isdigit() and (after[0].isdigit() or len(after.split(maxsplit=1)[0]) <= 4)


def _word_before(sentence: str, place: int) -> str:
    """Return the word that ends at a place, in lower case."""
    word = re.search(r"[^\W\d_]+$", sentence[max(0, place - 12) : place])
    return word[0].casefold() if word else ""


def _abbreviated(before: str, language: str) -> bool:
    """Tell whether the dot at the end is that of an abbreviation or an initial."""
    known = dots(language)
    word = before.rstrip(".").split()[-1].lstrip("(«“\"'") if before.rstrip(".").split() else ""
    if len(word) == 1:
        return True
    plain = word.casefold()
    return plain in known.never or plain in known.may or word in known.names or word in known.numbers or "." in word


def _safe(text: str, start: int, place: int) -> int:
    """Return the last place up to `place` that does not cut a visible character in two; `place` if there is none."""
    for candidate in range(place, max(start, place - 40), -1):
        if not _joined(text, candidate):
            return candidate
    return place


def _joined(text: str, place: int) -> bool:
    """Tell whether the characters around a place are one to the eye: accents, emoji sequences, flags, jamo."""
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
    """Join short parts to the next one, or else to the one before."""
    out: list[str] = []
    for part in parts:
        short = out and (len(out[-1].strip()) < least or len(part.strip()) < least)
        if short and _fits(out[-1] + part, limit):
            out[-1] += part
        else:
            out.append(part)
    return out
