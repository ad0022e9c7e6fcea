# SPDX-License-Identifier: GPL-3.0-or-later
"""IPA in a show's lexicon and scripts: check it, stress it, and respell it for engines that read only letters.

"/kɛʁɡɛn/"  -> given()    the IPA, or None for a plain respelling such as "kerguenne"
IPA         -> respelt()  the closest spelling in a language, from languages/<tag>/ipa.toml
"""

import re
import unicodedata

from podcast import languages
from podcast.langtag import primary

VOWELS = "aeiouyæœøɐɑɒɔɘəɚɛɜɝɞɤɨɪɯɵɶʉʊʌʏ"
LETTERS = VOWELS + "bcdfhjklmnpqrstvwxzçðħŋβθχɓɕɖɗɟɠɡɢɣɥɦɧɫɬɭɮɰɱɲɳɴɸɹɺɻɽɾʀʁʂʃʄʈʋʍʎʐʑʒʔʕʘʙʛʝʟʡʢ"
MARKS = "ˈˌːˑ.-‿ " + "\u0303\u0329\u032f\u0325\u032a\u0361\u035c\u0306\u031a" + "ʰʲʷˠˤⁿˡ"
"""Stress, length, syllables, liaison, and the diacritics that voices may use."""
WRITTEN = str.maketrans({"g": "ɡ", "'": "ˈ", ":": "ː", ",": "ˌ", "ʦ": "ts", "ʣ": "dz", "ʧ": "tʃ", "ʤ": "dʒ"})
"""Characters that people type for others, and ligatures."""
DROPPED = re.compile("[.\u0361\u035c]|(?<=.)-(?=.)")
"""Marks of syllables and ties, which no engine needs."""


def given(said: str) -> str | None:
    """Return the IPA of an entry such as `/kɛʁɡɛn/`, in the usual notation, or None if the entry is not IPA.

    Raises ValueError that names the character which is not IPA.
    """
    text = said.strip()
    if len(text) < 3 or text[0] != "/" or text[-1] != "/":
        return None
    ipa = DROPPED.sub("", unicodedata.normalize("NFD", text[1:-1]).replace("c\u0327", "ç").translate(WRITTEN)).strip()
    for character in ipa:
        if character not in LETTERS and character not in MARKS:
            raise ValueError(f"{character!r} is not a letter of the IPA")
    if not any(character in LETTERS for character in ipa):
        raise ValueError("there is no letter of the IPA between the slashes")
    return ipa


def stressed(ipa: str, language: str) -> str:
    """Return IPA with a primary stress, if it has none and its place is known.

    A single vowel is stressed; in French the last one, except a schwa.
    """
    vowels = [match.start() for match in re.finditer(f"[{VOWELS}]", ipa)]
    full = [at for at in vowels if ipa[at] != "ə"] or vowels
    if "ˈ" in ipa or not full or (len(full) > 1 and primary(language) != "fr"):
        return ipa
    return f"{ipa[: full[-1]]}ˈ{ipa[full[-1] :]}"


def respelt(ipa: str, language: str) -> str:
    """Return the closest spelling of IPA in a language, for engines that read only letters."""
    table = languages.table(languages.find(language, "ipa.toml", "en"), "ipa.toml")["spelling"]
    spelling = {unicodedata.normalize("NFD", sound): letters for sound, letters in table.items()}
    longest_first = sorted(spelling, key=len, reverse=True)
    sounds = re.sub("[ˈˌː‿]", "", unicodedata.normalize("NFD", ipa)).replace("c\u0327", "ç")
    return re.sub("|".join(map(re.escape, longest_first)) + "|[^ ]", lambda one: spelling.get(one[0], ""), sounds)
