# SPDX-License-Identifier: GPL-3.0-or-later
"""Articles as sites publish them: the same text in many layouts, each with the furniture that such sites have.

Text (tests/data/articles/*.md) -> LAYOUTS[name](text) -> bytes of a page or file
"""
# ruff: noqa: D401, E501 - the layouts are told by what they are, and pages of sites have long lines

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import yaml
from epubs import epub, page
from lxml import html
from markdown_it import MarkdownIt

DAYS = {"fr": "Publié le {d} à 08h00", "en": "Published {d} at 8:00 am"}


@dataclass(frozen=True)
class Text:
    """An article with what is known of it."""

    name: str
    title: str
    author: str
    date: str
    language: str
    markdown: str

    @property
    def markup(self) -> str:
        """The body as HTML."""
        return MarkdownIt("commonmark").enable("table").render(self.markdown)

    @property
    def parts(self) -> list[str]:
        """The body's blocks as HTML."""
        root = html.fragment_fromstring(self.markup, create_parent="div")
        return [html.tostring(part, encoding="unicode", with_tail=False) for part in root]

    @property
    def words(self) -> list[str]:
        """The words that are to be said, in order: code and tables are named instead."""
        root = html.fragment_fromstring(self.markup, create_parent="div")
        for element in root.xpath("//pre|//table|//img"):
            element.drop_tree()
        return re.findall(r"[^\W_]+", root.text_content())


def load(path: Path) -> Text:
    """Return the article in a Markdown file with front matter."""
    _, front, body = path.read_text(encoding="utf-8").split("---\n", 2)
    about = yaml.safe_load(front)
    body = re.sub(r"^# .*\n", "", body.strip())  # the layouts have the title in their own place
    return Text(path.stem, about["title"], about["author"], str(about["date"])[:10], about["language"], body.strip())


FURNITURE = {
    "fr": [
        "Accueil", "Rubriques", "Nous contacter", "Nous utilisons des cookies pour améliorer votre expérience",
        "Tout accepter", "Partager sur Facebook", "Partager cet article", "Lire aussi : Dix idées pour le week-end",
        "Abonnez-vous à notre newsletter", "Votre adresse e-mail", "Les plus lus", "La recette du moment",
        "Laisser un commentaire", "Zoé72 : bravo, super intéressant", "Tous droits réservés", "Mentions légales",
        "Publicité", "Temps de lecture : 4 min", "Réservé aux abonnés", "À propos de l’auteur",
    ],
    "en": [
        "Home", "Sections", "Contact us", "We use cookies to improve your experience", "Accept all",
        "Share on Facebook", "Share this article", "Read also: Ten ideas for the weekend",
        "Subscribe to our newsletter", "Your e-mail address", "Most read", "Recipe of the moment",
        "Leave a comment", "Zoe72: great stuff, very interesting", "All rights reserved", "Legal notice",
        "Advertisement", "4 min read", "For subscribers only", "About the author",
    ],
}  # fmt: skip
"""What stands around the articles, and never is one."""


def _around(text: Text) -> dict[str, str]:
    names = [
        "home",
        "sections",
        "contact",
        "cookies",
        "accept",
        "facebook",
        "share",
        "also",
        "newsletter",
        "mail",
        "most",
        "recipe",
        "comment",
        "zoe",
        "rights",
        "legal",
        "ad",
        "minutes",
        "subscribers",
        "about",
    ]
    return dict(zip(names, FURNITURE[text.language], strict=True))


def _insert(parts: list[str], *inserts: str) -> str:
    """Return the parts with an insert after the second one, the next after the fourth, and so on."""
    found = list(parts)
    for at, insert in reversed(list(zip(range(2, len(parts), 2), inserts, strict=False))):
        found.insert(at, insert)
    return "\n".join(found)


def wordpress(text: Text) -> bytes:
    """A blog with share buttons, related posts and comments."""
    f = _around(text)
    return f"""<!DOCTYPE html><html lang="{text.language}"><head><meta charset="utf-8"><title>{text.title} – Mon Blog</title>
<meta property="og:title" content="{text.title}"><meta name="author" content="{text.author}">
<meta property="article:published_time" content="{text.date}T08:00:00+00:00"><link rel="canonical" href="https://blog.example/{text.name}/"></head>
<body class="single"><header id="masthead"><nav><ul><li><a href="/">{f["home"]}</a></li><li><a href="/c">{f["sections"]}</a></li>
<li><a href="/contact">{f["contact"]}</a></li></ul></nav></header>
<div id="cookie-notice" role="dialog"><p>{f["cookies"]}</p><button>{f["accept"]}</button></div>
<main><article class="post hentry"><header class="entry-header"><h1 class="entry-title">{text.title}</h1></header>
<div class="entry-content">{text.markup}
<div class="sharedaddy"><h3 class="sd-title">{f["share"]}</h3><ul><li><a href="#fb">{f["facebook"]}</a></li></ul></div>
<div class="jp-relatedposts"><h3>{f["also"]}</h3></div></div></article>
<div id="comments"><h2>{f["comment"]}</h2><ol class="comment-list"><li>{f["zoe"]}</li></ol></div></main>
<aside class="widget-area"><section class="widget"><h2>{f["most"]}</h2><a href="/r">{f["recipe"]}</a></section></aside>
<footer><p>© 2026 {f["rights"]}</p></footer></body></html>""".encode()


