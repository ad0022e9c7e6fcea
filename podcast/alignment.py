# SPDX-License-Identifier: GPL-3.0-or-later
"""Words and their times: from the words that a voice said to those that are shown.

    align          said words with their times -> the words as they are written, with theirs
    pack, unpack   such words of a cue <-> the short text in which a Cue keeps them
    moved          words at other times

What is shown and what is said are known stretch by stretch (`Said`), and words that are equal in both anchor the rest.
A stretch that was rewritten shares its time: `3,5 M€` is one entry, for nobody can tell when its `3,5` ends. So no
time is an estimate, and none is out of order.
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
"""Marks that stand before what they belong to, with a space on both sides."""


def align(parts: Sequence[Said], shown: str, spoken: Sequence[Word]) -> tuple[Word, ...]:
    """Return the words of `shown` with the times at which a voice said them; empty if the voice did not tell.

    `parts` are the stretches of which the text was made. Every word that is shown is in the result, in order, those
    that share their time in one; a picture or a mark on its own goes with the word before it.
    """
    tokens = shown.split()
    spoken = [word for word in spoken if _plain(word.text)]
    to_said = _rewritten(parts)
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
    for last_token, last_place in together(links, len(tokens), len(spoken)):
        start_ms, end_ms = spoken[place].start_ms, spoken[last_place - 1].end_ms
        found.append(Word(" ".join(tokens[token:last_token]), start_ms, end_ms))
        token, place = last_token, last_place
    return tuple(_in_order(_opened(found)))


def together(links: Iterable[tuple[int, int]], ours: int, theirs: int) -> list[tuple[int, int]]:
    """Return the ends of the smallest stretches of two rows of things in which no link leaves its stretch.

    The links do not cross. What has none belongs to the stretch before it, at the beginning to the one after it. Both
    rows are used up, and every stretch has something of each: one stretch if there is no link at all.
    """
    starts: list[tuple[int, int]] = []
    seen = (-1, -1)
    for one, other in sorted(links):
        if one > seen[0] and other > seen[1]:
            starts.append((one, other))
        seen = max(seen[0], one), max(seen[1], other)
    return [*starts[1:], (ours, theirs)]


def moved(words: Iterable[Word], by_ms: float, last_ms: float = math.inf) -> tuple[Word, ...]:
    """Return words at other times, none of which is before 0 or after `last_ms`."""

    def at(ms: int) -> int:
        return round(min(max(ms + by_ms, 0), last_ms))

    return tuple(replace(word, start_ms=at(word.start_ms), end_ms=at(word.end_ms)) for word in words)


def pack(words: Iterable[Word], start_ms: int) -> str:
    """Return times in the form of Cue.words: `0-210 210-480*2`, from the cue's start, `*2` for two words at once."""
    return " ".join(
        f"{word.start_ms - start_ms}-{word.end_ms - start_ms}" + (f"*{count}" if count > 1 else "")
        for word in words
        for count in [len(word.text.split())]
    )


def unpack(cue: Cue) -> tuple[Word, ...]:
    """Return the words of a cue with their times in the episode; empty if they are not known."""
    tokens = cue.text.split()
    found = []
    for entry in cue.words.split():
        times, _, count = entry.partition("*")
        start, _, end = times.partition("-")
        mine, tokens = tokens[: int(count or 1)], tokens[int(count or 1) :]
        found.append(Word(" ".join(mine), cue.start_ms + int(start), cue.start_ms + int(end)))
    return () if tokens or any(not word.text for word in found) else tuple(found)


def _rewritten(parts: Sequence[Said]) -> Links:
    """Return which word as it is shown is which word as it is said, by their numbers."""
    shown_of = _numbered("".join(part.shown for part in parts))
    said_of = _numbered("".join(part.said for part in parts))
    links: Links = set()
    at, to = 0, 0
    for part in parts:
        ours, theirs = shown_of[at:][: len(part.shown)], said_of[to:][: len(part.said)]
        if part.shown == part.said:
            links |= {(one, other) for c, one, other in zip(part.shown, ours, theirs, strict=True) if c.isalnum()}
        else:
            links |= _anchored(list(_words(part.shown, ours)), list(_words(part.said, theirs)))
        at, to = at + len(part.shown), to + len(part.said)
    return links


def _numbered(text: str) -> list[int]:
    """Return for each character the number of the word it stands in, or that follows."""
    numbers = []
    count, inside = 0, False
    for c in text:
        if c.isspace() and inside:
            count += 1
        inside = not c.isspace()
        numbers.append(count)
    return numbers


def _words(text: str, numbers: Sequence[int]) -> Iterator[tuple[int, str]]:
    for found in re.finditer(r"\S+", text):
        yield numbers[found.start()], found[0]


def _anchored(ours: Sequence[tuple[int, str]], theirs: Sequence[tuple[int, str]]) -> Links:
    """Return links between numbered words: equal ones to each other, and all between two of these to one another."""
    ours = [(number, plain) for number, word in ours if (plain := _plain(word))]
    theirs = [(number, plain) for number, word in theirs if (plain := _plain(word))]
    matcher = SequenceMatcher(None, [word for _, word in ours], [word for _, word in theirs], autojunk=False)
    links: Links = set()
    for tag, a, a_end, b, b_end in matcher.get_opcodes():
        mine, other = [n for n, _ in ours[a:a_end]], [n for n, _ in theirs[b:b_end]]
        links |= set(zip(mine, other, strict=True)) if tag == "equal" else set(product(mine, other))
    return links


def _plain(word: str) -> str:
    return "".join(c for c in word.casefold() if c.isalnum())


def _opened(words: Sequence[Word]) -> list[Word]:
    """Move marks that open something, on their own after a word, to the word that they belong to."""
    found = list(words)
    for place, (word, after) in enumerate(pairwise(words)):
        if opening := OPENING.search(word.text):
            found[place] = replace(found[place], text=found[place].text.removesuffix(opening[0]))
            found[place + 1] = replace(after, text=f"{opening[0].strip()} {after.text}")
    return found


def _in_order(words: Iterable[Word]) -> Iterator[Word]:
    """Give words none of which begins before the one in front has ended; one that has no time joins its neighbour."""
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
