# SPDX-License-Identifier: GPL-3.0-or-later
"""Which language a text is in: what is said of it, judged by its words."""

import re
import unicodedata
from collections.abc import Collection, Sequence

from podcast import languages
from podcast.langtag import canonical, primary

HOME = ("en", "fr")
"""Languages that a few words are in if nothing tells another one."""
FILE = "reading.toml"


def _function_words(tag: str) -> frozenset[str]:
    return frozenset(languages.table(tag, FILE).get("function_words", "").split())


LIKELY = frozenset(tag for tag in languages.known(FILE) if languages.table(tag, FILE).get("likely"))
"""Languages in which a few words may be that nothing else is known of: those that say so."""
MODERN = {"hbo": "he"}
"""Languages that are taken for an older one: Hebrew with its vowels."""
SURE = 400
"""Characters in which a language cannot be mistaken."""
SHORT = 120
"""A text of fewer characters in Latin letters is taken to be in a likely language."""
NEAR = 6.0
"""By how much, in log-likelihood, another language may be ahead of one at home, and it is still taken for chance."""
FUNCTION_WORDS = {tag: words for tag in languages.known(FILE) if (words := _function_words(tag))}
"""Short words of which every text of a language is full, and no text of another one."""
FULL = 0.25
"""Share of the words of a text that are then among them: a third is usual, a tenth in a related language."""
ENOUGH = 40
"""Words that tell a share."""


def language_of(text: str, declared: str = "", *, given: str = "", home: Sequence[str] = HOME) -> tuple[str, str]:
    """Return the language of a text as BCP 47, and a sentence that says how it was found ("" if it was declared).

    What is `given` by the producer holds. Programs declare languages that nobody chose: what is none counts for
    nothing, and a long text whose words say otherwise is believed.
    A few words, or a number, look like any of a hundred languages: they are in one of those at `home`, the first if
    nothing tells, unless they are clearly in another one that is likely.
    """
    if given:
        return given.replace("_", "-"), ""
    if declared := _tag(declared):
        code = _contradicted(text, declared)
        remark = f"detected language: {_name(code)}, although {declared!r} is declared (override with --language)"
        return code, "" if code == declared else remark
    code = _detected(text, home)
    code = MODERN.get(code, code)
    return code, f"detected language: {_name(code)} (override with --language)"


def footnotes_heading(language: str) -> str:
    """Return the heading of the footnotes of an article: `Anmerkungen`."""
    return str(languages.table(primary(language), FILE).get("footnotes", "Notes"))


def _name(code: str) -> str:
    """Return a language's name in English, or its code if it has none."""
    from babel.core import Locale

    return str(Locale("en").languages.get(code.replace("-", "_"), code))


def _tag(declared: str) -> str:
    """Return a language as BCP 47, empty for what is none: `fra` and `fr_FR.UTF-8` are, `und` and `French` are not."""
    tag = re.split(r"[.,;\s]", declared.strip().replace("_", "-"), maxsplit=1)[0]
    if not re.fullmatch(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8})*", tag) or tag[:3].lower() in {"und", "zxx", "mul"}:
        return ""
    first, dash, rest = tag.partition("-")
    return f"{canonical(first) if len(first) == 3 else first}{dash}{rest}"


def _by_function_words(text: str) -> str:
    """Return the language that the function words of a text leave no doubt of, or an empty text.

    It spares loading the model of py3langid, which takes longer than reading a short article, and agrees with it.
    """
    words = re.findall(r"[^\W\d_]+", text.lower())
    if len(words) < ENOUGH:
        return ""
    shares = {code: _share(words, common) for code, common in FUNCTION_WORDS.items()}
    code = max(shares, key=shares.__getitem__, default="")
    return code if code and shares[code] >= FULL else ""


def _share(words: Sequence[str], common: Collection[str]) -> float:
    return sum(word in common for word in words) / len(words)


def _classified(text: str) -> str:
    """Return the language of a text of some length."""
    if code := _by_function_words(text):
        return code
    import py3langid

    return str(py3langid.classify(text)[0])


def _detected(text: str, home: Sequence[str]) -> str:
    if len(text) >= SURE and (code := _by_function_words(text[:20_000])):
        return code
    import py3langid

    scores = {str(code): float(score) for code, score in py3langid.rank(text[:20_000])}
    letters = ["LATIN" in unicodedata.name(c, "") for c in text[:SHORT] if c.isalpha()]
    if len(text) >= SHORT or sum(letters) < 0.8 * len(letters):
        return next(iter(scores))
    own = {tag: scores[base] for tag in home if (base := primary(tag)) in scores}
    code = next(likely for likely in scores if likely in LIKELY)
    near = [tag for tag in own if own[tag] >= scores[code] - NEAR]
    return max(near, key=lambda tag: own[tag] if letters else 0, default=code)


def _contradicted(text: str, declared: str) -> str:
    """Return the language of a text that is declared to be in another: that of a template, of which nobody thought.

    Both halves of it have to be in the other one, for sure; else it is as `declared`.
    """
    if len(text) < SURE or primary(declared) not in LIKELY:
        return declared
    halves = {_classified(half) for half in (text[: len(text) // 2][:10_000], text[len(text) // 2 :][:10_000])}
    found = halves.pop()
    return declared if halves or found not in LIKELY or found == primary(declared) else found
