# SPDX-License-Identifier: GPL-3.0-or-later
"""Text -> Kokoro's symbols: phonemes of espeak-ng, and the punctuation that shapes intonation.

The text between two punctuation marks is phonemized at once; phonemes are mapped to the model's own notation
(diphthongs and affricates are one symbol), and the marks are put back. Nothing is lost: in the supported languages,
every phoneme of espeak-ng has a symbol.
"""

import re
from collections.abc import Iterator, Mapping

from podcast.errors import SynthesisError
from podcast.pronunciation.notation import annotated, replace
from podcast.voices.engines.espeak import phonemes

TOKENS = {
    symbol: number
    for start, run in {
        1: ";:,.!?", 9: '—…"()“” \u0303ʣʥʦʨᵝꭧAI', 31: "O", 33: "Q", 35: "ST", 39: "W", 41: "Yᵊabcdef",
        50: "hijklmnopqrstuvwxyz", 69: "ɑɐɒæ", 75: "βɔɕç", 80: "ɖðʤə", 85: "ɚɛɜ", 90: "ɟ", 92: "ɡ", 99: "ɥ",
        101: "ɨɪʝ", 110: "ɯɰŋɳɲɴø", 118: "ɸθœ", 123: "ɹ", 125: "ɾɻ", 128: "ʁɽʂʃʈʧ", 135: "ʊʋ", 138: "ʌɣɤ", 142: "χʎ",
        147: "ʒʔ", 156: "ˈˌː", 162: "ʰ", 164: "ʲ", 169: "↓", 171: "→↗↘", 177: "ᵻ",
    }.items()
    for number, symbol in enumerate(run, start=start)
}  # fmt: skip
"""Kokoro's symbol -> its token (config.json of Kokoro-82M)."""

NOT_PHONEMES = ';:,.!?—…"()“”↓→↗↘'
"""Symbols that are not phonemes: punctuation becomes intonation and pauses."""

ESPEAK = {"en-US": "en-us", "en-GB": "en", "es": "es", "fr": "fr", "it": "it", "pt-BR": "pt-br"}
"""BCP 47 tag -> espeak-ng's name of a voice."""

JOINED = {
    "a^ɪ": "I", "a^ʊ": "W", "d^z": "ʣ", "d^ʒ": "ʤ", "e^ɪ": "A", "o^ʊ": "O", "ə^ʊ": "Q", "t^s": "ʦ", "t^ʃ": "ʧ",
    "ɔ^ɪ": "Y", "^": "", "-": "",
}  # fmt: skip
"""Two letters that are one symbol. A hyphen is espeak-ng's mark of a word that is joined to the next."""

ENGLISH = JOINED | {
    "ə^l": "ᵊl", "n\u0329": "ᵊn", "l\u0329": "ᵊl", "ʔn\u0329": "tᵊn", "ʔˌn\u0329": "tᵊn", "ʔ": "t", "ɐ": "ə", "ɚ": "əɹ",
    "ɚɹ": "əɹ", "r": "ɹ", "x": "k", "ç": "k", "ɬ": "l", "\u0303": "",
}  # fmt: skip
"""English was trained on a dictionary with its own conventions (misaki, EN_PHONES)."""

RESPELT = {
    "en-US": ENGLISH | {"ɜː": "ɜɹ", "ɜːɹ": "ɜɹ", "ɾ": "T", "ː": ""},
    "en-GB": ENGLISH | {"e^ə": "ɛː", "i^ə": "ɪə"},
}

MARKS = re.compile(r"\s*((?:[;!?—…\"()“”]|(?<![^\W_])[.,:]|[.,:](?![^\W_]))+)\s*")
"""Punctuation with the space around it; not within 3.5, 12:30 or example.org."""

MISSING_SPACE = re.compile(r"(?<=[^\W\d_A-Z])([.,:])(?=[A-ZÀ-Þ])")
"""A mark without a space after it.Like this."""

PRIVATE = 0xE000
HIDDEN = re.compile("[\ue000-\uf8ff]")
"""Private characters, which stand for annotated words while a text is split at its marks."""

ENDS = re.compile(r"[;:,.!?—…”)] ")


def stretches(text: str, language: str, longest: int) -> Iterator[str]:
    """Yield a text in Kokoro's symbols, in parts of at most `longest`.

    Cut after a mark if there is one, else at a space. Raises SynthesisError if the text has no phonemes.
    """
    line = symbols(text, language)
    if not any(symbol.isalpha() for symbol in line):
        raise SynthesisError(f"no words to speak in {text[:60]!r}", hint="write words that the voice can pronounce")
    while len(line) > longest:
        marks = [found.end() for found in ENDS.finditer(line, 0, longest)]
        at = marks[-1] if marks and marks[-1] > longest // 2 else line.rfind(" ", 0, longest) + 1 or longest
        yield line[:at].strip()
        line = line[at:].strip()
    if line:
        yield line


def symbols(text: str, language: str) -> str:
    """Return a text, which may be annotated, in Kokoro's symbols, on one line."""
    annotations: list[str] = []

    def hide(word: str, ipa: str) -> str:
        annotations.append(annotated(word, ipa))
        return chr(PRIVATE + len(annotations) - 1)

    def shown(words: str) -> str:
        return HIDDEN.sub(lambda match: annotations[ord(match[0]) - PRIVATE], words)

    text = replace(text, hide)  # no mark inside an annotation ends a clause
    text = re.sub("[«„‟]", "“", text).replace("»", "”").replace("’", "'").replace("–", "—").replace("...", "…")
    text = re.sub('"([^"]*)"', r"“\1”", text)  # the model was trained on opening and closing quotes
    text = MISSING_SPACE.sub(r"\1 ", text)
    found = ""
    end = 0
    for mark in MARKS.finditer(text):
        before, after = (" " if side.isspace() else "" for side in (mark[0][0], mark[0][-1]))
        found += f"{_phonemize(shown(text[end : mark.start()]), language)}{before}{mark[1]}{after}"
        end = mark.end()
    found += _phonemize(shown(text[end:]), language)
    return " ".join("".join(symbol for symbol in found if symbol in TOKENS).split())


def _phonemize(words: str, language: str) -> str:
    """Return the phonemes of words without punctuation, in the model's notation."""
    if not any(c.isalnum() for c in words):
        return ""
    return respell(phonemes(words, ESPEAK[language]), RESPELT.get(language, JOINED))


def respell(said: str, table: Mapping[str, str]) -> str:
    """Replace all keys of the table, the longest first, in one pass."""
    longest_first = sorted(table, key=len, reverse=True)
    return re.sub("|".join(map(re.escape, longest_first)), lambda found: table[found[0]], said)