def newspaper(text: Text) -> bytes:
    """A daily with advertisements and links in the middle of the text."""
    f = _around(text)
    body = _insert(
        text.parts,
        f'<div class="ad-slot"><span>{f["ad"]}</span></div>',
        f'<p class="related"><strong>{f["also"].split(":")[0]}:</strong> <a href="/dix">{f["also"].split(":")[1]}</a></p>',
        f'<aside class="newsletter-box"><p>{f["newsletter"]}</p><form><input placeholder="{f["mail"]}"></form></aside>',
    )
    return f"""<!doctype html><html lang="{text.language}"><head><meta charset="utf-8"><title>{text.title}</title>
<script type="application/ld+json">{{"@context":"https://schema.org","@type":"NewsArticle","headline":"{text.title}",
"author":{{"@type":"Person","name":"{text.author}"}},"datePublished":"{text.date}T08:00:00Z"}}</script></head><body>
<div class="cookie-banner">{f["cookies"]} <button>{f["accept"]}</button></div>
<nav class="breadcrumb"><a href="/">{f["home"]}</a> &gt; <a href="/s">{f["sections"]}</a></nav>
<main><article><p class="premium">{f["subscribers"]}</p><h1>{text.title}</h1>
<div class="meta"><span class="read-time">{f["minutes"]}</span></div>
<div class="share-bar"><a href="#">{f["facebook"]}</a></div>
<section class="article__content">{body}</section>
<section class="author-bio"><h3>{f["about"]}</h3></section></article></main>
<section class="most-read"><h2>{f["most"]}</h2><ul><li><a href="/r">{f["recipe"]}</a></li></ul></section>
<footer><a href="/m">{f["legal"]}</a> {f["rights"]}</footer></body></html>""".encode()


def letter(text: Text) -> bytes:
    """A newsletter platform: subscribe boxes and buttons in the text, class names of a machine."""
    f = _around(text)
    box = f'<div class="subscribe-widget"><div class="cta">{f["newsletter"]}</div><button>{f["accept"]}</button></div>'
    body = _insert(text.parts, box)
    return f"""<html lang="{text.language}"><head><meta charset="utf-8"><title>{text.title} - by {text.author}</title>
<meta name="author" content="{text.author}"><meta property="article:published_time" content="{text.date}"></head><body><div id="entry"><div class="main-menu">
<a href="/">{f["home"]}</a><button>{f["share"]}</button></div><div class="single-post-container"><article class="post">
<div class="post-header"><h1 class="post-title">{text.title}</h1></div>
<div class="available-content"><div class="body markup" dir="auto">{body}</div></div>
<div class="post-footer"><a href="#s">{f["share"]}</a></div></article></div>
<div class="comments-page"><h4>{f["comment"]}</h4><div class="comment">{f["zoe"]}</div></div>
<div class="footer">{f["rights"]}</div></div></body></html>""".encode()


def static(text: Text) -> bytes:
    """A generated site: contents at the side, anchors in the headings, previous and next."""
    f = _around(text)
    body = re.sub(
        r"<(h[23])>(.*?)</\1>", r'<\1 id="x">\2<a class="headerlink" href="#x" title="Link">¶</a></\1>', text.markup
    )
    return f"""<!doctype html><html lang="{text.language}"><head><meta charset="utf-8"><title>{text.title}</title>
<meta name="author" content="{text.author}"><meta name="date" content="{text.date}"></head><body><header class="md-header"><a href="/">{f["home"]}</a></header>
<div class="md-container"><nav class="md-nav"><ul><li><a href="#x">{f["sections"]}</a></li></ul></nav>
<main class="md-main"><div class="md-content"><article class="md-content__inner"><h1>{text.title}</h1>{body}</article></div></main>
<nav class="prev-next"><a rel="next" href="/n">{f["recipe"]}</a></nav></div>
<footer class="md-footer">{f["legal"]}</footer></body></html>""".encode()


