# SPDX-License-Identifier: GPL-3.0-or-later
"""Split a text into sentences; lossless.

sentencex proposes sentence breaks, in some 300 languages; a pattern of our own proposes those that it misses. For the
languages with tables, each proposal is checked against the text before and after it: there is no break after `M.` or
`p.`, after `etc.` only before a word that begins a sentence, and none before a lower-case letter (`Yahoo! a annoncé`),
unless people write without capitals. A line break ends a sentence, unless the next line goes on in lower case. Items of
lists in one line are sentences. White space belongs to the sentence before it.
"""

import re
from itertools import pairwise

from podcast.speakable.dots import Dots, dots, names_letter, without_marks
from podcast.speakable.list_items import list_items
from podcast.speakable.possible_ends import ADDRESS, NEXT_WORD, NOTE, OPENERS, SMILED, SMILEY, begins, possible_ends

CLOSERS = "`\"'»”’›)]}*_」』） \u00a0\u202f"
_NOTED = re.compile(rf"(?<=[.!?…»”\"]){NOTE}\s*$")
_SMILEYS = re.compile(rf"(?:(?<=\s){SMILEY}\s*)+$")
_PLAIN_MARKS = frozenset(".!?")
_SMILES = re.compile(SMILEY)
_INWARD = re.compile(r"(?<=[.!?…‽])[«‹“‘]+\s*$")
"""Closing quotation marks in »German« and „Czech“."""
_BREAKS = re.compile(r"[\n\r\u2028\u2029]\s*")
_LINE_WITH_END = re.compile(r"(?:[^\n.!?…]+\n(?=[^\W\d_A-Z])){0,9}[^\n]*?[.!?…][\"'”’»)]*(?=\s|$)")
_LEAD = re.compile(
    r"\s*(?:\. \. \.|(?:[•⁃◦▪‣●] ?)?[(\[]?(?:\d{1,3}|[a-zA-Z]|[ivxIVX]{1,4})[.)\]]+)"
    rf"\s*(?:{SMILEY}\s*)*"
)
"""What begins a sentence, but is none: the marker of an item, the ellipsis after a full stop."""
_WORD_BEFORE_DOT = re.compile(r"(?:[^\W\d_][.-]*)*[^\W\d_]$|[\d]+$")
_CONTRACTED = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")
_SPOKEN = re.compile(r"[—–«“„\"]")
_QUOTE = re.compile(r"(?:''|\")(?=\s)")
"""A straight quotation mark between spaces, which opens or closes by turns."""
_DASHES = "-–—"
_STREET = re.compile(r"-([^\W\d_]{3,})$")
"""The last part of a name with hyphens: `Karl-Marx-Str. 5`."""
_SHOUTED = re.compile(r"[!?]{3}$")
_SMALL_START = re.compile(r"[a-z]{1,2}[A-Z]|[a-z]\) |https?://|www\.")
"""`iPhone`, `b)` in a list, and URLs, which may begin a sentence in lower case."""
_PROVISION = re.compile(r"[0-9]|[IVX]+\b|[A-Z]\. ?[0-9]")
"""The text after an abbreviation that precedes a number: `art. 3`, `chap. IV`, `art. L. 123-4`."""
_NUMERO = re.compile(r"\b[nN][°º]\.?\s*$")
_NO_ABBREVIATION = re.compile(r"[0-9] ?°[CFK]$|[^\W\d_]{2}[0-9]{1,2}$")
"""The text before a full stop, whatever its letters: `35 °C.`, and a footnote mark after a word."""
_REGNAL = re.compile(r"(?<![^\W_])[A-Z][a-zß-ÿ]+ I$")
"""A letter I after a name, which is an initial rather than the pronoun: `Albert I. Jones`."""
_CITED = re.compile(r"(?:[.!?…][\"”’»]|\[(?:\.\.\.|…)\]['\"”’»]?)\s*$")
_SOURCE = re.compile(r"\([^()]{1,60}\)[.!?]")
"""A source in brackets, before the mark of the sentence: `"… end." (Smith 55).`."""
_OPEN = re.compile(r"\[[^\[\]]{1,30}$")
_CLOSED = re.compile(r"[^\[\]]{1,30}\]")
_ELLIPSES = ("..", "…", ". .")
_SOURCE_LINE = re.compile(r"\([^()\n]{3,60}\)[.!?]\s*(?:\n|\Z)")
_SHORT_LINE = 4
"""Words of a line from which on it may be part of a sentence."""
_PAUSED = re.compile(r"(?:\s\.){3}\s*$|\s\.\.\.\s*$")
_UNCLOSED = re.compile(r"《[^》]*$|（[^）]{0,40}$")
_FIRST_WORD = re.compile(r"[^\W\d_]+")
_BRACKETED = re.compile(r"\([!?]?[!?…]\Z")
"""A bracketed mark of doubt, `(?)`, without the closing bracket."""
_EXCLAIMING_NAMES = frozenset(("yahoo", "jeopardy", "joomla", "wham", "panic"))
_QUOTE_ENDS = re.compile(r"[\"'](?:\s|$)")
_BEGINNING = 200
"""Characters examined at the beginning of a sentence."""
_NEAR = 32
"""Characters examined before the dot for a word or two."""
_CONTEXT = 60
"""Characters examined before and after a possible break: more than the longest abbreviation."""


