# SPDX-License-Identifier: GPL-3.0-or-later
"""IPA -> espeak-ng's own names of phonemes, which it reads between `[[` and `]]` inside a text.

espeak-ng documents no table for its 100 languages. It can be asked, however: the IPA that it writes for each name in a
language is the inverse of what is needed here.
"""

import re
from collections.abc import Callable, Mapping

from podcast.errors import SynthesisError
from podcast.pronunciation.ipa import VOWELS

Write = Callable[[str], str]
"""Text with names of phonemes -> IPA, in one language."""

VOWEL_NAMES = """
a e E i I o O u U y Y W @ @- 3 A V & Q a# I2 I# E2 a: A: e: E: i: o: O: u: y: Y: 3: 0 aI eI OI aU oU I@ e@ U@
O@ A@ E~ A~ O~ W~ o~ u~ i~ e~ a~ y2 OY aI2 aU2
"""
CONSONANT_NAMES = """
p b t d k g f v s z S Z T D B m n n^ N l l^ L r * j w h x X C tS dZ ts dz pf ? c J s; z; R
"""

FRAMES = ((VOWEL_NAMES, "t'", "t"), (CONSONANT_NAMES, "", "'a"), (VOWEL_NAMES, "", ""))
"""Names, and what stands before and after each when it is looked up: some phonemes change elsewhere."""

LIAISONS = {"z‿": "z2", "t‿": "t2", "n‿": "n2"}
"""A consonant that is spoken only before a vowel; a language without these phonemes drops it."""
BLOCKED = {"ʔ": "_|"}
"""A mark that prevents a liaison."""

RHOTIC = {"əɹ": "ɚ", "ɜɹ": "ɜː", "ɜːɹ": "ɜː"}
"""Vowels with an r that American English has as one phoneme, named `ɚ` and `ɜː`."""

SIMILAR = {
    "ʁ": "ʀɹrɾ", "ʀ": "ʁɹrɾ", "ɹ": "ʁrɾ", "r": "ɹʁɾ", "ɾ": "rɹʁd", "ɻ": "ɹʁrɾ", "χ": "xhʁ", "x": "χhk", "ɣ": "ɡ",
    "h": "xʔ", "ç": "ʃx", "ʔ": "t", "θ": "sf", "ð": "zd", "β": "bv", "ɸ": "f", "ʂ": "ʃ", "ʐ": "ʒ", "ɕ": "ʃ", "ʑ":
    "ʒ", "ɲ": "n", "ŋ": "n", "ʎ": "lj", "l": "ɫɭɾ", "ɫ": "l", "ɬ": "l", "ɭ": "l", "ɱ": "m", "ɳ": "n", "ʋ": "vw",
    "ʍ": "w", "ɥ": "ywj", "w": "uv", "j": "i", "ʝ": "j", "ɟ": "dɡ", "c": "kt", "q": "k", "ɡ": "k", "a": "ɐɑæʌ", "ɑ":
    "aɒ", "ɐ": "aəʌ", "æ": "aɛ", "ʌ": "aœɑ", "ɒ": "ɔɑoa", "ɔ": "oɒ", "o": "ɔ", "e": "ɛ", "ɛ": "eæ", "ɜ": "əœɛ", "ə":
    "ɐœøɛe", "ɚ": "ə", "ɝ": "ɜə", "ɪ": "ie", "i": "ɪ", "ʊ": "uo", "u": "ʊ", "y": "ʏiu", "ʏ": "yɪ", "ø": "œəe", "œ":
    "øəɛ", "ɨ": "iɪə", "ʉ": "uy", "ɯ": "uɨ", "ɤ": "oə", "ɵ": "øo", "v": "vbw",
}  # fmt: skip
"""IPA letter -> those that may replace it in a language without it, the closest first."""


def inverted(write: Write) -> Mapping[str, str]:
    """Return IPA -> name of the phoneme in a language, for every phoneme of it that has a name known here."""
    found: dict[str, str] = {}
    for names, before, after in FRAMES:
        left, right = (_plain(write(f"[[{edge}]]")) for edge in (before, after))
        for name in names.split():
            ipa = _plain(write(f"[[{before}{name}{after}]]")).removeprefix(left).removesuffix(right)
            if ipa and (names is VOWEL_NAMES) is (ipa[0] in VOWELS):
                found.setdefault(ipa, name)
    if found.get("ɾ") != "r" and found.get("r") == "R":
        del found["r"]  # a trill that only Spanish and its like tell from their other r
    return {ipa.replace("ː", ""): name for ipa, name in found.items()} | found


def _plain(ipa: str) -> str:
    return re.sub("[ˈˌ^ ‿-]", "", ipa)


def mnemonics(ipa: str, names: Mapping[str, str]) -> str:
    """Return IPA in espeak-ng's names; `names` is from `inverted`.

    Raises SynthesisError that names a letter which the language has nothing similar to.
    """
    tokens = LIAISONS | BLOCKED | {"ˈ": "'", "ˌ": ",", " ": "", "-": "", "ː": "", "‿": ""}
    known = {**names, **{mark: name for mark, name in tokens.items() if mark != "ʔ" or ipa.startswith("ʔ")}}
    if {"ɚ", "ɜː"} <= names.keys():
        known |= {ipa: names[one] for ipa, one in RHOTIC.items()}
    longest_first = sorted(known, key=len, reverse=True)
    pattern = re.compile("|".join(_escaped(symbols) for symbols in longest_first))
    found, at = [], 0
    while at < len(ipa):
        match = pattern.match(ipa, at)
        found.append(known[match[0]] if match else _similar(ipa[at], names, ipa))
        at = match.end() if match else at + 1
    return "".join(found)


def _escaped(symbols: str) -> str:
    """Return the pattern of symbols; a vowel with its r is one phoneme only where no vowel follows."""
    return re.escape(symbols) + (f"(?![ˈˌ]?[{VOWELS}])" if len(symbols) > 1 and symbols[-1] == "ɹ" else "")


def _similar(letter: str, names: Mapping[str, str], ipa: str) -> str:
    if letter in "\u0303\u0329\u032f\u0325\u032a\u0306\u031aˑʰʲʷˠˤⁿˡ":  # a nuance that the language does not make
        return ""
    for other in SIMILAR.get(letter, ""):
        if other in names:
            return names[other]
    raise SynthesisError(
        f"/{ipa}/: this voice has no sound for {letter!r}", hint="write a sound of the language instead"
    )
