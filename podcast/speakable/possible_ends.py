# SPDX-License-Identifier: GPL-3.0-or-later
"""Propose the places at which a sentence may end; `sentences` decides.

sentencex proposes them in some 300 languages; patterns of our own propose those that it misses.
"""

import re
from collections.abc import Iterator
from itertools import accumulate

from podcast.langtag import primary
from podcast.speakable import tables
from podcast.speakable.dots import Dots

OPENERS = "\"'«“‘„‹»›”([{¿¡—–-*_  \u00a0\u202f"
_SPACE = r"[ \u00a0\u202f]"
NOTE = (
    r"(?:[¹²³⁴-⁹⁰]{1,3}|(?: ?\[[0-9]{1,3}\]){1,9}"
    r"|(?:(?<=[a-zß-ÿ]{3}\.)|(?<=\)\.))[0-9]{1,2}(?:[ ,][0-9]{1,2})*)?"
)
"""A footnote mark, after the punctuation mark of the sentence."""
SMILEY = r"(?:[:;][-']?[()DPp/|*]+(?!\w)|[xX]D(?!\w)|[\U0001f600-\U0001f64f\U0001f910-\U0001f92f\u2764\ufe0f]+)"
"""An emoticon or the emoji of a face, which belongs to the sentence before it."""
_FOREIGN = "।॥؟۔։።፧။།༎។៕"
_END = re.compile(
    rf"[.!?…‽。！？{_FOREIGN}](?:"  # a set of characters at the beginning makes the search fast
    r"(?<=[^\W\d_]{2}\.) (?=\. \. \. [^\W\d_a-z])"
    rf"|(?<=[.!?…‽])(?<![.!?…‽]{{2}})(?<![.!?…‽]{_SPACE}[.!?…‽])(?:{_SPACE}?[.!?…‽])*+"
    rf"(?:{_SPACE}?[»›]|[\"'`”’“‘«‹)\]}}*_])*+{NOTE}\s+(?:{SMILEY}(?:\s+|$))*"
    r"|(?<=[。！？])[。！？]*[」』”）]*"
    rf"|(?<=[{_FOREIGN}])[{_FOREIGN}]*(?:[\"'”’»)\]}}]+(?=\s|$))?)"
)
"""A punctuation mark that may end a sentence, with the marks and the closing quotes or brackets after it."""
_TIGHT = re.compile(r"[.!?](?<=[^\W\d_]{2}[.!?])(?=[^\W\d_]{2})")
_VOWELS = "aeiouyáéíóúàèìòùâêîôûäöüåæøœąęěůаеёиоуыэюяіїєαεηιουωάέήίόύώ"
_SHORT_WORD = re.compile(
    rf"(?<![^\W_])(?:\w{{1,2}}\.\s+|\w{{2}}(?:[^\W{_VOWELS}]\.\s+|\w\.\s+(?=[–—-]))"
    rf"|\w{{3,4}}(?:[^\W{_VOWELS}]\.\s+(?![\"«»„“”])|\w\.\s+(?=[–—-])))"
)
"""A word that may be an abbreviation that only sentencex knows; those of three letters and more end in a consonant."""
NEXT_WORD = re.compile(r"(?![^\W\d_]\.)[^\W\d_]+'?")
"""The next word; a letter with a dot is an initial."""
ADDRESS = re.compile(r"(?<!\S)[(<]?(?:https?://|www\.|[\w.+-]+@)[^\s…]*[\w/>)]\s+(?=[^\W\d_a-z])")
"""An address before a capital, with which a sentence may end that has no mark."""
SMILED = re.compile(r"(?<=[^\W_] )[:;]-?[)(D] (?=[^\W\d_a-z])")
"""An emoticon instead of a mark."""
_SPACED_QUOTE = re.compile(r"[.!?…] (?:''|\") ")
_GERSHAYIM = re.compile('(?<=[\u05d0-\u05ea])"(?=[\u05d0-\u05ea])')
"""The mark in a Hebrew abbreviation, often typed as a quotation mark."""
_SURROGATE = re.compile("[\ud800-\udfff]")
_WHITE = re.compile(r"\s*")
_BLOCK = 20_000
"""Maximum characters per call of sentencex: its run time is superlinear."""


def possible_ends(paragraph: str, language: str, known: Dots) -> list[int]:
    """Return the offsets at which a sentence may end, after the white space."""
    found = _ends_of(_END, paragraph) | _ends_of(_TIGHT, paragraph)
    if not tables.has(language):  # only sentencex has its abbreviations
        short = _ends_of(_SHORT_WORD, paragraph)
        found.difference_update(end for end in short if not begins(paragraph[end:].lstrip(OPENERS), known))
    if "@" in paragraph or "//" in paragraph or "www." in paragraph:
        found |= _ends_of(ADDRESS, paragraph)
    found |= _ends_of(_SPACED_QUOTE, paragraph) | _ends_of(SMILED, paragraph)
    found.update(_proposed_by_sentencex(paragraph, primary(language)))
    places = {_WHITE.match(paragraph, place).end() for place in found}  # type: ignore[union-attr] # it matches anything
    return sorted(place for place in places if 0 < place < len(paragraph))


def _ends_of(pattern: re.Pattern[str], text: str) -> set[int]:
    return {match.end() for match in pattern.finditer(text)}


def _proposed_by_sentencex(paragraph: str, language: str) -> Iterator[int]:
    from sentencex import segment

    for start in range(0, len(paragraph), _BLOCK):
        block = _SURROGATE.sub("\ufffd", paragraph[start : start + _BLOCK])
        block = _GERSHAYIM.sub("\u05f4", block)
        yield from accumulate(map(len, segment(language, block)[:-1]), initial=start)


def begins(following: str, known: Dots) -> bool:
    """Return True if the next word often begins a sentence."""
    word = NEXT_WORD.match(following.replace("’", "'"))
    return word is not None and not {word[0].casefold(), word[0].rstrip("'").casefold()}.isdisjoint(known.starters)
