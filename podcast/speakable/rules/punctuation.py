# SPDX-License-Identifier: GPL-3.0-or-later
"""Language-independent rules: characters that are not spoken.

`INVISIBLE` runs first (characters without a glyph), `MARKUP` removes the rest of Markdown or HTML, `MARKS` runs last
(quotation marks, dashes, arrows, emoji). Links and file names are in urls.py.
"""

import re
import unicodedata

from podcast.langtag import primary, script
from podcast.speakable.engine import FOREIGN, MARKED, MARKS_BEYOND, OTHER_SCRIPTS, Rule, rule
from podcast.speakable.rules.spellout import cardinal, engine, is_code
from podcast.speakable.tables import shared

# Each character is replaced by exactly one, so that offsets stay the same.
SAME_LENGTH = str.maketrans(
    dict.fromkeys("’ʼ‛´", "'")
    | dict.fromkeys("\u00a0\u202f\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u205f\t", " ")
    | dict.fromkeys("\u2010\u2011\ufe63\uff0d", "-")
    | str.maketrans("０１２３４５６７８９％．٫٬٪", "0123456789%..,%")
)

# Digits of other scripts: not all engines can read them, and none with decimals.
SAME_LENGTH |= {
    code: str(unicodedata.digit(chr(code))) for code in range(0x660, 0x1A9A) if unicodedata.category(chr(code)) == "Nd"
}

# Mathematical and wide letters, as in posts that fake bold type: 𝗕𝗼𝗹𝗱, 𝒮𝒸𝓇𝒾𝓅𝓉, ＷＩＤＥ, ℂ. Voices would name each.
SAME_LENGTH |= {
    code: plain
    for code in (*range(0x2102, 0x2135), *range(0xFF10, 0xFF5B), *range(0x1D400, 0x1D800))
    if len(plain := unicodedata.normalize("NFKC", chr(code))) == 1 and plain.isalnum() and plain != chr(code)
}


def _drop_symbol(match: re.Match[str]) -> str | None:
    kinds = {unicodedata.category(character) for character in match.group()}
    return "" if kinds <= {"So", "Sk", "Co", "Cn"} else None


INVISIBLE = (
    # Control characters, soft hyphens, direction marks, variation selectors, tags, lone surrogates, private use.
    rule(
        "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\u20e3\ufe00-\ufe0f\ufeff"
        "\ufff9-\ufffb\ud800-\udfff\ue000-\uf8ff\U000e0000-\U000e0fff\U000f0000-\U0010ffff]+",
        "",
    ),
)

LINE_START = rule(r"^\s{0,8}(?:#{1,6}|>|[-–*+•‣◦])(?=\s)", "", needs="#>-–*+•‣◦")
"""Marks of headings, quotations and lists, at the beginning of a line of the text."""

_BREAKING = "br|hr|p|wbr|img"
"""Void tags that separate text."""

PHONETIC = "[\u0250-\u02afˈˌː]"


def _mentioned(match: re.Match[str]) -> str | None:
    """Return the name of a tag that the text mentions: `put it in a <div>`."""
    name = match["name"]
    return None if f"</{name}" in match.string else name


MARKUP = (
    rule(rf"<(?:{_BREAKING})(?:[ /][^<>\n]{{0,200}})?>", " ", needs="<"),
    rule(r"(?<![^\s('\"«“])<(?P<name>[a-zA-Z][\w.-]{0,40})(?: ?/)?>(?![\w<])", _mentioned, needs="<"),
    rule(r"</?[a-zA-Z][^<>\n]{0,200}>", "", needs="<"),
    rule(r"!?\[(?=[^\]\n]{1,300}\]\()|(?<=[^\s\[])\]\([^()\s]{1,1000}\)", "", needs="["),
    rule(r"\[\d{1,3}(?:[,–-] ?\d{1,3}){0,9}\]", "", needs="["),
    # Editorial marks of an encyclopedia, and phonetic transcriptions.
    rule(
        r"(?i) ?\[(?:[a-z] ?\d{1,2}|(?:note|n) ?\d{1,3}|r[ée]f\. [^\]\n]{1,20}|citation needed|clarification needed)\]",
        "",
        needs="[",
    ),
    rule(rf" ?\[(?=[^\]\n]{{0,60}}{PHONETIC})[^\]\n]{{1,80}}\]", "", needs="["),
    rule(rf"(?<![^\s(]) ?/(?=[^/\n]{{0,60}}{PHONETIC})[^/\n]{{1,80}}/(?!\w)", "", needs="/"),
    rule(r"(?<![^\s(])\*(?=\s?[^\W\d_])", "", needs="*"),  # a footnote mark
    rule(r"[†‡]", "", needs="†‡"),
    rule(r" ?[\[(](?:…|\.{3})[\])]", "", needs="[("),  # an omission
    rule(r"(?<!\S)(?:[:;]['’]?-?[)(DPpOo|/*]|=[)(]|<3|\^\^)(?=[\s.,!?]|$)", "", needs=":;=<^"),  # :-)
    rule(r" ?<?[-=]+> ?", ", ", needs=">"),
    rule(r"([-_=*#~|+])\1{3,}", " ", needs="-_=*#~|+"),  # a drawn line
    rule(r"(?<!\S)[<>]\s*$", "", needs="<>"),
    rule(r"(?<=[^\W\d_]{2}) > (?=[A-ZÀ-Þ][^\W\d_])", ", ", needs=">"),  # Settings > General
    # Footnote marks, but not `m²` and `10⁶`.
    rule(r"(?<=[^\W\d_]{3})[¹²³⁴-⁹⁰]+|(?<=[^\W\d_]{2})¹|(?<=[.,;:!?»”\"])[¹²³⁴-⁹⁰]+", "", needs="¹²³⁴⁵⁶⁷⁸⁹⁰"),
    # The closing mark of ‘a quotation’ looks like an apostrophe.
    rule(r"(?<=[\w.,!?…])'(?![\w])", "", needs="‘"),
    rule(r"`+|~~+|\*\*+|(?<!\d)\*(?=\S)|(?<=\S)\*(?!\d)", "", needs="`~*"),
    rule(r"(?<![^\W_])_+(?=\w)|(?<=\w)_+(?![^\W_])", "", needs="_"),
)

