# SPDX-License-Identifier: GPL-3.0-or-later
"""Text -> what is spoken. Pure functions, the same in any order and on any machine.

    sentences  cuts a text into sentences, losing nothing
    chunks     cuts it into parts that an engine can take at once, losing nothing
    speak      gives every stretch of it the words that are said, so that shown and said stay side by side
    said       only what is said: the string an engine is given

`speak` works through rules (engine.py) that pipeline.py puts in order. The words of a language are in
podcast/languages/, where they can be added to without reading Python.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from itertools import pairwise

from podcast.langtag import primary
from podcast.model import Said
from podcast.speakable.chunks import chunks
from podcast.speakable.engine import Piece, Rule, phrases, plain, run
from podcast.speakable.pipeline import rules_for
from podcast.speakable.rules.punctuation import LINE_START, SAME_LENGTH
from podcast.speakable.sentences import dots, sentences

_LONG = 2_000
"""Characters of a stretch that is cut into sentences before the rules run."""
_SHORT = 80
"""Characters of a stretch that is not worth cutting off."""
_PLAIN_END = re.compile(r"[.!?] (?=[A-ZÀ-Þ])(?<=[^\W\d_]{4}[.!?] )")
_LAST_WORD = re.compile(r"[^\W\d_]+[.!?] $")
_DRESSED = re.compile(
    "[\uff66-\uff9f]+|[\u2103\u2109\u2160-\u217f\u3300-\u33ff\ufb00-\ufb06\ufb13-\ufb17\ufb1d-\ufdff\ufe70-\ufefc]"
)
"""Characters that stand for others: ligatures and forms of Arabic letters, as in PDF, `℃`, `㎞`, `Ⅻ`, narrow kana."""
_UNBROKEN = re.compile(r"\S{60,}")
"""What has no space for longer than some voices can take at once: it may be cut anywhere."""
_SPANNING = re.compile(r"[][<>`*_~]")

__all__ = ["chunks", "said", "sentences", "speak"]


def speak(
    text: str | Sequence[str | Said], language: str, lexicon: Mapping[str, str] | None = None
) -> tuple[Said, ...]:
    """Return the text in stretches, each with the words that are said for it.

    The stretches' `shown`, joined, are the text. Parts that come in as `Said` pass through as they are. `lexicon`
    (word as written -> as said) wins over every rule: a key in lower case stands for any case, one with capitals for
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
    """Return what an engine is given: the words said, white space folded; empty if there is nothing to pronounce."""
    joined = " ".join("".join(part.said for part in speak(text, language, lexicon)).split())
    joined = re.sub(r" +(?=[.,](?![.\w]))" if primary(language) == "fr" else r" +(?=[.,!?;:](?![.\w]))", "", joined)
    joined = re.sub(r"([,;:—])(?: ?[,;—])+", r"\1", joined)
    joined = re.sub(r"(?<!\.)\.(?=[,;])", "", joined)  # an abbreviation's dot, which would end the sentence
    joined = re.sub(r"^[\s,;:.!?—–-]+|(?<=[.!?])[,;]+|[\s,;—–-]+$", "", joined)
    return joined if any(map(str.isalnum, joined)) else ""


def used(parts: Iterable[str], lexicon: Mapping[str, str]) -> dict[str, str]:
    """Return the entries of a lexicon, as `speak` takes it, that texts contain: no other changes how they are spoken.

    However the texts are cut before they are spoken, no entry is missed. A few may be given that change nothing.
    """
    if not lexicon:
        return {}
    text = "\n".join(_composed(line)[0] for part in parts for line in part.splitlines())
    folded, unbroken = text.casefold(), "\n".join(_UNBROKEN.findall(text))
    found = {_key(word) for word in lexicon if word and _is_in(word.translate(SAME_LENGTH), text, folded, unbroken)}
    return {word: spoken for word, spoken in lexicon.items() if _key(word) in found}


def _key(word: str) -> tuple[bool, str]:
    """Return what entries share of which one is said for what another one matches: see `phrases`."""
    word = word.translate(SAME_LENGTH)
    is_exact = word != word.lower()
    return is_exact, word.replace("-", " ") if is_exact else plain(word)


def _is_in(word: str, text: str, folded: str, unbroken: str) -> bool:
    if not all(part in folded for part in re.split("[ -]", word.casefold())):
        return False  # for speed
    strict, loose = _patterns(word)
    return bool(strict.search(text) or loose.search(unbroken))


@lru_cache(maxsize=4_096)
def _patterns(word: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Return what finds a word, and what finds it in a text that may be cut before and after any letter.

    A word that begins with a mark may follow anything: a text may be cut before a mark.
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
    """Cut a text into the stretches that rules look at: lines, and for speed the sentences of one.

    A rule that a sentence does not need is not run on it. Only plain ends of sentences are cuts, and only where no
    markup can span them; a line that stays very long is cut by the splitter of sentences.
    """
    abbreviated = _abbreviated(language)
    for line in text.splitlines(keepends=True):
        ends = () if _SPANNING.search(line) else _PLAIN_END.finditer(line)
        places = [0]
        for match in ends:
            if match.end() - places[-1] > _SHORT and _word_before(line, match.end()) not in abbreviated:
                places.append(match.end())
        for start, end in pairwise([*places, len(line)]):
            yield from (line[start:end],) if end - start <= _LONG else sentences(line[start:end], language)


def _word_before(line: str, place: int) -> str:
    """Return the word that a mark and a space before a place follow, in lower case; no more than its last letters."""
    word = _LAST_WORD.search(line[max(0, place - 22) : place])
    return word[0][:-2].lower() if word else ""


@cache
def _abbreviated(language: str) -> frozenset[str]:
    """Return the abbreviations of a language, in lower case and without their dots."""
    known = dots(language)
    return frozenset(map(str.lower, known.never | known.may | known.names | known.numbers))


def _line(line: str, order: Sequence[Rule], *, fresh: bool) -> Iterator[tuple[Said, bool]]:
    """Run the rules over one line; give each stretch in its original wording, and whether a rule settled it."""
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
    """Return the line with composed letters and plain spaces, and where each character began in the original.

    The places are None if they have not moved.
    """
    if unicodedata.is_normalized("NFC", line) and not _DRESSED.search(line):
        return line.translate(SAME_LENGTH), None
    composed, places = [], []
    for match in re.finditer(rf"[^\W\d_][\u0300-\u036f]+|{_DRESSED.pattern}|.|\n", line, re.DOTALL):
        characters = unicodedata.normalize("NFKC" if _DRESSED.match(match[0]) else "NFC", match.group())
        composed.append(characters)
        places += [match.start()] + [match.end()] * (len(characters) - 1)
    return "".join(composed).translate(SAME_LENGTH), [*places, len(line)]


def _spaced(parts: Iterable[tuple[Said, bool]]) -> Iterator[Said]:
    """Keep words apart that a rule has brought together: `12abc` is `twelve abc`, not `twelveabc`."""
    last, was_settled = "", False
    for part, settled in parts:
        if part.said:
            spaced = min(last, part.said[0]) < "\u2e80"  # Chinese, Japanese and Korean words touch
            touching = spaced and last.isalnum() and part.said[0].isalnum() and (settled or was_settled)
            last, was_settled = part.said[-1], settled
            yield Said(part.shown, f" {part.said}") if touching else part
        else:
            yield part