def sentences(text: str, language: str) -> tuple[str, ...]:
    """Split a text into sentences; joined, they are the text."""
    known = dots(language)
    out: list[str] = []
    for paragraph in _paragraphs(text):
        items, inside = list_items(paragraph, ordinals=known.ordinal_dots)
        start = 0
        for place in sorted({*possible_ends(paragraph, language, known), *items}):
            if place in items or (place not in inside and _ends(paragraph, start, place, known)):
                out.append(paragraph[start:place])
                start = place
        out.append(paragraph[start:])
    return tuple(_merge_blanks(out))


def _paragraphs(text: str) -> list[str]:
    """Split at line breaks, which stay at the end, but not where a sentence goes on in the next line."""
    places = [0, *(match.end() for match in _BREAKS.finditer(text) if not _goes_on(text, match)), len(text)]
    return [text[a:b] for a, b in pairwise(places) if a < b]


def _goes_on(text: str, broken: re.Match[str]) -> bool:
    """Return True if a sentence goes on after a line break: in lower case, up to a mark. Items of a list are short."""
    start, end = broken.span()
    line = text[max(0, text.rfind("\n", 0, start)) : start]
    if broken[0].rstrip(" \t\u00a0") != "\n" or not line.rstrip()[-1:].isalnum() or len(line.split()) < _SHORT_LINE:
        return False
    if _SOURCE_LINE.match(text, end):
        return True
    return _continues(text[end : end + 3]) and _LINE_WITH_END.match(text, end) is not None


def _ends(paragraph: str, start: int, place: int, known: Dots) -> bool:
    """Return True if a sentence that began at `start` ends at `place`."""
    before = paragraph[max(start, place - _CONTEXT) : place]
    after = paragraph[place : place + _CONTEXT]
    core = _core(before)
    following = after.lstrip(OPENERS)
    if not core or not following or _closes(before, after) or _is_inside(before, after):
        return False
    if _is_lead(paragraph, start, place) or _quote_closes(paragraph, start, place):
        return False
    if core[-1] not in ".!?…‽":
        return _foreign_mark_ends(before, core, after, known) or _address_ends(paragraph, start, place, known)
    begun = paragraph[start : min(place, start + _BEGINNING)]
    if _continues(following) and not _is_casual(begun, before, after, known):
        return False
    starts = begins(following, known)
    if not before[-1].isspace():
        return after[0].isupper() and place - start > 3 and (starts or _is_title(following, known))
    return _mark_ends(core, following, known, starts=starts, begun=begun)


def _is_lead(paragraph: str, start: int, place: int) -> bool:
    """Return True if there is nothing before `place` but the marker of an item."""
    return place - start < 12 and _LEAD.fullmatch(paragraph, start, place) is not None


def _quote_closes(paragraph: str, start: int, place: int) -> bool:
    """Return True if a straight quotation mark follows that closes: the sentence ends after it."""
    quote = _QUOTE.match(paragraph, place)
    if quote is None:
        return False
    opened = quote[0] == "''" and (",," in paragraph or "``" in paragraph)
    return opened or paragraph.count(quote[0], start, place) % 2 == 1


def _core(before: str) -> str:
    """Return the text up to the mark of the sentence, without quotes, brackets, footnote marks and emoticons."""
    plain = before.rstrip()
    if plain[-1:] not in _PLAIN_MARKS:
        plain = _INWARD.sub("", _NOTED.sub("", _SMILEYS.sub("", before), count=1))
    return plain.rstrip(CLOSERS)


