# SPDX-License-Identifier: GPL-3.0-or-later
"""Text normalisation for all readers: white space, captions, links, titles and dates."""

import datetime as dt
import re
import unicodedata
from collections.abc import Sequence
from pathlib import Path

from podcast.model import Block, Link
from podcast.text import truncated_at_word, web

EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
"""Unix time 0; `fromtimestamp` refuses earlier dates on Windows."""
URL = re.compile(r"https?://[^\s<>\"'“”«»]+[^\s<>\"'“”«».,;:!?)\]}…]")
MOJIBAKE = re.compile(r"[ÂÃâÅÐÑØÙ][\x80-\xbf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]")
"""Mojibake: UTF-8 that was decoded as another encoding."""
CREDIT = re.compile(
    r"(?i)[\s(–—|/-]*(?:©|\bAP\ photo/"
    r"|\b(?:photo(?:s|graph|graphe|graphie)?|cr[ée]dits?(?: photos?)?|image|illustration)"
    r"\s?(?::|by\b|©|\.\.\.)"
    r"|\b(?:fotos?|fot\.|fotograf(?:in|ía|ia)?|(?:titel|symbol|archiv|beitrags)?(?:bild|foto)(?:er|quelle|nachweis)?"
    r"|im[áa]gen(?:es)?|imagem|immagine|kuva|quelle|fuente|fonte|źródło|bron)\s?[:©]).{0,120}$"
)
NAMELESS = re.compile(
    r"(?i)\W*|(?:an? |une? )?(?:image|img|photo|picture|illustration|ornament|icon|logo|null|undefined|untitled)"
    r"[\s\d_-]*|(?:jpe?g|png|gif|pdf|svg|webp|mp[34]|ogg|docx?|odt|zip)\s?[-–]\s?[\d.,]+\s?[kmg]?i?[ob]|\S+\.(?:png|jpe?g|gif|svg|webp|avif|bmp|tiff?)|(?:img|dsc|image)[\d_-]+"
)
AGENCY = re.compile(
    r"(?:^|(?<=[.!?»”)…])\s+|\s*\()(?:(?:[A-ZÀ-Ý][\w.’'-]*\s){1,4}/\s?[A-ZÀ-Ý][\w .&-]{1,40}"
    r"|(?:[A-ZÀ-Ý][A-ZÀ-Ý.’'-]+\s?){2,5})\)?\.?$"
)
"""The photographer's name and agency at the end of a caption."""
LINE_BREAK = "\u2028"
"""A line break in a text whose other white space is collapsed."""
SENTENCE_END = re.compile(r"(?<=[.!?…:»”])")
"""The end of a sentence."""
SPEECH_OR_ITEM = re.compile(r"[–—•▪►✓-]\s")
"""The dash before speech in a dialogue, or the bullet of a list item."""
LEADERS = re.compile(r"(?:\s?[.·…_]){4,}[\s|]*(?P<page>\d{1,4}|[ivxlc]+)?$")
"""Leader dots at the end of a line in a table of contents, with the page number, if it is on that line."""
LIGATURES = {ord(c): unicodedata.normalize("NFKC", c) for c in "ﬀﬁﬂﬃﬄﬅﬆ"}
INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u2060"))
"""Soft hyphens and zero-width characters."""


class _CategoryFilter(dict[int, int | None]):
    """A table for str.translate that drops characters of some Unicode categories; lookups are cached."""

    def __init__(self, categories: set[str], known: dict[int, int | None]) -> None:
        super().__init__(known)
        self.categories = categories

    def __missing__(self, code: int) -> int | None:
        self[code] = None if unicodedata.category(chr(code)) in self.categories else code
        return self[code]


CONTROLS = _CategoryFilter({"Cc", "Cs", "Cn"}, {9: 9, 10: 10, 13: 13, 0xFEFF: None})
SIGNS = _CategoryFilter({"So", "Sk", "Cf", "Mn"}, {})

TITLE_LENGTH = 80
"""Maximum characters of a title made from a sentence."""


