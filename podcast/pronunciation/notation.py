# SPDX-License-Identifier: GPL-3.0-or-later
"""The notation for a pronunciation in spoken text: `[Kerguen](/kɛʁɡɛn/)`, a word and its IPA.

It is the notation of Kokoro's own tools. Only `annotate` and a show's lexicon write it; engines that speak phonemes
read it, and `plain` removes it for everything else.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence

ANNOTATED = re.compile(r"\[(?P<word>[^][]+)\]\(/(?P<ipa>[^/()]+)/\)")
"""A word, or words, and the IPA for them."""

WORD = re.compile(rf"(?:{re.sub('[?]P<[a-z]+>', '?:', ANNOTATED.pattern)}|\S)+")
"""What is one word for word times: an annotation, which may contain spaces, with the characters that touch it."""


def annotated(word: str, ipa: str) -> str:
    """Return a word with its pronunciation."""
    return f"[{word}](/{ipa}/)"


def plain(text: str) -> str:
    """Return a text without pronunciations: only the words."""
    return replace(text, lambda word, _ipa: word)


def positions(text: str) -> tuple[str, list[tuple[int, int, str]]]:
    """Return the plain text, and of each annotation its start and end in it and its IPA."""
    found, done, words = [], 0, ""
    for match in ANNOTATED.finditer(text):
        words += text[done : match.start()]
        found.append((len(words), len(words) + len(match["word"]), match["ipa"]))
        words += match["word"]
        done = match.end()
    return words + text[done:], found


def reannotated(parts: Iterable[str], annotations: Sequence[tuple[int, int, str]]) -> Iterator[str]:
    """Yield the parts into which a plain text was cut with the annotations of `positions`; a cut word has none."""
    begin = 0
    for part in parts:
        end, at, found = begin + len(part), begin, ""
        for start, stop, ipa in annotations:
            if begin <= start and stop <= end:
                found += part[at - begin : start - begin] + annotated(part[start - begin : stop - begin], ipa)
                at = stop
        yield found + part[at - begin :]
        begin = end


def words_of(text: str) -> list[str]:
    """Split a text at white space; an annotation is not split."""
    return WORD.findall(text) if "](/" in text else text.split()


def replace(text: str, write: Callable[[str, str], str]) -> str:
    """Replace every annotated word by `write(word, ipa)`."""
    return ANNOTATED.sub(lambda match: write(match["word"], match["ipa"]), text) if "](/" in text else text
