# SPDX-License-Identifier: GPL-3.0-or-later
"""Text normalization for speech: written text -> the words to speak. Pure functions, the same on any machine.

    sentences  splits a text into sentences
    chunks     splits it into parts that an engine accepts
    speak      returns the text part by part, each with the words spoken for it
    said       returns only the spoken text, which an engine is given

Splitting is lossless. `speak` applies rules (engine.py) in the order of pipeline.py. The vocabulary of each language is
in podcast/languages/, which can be extended without knowing Python.
"""

import html
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from itertools import pairwise

from podcast.langtag import primary
from podcast.model import Said
from podcast.speakable.chunks import chunks
from podcast.speakable.dots import dots
from podcast.speakable.engine import Piece, Rule, normalized, phrases, run
from podcast.speakable.pipeline import rules_for
from podcast.speakable.rules.punctuation import LINE_START, SAME_LENGTH
from podcast.speakable.sentences import sentences

_MAX_PART = 2_000
"""Length from which a part is split into sentences before the rules run."""
_MIN_PART = 80
"""Minimum length of a part that is split off."""
_CLEAR_END = re.compile(r"[.!?] (?=[A-ZÀ-Þ])(?<=[^\W\d_]{4}[.!?] )")
_LAST_WORD = re.compile(r"[^\W\d_]+[.!?] $")
_COMPATIBILITY = re.compile(
    "&(?:#[0-9]{1,6}|#x[0-9a-fA-F]{1,5}|[a-zA-Z]{2,8});|[\uff66-\uff9f]+|[\u2103\u2109\u2160-\u217f\u3300-\u33ff\ufb00-\ufb06\ufb13-\ufb17\ufb1d-\ufdff\ufe70-\ufefc]"
)
"""Compatibility characters: ligatures and presentation forms of Arabic, as in PDF, `℃`, `㎞`, `Ⅻ`, narrow kana; and
entities, as in headlines of feeds that are escaped twice."""
_UNBROKEN = re.compile(r"\S{60,}")
"""Text without a space that is longer than some voices accept: it may be cut anywhere."""
_SPANNING = re.compile(r"[][<>`*_~]")

__all__ = ["chunks", "said", "sentences", "speak"]


def speak(
    text: str | Sequence[str | Said], language: str, lexicon: Mapping[str, str] | None = None
) -> tuple[Said, ...]:
    """Return the text in parts, each with the words to speak for it.

    The parts' `shown`, joined, are the text. Parts that are passed in as `Said` are returned unchanged. `lexicon`
    (written word -> spoken) takes precedence over every rule: a lower-case key matches any case, one with capitals only
    itself, and a key matches whole words only.
    """
    order = _rules(language, tuple(sorted((lexicon or {}).items())))
    out: list[tuple[Said, bool]] = []
    fresh = True
    for part in [text] if isinstance(text, str) else text:
        if isinstance(part, Said):
            out.append((part, False))
            fresh = False
            continue
        for line in _lines(part, language):
            out.extend(_line(line, order, fresh=fresh))
            fresh = line[-1] in "\n\r"
    return tuple(_spaced(out))


def said(text: str | Sequence[str | Said], language: str, lexicon: Mapping[str, str] | None = None) -> str:
    """Return the text for an engine: the spoken words, white space collapsed; empty if nothing can be pronounced."""
    joined = " ".join("".join(part.said for part in speak(text, language, lexicon)).split())
    joined = re.sub(r" +(?=[.,](?![.\w]))" if primary(language) == "fr" else r" +(?=[.,!?;:](?![.\w]))", "", joined)
    joined = re.sub(r"([,;:—])(?: ?[,;—])+", r"\1", joined)
    joined = re.sub(r"(?<!\.)\.(?=[,;])", "", joined)  # the dot of an abbreviation would end the sentence
    joined = re.sub(r"^(?:[\s,;:.!?—–]|-(?![0-9]))+|(?<=[.!?])[,;]+|[\s,;—–-]+$", "", joined)
    return joined if any(map(str.isalnum, joined)) else ""


def used(parts: Iterable[str], lexicon: Mapping[str, str]) -> dict[str, str]:
    """Return the entries of a lexicon, as passed to `speak`, that occur in texts: no others affect how they are spoken.

    No entry is missed, however the texts are cut before they are spoken. Some may be included that have no effect.
    """
    if not lexicon:
        return {}
    text = "\n".join(_composed(line)[0] for part in parts for line in part.splitlines())
    folded, unbroken = text.casefold(), "\n".join(_UNBROKEN.findall(text))
    found = {_key(word) for word in lexicon if word and _is_in(word.translate(SAME_LENGTH), text, folded, unbroken)}
    return {word: spoken for word, spoken in lexicon.items() if _key(word) in found}


