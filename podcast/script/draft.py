# SPDX-License-Identifier: GPL-3.0-or-later
"""Article -> Script: what is said first and last, what becomes of each block, and what is left out.

Code is skipped; tables and pictures are named, not read cell by cell; everything else is said. The opening and the
closing are ordinary paragraphs of the script, so that they can be read and edited where they will be heard.
"""

import datetime as dt
import hashlib
import re
from collections.abc import Iterator
from dataclasses import replace

from podcast.model import Article, Block, Origin, Script, Segment, Show
from podcast.script.inline import escape
from podcast.script.markdown import body_digest
from podcast.script.names import guid_for

PHRASES = {
    "fr": {
        "opening": "Vous écoutez {show}. {title}. Un article de {author}, lu par une voix de synthèse.",
        "anonymous": "Vous écoutez {show}. {title}. Un article lu par une voix de synthèse.",
        "untitled": "Vous écoutez {show}. Un article de {author}, lu par une voix de synthèse.",
        "bare": "Vous écoutez {show}. Un article lu par une voix de synthèse.",
        "table": "L’article présente ici un tableau.",
        "image": "Une image : {text}.",
    },
    "en": {
        "opening": "You are listening to {show}. {title}. An article by {author}, read by a synthetic voice.",
        "anonymous": "You are listening to {show}. {title}. An article read by a synthetic voice.",
        "untitled": "You are listening to {show}. An article by {author}, read by a synthetic voice.",
        "bare": "You are listening to {show}. An article read by a synthetic voice.",
        "table": "The article shows a table here.",
        "image": "A picture: {text}.",
    },
    "es": {
        "opening": "Está escuchando {show}. {title}. Un artículo de {author}, leído por una voz sintética.",
        "anonymous": "Está escuchando {show}. {title}. Un artículo leído por una voz sintética.",
        "untitled": "Está escuchando {show}. Un artículo de {author}, leído por una voz sintética.",
        "bare": "Está escuchando {show}. Un artículo leído por una voz sintética.",
        "table": "El artículo muestra aquí una tabla.",
        "image": "Una imagen: {text}.",
    },
    "it": {
        "opening": "State ascoltando {show}. {title}. Un articolo di {author}, letto da una voce sintetica.",
        "anonymous": "State ascoltando {show}. {title}. Un articolo letto da una voce sintetica.",
        "untitled": "State ascoltando {show}. Un articolo di {author}, letto da una voce sintetica.",
        "bare": "State ascoltando {show}. Un articolo letto da una voce sintetica.",
        "table": "Qui l’articolo mostra una tabella.",
        "image": "Un’immagine: {text}.",
    },
    "pt": {
        "opening": "Você está ouvindo {show}. {title}. Um artigo de {author}, lido por uma voz sintética.",
        "anonymous": "Você está ouvindo {show}. {title}. Um artigo lido por uma voz sintética.",
        "untitled": "Você está ouvindo {show}. Um artigo de {author}, lido por uma voz sintética.",
        "bare": "Você está ouvindo {show}. Um artigo lido por uma voz sintética.",
        "table": "O artigo mostra aqui uma tabela.",
        "image": "Uma imagem: {text}.",
    },
    "de": {
        "opening": "Sie hören {show}. {title}. Ein Artikel von {author}, gelesen von einer synthetischen Stimme.",
        "anonymous": "Sie hören {show}. {title}. Ein Artikel, gelesen von einer synthetischen Stimme.",
        "untitled": "Sie hören {show}. Ein Artikel von {author}, gelesen von einer synthetischen Stimme.",
        "bare": "Sie hören {show}. Ein Artikel, gelesen von einer synthetischen Stimme.",
        "table": "Der Artikel zeigt hier eine Tabelle.",
        "image": "Ein Bild: {text}.",
    },
}
"""What is added to an article, by language. One that is not here gets nothing, unless show.toml has an `opening`."""


SUMMARY = 280
"""Length of a summary that is made from the first paragraph, in characters: what apps show of it."""


def article_digest(article: Article) -> str:
    """Return sha256 of what an article says, however its file is called."""
    parts = [article.title, article.author, article.language, article.url, article.summary]
    parts += [f"{block.kind}\t{block.level}\t{block.text}" for block in article.blocks]
    parts += [f"{link.url}\t{link.text}" for link in article.links]
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()


def draft(
    article: Article, show: Show, *, slug: str, date: dt.datetime, file: str = "", episode: int | None = None
) -> Script:
    """Return the script of an article: opening, blocks, closing, and the links for the notes."""
    phrases = PHRASES.get(article.language.split("-")[0].lower(), {})
    segments = [
        *_frame(show.opening, _opening(article, phrases), article, show),
        *(segment for block in article.blocks for segment in _segments(block, phrases)),
        *_frame(show.closing, "", article, show),
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
        summary=article.summary or _summary(article),
        links=links,
    )
    return replace(script, origin=Origin(file, article_digest(article), body_digest(script)))


def _summary(article: Article) -> str:
    """Return the beginning of an article that has no summary: its first sentences, up to SUMMARY characters."""
    first = next((block.text for block in article.blocks if block.kind == "paragraph"), "")
    if len(first) <= SUMMARY:
        return first
    head = first[:SUMMARY]
    ends = [found.end() for found in re.finditer(r"[.!?…][»”\"’)]*(?=\s)", head)]
    return head[: ends[-1]] if ends else head.rsplit(" ", 1)[0].rstrip(" ,;:–—-") + "…"


def _opening(article: Article, phrases: dict[str, str]) -> str:
    # a title made from the first sentence would be heard twice
    first = next((block.text for block in article.blocks if block.kind == "paragraph"), "")
    titled = not first.startswith(article.title.rstrip("…"))
    key = ("opening" if titled else "untitled") if article.author else ("anonymous" if titled else "bare")
    return phrases.get(key, "")


def _frame(given: str | None, standard: str, article: Article, show: Show) -> Iterator[Segment]:
    text = standard if given is None else given
    # a title that ends in its own mark needs no second one
    values = {"show": show.title, "title": article.title, "author": article.author, "date": article.published or ""}
    for name, value in values.items():
        words = str(value)
        text = text.replace(f"{{{name}}}.", words if re.search(r"[.!?…]$", words) else f"{words}.") if words else text
        text = text.replace(f"{{{name}}}", words)
    if text.strip():
        yield Segment("paragraph", escape(text.strip()))


def _segments(block: Block, phrases: dict[str, str]) -> Iterator[Segment]:
    match block.kind:
        case "heading" if block.text:
            yield Segment("heading", escape(block.text), level=max(2, block.level))
        case "paragraph" | "quote" if block.text:
            yield Segment("quote" if block.kind == "quote" else "paragraph", escape(block.text))
        case "item" if block.text:
            yield Segment("item", escape(block.text), level=block.level)
        case "table" if phrases:
            yield Segment("paragraph", phrases["table"])
        case "image" if block.text and phrases:
            yield Segment("paragraph", escape(phrases["image"].replace("{text}", block.text.rstrip(".!?… "))))