def tables(text: Text) -> bytes:
    """A page of the year 2000: laid out with tables, in an old encoding, paragraphs divided by line breaks."""
    f = _around(text)
    body = "<br><br>\n".join(re.sub(r"^<p>(.*)</p>$", r"\1", part, flags=re.DOTALL) for part in text.parts)
    source = f"""<HTML><HEAD><META HTTP-EQUIV="Content-Type" CONTENT="text/html; charset=windows-1252"><TITLE>{text.title}</TITLE>
<META NAME="author" CONTENT="{text.author}"></HEAD><BODY BGCOLOR=#ffffff><TABLE WIDTH=100%><TR><TD COLSPAN=2><FONT SIZE=1>
<A HREF="/">{f["home"]}</A> | <A HREF="/c">{f["contact"]}</A></FONT></TD></TR><TR><TD VALIGN=top WIDTH=120><A HREF="/r">{f["recipe"]}</A></TD>
<TD><H1>{text.title}</H1><FONT FACE=Arial>{body}</FONT></TD></TR><TR><TD COLSPAN=2><FONT SIZE=1>{f["rights"]}</FONT></TD></TR></TABLE></BODY></HTML>"""
    return source.replace('LANG=""', "").encode("windows-1252", "xmlcharrefreplace")


def soup(text: Text) -> bytes:
    """A content manager that knows only div."""
    f = _around(text)
    body = re.sub(r"<(/?)p>", r"<\1div>", text.markup)
    return f"""<html lang="{text.language}"><head><meta charset="utf-8"><title>{text.title}</title><meta name="author" content="{text.author}">
<meta name="date" content="{text.date}"></head><body><div class="top"><div class="menu"><a href="/">{f["home"]}</a> <a href="/c">{f["contact"]}</a></div></div>
<div class="wrap"><div class="col-l"><div class="box"><div>{f["most"]}</div><a href="/r">{f["recipe"]}</a></div></div>
<div class="col-c"><div class="title"><h1>{text.title}</h1></div><div class="content-body">{body}</div></div></div>
<div class="bottom"><div>{f["rights"]}</div><a href="/m">{f["legal"]}</a></div></body></html>""".encode()


def wiki(text: Text) -> bytes:
    """An encyclopedia: marks of references, edit links, contents."""
    f = _around(text)
    body = re.sub(r"</p>", '<sup class="reference"><a href="#cite-1">[1]</a></sup></p>', text.markup, count=2)
    body = re.sub(r"(</h[23]>)", r'<span class="mw-editsection">[<a href="/e">edit</a>]</span>\1', body)
    return f"""<!DOCTYPE html><html lang="{text.language}"><head><meta charset="utf-8"><title>{text.title}</title>
<meta name="author" content="{text.author}"></head><body>
<div id="mw-head"><a href="/">{f["home"]}</a></div><div id="content" role="main"><h1 id="firstHeading">{text.title}</h1>
<div id="bodyContent"><div id="mw-content-text"><div class="mw-parser-output">{body}</div></div></div></div>
<div id="mw-panel"><a href="/r">{f["recipe"]}</a></div><div id="footer">{f["legal"]}</div></body></html>""".encode()


def plain(text: Text) -> bytes:
    """A text file: a title, and paragraphs on a line each."""
    root = html.fragment_fromstring(text.markup, create_parent="div")
    for element in root.xpath("//pre|//table"):
        element.drop_tree()
    lines = [" ".join(element.text_content().split()) for element in root.xpath("//p|//h2|//h3|//li[not(p)]")]
    return "\n\n".join([text.title, *lines]).encode()


def book(text: Text) -> bytes:
    """A book of one chapter."""
    body = f"<h1>{text.title}</h1>{text.markup}"
    return epub({"a.xhtml": page(body)}, [("a.xhtml", text.title)], language=text.language)


def feed(text: Text) -> bytes:
    """A feed with the whole text, and what the platform adds to it."""
    f = _around(text)
    ends = {"fr": "L’article {t} est apparu en premier sur Mon Blog.", "en": "The post {t} appeared first on My Blog."}
    end = ends[text.language].format(t=text.title)
    return f"""<?xml version="1.0" encoding="utf-8"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"
xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>Mon Blog</title><language>{text.language}</language><item><title>{text.title}</title>
<dc:creator>{text.author}</dc:creator><guid>1</guid><pubDate>{text.date}T08:00:00Z</pubDate>
<content:encoded><![CDATA[{text.markup}<p>{f["share"]}</p><p>{end}</p>]]></content:encoded></item></channel></rss>""".encode()


LAYOUTS: dict[str, tuple[str, Callable[[Text], bytes]]] = {
    "wordpress": (".html", wordpress),
    "newspaper": (".html", newspaper),
    "letter": (".html", letter),
    "static": (".html", static),
    "tables": (".html", tables),
    "soup": (".html", soup),
    "wiki": (".html", wiki),
    "plain": (".txt", plain),
    "book": (".epub", book),
    "feed": (".xml", feed),
}
"""Name -> how the file ends, and how it is made."""
