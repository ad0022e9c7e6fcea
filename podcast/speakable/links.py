# SPDX-License-Identifier: GPL-3.0-or-later
"""Addresses, file names and code words: what nobody spells out aloud.

A web address becomes its domain (`example point com`), an e-mail address and a file name are read like words, a long
number in base 16 is "a code". What stands between the dots goes through the lexicon, so that `github.com` begins like
GitHub.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from podcast.speakable.rules import EDGE, END, INNER_DOT, Rule, rule

DOMAINS = ["com", "org", "net", "info", "gov", "edu", "int", "mil", "io", "ai", "app", "dev", "tech", "blog", "news", "eu", "fr", "ca", "qc", "be", "ch", "lu", "uk", "us", "de", "at", "es", "it", "pt", "br", "mx", "ar", "cl", "co", "nl", "se", "no", "dk", "fi", "ie", "pl", "cz", "gr", "ro", "hu", "ru", "ua", "jp", "cn", "kr", "in", "au", "nz", "za", "ma", "tn", "sn", "ci", "me", "tv", "fm", "gg", "ly", "xyz", "online", "site", "cloud", "quebec", "paris"]
EXTENSIONS = ["py", "md", "txt", "rst", "toml", "json", "yaml", "yml", "csv", "tsv", "pdf", "doc", "docx", "odt", "xls", "xlsx", "ods", "ppt", "pptx", "epub", "rtf", "jpg", "jpeg", "png", "gif", "svg", "webp", "ico", "mp3", "mp4", "wav", "flac", "ogg", "m4a", "opus", "avi", "mov", "mkv", "zip", "tar", "gz", "bz2", "xz", "html", "htm", "css", "js", "mjs", "ts", "tsx", "jsx", "rs", "go", "java", "kt", "c", "h", "cpp", "hpp", "cs", "rb", "php", "pl", "sh", "bat", "ps1", "exe", "dll", "so", "ini", "cfg", "conf", "log", "xml", "sql", "db", "lock", "onnx", "bin", "iso", "apk", "deb", "rpm", "ipynb", "tex", "bib", "srt", "vtt"]

SPELT = frozenset("html csv pdf xml sql svg php jpg png yml xlsx docx pptx cpp".split())
"""Endings of three letters and more that are spelt."""


@dataclass(frozen=True, slots=True)
class Wording:
    """How a language reads the marks in addresses and code."""

    dot: str
    at: str
    dash: str
    link: str
    """Said for an address whose name says nothing."""
    code: str
    """Said for a hash or identifier."""
    word: Callable[[str], str]
    """Reads one word of an address: through the lexicon, digits in words."""
    spell: Callable[[str], str]
    """Names the letters of a short ending: `fr`, `py`."""


def link_rules(wording: Wording) -> tuple[Rule, ...]:
    """Return the rules for addresses, paths, file names, options and identifiers."""
    domains, extensions = "|".join(DOMAINS), "|".join(EXTENSIONS)
    label = r"[A-Za-z0-9\u00c0-\u024f](?:[A-Za-z0-9\u00c0-\u024f-]{0,61}[A-Za-z0-9\u00c0-\u024f])?"
    tail = r"(?:[^\s<>\"«»“”]*[^\s<>\"«»“”.,;:!?…)\]'*_])?"

    def words(text: str) -> str:
        return " ".join(wording.word(word) for word in re.split(r"[\s_/\\~-]+|(?<=[a-z])(?=[A-Z])", text) if word)

    def dotted(text: str, *, ending: bool = True) -> str:
        *parts, last = text.split(".")
        spelt = ending and parts and (len(last) < 3 or last in SPELT or not re.search("[aeiouyé]", last))
        read = [*map(words, parts), wording.spell(last.upper()) if spelt and last.isalpha() else words(last)]
        return f" {wording.dot} ".join(part for part in read if part)

    def site(match: re.Match[str]) -> str:
        host = match["host"].lower().rpartition("@")[2].partition(":")[0].removeprefix("www.").strip(".")
        labels = host.split(".")
        kept = labels[-3:] if len(labels) > 2 and labels[-2] in {"co", "com", "gouv", "gov", "ac", "qc"} else labels[-2:]
        legible = len(kept) > 1 and all(re.fullmatch(r"[^\W_]{1,24}(?:-[^\W_]{1,24})*", part) for part in kept)
        if not legible or kept[-1].isdigit() or kept[0].startswith("xn--"):
            return wording.link
        return dotted(".".join(kept))

    def email(match: re.Match[str]) -> str:
        return f"{dotted(match['user'].replace('+', '.'), ending=False)} {wording.at} {dotted(match['host'])}"

    def flag(match: re.Match[str]) -> str:
        return f"{' '.join([wording.dash] * len(match['dashes']))} {words(match['name'])}"

    return (
        rule(rf"(?<!\w)(?:https?|ftp|file|s3|ssh|git)://(?P<host>[^\s/?#<>\"«»“”]*[^\W_]){tail}", site, needs=":"),
        rule(rf"(?i:mailto:)?{EDGE}(?P<user>[\w.+-]{{1,64}})@(?P<host>{label}(?:\.{label})+)", email, needs="@"),
        rule(rf"{EDGE}(?P<host>www\.{label}(?:\.{label})+)(?:[/?#:]{tail})?", site, needs=[INNER_DOT]),
        rule(
            rf"(?<![\w@.-])(?P<host>(?:{label}\.){{1,5}}(?:{domains}))(?:(?::\d+)?[/?#]{tail})?(?![\w-]|\.\w)",
            lambda match: site(match) if match["host"][-1].islower() else None,
            needs=[INNER_DOT],
        ),
        rule(rf"{EDGE}[0-9a-f]{{8}}-(?:[0-9a-f]{{4}}-){{3}}[0-9a-f]{{12}}{END}", wording.code, needs="-"),
        rule(rf"{EDGE}(?=[0-9]*[a-f])(?=[a-f]*[0-9])[0-9a-f]{{12,}}{END}", wording.code, needs="0123456789"),
        rule(
            rf"(?<![\w./-])(?:\.{{0,2}}/|~/)?(?:[\w.-]{{1,60}}/){{0,9}}[\w-]{{1,60}}(?:\.[\w-]{{1,20}}){{0,2}}\.(?:{extensions})(?!\w)",
            lambda match: dotted(match.group().lstrip("./~")),
            needs=[INNER_DOT],
        ),
        rule(r"(?<![^\s(\"'«\[])(?:~|\.{0,2})/(?:[\w.-]{1,60}/){0,9}[A-Za-z][\w-]{1,60}/?", lambda m: words(m.group().lstrip(".")), needs="/"),
        rule(r"(?<![^\s(\"'«\[])(?P<dashes>--?)(?P<name>[A-Za-z][A-Za-z0-9-]*)(?![\w-])", flag, needs="-"),
        rule(r"(?<!\w)[A-Za-z]\w*(?:\(\))?(?!\w)", lambda m: words(m.group().strip("()")) if re.search(r"_\w|\(", m.group()) else None, needs="_("),
    )


def bare_links() -> tuple[Rule, ...]:
    """Return the rule for a language without words for it: a web address becomes its domain as written."""

    def site(match: re.Match[str]) -> str:
        return match["host"].rpartition("@")[2].partition(":")[0].removeprefix("www.")

    return (rule(r"(?<!\w)(?:(?:https?|ftp)://|(?=www\.))(?P<host>[^\s/?#<>\"«»“”]*[^\W_])[^\s<>\"«»“”]*(?<![.,;:!?…)\]'])", site, needs=":."),)