MARKS = (
    # French guillemets have spaces inside; »German« and ”Swedish” marks would be mistaken for the other half of a pair.
    rule(
        r"(?<!\S)[»”](?=[\w›‚‘])|(?<=[\w.!?…,;:])«(?=[\s.,;:!?…)\]—–-]|$)"
        r"|(?<=\s)“ (?=\w)|\A“ (?=\w[^“„]{0,300}”)|(?:(?<=\S)|\A) ”(?!\w)",  # misplaced spaces
        '"',
        needs="»”«“",
    ),
    rule(r"« ?| ?»|[“„‟❝”❞]", '"', needs="«“„‟❝»”❞"),
    rule(r"[‘‹›]", "", needs="‘‹›"),
    rule(r" ?[→⇒➔➜⟶] ?", ", ", needs="→⇒➔➜⟶"),
    rule(r"(?<=\S) [|¦·•] (?=\S)", ", ", needs="|¦·•"),
    rule(r" (?:-{1,3}|–) (?=\S|\Z)", " — ", needs="-–"),
    rule(r" ?— ?(?=\S|\Z)", " — ", needs="—"),
    rule(r"(?<=\w)–(?=\w)", "-", needs="–"),
    rule("…", "...", needs="…"),
    rule(r"\.(?:\.{3,}| \. \.)", "...", needs="."),
    rule(r"[-_=*#~|+]{3,}", " ", needs="-_=*#~|+"),
    rule(r"[!?]{4,}", lambda match: match.group()[:3], needs="!?"),
    rule(r"[<>^|\\{}•◦‣¦]+", " ", needs="<>^|\\{}•◦‣¦"),
    rule(
        "[\u00a6\u00a9\u00ae\u02c2-\u02df\u0482\u2100-\u214f\u2190-\u2bff\u3004-\u303f\u3200-\u33ff\ufffc-\uffff"
        "\U0001d000-\U0001d3ff\U0001f000-\U0001ffff]",
        _drop_symbol,
    ),
    rule(r"(?<!\w)[\u200c\u200d]|[\u200c\u200d](?!\w)", "", needs="\u200c\u200d"),
)


def foreign(language: str) -> tuple[Rule, ...]:
    """Return the rules that transliterate words of other scripts, for a language in the Latin script.

    Engines would name each of their letters: “Chinese letter, Chinese letter”. A single Greek letter is a symbol in a
    formula. The Vietnamese letters beyond those of Europe are transliterated as well: Nguyễn would be spelt out.
    """
    if script(primary(language)) != "latn":
        return ()

    def say(match: re.Match[str]) -> str:
        from anyascii import anyascii

        return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", anyascii(match.group()))

    scripts = rule(f"[{OTHER_SCRIPTS}]{{2,}}|[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]", say, needs=[FOREIGN])
    if primary(language) in shared("cldr.toml")["marked"].split():
        return (scripts,)
    return scripts, rule(rf"\w*{MARKS_BEYOND}\w*", lambda word: re.sub(MARKS_BEYOND, say, word[0]), needs=[MARKED])


def plain_numbers(language: str) -> tuple[Rule, ...]:
    """Return the rule for a language of which only the CLDR's number words are available.

    Only a separate integer is spelt out; dates, decimals and numbers inside words are left to the engine.
    """
    if engine(language) is None or primary(language) in shared("cldr.toml")["spelt_by_engine"].split():
        return ()

    def say(match: re.Match[str]) -> str | None:
        digits = match.group().replace(" ", "")
        if re.match(r"\. ?[^\W\d_]", rest := match.string[match.end() : match.end() + 3]) and rest[-1].islower():
            return None  # an ordinal, which engines decline: `19. století`
        try:
            return None if is_code(digits) else cardinal(int(digits), language)
        except KeyError:  # no words for this number
            return None

    number = r"(?:[0-9]{1,3}(?: [0-9]{3}){1,4}|[0-9]{1,15})"
    return (rule(rf"(?<![\w.,:/+−-])(?<![0-9] ){number}(?![\w:/+%°-]|[.,]\w| ?[%‰°]| [0-9])", say, needs="0123456789"),)
