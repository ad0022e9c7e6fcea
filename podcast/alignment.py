# SPDX-License-Identifier: GPL-3.0-or-later
"""Align word times: from the spoken words of a voice to the displayed words.

    align          spoken words with their times -> displayed words with theirs
    pack, unpack   such words of a cue <-> the compact form in Cue.words
    shifted          words with shifted times

Displayed and spoken text correspond part by part (`Said`), and words that are equal in both are anchors. A part that
was rewritten has one time: `3,5 M€` is one entry, as its `3,5` has no end of its own. So no time is an estimate, and
all are in order.
"""

import math
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from difflib import SequenceMatcher
from itertools import pairwise, product

from podcast.model import Cue, Said, Word

Links = set[tuple[int, int]]

OPENING = re.compile(r"( [«“„‘(\[¿¡—–])+$")
"""Opening marks with a space on both sides, which belong to the word after them."""


def align(parts: Sequence[Said], shown: str, spoken: Sequence[Word]) -> tuple[Word, ...]:
    """Return the words of `shown` with the times at which a voice spoke them; empty if the voice has no word times.

    `parts` are the parts of the text. Every displayed word is in the result, in order; words that share a time are one
    entry, and an emoji or a mark on its own belongs to the word before it.
    """
    tokens = shown.split()
    spoken = [word for word in spoken if _alphanumeric(word.text)]
    to_said = _displayed_to_spoken(parts)
    said = "".join(part.said for part in parts).split()
    pieces = [(piece, place) for place, word in enumerate(spoken) for piece in word.text.split()]
    to_spoken = _anchored(list(enumerate(said)), [(place, piece) for piece, place in pieces])
    heard: dict[int, list[int]] = {}
    for token, place in to_spoken:
        heard.setdefault(token, []).append(place)
    links = {(token, place) for token, one in to_said for place in heard.get(one, [])}
    if not links or max(token for token, _ in links) >= len(tokens):
        return ()
    found = []
    token = place = 0
    for last_token, last_place in corresponding_blocks(links, len(tokens), len(spoken)):
        start_ms, end_ms = spoken[place].start_ms, spoken[last_place - 1].end_ms
        found.append(Word(" ".join(tokens[token:last_token]), start_ms, end_ms))
        token, place = last_token, last_place
    return tuple(_in_order(_attach_opening_marks(found)))


def corresponding_blocks(links: Iterable[tuple[int, int]], ours: int, theirs: int) -> list[tuple[int, int]]:
    """Split two sequences into the smallest corresponding blocks that no link crosses; return the ends of the blocks.

    The links do not cross. Items without a link belong to the block before them, at the beginning to the one after.
    Both sequences are covered, and no block is empty on either side: one block if there is no link at all.
    """
    starts: list[tuple[int, int]] = []
    seen = (-1, -1)
    for one, other in sorted(links):
        if one > seen[0] and other > seen[1]:
            starts.append((one, other))
        seen = max(seen[0], one), max(seen[1], other)
    return [*starts[1:], (ours, theirs)]


def shifted(words: Iterable[Word], by_ms: float, last_ms: float = math.inf) -> tuple[Word, ...]:
    """Return words with times shifted by `by_ms` and limited to 0 and `last_ms`."""

    def at(ms: int) -> int:
        return round(min(max(ms + by_ms, 0), last_ms))

    return tuple(replace(word, start_ms=at(word.start_ms), end_ms=at(word.end_ms)) for word in words)


def pack(words: Iterable[Word], start_ms: int) -> str:
    """Encode times for Cue.words: `0-210 210-480*2`, relative to the cue's start, `*2` for two words with one time."""
    return " ".join(
        f"{word.start_ms - start_ms}-{word.end_ms - start_ms}" + (f"*{count}" if count > 1 else "")
        for word in words
        for count in [len(word.text.split())]
    )


def unpack(cue: Cue) -> tuple[Word, ...]:
    """Return the words of a cue with their times in the episode; empty if they are unknown or do not fit the text."""
    tokens = cue.text.split()
    found = []
    for entry in cue.words.split():
        times, _, count = entry.partition("*")
        start, _, end = times.partition("-")
        mine, tokens = tokens[: int(count or 1)], tokens[int(count or 1) :]
        found.append(Word(" ".join(mine), cue.start_ms + int(start), cue.start_ms + int(end)))
    return () if tokens or any(not word.text for word in found) else tuple(found)


def _displayed_to_spoken(parts: Sequence[Said]) -> Links:
    """Return links between displayed and spoken words, by index."""
    shown_of = _numbered("".join(part.shown for part in parts))
    said_of = _numbered("".join(part.said for part in parts))
    links: Links = set()
    at, to = 0, 0
    for part in parts:
        ours, theirs = shown_of[at:][: len(part.shown)], said_of[to:][: len(part.said)]
        if part.shown == part.said:
            links |= {(one, other) for c, one, other in zip(part.shown, ours, theirs, strict=True) if c.isalnum()}
        else:
            links |= _anchored(list(_indexed_words(part.shown, ours)), list(_indexed_words(part.said, theirs)))
        at, to = at + len(part.shown), to + len(part.said)
    return links


def _numbered(text: str) -> list[int]:
    """Return for each character the index of its word, or of the next one."""
    numbers = []
    count, inside = 0, False
    for c in text:
        if c.isspace() and inside:
            count += 1
        inside = not c.isspace()
        numbers.append(count)
    return numbers


def _indexed_words(text: str, numbers: Sequence[int]) -> Iterator[tuple[int, str]]:
    for found in re.finditer(r"\S+", text):
        yield numbers[found.start()], found[0]


def _anchored(ours: Sequence[tuple[int, str]], theirs: Sequence[tuple[int, str]]) -> Links:
    """Return links between numbered words: equal ones one to one, all words between two of these with one another."""
    ours = [(number, plain) for number, word in ours if (plain := _alphanumeric(word))]
    theirs = [(number, plain) for number, word in theirs if (plain := _alphanumeric(word))]
    matcher = SequenceMatcher(None, [word for _, word in ours], [word for _, word in theirs], autojunk=False)
    links: Links = set()
    for tag, a, a_end, b, b_end in matcher.get_opcodes():
        mine, other = [n for n, _ in ours[a:a_end]], [n for n, _ in theirs[b:b_end]]
        links |= set(zip(mine, other, strict=True)) if tag == "equal" else set(product(mine, other))
    return links


def _alphanumeric(word: str) -> str:
    return "".join(c for c in word.casefold() if c.isalnum())


def _attach_opening_marks(words: Sequence[Word]) -> list[Word]:
    """Move separate opening marks at the end of a word to the word that they belong to."""
    found = list(words)
    for place, (word, after) in enumerate(pairwise(words)):
        if opening := OPENING.search(word.text):
            found[place] = replace(found[place], text=found[place].text.removesuffix(opening[0]))
            found[place + 1] = replace(after, text=f"{opening[0].strip()} {after.text}")
    return found


def _in_order(words: Iterable[Word]) -> Iterator[Word]:
    """Yield words that do not overlap; one without duration is joined to its neighbour."""
    last: Word | None = None
    for word in words:
        start_ms = max(word.start_ms, last.end_ms) if last else word.start_ms
        if last and (word.end_ms <= start_ms or last.end_ms <= last.start_ms):
            last = Word(f"{last.text} {word.text}", last.start_ms, max(last.end_ms, word.end_ms))
            continue
        if last:
            yield last
        last = Word(word.text, start_ms, word.end_ms)
    if last and last.end_ms > last.start_ms:
        yield last