def _mark_ends(core: str, following: str, known: Dots, *, starts: bool, begun: str) -> bool:
    """Return True if the last mark of `core` ends a sentence; `starts` if the next word often begins one."""
    bare = without_marks(core.rstrip(".!?…‽ ")[-_NEAR:])
    word = _WORD_BEFORE_DOT.search(bare)
    if core[-1] in "!?" or core.endswith(_ELLIPSES):
        return not _hesitates(core, following) and (starts or not _is_no_end(core, word))
    if word is None or word[0][-1] in "°º":
        return not (_NUMERO.search(bare) and following[0].isdigit())
    if word[0].casefold() in known.timed:
        return _time_ends(begun, following, known, starts=starts)
    if word[0].casefold() in known.eras:
        return starts or (following[0].isupper() and not _has_just_begun(begun, known))
    named = False
    if not bare[-1].islower():
        if _NO_ABBREVIATION.search(bare):
            return True
        starts = starts or names_letter(bare, known.lettered)
        named = _REGNAL.search(bare) is not None
    return _dot_ends(word[0], following, known, starts=starts, named=named)


def _closes(before: str, after: str) -> bool:
    """Return True if a closing mark follows, after which the sentence ends, or a comma, with which it goes on."""
    opens = before[-1].isspace() and after[0] in "»”›" and after[1:2].isalnum()  # in »German«
    return (after[0] in "»”›)]}" and not opens) or after.startswith(", ") or _SMILES.match(after) is not None


def _is_inside(before: str, after: str) -> bool:
    """Return True within short square brackets, and if the source of a quotation follows: `"… end." (Smith 55).`."""
    if "[" in before and _OPEN.search(before) and _CLOSED.match(after):
        return True
    return after[0] == "(" and _SOURCE.match(after) is not None and _CITED.search(before) is not None


def _is_casual(begun: str, before: str, after: str, known: Dots) -> bool:
    """Return True if a sentence ends before a lower-case letter, as in chats: `ok. see you. thanks`.

    It does if it began in lower case itself, before some words, and after `!!!`.
    """
    core, following = before.rstrip(), after.lstrip(OPENERS)
    word = _WORD_BEFORE_DOT.search(core[-_NEAR:].rstrip(".!?‽ "))
    if word is None or core == before or core[-1] not in _PLAIN_MARKS:
        return False
    if core.endswith(_ELLIPSES) or after[0] in _DASHES:
        return False
    if word[0] in known.leading and core[-2:-1].isspace():  # the mark itself is meant: `as the ? is optional`
        return False
    if not (_is_all_small(begun) or _is_small(word[0], following, known) or _SHOUTED.search(core)):
        return False
    if word[0].isdigit():
        return len(word[0]) > 2 or not (known.ordinal_dots or known.sparse)
    return word[0].casefold() not in known.may and _dot_ends(word[0], following, known, starts=False, named=False)


def _is_all_small(begun: str) -> bool:
    """Return True if a sentence began in lower case, and is not a dialogue: `— Tu viens ? dit-elle.`."""
    return _continues(begun.lstrip(OPENERS)) and _SPOKEN.search(begun) is None


def _is_small(before: str, following: str, known: Dots) -> bool:
    """Return True if a word follows, after one that is not short, that begins a sentence in lower case too."""
    word = _CONTRACTED.match(following.replace("’", "'"))
    return word is not None and len(before) > 2 and word[0] in known.small


def _continues(following: str) -> bool:
    """Return True if the sentence continues, as a lower-case letter follows."""
    return _is_lower_case(following[:1]) and not _SMALL_START.match(following)


def _is_no_end(core: str, word: re.Match[str] | None) -> bool:
    """Return True if a mark rarely ends a sentence: `(?)`, `Yahoo!`."""
    return _BRACKETED.search(core) is not None or _is_exclaiming_name(word)


def _is_exclaiming_name(word: re.Match[str] | None) -> bool:
    """Return True if a word is a name that ends with a mark: `Yahoo!`."""
    return word is not None and word[0].casefold() in _EXCLAIMING_NAMES


def _is_lower_case(letter: str) -> bool:
    """Return True if no sentence begins with such a letter; Georgian ones do, which has no capitals here."""
    return letter.islower() and letter.title() != letter


def _foreign_mark_ends(before: str, core: str, after: str, known: Dots) -> bool:
    """Return True if a sentence ends with the full stop of another script, or a Greek question mark."""
    quoted = not before[-1].isspace() and (_QUOTE_ENDS.match(after) or (before[-1] in "」』" and after[0] == "と"))
    if quoted or (core[-1] == "．" and after[0].isdigit()) or _UNCLOSED.search(before):
        return False
    if _continues(after.lstrip(OPENERS)):
        return False
    if core[-1] in known.marks:
        return before[-1].isspace()
    asked = core[-1] == ";" and "\u0370" <= core[-2:-1] <= "\u1fff"
    return asked or (core[-1] > "\u02ff" and not core[-1].isalnum())


