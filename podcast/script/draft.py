# SPDX-License-Identifier: GPL-3.0-or-later
"""Draft a script from an article: opening, narrated blocks, closing.

Code is skipped; tables and images are announced, not read out. The opening and the closing are ordinary paragraphs of
the script, which people can edit. Their default sentences are in languages/*/script.toml; a language without that
file has none, unless show.toml defines them.

    opening, closing       first and last sentences; {show} and {title} are inserted unchanged
    article, book          author, date, and that the voice is synthetic, with {by} and {on}
    by, by_vowel, on       {author}, the same before a vowel, and {date} in words
    table, image           announces a table or an image; {text} is the alternative text

A sentence whose {placeholder} has no value is left out.
"""

import datetime as dt
import hashlib
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import replace

from podcast import languages
from podcast.config.settings import Show
from podcast.langtag import space
from podcast.model import Article, Block, Origin, Script, Segment
from podcast.script.body import body_digest
from podcast.script.inline import escape
from podcast.script.slug import guid_for
from podcast.text import web

PHRASES = "script.toml"
REQUIRED = ("opening", "article", "book", "by", "on", "closing", "table", "image")
"""Required keys of script.toml; by_vowel is optional."""
SUMMARY = 280
"""Maximum characters of a summary made from the first paragraph: as much as apps show."""


def article_digest(article: Article) -> str:
    """Return the SHA-256 of the content of an article, without the name of its file."""
    parts = [article.title, article.author, article.language, article.url, article.summary]
    parts += [f"{block.kind}\t{block.level}\t{block.text}" for block in article.blocks]
    parts += [f"{link.url}\t{link.text}" for link in article.links]
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()


def draft(
    article: Article, show: Show, *, slug: str, date: dt.datetime, file: str = "", episode: int | None = None
) -> Script:
    """Return the script of an article: opening, blocks, closing, and the links for the show notes."""
    phrases = phrases_of(article.language)
    values = {"show": show.title, "title": article.title, "author": article.author}
    opening, closing = _opening(article, phrases), phrases.get("closing", "")
    segments = [
        *_filled_template(show.opening, opening, values | {"date": in_words(date, article.language)}),
        *(segment for block in article.blocks for segment in _segments(block, phrases)),
        *_filled_template(show.closing, closing, values | {"date": in_words(date, article.language)}),
    ]
    links = tuple(link for link in article.links if link.url != article.url)
    script = Script(
        slug=slug,
        title=article.title,
        guid=guid_for(show.guid, slug),
        date=date,
        language=article.language,
        segments=tuple(segments),
        episode=episode,
        author=article.author,
        source=article.url,
        image=web(article.image),
        summary=article.summary or _summary(article),
        links=links,
    )
    return replace(script, origin=Origin(file, article_digest(article), body_digest(script), article.part))


def _summary(article: Article) -> str:
    """Return the first sentences of an article, up to SUMMARY characters, as its summary."""
    first = next((block.text for block in article.blocks if block.kind == "paragraph"), "")
    if len(first) <= SUMMARY:
        return first
    head = first[:SUMMARY]
    ends = [found.end() for found in re.finditer(r"[.!?…؟।۔።][»”\"’)]*(?=\s)|[。！？]+[」』”）]*", head)]
    gap = head.rfind(" ", SUMMARY // 2)  # Chinese and Thai have few spaces
    end = gap if gap > 0 else next(n for n in range(SUMMARY, 0, -1) if unicodedata.category(first[n])[0] != "M")
    return head[: ends[-1]] if ends else head[:end].rstrip(" ,;:–—-，、") + "…"


def phrases_of(language: str) -> Mapping[str, str]:
    """Load the default sentences in a language, empty if it has none. Raises ConfigError if some are missing."""
    tag = languages.find(language, PHRASES)
    return languages.words(tag, PHRASES, REQUIRED, ["by_vowel"]) if tag else {}


def in_words(date: dt.datetime, language: str) -> str:
    """Format a date in a language, such as `23 novembre 2026`."""
    from babel import Locale, UnknownLocaleError
    from babel.dates import format_date

    try:
        locale = Locale.parse(language, sep="-")
    except (ValueError, UnknownLocaleError):
        return date.date().isoformat()
    return format_date(date.date(), "long", locale)


def _opening(article: Article, phrases: Mapping[str, str]) -> str:
    """Return the default opening: show, title, author, date, and that the voice is synthetic."""
    if not phrases:
        return ""
    # a title made from the first sentence would be narrated twice
    first = next((block.text for block in article.blocks if block.kind == "paragraph"), "")
    opening = (
        phrases["opening"]
        if not first.startswith(article.title.rstrip("…"))
        else re.sub(r" ?\{title\}[.。।]", "", phrases["opening"])
    )
    vowel = unicodedata.normalize("NFD", article.author[:1]).lower()[:1] in set("aeiouœæ")
    by = phrases.get("by_vowel", phrases["by"]) if vowel else phrases["by"]
    on = phrases["on"].replace("{date}", in_words(article.published, article.language)) if article.published else ""
    kind = phrases["book" if article.book else "article"]
    return f"{opening}{space(article.language)}{kind.replace('{by}', by if article.author else '').replace('{on}', on)}"


def _filled_template(given: str | None, standard: str, values: Mapping[str, str]) -> Iterator[Segment]:
    """Yield the opening or closing, if any, without sentences whose placeholders have no value."""
    template = (standard if given is None else given).strip()
    folded = re.sub(r"(?<=[.!?…।])\s+", " ", template)
    sentences = re.findall(r".+?(?:[.!?…।](?:\s+|$)|。|$)", folded, re.DOTALL)
    kept = "".join(
        sentence
        for sentence in sentences
        if not any(f"{{{name}}}" in sentence and not words for name, words in values.items())
    ).strip()
    for name, words in values.items():
        if re.search(r"[.!?…。！？؟।]$", words):  # the title already ends with punctuation
            kept = re.sub(rf"(\{{{name}\}})[.。।]", r"\1", kept)
        kept = kept.replace(f"{{{name}}}", words)
    if kept:
        yield Segment("paragraph", escape(kept))


def _segments(block: Block, phrases: Mapping[str, str]) -> Iterator[Segment]:
    match block.kind:
        case "heading" if block.text:
            yield Segment("heading", escape(block.text), level=max(2, block.level))
        case "paragraph" | "quote" if block.text:
            yield Segment("quote" if block.kind == "quote" else "paragraph", escape(block.text))
        case "item" if block.text:
            yield Segment("item", escape(block.text), level=block.level)
        case "break":
            yield Segment("pause")
        case "table" if phrases:
            yield Segment("paragraph", phrases["table"])
        case "image" if block.text and phrases:
            yield Segment("paragraph", escape(phrases["image"].replace("{text}", block.text.rstrip(".!?… "))))