def _key(word: str) -> tuple[bool, str]:
    """Return the key under which a match of an entry is looked up, which several entries may share: see `phrases`."""
    word = word.translate(SAME_LENGTH)
    is_exact = word != word.lower()
    return is_exact, word.replace("-", " ") if is_exact else normalized(word)


def _is_in(word: str, text: str, folded: str, unbroken: str) -> bool:
    if not all(part in folded for part in re.split("[ -]", word.casefold())):
        return False  # a fast check
    strict, loose = _patterns(word)
    return bool(strict.search(text) or loose.search(unbroken))


@lru_cache(maxsize=4_096)
def _patterns(word: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Return the pattern of a word, and the one for a text that may be cut before and after any letter.

    A word that begins with a punctuation mark may follow anything: a text may be cut before a mark.
    """
    is_exact, key = _key(word)
    written = {word} if is_exact else {key, word.replace("-", " ")}
    body = "|".join(re.escape(one).replace(r"\ ", "[ -]") for one in written)
    loose = re.compile(body if is_exact else f"(?i:{body})")
    return phrases({word: ""}).pattern if word[0].isalnum() else loose, loose


@lru_cache(maxsize=64)
def _rules(language: str, lexicon: tuple[tuple[str, str], ...]) -> tuple[Rule, ...]:
    own = {word.translate(SAME_LENGTH): spoken for word, spoken in lexicon if word}
    return ((phrases(own),) if own else ()) + rules_for(language)


def _lines(text: str, language: str) -> Iterator[str]:
    """Split a text into the parts that rules are applied to: lines, and for speed their sentences.

    Rules that a sentence does not need are skipped for it. Lines are split only at clear ends of sentences that no
    markup can span; a part that stays very long is split by `sentences`.
    """
    abbreviated = _abbreviated(language)
    for line in text.splitlines(keepends=True):
        ends = () if _SPANNING.search(line) else _CLEAR_END.finditer(line)
        places = [0]
        for match in ends:
            if match.end() - places[-1] > _MIN_PART and _word_before(line, match.end()) not in abbreviated:
                places.append(match.end())
        for start, end in pairwise([*places, len(line)]):
            yield from (line[start:end],) if end - start <= _MAX_PART else sentences(line[start:end], language)


def _word_before(line: str, place: int) -> str:
    """Return the last letters of the word before a mark and a space, in lower case."""
    word = _LAST_WORD.search(line[max(0, place - 22) : place])
    return word[0][:-2].lower() if word else ""


@cache
def _abbreviated(language: str) -> frozenset[str]:
    """Return the abbreviations of a language, in lower case and without the dot."""
    known = dots(language)
    return frozenset(map(str.lower, known.never | known.may | known.names | known.numbers))


def _line(line: str, order: Sequence[Rule], *, fresh: bool) -> Iterator[tuple[Said, bool]]:
    """Apply the rules to one line; yield each part in its original spelling, and whether a rule matched it."""
    working, places = _composed(line)
    start = LINE_START.pattern.match(working) if fresh else None
    first = start.end() if start else 0
    pieces: list[Piece] = [Said(working[:first], "")] if first else []
    pieces += run(working[first:], order)
    end = 0
    for piece in pieces:
        settled = isinstance(piece, Said)
        begin, end = end, end + len(piece.shown if isinstance(piece, Said) else piece)
        shown = line[begin:end] if places is None else line[places[begin] : places[end]]
        yield Said(shown, piece.said if isinstance(piece, Said) else piece), settled


def _composed(line: str) -> tuple[str, list[int] | None]:
    """Return the line with composed letters and plain spaces, and the original offset of each character.

    The offsets are None if they are unchanged.
    """
    if unicodedata.is_normalized("NFC", line) and not _COMPATIBILITY.search(line):
        return line.translate(SAME_LENGTH), None
    composed, places = [], []
    for match in re.finditer(rf"[^\W\d_][\u0300-\u036f]+|{_COMPATIBILITY.pattern}|.|\n", line, re.DOTALL):
        characters = unicodedata.normalize("NFKC" if _COMPATIBILITY.match(match[0]) else "NFC", html.unescape(match[0]))
        composed.append(characters)
        places += [match.start()] + [match.end()] * (len(characters) - 1)
    return "".join(composed).translate(SAME_LENGTH), [*places, len(line)]


def _spaced(parts: Iterable[tuple[Said, bool]]) -> Iterator[Said]:
    """Insert spaces between words that a rule has joined: `12abc` is `twelve abc`, not `twelveabc`."""
    last, was_settled = "", False
    for part, settled in parts:
        if part.said:
            spaced = min(last, part.said[0]) < "\u2e80"  # Chinese, Japanese and Korean have no spaces between words
            touching = spaced and last.isalnum() and part.said[0].isalnum() and (settled or was_settled)
            last, was_settled = part.said[-1], settled
            yield Said(part.shown, f" {part.said}") if touching else part
        else:
            yield part