def _address_ends(paragraph: str, start: int, place: int, known: Dots) -> bool:
    """Return True if a sentence ends with an address or an emoticon, without a mark, before a capital.

    After an address, the word is one that often begins a sentence.
    """
    if SMILED.search(paragraph, max(start, place - 5), place + 1):
        return paragraph[place].isupper()
    *_, last = ["", *paragraph[max(start, place - 300) : place].split()]
    return ADDRESS.match(f"{last} A") is not None and begins(paragraph[place : place + _CONTEXT], known)


def _is_title(following: str, known: Dots) -> bool:
    """Return True if a title follows, of more than a letter: `Mr. Smith`."""
    title = _FIRST_WORD.match(following)
    return title is not None and len(title[0]) > 1 and title[0] in known.names


def _hesitates(core: str, following: str) -> bool:
    """Return True if someone hesitates before `I`: `the thing is . . . I meant it`."""
    return following[:2] in ("I ", "I’", "I'") and _PAUSED.search(core) is not None


def _time_ends(begun: str, following: str, known: Dots, *, starts: bool) -> bool:
    """Return True if a sentence ends after a time: not in `5 p.m. Eastern`, nor where it has just begun."""
    next_word = NEXT_WORD.match(following)
    if _has_just_begun(begun, known):
        return next_word is not None and next_word[0] in known.subjects
    if starts or next_word is None:
        return starts
    return not (next_word[0] in known.zones or next_word[0].isupper())


def _has_just_begun(begun: str, known: Dots) -> bool:
    """Return True if a sentence consists of a phrase of time so far: `On Monday, at 6 a.m.`, `In 44 B.C.`."""
    words = [word.rstrip(".,;:") for word in begun.split()]
    return words[0].casefold() in known.leading and all(_is_of_time(word, known) for word in words[1:-1])


def _is_of_time(word: str, known: Dots) -> bool:
    """Return True for a word of a phrase of time: `On Monday, Jan. 5, at 6 a.m.`."""
    plain = word.casefold()
    return word[:1].isdigit() or plain in known.leading or word in known.zones or plain in known.may


def _dot_ends(word: str, following: str, known: Dots, *, starts: bool, named: bool) -> bool:
    """Return True if the dot after `word` ends a sentence.

    `starts` if the next word often begins one, `named` if `I` may be an initial.
    """
    plain = word.casefold()
    if word[0].isdigit():
        return starts or not (known.ordinal_dots and len(word) < 3)
    if word in known.names:
        return starts and _is_street(word, following)
    if len(word) == 1 and word.isupper():
        return starts or (word == "I" and not named)
    if plain in known.never or _looks_abbreviated(word, following, known):
        return False
    if not known.numbers.isdisjoint((word, plain, *_STREET.findall(plain))):
        return not _PROVISION.match(following)
    return starts or not _may_end(plain, word, following, known)


def _may_end(plain: str, word: str, following: str, known: Dots) -> bool:
    """Return True for an abbreviation that ends a sentence only before some words; `etc.` also before a title."""
    if plain == "etc" and _is_title(following, known):
        return False
    return plain in known.may or _is_dotted(word)


def _is_street(word: str, following: str) -> bool:
    """Return True if `St` is a street: a saint has a name, so a single letter only follows a street."""
    return word == "St" and following[1:2].isalpha()


def _is_dotted(word: str) -> bool:
    """Return True if a word consists of letters with dots between them: `U.S`, `Ph.D`."""
    return "." in word and max(map(len, re.split(r"[.-]+", word))) < 3


def _looks_abbreviated(word: str, following: str, known: Dots) -> bool:
    """Return True if a short word is an abbreviation by its letters alone, for languages with sparse data.

    A single letter is one, in Arabic and Indic scripts; before a number all are: `kl. 14`, `br. 5`, `ул. 3`.
    """
    if not known.sparse or len(word) > 3:
        return False
    if word.lower() != word.upper():
        return following[0].isdigit()
    return len(word) == 1 and "\u0590" <= word <= "\u0fff"


def _merge_blanks(parts: list[str]) -> list[str]:
    """Join parts without letters or digits to the sentence before them, or to the first one."""
    out: list[str] = []
    lead = ""
    for part in parts:
        if any(map(str.isalnum, part)):
            out.append(lead + part)
            lead = ""
        elif out:
            out[-1] += part
        else:
            lead += part
    return [*out, lead] if lead else out
