# SPDX-License-Identifier: GPL-3.0-or-later
"""The rule engine: rules, and how they are applied to a text.

A line of text is a list of pieces: a plain `str` that no rule has matched yet, or a replaced `Said(shown, said)`. A
rule is a regular expression and a replacement function. Applying it splits the plain pieces at its matches and replaces
those, so three invariants hold: no rule sees the output of another one, the displayed text can always be restored, and
text that no rule matches is unchanged. Rules are applied in order; an earlier rule takes precedence.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from podcast.model import Said

Piece = str | Said
Say = Callable[[re.Match[str]], str | None]

EDGE = r"(?<![^\W_])"
"""Not preceded by a letter or digit."""
END = r"(?![^\W_])"
"""Not followed by a letter or digit."""
ELIDED = r"(?P<elided>(?:(?<![^\W_])(?:[cdjlmnstCDJLMNST]|[Qq][Uu])')?)"
"""An elided article, which is spoken in lower case: engines would read out the apostrophe in `L'I A`."""

# Where a match may begin: see Rule.starts.
DIGIT = "[0-9]+"
CAPITAL_START = "[A-ZÀ-Þ]+"
ELIDED_CAPITAL = "[cdjlmnstqA-ZÀ-Þ](?:(?<=[A-ZÀ-Þ])|u?')"

INNER_DOT = "a.b"
"""In `needs`: a dot before a letter or digit."""
CAPITALS = "AB"
"""In `needs`: two capitals, or a capital and a dot."""
NUMERALS = "IV"
"""In `needs`: two letters of a Roman numeral."""
EXPONENT = "3e2"
"""In `needs`: a number with a power of ten."""
FOREIGN = "Жж"
"""In `needs`: letters of other scripts, and the marks used with them."""
MARKED = "Ễễ"
"""In `needs`: Latin letters beyond those of most European languages."""
MARKS_BEYOND = "[ĐđƠơƯư\u1e00-\u1eff]"
OTHER_SCRIPTS = (
    "\u0370-\u1cff\u1f00-\u1fff\u2c80-\u2dff\u3005-\u3007\u3040-\u318f\u3400-\u4dbf\u4e00-\u9fff\ua980-\uabff\uac00-\ud7ff"
    "\uf900-\ufaff\ufb13-\ufdff\ufe70-\ufefe"
)
FEATURES = {
    FOREIGN: re.compile(f"[{OTHER_SCRIPTS}]"),
    MARKED: re.compile(MARKS_BEYOND),
    EXPONENT: re.compile(r"[0-9][eE][-+−]?[0-9]"),
    INNER_DOT: re.compile(r"\.\w"),
    CAPITALS: re.compile(r"[A-ZÀ-Þ][A-ZÀ-Þ.]"),
    NUMERALS: re.compile(r"[IVX][IVX]"),
}
_WORDS = re.compile(r"[^\W_]{2,}|[^\W_](?!')")
"""Words, and single letters that are not an elided article."""


NEVER = "(?!)"
"""A pattern that matches nothing; in `needs`, what no line contains."""
_OPENING_QUOTE = re.compile(r"(?<!\w)'(?=\w)")
_TEXT_END = re.compile(r"[ »\"”“)]*+\Z")


@dataclass(frozen=True, slots=True)
class Rule:
    """A pattern and its replacement function; `say` may return None to leave a match unchanged."""

    pattern: re.Pattern[str]
    say: Say
    needs: frozenset[str] = frozenset()
    """Characters or FEATURES of which a line must contain one to be searched; empty for any line."""
    words: frozenset[str] = frozenset()
    """Words in lower case of which a line must contain one to be searched; empty for any line."""
    headlines: bool = True
    """False for a rule that would misinterpret the words of A LINE IN CAPITALS."""
    capitals_only: bool = False
    """True for a rule that applies only to A LINE IN CAPITALS."""
    starts: re.Pattern[str] | None = None
    """A fast pattern for the offsets at which a match may begin; None if the whole piece is searched."""

    def matches(self, piece: str) -> Iterator[re.Match[str]]:
        """Yield the candidate matches of the rule, from left to right."""
        if self.starts is None:
            yield from self.pattern.finditer(piece)
            return
        end = 0
        for start in self.starts.finditer(piece):
            match = self.pattern.match(piece, start.start()) if start.start() >= end else None
            if match:
                end = match.end()
                yield match


def rule(
    pattern: str,
    say: Say | str,
    *,
    needs: Iterable[str] = (),
    words: Iterable[str] = (),
    headlines: bool = True,
    capitals_only: bool = False,
    starts: str = "",
) -> Rule:
    """Create a rule. A string as `say` replaces every match; `words` are phrases of which a line must contain one."""
    spoken = (lambda _, text=say: text) if isinstance(say, str) else say
    parts = [_WORDS.findall(key.casefold()) for key in words]
    required = [_rarest(found) for found in parts if found]
    return Rule(
        re.compile(pattern),
        spoken,
        frozenset(needs),
        frozenset(required if len(required) == len(parts) else ()),
        headlines,
        capitals_only,
        re.compile(starts) if starts else None,
    )


def _rarest(words: list[str]) -> str:
    """Return the word of a phrase that is likely to be the rarest in texts: the last one, of two as long."""
    return max(reversed(words), key=lambda word: (word.upper() not in FUNCTION_WORDS, len(word), word not in "aiy"))


def apply(pieces: list[Piece], one: Rule) -> list[Piece]:
    """Apply one rule to the plain pieces."""
    probe = (one.starts or one.pattern).search
    out: list[Piece] = []
    for place, piece in enumerate(pieces):
        if isinstance(piece, Said) or not probe(piece):
            out.append(piece)
        else:
            out += _replace(piece, one, pieces[place + 1] if place + 1 < len(pieces) else "")
    return out


def _replace(piece: str, one: Rule, following: Piece) -> Iterator[Piece]:
    """Split a plain piece at the matches of a rule; `following` is the next piece."""
    done = 0
    after = following.shown if isinstance(following, Said) else following
    for match in one.matches(piece):
        said = one.say(match)
        if said is None or match.end() == match.start():
            continue
        listed = after[:1].isupper() and match.group()[-4:].lower() == "etc."
        if after.strip() and not listed and said[-1:] == match.group()[-1] == "." and last_dot(match):
            said = said[:-1]  # the sentence continues after this piece
        if match.start() > done:
            yield piece[done : match.start()]
        yield Said(match.group(), said)
        done = match.end()
    if done < len(piece):
        yield piece[done:]


FUNCTION_WORDS = frozenset((
    "LE", "LA", "LES", "UN", "UNE", "DES", "DU", "AU", "AUX", "ET", "EST", "SONT", "QUI", "QUE",
    "THE", "OF", "TO", "AND", "IS", "ARE", "FOR", "WITH", "DER", "DIE", "DAS", "UND",
))  # fmt: skip
"""Function words, which rule out an acronym."""


def run(line: str, rules: Sequence[Rule]) -> list[Piece]:
    """Apply all rules to one line."""
    pieces: list[Piece] = [line] if line else []
    in_capitals = is_headline(line)
    for one in _needed(line, rules, in_capitals=in_capitals):
        pieces = apply(pieces, one)
    if in_capitals and any(isinstance(piece, Said) and piece.said.islower() for piece in pieces):
        # engines spell out short capitalised words next to lower-case ones: `LE douze MAI`
        return [piece if isinstance(piece, Said) else Said(piece, _lower_case(piece)) for piece in pieces]
    return pieces


def _needed(line: str, rules: Sequence[Rule], *, in_capitals: bool) -> Iterator[Rule]:
    """Yield the rules that could match in a line; `in_capitals` if it is A LINE IN CAPITALS."""
    present = {*line, *(name for name, pattern in FEATURES.items() if pattern.search(line))}
    words = set(_WORDS.findall(line.casefold()))
    for one in rules:
        if one.needs and one.needs.isdisjoint(present):
            continue
        if (one.words and one.words.isdisjoint(words)) or not (one.headlines if in_capitals else not one.capitals_only):
            continue
        yield one


def _lower_case(piece: str) -> str:
    """Convert words in capitals to lower case; those without a vowel are acronyms in any context."""
    return re.sub(r"(?i)[^\W\d_]*[aeiouyà-öø-ýœ][^\W\d_]*", lambda word: word[0].lower(), piece)


def is_headline(line: str) -> bool:
    """Return True if a line is SET IN CAPITALS, so that capitals do not mark an acronym.

    Two words, one of them long, or three with a function word that no name has.
    """
    if line != line.upper():
        return False
    words = re.findall(r"[^\W\d_]{2,}", line)
    has_function_word = len(words) >= 3 and not FUNCTION_WORDS.isdisjoint(words)
    return has_function_word or (len(words) >= 2 and any(len(word) >= 5 for word in words))


def any_of(words: Iterable[str]) -> str:
    """Return a pattern for alternatives, the longest first, grouped by first letter so that a mismatch is fast."""
    groups = []
    for first, group in groupby(sorted(set(words)), key=lambda word: word[:1]):
        tails = sorted((re.escape(word[1:]) for word in group), key=len, reverse=True)
        groups.append(re.escape(first) + (f"(?:{'|'.join(tails)})" if tails != [""] else ""))
    return f"(?:{'|'.join(groups)})" if groups else NEVER


def phrases(table: Mapping[str, str]) -> Rule:
    """Return a rule that replaces whole words or phrases.

    A lower-case key matches any case; a key with capitals only itself. A space in a key also matches a hyphen. An
    elided article before a word is part of the match and becomes lower case: engines that spell out capitals would read
    out the apostrophe in `L'I A`.
    """
    exact = {key: said for key, said in table.items() if key != key.lower()}
    folded = {normalized(key): said for key, said in table.items() if key == key.lower()}
    parts = [_key_pattern(exact)] if exact else []
    written = {*folded, *(key.replace("-", " ") for key in table if key == key.lower())}  # with ß and with ss
    parts += [f"(?i:{_key_pattern(written)})"] if written else []

    def say(match: re.Match[str]) -> str | None:
        word = match["word"]
        said = exact.get(word, exact.get(word.replace("-", " "), folded.get(normalized(word))))
        if said is None:
            return None
        dot = "." if word[-1] == "." and last_dot(match) else ""
        return match["elided"].lower() + said + dot + (" " if match["joint"] else "")

    needs = () if parts else (NEVER,)
    body = "|".join(parts) or NEVER
    return rule(rf"{ELIDED}(?P<word>{body})(?P<joint>-(?=[0-9]))?", say, needs=needs, words=table)


def last_dot(match: re.Match[str]) -> bool:
    """Return True if the final dot of a match also ends the text, and so must be kept."""
    return _TEXT_END.match(match.string, match.end()) is not None


def in_quotes(match: re.Match[str]) -> bool:
    """Return True if an apostrophe may close a quotation, 'Apollo 13', so that it is not a mark of minutes or feet."""
    return _OPENING_QUOTE.search(match.string, 0, match.end()) is not None


def normalized(word: str) -> str:
    """Normalize a key, or the text that it matches, for `phrases`."""
    return word.casefold().replace("-", " ")


def _key_pattern(table: Iterable[str]) -> str:
    """Return a pattern for the keys as whole words: with a word boundary where a key begins or ends with a letter."""
    kinds: dict[tuple[bool, bool], list[str]] = {}
    for key in table:
        if key:
            kinds.setdefault((key[0].isalnum(), key[-1].isalnum()), []).append(key)
    parts = []
    for (head, tail), keys in sorted(kinds.items()):
        spaced = any_of(keys).replace(r"\ ", "[ -]")
        parts.append((EDGE if head else r"(?<!\S)") + spaced + (END if tail else ""))
    return "|".join(parts)
