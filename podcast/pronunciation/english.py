# SPDX-License-Identifier: GPL-3.0-or-later
"""English: the IPA of words that voices mispronounce, and of homographs (read, lead, record).

    word             -> exceptions: pronunciation.tsv, names.tsv
    word and context -> homographs.toml: patterns of the words around, the first that fits
                     -> else features() -> weights -> the reading with the highest score

homograph_readings.tsv has the readings, homograph_weights.tsv the model: 160 words, trained by
benchmarks/train_homographs.py on WikipediaHomographData (Gorman et al. 2018). Weights of verbs and of nouns are shared
by all words, so that a rare word profits from the common ones.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import NamedTuple

from podcast import languages
from podcast.pronunciation import exceptions
from podcast.pronunciation.homographs import chosen, context_of, homographs
from podcast.pronunciation.ipa import given
from podcast.pronunciation.notation import ANNOTATED, annotated, plain

READINGS, WEIGHTS = "homograph_readings.tsv", "homograph_weights.tsv"

TOKEN = re.compile(r"[^\W\d_]+(?:['’][a-z]+)?|[0-9][0-9.,]*|[^\w\s]")
WORD = re.compile(rf"{ANNOTATED.pattern}|(?P<said>[^\W\d_]+)")
POSSESSIVE = re.compile(rf"{ANNOTATED.pattern}(?P<s>['’]s)\b")
ENDINGS = {**dict.fromkeys("szʃʒ", "ɪz"), **dict.fromkeys("ptkfθ", "s")}
"""Last sound of a word -> the sound of its possessive, where it is not /z/."""
NUMBERS = re.compile(
    "(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fifteen|twenty|thirty|forty|fifty|sixty"
    "|seventy|eighty|ninety|hundred|thousand|million|billion)"
)
"""Number words are one feature, as digits are: a text may be spelled out or not."""

WINDOW = 6
"""Tokens before and after a word that decide on it."""
REACH = 120
"""Characters before and after a word in which these tokens are looked for."""

SHARED = {"vrb": "V", "nou": "N", "adj": "N", "adj-nou": "N"}
"""Ending of a reading -> prefix of its shared features."""

CUE = re.compile(
    r"(?:\b(?:i|you|we|they|(?:i|you|he|she|it|we|they)'ll|will|would|can|could|should|must|might|cannot|let's|please"
    r"|(?:ca|could|should|would|wo|do|did|does)n't|let (?:me|us|him|her|them)) )\Z"
)
"""Text right before a verb."""

BRITISH = {"ɜɹ": "ɜː", "ɔɹ": "ɔː", "ɑɹ": "ɑː", "ɛɹ": "eə", "ɪɹ": "ɪə", "əɹ": "ə"}
"""American -> British IPA; an r before a vowel stays."""


class Candidate(NamedTuple):
    """A reading of a homograph."""

    name: str
    ipa: str

    @property
    def shared(self) -> str:
        """Prefix of the features that it shares with other words, empty if it has none."""
        return SHARED.get(self.name.partition("_")[2], "")


def annotate(text: str, language: str) -> str:
    """Return a spoken text with the IPA of its homographs, and of other words that voices mispronounce."""
    adapt = _british if language.lower().startswith("en-gb") else exceptions.unchanged

    def write(match: re.Match[str]) -> str:
        if not match["said"] or not (ipa := _homograph(match)):
            return match[0]
        return annotated(match[0], adapt(match[0], ipa))

    return possessives(exceptions.annotate(WORD.sub(write, text), "en", adapt))


def possessives(text: str) -> str:
    """Return a text in which an annotated word includes its possessive `'s`: engines would spell the letter."""

    def write(match: re.Match[str]) -> str:
        ipa = match["ipa"]
        return annotated(match["word"] + match["s"], ipa + ENDINGS.get(ipa[-1], "z"))

    return POSSESSIVE.sub(write, text) if "](/" in text else text


def _homograph(match: re.Match[str]) -> str:
    """Return the IPA of a homograph by the words around it, empty if a word is none."""
    word, text = match["said"].lower(), match.string
    if rows := homographs("en").get(word):
        ipa = chosen(rows, context_of(text), match.start(), match.end())
        if ipa:
            return ipa
    if known := candidates().get(word):
        before, after = plain(text[max(0, match.start() - REACH) : match.start()]), plain(text[match.end() :][:REACH])
        return likeliest(known, before, match["said"], after).ipa
    return ""


def likeliest(known: Sequence[Candidate], before: str, word: str, after: str) -> Candidate:
    """Return the reading of a homograph between two texts; after `they` or `can`, it is a verb."""
    if CUE.search(before.lower().replace("’", "'")):
        known = [one for one in known if one.name.endswith("_vrb")] or known
    shared, own = features(before, word, after)
    weights = _weights()

    def score(one: Candidate) -> float:
        return sum(weights.get(key, 0.0) for key in keys(one, shared, own))

    return max(known, key=score)


def keys(one: Candidate, shared: Sequence[str], own: Sequence[str]) -> Iterator[str]:
    """Yield the names of the weights of a reading."""
    yield one.name
    yield from (f"{one.name} {feature}" for feature in own)
    if kind := one.shared:
        yield from (kind + feature for feature in shared)


def features(before: str, word: str, after: str) -> tuple[list[str], list[str]]:
    """Return the features of a word between two texts: those that words of one kind share, and its own."""
    texts, following = TOKEN.findall(before)[-WINDOW:], TOKEN.findall(after)[:WINDOW]
    left = (["<s>"] * WINDOW + [_normal(token) for token in texts])[-WINDOW:]
    right = ([_normal(token) for token in following] + ["</s>"] * WINDOW)[:WINDOW]
    (third, second, first), (next_, second_next, third_next) = left[-3:], right[:3]
    shared = [
        f"a{first}", f"b{second}", f"c{third}", f"d{next_}", f"e{second_next}", f"f{third_next}",
        f"g{first[-3:]}", f"h{next_[-3:]}", f"i{first[-2:]}", f"j{next_[-2:]}", f"n{second[-2:]}",
        f"o{second_next[-2:]}", f"k{second} {first}", f"l{first} {next_}", f"m{next_} {second_next}",
        f"w{first[-2:]} {next_}", f"x{first} {next_[-2:]}",
    ]  # fmt: skip
    names = "".join(_case(side) for side in (texts[-1:], following[:1]))
    own = [f"p{_case_of(word, first)}", f"q{first}", f"r{next_}", f"s{second}", f"t{second_next}"]
    own += [f"u{token}" for token in dict.fromkeys(left + right) if token.isalpha() and len(token) > 3]
    return shared, [*own, f"v{names}"]


def _case_of(word: str, before: str) -> str:
    """Return `c` for a word in lower case, `S` for one with a capital at the beginning of a sentence, else `C`."""
    if not word[:1].isupper():
        return "c"
    return "S" if before in {"<s>", ".", '"', "“"} else "C"


def _case(tokens: Sequence[str]) -> str:
    """Return `U` if a token has a capital, else `u`."""
    return "U" if any(token[:1].isupper() for token in tokens) else "u"


def _normal(token: str) -> str:
    """Return a token in lower case; all numbers are `0`."""
    token = token.replace("’", "'").lower()
    return "0" if token[0].isdigit() or NUMBERS.fullmatch(token) else token


@cache
def candidates() -> Mapping[str, Sequence[Candidate]]:
    """Return word in lower case -> its readings."""
    found: dict[str, list[Candidate]] = {}
    for name, written in languages.pairs("en", READINGS).items():
        found.setdefault(name.partition("_")[0], []).append(Candidate(name, given(written) or ""))
    return found


@cache
def _weights() -> Mapping[str, float]:
    return {key: float(weight) for key, weight in languages.pairs("en", WEIGHTS).items()}


def _british(word: str, ipa: str) -> str:
    """Return the American IPA of a word as in British English."""
    ipa = ipa.replace("oʊ", "əʊ")
    if "o" in word.lower():
        ipa = re.sub("(?<=[ˈˌ])ɑ(?!ɹ)", "ɒ", ipa)
    return re.sub("[ɜɔɑɛɪə]ɹ(?![ˈˌ]?[aeiouæɑɒɔəɛɜɪʊʌ])", lambda match: BRITISH[match[0]], ipa)
