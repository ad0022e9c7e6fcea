# SPDX-License-Identifier: GPL-3.0-or-later
"""Detect the language of a text, or check the language that is declared for it."""

import re
import unicodedata
from collections.abc import Collection, Sequence

from podcast import languages
from podcast.langtag import canonical, primary

HOME = ("en", "fr")
"""Default languages of short texts, for which detection is unreliable."""
FILE = "reading.toml"


def _function_words(tag: str) -> frozenset[str]:
    return frozenset(languages.table(tag, FILE).get("function_words", "").split())


LIKELY = frozenset(tag for tag in languages.known(FILE) if languages.table(tag, FILE).get("likely"))
"""Languages that a short text may be detected as: `likely = true` in reading.toml."""
MODERN = {"hbo": "he"}
"""Detected language -> the modern one meant: Hebrew with vowel points is classified as ancient Hebrew."""
RELIABLE_LENGTH = 400
"""Characters from which detection is reliable."""
SHORT = 120
"""Characters; a shorter text in Latin script is detected as one of the LIKELY languages."""
HOME_MARGIN = 6.0
"""Log-likelihood by which another language must beat a home language to be chosen for a short text."""
FUNCTION_WORDS = {tag: words for tag in languages.known(FILE) if (words := _function_words(tag))}
"""Language -> frequent short words that are rare in other languages."""
MIN_SHARE = 0.25
"""Minimum share of function words; a third is usual, and a tenth for the words of a related language."""
MIN_WORDS = 40
"""Words in a text from which this share is reliable."""


def language_of(text: str, declared: str = "", *, given: str = "", home: Sequence[str] = HOME) -> tuple[str, str]:
    """Return the language of a text as BCP 47, and a remark if it was detected.

    A language `given` by the user is final. A `declared` one is often a template's default: it is ignored if it is not
    valid, and overridden if the text is long and clearly in another language.
    A few words, or a number, look like any of a hundred languages: they are detected as one of `home` (the first if
    there is no evidence), unless they are clearly in another LIKELY language.
    """
    if given:
        return given.replace("_", "-"), ""
    if declared := _language_tag(declared):
        code = _corrected(text, declared)
        remark = f"detected language: {_name(code)}, although {declared!r} is declared (override with --language)"
        return code, "" if code == declared else remark
    code = _detected(text, home)
    code = MODERN.get(code, code)
    return code, f"detected language: {_name(code)} (override with --language)"


def footnotes_heading(language: str) -> str:
    """Return the heading for the footnotes of an article in a language: `Anmerkungen`."""
    return str(languages.table(primary(language), FILE).get("footnotes", "Notes"))


def _name(code: str) -> str:
    """Return a language's name in English, or its code if it has none."""
    from babel.core import Locale

    return str(Locale("en").languages.get(code.replace("-", "_"), code))


def _language_tag(declared: str) -> str:
    """Return a language code as BCP 47, such as `fra` or `fr_FR.UTF-8`; empty if invalid, such as `und` or `French`."""
    tag = re.split(r"[.,;\s]", declared.strip().replace("_", "-"), maxsplit=1)[0]
    if not re.fullmatch(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8})*", tag) or tag[:3].lower() in {"und", "zxx", "mul"}:
        return ""
    first, dash, rest = tag.partition("-")
    return f"{canonical(first) if len(first) == 3 else first}{dash}{rest}"


def _by_function_words(text: str) -> str:
    """Return the language of a text by its function words; empty if they are not conclusive.

    Agrees with py3langid, but saves loading its model, which takes longer than reading a short article.
    """
    words = re.findall(r"[^\W\d_]+", text.lower())
    if len(words) < MIN_WORDS:
        return ""
    shares = {code: _share(words, common) for code, common in FUNCTION_WORDS.items()}
    code = max(shares, key=shares.__getitem__, default="")
    return code if code and shares[code] >= MIN_SHARE else ""


def _share(words: Sequence[str], common: Collection[str]) -> float:
    return sum(word in common for word in words) / len(words)


def _classified(text: str) -> str:
    """Return the language of a long text."""
    if code := _by_function_words(text):
        return code
    import py3langid

    return str(py3langid.classify(text)[0])


def _detected(text: str, home: Sequence[str]) -> str:
    if len(text) >= RELIABLE_LENGTH and (code := _by_function_words(text[:20_000])):
        return code
    import py3langid

    scores = {str(code): float(score) for code, score in py3langid.rank(text[:20_000])}
    letters = ["LATIN" in unicodedata.name(c, "") for c in text[:SHORT] if c.isalpha()]
    if len(text) >= SHORT or sum(letters) < 0.8 * len(letters):
        return next(iter(scores))
    own = {tag: scores[base] for tag in home if (base := primary(tag)) in scores}
    code = next(likely for likely in scores if likely in LIKELY)
    near = [tag for tag in own if own[tag] >= scores[code] - HOME_MARGIN]
    return max(near, key=lambda tag: own[tag] if letters else 0, default=code)


def _corrected(text: str, declared: str) -> str:
    """Return the detected language if it clearly contradicts the declared one, else `declared`.

    It does if the text is long and both halves are detected as the same other LIKELY language.
    """
    if len(text) < RELIABLE_LENGTH or primary(declared) not in LIKELY:
        return declared
    halves = {_classified(half) for half in (text[: len(text) // 2][:10_000], text[len(text) // 2 :][:10_000])}
    found = halves.pop()
    return declared if halves or found not in LIKELY or found == primary(declared) else found