def fold(text: str) -> str:
    """Collapse white space and remove control characters.

    Mojibake (`Ã©` for é) is fixed, ligatures become letters, and soft hyphens are removed.
    """
    if MOJIBAKE.search(text):
        import ftfy

        text = ftfy.fix_encoding(text, ftfy.TextFixerConfig(decode_inconsistent_utf8=False, unescape_html=False))
    text = text.translate(LIGATURES).translate(INVISIBLE)
    text = re.sub(r"[ \u00a0]{2,}", lambda run: " " if "\u00a0" in run[0] else run[0], text)  # an indentation
    # no-break spaces stay: French typography needs them, and so do thousands ("12 000")
    kept = text.translate(CONTROLS)
    return re.sub(r"[ \t\r\n\f\v]+", " ", unicodedata.normalize("NFC", kept)).strip()


def letters_of(text: str) -> str:
    """Return the letters and digits of a text in lower case, for comparisons: `J.-P. Müller` gives `jpmüller`."""
    return "".join(re.findall(r"[^\W_]+", text.casefold()))


def lines_of(text: str) -> list[str]:
    """Split a text, whose line breaks are LINE_BREAK, into paragraphs.

    Two line breaks end a paragraph, and so does one between sentences or before speech; any other becomes a space.
    """
    parts = re.split(
        rf"(?:\s*{LINE_BREAK}){{2,}}\s*|{SENTENCE_END.pattern}\s*{LINE_BREAK}\s*|\s*{LINE_BREAK}\s*(?={SPEECH_OR_ITEM.pattern})",
        text,
    )
    return [line for part in parts if (line := re.sub(rf"\s*{LINE_BREAK}\s*", " ", part).strip())]


def without_credit(caption: str) -> str:
    """Remove the credit at the end of a caption: `At dawn. Photo: A. Lens` gives `At dawn.`."""
    return AGENCY.sub("", CREDIT.sub("", caption)).rstrip()


def describes_image(alternative: str) -> bool:
    """Return False for an alternative text such as `image`, `IMG_2031` or a file name."""
    return not NAMELESS.fullmatch(alternative)


def links_in(text: str) -> tuple[Link, ...]:
    """Return the URLs in a text as links."""
    return tuple(Link(found[0]) for found in URL.finditer(text))


def unique(links: Sequence[Link]) -> tuple[Link, ...]:
    """Return the links without duplicates, each with its first text; invalid URLs are left out."""
    found: dict[str, Link] = {}
    for link in links:
        if not web(link.url) or re.search(r"[\s\x00-\x1f\x7f-\x9f]", link.url):
            continue
        if link.url not in found or not found[link.url].text:
            found[link.url] = link
    return tuple(found.values())


def title_from(blocks: Sequence[Block], path: Path | None) -> tuple[str, str]:
    """Return a title for a text without one, and a remark on its origin.

    It is the file name, if that has at least three words, else the first sentence.
    """
    stem = unicodedata.normalize("NFC", path.stem) if path else ""  # macOS decomposes accented letters (NFD)
    words = re.findall(r"[^\W\d_]{2,}", stem)
    if len(words) >= 3 and not re.search(r"[0-9a-f]{8,}|\d{5,}", stem):
        name = re.sub(r"[\s_-]+", " ", stem).strip()
        return name[:1].upper() + name[1:], "title taken from the file name"
    first = next((block.text for block in blocks if block.kind not in {"code", "table", "image"}), "")
    sentence = re.split(r"(?<=[.!?…])\s|(?<=[。！？।؟۔])", first, maxsplit=1)[0].rstrip(" .。।۔")
    title = truncated_at_word(sentence, TITLE_LENGTH, " ,;:–—-«(\u00a0")
    return title, "title taken from the first sentence"


def parse_date(text: str | None) -> dt.datetime | None:
    """Parse a date such as `2026-11-23` or `2026-11-23T06:00:00+01:00`; None if it is not valid.

    A date without a time zone is taken as UTC.
    """
    try:
        found = dt.datetime.fromisoformat(text.strip()) if text else None
    except ValueError:
        return None
    return found if found is None or found.tzinfo else found.replace(tzinfo=dt.UTC)
